"""Orders as Shopify's Admin API and webhooks give them: who ordered, what was paid, and what has left (API-2)."""

from decimal import Decimal
from typing import Any

from backoffice_app.domain.intake.given import Given, is_place, known_language, options_of, with_country
from backoffice_app.domain.intake.shopify_pieces import SHIPPED, Pieces
from backoffice_app.domain.orders.fields import plain
from backoffice_app.i18n import _

STATES = {
    "pending": "open",
    "authorized": "authorised",
    "partially_paid": "open",
    "paid": "paid",
    "partially_refunded": "paid",
    "refunded": "paid",
    "voided": "open",
    "expired": "open",
}
GIFT_CARD = "gift_card"


def head_of(given: Given, pieces: list[Pieces], total: Decimal, *, is_gone: bool) -> dict[str, Any]:
    """All of a NewOrder but its figures.

    `pieces`: of the lines that are there, in their order; `total`: what they come to.

    `is_gone`: nothing of it was shipped or is left to ship.
    """
    source = given.reading.home.source or "shopify"
    payment, payments = _payments(given, source, total)
    _say_what_else_was_paid(given)
    head: dict[str, Any] = {
        "external_reference": given.text("id"),
        "source": source,
        "number_at_source": given.text("name", "order_number"),
        "placed_at": given.moment("created_at", "processed_at"),
        "language": known_language(given, given.text("customer_locale")),
        "customer": _customer(given),
        "payment": payment,
        "payments": payments,
        "shipments": _shipments(given, pieces),
        "cancelled_at": _cancelled_at(given, is_gone=is_gone),
        "comment": given.text("note"),
        "options": _note_attributes(given),
        "tags": _tags(given),
    }
    return head | _addresses(given)


def _cancelled_at(given: Given, *, is_gone: bool) -> str | None:
    """When the order was cancelled, or when the last refund left nothing of it."""
    if given.has("cancelled_at"):
        return given.moment("cancelled_at")
    refunds = given.parts("refunds")
    last = refunds[-1].moment("created_at", "processed_at") if refunds else ""
    return last or given.moment("updated_at", "created_at") if is_gone else None


def _payments(given: Given, source: str, total: Decimal) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The chosen payment, and all other money that moved."""
    status = given.text("financial_status")
    if not status:
        given.remark(_("The shop does not say whether the order is paid; it is taken as not paid."))
    method, name = _gateway(given)
    payment: dict[str, Any] = {"method": method, "name": name, "state": STATES[status or "pending"]}
    paid_at = given.moment("processed_at", "created_at")
    refunds = _refunds(given, source, method)
    payments = list(refunds)
    first = given.number("total_price")
    moves = _received(given, source) if payment["state"] == "paid" or status == "partially_paid" else []
    if moves:
        payment["state"] = "open"
        payments = [*moves, *payments]
    elif status == "partially_paid":
        part = total - given.number("total_outstanding")
        if not given.has("total_outstanding") or part <= 0:
            given.refuse(
                "total_outstanding",
                _("The order is paid in part, but total_outstanding does not say how much is open."),
            )
        payments.insert(0, {"method": method, "name": name, "amount": plain(part), "paid_at": paid_at})
    elif payment["state"] == "paid" and total < first:
        # What came in at first is more than the order comes to now: both are kept, as they were paid.
        payment["state"] = "open"
        payments.insert(0, {"method": method, "name": name, "amount": plain(first), "paid_at": paid_at})
    elif payment["state"] == "paid":
        payment["paid_at"] = paid_at
    if refunds:
        reason = _(
            "Refunds of {amount} {currency} made at the shop are recorded as payments; credit notes for them "
            "are not made by the import."
        )
        amount = sum((abs(Decimal(r["amount"])) for r in refunds), Decimal(0))
        given.remark(reason.format(amount=plain(amount), currency=given.text("currency")))
    return payment, payments


def _gateway(given: Given) -> tuple[str, str]:
    """By what the customer paid; a gift card among others is not what the rest was paid by."""
    names = given.data.get("payment_gateway_names")
    found = [name for name in names if isinstance(name, str) and name] if isinstance(names, list) else []
    gateway = given.text("gateway") or next(
        (name for name in reversed(found) if name != GIFT_CARD), found[0] if found else ""
    )
    several = list(dict.fromkeys(found))
    if len(several) > 1 and not given.has("transactions"):
        listed = ", ".join(_name_of(name) for name in several)
        given.remark(
            _("The order was paid by {methods}. The shop does not say how much by which.").format(
                methods=listed
            )
        )
        return gateway, " + ".join(_name_of(name) for name in several)
    return gateway, _name_of(gateway)


def _name_of(gateway: str) -> str:
    return gateway.replace("_", " ").capitalize()


def _received(given: Given, source: str) -> list[dict[str, Any]]:
    """What came in by each gateway, where the order tells its transactions."""
    return [
        {
            "amount": plain(move.number("amount")),
            "method": move.text("gateway"),
            "name": _name_of(move.text("gateway")),
            "paid_at": move.moment("processed_at", "created_at") or None,
            "provider_reference": f"{source}/{given.text('id')}-{move.text('id')}",
        }
        for move in given.parts("transactions")
        if move.text("kind") in {"sale", "capture"}
        and move.text("status") == "success"
        and move.number("amount") > 0
    ]


def _refunds(given: Given, source: str, gateway: str) -> list[dict[str, Any]]:
    found = []
    for refund in given.parts("refunds"):
        for move in refund.parts("transactions"):
            if move.text("kind") != "refund" or not move.number("amount"):
                continue
            if move.text("status") == "pending":
                reason = _(
                    "A refund of {amount} {currency} is still pending at the shop; it is not recorded."
                )
                given.remark(
                    reason.format(amount=plain(move.number("amount")), currency=given.text("currency"))
                )
            if move.text("status") != "success":
                continue
            by = move.text("gateway") or gateway
            found.append(
                {
                    "amount": plain(-abs(move.number("amount"))),
                    "method": by,
                    "name": _name_of(by),
                    "paid_at": move.moment("processed_at", "created_at")
                    or refund.moment("created_at")
                    or None,
                    "provider_reference": f"{source}/{given.text('id')}-refund-{move.text('id')}",
                    "reason": refund.text("note"),
                }
            )
    return found


def _say_what_else_was_paid(given: Given) -> None:
    """What the customer saw and paid in their own currency."""
    paid = given.part("total_price_set").part("presentment_money")
    currency = given.text("presentment_currency") or paid.text("currency_code")
    if currency and currency != given.text("currency"):
        if paid.number("amount"):
            reason = _(
                "The customer paid {amount} {currency}; the order is kept in {kept}, the currency of the shop."
            )
            amount = plain(paid.number("amount"))
        else:
            reason = _(
                "The customer paid in {currency}; the order is kept in {kept}, the currency of the shop."
            )
            amount = ""
        given.remark(reason.format(amount=amount, currency=currency, kept=given.text("currency")))


def _customer(given: Given) -> dict[str, str]:
    customer, billing = given.part("customer"), given.part("billing_address")
    return {
        "external_reference": customer.text("id"),
        "email": given.text("email", "contact_email") or customer.text("email"),
        "phone": given.text("phone") or customer.text("phone") or billing.text("phone"),
        "first_name": customer.text("first_name") or billing.text("first_name"),
        "last_name": customer.text("last_name") or billing.text("last_name"),
        "company": billing.text("company"),
    }


def _addresses(given: Given) -> dict[str, Any]:
    """Shopify leaves out the billing address of digital orders, the shipping address of pick-ups, and both at the
    counter.
    """
    customer = given.part("customer")
    billing, shipping = (
        _address(given.part(name)) if given.has(name) else None
        for name in ("billing_address", "shipping_address")
    )
    known = _address(customer.part("default_address")) if customer.has("default_address") else None
    found = next((one for one in (billing, shipping, known) if one and any(one.values())), None) or _address(
        customer
    )
    kept = with_country(given, found, *(one["country"] for one in (shipping, known) if one))
    there = with_country(given, shipping, kept["country"]) if shipping and is_place(shipping) else None
    return {"billing_address": kept, "shipping_address": there if there != kept else None}


def _address(address: Given) -> dict[str, str]:
    code = address.text("country_code")
    return {
        "name": address.text("name") or f"{address.text('first_name')} {address.text('last_name')}".strip(),
        "company": address.text("company"),
        "street": address.text("address1"),
        "addition": address.text("address2"),
        "postcode": address.text("zip"),
        "city": address.text("city"),
        "region": address.text("province_code", "province"),
        "country": code or (address.text("country") if len(address.text("country")) == 2 else ""),
    }


def _note_attributes(given: Given) -> str:
    """What the customer chose in the cart, such as a day of delivery."""
    pairs = ((one.text("name"), one.text("value")) for one in given.parts("note_attributes"))
    return options_of([(name, value) for name, value in pairs if not name.startswith("_")])


def _tags(given: Given) -> list[str]:
    tags = given.data.get("tags")
    parts = [str(tag) for tag in tags] if isinstance(tags, list) else given.text("tags").split(",")
    return list(dict.fromkeys(tag.strip() for tag in parts if tag.strip()))


def _shipments(given: Given, pieces: list[Pieces]) -> list[dict[str, Any]]:
    places = {p.line.text("id"): i for i, p in enumerate(pieces)}
    found = []
    for fulfilment in given.parts("fulfillments"):
        numbers = fulfilment.data.get("tracking_numbers") or [fulfilment.text("tracking_number")]
        numbers = [str(n) for n in numbers if n] if isinstance(numbers, list) else []
        if fulfilment.text("status") not in SHIPPED:
            reason = _(
                "A fulfilment of the shop is “{status}”: nothing of it counts as shipped, tracking number "
                "{numbers} was left out."
            )
            given.remark(reason.format(status=fulfilment.text("status"), numbers=", ".join(numbers) or "–"))
            continue
        parts = [
            {"line": places[part.text("id")], "quantity": plain(part.number("quantity"))}
            for part in fulfilment.parts("line_items")
            if part.text("id") in places and part.number("quantity")
        ]
        if parts:
            carrier = fulfilment.text("tracking_company")
            shipped_at = fulfilment.moment("created_at", "updated_at")
            found.append(
                {"shipped_at": shipped_at, "carrier": carrier, "tracking_numbers": numbers, "lines": parts}
            )
    return found
