"""An order that is sent again: what happened since is booked once, what else differs is named (API-1, API-2)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from callers import client
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import select
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.intake.take_in import Outcome, TakenIn, import_files, take_in
from backoffice_app.domain.listing import OrderFilter, counts, list_orders
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import History, Order, OutboxMail

LATER = "2026-11-22T10:00:00+01:00"
PAID = {
    "method": "invoice",
    "name": "Rechnung",
    "state": "paid",
    "paid_at": LATER,
    "provider_reference": "tr_9",
}


def at_once(call: Callable[[int], TakenIn]) -> list[TakenIn]:
    """What `call` returns to 20 threads that begin together."""
    gate = Barrier(20)

    def one(number: int) -> TakenIn:
        gate.wait(30)
        return call(number)

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, range(20)))


def changed(new: NewOrder, **fields: Any) -> NewOrder:
    """The same order as its shop sends it later."""
    return parse_order(new.as_json() | fields)


def lines_of(new: NewOrder, **first: Any) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = new.as_json()["lines"]
    return [lines[0] | first, *lines[1:]]


def sent_twice(
    shop: TestShop, new: NewOrder, actor: Actor = BEN, **fields: Any
) -> tuple[Order, list[str], list[str]]:
    """The order after it came, and came again twice with `fields` changed: what was booked and what differs, the first
    time.
    """
    first = take_in(actor, new)
    taken = take_in(actor, changed(new, **fields))
    assert (taken.created, taken.order_number) == (False, first.order_number)
    before = facts(taken.order_id)
    third = take_in(actor, changed(new, **fields))
    assert (third.again.booked, third.again.differs) == ((), taken.again.differs)
    assert facts(taken.order_id) == before
    assert wrongs() == []
    return (
        shop.load(first.order_id),
        [s.in_language("en") for s in taken.again.booked],
        [d.field for d in taken.again.differs],
    )


def facts(order_id: int) -> list[str]:
    with reading() as session:
        return list(
            session.exec(
                select(History.kind).where(History.subject_id == order_id).order_by(History.sequence)
            )
        )  # type: ignore[arg-type]


def test_api1_the_same_order_differs_in_nothing(shop: TestShop) -> None:
    order, booked, differs = sent_twice(
        shop, shop.new_order(lines=2, paid=True, tags=["gift", "Call first"], comment="Hello")
    )
    assert (booked, differs) == ([], [])
    assert order.version == 1


def test_pay1_money_that_came_since_is_booked_once(shop: TestShop) -> None:
    order, booked, differs = sent_twice(shop, shop.new_order(), payment=PAID)
    assert (order.payment_state, order.open_amount, [p.provider_reference for p in order.payments]) == (
        "paid",
        0,
        ["tr_9"],
    )
    assert (booked, differs) == (["A payment of €44.80 is booked."], [])
    assert order.payment_by_provider


def test_inv1_money_that_came_since_makes_the_invoice_where_the_policy_says_so(shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="when paid"))
    order, _booked, _differs = sent_twice(shop, shop.new_order(), payment=PAID)
    assert [d.kind for d in order.documents] == ["invoice"]


def test_pay1_what_a_colleague_booked_by_hand_is_not_booked_again(shop: TestShop) -> None:
    new = shop.new_order()
    taken = take_in(BEN, new)
    perform(OWNER, "pay", taken.order_id)
    again = take_in(BEN, changed(new, payment=PAID))
    assert ([p.amount for p in shop.load(taken.order_id).payments], again.again.differs) == ([4480], ())


def test_pay1_a_refund_that_the_shop_made_since_is_booked_once(shop: TestShop) -> None:
    refund = {
        "amount": "-10.00",
        "method": "card",
        "paid_at": LATER,
        "provider_reference": "re_1",
        "reason": "Broken",
    }
    new = shop.new_order(paid=True)
    order, booked, _differs = sent_twice(shop, new, payments=[refund])
    assert ([p.amount for p in order.payments], order.payment_state) == ([4480, -1000], "part_refunded")
    assert booked == ["A refund of €10.00 is booked."]


def test_ship1_what_left_the_shop_since_is_shipped_without_a_mail(shop: TestShop) -> None:
    gone = {
        "shipped_at": LATER,
        "carrier": "dhl",
        "tracking_numbers": ["00340"],
        "lines": [{"line": 0, "quantity": "2"}],
    }
    order, _booked, differs = sent_twice(shop, shop.new_order(lines=2), shipments=[gone])
    assert [(s.state, [p.tracking_number for p in s.parcels]) for s in order.shipments] == [
        ("open", []),
        ("shipped", ["00340"]),
    ]
    assert ([line.shipped for line in order.lines], order.shipping_state, differs) == (
        [2, 0],
        "part_shipped",
        [],
    )
    with reading() as session:
        assert session.exec(select(OutboxMail)).all() == []


def test_ship1_an_open_shipment_that_left_whole_keeps_its_number(shop: TestShop) -> None:
    new = shop.new_order(lines=2)
    number = shop.load(take_in(BEN, new).order_id).shipments[0].number
    order, _booked, _differs = sent_twice(
        shop, new, shipments=[{"shipped_at": LATER, "tracking_numbers": ["1Z"]}]
    )
    assert [(s.number, s.state, s.parcels[0].tracking_number) for s in order.shipments] == [
        (number, "shipped", "1Z")
    ]


def test_ship1_a_number_that_came_later_goes_to_the_parcel_without_one(shop: TestShop) -> None:
    new = shop.new_order(shipments=[{"shipped_at": LATER}])
    order, _booked, differs = sent_twice(
        shop, new, shipments=[{"shipped_at": LATER, "tracking_numbers": ["1Z"]}]
    )
    assert ([p.tracking_number for p in order.shipments[0].parcels], differs) == (["1Z"], [])


def test_w13_what_is_on_hold_waits_for_a_person_even_if_the_shop_shipped_it(shop: TestShop) -> None:
    new = shop.new_order()
    taken = take_in(BEN, new)
    perform(OWNER, "hold", taken.order_id)
    again = take_in(BEN, changed(new, shipments=[{"shipped_at": LATER}]))
    assert ([d.field for d in again.again.differs], shop.load(taken.order_id).shipping_state) == (
        ["shipments"],
        "not_shipped",
    )


def test_st2_pieces_cancelled_at_the_shop_are_not_shipped_and_not_invoiced(shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))
    new = shop.new_order(lines=2)
    order, _booked, differs = sent_twice(shop, new, lines=lines_of(new, cancelled="1"), total="64.75")
    assert ([line.cancelled for line in order.lines], order.total, differs) == ([1, 0], 6475, [])
    assert [packed.quantity for packed in order.shipments[0].lines] == [1, 2]
    perform(OWNER, "invoice", order.id or 0)
    assert [d.total for d in shop.load(order.id or 0).documents] == [6475]


def test_st2_pieces_cancelled_after_the_invoice_leave_its_sum_and_say_so(shop: TestShop) -> None:
    new = shop.new_order(lines=2)
    order, _booked, differs = sent_twice(shop, new, lines=lines_of(new, cancelled="2"), total="44.80")
    assert ([line.cancelled for line in order.lines], order.total, order.documents[0].total, differs) == (
        [2, 0],
        8470,
        8470,
        ["total"],
    )
    assert [packed.order_line_id for packed in order.shipments[0].lines] == [order.lines[1].id]


def test_ret1_what_came_back_to_the_shop_is_returned(shop: TestShop) -> None:
    new = shop.new_order(shipments=[{"shipped_at": LATER}])
    order, _booked, differs = sent_twice(shop, new, lines=lines_of(new, returned="1"))
    assert (order.lines[0].returned, order.return_state, differs) == (1, "part_returned", [])


def test_st1_an_order_cancelled_at_the_shop_ships_nothing(shop: TestShop) -> None:
    order, booked, differs = sent_twice(shop, shop.new_order(), cancelled_at=LATER)
    assert (order.status, [s.state for s in order.shipments], differs) == ("cancelled", ["cancelled"], [])
    assert booked[0] == "The order is cancelled, as it is at the shop."
    assert order.documents[0].number in booked[1]


def test_st1_what_has_left_is_not_cancelled_by_a_message(shop: TestShop) -> None:
    new = shop.new_order()
    taken = take_in(BEN, new)
    perform(OWNER, "ship", taken.order_id)
    again = take_in(BEN, changed(new, cancelled_at=LATER))
    assert ([d.field for d in again.again.differs], shop.load(taken.order_id).status) == (
        ["cancelled_at"],
        "awaiting_payment",
    )


def test_api1_all_else_that_differs_is_named_with_both_values_and_changes_nothing(shop: TestShop) -> None:
    new = shop.new_order()
    address = new.as_json()["billing_address"] | {"street": "Nebenstraße 3"}
    fields = {
        "billing_address": address,
        "comment": "Ring twice",
        "tags": ["gift"],
        "lines": lines_of(new, quantity="3"),
        "total": "64.75",
    }
    order, booked, differs = sent_twice(shop, new, **fields)
    assert differs == ["total", "billing_address.street", "comment", "tags", "lines[0].quantity"]
    assert (booked, order.total, order.comment) == ([], 4480, "")
    assert facts(order.id or 0).count("OrderSentAgain") == 1


def test_aud1_the_history_says_in_what_it_differs(shop: TestShop) -> None:
    from backoffice_app.domain.history import history_of

    order, _booked, _differs = sent_twice(shop, shop.new_order(), comment="Ring twice", total="44.80")
    with reading() as session:
        told = history_of(session, (ORDER, order.id or 0), OWNER, "de", "Europe/Berlin")[0].sentence
    assert (
        told
        == "my-shop hat die Bestellung noch einmal gesendet, und sie weicht ab: Kommentar. Kontor behält, was es hat."
    )


def test_api1_the_answer_names_what_differs(shop: TestShop) -> None:
    caller, new = client(), shop.new_order()
    first = caller.post("/api/v1/orders", json=new.as_json())
    again = caller.post("/api/v1/orders", json=changed(new, comment="Ring twice").as_json())
    assert (first.status_code, first.json()["differs"]) == (201, [])
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
    assert again.json()["differs"] == [{"field": "comment", "kept": "", "sent": "Ring twice"}]


def test_a14_a_guessed_reference_cancels_no_order_of_others(shop: TestShop) -> None:
    new = shop.new_order()
    taken = take_in(OWNER, new)
    guess = client().post("/api/v1/orders", json=changed(new, cancelled_at=LATER).as_json())
    assert (guess.status_code, shop.load(taken.order_id).cancelled_at) == (409, None)


def test_api2_an_import_says_what_it_booked_and_what_differs(shop: TestShop, tmp_path: Path) -> None:
    paid, other, same = shop.new_order(), shop.new_order(), shop.new_order()
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([o.as_json() for o in (paid, other, same)]))
    list(import_files(OWNER, [file]))
    file.write_text(
        json.dumps(
            [changed(paid, payment=PAID).as_json(), changed(other, comment="Later").as_json(), same.as_json()]
        )
    )
    dry = list(import_files(OWNER, [file], dry_run=True))
    rows = list(import_files(OWNER, [file]))
    assert [row.outcome for row in dry] == [Outcome.WOULD_BE_UPDATED, Outcome.SKIPPED, Outcome.SKIPPED]
    assert [row.outcome for row in rows] == [Outcome.UPDATED, Outcome.SKIPPED, Outcome.SKIPPED]
    assert [r.in_language("en") for r in rows[1].remarks] == [
        "comment differs: kept is “–”, sent was “Later”. Nothing was changed."
    ]
    assert rows[2].remarks == ()


def test_pay1_twenty_messages_that_it_was_paid_book_it_once(shop: TestShop) -> None:
    new = shop.new_order()
    taken = take_in(BEN, new)
    paid = changed(new, payment=PAID, shipments=[{"shipped_at": LATER, "tracking_numbers": ["1Z"]}])
    answers = at_once(lambda _n: take_in(BEN, paid))
    assert {answer.order_number for answer in answers} == {taken.order_number}
    assert sum(bool(answer.again.booked) for answer in answers) == 1
    order = shop.load(taken.order_id)
    assert ([p.amount for p in order.payments], [s.state for s in order.shipments], order.status) == (
        [4480],
        ["shipped"],
        "completed",
    )


def test_api1_what_differs_stands_on_the_order_until_a_person_has_dealt_with_it(shop: TestShop) -> None:
    new = shop.new_order()
    other = changed(new, comment="Ring twice", lines=lines_of(new, quantity="3", unit_price="13.30"))
    order_id = take_in(BEN, new).order_id
    untouched = shop.order()
    assert (reason_of_seen(shop.load(order_id)), listed()) == ("Nothing differs from what was sent.", [])
    take_in(BEN, other)
    order = shop.load(order_id)
    assert listed() == [order.number]
    assert seen_by(OWNER, order, "de") == [
        "Kommentar: behalten ist „–“, gesendet wurde „Ring twice“.",
        "Position 1, Menge: behalten ist „2“, gesendet wurde „3“.",
        "Position 1, Stückpreis: behalten ist „19,95“, gesendet wurde „13,3“.",
    ]
    assert seen_by(WAREHOUSE, order, "en")[2] == "Line 1, Unit price: differs."
    perform(BEN, "differences-seen", order_id)
    take_in(BEN, other)
    assert (seen_by(OWNER, shop.load(order_id), "de"), listed()) == ([], [])
    take_in(BEN, changed(new, comment="Ring thrice"))
    take_in(BEN, changed(new, comment="Ring four times"))
    [still] = seen_by(OWNER, shop.load(order_id), "en")
    assert "Ring four times" in still
    assert untouched.number not in listed()
    with pytest.raises(Refused, match="do not have the right"):
        perform(WAREHOUSE, "differences-seen", order_id)
    assert wrongs() == []


def listed() -> list[str]:
    """The orders of the view of those that were sent differently, and that its tab counts as many."""
    with reading() as session:
        found = [row[0] for row in list_orders(session, OrderFilter(view="differing"), OWNER, "en").rows]
        assert counts(session, OWNER, "en")["differing"] == str(len(found))
    return found


def seen_by(actor: Actor, order: Order, language: str) -> list[str]:
    with reading() as session:
        return list(order_window(session, order.number, actor, language).blocks["warnings"].differs)


def reason_of_seen(order: Order) -> str:
    reason = ACTIONS["differences-seen"].why_not(order)
    return reason.in_language("en") if reason else ""
