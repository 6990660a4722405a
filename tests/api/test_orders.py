"""`/api/v1/orders` through the door: who may, what goes in, what comes out, and how it says no (API-1, SEC-2)."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from callers import client
from databases import OWNER, TestShop

from backoffice_app.domain.core.actions import perform
from backoffice_app.i18n import _

ORDERS = "/api/v1/orders"
AS_JSON = {"Content-Type": "application/json"}


def body(shop: TestShop, **wishes: Any) -> dict[str, Any]:
    return shop.new_order(**wishes).as_json()


def test_api1_an_order_is_created_and_read_back(shop: TestShop) -> None:
    caller = client()
    answer = caller.post(ORDERS, json=body(shop, lines=2, paid=True))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"{ORDERS}/{made['number']}"
    assert caller.get(f"{ORDERS}/{made['number']}").json() | {"differs": []} == made
    assert (
        made["external_reference"],
        made["status"],
        made["payment_state"],
        made["shipping_state"],
        made["return_state"],
    ) == (
        "SHOP-1",
        "awaiting_shipment",
        "paid",
        "not_shipped",
        "none",
    )
    assert (made["total"], made["totals"]["total"], made["totals"]["paid"], made["totals"]["open"]) == (
        "84.70",
        "84.70",
        "84.70",
        "0.00",
    )
    assert {x: made["lines"][0][x] for x in ("sku", "quantity", "unit_price", "total")} == {
        "sku": "MUG-1",
        "quantity": "2",
        "unit_price": "19.95",
        "total": "39.90",
    }
    assert (made["totals"]["net"], made["totals"]["vat"]) == ("71.18", "13.52")
    assert [p["amount"] for p in made["payments"]] == ["84.70"]
    assert [(s["state"], len(s["lines"])) for s in made["shipments"]] == [("open", 2)]


def test_api1_a_shipped_order_tells_its_parcels(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0, {"tracking": "00340434161094042557"})
    told = client("orders:read").get(f"{ORDERS}/{order.number}").json()
    assert (told["status"], told["shipping_state"]) == ("completed", "shipped")
    assert told["shipments"][0]["tracking_numbers"] == ["00340434161094042557"]


@pytest.mark.parametrize("by_key", [True, False])
def test_api1_twenty_calls_at_once_make_one_order(shop: TestShop, by_key: bool) -> None:
    caller, sent, gate = client(), body(shop, provider=True), Barrier(20)
    if by_key:
        sent["external_reference"] = ""
    headers = {"Idempotency-Key": "once"} if by_key else {}

    def call(_n: int) -> tuple[int, str]:
        gate.wait(30)
        answer = caller.post(ORDERS, json=sent, headers=headers)
        return answer.status_code, answer.json()["number"]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(call, range(20)))
    assert sorted(code for code, _number in answers) == [200] * 19 + [201]
    assert len({number for _code, number in answers}) == 1
    assert len(caller.get(ORDERS).json()["orders"]) == 1


def test_api1_a_key_that_came_with_another_body_is_422(small_shop: TestShop) -> None:
    caller = client()
    assert caller.post(ORDERS, json=body(small_shop), headers={"Idempotency-Key": "k"}).status_code == 201
    again = caller.post(ORDERS, json=body(small_shop), headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_api1_a_problem_names_every_field(small_shop: TestShop) -> None:
    sent = body(small_shop)
    sent["lines"][0]["unit_price"] = 19.95
    sent["colour"] = "red"
    answer = client().post(ORDERS, json=sent)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"], told["status"]) == (
        422,
        "application/problem+json",
        422,
    )
    assert {(e["field"], e["pointer"]) for e in told["errors"]} == {
        ("lines[0].unit_price", "#/lines/0/unit_price"),
        ("colour", "#/colour"),
    }
    assert "lines[0].unit_price" in told["detail"]


def test_api1_a_problem_speaks_the_callers_language(small_shop: TestShop) -> None:
    answers = [
        client().post(ORDERS, json={}, headers={"Accept-Language": language}).json()["detail"]
        for language in ("de-DE,de", "es", "")
    ]
    assert answers[1] == answers[2]
    assert _("Is missing.").in_language("de") in answers[0]
    assert "Is missing." in answers[1]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"total": "1.00",}', "Line 1, column 18"),
        (b"", "Line 1, column 1"),
        (b'{"comment": "\xff"}', "UTF-8"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "JSON"),
        (b'{"a": NaN} x', "Extra data"),
    ],
)
def test_api1_what_is_no_json_is_400(small_shop: TestShop, raw: bytes, says: str) -> None:
    answer = client().post(ORDERS, content=raw, headers=AS_JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("raw", [b"[]", b"7", b'"x"', b"null"])
def test_api1_json_that_is_no_object_is_422(small_shop: TestShop, raw: bytes) -> None:
    assert client().post(ORDERS, content=raw, headers=AS_JSON).status_code == 422


def test_api1_a_body_without_end_is_413(small_shop: TestShop) -> None:
    chunk = b" " * 1024 * 1024

    def without_end() -> Iterator[bytes]:
        for _n in range(100):
            sent.append(chunk)
            yield chunk

    for body_sent in (chunk * 4 + b" ", without_end()):
        sent: list[bytes] = []
        answer = client().post(ORDERS, content=body_sent, headers=AS_JSON)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert answer.json()["detail"] == "The body has more than 4 MiB."


def test_api1_an_order_of_ten_thousand_lines_goes_in(small_shop: TestShop) -> None:
    line = {"name": "Pin", "quantity": "1", "unit_price": "0.01", "vat_rate": "19"}
    full = (
        body(small_shop)["lines"][0]
        | line
        | {"name": "Pin of the harbour, enamel, 20 mm, on a card, ten in a box", "unit": "pcs"}
    )
    sent = body(small_shop) | {"lines": [full] * 10_000, "shipping": None, "total": "100.00"}
    assert len(json.dumps(sent)) > 2 * 1024 * 1024  # why no less than 4 MiB are taken
    answer = client().post(ORDERS, json=sent)
    assert (answer.status_code, len(answer.json()["lines"])) == (201, 10_000)


def test_a7_a_body_that_is_wrong_all_over_is_answered_shortly_and_soon(small_shop: TestShop) -> None:
    sent = json.dumps(body(small_shop) | {f"field-{n:06d}": 1 for n in range(100_000)})
    caller = client()
    began = time.process_time()
    answer = caller.post(ORDERS, content=sent, headers=AS_JSON)
    assert time.process_time() - began < 3
    told = answer.json()
    assert (answer.status_code, len(told["errors"]), len(answer.content) < 20_000) == (422, 50, True)
    assert told["detail"].endswith("; 99,950 more fields are wrong.")


def test_a7_a_list_of_a_million_values_is_not_read(small_shop: TestShop) -> None:
    caller = client()
    began = time.process_time()
    answer = caller.post(ORDERS, content=b"[" + b"1," * 1_000_000 + b"1]", headers=AS_JSON)
    assert time.process_time() - began < 1
    assert answer.json()["detail"] == "An order must be a JSON object."


@pytest.mark.parametrize(
    "raw",
    [
        b'{"%s": 1, "%s": 2}' % (b"x" * 99_000, b"x" * 99_000),
        b'{"%s": 1}' % (b"x" * 99_000),
        b'{"\\ud800": 1}',
    ],
)
def test_a7_a_long_or_broken_name_of_a_field_is_not_sent_back(small_shop: TestShop, raw: bytes) -> None:
    answer = client().post(ORDERS, content=raw, headers=AS_JSON)
    assert answer.status_code in {400, 422}
    assert len(answer.content) < 5_000


def test_a7_a_long_number_in_the_path_is_not_sent_back(small_shop: TestShop) -> None:
    answer = client().get(f"{ORDERS}/{'7' * 9_000}")
    assert (answer.status_code, len(answer.content) < 1_000) == (404, True)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.shop.order+json",
    ],
)
def test_a19_a_body_of_json_is_taken(small_shop: TestShop, kind: str) -> None:
    raw = json.dumps(body(small_shop))
    assert client().post(ORDERS, content=raw, headers={"Content-Type": kind}).status_code == 201


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "",
        None,
        "application/jsonx",
        "json",
    ],
)
def test_a19_a_body_of_anything_else_is_415(small_shop: TestShop, kind: str | None) -> None:
    raw = json.dumps(body(small_shop))
    answer = client().post(ORDERS, content=raw, headers={} if kind is None else {"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"], answer.json()["status"]) == (
        415,
        "application/problem+json",
        415,
    )
    assert answer.json()["detail"] == "Send the body as application/json."
    assert client("").post(ORDERS, content=raw).status_code == 401


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/orders/", "/api/v1/orders/7/8", "/api/nothing\ufffd"]
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "OPTIONS"])
def test_a19_whatever_is_not_there_is_a_problem(small_shop: TestShop, method: str, path: str) -> None:
    answer = client().request(method, path)
    assert answer.status_code in {404, 405}
    assert (answer.headers["content-type"], answer.json()["status"]) == (
        "application/problem+json",
        answer.status_code,
    )


@pytest.mark.parametrize(
    ("scopes", "call", "status"),
    [
        ("", f"POST {ORDERS}", 401),
        ("", f"GET {ORDERS}", 401),
        ("revoked orders:write", f"GET {ORDERS}", 401),
        ("orders:read", f"POST {ORDERS}", 403),
        ("orders:read", f"GET {ORDERS}", 200),
        ("orders:write", f"GET {ORDERS}", 200),
        ("orders:write", f"GET {ORDERS}/77", 404),
        ("orders:write", "GET /api/v1/nothing", 404),
        ("orders:write", f"DELETE {ORDERS}", 405),
    ],
)
def test_sec2_a_call_is_refused_unless_its_key_holds_the_scope(
    small_shop: TestShop, scopes: str, call: str, status: int
) -> None:
    caller = client(scopes.removeprefix("revoked "), revoked=scopes.startswith("revoked"))
    method, path = call.split()
    answer = caller.request(method, path, content=b"{}")
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_sec2_a_stranger_learns_nothing_from_a_bad_body(small_shop: TestShop) -> None:
    assert client("").post(ORDERS, content=b"{").status_code == 401


def test_api1_the_list_goes_newest_first_page_by_page(shop: TestShop) -> None:
    numbers = [shop.order().number for _ in range(5)]
    caller, seen, after = client("orders:read"), [], ""
    for _page in range(3):
        page = caller.get(ORDERS, params={"limit": 2, "after": after}).json()
        seen += [order["number"] for order in page["orders"]]
        after = page["next"]
    assert seen == numbers[::-1]
    assert after is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("after=-1", "after"),
        ("after=x", "after"),
    ],
)
def test_api1_a_wrong_page_is_said(small_shop: TestShop, query: str, field: str) -> None:
    answer = client().get(f"{ORDERS}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_api1_the_pdf_answers_to_the_same_key_and_to_nobody_else(small_shop: TestShop) -> None:
    caller = client()
    made = caller.post(ORDERS, json=body(small_shop)).json()
    [invoice] = made["documents"]
    assert (invoice["kind"], invoice["total"], invoice["xml"]) == ("invoice", made["total"], None)
    answer = caller.get(invoice["pdf"])
    assert (answer.status_code, answer.headers["content-type"], answer.content[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )
    assert client("").get(invoice["pdf"]).status_code == 401
    assert caller.get("/documents/nothing.pdf").status_code == 404
    assert client("").get("/documents/nothing.pdf").status_code == 401


def test_api1_the_description_knows_every_operation_and_the_order(small_shop: TestShop) -> None:
    spec = client("").get("/api/v1/openapi.json").json()
    runs = {"/v1/bulk", "/v1/bulk/{number}", "/v1/bulk/{number}/cancel"}
    found = {path for path in spec["paths"] if "/actions" not in path}
    assert {
        "/v1/orders",
        "/v1/orders/{number}",
        "/v1/customers",
        "/v1/products",
        "/v1/tickets",
        "/v1/tasks",
        "/v1/custom-statuses",
    } | runs <= found
    assert spec["paths"]["/v1/orders"]["post"]["x-scope"] == "orders:write"
    sent = spec["components"]["schemas"]["NewOrder"]["properties"]
    assert sent["total"]["type"] == "string"
    references = json.dumps(spec).split('"#/components/schemas/')[1:]
    assert {r.split('"')[0] for r in references} <= set(spec["components"]["schemas"])


def test_api1_the_page_of_the_api_works_without_any_script(small_shop: TestShop) -> None:
    caller = client("")
    page = caller.get("/api/docs")
    assert page.status_code == 200
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "POST /api/v1/orders" in page.text
    assert caller.get("/api/docs.css").headers["content-type"].startswith("text/css")
