"""`Shipped`: once, no matter who else clicks at the same moment (W-5, SHIP-1)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from saying_yes import say_yes
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Asks, Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.domain.window import order_window
from backoffice_app.models import History, Order, OutboxMail, Shipment


def mails(order: Order, *kinds: str) -> list[OutboxMail]:
    with Session(db.engine()) as session:
        found = session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id)).all()
        return [mail for mail in found if mail.kind in kinds]


def facts(order: Order, kind: str) -> list[History]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(History).where(
                    History.subject_id == order.id, History.subject == "order", History.kind == kind
                )
            ).all()
        )


def test_w5_where_two_shipments_leave_the_window_says_so_before_and_the_answer_after(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2, paid=True)
    with reading() as session:
        assert order_window(session, order.number, BEN, "en").blocks["shipping-method"].together == ""
    first = order.shipments[0].number
    perform(BEN, "part-shipment", order.id or 0, {"shipment": first, "quantities": {"1": "1"}})
    both = ", ".join(one.number for one in small_shop.load(order.id or 0).shipments)
    with reading() as session:
        said = order_window(session, order.number, BEN, "en").blocks["shipping-method"].together
    assert said == f"“Shipped” is for all open shipments: {both}."
    done = perform(BEN, "ship", order.id or 0, {"mail": False})
    assert done.message.in_language("en") == f"Order shipped. Shipments {both} left together."
    assert len(facts(order, "OrderShipped")) == 2


def test_w5_shipped_ships_all_that_is_left(shop: TestShop) -> None:
    order = shop.order(lines=3, paid=True)
    done = perform(BEN, "ship", order.id or 0, {"tracking": ""})
    after = shop.load(order.id or 0)
    assert done.message.in_language("en").startswith("Order shipped. ")
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
    """Anyone who may ship writes no text of their own to customers."""
    order = shop.order()
    wish = {"shipment": order.shipments[0].number, "shipped": True} if key == "edit-shipment" else {}
    perform(BEN, key, order.id or 0, {**wish, "tracking": "T-1\n\nPay at\u2028shop.test\x1b[31m\u202e"})
    [mail] = mails(order, "tracking")
    assert [line for line in mail.body.splitlines() if "shop.test" in line and "T-1" in line]
    assert [p.tracking_number for s in shop.load(order.id or 0).shipments for p in s.parcels] == [
        "T-1Payatshop.test[31m"
    ]


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
    [answer] = others
    assert answer.startswith(f"Shipped already, by Clerk {winner} at ")
    assert answer.endswith(
        f". Its tracking number: NUMBER-{winner}."
    )  # so that all others see that theirs was not taken
    after = shop.load(order.id or 0)
    assert len(after.shipments) == 1
    assert [p.tracking_number for s in after.shipments for p in s.parcels] == [f"NUMBER-{winner}"]
    assert [line.shipped for line in after.lines] == [Decimal(2), Decimal(2)]
    assert len(mails(order, "tracking", "shipped")) == 1
    assert len(facts(order, "OrderShipped")) == 1


def test_w5_of_what_left_without_a_number_the_second_click_names_none(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(BEN, "ship", order_id)
    assert "number" not in perform(OWNER, "ship", order_id, {"tracking": "T-1"}).message.in_language("en")


def test_w5_the_fact_says_what_was_shipped_and_by_whom(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "ship", order.id or 0, {"tracking": "T-1"})
    [fact] = facts(order, "OrderShipped")
    assert fact.actor_name == "Ben Beier"
    assert json.loads(fact.data) == {
        "quantities": {"": "2"},
        "shipment": order.shipments[0].number,
        "tracking": "T-1",
    }


def test_w13_an_order_on_hold_does_not_ship_and_says_what_to_do(small_shop: TestShop) -> None:
    order = small_shop.order()
    with Session(db.engine()) as session:
        held = session.get_one(Order, order.id)
        held.on_hold_since = held.placed_at
        session.commit()
    with pytest.raises(Refused, match="Resume it first"):
        perform(BEN, "ship", order.id or 0, {})
    assert mails(order, "shipped") == []


@pytest.mark.parametrize(
    ("first", "wishes", "says"),
    [
        ("ship", {"paid": True}, "The order is completed: Wanda .* shipped it at "),
        (
            "picked-up",
            {"paid": True, "shipping": {"method": "pickup", "price": "4.90"}},
            "noted at .* that it was picked up",
        ),
        ("pay", {"shipments": [{"shipped_at": "2026-11-20T11:00:00+01:00"}]}, "booked the payment at "),
        ("hold", {}, "on hold already: Olga Owner put it on hold at "),
    ],
)
def test_w13_who_comes_second_with_on_hold_reads_who_was_first_and_when(
    small_shop: TestShop, first: str, wishes: dict[str, Any], says: str
) -> None:
    order = small_shop.order(**wishes)
    perform(WAREHOUSE if first == "ship" else OWNER, first, order.id or 0)
    with pytest.raises(Refused, match=says):
        perform(BEN, "hold", order.id or 0)
    later = clock.now() + timedelta(minutes=3)
    with clock.at(later), pytest.raises(Refused, match=r"^The order is (completed|on hold already)\.$"):
        perform(BEN, "hold", order.id or 0)


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


@pytest.mark.parametrize("key", ["ship", "edit-shipment", "part-shipment"])
def test_w5_a_number_in_groups_as_on_a_label_is_kept_and_found_as_it_is_scanned(
    shop: TestShop, key: str
) -> None:
    order, label = shop.order(lines=2), "0034 0434 1610 9118 6199"
    which = {} if key == "ship" else {"shipment": order.shipments[0].number}
    parts = {"quantities": {"1": "1"}} if key == "part-shipment" else {}
    perform(BEN, key, order.id or 0, {**which, **parts, "tracking": f" {label}\u00a0"})
    assert _numbers(shop.load(order.id or 0)) == ["00340434161091186199"]
    for typed in (label, "00340434161091186199", "0034 0434"):
        with reading() as session:
            found = list_orders(session, OrderFilter(q=typed), BEN, "en")
        assert [row[NUMBER] for row in found.rows] == [order.number], typed


def test_w6_a_shipment_of_several_parcels_keeps_them_when_one_number_is_mended(shop: TestShop) -> None:
    order = shop.order(paid=True)
    shipment = order.shipments[0].number
    perform(BEN, "ship", order.id or 0, {"tracking": "A1, B2"})
    assert _numbers(shop.load(order.id or 0)) == ["A1", "B2"]
    wish = {"shipment": shipment, "tracking": "A1,B2"}
    assert not perform(BEN, "edit-shipment", order.id or 0, wish).changed
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment, "tracking": "A1, B3"})
    assert _numbers(shop.load(order.id or 0)) == ["A1", "B3"]
    with pytest.raises(Invalid) as no:
        perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment, "tracking": f"A1, {'9' * 101}"})
    assert no.value.field == "tracking"


def _numbers(order: Order) -> list[str]:
    return [parcel.tracking_number for one in order.shipments for parcel in one.parcels]


def test_w6_the_pop_up_ships_by_the_same_rule(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(
        BEN,
        "edit-shipment",
        order.id or 0,
        {"shipment": order.shipments[0].number, "shipped": True, "tracking": "T-9"},
    )
    assert small_shop.load(order.id or 0).shipping_state == "shipped"
    assert len(mails(order, "tracking")) == 1


def test_api1_a_tracking_number_that_is_left_out_stays(small_shop: TestShop) -> None:
    order = small_shop.order()
    shipment = order.shipments[0].number
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment, "tracking": "T-1"})
    assert not perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment}).changed
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment, "shipped": True})
    assert [p.tracking_number for p in small_shop.load(order.id or 0).shipments[0].parcels] == ["T-1"]
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": shipment, "tracking": ""})
    assert small_shop.load(order.id or 0).shipments[0].parcels == []


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


PREPAID = {"method": "prepaid", "name": "Vorkasse", "state": "open"}


def test_c9_who_ships_reads_to_whom_the_mail_goes_and_may_leave_it_out(shop: TestShop) -> None:
    told, silent = shop.order(), shop.order()
    assert "ada.kovac@example.com" in perform(BEN, "ship", told.id or 0).message.in_language("en")
    assert perform(BEN, "ship", silent.id or 0, {"mail": "off"}).message.in_language("en") == "Order shipped."
    assert mails(silent, "shipped", "tracking") == []


def test_c14_an_unpaid_prepayment_order_ships_only_when_it_was_asked(shop: TestShop) -> None:
    order = shop.order(payment=PREPAID)
    number = order.shipments[0].number
    for key, values in {
        "ship": {},
        "edit-shipment": {"shipment": number, "shipped": True},
        "part-shipment": {"shipment": number, "quantities": {"1": "1"}, "shipped": True},
    }.items():
        with pytest.raises(Asks, match=r"not paid: €44.80 are open"):
            perform(BEN, key, order.id or 0, values)
    with pytest.raises(Asks) as asked:
        perform(WAREHOUSE, "ship", order.id or 0)
    assert "44" not in asked.value.reason.in_language("en")
    assert shop.load(order.id or 0).shipping_state == "not_shipped"
    say_yes(WAREHOUSE, "ship", order.id or 0)
    assert shop.load(order.id or 0).shipping_state == "shipped"


@pytest.mark.parametrize(
    "changes",
    [
        {"payment": PREPAID | {"state": "paid", "paid_at": "2026-11-20T10:00:00+01:00"}},
        {"payment": PREPAID | {"state": "authorised"}},
        {"payment": {"method": "invoice", "name": "Kauf auf Rechnung", "state": "open"}},
        {"payment": {"method": "cod", "name": "", "state": "open"}},
        {"payment": {"method": "sepa", "name": "Lastschrift", "state": "open"}},
    ],
)
def test_c14_what_is_paid_or_paid_later_ships_without_a_question(
    small_shop: TestShop, changes: dict[str, object]
) -> None:
    perform(BEN, "ship", small_shop.order(**changes).id or 0)


def test_c2_a_wrong_shipped_is_taken_back_days_later(shop: TestShop) -> None:
    order = shop.order(paid=True)
    perform(BEN, "ship", order.id or 0, {"tracking": "T-1"})
    with Session(db.engine()) as session:
        for mail in session.exec(select(OutboxMail).where(OutboxMail.kind == "tracking")):
            mail.state = "sent"
        for shipment in session.exec(select(Shipment)):
            shipment.shipped_at = shipment.shipped_at - timedelta(days=3) if shipment.shipped_at else None
        session.commit()
    done = perform(BEN, "not-shipped", order.id or 0, {"shipment": order.shipments[0].number})
    assert "has a mail that says it was shipped" in done.message.in_language("en")
    after = shop.load(order.id or 0)
    assert (after.status, after.shipping_state, [s.state for s in after.shipments]) == (
        "awaiting_shipment",
        "not_shipped",
        ["open"],
    )
    assert [p.tracking_number for p in after.shipments[0].parcels] == ["T-1"]
    assert [mail.state for mail in mails(order, "tracking")] == ["sent"]
    assert len(facts(order, "ShippingUndone")) == 1
    with pytest.raises(Refused, match="Nothing was shipped"):
        perform(BEN, "not-shipped", order.id or 0, {"shipment": order.shipments[0].number})
    assert wrongs() == []


def test_c2_what_is_not_shipped_after_all_holds_back_a_mail_that_waits(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "ship", order.id or 0)
    perform(BEN, "not-shipped", order.id or 0, {"shipment": order.shipments[0].number})
    assert [mail.state for mail in mails(order, "shipped")] == ["withheld"]


def test_st3_nothing_of_a_cancelled_order_is_taken_back(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "ship", order.id or 0)
    with Session(db.engine()) as session:
        session.get_one(Order, order.id).cancelled_at = order.placed_at
        session.commit()
    for key, values in {
        "undo-ship": {"shipments": [order.shipments[0].number]},
        "not-shipped": {"shipment": order.shipments[0].number},
    }.items():
        with pytest.raises(Refused, match="The order is cancelled"):
            perform(BEN, key, order.id or 0, values)


def test_c9_a_tracking_mail_that_was_asked_for_can_be_held_back(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "ship", order.id or 0, {"mail": "off"})
    wish = {"shipment": order.shipments[0].number, "tracking": "T-2", "notify": "on"}
    done = perform(BEN, "edit-shipment", order.id or 0, wish)
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [mail.state for mail in mails(order, "tracking")] == ["withheld"]


def test_w5_quantities_are_told_by_unit_pieces_first() -> None:
    told = by_unit([("m", Decimal("1.5")), ("", Decimal(2)), ("Stk", Decimal(3)), ("m", Decimal(1))])
    assert list(told.items()) == [("", Decimal(5)), ("m", Decimal("2.5"))]
