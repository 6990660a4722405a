"""`/api/v1/tickets`: the shop hands questions over, and reads the answers (API-4, API-1, SEC-2)."""

import pytest
from callers import client, colleague
from databases import BEN, TestShop
from starlette.testclient import TestClient

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.tickets.subject import id_of_number
from backoffice_app.settings import settings

TICKETS = "/api/v1/tickets"
QUESTION = {
    "subject": "Mein Paket",
    "message": "Wann kommt es?",
    "customer": {"email": "ada@example.com", "name": "Ada"},
    "language": "de",
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be taken back here, so answers are seen at once."""
    monkeypatch.setenv("KONTOR_UNDO_SECONDS", "0")
    settings.cache_clear()


def hand_in(shop: TestClient, **changes: object) -> dict[str, object]:
    answer = shop.post(TICKETS, json=QUESTION | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def answer(number: object, text: str) -> None:
    with db.reading() as session:
        id_ = id_of_number(session, str(number))
    perform(BEN, "reply", id_, {"message": text})


def test_api4_the_shop_hands_a_question_in_and_reads_the_answer(shop: TestShop) -> None:
    order, web = shop.order(), client("tickets:write")
    taken = hand_in(web, order=order.number, external_reference="q-1", source="my-shop")
    assert (taken["order"], taken["state"], taken["answered"], taken["notes"]) == (
        order.number,
        "open",
        False,
        [],
    )
    answer(taken["number"], "Morgen.")
    read = web.get(f"{TICKETS}/{taken['number']}").json()
    assert (read["state"], read["answered"]) == ("answered", True)
    assert [(one["kind"], one["text"], one["author"]) for one in read["messages"]] == [
        ("question", "Wann kommt es?", "Ada"),
        ("answer", "Morgen.", ""),
    ]
    wrote = web.post(
        f"{TICKETS}/{taken['number']}/actions/receive-reply", json={"message": "Danke!", "message_id": "m-2"}
    )
    twice = web.post(
        f"{TICKETS}/{taken['number']}/actions/receive-reply", json={"message": "Danke!", "message_id": "m-2"}
    )
    assert ((wrote.status_code, wrote.json()["changed"]), (twice.status_code, twice.json()["changed"])) == (
        (200, True),
        (200, False),
    )
    assert web.get(f"{TICKETS}/{taken['number']}").json()["state"] == "open"


def test_api1_the_same_key_is_one_ticket_and_another_body_is_refused(small_shop: TestShop) -> None:
    web = client("tickets:write")
    first, second = (
        web.post(TICKETS, json=QUESTION, headers={"Idempotency-Key": "k-1"}) for _time in range(2)
    )
    other = web.post(TICKETS, json=QUESTION | {"message": "Anders"}, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["number"] == second.json()["number"]
    assert first.headers["location"].endswith(f"/v1/tickets/{first.json()['number']}")


def test_api4_an_unknown_order_is_said_and_not_refused(small_shop: TestShop) -> None:
    answered = client("tickets:write").post(
        TICKETS, json=QUESTION | {"order": "1"}, headers={"Accept-Language": "de"}
    )
    assert (answered.status_code, answered.json()["order"], answered.json()["order_given"]) == (
        201,
        None,
        "1",
    )
    assert answered.json()["notes"] == ["Es gibt keine Bestellung „1“; das Ticket ist keiner zugeordnet."]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": None}, "subject"),
        ({"message": ""}, "message"),
        ({"customer": {"email": "nowhere"}}, "customer.email"),
        ({"customer": {"mail": "ada@example.com"}}, "customer.mail"),
        ({"surprise": 1}, "surprise"),
        ({"language": 7}, "language"),
    ],
)
def test_api1_a_refusal_names_the_field(small_shop: TestShop, change: dict[str, object], field: str) -> None:
    answered = client("tickets:write").post(TICKETS, json=QUESTION | change)
    assert (answered.status_code, [one["field"] for one in answered.json()["errors"]]) == (422, [field])


def test_api1_null_is_the_same_as_leaving_a_field_out(small_shop: TestShop) -> None:
    customer = {"email": "ada@example.com", "name": None}
    assert hand_in(client("tickets:write"), order=None, customer=customer)["customer"] == {
        "name": "",
        "email": "ada@example.com",
    }


def test_sec2_a_key_reads_the_tickets_it_handed_in_and_no_others(small_shop: TestShop) -> None:
    north, south, reader, orders = (
        client(scope) for scope in ("tickets:write", "tickets:write", "tickets", "orders:read")
    )
    number = hand_in(north)["number"]
    where = f"{TICKETS}/{number}"
    assert [one.get(where).status_code for one in (north, south, reader, orders)] == [200, 404, 200, 403]
    assert [len(one.get(TICKETS).json()["tickets"]) for one in (north, south, reader)] == [1, 0, 1]
    assert south.post(f"{where}/actions/receive-reply", json={"message": "x"}).status_code == 404
    assert north.post(f"{where}/actions/reply", json={"message": "x"}).status_code == 403
    assert reader.post(TICKETS, json=QUESTION).status_code == 403
    assert (
        client("tickets answer").post(f"{where}/actions/reply", json={"message": "Morgen."}).status_code
        == 200
    )
    offered = {one["key"]: one["may"] for one in north.get(f"{where}/actions").json()}
    assert (offered["receive-reply"], offered["reply"]) == (True, False)


def test_api4_the_list_goes_page_by_page_and_narrows(small_shop: TestShop) -> None:
    web = client("tickets:write")
    numbers = [hand_in(web, subject=f"Frage {n}")["number"] for n in range(5)]
    answer(numbers[2], "Ja.")
    found: list[str] = []
    after = ""
    while after is not None:
        page = web.get(TICKETS, params={"limit": 2, "after": after}).json()
        found += [one["number"] for one in page["tickets"]]
        after = page["next"]
    assert found == numbers[::-1]
    assert [one["number"] for one in web.get(TICKETS, params={"state": "answered"}).json()["tickets"]] == [
        numbers[2]
    ]
    assert len(web.get(TICKETS, params={"email": "ada@example.com"}).json()["tickets"]) == 5
    assert web.get(TICKETS, params={"email": "eve@example.com"}).json()["tickets"] == []
    for parameter in ({"limit": 0}, {"after": "x"}, {"state": "x"}):
        assert web.get(TICKETS, params=parameter).status_code == 422


def test_sec2_the_file_of_the_list_is_for_who_reads_tickets(small_shop: TestShop) -> None:
    hand_in(client("tickets:write"))
    assert "Mein Paket" in colleague(Role.STAFF).get("/tickets.csv").text
    assert colleague(Role.WAREHOUSE).get("/tickets.csv").status_code == 403
