"""Orders as WooCommerce's REST API and webhooks give them (API-2)."""

import html
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backoffice_app.domain.intake.figures import Item, ShopOrder, rate_of, settle
from backoffice_app.domain.intake.given import Given, known_language
from backoffice_app.domain.orders.fields import CURRENCIES, plain
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder
from backoffice_app.i18n import LazyText, _

TAKEN = {"pending", "on-hold", "processing", "completed", "cancelled", "refunded"}
VAT_ID_KEYS = ("_billing_vat_number", "_vat_number", "vat_number", "_billing_eu_vat_number", "_billing_vat_id")
NAMES = {
    "billing_address.street": "billing.address_1",
    "billing_address.addition": "billing.address_2",
    "billing_address.region": "billing.state",
    "billing_address": "billing",
    "shipping_address.street": "shipping.address_1",
    "shipping_address.addition": "shipping.address_2",
    "shipping_address.region": "shipping.state",
    "shipping_address": "shipping",
    "customer": "billing",
    "lines": "line_items",
    "placed_at": "date_created_gmt",
    "payment.provider_reference": "transaction_id",
    "payment.paid_at": "date_paid_gmt",
    "comment": "customer_note",
    "discount": "coupon_lines",
}


def from_woocommerce(data: object) -> tuple[NewOrder, list[LazyText]]:
    """A NewOrder from one WooCommerce order, and remarks on what a person should know.

    Gift cards become payments, coupons line discounts, fees lines that do not ship, refunds already made negative payments.
    Raises InvalidOrder naming WooCommerce's own fields.
    """
    given = Given(data)
    remarks: list[LazyText] = []
    currency = given.text("currency").upper() or "?"
    if currency not in CURRENCIES:
        given.refuse("currency", _("“{value}” is no currency code such as EUR.").format(value=currency))
        raise InvalidOrder(given.problems)
    _refuse_what_is_no_order(given)
    gross = given.data.get("prices_include_tax") is True
    rates = {line.text("rate_id"): line.number("rate_percent") for line in given.parts("tax_lines")}
    items = _with_rates(_items(given, gross=gross), rates, currency)
    goods = [i for i in items if not i.method]
    ships = [i for i in items if i.method]
    fees_off = [i for i in goods if i.after < 0]
    gift_cards = _gift_cards(given)
    shop = ShopOrder(
        head=_head(given, gift_cards, remarks),
        currency=currency,
        prices="gross" if gross else "net",
        items=[i for i in goods if i.after >= 0] + [replace(i, method="") for i in ships[1:] if i.after],
        shipping=ships[0] if ships else None,
        total=given.number("total") + sum(card.number("amount") for card in gift_cards),
        tax=given.number("total_tax"),
        discount_name=", ".join([*(c.text("code") for c in given.parts("coupon_lines")), *(i.name for i in fees_off)]),
        discount=-sum((i.after for i in fees_off), Decimal(0)),
        names=NAMES,
    )
    if given.problems:
        raise InvalidOrder(given.problems)
    order, more = settle(shop)
    return order, remarks + more


def _refuse_what_is_no_order(given: Given) -> None:
    status = given.text("status")
    if status in {"failed", "trash", "draft", "auto-draft", "checkout-draft"}:
        given.refuse("status", _("Is “{status}”: nothing was ordered yet.").format(status=status))
    elif status not in TAKEN and status:
        given.refuse("status", _("“{status}” is a status that Kontor does not know.").format(status=status))
    if not given.has("line_items"):
        given.refuse("line_items", _("The order has no lines."))


def _items(given: Given, *, gross: bool) -> list[tuple[Given, Item]]:
    found = [(line, _item(line, line.number("quantity"), gross=gross, ships=True)) for line in given.parts("line_items")]
    found += [(fee, _item(fee, Decimal(1), gross=gross, ships=False)) for fee in given.parts("fee_lines")]
    for way in given.parts("shipping_lines"):
        item = _item(way, Decimal(1), gross=gross, ships=False)
        found.append((way, replace(item, name=way.text("method_title"), method=way.text("method_id") or "shipping")))
    return found


def _item(line: Given, quantity: Decimal, *, gross: bool, ships: bool) -> Item:
    after, tax = line.number("total"), line.number("total_tax")
    before = line.number("subtotal") if line.has("subtotal") else after
    before_tax = line.number("subtotal_tax") if line.has("subtotal_tax") else tax
    return Item(
        path=line.path,
        name=html.unescape(line.text("name")),
        quantity=quantity,
        before=before + before_tax if gross else before,
        after=after + tax if gross else after,
        tax=tax,
        rate=Decimal(0),
        sku=line.text("sku"),
        ships=ships,
    )


def _with_rates(items: list[tuple[Given, Item]], rates: dict[str, Decimal], currency: str) -> list[Item]:
    known = {rate for rate in rates.values() if rate}
    done: dict[str, Item] = {}
    for line, item in sorted(items, key=lambda pair: -abs(pair[1].after)):
        net, tax = abs(line.number("total")), abs(line.number("total_tax"))
        if not net and not tax:
            net, tax = line.number("subtotal"), line.number("subtotal_tax")
        told = sum(
            (rates.get(t.text("id"), Decimal(0)) for t in line.parts("taxes") if t.number("total") or t.number("subtotal")), Decimal(0)
        )
        rate = rate_of(net, tax, {told, *known} if told else known, currency)
        if rate is None:
            reason = _("A tax of {tax} on {net} is no VAT rate with one decimal; the nearest is {rate} %.")
            nearest = plain(round(tax / net * 100, 1)) if net else "?"
            line.refuse("total_tax", reason.format(tax=plain(tax), net=plain(net), rate=nearest))
            rate = Decimal(0)
        known.add(rate)
        done[line.path] = replace(item, rate=rate)
    return [done[line.path] for line, _item in items]


def _gift_cards(given: Given) -> list[Given]:
    return [card for card in given.parts("gift_cards") if card.number("amount")]


def _head(given: Given, gift_cards: list[Given], remarks: list[LazyText]) -> dict[str, Any]:
    refunds = [r for r in given.parts("refunds") if r.number("total")]
    modified = given.moment("date_modified_gmt", "date_modified", "date_created_gmt", "date_created")
    reference = given.text("id")
    paid_at = given.moment("date_paid_gmt", "date_paid")
    state = "paid" if paid_at else "authorised" if _meta(given, "_stripe_charge_captured") == "no" else "open"
    head = {
        "external_reference": reference,
        "source": "woocommerce",
        "number_at_source": given.text("number", "id"),
        "placed_at": given.moment("date_created_gmt", "date_created"),
        "language": known_language(_language(given), remarks),
        "customer": _customer(given),
        "billing_address": _address(given.part("billing")),
        "shipping_address": _shipping_address(given),
        "payment": {
            "method": given.text("payment_method"),
            "name": given.text("payment_method_title"),
            "state": state,
            "paid_at": paid_at or None,
            "provider_reference": given.text("transaction_id"),
        },
        "payments": [_gift_card(card, paid_at) for card in gift_cards] + [_refund(r, given, modified) for r in refunds],
        "shipments": _shipments(given, remarks),
        "comment": given.text("customer_note"),
    }
    if given.text("status") == "cancelled" or (given.text("status") == "refunded" and not given.has("date_completed")):
        head["cancelled_at"] = modified or None
    if refunds:
        reason = _(
            "Refunds of {amount} {currency} made at the shop are recorded as payments; credit notes for them are not made by the import."
        )
        amount = plain(sum((abs(r.number("total")) for r in refunds), Decimal(0)))
        remarks.append(reason.format(amount=amount, currency=given.text("currency")))
    return head


def _customer(given: Given) -> dict[str, str]:
    billing = given.part("billing")
    reference = given.text("customer_id")
    return {
        "external_reference": "" if reference == "0" else reference,  # 0: a guest
        "email": billing.text("email"),
        "phone": billing.text("phone"),
        "first_name": billing.text("first_name"),
        "last_name": billing.text("last_name"),
        "company": billing.text("company"),
        "vat_id": next((found for key in VAT_ID_KEYS if (found := _meta(given, key))), ""),
    }


def _address(address: Given) -> dict[str, str]:
    return {
        "name": f"{address.text('first_name')} {address.text('last_name')}".strip(),
        "company": address.text("company"),
        "street": address.text("address_1"),
        "addition": address.text("address_2"),
        "postcode": address.text("postcode"),
        "city": address.text("city"),
        "region": address.text("state"),
        "country": address.text("country"),
    }


def _shipping_address(given: Given) -> dict[str, str] | None:
    shipping = _address(given.part("shipping"))
    return shipping if any(shipping.values()) and shipping != _address(given.part("billing")) else None


def _gift_card(card: Given, paid_at: str) -> dict[str, Any]:
    # The end of the code only: the whole code is money.
    name = f"Gift card …{card.text('code')[-4:]}"
    return {"amount": plain(card.number("amount")), "method": "gift-card", "name": name, "paid_at": paid_at or None}


def _refund(refund: Given, given: Given, moment: str) -> dict[str, Any]:
    return {
        "amount": plain(-abs(refund.number("total"))),
        "method": given.text("payment_method"),
        "name": given.text("payment_method_title"),
        "paid_at": refund.moment("date_created_gmt") or moment,
        "provider_reference": f"{given.text('id')}-refund-{refund.text('id')}",
        "reason": refund.text("reason"),
    }


def _shipments(given: Given, remarks: list[LazyText]) -> list[dict[str, Any]]:
    tracking = _meta(given, "_wc_shipment_tracking_items")
    parcels = [Given(one) for one in tracking if isinstance(one, dict)] if isinstance(tracking, list) else []
    numbers = [number for parcel in parcels if (number := parcel.text("tracking_number"))]
    if given.text("status") != "completed":
        reason = _("Tracking number {number} was left out: the shop does not say that the order was shipped.")
        remarks.extend(reason.format(number=number) for number in numbers)
        return []
    shipped_at = given.moment("date_completed_gmt", "date_completed", "date_modified_gmt", "date_modified")
    carrier = parcels[0].text("tracking_provider", "custom_tracking_provider") if parcels else ""
    return [{"shipped_at": shipped_at, "carrier": carrier, "tracking_numbers": numbers}]


def _language(given: Given) -> str:
    found = _meta(given, "wpml_language") or _meta(given, "_pll_language")
    return found if isinstance(found, str) else ""


def _meta(given: Given, key: str) -> Any:
    return next((one.get("value") for one in given.data.get("meta_data") or [] if isinstance(one, dict) and one.get("key") == key), "")
