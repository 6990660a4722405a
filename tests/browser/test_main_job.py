"""The main job from end to end: an order of another shop comes in, is paid, printed, shipped, and the customer hears of
it once.
"""

import email
import email.policy
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect
from serving import Server, free_port, running, sign_in, until

pytestmark = pytest.mark.browser
WOOCOMMERCE: dict[str, Any] = {
    "id": 812,
    "number": "812",
    "status": "on-hold",
    "currency": "EUR",
    "date_created_gmt": "2026-11-20T08:00:00",
    "date_paid_gmt": None,
    "prices_include_tax": True,
    "total": "44.40",
    "total_tax": "7.09",
    "billing": {
        "first_name": "Éloïse",
        "last_name": "Lefèvre",
        "address_1": "12 rue de Rivoli",
        "city": "Paris",
        "postcode": "75004",
        "country": "FR",
        "email": "eloise@example.com",
        "phone": "+33 1 23456789",
    },
    "payment_method": "bacs",
    "payment_method_title": "Virement",
    "line_items": [
        {
            "id": 1,
            "name": "Tasse",
            "sku": "TASSE-1",
            "quantity": 2,
            "subtotal": "33.53",
            "subtotal_tax": "6.37",
            "total": "33.53",
            "total_tax": "6.37",
            "price": 16.765,
        }
    ],
    "shipping_lines": [
        {"method_id": "flat", "method_title": "Colissimo", "total": "3.78", "total_tax": "0.72"}
    ],
}
SHOPIFY: dict[str, Any] = {
    "id": 9001,
    "name": "#1042",
    "order_number": 1042,
    "created_at": "2026-11-21T10:00:00+01:00",
    "currency": "EUR",
    "email": "bo@example.com",
    "financial_status": "pending",
    "gateway": "Bank Deposit",
    "taxes_included": True,
    "subtotal_price": "60.00",
    "total_discounts": "0.00",
    "total_tax": "9.58",
    "total_price": "60.00",
    "tax_lines": [{"price": "9.58", "rate": 0.19, "title": "VAT"}],
    "line_items": [
        {
            "id": 1,
            "name": "Lamp - green",
            "sku": "LAMP-G",
            "price": "20.00",
            "quantity": 1,
            "requires_shipping": True,
        },
        {
            "id": 2,
            "name": "Lamp - red",
            "sku": "LAMP-R",
            "price": "20.00",
            "quantity": 2,
            "requires_shipping": True,
        },
    ],
    "shipping_lines": [{"code": "DHL", "title": "DHL Paket", "price": "0.00"}],
    "billing_address": {
        "name": "Bo Lind",
        "address1": "Kungsgatan 1",
        "city": "Hamburg",
        "zip": "20095",
        "country_code": "DE",
    },
    "shipping_address": {
        "name": "Bo Lind",
        "address1": "Kungsgatan 1",
        "city": "Hamburg",
        "zip": "20095",
        "country_code": "DE",
    },
    "customer": {"id": 5, "first_name": "Bo", "last_name": "Lind"},
    "customer_locale": "de",
}


class Mailbox:
    """What a real SMTP server took, as messages."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A real SMTP server and its port."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="module")
def shop(mailbox: tuple[Mailbox, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop that has a mail server; mails can be held back for one second."""
    smtp = f"smtp://127.0.0.1:{mailbox[1]}"
    with running(
        tmp_path_factory.mktemp("mailing"),
        "demo",
        "--orders",
        "3",
        KONTOR_SMTP_URL=smtp,
        KONTOR_UNDO_SECONDS="1",
    ) as server:
        yield server


@pytest.fixture
def page(browser: Browser, shop: Server) -> Iterator[Page]:
    """A tab of a colleague who is signed in to the shop with the mail server."""
    context = browser.new_context(base_url=shop.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(10_000)
    tab = context.new_page()
    sign_in(tab, "staff@demo.test")
    yield tab
    context.close()


def take_in(shop: Server, tmp_path: Path, payload: dict[str, Any]) -> str:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(payload))
    said = shop.kontor("import", str(file))
    assert said.returncode == 0, said.stdout + said.stderr
    number = re.search(r"imported as (\d+)", said.stdout)
    assert number, said.stdout
    return number[1]


def test_m4_the_made_up_past_of_the_demo_is_not_mailed(shop: Server) -> None:
    with closing(sqlite3.connect(shop.data_dir / "kontor.sqlite3")) as database:
        past = database.execute(
            "SELECT state, count(*) FROM outbox_mail WHERE order_id <= 3 GROUP BY state"
        ).fetchall()

    assert [state for state, _number in past] == ["no-server"]


@pytest.mark.parametrize(
    ("payload", "search", "language", "title"),
    [(WOOCOMMERCE, "lefevre", "nl", "Factuur"), (SHOPIFY, "LAMP-R", "fr", "Facture")],
    ids=["woocommerce", "shopify"],
)
def test_w5_from_an_order_of_another_shop_to_the_customers_mail(
    shop: Server,
    page: Page,
    mailbox: tuple[Mailbox, int],
    tmp_path: Path,
    payload: dict[str, Any],
    search: str,
    language: str,
    title: str,
) -> None:
    number = take_in(shop, tmp_path, payload)
    box = mailbox[0]
    recipient = payload.get("email") or payload["billing"]["email"]

    page.goto("/orders")
    page.get_by_role("textbox", name="Search orders").fill(search)
    expect(page.get_by_text("1 order", exact=True)).to_be_visible()
    page.get_by_role("table", name="Orders").get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)

    page.get_by_role("button", name="Paid", exact=True).click()
    expect(page.get_by_text("Payment booked.")).to_be_visible()
    expect(page.get_by_role("button", name="Paid", exact=True)).to_be_disabled()

    page.get_by_role("combobox", name="Invoice language").select_option(language)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Print invoices").click()
    pdf = page.request.get(f"/orders/{number}/invoices.pdf?language={language}")
    assert f"language={language}" in opened.value.url or pdf.ok
    assert title in text_of(pdf.body())

    page.get_by_role("textbox", name="Tracking number").fill(f"0034{number}")
    page.get_by_role("button", name="Shipped", exact=True).click()
    expect(page.get_by_text("Order shipped.")).to_be_visible()

    page.get_by_role("tab", name="History").click()
    history = page.get_by_role("tabpanel", name="History")
    for told in (
        "booked a payment of",
        "printed RE-",
        f"tracking number 0034{number}",
        "The order is completed.",
    ):
        expect(history.get_by_text(told).first).to_be_visible()

    def arrived() -> list[EmailMessage]:
        return [m for m in box.messages if m["To"] == recipient and f"0034{number}" in str(m.get_body())]

    until(arrived, 15, "the tracking mail")
    page.goto("/outbox")
    expect(page.get_by_text(recipient).first).to_be_visible()
    until(
        lambda: len([m for m in box.messages if m["To"] == recipient]) == 2, 15, "the mail about the payment"
    )
    assert len(arrived()) == 1
    assert len({m["Message-ID"] for m in box.messages}) == len(box.messages)


def text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)
