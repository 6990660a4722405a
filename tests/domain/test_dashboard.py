"""The dashboard: always the same rows, each with what waits and the list that shows it, for who may see it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlalchemy import event

from backoffice_app import db
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.dashboard import ROWS, Reading, Waiting, dashboard_row
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Company, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.dashboard.read import DashboardView, RowView, read_dashboard
from backoffice_app.formats import format_money
from backoffice_app.i18n import _
from backoffice_app.models import OutboxMail

MOST = 12
"""Statements that all of it may take."""


def dashboard(actor: Actor = OWNER) -> DashboardView:
    with db.reading() as session:
        return read_dashboard(session, actor)


def rows(actor: Actor = OWNER) -> dict[str, RowView]:
    return {row.key: row for group in dashboard(actor).groups for row in group.rows}


@pytest.fixture
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", note)


def test_dash_an_empty_shop_has_all_rows_and_each_is_gray(shop: TestShop) -> None:
    found = rows()
    assert [group.key for group in dashboard().groups] == ["now", "today", "soon"]
    assert {row.look for row in found.values()} == {"none"}
    assert {row.count for row in found.values()} == {"0"}


def test_dash_what_waits_is_counted_where_it_belongs(shop: TestShop) -> None:
    shop.order(paid=True)
    held, unpaid = shop.order(paid=True), shop.order()
    perform(BEN, "hold", held.id or 0, {"reason": "colour"})
    found = rows()
    leaves = 1 + (unpaid.status == "awaiting_shipment")
    assert (found["to-ship"].count, found["to-ship"].href, found["to-ship"].look) == (
        str(leaves),
        "/orders?view=to-ship",
        "some",
    )
    assert (found["on-hold"].count, found["to-pay"].count) == ("1", "1")
    assert unpaid.due_on
    with clock.at(clock.now() + timedelta(days=400)):
        late = rows()["overdue"]
    assert (late.count, late.look, late.amount) == ("1", "act", format_money(unpaid.open_amount, "EUR", "en"))


def test_dash_a_role_without_prices_sees_no_sums_and_no_rows_of_money(shop: TestShop) -> None:
    shop.order(paid=True)
    view = dashboard(WAREHOUSE)
    assert view.sales.total == ""
    assert view.sales.days == []
    found = rows(WAREHOUSE)
    assert {"overdue", "to-refund", "to-pay", "to-invoice"} & found.keys() == set()
    assert [row.amount for row in found.values() if row.amount] == []


def test_dash_all_of_it_takes_twelve_statements(shop: TestShop, statements: list[str]) -> None:
    held = shop.order(paid=True)
    perform(BEN, "hold", held.id or 0, {})
    shop.order(paid=True)
    with clock.at(clock.now() + timedelta(days=400)):
        statements.clear()
        dashboard()
    assert len(statements) <= MOST, statements


def test_dash_who_may_enter_the_companys_data_is_led_there_while_they_are_missing(database: str) -> None:
    def enter(**data: str) -> None:
        with work(OWNER) as w:
            save_section(w.session, "company", Company(**data))

    enter(name="Hafen", street="Am Kai 1")
    assert (dashboard().lacking, dashboard(BEN).lacking) == (
        "Enter your company's data before the first invoice.",
        "",
    )
    enter(name="Hafen", street="Am Kai 1", city="Hamburg")
    assert "The tax number or VAT ID of your company is missing" in dashboard().lacking
    enter(name="Hafen", street="Am Kai 1", city="Hamburg", tax_number="143/123/45678")
    assert dashboard().lacking == ""


def test_dash_sales_of_thirty_days_add_up_and_end_today(shop: TestShop) -> None:
    order = shop.order(paid=True)
    with clock.at(order.placed_at):
        sales = dashboard().sales
    assert len(sales.bars) == len(sales.days) == 30
    assert sales.days[0][1:] == ["1", sales.total]
    assert [bar[3] for bar in sales.bars].index("now") == 29


def test_dash_a_row_is_registered_in_one_place(shop: TestShop) -> None:
    @dashboard_row(key="gifts", label=_("Drafts"), group="soon", rank=90, href="/gifts", icon="gift")
    def gifts(seen: Reading) -> Waiting:
        return Waiting(3)

    try:
        assert (rows()["gifts"].count, rows()["gifts"].look) == ("3", "some")
        with pytest.raises(ValueError, match="is in the group"):
            dashboard_row(key="x", label=_("Drafts"), group="later", rank=1, href="/x", icon="gift")(gifts)  # type: ignore[arg-type]
    finally:
        ROWS.remove("gifts")


def test_dash_the_row_of_mails_leads_to_the_list_that_has_some(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    ids = [
        perform(BEN, "customer-mail", order.id or 0, {"message": "Hallo"}).made["mails"][0] for _n in range(2)
    ]

    def leads(*states: str) -> tuple[str, str]:
        with work(OWNER) as w:
            for id_, state in zip(ids, states, strict=True):
                w.session.get_one(OutboxMail, int(id_)).state = state
        return rows()["mails"].count, rows()["mails"].href

    assert leads("unclear", "sent") == ("1", "/outbox?state=unclear")
    assert leads("unclear", "failed") == ("2", "/outbox?state=failed")
    assert leads("sent", "sent") == ("0", "/outbox?state=failed")
