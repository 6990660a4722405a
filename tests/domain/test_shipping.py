"""`Shipped`: once, whoever else clicks at the same moment (W-5, SHIP-1)."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.states import left_to_ship
from backoffice_app.models import History, Order, OutboxMail


def mails(order: Order, *kinds: str) -> list[OutboxMail]:
    with Session(db.engine()) as session:
        found = session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id)).all()
        return [mail for mail in found if mail.kind in kinds]


def facts(order: Order, kind: str) -> list[History]:
    with Session(db.engine()) as session:
        return list(
            session.exec(select(History).where(History.subject_id == order.id, History.subject == "order", History.kind == kind)).all()
        )


def test_w5_shipped_ships_all_that_is_left(shop: TestShop) -> None:
    order = shop.order(lines=3, paid=True)
    done = perform(BEN, "ship", order.id or 0, {"tracking": ""})
    after = shop.load(order.id or 0)
    assert done.message.in_language("en") == "Order shipped."
    assert [left_to_ship(line) for line in after.lines] == [0, 0, 0]
    assert (after.shipping_state, after.status) == ("shipped", "completed")
    assert [(s.state, s.shipped_by) for s in after.shipments] == [("shipped", "Ben Beier")]


def test_w5_without_a_number_the_mail_says_order_shipped(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "ship", order.id or 0, {})
    assert len(mails(order, "shipped")) == 1
    assert mails(order, "tracking") == []


@pytest.mark.parametrize("key", ["ship", "edit-shipment"])
def test_w5_a_tracking_number_adds_no_lines_to_the_mail(shop: TestShop, key: str) -> None:
    """Whoever may ship writes no text of their own to customers."""
    order = shop.order()
    wish = {"shipment": order.shipments[0].number, "shipped": True} if key == "edit-shipment" else {}
    perform(BEN, key, order.id or 0, {**wish, "tracking": "T-1\n\nPay at\u2028shop.test\x1b[31m\u202e"})
    [mail] = mails(order, "tracking")
    assert [line for line in mail.body.splitlines() if "shop.test" in line and "T-1" in line]
    assert [p.tracking_number for s in shop.load(order.id or 0).shipments for p in s.parcels] == ["T-1 Pay at shop.test[31m"]


def test_w5_a_tracking_number_sends_the_tracking_mail_instead(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "ship", order.id or 0, {"tracking": " 00340434161094000001 "})
    [mail] = mails(order, "tracking")
    assert "00340434161094000001" in mail.body
    assert mail.recipient == "ada.kovac@example.com"
    assert mails(order, "shipped") == []


def test_w5_twenty_clicks_ship_once_and_tell_all_others_who_did(shop: TestShop) -> None:
    order = shop.order(lines=2)

    def click(n: int) -> Done:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        return perform(clerk, "ship", order.id or 0, {"tracking": f"NUMBER-{n}"})

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(click, range(20)))
    [winner] = [n for n, done in enumerate(answers) if done.changed]
    others = {done.message.in_language("en") for done in answers if not done.changed}
    assert len(others) == 1
    assert others.pop().startswith(f"Shipped already, by Clerk {winner} at ")
    after = shop.load(order.id or 0)
    assert len(after.shipments) == 1
    assert [p.tracking_number for s in after.shipments for p in s.parcels] == [f"NUMBER-{winner}"]
    assert [line.shipped for line in after.lines] == [Decimal(2), Decimal(2)]
    assert len(mails(order, "tracking", "shipped")) == 1
    assert len(facts(order, "OrderShipped")) == 1


def test_w5_the_fact_says_what_was_shipped_and_by_whom(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "ship", order.id or 0, {"tracking": "T-1"})
    [fact] = facts(order, "OrderShipped")
    assert fact.actor_name == "Ben Beier"
    assert json.loads(fact.data) == {"quantities": {"": "2"}, "shipment": order.shipments[0].number, "tracking": "T-1"}


def test_w13_an_order_on_hold_does_not_ship_and_says_what_to_do(small_shop: TestShop) -> None:
    order = small_shop.order()
    with Session(db.engine()) as session:
        held = session.get_one(Order, order.id)
        held.on_hold_since = held.placed_at
        session.commit()
    with pytest.raises(Refused, match="Resume it first"):
        perform(BEN, "ship", order.id or 0, {})
    assert mails(order, "shipped") == []


def test_w21_shipping_can_be_undone_while_its_mail_waits(shop: TestShop) -> None:
    order = shop.order()
    done = perform(BEN, "ship", order.id or 0, {"tracking": "WRONG"})
    assert done.undo is not None
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    after = shop.load(order.id or 0)
    assert (after.shipping_state, [s.state for s in after.shipments]) == ("not_shipped", ["open"])
    assert [mail.state for mail in mails(order, "tracking")] == ["withheld"]
    perform(BEN, "ship", order.id or 0, {"tracking": "RIGHT"})
    assert len(mails(order, "tracking")) == 2


def test_w6_a_number_that_comes_later_sends_the_tracking_mail_once_if_wished(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "ship", order.id or 0, {})
    number = order.shipments[0].number
    wish = {"shipment": number, "tracking": "LATER-1", "notify": True}
    perform(BEN, "edit-shipment", order.id or 0, wish)
    again = perform(BEN, "edit-shipment", order.id or 0, wish)
    assert again.changed is False
    assert len(mails(order, "tracking")) == 1
    assert [p.tracking_number for p in shop.load(order.id or 0).shipments[0].parcels] == ["LATER-1"]


def test_w6_the_pop_up_ships_by_the_same_rule(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": order.shipments[0].number, "shipped": True, "tracking": "T-9"})
    assert small_shop.load(order.id or 0).shipping_state == "shipped"
    assert len(mails(order, "tracking")) == 1


def test_sec2_ship_is_refused_without_the_right(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Refused, match="do not have the right"):
        perform(READER, "ship", order.id or 0, {})
    assert perform(WAREHOUSE, "ship", order.id or 0, {}).changed


def test_bad_input_names_the_field_and_changes_nothing(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Invalid) as refused:
        perform(OWNER, "ship", order.id or 0, {"tracking": "x" * 101})
    assert refused.value.field == "tracking"
    with pytest.raises(Invalid) as refused:
        perform(OWNER, "ship", order.id or 0, {"quantity": 1})
    assert refused.value.field == "quantity"
    with pytest.raises(NotFound):
        perform(OWNER, "ship", 999_999, {})
    assert small_shop.load(order.id or 0).shipping_state == "not_shipped"
