"""Orders that their customer fetches are ready, then picked up; nobody is told that they are on their way
(W-5, ST-1).
"""

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from saying_yes import say_yes
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Refused
from backoffice_app.domain.core.shipping_methods import is_pickup_method
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.rows import place_of
from backoffice_app.domain.listing.views import order_list
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.views import views_of
from backoffice_app.domain.orders.actions import why_not_edit
from backoffice_app.domain.orders.place import confirm_order
from backoffice_app.domain.shipping.pickup import why_not_picked_up, why_not_ready
from backoffice_app.domain.shipping.rules import why_not_part_shipment
from backoffice_app.models import Order, OutboxMail

PICKUP = {"method": "pickup", "name": "Abholung im Laden", "price": "4.90", "vat_rate": "19"}


def fetched(shop: TestShop, **wishes: object) -> Order:
    """A paid order that its customer fetches."""
    return shop.order(**({"paid": True, "shipping": PICKUP} | wishes))


def mails(order: Order) -> list[tuple[str, str]]:
    """Kind and state of the mails that tell of the goods."""
    kinds = ("ready-for-pickup", "shipped", "tracking")
    with Session(db.engine()) as session:
        return [
            (m.kind, m.state)
            for m in session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id))
            if m.kind in kinds
        ]


@pytest.mark.parametrize(
    ("method", "name", "is_fetched"),
    [
        ("pickup", "Abholung im Laden", True),
        ("local_pickup:3", "", True),
        ("", "Selbstabholer", True),
        ("", "Click & Collect", True),
        ("", "Retrait en magasin", True),
        ("", "Afhalen in de winkel", True),
        ("dhl", "DHL Paket", False),
        ("dhl", "DHL Paketshop, Abholung in der Filiale", False),
        ("mondial", "Retrait en point relais", False),
        ("", "", False),
    ],
)
def test_c4_the_words_of_a_method_say_whether_the_customer_comes(
    method: str, name: str, is_fetched: bool
) -> None:
    assert is_pickup_method(method, name) is is_fetched


def test_st1_a_pickup_order_awaits_is_ready_and_is_picked_up(shop: TestShop) -> None:
    order = fetched(shop)
    assert (order.status, "to-ship" in views_of(order)) == ("awaiting_pickup", True)
    done = perform(WAREHOUSE, "ready-for-pickup", order.id or 0)
    assert "ada.kovac@example.com" in done.message.in_language("en")
    ready = shop.load(order.id or 0)
    assert (ready.status, ready.shipping_state, "to-ship" in views_of(ready)) == (
        "ready_for_pickup",
        "not_shipped",
        False,
    )
    perform(BEN, "picked-up", order.id or 0)
    after = shop.load(order.id or 0)
    assert (after.status, after.shipping_state) == ("picked_up", "shipped")
    assert [kind for kind, _state in mails(order)] == ["ready-for-pickup"]
    with Session(db.engine()) as session:
        told = [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), BEN, "de", "Europe/Berlin")
        ]
    assert "Ben Beier hat vermerkt, dass der Kunde 2 Stück der Lieferung L-2026-0001 abgeholt hat." in told
    assert "Die Bestellung ist abgeschlossen." in told
    assert wrongs() == []


def test_c4_the_mail_says_where_it_lies_what_it_is_and_what_is_still_to_pay(small_shop: TestShop) -> None:
    order = fetched(
        small_shop, paid=False, payment={"method": "cash", "name": "Bar bei Abholung", "state": "open"}
    )
    perform(BEN, "ready-for-pickup", order.id or 0)
    with Session(db.engine()) as session:
        [mail] = session.exec(select(OutboxMail).where(OutboxMail.kind == "ready-for-pickup")).all()
    assert mail.subject == f"Ihre Bestellung {order.external_reference} liegt zur Abholung bereit"
    for said in (
        "Kontor Probe GmbH",
        "Am Hafen 1",
        "20457 Hamburg",
        "2 × Becher 1",
        "Noch zu bezahlen: 44,80\xa0€",
    ):
        assert said in mail.body
    assert small_shop.load(order.id or 0).status == "ready_for_pickup"
    perform(BEN, "picked-up", order.id or 0)
    assert small_shop.load(order.id or 0).status == "awaiting_payment"


def test_m1_the_confirmation_of_what_is_fetched_names_no_delivery_address(small_shop: TestShop) -> None:
    for order, is_named in ((fetched(small_shop), False), (small_shop.order(), True)):
        with work(OWNER) as w:
            confirm_order(w, w.lock(ORDER, order.id or 0))
        with Session(db.engine()) as session:
            wanted = select(OutboxMail.body).where(
                OutboxMail.order_id == order.id, OutboxMail.kind == "order-confirmation"
            )
            body = session.exec(wanted).one()
        assert ("Wir liefern an" in body, "Hauptstraße 12" in body) == (is_named, is_named)


def test_st3_of_what_was_fetched_no_reason_says_that_it_was_shipped(small_shop: TestShop) -> None:
    order_id = fetched(small_shop).id or 0
    perform(BEN, "picked-up", order_id)
    order = small_shop.load(order_id)
    reasons = [
        why_not_ready(order),
        why_not_picked_up(order),
        why_not_part_shipment(order),
        why_not_edit(order, "shipping"),
    ]
    assert [reason.in_language("de") if reason else "" for reason in reasons] == ["Alles ist abgeholt."] * 4


def test_c4_what_is_fetched_is_not_shipped_and_what_is_shipped_is_not_fetched(small_shop: TestShop) -> None:
    with pytest.raises(Refused, match="picks this order up"):
        perform(BEN, "ship", fetched(small_shop).id or 0)
    for key in ("ready-for-pickup", "picked-up"):
        with pytest.raises(Refused, match="it is shipped"):
            perform(BEN, key, small_shop.order().id or 0)
        with pytest.raises(Refused, match="do not have the right"):
            perform(READER, key, fetched(small_shop).id or 0)


def test_w21_ready_and_picked_up_can_be_taken_back(shop: TestShop) -> None:
    order = fetched(shop)
    ready = perform(BEN, "ready-for-pickup", order.id or 0)
    assert ready.undo
    perform(BEN, ready.undo.key, order.id or 0, ready.undo.values)
    assert (shop.load(order.id or 0).status, mails(order)) == (
        "awaiting_pickup",
        [("ready-for-pickup", "withheld")],
    )
    perform(BEN, "ready-for-pickup", order.id or 0, {"mail": "off"})
    assert len(mails(order)) == 1
    done = perform(BEN, "picked-up", order.id or 0)
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert shop.load(order.id or 0).status == "ready_for_pickup"
    perform(BEN, "picked-up", order.id or 0)
    assert perform(BEN, "picked-up", order.id or 0).changed is False
    perform(BEN, "not-shipped", order.id or 0, {"shipment": order.shipments[0].number})
    assert shop.load(order.id or 0).status == "ready_for_pickup"


def test_c14_an_unpaid_prepayment_order_is_handed_over_only_when_it_was_asked(small_shop: TestShop) -> None:
    order = fetched(
        small_shop, paid=False, payment={"method": "prepaid", "name": "Vorkasse", "state": "open"}
    )
    with pytest.raises(Asks, match="Hand it over all the same"):
        perform(BEN, "picked-up", order.id or 0)
    say_yes(BEN, "picked-up", order.id or 0)
    assert small_shop.load(order.id or 0).shipping_state == "shipped"


def test_w13_an_order_on_hold_is_not_made_ready(small_shop: TestShop) -> None:
    order = fetched(small_shop)
    perform(BEN, "hold", order.id or 0)
    for key in ("ready-for-pickup", "picked-up"):
        with pytest.raises(Refused, match="Resume it first"):
            perform(BEN, key, order.id or 0)


def test_o1_the_list_says_that_goods_were_picked_up(small_shop: TestShop) -> None:
    """As the window of the order does."""
    sent, waits, gone = small_shop.order(), fetched(small_shop), fetched(small_shop)
    for key, order in (("ship", sent), ("picked-up", gone)):
        perform(BEN, key, order.id or 0)
    with Session(db.engine()) as session:
        rows = order_list(session, OrderFilter(), BEN, "de").rows
    assert {row[place_of("number")]: row[place_of("shipping") + 2] for row in rows} == {
        sent.number: "Versendet",
        waits.number: "Abzuholen",
        gone.number: "Abgeholt",
    }


def test_o4_to_ship_lists_what_is_shipped_and_what_is_fetched(shop: TestShop) -> None:
    numbers = {shop.order(paid=True).number, fetched(shop).number}
    ready = fetched(shop)
    perform(BEN, "ready-for-pickup", ready.id or 0)
    with Session(db.engine()) as session:
        listed = list_orders(session, OrderFilter(view="to-ship"), BEN, "en")
        assert {row[0] for row in listed.rows} == numbers
        assert [
            row[0] for row in list_orders(session, OrderFilter(status="ready_for_pickup"), BEN, "en").rows
        ] == [ready.number]


def test_w21_the_mail_that_it_is_ready_stays_here_when_the_goods_are_fetched_at_once(shop: TestShop) -> None:
    order = fetched(shop)
    perform(BEN, "ready-for-pickup", order.id or 0)
    [(_kind, waits)] = mails(order)
    done = perform(BEN, "picked-up", order.id or 0)
    assert mails(order) == [("ready-for-pickup", "withheld")]
    assert "The mail that it is ready for pick-up is held back." in done.message.in_language("en")
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert (shop.load(order.id or 0).status, mails(order)) == (
        "ready_for_pickup",
        [("ready-for-pickup", waits)],
    )
    assert wrongs() == []


def test_w21_a_ready_mail_that_was_sent_or_held_back_by_a_person_stays_as_it_is(small_shop: TestShop) -> None:
    for state in ("sent", "withheld"):
        order = fetched(small_shop)
        perform(BEN, "ready-for-pickup", order.id or 0)
        with Session(db.engine()) as session:
            mail = session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id)).one()
            mail.state = state
            session.add(mail)
            session.commit()
        done = perform(BEN, "picked-up", order.id or 0)
        assert "held back" not in done.message.in_language("en")
        assert done.undo
        perform(BEN, done.undo.key, order.id or 0, done.undo.values)
        assert mails(order) == [("ready-for-pickup", state)]
