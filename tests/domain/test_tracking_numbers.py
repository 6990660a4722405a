"""Tracking numbers of many orders at once: read as they come, matched, and done order by order (O-8, SHIP-1)."""

import pytest
from bulk_runs import run_to_its_end
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain import people
from backoffice_app.domain.bulk import do_again
from backoffice_app.domain.bulk.tracking import (
    MOST,
    Typed,
    judged,
    keep_text,
    kept_text,
    rows_in,
    start_tracking,
    text_in,
    typed_in,
)
from backoffice_app.domain.bulk.views import said_of
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Role
from backoffice_app.models import BulkItem, Order, OutboxMail


@pytest.fixture(autouse=True)
def colleagues(request: pytest.FixtureRequest) -> None:
    """A run looks up who began it."""
    request.getfixturevalue("database" if "shop" in request.fixturenames else "sqlite")
    people.create_owner(email="olga@example.com", name=OWNER.name, password="a long password of ours")
    people.add_user(
        OWNER, email="ben@example.com", name=BEN.name, role=Role.STAFF, password="a long password of ours"
    )


def parcels(shop: TestShop, order: Order) -> list[tuple[str, str]]:
    return [
        (parcel.tracking_number, parcel.carrier)
        for one in shop.load(order.id or 0).shipments
        for parcel in one.parcels
    ]


def mails() -> list[str]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(OutboxMail.kind).where(col(OutboxMail.kind).in_(["tracking", "shipped"]))
            ).all()
        )


def results(run_id: int) -> list[tuple[str, str, str]]:
    with Session(db.engine()) as session:
        items = session.exec(
            select(BulkItem).where(BulkItem.run_id == run_id).order_by(col(BulkItem.rank))
        ).all()
        return [(item.place, item.state, said_of(item, "en").partition(" The mail to ")[0]) for item in items]


@pytest.mark.parametrize(
    "text",
    [
        "10001;A1;DHL\n10002;B2;\n",
        "\ufeffBestellnummer;Sendungsnummer;Versanddienst\r\n10001;A1;DHL\r\n10002;B2;\r\n",
        "10001\tA1\tDHL\n\n10002\tB2",
        'Tracking number,Order,Carrier\n"A1","#10001","DHL"\nB2,10002,',
        "  10001 ; A1;  DHL  \n10002;B2",
    ],
)
def test_o8_a_table_is_read_as_it_was_copied_or_exported(text: str) -> None:
    found = [(one.order, one.tracking, one.carrier) for one in rows_in(text)]
    assert found == [("10001", "A1", "DHL"), ("10002", "B2", "")]


def test_o8_a_number_in_groups_is_the_number_that_is_there(shop: TestShop) -> None:
    order = shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0, {"tracking": "003404341610"})
    [row] = judged(OWNER, rows_in(f"{order.number};0034 0434 1610"))
    assert (row.tracking, row.problem) == ("003404341610", "Shipped already with this tracking number.")


def test_o8_a_quote_that_is_not_closed_costs_its_own_row_alone() -> None:
    found = rows_in('10001;"A1;DHL\n10002;B2;\n')
    assert [one.place for one in found] == [1, 2]
    assert found[1] == Typed(2, "10002", "B2", "")


def test_o8_a_file_of_any_program_is_text_and_nothing_else_is() -> None:
    assert text_in("Stück;1".encode("cp1252")) == "Stück;1"
    assert text_in("Stück;1".encode("utf-16")) == "Stück;1"
    with pytest.raises(Invalid):
        text_in(b"PK\x03\x04\x00\x00")
    with pytest.raises(Invalid):
        rows_in("1;2\n" * (MOST + 1))


def test_o8_what_is_wrong_stands_beside_each_row_before_anything_is_done(shop: TestShop) -> None:
    good, gone, left = shop.order(paid=True), shop.order(paid=True), shop.order(paid=True)
    perform(OWNER, "cancel", gone.id or 0)
    perform(OWNER, "ship", left.id or 0, {"tracking": "OLD"})
    wrong = f"99999;B2\n{good.number};\n;C3\n{good.number};A1\n{gone.number};D4"
    text = f"{good.number};A1\n{wrong}\n{left.number};NEW\n{left.number};OLD"
    rows = judged(OWNER, rows_in(text))
    assert [row.problem for row in rows] == [
        "",
        "There is no order “99999”.",
        "The tracking number is missing.",
        "The order number is missing.",
        "Is in row 1 already.",
        "The order is cancelled.",
        "Shipped already with tracking number OLD.",
        "Shipped already with this tracking number.",
    ]
    assert rows[0].who == good.customer_name
    waits = shop.order(payment={"method": "prepaid", "name": "Vorkasse", "state": "open"})
    [row] = judged(OWNER, rows_in(f"{waits.number};E5"))
    assert row.problem.startswith("The order is not paid. Press “Shipped” in the order itself")
    with pytest.raises(Refused):
        judged(READER, [])


def test_o8_each_order_is_shipped_once_with_its_own_number_and_a_bad_row_stops_none(shop: TestShop) -> None:
    one, two, gone = (shop.order(paid=True) for _n in range(3))
    perform(OWNER, "ship", gone.id or 0, {"tracking": "OLD", "mail": False})
    text = (
        f"{one.number};A1;DHL\nnonsense\n{two.number};B2;Pigeon "
        f"Post\n{two.number};B3\n{one.number};A1\n{gone.number};NEW"
    )
    run = start_tracking(OWNER, rows_in(text), mail=True, once="press")
    assert start_tracking(OWNER, rows_in(text), mail=True, once="press") == run, "pressed twice it is one run"
    run_to_its_end(run)
    run_to_its_end(run)

    assert parcels(shop, one) == [("A1", "dhl")]
    assert parcels(shop, two) == [("B2", "Pigeon Post"), ("B3", "Pigeon Post")], "two parcels of one order"
    assert parcels(shop, gone) == [("OLD", "dhl")]
    assert results(run) == [
        ("1", "done", "Order shipped."),
        ("3, 4", "done", "Order shipped."),
        ("6", "skipped", "Shipped already with tracking number OLD."),
        ("2", "skipped", "The tracking number is missing."),
        ("5", "skipped", "Is in row 1 already."),
    ]
    assert mails() == ["tracking", "tracking"], "one mail an order"
    assert wrongs() == []


def test_ship1_what_left_without_a_number_gets_it_and_one_mail(shop: TestShop) -> None:
    order = shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0, {"mail": False})
    for _again in range(2):
        run_to_its_end(
            start_tracking(OWNER, [Typed(1, order.number, "A1", "GLS")], mail=True, once=f"press-{_again}")
        )
    assert parcels(shop, order) == [("A1", "gls")]
    assert mails() == ["tracking"]


def test_m6_customers_are_not_told_where_that_is_left_out(shop: TestShop) -> None:
    order = shop.order(paid=True)
    run_to_its_end(start_tracking(OWNER, [Typed(1, order.number, "A1")], mail=False, once="press"))
    assert (shop.load(order.id or 0).shipping_state, mails()) == ("shipped", [])


def test_o8_an_order_is_known_by_the_number_of_its_shop_and_of_its_shipment_too(shop: TestShop) -> None:
    order = shop.order(paid=True, number_at_source="#1001")
    rows = judged(OWNER, rows_in(f"#1001;A1\n{order.shipments[0].number};A2\n{order.external_reference};A3"))
    assert [row.order for row in rows] == [order.number] * 3


def test_o8_what_was_skipped_is_done_again_with_its_own_number(shop: TestShop) -> None:
    order = shop.order(paid=True)
    perform(OWNER, "hold", order.id or 0)
    run = start_tracking(OWNER, [Typed(1, order.number, "A1")], mail=True, once="press")
    run_to_its_end(run)
    assert results(run)[0][1] == "skipped"
    perform(OWNER, "resume", order.id or 0)
    run_to_its_end(do_again(OWNER, run))
    assert parcels(shop, order) == [("A1", "dhl")]


def test_o8_the_grid_that_was_typed_is_read_by_its_fields() -> None:
    values = {
        "order-1": "#10001",
        "tracking-1": " A1 ",
        "carrier-1": "",
        "order-2": "",
        "tracking-2": "",
        "carrier-2": "",
        "mail": "on",
    }
    assert typed_in(values) == [Typed(1, "10001", "A1")]


def test_o8_a_file_waits_whole_until_the_page_takes_it(small_shop: TestShop) -> None:
    text = "10001;A1;DHL\n" * 2000
    keep_text(OWNER, "older")
    keep_text(OWNER, text)
    assert kept_text(OWNER) == text
