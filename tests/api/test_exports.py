"""CSV of what a list shows, and its papers in one PDF: who gets them, and which rows they have (E7, O-5, SEC-4)."""

import csv
import io
from decimal import Decimal

import pypdfium2 as pdfium
import pytest
from callers import client, colleague
from databases import OWNER, TestShop
from python_calamine import CalamineWorkbook
from saying_yes import say_yes
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.api.exports import XLSX
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.listing.invoices import invoices_page
from backoffice_app.models import Order

MONEY = ("/invoices.csv", "/invoices.xlsx", "/invoices-vat.csv", "/payments.csv", "/invoices.pdf")
FILES = (*MONEY, "/shipments.csv", "/shipments.xlsx", "/products.csv", "/shipments.pdf")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("role", "refused"),
    [(Role.OWNER, set()), (Role.BOOKKEEPER, set()), (Role.WAREHOUSE, set(MONEY))],
)
def test_sec4_each_role_gets_the_files_of_its_lists(
    small_shop: TestShop, role: Role, refused: set[str]
) -> None:
    small_shop.order()
    perform(OWNER, "new-product", 0, {"sku": "MUG-1", "name": "Becher", "price": "19.95", "on_hand": "5"})
    browser = colleague(role)
    answers = {path: browser.get(path) for path in FILES}

    assert {path: answer.status_code for path, answer in answers.items()} == {
        path: 403 if path in refused else 200 for path in FILES
    }
    assert ("19.95" in answers["/products.csv"].text) is (role is not Role.WAREHOUSE)
    assert (
        answers["/shipments.csv"]
        .headers["content-disposition"]
        .startswith('attachment; filename="shipments-20')
    )


def test_sec2_strangers_and_keys_get_none(small_shop: TestShop) -> None:
    assert {who.get(path).status_code for who in (client(""), client("orders:read")) for path in FILES} == {
        401
    }


def test_e7_a_file_has_what_the_list_shows(small_shop: TestShop) -> None:
    open_one, paid = small_shop.order(), small_shop.order(paid=True)
    browser = colleague(Role.OWNER)
    exported = rows(browser.get("/invoices.csv", params={"state": "open"}).text)

    assert [(row["Number"], row["Order"], row["Open"]) for row in exported] == [
        (open_one.documents[0].number, open_one.number, "44.80")
    ]
    found = rows(browser.get("/invoices.csv", params={"q": paid.number, "page": "last"}).text)
    assert [row["Number"] for row in found] == [paid.documents[0].number]
    assert len(rows(browser.get("/shipments.csv").text)) == 2


LISTS = {
    "invoices": "?state=open",
    "invoices-vat": "",
    "payments": "",
    "shipments": "?state=open",
    "returns": "",
    "products": "?stock=out",
    "tasks": "?which=all",
    "tickets": "",
    "outbox": "",
    "customers": "",
}


@pytest.mark.parametrize("name", LISTS)
def test_e7_a_spreadsheet_has_the_rows_of_the_csv(small_shop: TestShop, name: str) -> None:
    small_shop.order()
    small_shop.order(paid=True)
    browser = colleague(Role.OWNER)
    answer = browser.get(f"/{name}.xlsx{LISTS[name]}")
    plain = list(
        csv.reader(io.StringIO(browser.get(f"/{name}.csv{LISTS[name]}").text.removeprefix("\ufeff")))
    )
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}-20')
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    assert sheet[0] == plain[0]
    assert [str(row[0]) for row in sheet] == [row[0] for row in plain]
    assert len(sheet) == len(plain)


def test_e7_vat_is_listed_by_rate_and_adds_up_to_the_documents(small_shop: TestShop) -> None:
    cheap = {"method": "dhl", "name": "DHL Paket", "price": "4.90", "vat_rate": "7"}
    order = small_shop.order(shipping=cheap)
    perform(OWNER, "credit-note", order.id or 0, {"invoice": "RE-2026-0001", "quantities": {"1": "1"}})
    perform(OWNER, "cancel", order.id or 0)
    browser = colleague(Role.BOOKKEEPER)

    shown = ("Number", "Belongs to", "Country", "VAT rate", "Net", "VAT", "Total")
    by_rate = rows(browser.get("/invoices-vat.csv", params={"sort": "date", "direction": "up"}).text)
    assert [tuple(row[name] for name in shown) for row in by_rate] == [
        ("RE-2026-0001", "", "DE", "7", "4.58", "0.32", "4.90"),
        ("RE-2026-0001", "", "DE", "19", "33.53", "6.37", "39.90"),
        ("GS-2026-0001", "RE-2026-0001", "DE", "19", "-16.77", "-3.18", "-19.95"),
        ("ST-2026-0001", "RE-2026-0001", "DE", "7", "-4.58", "-0.32", "-4.90"),
        ("ST-2026-0001", "RE-2026-0001", "DE", "19", "-16.76", "-3.19", "-19.95"),
    ]
    whole = rows(browser.get("/invoices.csv").text)
    for name in ("Net", "VAT", "Total"):
        assert sum(Decimal(row[name]) for row in by_rate) == sum(Decimal(row[name]) for row in whole)


def test_e7_the_list_of_invoices_leads_to_the_files_about_what_it_shows(small_shop: TestShop) -> None:
    with reading() as session:
        view = invoices_page(session, {"from": "2026-11-01", "page": "last"}, OWNER)
    assert view.files == [
        ("VAT by rate · CSV", "/invoices-vat.csv?from=2026-11-01"),
        ("VAT by rate · XLSX", "/invoices-vat.xlsx?from=2026-11-01"),
        ("Payments and refunds · CSV", "/payments.csv?from=2026-11-01"),
        ("Payments and refunds · XLSX", "/payments.xlsx?from=2026-11-01"),
    ]


def test_pay1_payments_are_listed_by_their_day_and_add_up_to_what_was_paid(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    for key, values in (
        ("pay", {"amount": "50.00", "booked_on": "2026-11-21"}),
        ("refund", {"amount": "3.00", "booked_on": "2026-11-22"}),
        ("move-payment", {"order": other.number}),
        ("charge-back", {"amount": "10.00", "booked_on": "2026-11-23", "fee": "7.50", "reason": "No cover"}),
        ("pay", {"amount": "1.00", "booked_on": "2026-11-24"}),
        ("not-paid", {"payment": "5"}),
    ):
        say_yes(OWNER, key, order.id or 0, values)
    browser = colleague(Role.BOOKKEEPER)
    shown = ("Date", "Kind", "Order", "Invoices", "Amount", "Fee of the provider", "Reason")
    found = rows(browser.get("/payments.csv").text)
    assert [tuple(row[name] for name in shown) for row in found if row["Kind"] != "Moved"] == [
        ("2026-11-21", "Payment", order.number, "RE-2026-0001", "50.00", "0.00", ""),
        ("2026-11-22", "Refund", order.number, "", "-3.00", "0.00", ""),
        ("2026-11-23", "Charge-back", order.number, "RE-2026-0001", "-10.00", "7.50", "No cover"),
        ("2026-11-24", "Payment", order.number, "", "1.00", "0.00", ""),
        (found[-1]["Date"], "Taken back", order.number, "", "-1.00", "0.00", ""),
    ]
    assert [(row["Order"], row["Amount"], row["Reason"]) for row in found if row["Kind"] == "Moved"] == [
        (order.number, "-2.20", f"to order {other.number}"),
        (other.number, "2.20", f"from order {order.number}"),
    ]
    for one in (order, other):
        mine = [Decimal(row["Amount"]) for row in found if row["Order"] == one.number]
        assert sum(mine) * 100 == small_shop.load(one.id or 0).paid
    days = browser.get("/payments.csv", params={"from": "2026-11-22", "to": "2026-11-23", "state": "paid"})
    assert [row["Amount"] for row in rows(days.text) if row["Kind"] != "Moved"] == ["-3.00", "-10.00"]
    assert {row["Order"] for row in rows(browser.get("/payments.csv?q=" + other.number).text)} == {
        other.number
    }


def test_o5_the_papers_of_a_page_come_in_the_order_of_the_list_and_their_orders_count_as_printed(
    small_shop: TestShop,
) -> None:
    first, second = small_shop.order(paid=True), small_shop.order(paid=True)
    browser = colleague(Role.OWNER)
    printed = browser.post("/invoices.pdf?sort=date&direction=up")

    assert printed.url.query == b"sort=date&direction=up"
    pages = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(printed.content)]
    assert [
        order.documents[0].number in page for order, page in zip((first, second), pages, strict=True)
    ] == [True, True]
    with Session(db.engine()) as session:
        assert all(session.get_one(Order, order.id).printed_at for order in (first, second))
    slips = browser.post("/shipments.pdf?state=open").content
    assert len(pdfium.PdfDocument(slips)) == 2
    assert browser.get("/shipments.pdf?state=shipped").status_code == 409


def test_sec2_a_page_of_another_site_prints_nothing(small_shop: TestShop) -> None:
    order = small_shop.order()
    answer = colleague(Role.OWNER).post("/invoices.pdf", headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert small_shop.load(order.id or 0).printed_at is None
