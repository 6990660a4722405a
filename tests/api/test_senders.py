"""A key that may only write reads what it sent itself, and learns nothing of the others (A-14)."""

import re

import pytest
from callers import client
from databases import OWNER, TestShop
from sqlalchemy import Engine, event, text
from starlette.testclient import TestClient

from backoffice_app import db, migrate
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.rest_view import order_page
from backoffice_app.generate import generate

ORDERS = "/api/v1/orders"


def sent(caller: TestClient, shop: TestShop, **wishes: object) -> str:
    """The number of an order that `caller` has sent."""
    answer = caller.post(ORDERS, json=shop.new_order(**wishes).as_json())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def listed(caller: TestClient, **query: object) -> list[str]:
    return [order["number"] for order in caller.get(ORDERS, params=query).json()["orders"]]  # type: ignore[arg-type]


def test_a14_a_key_that_writes_reads_its_own_orders_alone(shop: TestShop) -> None:
    north, south, reader, both = client(), client(), client("orders:read"), client("orders:read orders:write")
    first, second, third = sent(north, shop), sent(south, shop), sent(north, shop)
    by_hand = take_in(OWNER, shop.new_order()).order_number

    assert listed(north) == [third, first]
    assert listed(south) == [second]
    assert listed(client()) == []
    assert listed(reader) == listed(both) == [by_hand, third, second, first]
    assert [north.get(f"{ORDERS}/{number}").status_code for number in (first, second, third, by_hand)] == [
        200,
        404,
        200,
        404,
    ]
    assert [reader.get(f"{ORDERS}/{number}").status_code for number in (first, second, third, by_hand)] == [
        200
    ] * 4


def test_a14_an_order_of_others_and_one_that_is_not_there_are_told_alike(small_shop: TestShop) -> None:
    other = sent(client(), small_shop)
    caller = client()
    answers = [caller.get(f"{ORDERS}/{number}").json() | {"instance": ""} for number in (other, "99999")]
    assert answers[0]["detail"].replace(other, "N") == answers[1]["detail"].replace("99999", "N")
    assert answers[0]["status"] == answers[1]["status"] == 404


def test_a14_its_list_goes_page_by_page(shop: TestShop) -> None:
    caller, other = client(), client()
    mine = []
    for _n in range(3):
        mine.append(sent(caller, shop))
        sent(other, shop)
    page = caller.get(ORDERS, params={"limit": 2}).json()
    assert [order["number"] for order in page["orders"]] == mine[:0:-1]
    assert listed(caller, limit=2, after=page["next"]) == [mine[0]]


def test_a14_a_guessed_reference_shows_no_order_of_others(shop: TestShop) -> None:
    new = shop.new_order()
    theirs = take_in(OWNER, new)
    guess = client().post(ORDERS, json=new.as_json())
    assert (guess.status_code, guess.headers["content-type"]) == (409, "application/problem+json")
    assert theirs.order_number not in guess.text
    assert "Ada" not in guess.text
    known = client("orders:read orders:write").post(ORDERS, json=new.as_json())
    assert (known.status_code, known.json()["number"]) == (200, theirs.order_number)


def test_a14_a_repeated_call_of_the_sender_still_gives_its_order(shop: TestShop) -> None:
    caller, new = client(), shop.new_order()
    answers = [caller.post(ORDERS, json=new.as_json(), headers={"Idempotency-Key": "k"}) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()


def test_a14_documents_are_read_as_their_orders_are(small_shop: TestShop) -> None:
    caller = client()
    [invoice] = caller.get(f"{ORDERS}/{sent(caller, small_shop)}").json()["documents"]
    assert [c.get(invoice["pdf"]).status_code for c in (caller, client("orders:read"), client())] == [
        200,
        200,
        404,
    ]


def test_a14_the_senders_of_former_orders_are_known_after_the_migration(shop: TestShop) -> None:
    caller = client()
    number = sent(caller, shop)
    take_in(OWNER, shop.new_order())
    migrate.migrate(db.engine(), "0002")
    migrate.migrate(db.engine())
    assert listed(caller) == [number]


def plan_of(engine: Engine, sender: int) -> str:
    """How the database finds the list of one key."""
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        _context: object,
        _many: bool,
    ) -> None:
        if "sent_by =" in statement:
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        order_page(50, "", sender)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    [(statement, parameters)] = asked
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        return "\n".join(
            str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("sender", [1, 2], ids=["sent one", "sent none"])
def test_a14_the_list_of_one_key_is_found_by_its_index(shop: TestShop, sender: int) -> None:
    sent(client(), shop)
    generate(db.engine(), 300)
    with db.engine().begin() as connection:
        connection.execute(text("ANALYZE"))
    assert re.search("ix_orders_sent_by", plan_of(db.engine(), sender))
