"""GET shows and changes nothing, anyone who lures a colleague to an address; POST comes from our own pages only (W-3,
W-6, SEC-5).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from callers import colleague
from databases import TestShop
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlmodel import SQLModel
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from backoffice_app import db
from backoffice_app.backoffice_app import api
from backoffice_app.domain import people
from backoffice_app.domain.bulk import start
from backoffice_app.domain.bulk.work_on import work_on
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.mail.shop_files import keep_file
from backoffice_app.models import Order

LINKED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "accept": "text/html"}
MAY_CHANGE = {"user_session", "api_key", "archived_file"}
"""When a session was last seen and a key last used; and a file that is missing in the archive is put there, with the
bytes it has.
"""


def gets(routes: list[BaseRoute], above: str = "") -> Iterator[str]:
    """The paths of all our own GET routes."""
    for route in routes:
        if isinstance(route, APIRoute):
            if "GET" in (route.methods or ()):
                yield above + route.path
        elif isinstance(route, Mount):
            yield from gets(route.routes, above + route.path)
        else:
            yield from gets(route.original_router.routes, above)  # type: ignore[attr-defined]


def contents() -> dict[str, list[Any]]:
    """All rows of all tables but those that reading may touch."""
    with db.engine().connect() as connection:
        names = sorted(set(SQLModel.metadata.tables) - MAY_CHANGE)
        return {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in names
        }


def filled(path: str, order: Order) -> str:
    """The route's path with what there really is."""
    number = order.shipments[0].number if "packing-slips" in path else order.number
    values = {
        "number": number,
        "public_id": order.documents[0].public_id,
        "order_id": str(order.id),
        "id": str(order.id),
        "run": "1",
        "kind": "csv",
    }
    values |= {
        "mail_id": "1",
        "file_id": "1",
        "name": "AGB.pdf",
        "drawn": "1",
        "country": "DE",
        "latitude": "5252",
        "longitude": "1341",
    }
    values |= {"ticket": "T-1", "customer": "K-1", "sku": order.lines[0].sku}
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda place: values[place[1]], path)


def test_a11_no_get_route_changes_anything(shop: TestShop) -> None:
    order = shop.order(lines=2, billing_address={"name": "Anna 😀", "country": "DE"})
    token = colleague(Role.OWNER).cookies["kontor_session"]
    owner = people.actor_of_session(token)
    assert owner is not None
    work_on(start(owner, "print-invoices", [order.number], {}), 1)
    keep_file(owner, "attachment", "AGB.pdf", b"%PDF-1.7 terms")
    key = people.create_api_key(owner, "A shop", ["orders:read"])
    paths = sorted(set(gets(api.routes)))
    assert {
        "/documents/{public_id}.pdf",
        "/orders/{number}/invoices.pdf",
        "/packing-slips/{number}.pdf",
        "/login",
    } <= set(paths)
    callers = [
        TestClient(api, cookies={"kontor_session": token}),
        TestClient(api, headers={"authorization": f"Bearer {key}"}),
    ]
    before, shown = contents(), 0

    for path in paths:
        for caller in callers:
            for query in ("", "?language=fr"):
                answer = caller.get(filled(path, order) + query, headers=LINKED, follow_redirects=False)
                assert answer.status_code != 500, path  # there is no worker: 503 is what /ready says
                shown += answer.headers.get("content-type") == "application/pdf"
        assert contents() == before, path
    assert shown == 16  # seven files for the colleague and one for the key, each in two languages


def test_a11_a_page_of_another_site_prints_nothing(shop: TestShop) -> None:
    order, browser = shop.order(), colleague(Role.OWNER)
    before = contents()
    for path in (f"/orders/{order.number}/invoices.pdf", f"/packing-slips/{order.shipments[0].number}.pdf"):
        for headers in (
            {"origin": "https://evil.test"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
        ):
            assert browser.post(path, data={"language": "fr"}, headers=headers).status_code == 403
    assert contents() == before


def test_a11_print_marks_and_records_and_leads_to_the_file(shop: TestShop) -> None:
    order, browser = shop.order(), colleague(Role.OWNER)
    path = f"/orders/{order.number}/invoices.pdf"
    ours = {"origin": "http://testserver"}

    for _time in range(3):
        printed = browser.post(path, data={"language": "fr"}, headers=ours, follow_redirects=False)
        assert (printed.status_code, printed.headers["location"]) == (303, f"{path}?language=fr")
    assert browser.get(printed.headers["location"]).content.startswith(b"%PDF")

    now = shop.load(order.id or 0)
    assert now.printed_at is not None
    with db.engine().connect() as connection:
        assert (
            connection.execute(
                text("SELECT count(*) FROM history WHERE kind = 'InvoicesPrinted'")
            ).scalar_one()
            == 1
        )


def test_a11_who_only_reads_prints_and_marks_nothing(shop: TestShop) -> None:
    order, browser = shop.order(), colleague(Role.READ_ONLY)
    before = contents()
    path = f"/packing-slips/{order.shipments[0].number}.pdf"
    printed = browser.post(path, follow_redirects=False)
    assert (printed.status_code, printed.headers["location"]) == (303, path)
    assert contents() == before


@pytest.mark.parametrize(("role", "status"), [(Role.WAREHOUSE, 403), (None, 401)])
def test_a11_who_may_not_see_invoices_prints_none(shop: TestShop, role: Role | None, status: int) -> None:
    order = shop.order()
    browser = colleague(role) if role else TestClient(api)
    before = contents()
    assert browser.post(f"/orders/{order.number}/invoices.pdf", data={"language": "fr"}).status_code == status
    assert contents() == before


def test_a11_too_many_copies_are_put_off(small_shop: TestShop) -> None:
    browser = colleague(Role.READ_ONLY)
    orders = [small_shop.order() for _n in range(4)]
    copies = [
        (order.number, language) for order in orders for language in ("en", "fr", "nl", "es", "ja", "ar")
    ][:21]
    answers = [
        browser.post(f"/orders/{n}/invoices.pdf", data={"language": one}, follow_redirects=False)
        for n, one in copies
    ]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert answers[-1].headers["retry-after"] == "60"
