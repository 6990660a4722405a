"""Orders as WooCommerce's REST API and webhooks give them: who ordered, what was paid, and what has left (API-2)."""

import html
from decimal import Decimal
from typing import Any

from backoffice_app.domain.intake.given import Given, is_place, known_language, with_country
from backoffice_app.domain.orders.fields import plain
from backoffice_app.i18n import _

UNPAID = {"pending", "on-hold", "cancelled"}
"""Statuses in which WooCommerce has seen no money, whatever was refunded."""
VAT_ID_KEYS = (
    "_billing_vat_number",
    "_vat_number",
    "vat_number",
    "_billing_eu_vat_number",
    "_billing_vat_id",
)


def gift_cards_of(given: Given) -> list[Given]:
    """The gift cards that paid a part."""
    return [card for card in given.parts("gift_cards") if card.number("amount")]


def status_of(given: Given) -> str:
    """The status as WooCommerce writes it, which databases keep with a prefix."""
    return given.text("status").strip().lower().removeprefix("wc-")


def head_of(given: Given, gift_cards: list[Given]) -> dict[str, Any]:
    """All of a NewOrder but its figures."""
    modified = given.moment("date_modified_gmt", "date_modified", "date_created_gmt", "date_created")
    source = given.reading.home.source or "woocommerce"
    shipments = _shipments(given)
    paid_at = given.moment("date_paid_gmt", "date_paid")
    if not paid_at and (_refunded(given) or status_of(given) == "refunded"):
        paid_at = _paid_before(given, modified)
    refunds = _refunds(given, gift_cards, source, modified) if paid_at else []
    state = "paid" if paid_at else "authorised" if _meta(given, "_stripe_charge_captured") == "no" else "open"
    title = html.unescape(given.text("payment_method_title"))
    head: dict[str, Any] = {
        "external_reference": given.text("id"),
        "source": source,
        "number_at_source": given.text("number", "id"),
        "placed_at": given.moment("date_created_gmt", "date_created", "date_paid_gmt", "date_paid"),
        "language": known_language(given, _language(given)),
        "customer": _customer(given),
        "payment": {
            "method": given.text("payment_method"),
            "name": title,
            "state": state,
            "paid_at": paid_at or None,
            "provider_reference": given.reference("transaction_id"),
        },
        "payments": [_gift_card(card, paid_at) for card in gift_cards] + refunds,
        "shipments": shipments,
        "comment": given.text("customer_note"),
    }
    if status_of(given) == "cancelled" or (not shipments and _is_refunded_in_full(given, gift_cards)):
        head["cancelled_at"] = modified or None
    elif refunds and not shipments:
        given.remark(
            _("The shop does not say which pieces the refund is for. Check what is still to be shipped.")
        )
    return head | _addresses(given)


def _total(given: Given, gift_cards: list[Given]) -> Decimal:
    return given.number("total") + sum((card.number("amount") for card in gift_cards), Decimal(0))


def _refunded(given: Given) -> list[Given]:
    return [r for r in given.parts("refunds") if r.number("total")]


def _is_refunded_in_full(given: Given, gift_cards: list[Given]) -> bool:
    amount = sum((abs(r.number("total")) for r in _refunded(given)), Decimal(0))
    return status_of(given) == "refunded" or 0 < _total(given, gift_cards) <= amount


def _refunds(given: Given, gift_cards: list[Given], source: str, modified: str) -> list[dict[str, Any]]:
    """The refunds as payments below zero.

    One that is not listed is the whole total, in an order that the shop calls refunded.
    """
    refunds = [_refund(r, given, source, modified) for r in _refunded(given)]
    total = _total(given, gift_cards)
    if not refunds and status_of(given) == "refunded" and total > 0:
        given.remark(
            _("The shop says that the order is refunded and lists no refund: all of it is taken as refunded.")
        )
        whole = Given({"id": "all", "total": plain(total)}, "refunds", given.reading)
        return [_refund(whole, given, source, modified)]
    if refunds:
        reason = _(
            "Refunds of {amount} {currency} made at the shop are recorded as payments; credit notes for them "
            "are not made by the import."
        )
        amount = plain(sum((abs(r.number("total")) for r in _refunded(given)), Decimal(0)))
        given.remark(reason.format(amount=amount, currency=given.text("currency")))
    return refunds


def _paid_before(given: Given, modified: str) -> str:
    """When an order was paid that has refunds and no date of payment; "" where the shop never saw any money."""
    if status_of(given) in UNPAID:
        given.remark(_("The order was never paid, so its refunds are not recorded as payments."))
        return ""
    given.remark(_("The shop does not say when the order was paid; it has refunds, so it is taken as paid."))
    return (
        given.moment("date_completed_gmt", "date_completed", "date_created_gmt", "date_created") or modified
    )


def _customer(given: Given) -> dict[str, str]:
    billing = given.part("billing")
    reference = given.text("customer_id")
    vat_ids = [found for key in VAT_ID_KEYS if isinstance(found := _meta(given, key), str) and found]
    return {
        "external_reference": "" if reference == "0" else reference,  # 0: a guest
        "email": billing.text("email"),
        "phone": billing.text("phone"),
        "first_name": billing.text("first_name"),
        "last_name": billing.text("last_name"),
        "company": billing.text("company"),
        "vat_id": vat_ids[0] if vat_ids else "",
    }


def _addresses(given: Given) -> dict[str, Any]:
    """A shipping address without a place isn't one: checkouts leave a name alone in it.

    A country left out is that of the other one.
    """
    billing, shipping = _address(given.part("billing")), _address(given.part("shipping"))
    billing = with_country(given, billing, shipping["country"])
    shipping = with_country(given, shipping, billing["country"])
    return {
        "billing_address": billing,
        "shipping_address": shipping if is_place(shipping) and shipping != billing else None,
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


def _gift_card(card: Given, paid_at: str) -> dict[str, Any]:
    # The end of the code only: the whole code is money.
    name = f"Gift card …{card.text('code')[-4:]}"
    return {
        "amount": plain(card.number("amount")),
        "method": "gift-card",
        "name": name,
        "paid_at": paid_at or None,
    }


def _refund(refund: Given, given: Given, source: str, moment: str) -> dict[str, Any]:
    return {
        "amount": plain(-abs(refund.number("total"))),
        "method": given.text("payment_method"),
        "name": html.unescape(given.text("payment_method_title")),
        "paid_at": refund.moment("date_created_gmt", "date_created") or moment or None,
        "provider_reference": f"{source}/{given.text('id')}-refund-{refund.text('id')}",
        "reason": refund.text("reason"),
    }


def _shipments(given: Given) -> list[dict[str, Any]]:
    tracking = _meta(given, "_wc_shipment_tracking_items")
    parcels = (
        [Given(one, reading=given.reading) for one in tracking if isinstance(one, dict)]
        if isinstance(tracking, list)
        else []
    )
    numbers = [number for parcel in parcels if (number := parcel.text("tracking_number"))]
    completed = given.has("date_completed_gmt") or given.has("date_completed")
    if status_of(given) != "completed" and not (status_of(given) == "refunded" and completed):
        reason = _("Tracking number {number} was left out: the shop does not say that the order was shipped.")
        for number in numbers:
            given.remark(reason.format(number=number))
        return []
    shipped_at = given.moment(
        "date_completed_gmt",
        "date_completed",
        "date_modified_gmt",
        "date_modified",
        "date_paid_gmt",
        "date_created_gmt",
        "date_created",
    )
    carrier = parcels[0].text("tracking_provider", "custom_tracking_provider") if parcels else ""
    return [{"shipped_at": shipped_at, "carrier": carrier, "tracking_numbers": numbers}]


def _language(given: Given) -> str:
    found = _meta(given, "wpml_language") or _meta(given, "_pll_language")
    return found if isinstance(found, str) else ""


def _meta(given: Given, key: str) -> Any:
    found = given.data.get("meta_data")
    entries = found if isinstance(found, list) else []
    return next((one.get("value") for one in entries if isinstance(one, dict) and one.get("key") == key), "")
