"""Every action goes through one door: right, input, lock, version, rule (ST-3, SEC-2, W-16)."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import ACTIONS, action, parse_input, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.models import History, OrderAddress, OutboxMail

ANYTHING: Mapping[str, object] = {"no such field": 1}


def facts() -> list[str]:
    with Session(db.engine()) as session:
        return list(session.exec(select(History.kind).order_by(col(History.sequence))).all())


def test_an_unknown_action_is_not_found(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(NotFound, match="fly"):
        perform(OWNER, "fly", order.id or 0)


@pytest.mark.parametrize("id_", [0, -1, 999_999, 2**63, 10**30, -(10**30)])
def test_an_order_that_is_not_there_is_not_found_whatever_its_id(shop: TestShop, id_: int) -> None:
    with pytest.raises(NotFound):
        perform(OWNER, "ship", id_)


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_sec2_the_right_is_asked_before_anything_is_looked_at(small_shop: TestShop, key: str) -> None:
    with pytest.raises(Refused, match="do not have the right"):
        perform(READER, key, 999_999, ANYTHING)


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_the_input_is_judged_before_the_order_is_locked(small_shop: TestShop, key: str) -> None:
    actor = replace(OWNER, rights=OWNER.rights | {ACTIONS[key].right})  # some are for keys of a shop alone
    with pytest.raises(Invalid) as refused:
        perform(actor, key, 999_999, dict.fromkeys(ACTIONS[key].input.model_fields, "") | ANYTHING)
    assert refused.value.field


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\0"])
@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("ship", {}, "tracking"),
        ("hold", {}, "reason"),
        ("edit-address", {"kind": "billing", "country": "DE"}, "name"),
        ("pay", {}, "method"),
        ("edit-shipment", {"shipment": "L-2026-0001"}, "tracking"),
        ("edit-shipment", {}, "shipment"),
        ("part-shipment", {"shipment": "L-2026-0001", "quantities": {}}, "tracking"),
        ("part-shipment", {"quantities": {"1": "1"}}, "shipment"),
        ("send-invoice", {}, "number"),
    ],
)
def test_what_is_no_text_is_refused_by_name_on_both_databases(
    shop: TestShop, key: str, values: Mapping[str, object], field: str, text: str
) -> None:
    order = shop.order()
    with pytest.raises(Invalid) as refused:
        perform(OWNER, key, order.id or 0, {**values, field: text})
    assert refused.value.field == field
    assert shop.load(order.id or 0).version == order.version


def test_w16_a_form_that_others_have_overtaken_is_refused(shop: TestShop) -> None:
    order = shop.order()
    values = {"kind": "billing", "name": "Eva", "country": "DE"}
    perform(BEN, "edit-address", order.id or 0, values, seen=order.version)
    with pytest.raises(Refused, match="This order was changed meanwhile"):
        perform(OWNER, "edit-address", order.id or 0, values | {"name": "Max"}, seen=order.version)
    assert shop.load(order.id or 0).customer_name == "Eva"
    perform(OWNER, "edit-address", order.id or 0, values | {"name": "Max"}, seen=order.version + 1)


def test_a_second_action_of_one_key_is_a_mistake_of_ours() -> None:
    one = ACTIONS["hold"]
    with pytest.raises(ValueError, match="registers an action 'hold', which kontor registered before"):
        action(
            subject=ORDER, key="hold", label=one.label, right=one.right, why_not=one.why_not, input=one.input
        )(one.run)


def test_w1_saving_an_address_as_it_is_changes_nothing(shop: TestShop) -> None:
    order = shop.order()
    same = {
        "name": "Ada Kovač",
        "street": "Hauptstraße 12",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    }
    for kind in ("billing", "shipping"):
        assert not perform(BEN, "edit-address", order.id or 0, {"kind": kind, **same}).changed
    with Session(db.engine()) as session:
        assert [a.kind for a in session.exec(select(OrderAddress))] == ["billing"]
    assert "AddressChanged" not in facts()


def test_api1_fields_of_an_address_that_are_left_out_stay(shop: TestShop) -> None:
    order = shop.order()
    assert perform(
        BEN,
        "edit-address",
        order.id or 0,
        {"kind": "billing", "city": "Köln", "company": "Kovač GmbH", "name": ""},
    ).changed
    [address] = shop.load(order.id or 0).addresses
    told = (address.company, address.name, address.street, address.city, address.country)
    assert told == ("Kovač GmbH", "", "Hauptstraße 12", "Köln", "DE")
    with pytest.raises(Invalid) as no:
        perform(BEN, "edit-address", order.id or 0, {"kind": "billing", "company": ""})
    assert no.value.field == "name"


def test_w21_undo_takes_the_number_back_that_came_with_the_click(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": order.shipments[0].number, "tracking": "FIRST"})
    done = perform(BEN, "ship", order.id or 0, {"tracking": "WRONG"})
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [p.tracking_number for p in shop.load(order.id or 0).shipments[0].parcels] == ["FIRST"]
    perform(BEN, "ship", order.id or 0, {"tracking": "RIGHT"})
    with Session(db.engine()) as session:
        mail = session.exec(
            select(OutboxMail).where(OutboxMail.kind == "tracking").order_by(col(OutboxMail.id).desc())
        ).first()
    assert mail
    assert "RIGHT" in mail.body
    assert "WRONG" not in mail.body


def test_w21_undo_leaves_a_number_that_was_there_before(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": order.shipments[0].number, "tracking": "FIRST"})
    done = perform(BEN, "ship", order.id or 0, {"tracking": "FIRST"})
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [p.tracking_number for p in small_shop.load(order.id or 0).shipments[0].parcels] == ["FIRST"]


def test_w21_what_came_in_as_shipped_or_left_a_while_ago_is_not_taken_back(small_shop: TestShop) -> None:
    wish = small_shop.new_order(customer={"email": ""}).as_json()
    wish["shipments"] = [{"shipped_at": "2026-11-20T12:00:00+01:00", "carrier": "dhl"}]
    taken = take_in(OWNER, parse_order(wish))
    number = small_shop.load(taken.order_id).shipments[0].number
    with pytest.raises(Refused, match="shipped a while ago"):
        perform(BEN, "undo-ship", taken.order_id, {"shipments": [number]})
    with pytest.raises(Refused, match="not marked as shipped"):
        perform(BEN, "undo-ship", taken.order_id, {"shipments": ["L-2026-9999"]})
    assert wrongs() == []


def test_w21_undo_of_a_payment_takes_back_that_one_alone(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0, {"amount": "10.00"})
    done = perform(BEN, "pay", order.id or 0)
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    with pytest.raises(Refused, match="taken back already"):
        perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    after = shop.load(order.id or 0)
    assert [p.amount for p in after.payments] == [1000, 3480, -3480]
    assert (after.payment_state, after.open_amount) == ("part_paid", 3480)
    assert wrongs() == []


def test_st1_what_was_refunded_is_not_open_again_and_asks_for_no_payment(shop: TestShop) -> None:
    order = shop.order(paid=True, payments=[{"amount": "-10.00", "reason": "refund"}])
    assert (order.payment_state, order.open_amount, order.due_on) == ("part_refunded", 0, None)
    with pytest.raises(Refused, match="Nothing is open"):
        perform(BEN, "pay", order.id or 0)


def test_aud1_what_is_refused_leaves_no_fact_and_no_mail(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "hold", order.id or 0)
    before = facts()
    for key, values in {
        "ship": {},
        "hold": {},
        "invoice": {},
        "undo-ship": {"shipments": ["x"]},
        "not-paid": {},
    }.items():
        with pytest.raises(Refused):
            perform(BEN, key, order.id or 0, values)
    assert facts() == before
    assert json.dumps(wrongs()) == "[]"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"tracking": "1" * 101}, "tracking", "Hat mehr als 100 Zeichen."),
        ({"tracking": 5}, "tracking", "Muss Text sein."),
        ({"colour": "red"}, "colour", "Ein Feld dieses Namens gibt es nicht."),
    ],
)
def test_l2_what_is_wrong_with_a_field_is_said_in_the_readers_language(
    values: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(Invalid) as no:
        parse_input(ACTIONS["ship"].input, values)

    assert (no.value.field, no.value.reason.in_language("de")) == (field, reason)
