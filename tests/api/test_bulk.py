"""`/api/v1/bulk`: many orders by one call, each with its own answer.

And the files of a run (O-5, API-1, SEC-2).
"""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pypdfium2 as pdfium
import pytest
from callers import client, colleague
from databases import OWNER, TestShop
from sqlmodel import Session, select
from starlette.testclient import TestClient

from backoffice_app import db
from backoffice_app.domain.bulk import start, work_on
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, Role
from backoffice_app.models import BulkRun, Order, User

BULK = "/api/v1/bulk"
SCOPES = "orders:read pay ship"


def finish(run_id: int) -> None:
    """What the worker does."""
    while True:
        with Session(db.engine()) as session:
            run = session.get_one(BulkRun, run_id)
        if run.ended_at is not None:
            return
        work_on.work_on(run_id, run.turn)


def test_o5_a_call_for_many_tells_of_each_what_a_call_for_it_alone_would(small_shop: TestShop) -> None:
    free, held = small_shop.order(paid=True), small_shop.order(paid=True)
    perform(OWNER, "hold", held.id or 0, {"reason": "why"})
    shop = client(SCOPES)

    begun = shop.post(
        BULK,
        json={"action": "ship", "numbers": [free.number, held.number, "none"], "input": {"mail": False}},
    )
    finish(begun.json()["id"])
    run = shop.get(begun.headers["location"], headers={"Accept-Language": "de"}).json()
    alone = shop.post(f"/api/v1/orders/{held.number}/actions/ship", headers={"Accept-Language": "de"})

    assert begun.status_code == 202
    assert begun.json()["state"] == "running"
    assert begun.json()["counts"] == {"waiting": 2, "skipped": 1}
    assert (run["state"], run["counts"]) == ("ended", {"done": 1, "skipped": 2})
    assert [(one["number"], one["result"], one["status"]) for one in run["results"]] == [
        (free.number, "done", 200),
        (held.number, "skipped", alone.status_code),
        ("none", "skipped", 404),
    ]
    assert run["results"][1]["detail"] == alone.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"action": "ship", "numbers": []}, 422),
        ({"action": "ship", "numbers": ["1"], "input": {"mail": "perhaps"}}, 422),
        ({"action": "ship", "numbers": ["1"] * 5_001}, 422),
        ({"action": "ship"}, 422),
        ({"action": "ship", "numbers": ["1"], "evil": 1}, 422),
        ({"action": "edit-address", "numbers": ["1"]}, 404),
        ({"action": "export", "numbers": ["1"]}, 404),
        ({"action": "cancel", "numbers": ["1"]}, 403),
        ([], 422),
    ],
)
def test_o5_sec2_what_is_refused_begins_nothing(small_shop: TestShop, body: object, status: int) -> None:
    assert client(SCOPES).post(BULK, json=body).status_code == status
    with Session(db.engine()) as session:
        assert session.exec(select(BulkRun)).all() == []


def test_o5_sec2_a_run_is_for_the_key_that_began_it(small_shop: TestShop) -> None:
    order = small_shop.order()
    shop, other = client(SCOPES), client(SCOPES)
    run = shop.post(BULK, json={"action": "pay", "numbers": [order.number]}).json()["id"]

    assert other.get(f"{BULK}/{run}").status_code == 404
    assert other.post(f"{BULK}/{run}/cancel").status_code == 404
    assert client("").get(f"{BULK}/{run}").status_code == 401
    assert client("ship").get(f"{BULK}/{run}").status_code == 403
    assert shop.get(f"{BULK}/{run}").status_code == 200


def test_o5_sec2_a_key_acts_only_on_orders_that_it_can_read(small_shop: TestShop) -> None:
    order = small_shop.order()
    run = client("orders:write pay").post(BULK, json={"action": "pay", "numbers": [order.number]}).json()

    assert [(one["result"], one["status"]) for one in run["results"]] == [("skipped", 404)]
    finish(run["id"])
    assert small_shop.load(order.id or 0).payment_state == "unpaid"


def test_o5_a_repeated_call_is_the_same_run_and_the_rest_can_be_left_out(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()
    shop, key = client(SCOPES), {"Idempotency-Key": "call-1"}
    body = {"action": "pay", "numbers": [first.number, second.number]}

    begun, again = (shop.post(BULK, json=body, headers=key).json() for _twice in range(2))
    other = shop.post(BULK, json={**body, "numbers": [first.number]}, headers=key)
    left = shop.post(f"{BULK}/{begun['id']}/cancel").json()

    assert begun["id"] == again["id"]
    assert other.status_code == 422
    assert (left["state"], left["counts"]) == ("cancelled", {"cancelled": 2})
    assert shop.post(f"{BULK}/{begun['id']}/cancel").status_code == 409
    assert small_shop.load(first.id or 0).payment_state == "unpaid"


def owner_with_browser(role: Role = Role.OWNER) -> tuple[Actor, TestClient]:
    """An owner, or who has `role`, whose session is a real one."""
    browser = colleague(role)
    with Session(db.engine()) as session:
        id_ = session.exec(select(User.id).where(User.role == role)).one()
    return replace(OWNER, id=id_ or 0, rights=RIGHTS_OF[role]), browser


def printed(browser: TestClient, run: int) -> list[str]:
    """The text of each page of the file."""
    file = pdfium.PdfDocument(browser.get(f"/bulk/{run}.pdf").content)
    return [page.get_textpage().get_text_range() for page in file]


def begun(actor: Actor, key: str, orders: list[Order]) -> int:
    run_id = start(actor, key, [order.number for order in orders], {})
    finish(run_id)
    return run_id


def test_o5_the_invoices_of_a_run_are_one_file_in_its_order_and_count_as_printed(
    small_shop: TestShop,
) -> None:
    first, second = small_shop.order(), small_shop.order()
    owner, browser = owner_with_browser()
    run = begun(owner, "print-invoices", [second, first])

    pages = printed(browser, run)

    expected = [order.documents[0].number for order in (second, first)]
    assert [number in page for number, page in zip(expected, pages, strict=True)] == [True, True]
    assert all(small_shop.load(order.id or 0).printed_at for order in (first, second))


def test_o5_packing_slips_are_printed_for_what_has_a_shipment(small_shop: TestShop) -> None:
    goods, gone = small_shop.order(), small_shop.order()
    perform(OWNER, "cancel", gone.id or 0, {})
    owner, browser = owner_with_browser()
    run = begun(owner, "print-packing-slips", [goods, gone])

    [page] = printed(browser, run)
    [done, skipped] = list(
        csv.DictReader(io.StringIO(browser.get(f"/bulk/{run}/results.csv").text.removeprefix("\ufeff"))),
    )

    assert goods.shipments[0].number in page
    assert (done["Result"], skipped["Result"]) == ("Done", "Skipped")
    assert skipped["Reason"] == "There is no shipment to print a packing slip for."


def test_o5_the_chosen_orders_are_a_file_in_their_order(small_shop: TestShop) -> None:
    orders = [small_shop.order(), small_shop.order(paid=True)]
    owner, browser = owner_with_browser()
    run = begun(owner, "export", orders)
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"/bulk/{run}/orders.csv").text.removeprefix("\ufeff"))),
    )

    assert [(row["Number"], row["Payment"], row["Total"], row["Amount open"]) for row in rows] == [
        (orders[0].number, "Unpaid", "44.80", "44.80"),
        (orders[1].number, "Paid", "44.80", "0.00"),
    ]


def test_o5_the_lines_of_the_chosen_orders_are_a_file_with_prices_for_who_may_see_them(
    small_shop: TestShop,
) -> None:
    orders = [small_shop.order(), small_shop.order(paid=True)]
    perform(OWNER, "ship", orders[1].id or 0, {"mail": "off"})

    def lines(role: Role) -> list[dict[str, str]]:
        actor, browser = owner_with_browser(role)
        run = begun(actor, "export-lines", orders)
        text = browser.get(f"/bulk/{run}/lines.csv").text.removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text)))

    whole = lines(Role.OWNER)
    expected = [
        (order.number, line.name) for order in orders for line in small_shop.load(order.id or 0).lines
    ]
    assert [(row["Number"], row["Product"]) for row in whole] == expected
    assert {row["Shipped"] for row in whole if row["Number"] == orders[0].number} == {"0"}
    assert all(row["Shipped"] == row["Ordered"] for row in whole if row["Number"] == orders[1].number)
    sums = [Decimal(row["Line total"]) for row in whole if row["Number"] == orders[0].number]
    assert sum(sums) == to_decimal(orders[0].total - orders[0].shipping_price, "EUR")
    assert "Line total" not in lines(Role.WAREHOUSE)[0]


def test_o5_sec2_the_files_of_a_run_are_for_who_began_it(small_shop: TestShop) -> None:
    order = small_shop.order()
    owner, browser = owner_with_browser()
    run = begun(owner, "print-invoices", [order])
    other = colleague(Role.STAFF)

    for path in (
        f"/bulk/{run}.pdf",
        f"/bulk/{run}/results.csv",
        f"/bulk/{run}/orders.csv",
        f"/bulk/{run}/lines.xlsx",
    ):
        assert (browser.get(path).status_code, other.get(path).status_code) == (200, 404), path
        assert client("orders:read").get(path).status_code == 401
