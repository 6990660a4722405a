"""The shop's own statuses: made by the owner, given to orders, shown in place of the system status, cleared by
themselves (W-7).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import event
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.custom_status.manage import LIST as STATUSES
from backoffice_app.domain.custom_status.manage import statuses_page
from backoffice_app.domain.custom_status.statuses import COLOURS
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing.filter_view import filter_panel
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.rows import NUMBER, STATUS
from backoffice_app.domain.listing.views import OrderListView, order_list
from backoffice_app.domain.mail.templates import Text
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.rest_view import order_view
from backoffice_app.domain.templates.view import preview_text, template_view
from backoffice_app.domain.window import OrderWindow, order_window
from backoffice_app.domain.window.declared import Declared
from backoffice_app.i18n import MAIL_LANGUAGES
from backoffice_app.models import Order, OutboxMail
from backoffice_app.ui.badge import HUES


def window(order: Order, actor: Actor = OWNER, language: str = "en") -> OrderWindow:
    with reading() as session:
        return order_window(session, order.number, actor, language)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", note)


ENGRAVED = {
    "name-de": "Wird graviert",
    "name-en": "Being engraved",
    "colour": "violet",
    "mails": "on",
    "clear-shipped": "on",
}
QUERY = {"name-de": "Rückfrage", "name-en": "Query", "colour": "orange"}


@pytest.fixture(params=[True])
def statuses(request: pytest.FixtureRequest, small_shop: TestShop) -> TestShop:
    """A shop with two custom statuses."""
    STATUSES.add(OWNER, ENGRAVED)
    STATUSES.add(OWNER, QUERY)
    return small_shop


def give(order: Order, status: str, actor: Actor = BEN, **more: object) -> Mapping[str, object]:
    done = perform(actor, "set-status", order.id or 0, {"status": status, **more})
    return {"message": done.message.in_language("en"), "changed": done.changed, "undo": done.undo}


def mails() -> list[tuple[str, str, str]]:
    with Session(db.engine()) as session:
        found = session.exec(
            select(OutboxMail).where(OutboxMail.kind == "status-changed").order_by(OutboxMail.id)
        ).all()  # type: ignore[arg-type]
        return [(mail.subject, mail.state, mail.language) for mail in found]


def block(order: Order, actor: Actor = OWNER, key: str = "status", language: str = "en") -> Declared | None:
    found = window(order, actor, language).declared
    return next(
        (one for place in found for one in place if one.key == key and (one.parts or one.empty)), None
    )


def listed(actor: Actor = OWNER, **address: str) -> OrderListView:
    with reading() as session:
        return order_list(session, OrderFilter.parse(address), actor, actor.language)


def test_m1_the_preview_of_the_mail_names_a_status_though_the_order_has_none(small_shop: TestShop) -> None:
    order = small_shop.order()

    def subject() -> str:
        text = template_view(OWNER, "status-changed", "en")
        return preview_text(
            OWNER, "status-changed", "en", order.number, Text(text.subject, text.body)
        ).subject

    assert subject().endswith(": Awaiting shipment")
    STATUSES.add(OWNER, ENGRAVED)
    assert subject().endswith(f": {ENGRAVED['name-en']}")
    STATUSES.add(OWNER, QUERY)
    give(order, QUERY["name-en"])
    assert subject().endswith(": Query")


def test_w7_while_there_is_none_the_block_is_not_there_and_the_owner_reads_where_to_make_one(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    assert block(order) is block(order, BEN) is None
    hint = block(order, key="status-hint")
    assert hint is not None
    assert hint.parts[0].listed[0].link == "/settings/workflow/order-status"
    assert block(order, BEN, "status-hint") is None
    assert not [offer for offer in window(order, BEN).offers if offer.action == "set-status"]


def test_w7_the_chosen_one_stands_for_the_system_status_in_list_window_and_api(statuses: TestShop) -> None:
    order, other = statuses.order(), statuses.order()
    give(order, "Wird graviert")

    badge = window(order, BEN, "de").blocks["head"].status
    assert (badge.tone, badge.label) == ("hue-violet", "Wird graviert")
    rows = {row[NUMBER]: tuple(row[STATUS : STATUS + 3]) for row in listed(WAREHOUSE).rows}
    assert rows[order.number] == ("hue-violet", "", "Being engraved")
    assert rows[other.number][2] == "Awaiting shipment"
    told = order_view(order.number)
    assert told.status == "awaiting_shipment"
    assert told.custom_status is not None
    assert told.custom_status.names["de"] == "Wird graviert"
    shown = block(order, BEN)
    assert shown is not None
    assert shown.parts[0].rows[0] == ["", "No custom status"]
    assert shown.parts[0].words[:4] == ["set-status", "status", "Custom status", told.custom_status.id]
    assert shown.parts[1].rows == [["System status", "Awaiting shipment"]]
    assert block(order, READER).parts[0].rows == [["Custom status", "Being engraved"]]  # type: ignore[union-attr]
    assert block(order, key="status-hint") is None


def test_w7_o3_system_and_custom_status_stay_filterable(statuses: TestShop) -> None:
    first, second, third = statuses.order(), statuses.order(), statuses.order()
    give(first, "Query")
    give(second, "Being engraved")

    def found(address: str) -> list[str]:
        return [row[NUMBER] for row in listed(**dict(parse_qsl(address))).rows]

    ids = {row.name: row.id for row in statuses_page(OWNER, "en")}
    assert found(f"custom_status={ids['Query']}") == [first.number]
    assert found(f"custom_status={ids['Query']},{ids['Being engraved']}") == [second.number, first.number]
    assert found(f"custom_status=!{ids['Query']}") == [third.number, second.number]
    assert found(f"status=awaiting shipment&custom_status={ids['Query']}") == [first.number]
    assert found("custom_status=999") == []
    view = listed(custom_status=ids["Query"])
    with reading() as session:
        groups = filter_panel(session, OrderFilter.parse({"custom_status": ids["Query"]}), BEN, "en").groups
    [offered] = [one for group in groups for one in group.filters if one.key == "custom_status"]
    assert [(word, on) for _value, word, on, _found_by, _number in offered.offers] == [
        ("Being engraved", ""),
        ("Query", "on"),
    ]
    assert view.chips[0][0] == "Custom status: Query"


def test_w7_no_custom_status_clears_it_and_undo_brings_it_back(statuses: TestShop) -> None:
    order = statuses.order()
    assert give(order, "query")["changed"]
    again = give(order, "RÜCKFRAGE")
    assert (again["changed"], again["message"]) == (False, "The order has this status already.")
    gone = give(order, "")
    assert statuses.load(order.id or 0).custom_status_id is None
    undo = gone["undo"]
    perform(BEN, undo.key, order.id or 0, undo.values)  # type: ignore[attr-defined]
    assert statuses.load(order.id or 0).custom_status_id is not None
    with pytest.raises(Refused, match="changed again"):
        perform(BEN, undo.key, order.id or 0, undo.values)  # type: ignore[attr-defined]
    with reading() as session:
        said = [
            one.sentence
            for one in history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin", limit=3)
        ]
    assert said[:2] == [
        "Ben Beier gave the order the status “Query”.",
        "Ben Beier took the status “Query” off the order.",
    ]


def test_w7_m1_the_customer_is_told_once_in_their_language_and_undo_holds_it_back(statuses: TestShop) -> None:
    order = statuses.order(language="nl")
    first = give(order, "Being engraved")
    assert [give(order, "Being engraved")["changed"] for _press in range(3)] == [False] * 3
    assert [(subject, language) for subject, _state, language in mails()] == [
        (f"Je bestelling {_known(order)}: Being engraved", "nl")
    ]
    undo = first["undo"]
    perform(BEN, undo.key, order.id or 0, undo.values)  # type: ignore[attr-defined]
    assert [state for _subject, state, _language in mails()] == ["withheld"]
    give(order, "Query")
    give(order, "Being engraved", mail=False)
    assert len(mails()) == 1
    assert set(MAIL_LANGUAGES) == {"en", "de", "nl", "fr", "es", "ja", "ar"}


def _known(order: Order) -> str:
    return order.external_reference


def test_w7_another_status_holds_the_mail_of_the_first_back(statuses: TestShop) -> None:
    order = statuses.order()
    give(order, "Being engraved")
    give(order, "Query")
    assert [state for _subject, state, _language in mails()] == ["withheld"]


@pytest.mark.parametrize(
    ("clears", "step"),
    [("paid", ("pay", {})), ("shipped", ("ship", {})), ("cancelled", ("cancel", {"mail": False}))],
)
def test_w7_it_clears_itself_where_it_says_so_and_nowhere_else(
    small_shop: TestShop, clears: str, step: tuple[str, dict[str, object]]
) -> None:
    STATUSES.add(OWNER, {"name-en": "Goes", f"clear-{clears}": "on"})
    STATUSES.add(OWNER, {"name-en": "Stays"})
    goes, stays = small_shop.order(), small_shop.order()
    give(goes, "Goes")
    give(stays, "Stays")
    for order in (goes, stays):
        perform(OWNER, step[0], order.id or 0, step[1], answers=["unpaid-4480"])
    assert small_shop.load(goes.id or 0).custom_status_id is None
    assert small_shop.load(stays.id or 0).custom_status_id is not None
    with reading() as session:
        said = [
            one.sentence for one in history_of(session, (ORDER, goes.id or 0), OWNER, "en", "Europe/Berlin")
        ]
    assert any(sentence.startswith("The status “Goes” was taken off, because") for sentence in said)
    give(goes, "Goes")
    assert small_shop.load(goes.id or 0).custom_status_id is not None, "what it is already takes nothing off"


def test_w7_a_retired_one_stays_on_its_orders_and_is_given_to_no_other(statuses: TestShop) -> None:
    order, other = statuses.order(), statuses.order()
    give(order, "Query")
    query = next(row for row in statuses_page(OWNER, "en") if row.name == "Query")
    STATUSES.retire(OWNER, query.id, retired=True)
    assert window(order).blocks["head"].status.label == "Query"
    assert [word for _value, word in block(order).parts[0].rows] == [
        "No custom status",
        "Being engraved",
        "Query",
    ]  # type: ignore[union-attr]
    with pytest.raises(Invalid, match="not in use"):
        give(other, "Query")
    with pytest.raises(Invalid, match="no custom status"):
        give(other, "Nonsense")
    STATUSES.retire(OWNER, query.id, retired=False)
    give(other, query.id)


def test_w7_the_owner_names_orders_and_changes_them(statuses: TestShop) -> None:
    first, second = statuses_page(OWNER, "de")
    assert (first.name, first.tone, first.mails, first.clears) == (
        "Wird graviert",
        "hue-violet",
        True,
        "Alles ist versendet",
    )
    STATUSES.move(OWNER, second.id, -1)
    assert [row.name for row in statuses_page(OWNER, "de")] == ["Rückfrage", "Wird graviert"]
    STATUSES.save(
        OWNER,
        first.id,
        {"name-de": "Gravur", "name-en": "Being engraved", "colour": "red", "clear-paid": "on"},
        first.texts,
    )
    [changed] = [row for row in statuses_page(OWNER, "de") if row.id == first.id]
    assert (changed.name, changed.tone, changed.mails, changed.clears) == (
        "Gravur",
        "hue-red",
        False,
        "Die Bestellung ist bezahlt",
    )
    with pytest.raises(Invalid) as twice:
        STATUSES.add(OWNER, {"name-en": "QUERY"})
    assert twice.value.field == "name-en"
    with pytest.raises(Invalid):
        STATUSES.add(OWNER, {"colour": "red"})
    with pytest.raises(Invalid):
        STATUSES.add(OWNER, {"name-en": "X", "colour": "pink"})
    with pytest.raises(Invalid, match="just now"):
        STATUSES.save(OWNER, first.id, {"name-de": "Anders"}, {**first.texts})
    with pytest.raises(NotFound):
        STATUSES.move(OWNER, "77", 1)
    assert tuple(COLOURS) == HUES


@pytest.mark.parametrize("actor", [BEN, WAREHOUSE, READER])
def test_sec2_only_the_owner_makes_statuses_and_who_may_edit_gives_them(
    statuses: TestShop, actor: Actor
) -> None:
    order = statuses.order()
    with pytest.raises(Refused):
        STATUSES.add(actor, QUERY)
    with pytest.raises(Refused):
        statuses_page(actor, "en")
    if actor is BEN:
        assert give(order, "Query", actor)["changed"]
    else:
        with pytest.raises(Refused):
            give(order, "Query", actor)


def test_w7_on_both_databases_the_facet_follows_and_a_preview_leaves_nothing(shop: TestShop) -> None:
    STATUSES.add(OWNER, QUERY)
    order = shop.order()
    preview(BEN, "set-status", order.id or 0, {"status": "Query"})
    assert shop.load(order.id or 0).custom_status_id is None
    give(order, "Query")
    [row] = listed(custom_status=str(shop.load(order.id or 0).custom_status_id)).rows
    assert row[STATUS + 2] == "Query"


def test_p6_statuses_cost_the_window_one_statement(statuses: TestShop) -> None:
    order = statuses.order()
    with counted() as sent:
        window(order, BEN)
    give(order, "Query")
    with counted() as more:
        window(order, BEN)
    assert len(more) == len(sent) <= 14
