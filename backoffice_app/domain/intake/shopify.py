"""Orders as Shopify's Admin API and webhooks give them (API-2)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from backoffice_app.domain.core import money
from backoffice_app.domain.intake.figures import Item, ShopOrder, rate_of, settle
from backoffice_app.domain.intake.given import Given, known_language
from backoffice_app.domain.orders.fields import CURRENCIES, plain
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder
from backoffice_app.i18n import LazyText, _

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
SHIPPED = {"success"}  # pending, open, cancelled, error, failure: nothing has left the house
NAMES = {
    "billing_address.street": "billing_address.address1",
    "billing_address.addition": "billing_address.address2",
    "billing_address.postcode": "billing_address.zip",
    "billing_address.region": "billing_address.province",
    "billing_address.country": "billing_address.country_code",
    "shipping_address.street": "shipping_address.address1",
    "shipping_address.addition": "shipping_address.address2",
    "shipping_address.postcode": "shipping_address.zip",
    "shipping_address.region": "shipping_address.province",
    "shipping_address.country": "shipping_address.country_code",
    "lines": "line_items",
    "placed_at": "created_at",
    "number_at_source": "name",
    "external_reference": "id",
    "language": "customer_locale",
    "payment.method": "gateway",
    "payment.paid_at": "processed_at",
    "total": "total_price",
    "comment": "note",
    "discount": "discount_codes",
    "shipments": "fulfillments",
    "payments": "refunds",
}


def from_shopify(data: object) -> tuple[NewOrder, list[LazyText]]:
    """A NewOrder from one Shopify order, and remarks on what a person should know.

    Refunds already made become negative payments; a fulfilment that failed ships nothing, tracking number or not. An order edited at the
    shop is taken as it is now (`current_...`) if its first figures no longer add up. Raises InvalidOrder naming Shopify's own fields.
    """
    given = Given(data)
    if given.text("currency") not in CURRENCIES:
        given.refuse("currency", _("“{value}” is no currency code such as EUR.").format(value=given.text("currency")))
    if not given.has("line_items"):
        given.refuse("line_items", _("The order has no lines."))
    if given.text("financial_status") not in STATES:
        given.refuse(
            "financial_status", _("“{status}” is a status that Kontor does not know.").format(status=given.text("financial_status"))
        )
    if given.problems:
        raise InvalidOrder(given.problems)
    try:
        return _taken(given, now=False)
    except InvalidOrder:
        if not _was_edited(given):
            raise
    given.problems.clear()
    order, remarks = _taken(given, now=True)
    return order, [*remarks, _("The order was edited at the shop; it is taken as it is there now.")]


def _was_edited(given: Given) -> bool:
    return given.has("current_total_price") and given.number("current_total_price") != given.number("total_price")


def _taken(given: Given, *, now: bool) -> tuple[NewOrder, list[LazyText]]:
    remarks: list[LazyText] = []
    current = "current_" if now else ""
    lines = [line for line in given.parts("line_items") if not now or line.number("current_quantity")]
    items = [_item(given, line, "current_quantity" if now else "quantity") for line in lines]
    tip = given.number("total_tip_received")
    if tip and not any(item.name.lower() == "tip" for item in items):
        items.append(Item("total_tip_received", "Tip", Decimal(1), tip, tip, Decimal(0), Decimal(0), ships=False))
    ways = [_shipping(given, way) for way in given.parts("shipping_lines")]
    discount = _order_discount(given, lines, current)
    _check_sums(given, items, discount, current)
    shop = ShopOrder(
        head=_head(given, lines, remarks, now=now),
        currency=given.text("currency"),
        prices="gross" if given.data.get("taxes_included") is True else "net",
        items=[*items, *(way for way in ways[1:] if way.after)],
        shipping=ways[0] if ways else None,
        total=given.number(f"{current}total_price"),
        tax=given.number(f"{current}total_tax"),
        discount_name=", ".join(code.text("code") for code in given.parts("discount_codes")),
        discount=discount,
        names=NAMES,
    )
    try:
        order, more = settle(shop)
    except InvalidOrder as refused:
        raise InvalidOrder([*given.problems, *refused.problems]) from None
    if given.problems:
        raise InvalidOrder(given.problems)
    return order, remarks + more


def _allocated(line: Given) -> Decimal:
    allocations = line.parts("discount_allocations")
    return sum((a.number("amount") for a in allocations), Decimal(0)) if allocations else line.number("total_discount")


def _item(given: Given, line: Given, counted: str) -> Item:
    quantity, price = line.number(counted), line.number("price")
    before = money.to_decimal(money.times(price, quantity, given.text("currency")), given.text("currency"))
    whole = line.number("quantity")
    off = (
        _allocated(line)
        if quantity == whole or not whole
        else round(_allocated(line) * quantity / whole, money.digits(given.text("currency")))
    )
    after = before - off
    tax, rate = _tax(given, line, after, taxable=line.data.get("taxable") is not False)
    return Item(
        path=line.path,
        name=line.text("name", "title"),
        quantity=quantity,
        before=before,
        after=after,
        tax=tax,
        rate=rate,
        sku=line.text("sku"),
        ships=line.data.get("requires_shipping") is not False,
    )


def _shipping(given: Given, way: Given) -> Item:
    price = way.number("price")
    off = sum((a.number("amount") for a in way.parts("discount_allocations")), Decimal(0))
    after = way.number("discounted_price") if way.has("discounted_price") and not off else price - off
    tax, rate = _tax(given, way, after, taxable=False)
    return Item(
        way.path, way.text("title"), Decimal(1), price, after, tax, rate, ships=False, method=way.text("code", "source") or "shipping"
    )


def _tax(given: Given, part: Given, amount: Decimal, *, taxable: bool) -> tuple[Decimal, Decimal]:
    """Tax and rate of a line. Several taxes on one line add up; a rate the shop does not name is worked out of the tax."""
    taxes = [t for t in part.parts("tax_lines") if t.number("price") or t.number("rate")]
    if not taxes and taxable and not any(line.parts("tax_lines") for line in given.parts("line_items")):
        rate = sum((t.number("rate") for t in given.parts("tax_lines")), Decimal(0)) * 100  # the shop names tax for the whole order only
        return Decimal(0), _plain_rate(rate)
    tax = sum((t.number("price") for t in taxes), Decimal(0))
    rate = sum((t.number("rate") for t in taxes), Decimal(0)) * 100
    if tax and not rate:
        net = amount - tax if given.data.get("taxes_included") is True else amount
        found = rate_of(net, tax, (), given.text("currency"))
        if found is None:
            reason = _("A tax of {tax} on {net} is no VAT rate with one decimal; the nearest is {rate} %.")
            nearest = plain(round(tax / net * 100, 1)) if net else "?"
            part.refuse("tax_lines", reason.format(tax=plain(tax), net=plain(net), rate=nearest))
        rate = found or Decimal(0)
    return tax, _plain_rate(rate)


def _plain_rate(rate: Decimal) -> Decimal:
    return Decimal(plain(round(rate, 4).normalize()))


def _order_discount(given: Given, lines: list[Given], current: str) -> Decimal:
    """What comes off the whole order: the discounts the shop names less those that stand in lines and shipping."""
    total = given.number(f"{current}total_discounts")
    codes = sum((c.number("amount") for c in given.parts("discount_codes") if c.text("type") not in {"percentage", "shipping"}), Decimal(0))
    if codes > total and not current:
        reason = _("The discount codes take off {codes}, but total_discounts says {total}.")
        given.refuse("discount_codes", reason.format(codes=plain(codes), total=plain(total)))
    in_lines = sum((_allocated(line) for line in lines), Decimal(0))
    in_shipping = sum((a.number("amount") for way in given.parts("shipping_lines") for a in way.parts("discount_allocations")), Decimal(0))
    return max(total - in_lines - in_shipping, Decimal(0))


def _check_sums(given: Given, items: list[Item], discount: Decimal, current: str) -> None:
    name = f"{current}subtotal_price"
    goods = sum((item.after for item in items if item.path != "total_tip_received"), -discount)
    if given.has(name) and given.number(name) != goods:
        reason = _("The lines come to {lines} less discounts, but {name} says {subtotal}.")
        given.refuse(name, reason.format(lines=plain(goods), name=name, subtotal=plain(given.number(name))))
    tax = given.number("total_tax")
    named = given.parts("tax_lines")
    if (
        not current
        and len(named) == 1
        and named[0].has("rate")
        and not any(i.tax for i in items)
        and given.data.get("taxes_included") is not True
    ):
        due = money.to_decimal(money.round_half_up(Fraction(goods) * Fraction(named[0].number("rate")) * 100), given.text("currency"))
        if due != tax:
            reason = _("{rate} % of {net} are {due}, but total_tax says {tax}.")
            rate = plain(_plain_rate(named[0].number("rate") * 100))
            given.refuse("total_tax", reason.format(rate=rate, net=plain(goods), due=plain(due), tax=plain(tax)))


def _head(given: Given, lines: list[Given], remarks: list[LazyText], *, now: bool) -> dict[str, Any]:
    gateways = given.data.get("payment_gateway_names")
    gateway = given.text("gateway") or (str(gateways[0]) if isinstance(gateways, list) and gateways else "")
    paid_at = given.moment("processed_at", "created_at")
    payment = {"method": gateway, "name": gateway.replace("_", " ").capitalize(), "state": STATES[given.text("financial_status")]}
    refunds = _refunds(given, gateway)
    payments = list(refunds)
    if payment["state"] == "paid" and now:
        # What came in at first is more than the order comes to now: both are kept, as they were paid.
        payment["state"] = "open"
        payments.insert(0, payment | {"amount": plain(given.number("total_price")), "paid_at": paid_at})
        del payments[0]["state"]
    elif given.text("financial_status") == "partially_paid":
        part = given.number("total_price") - given.number("total_outstanding")
        if not given.has("total_outstanding") or part <= 0:
            given.refuse("total_outstanding", _("The order is paid in part, but total_outstanding does not say how much is open."))
        payments.insert(0, {"method": gateway, "name": payment["name"], "amount": plain(part), "paid_at": paid_at})
    elif payment["state"] == "paid":
        payment["paid_at"] = paid_at
    if refunds:
        reason = _(
            "Refunds of {amount} {currency} made at the shop are recorded as payments; credit notes for them are not made by the import."
        )
        amount = sum((abs(Decimal(r["amount"])) for r in refunds), Decimal(0))
        remarks.append(reason.format(amount=plain(amount), currency=given.text("currency")))
    head: dict[str, Any] = {
        "external_reference": given.text("id"),
        "source": "shopify",
        "number_at_source": given.text("name", "order_number"),
        "placed_at": given.moment("created_at", "processed_at"),
        "language": known_language(given.text("customer_locale"), remarks),
        "customer": _customer(given),
        "payment": payment,
        "payments": payments,
        "shipments": _shipments(given, lines, remarks),
        "cancelled_at": given.moment("cancelled_at") or None,
        "comment": given.text("note"),
        "tags": [tag.strip() for tag in given.text("tags").split(",") if tag.strip()],
    }
    return head | _addresses(given)


def _customer(given: Given) -> dict[str, str]:
    customer = given.part("customer")
    return {
        "external_reference": customer.text("id"),
        "email": given.text("email", "contact_email") or customer.text("email"),
        "phone": given.text("phone") or customer.text("phone") or given.part("billing_address").text("phone"),
        "first_name": customer.text("first_name") or given.part("billing_address").text("first_name"),
        "last_name": customer.text("last_name") or given.part("billing_address").text("last_name"),
        "company": given.part("billing_address").text("company"),
    }


def _addresses(given: Given) -> dict[str, Any]:
    """Shopify leaves out the billing address of digital orders and the shipping address of pick-ups: the other one stands in."""
    billing, shipping = (_address(given.part(name)) if given.has(name) else None for name in ("billing_address", "shipping_address"))
    if billing is None:
        if shipping is None:
            given.refuse("billing_address", _("Is missing."))
        return {"billing_address": shipping or {"country": ""}}
    return {"billing_address": billing, "shipping_address": shipping if shipping != billing else None}


def _address(address: Given) -> dict[str, str]:
    return {
        "name": address.text("name") or f"{address.text('first_name')} {address.text('last_name')}".strip(),
        "company": address.text("company"),
        "street": address.text("address1"),
        "addition": address.text("address2"),
        "postcode": address.text("zip"),
        "city": address.text("city"),
        "region": address.text("province_code", "province"),
        "country": address.text("country_code"),
    }


def _refunds(given: Given, gateway: str) -> list[dict[str, Any]]:
    return [
        {
            "amount": plain(-abs(move.number("amount"))),
            "method": move.text("gateway") or gateway,
            "name": move.text("gateway") or gateway,
            "paid_at": move.moment("processed_at", "created_at") or refund.moment("created_at") or None,
            "provider_reference": f"{given.text('id')}-refund-{move.text('id')}",
            "reason": refund.text("note"),
        }
        for refund in given.parts("refunds")
        for move in refund.parts("transactions")
        if move.text("kind") == "refund" and move.text("status") == "success" and move.number("amount")
    ]


def _shipments(given: Given, lines: list[Given], remarks: list[LazyText]) -> list[dict[str, Any]]:
    places = {line.text("id"): i for i, line in enumerate(lines)}
    found = []
    for fulfilment in given.parts("fulfillments"):
        numbers = fulfilment.data.get("tracking_numbers") or [fulfilment.text("tracking_number")]
        numbers = [str(n) for n in numbers if n] if isinstance(numbers, list) else []
        if fulfilment.text("status") not in SHIPPED:
            reason = _("A fulfilment of the shop is “{status}”: nothing of it counts as shipped, tracking number {numbers} was left out.")
            remarks.append(reason.format(status=fulfilment.text("status"), numbers=", ".join(numbers) or "–"))
            continue
        parts = [
            {"line": places[part.text("id")], "quantity": plain(part.number("quantity"))}
            for part in fulfilment.parts("line_items")
            if part.text("id") in places and part.number("quantity")
        ]
        if parts:
            carrier = fulfilment.text("tracking_company")
            shipped_at = fulfilment.moment("created_at", "updated_at")
            found.append({"shipped_at": shipped_at, "carrier": carrier, "tracking_numbers": numbers, "lines": parts})
    return found
