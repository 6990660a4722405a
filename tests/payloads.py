"""Small orders of other shops, as they send them, and what becomes of them."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from databases import OWNER
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.domain.intake.files import Row, read_file
from backoffice_app.domain.intake.given import Home
from backoffice_app.domain.intake.take_in import ImportedRow, Outcome, import_files
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import Order

HERE = Home("DE", "Europe/Berlin")
DANISH = {
    "first_name": "Ida",
    "last_name": "Holm",
    "address_1": "Nygade 7",
    "city": "Aarhus",
    "postcode": "8000",
    "country": "DK",
}
SWEDISH = {
    "name": "Bo Lind",
    "address1": "Kungsgatan 1",
    "city": "Malmö",
    "zip": "211 49",
    "country_code": "SE",
}


def woo_line(total: str, tax: str = "0.00", **more: Any) -> dict[str, Any]:
    """A line of one piece; `total` and `tax` after all discounts."""
    return {
        "name": "Thing",
        "quantity": 1,
        "subtotal": total,
        "subtotal_tax": tax,
        "total": total,
        "total_tax": tax,
        "sku": "T",
    } | more


def woo(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A paid WooCommerce order of these lines, of one of 10.00 without any; its total is theirs."""
    lines = lines or (woo_line("10.00"),)
    tax = sum(float(line["total_tax"]) for line in lines)
    order: dict[str, Any] = {
        "id": 71,
        "number": "71",
        "status": "processing",
        "currency": "EUR",
        "prices_include_tax": False,
        "date_created_gmt": "2026-10-05T08:00:00",
        "date_modified_gmt": "2026-10-07T08:00:00",
        "date_paid_gmt": "2026-10-05T08:01:00",
        "total": f"{sum(float(line['total']) for line in lines) + tax:.2f}",
        "total_tax": f"{tax:.2f}",
        "billing": DANISH | {"email": "ida@example.com", "phone": "+45 1"},
        "shipping": dict.fromkeys(DANISH, ""),
        "payment_method": "card",
        "payment_method_title": "Card",
        "transaction_id": "",
        "line_items": list(lines),
    }
    return copy.deepcopy(order | changes)


def shopify_line(
    id_: int = 1, price: str = "10.00", quantity: int = 1, tax: str = "1.60", **more: Any
) -> dict[str, Any]:
    """A line with 19 % in its price where there is a `tax`."""
    taxes = [{"title": "VAT", "rate": 0.19, "price": tax}] if float(tax) else []
    line = {
        "id": id_,
        "name": f"Ware {id_}",
        "sku": f"W{id_}",
        "price": price,
        "quantity": quantity,
        "tax_lines": taxes,
        "taxable": False,
    }
    return line | {"requires_shipping": True} | more


def shopify(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A paid Shopify order with gross prices, of two pieces at 10.00 without any lines; its total is theirs."""
    lines = lines or (shopify_line(1), shopify_line(2))
    total = sum(float(line["price"]) * line["quantity"] for line in lines)
    order: dict[str, Any] = {
        "id": 9001,
        "name": "#1042",
        "created_at": "2026-10-05T10:00:00+02:00",
        "currency": "EUR",
        "email": "bo@example.com",
        "financial_status": "paid",
        "payment_gateway_names": ["shopify_payments"],
        "taxes_included": True,
        "subtotal_price": f"{total:.2f}",
        "total_discounts": "0.00",
        "total_tax": f"{sum(float(t['price']) for line in lines for t in line['tax_lines']):.2f}",
        "total_price": f"{total:.2f}",
        "line_items": list(lines),
        "billing_address": SWEDISH,
        "shipping_address": SWEDISH,
        "customer": {"id": 5, "first_name": "Bo", "last_name": "Lind"},
    }
    return copy.deepcopy(order | changes)


def row_of(order: object, home: Home = HERE) -> Row:
    """What is read of one order."""
    [row] = read_file(json.dumps(order).encode(), None, home)
    return row


def taken(order: object, home: Home = HERE) -> NewOrder:
    """The order as it would go in."""
    row = row_of(order, home)
    assert row.problems == (), [str(p) for p in row.problems]
    assert row.order is not None
    return row.order


def refusals_of(order: object, home: Home = HERE) -> dict[str, str]:
    """Why it does not go in, by field."""
    row = row_of(order, home)
    assert row.order is None
    return {p.field: p.reason.in_language("en") for p in row.problems}


def remarks_of(order: object, home: Home = HERE) -> str:
    """All remarks of an order that can go in, as one text; each can be said in German too."""
    row = row_of(order, home)
    assert row.order is not None, [str(p) for p in row.problems]
    assert all(r.in_language("de") for r in row.remarks)
    return " ".join(r.in_language("en") for r in row.remarks)


def report_of(order: object, *, source: str = "") -> ImportedRow:
    """What the import says of one order."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.json"
        file.write_text(json.dumps(order))
        [row] = import_files(OWNER, [file], source=source, issue=True)
    return row


def imported(order: object, *, source: str = "", outcome: Outcome = Outcome.IMPORTED) -> int:
    """The id of the order that the import made or found; 0 for one that it refused."""
    row = report_of(order, source=source)
    assert row.outcome is outcome, [str(p) for p in row.problems]
    with reading() as session:
        return session.exec(select(Order.id).where(Order.number == row.number)).first() or 0


def full_woo() -> dict[str, Any]:
    """A WooCommerce order with something in every container, all of it right."""
    taxes = [{"id": 1, "total": "1.9", "subtotal": "2.85"}]
    line = woo_line(
        "10.00",
        "1.90",
        subtotal="15.00",
        subtotal_tax="2.85",
        taxes=taxes,
        quantity=2,
        meta_data=[{"key": "Size", "value": "M"}],
    )
    fee = {"name": "Wrapping", "total": "2.00", "total_tax": "0.38", "taxes": [{"id": 1, "total": "0.38"}]}
    way = {
        "method_id": "post",
        "method_title": "Post",
        "total": "5.00",
        "total_tax": "0.95",
        "taxes": [{"id": 1, "total": "0.95"}],
    }
    return woo(
        line,
        status="completed",
        total="18.23",
        total_tax="3.23",
        fee_lines=[fee],
        shipping_lines=[way],
        coupon_lines=[{"code": "summer", "discount": "5.00"}],
        tax_lines=[{"rate_id": 1, "rate_percent": 19, "compound": False}],
        gift_cards=[{"id": 3, "code": "ABCD-EFGH", "amount": 2}],
        refunds=[{"id": 9, "reason": "Broken", "total": "-4.00"}],
        shipping=DANISH | {"address_1": "Havnen 2"},
        transaction_id="ch_1",
        date_completed_gmt="2026-10-06T08:00:00",
        customer_id=4,
        customer_note="Ring twice",
        meta_data=[
            {
                "key": "_wc_shipment_tracking_items",
                "value": [{"tracking_provider": "dhl", "tracking_number": "00340"}],
            },
            {"key": "wpml_language", "value": "da"},
            {"key": "_billing_vat_number", "value": "DK13585628"},
        ],
    )


def full_shopify() -> dict[str, Any]:
    """A Shopify order with something in every container, all of it right."""
    day = "2026-10-08T10:00:00Z"
    lines = (
        shopify_line(
            1,
            quantity=2,
            current_quantity=2,
            tax="2.87",
            discount_allocations=[{"amount": "2.00"}],
            properties=[{"name": "Size", "value": "M"}],
        ),
        shopify_line(2, current_quantity=0, tax="1.60"),
    )
    back = {
        "line_item_id": 2,
        "quantity": 1,
        "restock_type": "return",
        "subtotal": "10.00",
        "total_tax": "1.60",
    }
    move = {
        "id": 8,
        "kind": "refund",
        "status": "success",
        "amount": "10.00",
        "gateway": "shopify_payments",
        "processed_at": day,
    }
    return shopify(
        *lines,
        subtotal_price="28.00",
        total_discounts="2.00",
        discount_codes=[{"code": "TWO", "amount": "2.00", "type": "fixed_amount"}],
        total_price="35.00",
        current_total_price="25.00",
        current_total_tax="3.67",
        total_tax="5.27",
        total_tip_received="2.00",
        total_outstanding="0.00",
        tax_lines=[{"title": "VAT", "rate": 0.19, "price": "5.27"}],
        shipping_lines=[
            {"code": "Post", "title": "Post", "price": "5.00", "tax_lines": [{"rate": 0.19, "price": "0.80"}]}
        ],
        total_price_set={"presentment_money": {"amount": "34.00", "currency_code": "CHF"}},
        presentment_currency="CHF",
        fulfillments=[
            {
                "id": 3,
                "status": "success",
                "created_at": "2026-10-06T10:00:00Z",
                "tracking_company": "DHL",
                "tracking_numbers": ["00340"],
                "line_items": [{"id": 1, "quantity": 1}, {"id": 2, "quantity": 1}],
            }
        ],
        refunds=[
            {"id": 6, "created_at": day, "note": "Late", "refund_line_items": [back], "transactions": [move]}
        ],
        financial_status="partially_refunded",
        note="Ring twice",
        note_attributes=[{"name": "Day", "value": "2026-10-20"}],
        tags="Call first, VIP",
        customer_locale="sv-SE",
    )


def full_kontor() -> dict[str, Any]:
    """An order in Kontor's own JSON with something in every container, all of it right."""
    placed = "2026-11-20T10:00:00+01:00"
    address = {
        "name": "Ada Kovač",
        "street": "Hauptstraße 12",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    }
    return {
        "external_reference": "SHOP-77812",
        "source": "my-shop",
        "number_at_source": "#77812",
        "placed_at": placed,
        "language": "de",
        "currency": "EUR",
        "prices": "gross",
        "customer": {
            "external_reference": "C-1",
            "email": "ada@example.com",
            "phone": "+49 30 1",
            "first_name": "Ada",
            "last_name": "Kovač",
        },
        "billing_address": address,
        "shipping_address": address | {"street": "Nebenstraße 3"},
        "lines": [
            {
                "sku": "MUG",
                "name": "Becher",
                "options": "Gravur: Ada",
                "quantity": "3",
                "cancelled": "1",
                "unit_price": "10.00",
                "vat_rate": "19",
            },
            {
                "sku": "BOOK",
                "name": "Buch",
                "quantity": "1",
                "unit_price": "24.00",
                "discount": "4.00",
                "vat_rate": "7",
            },
        ],
        "discount": {"name": "FIVE", "amount": "5.00"},
        "shipping": {"method": "dhl", "name": "DHL", "price": "4.90", "vat_rate": "19"},
        "payment": {
            "method": "card",
            "name": "Karte",
            "state": "paid",
            "paid_at": placed,
            "provider_reference": "tr_1",
        },
        "payments": [
            {
                "amount": "-3.00",
                "method": "card",
                "paid_at": placed,
                "provider_reference": "re_1",
                "reason": "Kulanz",
            }
        ],
        "shipments": [
            {
                "shipped_at": placed,
                "carrier": "dhl",
                "tracking_numbers": ["00340"],
                "lines": [{"line": 0, "quantity": "1"}],
            }
        ],
        "total": "39.90",
        "comment": "Bitte klingeln.",
        "options": "Tag: 2026-12-20",
        "tags": ["gift", "Call first"],
    }
