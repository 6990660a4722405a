"""`/api/v1/<path>/<number>/actions`: the API does what buttons do, by the same rules and in the same words (API-1,
ST-3, SEC-2, SEC-4).
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier
from typing import Any

import pytest
from callers import client
from databases import OWNER, TestShop
from httpx import Response
from sqlalchemy import event, text
from sqlmodel import Session, SQLModel, col, select
from starlette.testclient import TestClient

from backoffice_app import db, load
from backoffice_app.domain import people
from backoffice_app.domain.core.actions import ACTIONS, Action, perform
from backoffice_app.domain.core.resources import RESOURCES, offer
from backoffice_app.domain.core.rights import RIGHT_NAMES, Actor, ActorKind, Right
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.custom_status.manage import LIST as STATUSES
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.domain.orders.actions import why_not_resume
from backoffice_app.domain.orders.draft import begin_draft
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.refunds import record_refund
from backoffice_app.domain.window import order_window
from backoffice_app.models import History, Order, OrderFile, OrderNote, OutboxMail, Task

load.domain()
ORDERS = "/api/v1/orders"
OF_ORDERS = RESOURCES["orders"].actions()
OFFERED = [action for action in OF_ORDERS if action.offered]
PICKUP = {"method": "pickup", "name": "Abholung", "price": "4.90", "vat_rate": "19"}
NO_VAT = [{"sku": "A", "name": "Ware", "quantity": "3", "unit_price": "20.00", "vat_rate": "0"}]
ALL = " ".join(scope for scope in ("orders:read", "ship", "pay", "invoice", "edit", "tasks"))


def policy(name: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration.model_validate({"invoice_policy": name}))


def after(shop: TestShop, order: Order, *steps: tuple[str, dict[str, object]]) -> Order:
    """The order when the owner has done these."""
    for key, values in steps:
        perform(OWNER, key, order.id or 0, values, answers=["unpaid-4480"])
    return shop.load(order.id or 0)


def parted(shop: TestShop) -> Order:
    order = shop.order(paid=True)
    return after(
        shop, order, ("part-shipment", {"shipment": order.shipments[0].number, "quantities": {"1": "1"}})
    )


def uninvoiced(shop: TestShop) -> Order:
    policy("by hand")
    order = shop.order(lines=2)
    policy("at once")
    return order


def unclear(shop: TestShop) -> Order:
    """An order whose tax case a person must choose."""
    data = shop.new_order().as_json() | {"lines": NO_VAT, "shipping": None, "total": "60.00"}
    with work(OWNER) as w:
        placed = place_order(w, parse_order(data))
    return shop.load(placed.id or 0)


def part_shipped(shop: TestShop) -> Order:
    order = shop.order(lines=2, paid=True)
    return after(
        shop,
        order,
        ("part-shipment", {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True}),
    )


def to_refund(shop: TestShop) -> Order:
    """Too much was paid, and a refund of it is asked for."""
    order = after(shop, shop.order(), ("pay", {}))
    with work(OWNER) as w:
        record_refund(w, w.lock(ORDER, order.id or 0), 200)
    return shop.load(order.id or 0)


def copied(shop: TestShop) -> Order:
    done = perform(OWNER, "copy", shop.order().id or 0)
    with db.reading() as session:
        return shop.load(id_of_number(session, done.made["orders"][0]))


def empty_draft(shop: TestShop) -> Order:
    number = begin_draft(OWNER)
    with db.reading() as session:
        return shop.load(id_of_number(session, number))


def sent_differently(shop: TestShop) -> Order:
    """An order that came again with another product."""
    sent = shop.new_order().as_json()
    first = take_in(OWNER, parse_order(sent))
    take_in(OWNER, parse_order(sent | {"lines": [{**sent["lines"][0], "name": "Another mug"}]}))
    return shop.load(first.order_id)


def coming_back(shop: TestShop, *steps: tuple[str, dict[str, object]]) -> Order:
    """An order of which a piece comes back, when these were done to its return."""
    order = after(
        shop,
        shop.order(paid=True),
        ("ship", {"tracking": "T-1"}),
        ("create-return", {"quantities": {"1": "1"}}),
    )
    return after(
        shop, order, *((key, {"return": order.returns[0].number, **values}) for key, values in steps)
    )


def credited(shop: TestShop) -> Order:
    """An order with a credit note over a part."""
    order = shop.order(paid=True)
    return after(shop, order, ("credit-note", {"invoice": order.documents[0].number, "amount": "1.00"}))


def overpaid(shop: TestShop) -> Order:
    """An order of which too much was paid, beside another one of the same customer."""
    shop.order()
    order = shop.order()
    perform(OWNER, "pay", order.id or 0, {"amount": "50.00"}, answers=["over-5000-520"])
    return shop.load(order.id or 0)


def kept_with(shop: TestShop) -> Order:
    """An order with tasks, a tag and a file of colleagues, and a note of the newest key for a colleague."""
    key = Actor(ActorKind.API_KEY, "A shop", frozenset({Right.TASKS}), id=people.api_keys()[-1].id)
    order = shop.order(tags=["x"])
    perform(key, "add-note", order.id or 0, {"note": "Hello"})
    with work(OWNER) as w:
        w.session.exec(select(OrderNote).where(OrderNote.order_id == order.id)).one().for_id = 77
    told: tuple[tuple[str, dict[str, object]], ...] = (
        ("add-task", {"title": "Open"}),
        ("add-task", {"title": "Done", "status": "done"}),
        ("attach-file", {"name": "a.txt", "content": "aGVsbG8="}),
    )
    return after(shop, order, *told)


def of_desk(order: Order) -> dict[str, object]:
    """What actions about tasks, notes and files of an order name."""
    with db.reading() as session:
        tasks = session.exec(select(Task.id).where(Task.order_id == order.id).order_by(col(Task.id))).all()
        notes = session.exec(select(OrderNote.id).where(OrderNote.order_id == order.id)).all()
        files = session.exec(select(OrderFile.public_id).where(OrderFile.order_id == order.id)).all()
    found = {"task": str(tasks[0]) if tasks else "0", "done": str(tasks[1]) if len(tasks) > 1 else "0"}
    return found | {"which": str(notes[0]) if notes else "0", "file": files[0] if files else "x"}


def moved(shop: TestShop) -> Order:
    """What was too much went to the other order."""
    order = overpaid(shop)
    return after(shop, order, ("move-payment", {"order": str(int(order.number) - 1)}))


def kept_as_credit(shop: TestShop) -> Order:
    """What was too much is credit of the customer."""
    return after(shop, overpaid(shop), ("keep-credit", {}))


def with_credit(shop: TestShop) -> Order:
    """An order that its customer's credit can pay."""
    kept_as_credit(shop)
    return shop.order()


def looked_at(shop: TestShop) -> Order:
    """An order whose address lacks its house number, in a shop with a status of its own."""
    with db.reading() as session:
        is_there = bool(all_statuses(session))
    if not is_there:
        STATUSES.add(OWNER, {"name-en": "x"})
    return shop.order(
        billing_address={
            "name": "Ada",
            "street": "Lindenallee",
            "postcode": "10827",
            "city": "Berlin",
            "country": "DE",
        }
    )


STATES: dict[str, Callable[[TestShop], Order]] = {
    "new": lambda shop: shop.order(lines=2),
    "not invoiced": uninvoiced,
    "unclear tax case": unclear,
    "part paid": lambda shop: after(shop, shop.order(), ("pay", {"amount": "10"})),
    "on hold": lambda shop: after(shop, shop.order(), ("hold", {"reason": "asks"})),
    "in parts": parted,
    "shipped": lambda shop: after(shop, shop.order(paid=True), ("ship", {"tracking": "T-1"})),
    "return requested": coming_back,
    "return received": lambda shop: coming_back(shop, ("receive-return", {})),
    "fetched by its customer": lambda shop: shop.order(paid=True, shipping=PICKUP),
    "ready to be fetched": lambda shop: after(
        shop, shop.order(paid=True, shipping=PICKUP), ("ready-for-pickup", {})
    ),
    "cancelled": lambda shop: shop.order(cancelled_at="2026-11-20T10:00:00+01:00"),
    "part shipped": part_shipped,
    "to refund": to_refund,
    "a draft": copied,
    "an empty draft": empty_draft,
    "sent differently": sent_differently,
    "credited": credited,
    "paid too much": overpaid,
    "moved": moved,
    "kept as credit": kept_as_credit,
    "with credit": with_credit,
    "charged back": lambda shop: after(shop, shop.order(paid=True), ("charge-back", {})),
    "withdrawn": lambda shop: after(shop, shop.order(paid=True), ("ship", {}), ("withdraw", {})),
    "kept with": kept_with,
    "to look at": looked_at,
    "without e-mail": lambda shop: shop.order(customer={"email": "", "last_name": "Kovač"}),
}


def values_for(action: Action[Any, Any], order: Order) -> dict[str, object]:
    """What an action can't do without, as a caller finds it in the order."""
    shipment = next((s.number for s in reversed(order.shipments)), "L-0")
    known: dict[str, object] = {
        "shipment": shipment,
        "return": next((one.number for one in reversed(order.returns)), "R-0"),
        "shipments": [shipment],
        "quantities": {"1": "1"},
        "number": order.documents[-1].number if order.documents else "RE-0",
        "invoice": next((d.number for d in order.documents if d.kind == "invoice"), "RE-0"),
        "payments": ["1"],
        "payment": str(len(order.payments) or 1),
        "order": str(int(order.number) - 1) if order.number.isdecimal() else "0",
        "about": "shipment-1-1",
        "kind": "billing",
        "category": "Z",
        "once": "a-dialog-1",
        "amount": "1.00",
        "refund": "1",
        "state": "done",
        "email": "neu@example.com",
        "lines": [{"rank": 1, "quantity": "1"}],
        "content": "aGVsbG8gdGhlcmU=",
        "name": "b.txt",
        **(of_desk(order) if action.right is Right.TASKS else {}),
    }
    if action.key == "reopen-task":
        known["task"] = known["done"]
    required = [
        field.alias or name for name, field in action.input.model_fields.items() if field.is_required()
    ]
    given = {name: known.get(name, "x") for name in required}
    changing = {
        "customer-mail": {"message": "Hello"},
        "edit-address": {"city": "Köln"},
        "edit-shipment": {"tracking": "T-9"},
    }
    changing |= {
        "edit-order-customer": {"phone": "+49 30 99"},
        "change-methods": {"payment_method": "invoice"},
    }
    changing |= {"edit-task": {"title": "Another"}, "edit-note": {"note": "Another"}}
    changing |= {"credit-note": {"amount": "1.00"}, "edit-invoice": {"own_text": "Thank you"}}
    return given | changing.get(action.key, {})


def post(
    caller: TestClient, order: Order, key: str, values: object = None, query: str = "", **headers: str
) -> Response:
    return caller.post(
        f"{ORDERS}/{order.number}/actions/{key}{query}",
        json={} if values is None else values,
        headers=headers,
    )


def listed(caller: TestClient, order: Order, **headers: str) -> dict[str, dict[str, Any]]:
    answer = caller.get(f"{ORDERS}/{order.number}/actions", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["key"]: one for one in answer.json()}


def contents() -> dict[str, list[Any]]:
    """All rows of all tables but the keys, whose last use is noted."""
    with db.engine().connect() as connection:
        names = sorted(set(SQLModel.metadata.tables) - {"api_key"})
        return {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in names
        }


def mails(order: Order) -> list[OutboxMail]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(OutboxMail).where(OutboxMail.order_id == order.id).order_by(col(OutboxMail.id))
            ).all()
        )


@pytest.mark.twins
def test_st3_what_the_list_says_is_what_the_call_answers_in_each_state(shop: TestShop) -> None:
    """Every action in every state: 409 with the very sentence of the list, or it can be done.

    Nothing of it leaves a trace.
    """
    caller = client(ALL)
    orders = {state: make(shop) for state, make in STATES.items()}
    before, allowed, refused = contents(), set(), set()

    for state, order in orders.items():
        for key, one in listed(caller, order).items():
            answer = post(caller, order, key, values_for(ACTIONS[key], order), "?preview=1")
            where = f"{key}, {state}: {answer.text}"
            assert (one["why"] is None) is one["may"], where
            if one["may"]:
                assert answer.status_code in {200, 409, 422}, where
                allowed |= {key} if answer.status_code == 200 and answer.json()["changed"] else set()
            elif answer.status_code == 409:
                assert answer.json()["detail"].startswith(one["why"].removesuffix(".")), (
                    where
                )  # some say besides who was first
                refused.add(key)
            else:
                assert (answer.status_code, answer.json().get("changed")) == (200, False), (
                    where
                )  # it was so already
    assert contents() == before
    assert allowed == {action.key for action in OFFERED}
    assert refused == allowed


@pytest.mark.twins
@pytest.mark.parametrize("each_call", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_st3_button_list_and_refusal_say_the_same_in_english_and_german(
    shop: TestShop, *, each_call: bool
) -> None:
    """Of each action in each state: the reason on the button and the list of the API, and its 409, word for word.

    Without `each_call` an action is called in the first state that refuses it; the test above calls it in all, in
    English.
    """
    caller = client(ALL)
    compared: dict[str, set[str]] = {"en": set(), "de": set()}
    for state, make in STATES.items():
        order = make(shop)
        for language, keys in compared.items():
            spoken = {"Accept-Language": language}
            with db.reading() as session:
                buttons = order_window(session, order.number, OWNER, language).actions
            for key, one in listed(caller, order, **spoken).items():
                where = f"{key}, {state}, {language}"
                assert (buttons[key].reason, buttons[key].enabled) == (one["why"] or "", one["may"]), where
                if one["may"] or (key in keys and not each_call):
                    continue
                answer = post(caller, order, key, values_for(ACTIONS[key], order), "?preview=1", **spoken)
                if answer.status_code == 409:
                    assert answer.json()["detail"].startswith(one["why"].removesuffix(".")), (
                        where
                    )  # some say besides who was first
                    keys.add(key)
    assert compared["en"] == compared["de"] == {action.key for action in OFFERED}


@pytest.mark.twins
@pytest.mark.parametrize("key", [action.key for action in OFFERED])
def test_api1_each_action_is_done_as_its_preview_said_by_the_key(shop: TestShop, key: str) -> None:
    caller = client(ALL)
    order, answer = first_that_can(shop, caller, key)
    values = values_for(ACTIONS[key], order)
    done = post(caller, order, key, values)
    told = done.json()
    assert (done.status_code, told["changed"]) == (200, True), done.text
    ignored = {
        "mails",
        "undo",
        "message",
        "orders",
        "tasks",
        "notes",
        "files",
    }  # the ids of rows are given out once, rolled back or not
    assert {name: told[name] for name in told.keys() - ignored} == {
        name: answer[name] for name in answer.keys() - ignored
    }
    assert len(told["mails"]) == len(answer["mails"])
    with Session(db.engine()) as session:
        last = session.exec(select(History).order_by(col(History.sequence).desc())).first()
    assert last is not None
    assert (last.actor_kind, last.actor_name) == ("api-key", "A shop")


def first_that_can(shop: TestShop, caller: TestClient, key: str) -> tuple[Order, dict[str, Any]]:
    """An order in the first state in which the action does something, and what its preview says."""
    for make in STATES.values():
        order = make(shop)
        answer = post(caller, order, key, values_for(ACTIONS[key], order), "?preview=1")
        if answer.status_code == 200 and answer.json()["changed"]:
            return order, answer.json()
    raise AssertionError(f"in none of these states {key} can be done")


def test_api1_what_came_of_it_is_named_as_the_order_names_it(shop: TestShop) -> None:
    caller = client(ALL)
    order = uninvoiced(shop)

    issued = post(caller, order, "invoice").json()
    paid = post(caller, order, "pay", {"amount": "10.00"}).json()
    part = post(
        caller, order, "part-shipment", {"shipment": order.shipments[0].number, "quantities": {"2": "1.0"}}
    ).json()
    sent = post(caller, order, "ship", {"tracking": "T-1", "carrier": "dhl"}).json()
    now = caller.get(f"{ORDERS}/{order.number}").json()

    assert issued["documents"] == [document["number"] for document in now["documents"]]
    assert paid["payments"] == [payment["number"] for payment in now["payments"]] == ["1"]
    assert part["shipments"] == [now["shipments"][1]["number"]]
    assert sorted(sent["shipments"]) == [shipment["number"] for shipment in now["shipments"]]
    assert [paid["mails"], sent["mails"]] == [[str(mail.id)] for mail in mails(order)]
    assert (issued["returns"], issued["payments"], sent["documents"]) == ([], [], [])
    assert now["lines"][1]["rank"] == 2


def test_inv6_a_program_credits_cancels_and_finds_which_document_takes_back_which(shop: TestShop) -> None:
    caller, order = client(ALL), shop.order(paid=True)
    asked = {"invoice": "RE-2026-0001", "quantities": {"1": "1"}, "fee": "2.00", "fee_reason": "Rücksendung"}

    tried = post(caller, order, "credit-note", asked, "?preview=1").json()
    assert (tried["message"], tried["documents"]) == (
        "Credit note GS-2026-0001 issued: €17.95.",
        ["GS-2026-0001"],
    )
    assert len(caller.get(f"{ORDERS}/{order.number}").json()["documents"]) == 1
    assert post(caller, order, "credit-note", asked).json()["documents"] == ["GS-2026-0001"]
    wrong = post(caller, order, "credit-note", asked | {"quantities": {"1": "2"}})
    assert (wrong.status_code, "quantities.1" in wrong.text) == (422, True)
    assert post(caller, order, "cancel-invoice", {"invoice": "RE-2026-0001"}).json()["documents"] == [
        "ST-2026-0001"
    ]

    found = caller.get(f"{ORDERS}/{order.number}").json()["documents"]
    assert [(d["kind"], d["credits"], d["total"], d["open"]) for d in found] == [
        ("invoice", None, "44.80", "0.00"),
        ("credit_note", "RE-2026-0001", "-17.95", "17.95"),
        ("cancellation", "RE-2026-0001", "-26.85", "26.85"),
    ]
    assert caller.get(found[1]["pdf"]).content.startswith(b"%PDF")


def test_w21_the_answer_says_how_it_is_taken_back(shop: TestShop) -> None:
    caller, order = client(ALL), shop.order()
    for key, values in (
        ("pay", {"amount": "10"}),
        ("ship", {}),
        ("hold", {}),
        ("customer-mail", {"message": "Hello"}),
    ):
        undo = post(caller, order, key, values).json()["undo"]
        assert post(caller, order, undo["key"], undo["input"]).json()["changed"] is True
    told = caller.get(f"{ORDERS}/{order.number}").json()
    assert (told["payment_state"], told["shipping_state"], told["status"]) == (
        "unpaid",
        "not_shipped",
        "awaiting_shipment",
    )
    assert {mail.state for mail in mails(order)} == {"withheld"}


def test_pay1_one_payment_is_taken_back_by_its_number(shop: TestShop) -> None:
    caller, order = client(ALL), shop.order()
    [first], [_second] = (
        post(caller, order, "pay", {"amount": amount}).json()["payments"] for amount in ("10.00", "15.00")
    )
    [counter] = post(caller, order, "not-paid", {"payment": first}).json()["payments"]
    amounts = {
        payment["number"]: payment["amount"]
        for payment in caller.get(f"{ORDERS}/{order.number}").json()["payments"]
    }
    assert amounts == {"1": "10.00", "2": "15.00", counter: "-10.00"}


def test_w5_two_calls_at_once_ship_once_and_write_one_mail(shop: TestShop) -> None:
    order, gate = shop.order(paid=True), Barrier(4)
    callers = [client(ALL) for _n in range(4)]

    def ship(caller: TestClient) -> dict[str, Any]:
        gate.wait(30)
        answer = post(caller, order, "ship")
        assert answer.status_code == 200, answer.text
        return answer.json()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ship, callers))
    assert sorted(answer["changed"] for answer in answers) == [False, False, False, True]
    assert {len(answer["mails"]) for answer in answers if not answer["changed"]} == {0}
    assert [mail.kind for mail in mails(order)] == ["shipped"]


def test_p9_a_call_reads_the_order_once_under_its_lock(small_shop: TestShop) -> None:
    order, caller = small_shop.order(), client("orders:read edit")
    asked: list[str] = []
    note = lambda _connection, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        assert post(caller, order, "hold").json()["changed"]
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    assert len([statement for statement in asked if "FROM order_line" in statement]) == 1


def test_w16_a_call_that_names_the_version_does_not_overwrite_another(shop: TestShop) -> None:
    caller, order = client(ALL), shop.order()
    address = f"{ORDERS}/{order.number}"
    tag = caller.get(f"{address}/actions").headers["etag"]
    assert tag == f'"{caller.get(address).json()["version"]}"'
    first = post(caller, order, "edit-address", {"kind": "billing", "city": "Bremen"}, **{"If-Match": tag})
    again = post(caller, order, "edit-address", {"kind": "billing", "city": "Köln"}, **{"If-Match": tag})
    assert (first.status_code, again.status_code, again.headers["content-type"]) == (
        200,
        412,
        "application/problem+json",
    )
    assert first.headers["etag"] not in {tag, ""}
    assert caller.get(address).json()["billing_address"]["city"] == "Bremen"
    for seen in (first.headers["etag"], f"W/{caller.get(f'{address}/actions').headers['etag']}", "*"):
        assert (
            post(caller, order, "pay", {"amount": "1"}, "?preview=1", **{"If-Match": seen}).status_code == 200
        )
    assert post(caller, order, "pay", {}, **{"If-Match": '"x"'}).status_code == 412


def test_api1_a_key_that_would_not_be_kept_is_refused(small_shop: TestShop) -> None:
    caller, order = client(ALL), small_shop.order()
    answer = post(caller, order, "pay", {"amount": "1"}, **{"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert small_shop.load(order.id or 0).payments == []


def test_l1_the_list_and_the_answer_speak_the_callers_language(small_shop: TestShop) -> None:
    caller, order = client(ALL), small_shop.order()
    german = listed(caller, order, **{"Accept-Language": "de-DE"})
    assert (german["ship"]["label"], listed(caller, order)["ship"]["label"]) == ("Versendet", "Shipped")
    assert german["resume"]["why"] == why_not_resume(order).in_language("de")  # type: ignore[union-attr]
    assert (
        post(caller, order, "pay", {"mail": False}, **{"Accept-Language": "de"}).json()["message"]
        == "Zahlung verbucht."
    )


def test_api1_a_body_may_be_empty_or_left_out(small_shop: TestShop) -> None:
    caller, order = client(ALL), small_shop.order()
    path = f"{ORDERS}/{order.number}/actions"
    answers = [
        caller.post(f"{path}/hold"),
        caller.post(f"{path}/resume", content=b"", headers={"Content-Type": "application/json"}),
        caller.post(f"{path}/hold", json={}),
        caller.post(f"{path}/resume", json={}),
        caller.post(f"{path}/hold", json={"reason": None}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5, [answer.text for answer in answers]


@pytest.mark.parametrize(
    ("raw", "status", "says"),
    [
        (b"{", 400, "no valid JSON"),
        (b'{"tracking": "\xff"}', 400, "UTF-8"),
        (b'{"tracking": "1", "tracking": "2"}', 400, "twice"),
        (b"[" * 100_000, 400, "JSON"),
        (b"[1]", 422, "Must be a JSON object."),
        (b'"x"', 422, "Must be a JSON object."),
        (b'{"tracking": "' + b"x" * 1024**2 + b'"}', 413, "1 MiB"),
        (b'{"tracking": "' + b"x" * 99_000 + b'"}', 422, "more than 1000 characters"),
        (b'{"tracking": "\\ud800"}', 422, "tracking"),
        (b'{"\\u0000": 1}', 422, "no field of this name"),
    ],
)
def test_api1_a_body_that_is_no_input_is_refused_shortly(
    small_shop: TestShop, raw: bytes, status: int, says: str
) -> None:
    order = small_shop.order()
    path = f"{ORDERS}/{order.number}/actions/ship"
    answer = client(ALL).post(path, content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    assert says in answer.json()["detail"]
    assert len(answer.content) < 5_000
    assert small_shop.load(order.id or 0).version == order.version


WRONG: tuple[object, ...] = (
    7,
    -1.5,
    True,
    [],
    ["x"],
    {"a": 1},
    {"1": {}},
    "a\0b",
    "\u202e" * 30,
    "x" * 30_000,
    "9" * 400,
    10**400,
)


@pytest.mark.parametrize("key", [action.key for action in OF_ORDERS])
def test_api1_whatever_stands_in_a_field_is_taken_or_named(small_shop: TestShop, key: str) -> None:
    """Each field of each action with what is of the wrong kind, too long, or no text: 422 naming it, and
    never a bug.
    """
    caller, order = client(ALL), STATES["in parts" if "shipment" in key else "new"](small_shop)
    good = values_for(ACTIONS[key], order)
    for name in ACTIONS[key].input.model_fields:
        for wrong in WRONG:
            raw = json.dumps(good | {name: wrong})
            path = f"{ORDERS}/{order.number}/actions/{key}?preview=1"
            answer = caller.post(path, content=raw, headers={"Content-Type": "application/json"})
            where = f"{name} = {raw[:200]}: {answer.text[:500]}"
            assert answer.status_code in {200, 409, 422}, where
            if answer.status_code == 422:
                fields = [one["field"] for one in answer.json()["errors"]]
                assert any(
                    re.split(r"[.\[]", field)[0] in ACTIONS[key].input.model_fields for field in fields
                ), where
            if isinstance(wrong, str) and "\0" in wrong:
                assert answer.status_code == 422, where
            assert len(answer.content) < 10_000, where
    unknown = post(caller, order, key, good | {"colour": "red"})
    assert (unknown.status_code, "colour" in [one["field"] for one in unknown.json()["errors"]]) == (
        422,
        True,
    )


def test_api1_all_that_is_wrong_is_named_at_once(small_shop: TestShop) -> None:
    answer = post(client(ALL), small_shop.order(), "pay", {"amount": "-1", "booked_on": "2999-01-01"})
    assert [one["field"] for one in answer.json()["errors"]] == ["amount", "booked_on"]
    parts = {"quantities": {"1": "9", "7": "1"}, "shipment": small_shop.order().shipments[0].number}
    several = post(client(ALL), small_shop.load(2), "part-shipment", parts)
    assert [(one["field"], one["pointer"]) for one in several.json()["errors"]] == [
        ("quantities.1", "#/quantities/1"),
        ("quantities.7", "#/quantities/7"),
    ]


@pytest.mark.parametrize(
    "path", ["77/actions", "7%00/actions", "%F0%9F%98%80/actions", f"{'7' * 3000}/actions"]
)
def test_api1_an_order_or_action_that_is_not_there_is_404(shop: TestShop, path: str) -> None:
    caller, order = client(ALL), shop.order()
    answers = [caller.get(f"{ORDERS}/{path}"), caller.post(f"{ORDERS}/{path}/ship", json={})]
    answers += [post(caller, order, "fly"), caller.get(f"{ORDERS}/{order.number}/actions/fly")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert caller.get(f"{ORDERS}/{order.number}/actions/ship").status_code == 405


def test_m3_mails_of_the_outbox_are_worked_by_the_same_calls(shop: TestShop) -> None:
    order = shop.order(paid=True)
    caller, mail_id = client("orders:read ship mail"), post(client(ALL), order, "ship").json()["mails"][0]
    path = f"/api/v1/mails/{mail_id}/actions"
    found = caller.get(path)
    may = {one["key"]: one["may"] for one in found.json()}
    assert (found.headers["etag"], may) == (
        f'"{mails(order)[0].state}"',
        {key: key in {"send-again", "hold-back"} for key in may},
    )
    assert caller.post(f"{path}/hold-back").json()["message"] == "The mail is held back."
    assert caller.post(f"{path}/release").json()["mails"] == [mail_id]
    again = caller.post(f"{path}/release")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        next(one["why"] for one in caller.get(path).json() if one["key"] == "release"),
    )
    assert caller.post(f"{path}/ship").status_code == 404
    for scopes, status in (("orders:read ship", 403), ("orders:write mail", 404)):
        assert {
            client(scopes).get(path).status_code,
            client(scopes).post(f"{path}/hold-back").status_code,
        } == {status}
    gone = ("0", "-1", "x", "9" * 19, "9" * 30)
    assert {caller.get(f"/api/v1/mails/{number}/actions").status_code for number in gone} == {404}


@pytest.mark.parametrize("right", [Right(scope) for scope in people.scopes()])
def test_sec2_a_scope_opens_its_own_actions_and_no_others(small_shop: TestShop, right: Right) -> None:
    order = small_shop.order()
    caller = client(f"orders:read {right.value}")
    known = listed(caller, order)
    for action in OF_ORDERS:
        answer = post(caller, order, action.key, {"no such field": 1})
        assert answer.status_code == (422 if action.right is right else 403), f"{action.key}: {answer.text}"
        if action.right is not right:
            assert answer.json()["detail"] == f"This needs the scope {action.right.value}."
            assert (
                not action.offered
                or known[action.key]["why"] == f"This needs the scope {action.right.value}."
            )
    assert small_shop.load(order.id or 0).version == order.version


@pytest.mark.parametrize("scope", ["ship", "pay", "invoice", "edit"])
def test_sec2_a_key_acts_on_no_order_that_it_can_not_read(small_shop: TestShop, scope: str) -> None:
    order = small_shop.order()
    caller = client(scope)
    answers = [caller.get(f"{ORDERS}/{order.number}/actions"), caller.get(f"{ORDERS}/{order.number}")]
    answers += [
        post(caller, order, action.key, values_for(action, order))
        for action in OF_ORDERS
        if action.right == scope
    ]
    assert {(answer.status_code, answer.json()["detail"]) for answer in answers} == {
        (403, "This needs the scope orders:read.")
    }
    assert small_shop.load(order.id or 0).version == order.version


def test_a14_a_key_that_writes_acts_on_its_own_orders_alone(shop: TestShop) -> None:
    caller = client("orders:write ship pay")
    number = caller.post(ORDERS, json=shop.new_order().as_json()).json()["number"]
    theirs = shop.order()
    before = contents()
    answers = [
        caller.get(f"{ORDERS}/{theirs.number}/actions"),
        post(caller, theirs, "ship"),
        post(caller, theirs, "pay", {}, "?preview=1"),
    ]
    assert {(answer.status_code, answer.json()["detail"]) for answer in answers} == {
        (404, f"There is no “{theirs.number}”.")
    }
    assert contents() == before
    assert caller.get(f"{ORDERS}/{number}/actions").status_code == 200
    assert caller.post(f"{ORDERS}/{number}/actions/ship").json()["changed"] is True


def test_sec2_nobody_acts_without_a_live_key(small_shop: TestShop) -> None:
    order = small_shop.order()
    for caller in (client(""), client(ALL, revoked=True)):
        assert caller.get(f"{ORDERS}/{order.number}/actions").status_code == 401
        assert {post(caller, order, action.key).status_code for action in OF_ORDERS} == {401}


def test_sec4_a_key_that_books_no_payments_is_told_no_amount(small_shop: TestShop) -> None:
    caller = client("orders:read ship edit")
    for state, language in zip(STATES, cycle(["en", "de"]), strict=False):
        order, tongue = STATES[state](small_shop), {"Accept-Language": language}
        said = [caller.get(f"{ORDERS}/{order.number}/actions", headers=tongue)]
        said += [
            post(caller, order, action.key, values_for(action, order), "?preview=1", **tongue)
            for action in OF_ORDERS
        ]
        sums = {f"{amount // 100}{mark}{amount % 100:02d}" for amount in amounts_of(order) for mark in ".,"}
        assert not [
            found
            for found in sums
            for one in said
            if re.search(rf"(?<!\d){re.escape(found)}(?!\d)", one.text)
        ], state


def amounts_of(order: Order) -> Iterator[int]:
    yield from (order.total, order.paid, order.open_amount, *(payment.amount for payment in order.payments))
    yield from (line.total for line in order.lines)


def test_sec2_scopes_are_the_rights_of_what_the_api_offers_and_each_has_a_name() -> None:
    needed = {action.right.value for resource in RESOURCES.values() for action in resource.actions()}
    needed |= {resource.right.value for resource in RESOURCES.values()}
    assert set(people.scopes()) == {"orders:read", "orders:write"} | needed
    assert {"ship", "pay", "invoice", "edit", "mail"} <= needed
    assert not needed & {"users", "settings", "import"}
    assert all(RIGHT_NAMES[Right(scope)] for scope in people.scopes())


def test_api1_a_subject_is_offered_once() -> None:
    orders = RESOURCES["orders"]
    with pytest.raises(ValueError, match="a resource 'orders', which kontor registered before"):
        offer(orders)
    with pytest.raises(ValueError, match="offers the subject order already"):
        offer(type(orders)(ORDER, "orders-too", orders.right, orders.read))


def test_api1_each_action_is_described_with_its_input_and_scope(small_shop: TestShop) -> None:
    spec = client("").get("/api/v1/openapi.json").json()
    order = small_shop.order()
    known = listed(client(ALL), order)
    for path, resource in RESOURCES.items():
        for action in resource.actions():
            operation = spec["paths"][f"/v1/{path}/{{number}}/actions/{action.key}"]["post"]
            assert operation["x-scope"] == action.right.value
            assert operation["description"]
            assert {"200", "401", "403", "404", "409", "412", "413", "415", "422"} <= operation[
                "responses"
            ].keys()
            body = operation["requestBody"]
            name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = spec["components"]["schemas"][name]
            assert body["required"] is any(
                field.is_required() for field in action.input.model_fields.values()
            )
            assert schema["additionalProperties"] is False
            assert schema.get("properties", {}).keys() == {
                field.alias or name for name, field in action.input.model_fields.items()
            }
            if action.key in known:
                assert (
                    known[action.key]["input"]["properties"].keys() == schema["properties"].keys()
                    if action.input.model_fields
                    else True
                )
    assert len(
        {operation["operationId"] for methods in spec["paths"].values() for operation in methods.values()}
    ) == sum(map(len, spec["paths"].values()))


def test_api1_the_page_of_the_api_names_each_action(small_shop: TestShop) -> None:
    page = client("").get("/api/docs").text
    assert [action.key for action in OF_ORDERS if f"/actions/{action.key}</code>" not in page] == []
