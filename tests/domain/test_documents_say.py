"""What invoices, slips and mails say is true when they say it: supply, payments, numbers, names, languages (INV-7,
INV-12, M-1, M-2).
"""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from databases import BEN, OWNER, TestShop
from pdf_pages import text_of
from sqlmodel import Session, col, select

from backoffice_app import archive, db, printing
from backoffice_app.documents import render_pdf
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.shop import Administration, Regional, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.customers import preview_customer_mail
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.queries import list_orders
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Customer, DocumentVersion, History, Order, OutboxMail

DAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


def by_hand() -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))


def shop_speaks(language: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "regional", Regional(language=language))


def invoice_of(order: Order) -> DocumentSnapshot:
    with db.reading() as session:
        text = session.exec(
            select(DocumentVersion.snapshot).where(DocumentVersion.document_id == order.documents[0].id)
        ).one()
    return DocumentSnapshot.model_validate_json(text)


def issued(shop: TestShop, order: Order) -> DocumentSnapshot:
    perform(BEN, "invoice", order.id or 0)
    return invoice_of(shop.load(order.id or 0))


def text(order: Order, language: str | None = None) -> str:
    return text_of(render_pdf(invoice_of(order), language))


def order_of(shop: TestShop, lines: list[dict[str, object]], total: str, **others: str) -> Order:
    """A placed order of these lines as the API's JSON has them, without shipping cost."""
    data = shop.new_order().as_json() | {"lines": lines, "shipping": None, "total": total} | others
    with work(OWNER) as w:
        placed = place_order(w, parse_order(data))
    return shop.load(placed.id or 0)


def slip_text(order: Order) -> str:
    return text_of(printing.find_packing_slip(BEN, order.shipments[0].number).draw())


def mail_about(order: Order, kind: MailKind) -> OutboxMail:
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        made = write(w, kind, locked, about="probe", documents=locked.documents, shipments=locked.shipments)
        assert made is not None
        w.session.flush()
        w.session.expunge(made)
    return made


# --- the day of supply
# ------------------------------------------------------------------------------------------------------------------


def test_d7_while_nothing_has_left_the_invoice_says_that_delivery_follows(shop: TestShop) -> None:
    with clock.at(DAY):
        order = shop.order()
    snapshot = invoice_of(order)
    assert (snapshot.supplied_on, snapshot.supply_to_come, snapshot.received_on) == (None, True, None)
    assert "Lieferung folgt" in text(order)
    assert "Zahlung erhalten" not in text(order)


def test_d7_money_that_came_before_the_goods_has_its_day(shop: TestShop) -> None:
    order = shop.order(paid=True)
    snapshot = invoice_of(order)
    assert (snapshot.supplied_on, snapshot.supply_to_come, snapshot.received_on) == (
        None,
        True,
        date(2026, 11, 20),
    )
    said = text(order)
    assert "Zahlung erhalten am" in said
    assert "20.11.2026" in said


def test_d7_what_was_shipped_bears_that_day_whenever_it_is_invoiced(shop: TestShop) -> None:
    by_hand()
    order = shop.order(paid=True)
    with clock.at(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        perform(BEN, "ship", order.id or 0)
    with clock.at(datetime(2027, 1, 4, 12, tzinfo=UTC)):
        snapshot = issued(shop, order)
    assert (snapshot.supplied_on, snapshot.supply_to_come, snapshot.received_on) == (
        date(2026, 12, 1),
        False,
        None,
    )
    assert "Lieferung folgt" not in text(shop.load(order.id or 0))


def test_d7_of_what_was_shipped_in_part_the_rest_follows(shop: TestShop) -> None:
    by_hand()
    order = shop.order(lines=2)
    with clock.at(DAY):
        values = {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True}
        perform(BEN, "part-shipment", order.id or 0, values)
        snapshot = issued(shop, order)
    assert (snapshot.supplied_on, snapshot.supply_to_come) == (date(2026, 11, 28), True)
    assert "28.11.2026, der Rest folgt" in " ".join(text(shop.load(order.id or 0)).split())


def test_d7_what_need_not_be_shipped_is_supplied_with_its_invoice(shop: TestShop) -> None:
    line = {
        "sku": "PDF",
        "name": "Schnittmuster",
        "quantity": "1",
        "unit_price": "5.00",
        "vat_rate": "19",
        "ships": False,
    }
    with clock.at(DAY):
        order = order_of(shop, [line], "5.00")
    snapshot = invoice_of(order)
    assert (snapshot.supplied_on, snapshot.supply_to_come) == (snapshot.issued_on, False)


# --- the number the customer knows, their name, their number
# --------------------------------------------------------------------------


def test_d10_the_number_the_customer_knows_stands_on_invoice_slip_and_mails_and_is_found(
    shop: TestShop,
) -> None:
    order = shop.order(number_at_source="#1001", external_reference="5123409876543")
    for said in (text(order), slip_text(order)):
        assert "#1001" in said
        assert order.number in said
        assert "5123409876543" not in said
    for kind in (one for one in MAIL_KINDS.values() if not one.key.startswith(("ticket-", "task-"))):
        mail = mail_about(order, kind)
        assert "#1001" in mail.subject or (
            kind is mail_kinds.REMINDER and "#1001" in mail.body
        )  # which is about the invoice
        assert f"Bei uns hat Ihre Bestellung die Nummer {order.number}." in mail.body
    with db.reading() as session:
        found = list_orders(session, OrderFilter(q="1001"), BEN, "de")
    assert order.number in str(found.rows)


def test_d10_a_short_reference_is_known_where_the_shop_gave_no_number_and_an_id_of_machines_is_not(
    shop: TestShop,
) -> None:
    known, unknown = (
        shop.order(external_reference="SHOP-77"),
        shop.order(external_reference="8f14e45f-ceea-467f-a8f2"),
    )
    assert "Ihre Bestellnummer" in text(known)
    assert "SHOP-77" in text(known)
    assert "Ihre Bestellnummer" not in text(unknown)
    assert mail_about(unknown, mail_kinds.ORDER_CONFIRMATION).subject == f"Ihre Bestellung {unknown.number}"


def test_d10_the_customers_number_is_printed(shop: TestShop) -> None:
    order = shop.order()
    with db.reading() as session:
        number = session.exec(select(Customer.number)).one()
    assert number in text(order)
    assert number in slip_text(order)


def test_d10_where_the_address_names_nobody_the_customer_is_called_as_known(shop: TestShop) -> None:
    address = {"street": "Ring 1", "postcode": "10827", "city": "Berlin", "country": "DE"}
    named = shop.order(billing_address=address)
    nameless = shop.order(billing_address=address, customer={"email": "probe@example.com"})
    assert "Ada Kovač" in text(named)
    assert "Ada Kovač" in slip_text(named)
    assert "probe@example.com" in text(nameless)


# --- languages
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("order_language", "customer_language", "shop_language", "spoken"), [
    ("de", "fr", "nl", "de"), ("de-AT", "fr", "nl", "de"), ("it", "fr", "nl", "fr"), ("it", "it", "nl", "nl"),
    ("it", "pl", "de", "de"),
])  # fmt: skip
def test_d11_documents_and_mails_have_one_fallback_of_languages(
    small_shop: TestShop, order_language: str, customer_language: str, shop_language: str, spoken: str
) -> None:
    by_hand()
    shop_speaks(shop_language)
    order = small_shop.order()
    with work(OWNER) as w:
        changed = w.lock(ORDER, order.id or 0)
        changed.language = order_language
        w.session.get_one(Customer, changed.customer_id).language = customer_language
    snapshot = issued(small_shop, order)
    order = small_shop.load(order.id or 0)

    assert (snapshot.language, order.documents[0].language) == (spoken, spoken)
    assert mail_about(order, mail_kinds.SHIPPED).language == spoken
    assert (
        preview_customer_mail(
            dataclasses.replace(BEN, language="en"), order.number, {"message": "x", "once": "dialog-1"}
        )[0]
        == spoken
    )
    slip = {"de": "Diese Sendung enthält", "fr": "Cet envoi contient", "nl": "Deze zending bevat"}[spoken]
    assert slip in slip_text(order)


def test_inv7_papers_of_what_is_fetched_speak_of_no_delivery(small_shop: TestShop) -> None:
    fetched = {"method": "pickup", "name": "Abholung im Laden", "price": "4.90", "vat_rate": "19"}
    order = small_shop.order(paid=True, shipping=fetched)
    assert ("Abholung folgt" in text(order), "Lieferung folgt" in text(order)) == (True, False)
    assert ("Zur Abholung:" in slip_text(order), "Diese Sendung enthält" in slip_text(order)) == (True, False)
    assert "Lieferung folgt" in text(small_shop.order(paid=True))


def test_w19_the_packing_slip_prints_what_the_customer_wrote(small_shop: TestShop) -> None:
    order = small_shop.order(comment="Bitte als Geschenk.\n\nLiebe Oma, alles Gute!")
    assert "Ihr Kommentar: Bitte als Geschenk." in slip_text(order)
    assert "Liebe Oma, alles Gute!" in slip_text(order)
    assert "Kommentar" not in slip_text(small_shop.order())


def test_inv7_amounts_below_zero_have_a_true_minus_on_paper_and_in_mails(small_shop: TestShop) -> None:
    order = small_shop.order(discount={"name": "Treue", "amount": "4.80"}, total="40.00")
    assert "\u22124,80" in text(order)
    assert "Rabatt: \u22124,80" in mail_about(order, mail_kinds.ORDER_CONFIRMATION).body


def test_inv7_an_address_has_the_same_lines_in_window_document_and_mail(small_shop: TestShop) -> None:
    address = {
        "name": "Ada",
        "company": "Probe",
        "street": "Weg 1",
        "addition": "Hinterhaus",
        "postcode": "1010",
        "city": "Wien",
    }
    order = small_shop.order(billing_address=address | {"country": "AT", "region": "Wien"})
    lines = ["Probe", "Ada", "Hinterhaus", "Weg 1", "1010 Wien"]
    with db.reading() as session:
        assert order_window(session, order.number, BEN, "de").blocks["billing"].lines == [
            *lines,
            "Österreich",
        ]
    assert "\n".join(lines) in text(order)
    assert "\n  ".join(lines) in mail_about(order, mail_kinds.ORDER_CONFIRMATION).body


def test_d11_a_print_in_the_language_of_issue_is_no_translation(small_shop: TestShop) -> None:
    shop_speaks("en")
    order = small_shop.order(language="it")
    printing.print_invoices(BEN, order.number, "en")
    with Session(db.engine()) as session:
        assert session.exec(select(History).where(History.kind == "InvoicesPrinted")).all() == []
        stored = session.exec(select(DocumentVersion.id).order_by(col(DocumentVersion.id))).all()
    found = printing.find_invoices(BEN, order.number, "en")
    assert found.draw() == archive.file_of(stored[0] or 0)
    assert "Translation" not in text(order)


# --- payments
# --------------------------------------------------------------------------------------------------


def test_d17_the_invoice_names_what_it_was_paid_with(shop: TestShop) -> None:
    voucher = {"amount": "44.80", "method": "voucher", "name": "Geschenkgutschein"}
    order = shop.order(payments=[voucher], payment={"method": "invoice", "name": "Rechnung", "state": "open"})
    assert "Bezahlt mit Geschenkgutschein. Vielen Dank!" in text(order)


def test_d17_a_payment_that_was_booked_back_is_not_named(shop: TestShop) -> None:
    by_hand()
    order = shop.order()
    perform(BEN, "pay", order.id or 0, {"method": "Scheck"})
    perform(BEN, "not-paid", order.id or 0)
    perform(BEN, "pay", order.id or 0, {"method": "PayPal"})
    issued(shop, order)
    assert "Bezahlt mit PayPal. Vielen Dank!" in text(shop.load(order.id or 0))


def test_d17_an_over_payment_is_said(shop: TestShop) -> None:
    order = shop.order(payments=[{"amount": "50.00", "method": "paypal", "name": "PayPal"}])
    assert "Sie haben 5,20 € mehr bezahlt, als diese Rechnung verlangt." in text(order)
    assert invoice_of(order).overpaid == 520


def test_d19_an_invoice_of_nothing_says_that_nothing_is_to_be_paid(shop: TestShop) -> None:
    free = {"sku": "GIFT", "name": "Gratisprobe", "quantity": "1", "unit_price": "0.00", "vat_rate": "19"}
    order = order_of(shop, [free], "0.00")
    assert "Es ist nichts zu zahlen." in text(order)
    assert "Gratisprobe (GIFT): 0,00\xa0€" in mail_about(order, mail_kinds.ORDER_CONFIRMATION).body


# --- addresses
# --------------------------------------------------------------------------------------------------

JAPANESE = {
    "name": "山田 太郎",
    "street": "千代田1-1",
    "addition": "101号室",
    "postcode": "100-0001",
    "city": "千代田区",
    "region": "東京都",
}


@pytest.mark.parametrize(("address", "lines"), [
    (JAPANESE | {"country": "JP"}, ["〒100-0001", "東京都千代田区", "千代田1-1", "101号室", "山田 太郎"]),
    ({"name": "Taro", "street": "1-1 Chiyoda", "city": "Chiyoda", "region": "Tokyo", "postcode": "100-0001",
        "country": "JP"},
     ["Taro", "1-1 Chiyoda", "Chiyoda Tokyo 100-0001"]),
    ({"name": "Pat", "street": "1 Test Row", "city": "London", "postcode": "SW1A 1AA", "country": "GB"},
     ["Pat", "1 Test Row", "London", "SW1A 1AA"]),
    ({"name": "Ana", "street": "Rua A 1", "city": "São Paulo", "region": "SP", "postcode": "01310-100",
        "country": "BR"},
     ["Ana", "Rua A 1", "São Paulo SP", "01310-100"]),
    ({"name": "Ann", "street": "1 Quay", "city": "Dingle", "region": "Co. Kerry", "postcode": "V92 X2Y3",
        "country": "IE"},
     ["Ann", "1 Quay", "Dingle", "Co. Kerry", "V92 X2Y3"]),
    ({"name": "Ugo", "street": "Via Roma 1", "city": "Milano", "region": "MI", "postcode": "20121", "country": "IT"},
     ["Ugo", "Via Roma 1", "20121 Milano MI"]),
    ({"name": "Bo", "street": "Ring 1", "city": "Wien", "region": "Wien", "postcode": "1010", "country": "AT"},
     ["Bo", "Ring 1", "1010 Wien"]),
    ({"name": "Eva", "street": "Fő utca 1", "city": "Budapest", "postcode": "1011", "country": "HU"},
     ["Eva", "Budapest", "Fő utca 1", "1011"]),
    ({"name": "Bob", "street": "1 Main St", "city": "Springfield", "region": "IL", "postcode": "62701",
        "country": "US"},
     ["Bob", "1 Main St", "Springfield IL 62701"]),
    ({"name": "Luz", "street": "Calle 1", "city": "Getafe", "region": "Madrid", "postcode": "28901", "country": "ES"},
     ["Luz", "Calle 1", "28901 Getafe", "Madrid"]),
])  # fmt: skip
def test_inv7_addresses_are_written_as_the_post_of_their_country_wants_them(
    small_shop: TestShop, address: dict[str, str], lines: list[str]
) -> None:
    order = small_shop.order(billing_address=address)
    for said in (text(order), slip_text(order)):
        assert "\n".join(lines) in said
    body = mail_about(order, mail_kinds.SHIPPED).body
    assert "\n".join(f"  {line}" for line in lines) in body


def test_inv7_amounts_in_yen_have_no_decimals_in_pdf_and_mail(small_shop: TestShop) -> None:
    lines = [{"sku": "A", "name": "Ware", "quantity": "3", "unit_price": "1100", "vat_rate": "10"}]
    order = order_of(small_shop, lines, "3300", currency="JPY")
    assert order.lines[0].unit_price == Decimal(1100)
    assert "1.100 ¥" in text(order)
    assert "3.300\xa0¥" in mail_about(order, mail_kinds.ORDER_CONFIRMATION).body


def test_w19_the_customers_comment_stands_on_the_slip_unless_the_shop_says_otherwise(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(comment="Bitte beim Nachbarn abgeben")
    assert "Bitte beim Nachbarn abgeben" in slip_text(order)
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(comment_on_slips=False))
    assert "Bitte beim Nachbarn abgeben" not in slip_text(order)
