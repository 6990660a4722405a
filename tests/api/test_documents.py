"""PDFs: who gets them, and that nobody guesses one (INV-3, W-3, W-6, SEC-4)."""

from collections.abc import Callable, Sequence

import pypdfium2 as pdfium
import pytest
from callers import client, colleague
from databases import OWNER, TestShop
from structlog.testing import capture_logs

from backoffice_app import archive, printing
from backoffice_app.api import documents
from backoffice_app.api.turns import Turns
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.drawing import drawn_together
from backoffice_app.i18n import _
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
    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: 200 if kind in allowed else 403 for kind in KINDS
    }
    assert all(answers[kind].content.startswith(b"%PDF-") for kind in allowed)


def test_sec2_a_key_gets_documents_by_their_random_id_and_nothing_else(order: Order) -> None:
    program = client("orders:read")
    assert [program.get(path(order, kind)).status_code for kind in KINDS] == [200, 401, 401]


def test_sec2_a_stranger_is_told_the_same_whether_it_is_there_or_not(order: Order) -> None:
    stranger, revoked = client(""), client("orders:read", revoked=True)
    wanted = [
        *(path(order, kind) for kind in KINDS),
        "/documents/none.pdf",
        "/orders/77/invoices.pdf",
        "/packing-slips/none.pdf",
    ]
    assert {who.get(one).status_code for who in (stranger, revoked) for one in wanted} == {401}


def test_inv3_an_invoice_has_the_same_bytes_each_time(order: Order) -> None:
    browser = colleague(Role.OWNER)
    first, second = (browser.get(path(order, "document")).content for _time in range(2))
    assert first == second == client("orders:read").get(path(order, "document")).content


def test_inv12_another_language_is_another_print(order: Order) -> None:
    browser = colleague(Role.OWNER)
    own, french = (
        browser.get(path(order, "invoices"), params={"language": language}) for language in ("de", "fr")
    )
    assert (own.status_code, french.status_code) == (200, 200)
    assert own.content != french.content


def test_w6_what_is_not_there_is_said(order: Order) -> None:
    browser = colleague(Role.OWNER)
    missing = ["/documents/none.pdf", "/packing-slips/none.pdf"]
    assert [browser.get(one).status_code for one in missing] == [404, 404]
    assert browser.get("/orders/77/invoices.pdf").status_code in {404, 409}


def test_ship1_the_slip_of_a_part_says_what_is_in_it_with_its_unit_and_what_follows(
    small_shop: TestShop,
) -> None:
    cloth = {
        "sku": "CLOTH-3",
        "name": "Stoff",
        "quantity": "1.5",
        "unit": "m",
        "unit_price": "12.00",
        "discount": "0.00",
        "vat_rate": "19",
    }
    taken = take_in(
        OWNER, parse_order(small_shop.new_order().as_json() | {"lines": [cloth], "total": "22.90"})
    )
    first = small_shop.load(taken.order_id).shipments[0].number
    done = perform(OWNER, "part-shipment", taken.order_id, {"shipment": first, "quantities": {"1": "0.5"}})
    browser = colleague(Role.WAREHOUSE)
    second = small_shop.load(taken.order_id).shipments[1].number

    slip = (
        pdfium.PdfDocument(browser.get(f"/packing-slips/{second}.pdf").content)[0]
        .get_textpage()
        .get_text_range()
    )

    assert f"Lieferschein {second}" in slip
    assert [quantity in slip for quantity in ("0,5 m", "1 m", "1,5 m")] == [True] * 3
    assert "Was noch folgt, kommt mit einer eigenen Sendung." in slip  # true of both, whichever leaves first
    assert done.undo
    perform(OWNER, done.undo.key, taken.order_id, done.undo.values)
    refused = browser.get(f"/packing-slips/{second}.pdf")
    assert (refused.status_code, refused.json()["detail"]) == (409, f"Shipment {second} is cancelled.")


@pytest.mark.parametrize("name", ["Anna 😀", "ไทย हिन्दी", "ქართული ✓ � 𠮷"])
def test_a2_every_file_of_an_order_with_any_name_is_shown(small_shop: TestShop, name: str) -> None:
    order = small_shop.order(billing_address={"name": name, "country": "DE"})
    browser, program = colleague(Role.OWNER), client("orders:read")
    assert [browser.get(path(order, kind)).status_code for kind in KINDS] == [200] * 3
    assert [browser.post(path(order, kind), data={"language": "fr"}).status_code for kind in KINDS[1:]] == [
        200
    ] * 2
    assert program.get(path(order, "document")).status_code == 200


def broken(kind: type[Exception], *arguments: object) -> Callable[..., bytes]:
    def render(*_arguments: object, **_others: object) -> bytes:
        raise kind(*arguments)

    return render


@pytest.mark.parametrize(
    ("accept", "media"), [("text/html,*/*", "text/html"), ("*/*", "application/problem+json")]
)
def test_a2_wrong_input_and_bugs_are_answered_by_page_or_problem(
    order: Order, monkeypatch: pytest.MonkeyPatch, accept: str, media: str
) -> None:
    browser = colleague(Role.OWNER, headers={"accept": accept, "accept-language": "de"})

    monkeypatch.setattr(printing, "drawn", broken(Invalid, "name", _("A name is needed.")))
    invalid = browser.get(path(order, "packing slip"))
    monkeypatch.setattr(printing, "drawn", broken(ZeroDivisionError, "a secret"))
    with capture_logs() as logged:
        bug = browser.get(path(order, "packing slip"))
    missing, wrong = (
        browser.get("/documents/none.pdf"),
        browser.get(path(order, "invoices"), params={"language": "<b>"}),
    )

    assert [answer.status_code for answer in (invalid, bug, missing, wrong)] == [422, 500, 404, 422]
    assert {
        answer.headers["content-type"].partition(";")[0] for answer in (invalid, bug, missing, wrong)
    } == {media}
    assert "Ein Name wird gebraucht." in invalid.text
    [number] = [line["number"] for line in logged if "number" in line]
    assert number in bug.text
    assert "secret" not in bug.text


def test_a7_the_same_translation_is_drawn_once(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def render(snapshots: Sequence[DocumentSnapshot], language: str) -> bytes:
        drawn.append(language)
        return drawn_together(snapshots, language)

    monkeypatch.setattr(printing, "drawn_together", render)
    printing.KEPT.clear()
    owner, reader = colleague(Role.OWNER), colleague(Role.READ_ONLY)
    answers = [who.get(path(order, "invoices"), params={"language": "fr"}) for who in (owner, owner, reader)]
    assert len({answer.content for answer in answers}) == 1
    assert drawn == ["fr"]


def test_a7_a_full_queue_is_told_to_come_again(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    printing.KEPT.clear()
    monkeypatch.setattr(documents, "drawing", Turns(at_once=0, queue=0, each=0))
    browser = colleague(Role.OWNER)
    full, archived = (
        browser.get(path(order, "invoices"), params={"language": "fr"}),
        browser.get(path(order, "document")),
    )
    assert (full.status_code, full.headers["retry-after"]) == (503, "5")
    assert "Try again in a few seconds." in full.json()["detail"]
    archive.file_of(1)
    assert archived.status_code == 503
    assert browser.get(path(order, "document")).status_code == 200
