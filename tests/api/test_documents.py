"""PDFs: who gets them, and that nobody guesses one (INV-3, W-3, W-6, SEC-4)."""

import pytest
from callers import client, colleague
from databases import TestShop

from backoffice_app.domain.core.rights import Role
from backoffice_app.models import Order

KINDS = ("document", "invoices", "packing slip")


@pytest.fixture
def order(small_shop: TestShop) -> Order:
    return small_shop.order(lines=2)


def path(order: Order, kind: str) -> str:
    return {
        "document": f"/documents/{order.documents[0].public_id}.pdf",
        "invoices": f"/orders/{order.number}/invoices.pdf",
        "packing slip": f"/packing-slips/{order.shipments[0].number}.pdf",
    }[kind]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.OWNER, {"document", "invoices", "packing slip"}),
        (Role.STAFF, {"document", "invoices", "packing slip"}),
        (Role.BOOKKEEPER, {"document", "invoices", "packing slip"}),
        (Role.READ_ONLY, {"document", "invoices", "packing slip"}),
        (Role.WAREHOUSE, {"packing slip"}),
    ],
)
def test_sec4_a_role_without_prices_gets_no_invoice(order: Order, role: Role, allowed: set[str]) -> None:
    browser = colleague(role)
    answers = {kind: browser.get(path(order, kind)) for kind in KINDS}
    assert {kind: answer.status_code for kind, answer in answers.items()} == {kind: 200 if kind in allowed else 403 for kind in KINDS}
    assert all(answers[kind].content.startswith(b"%PDF-") for kind in allowed)


def test_sec2_a_key_gets_documents_by_their_random_id_and_nothing_else(order: Order) -> None:
    program = client("orders:read")
    assert [program.get(path(order, kind)).status_code for kind in KINDS] == [200, 401, 401]


def test_sec2_a_stranger_is_told_the_same_whether_it_is_there_or_not(order: Order) -> None:
    stranger, revoked = client(""), client("orders:read", revoked=True)
    wanted = [*(path(order, kind) for kind in KINDS), "/documents/none.pdf", "/orders/77/invoices.pdf", "/packing-slips/none.pdf"]
    assert {who.get(one).status_code for who in (stranger, revoked) for one in wanted} == {401}


def test_inv3_an_invoice_has_the_same_bytes_each_time(order: Order) -> None:
    browser = colleague(Role.OWNER)
    first, second = (browser.get(path(order, "document")).content for _time in range(2))
    assert first == second == client("orders:read").get(path(order, "document")).content


def test_inv12_another_language_is_another_print(order: Order) -> None:
    browser = colleague(Role.OWNER)
    own, french = (browser.get(path(order, "invoices"), params={"language": language}) for language in ("de", "fr"))
    assert (own.status_code, french.status_code) == (200, 200)
    assert own.content != french.content


def test_w6_what_is_not_there_is_said(order: Order) -> None:
    browser = colleague(Role.OWNER)
    missing = ["/documents/none.pdf", "/packing-slips/none.pdf"]
    assert [browser.get(one).status_code for one in missing] == [404, 404]
    assert browser.get("/orders/77/invoices.pdf").status_code in {404, 409}
