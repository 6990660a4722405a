"""Orders as Shopify's Admin API and webhooks give them: what was ordered and what it costs (API-2)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from backoffice_app.domain.core import money
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake.figures import Item, ShopOrder, rate_of, settle
from backoffice_app.domain.intake.given import Given, Home, Reading, options_of
from backoffice_app.domain.intake.shopify_head import STATES, head_of
from backoffice_app.domain.intake.shopify_pieces import Pieces, pieces_of
from backoffice_app.domain.orders.fields import CURRENCIES, plain
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder
from backoffice_app.i18n import LazyText, _

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
    "options": "note_attributes",
    "discount": "discount_codes",
    "shipments": "fulfillments",
    "payments": "refunds",
}
ADDED = {"total_tip_received": "Tip", "duties": "Duties", "additional_fees": "Additional fees"}
"""Sums outside the lines, by where they stand: the name of the line they become, which does not ship."""


def from_shopify(data: object, home: Home = Home()) -> tuple[NewOrder, list[LazyText]]:  # noqa: B008  # it is frozen
    """A NewOrder from one Shopify order, and remarks on what a person should know.

    Refunds already made become negative payments; a fulfilment that failed ships nothing, tracking number or not.
    Pieces that an edit took out are left out, pieces refunded before they were shipped are cancelled, and what came
    back is returned. Raises InvalidOrder naming Shopify's own fields.
    """
    given = Given(data, reading=Reading(home))
    _refuse_what_is_no_order(given)
    if given.problems:
        raise InvalidOrder(given.problems)
    pieces = pieces_of(given)
    is_gone = all(p.is_gone for p in pieces)
    if given.has("cancelled_at") or is_gone:
        # Nothing is left to ship: the order comes in as it was placed, and is cancelled.
        pieces = [replace(p, edited=Decimal(0), cancelled=Decimal(0)) for p in pieces]
    return _first_that_adds_up(given, pieces, is_gone=is_gone)


def _refuse_what_is_no_order(given: Given) -> None:
    if given.text("currency") not in CURRENCIES:
        given.refuse(
            "currency", _("“{value}” is no currency code such as EUR.").format(value=given.text("currency"))
        )
    if not given.has("line_items"):
        given.refuse("line_items", _("The order has no lines."))
    status = given.text("financial_status")
    if status and status not in STATES:
        given.refuse(
            "financial_status", _("“{status}” is a status that Kontor does not know.").format(status=status)
        )
    if given.data.get("test") is True:
        given.refuse(
            "test", _("This is a test order: nobody pays for it, so it gets no number and no invoice.")
        )


def _first_that_adds_up(
    given: Given, pieces: list[Pieces], *, is_gone: bool
) -> tuple[NewOrder, list[LazyText]]:
    """The order by the first total that its lines give. If none does, the refusal is about the first one."""
    changed = any(p.edited or p.cancelled for p in pieces)
    now, first = given.number("current_total_price"), given.number("total_price")
    if changed:
        kept = sum((p.value_kept for p in pieces), Decimal(0))
        totals = [now + kept] * given.has("current_total_price") + [
            first - sum((_lost(given, p) for p in pieces), Decimal(0))
        ]
    else:
        totals = [first] + [now] * (given.has("current_total_price") and now != first)
    refusal: InvalidOrder | None = None
    found = list(given.reading.remarks)
    for total in totals:
        given.reading.problems.clear()
        given.reading.remarks[:] = found
        try:
            order, remarks = _taken(given, pieces, total, changed=changed or total != first, is_gone=is_gone)
        except InvalidOrder as refused:
            refusal = refusal or refused
            continue
        if any(p.edited for p in pieces) or (total != first and not changed and not given.has("refunds")):
            remarks = [*remarks, _("The order was edited at the shop; it is taken as it is there now.")]
        return order, remarks
    raise refusal or AssertionError("an order without a total")


def _taken(
    given: Given, pieces: list[Pieces], total: Decimal, *, changed: bool, is_gone: bool
) -> tuple[NewOrder, list[LazyText]]:
    currency = given.text("currency")
    there = [p for p in pieces if p.ordered]
    items = [_item(given, p) for p in there]
    items += _added(given, [item.name.lower() for item in items], changed=changed)
    ways = [_shipping(given, way) for way in given.parts("shipping_lines")]
    discount = _order_discount(given, check=not changed)
    if not changed:
        _check_sums(given, items, discount)
    tax = given.number("total_tax")
    if changed:
        tax = sum((item.tax for item in [*items, *ways]), Decimal(0)) or given.number("current_total_tax")
    shop = ShopOrder(
        head=head_of(given, there, total, is_gone=is_gone),
        currency=currency,
        prices="gross" if _is_gross(given) else "net",
        items=[*items, *(way for way in ways[1:] if way.after)],
        shipping=ways[0] if ways else None,
        total=total,
        tax=tax,
        discount_name=", ".join(code.text("code") for code in given.parts("discount_codes")),
        discount=discount,
        names=NAMES,
        has_shares=any(p.edited or p.cancelled for p in pieces),
    )
    try:
        order, more = settle(shop)
    except InvalidOrder as refused:
        raise InvalidOrder([*given.problems, *refused.problems]) from None
    if given.problems:
        raise InvalidOrder(list(given.problems))
    return order, [*given.reading.remarks, *more]


def _is_gross(given: Given) -> bool:
    return given.data.get("taxes_included") is True


def _in_cents(given: Given, amount: Decimal | Fraction) -> Decimal:
    currency = given.text("currency")
    return money.to_decimal(money.round_half_up(Fraction(amount) * 10 ** money.digits(currency)), currency)


def _allocated(line: Given) -> Decimal:
    allocations = line.parts("discount_allocations")
    return (
        sum((a.number("amount") for a in allocations), Decimal(0))
        if allocations
        else line.number("total_discount")
    )


def _whole(given: Given, line: Given) -> tuple[Decimal, Decimal, Decimal]:
    """What a line as it was ordered comes to before and after its discount, and its tax."""
    before = _in_cents(given, Fraction(line.number("price")) * Fraction(line.number("quantity")))
    after = before - _allocated(line)
    return before, after, _tax(given, line, after, taxable=line.data.get("taxable") is not False)[0]


def _lost(given: Given, pieces: Pieces) -> Decimal:
    """What the pieces that were taken out or cancelled came to, with their tax where prices are net."""
    line = pieces.line
    if not line.number("quantity"):
        return Decimal(0)
    _before, after, tax = _whole(given, line)
    share = Fraction(pieces.edited + pieces.cancelled) / Fraction(line.number("quantity"))
    return _in_cents(given, Fraction(after if _is_gross(given) else after + tax) * share)


def _item(given: Given, pieces: Pieces) -> Item:
    line, left, whole = pieces.line, pieces.ordered - pieces.cancelled, pieces.line.number("quantity")
    before, after, tax = _whole(given, line)
    rate = _tax(given, line, after, taxable=line.data.get("taxable") is not False)[1]
    if left != whole and whole:
        share = Fraction(left) / Fraction(whole)
        before, after, tax = (_in_cents(given, Fraction(amount) * share) for amount in (before, after, tax))
    return Item(
        path=line.path,
        name=line.text("name", "title") or "–",
        quantity=pieces.ordered,
        before=before,
        after=after,
        tax=tax,
        rate=rate,
        sku=line.text("sku"),
        ships=line.data.get("requires_shipping") is not False,
        options=_options(line),
        cancelled=pieces.cancelled,
        returned=pieces.returned,
        price=line.number("price"),
    )


def _options(line: Given) -> str:
    """What the customer chose or wrote for a line; what begins with an underscore is hidden from customers too."""
    pairs = ((one.text("name"), one.text("value")) for one in line.parts("properties"))
    return options_of([(name, value) for name, value in pairs if not name.startswith("_")])


def _added(given: Given, names: list[str], *, changed: bool) -> Iterator[Item]:
    """The tip, duties and additional fees, which stand outside the lines."""
    for path, name in ADDED.items():
        tax = Decimal(0)
        if path == "total_tip_received":
            amount = Decimal(0) if "tip" in names else given.number(path)
        else:
            sets = (f"current_total_{path}_set", f"original_total_{path}_set")
            found = next(
                (given.part(one) for one in (sets if changed else sets[::-1]) if given.has(one)),
                given.part(sets[1]),
            )
            amount = found.part("shop_money").number("amount")
        if path == "duties":
            duties = [duty for line in given.parts("line_items") for duty in line.parts("duties")]
            tax = sum((t.number("price") for duty in duties for t in duty.parts("tax_lines")), Decimal(0))
        if amount:
            net = amount - tax if _is_gross(given) else amount
            rate = rate_of(net, tax, (), given.text("currency")) or Decimal(0)
            yield Item(path, name, Decimal(1), amount, amount, tax if rate else Decimal(0), rate, ships=False)


def _shipping(given: Given, way: Given) -> Item:
    price = way.number("price")
    off = sum((a.number("amount") for a in way.parts("discount_allocations")), Decimal(0))
    after = way.number("discounted_price") if way.has("discounted_price") and not off else price - off
    tax, rate = _tax(given, way, after, taxable=False)
    method = way.text("code", "source") or "shipping"
    return Item(
        way.path, way.text("title") or method, Decimal(1), price, after, tax, rate, ships=False, method=method
    )


def _tax(given: Given, part: Given, amount: Decimal, *, taxable: bool) -> tuple[Decimal, Decimal]:
    """Tax and rate of a line.

    Several taxes on one line add up; a rate the shop does not name is worked out of the tax.
    """
    taxes = [t for t in part.parts("tax_lines") if t.number("price") or t.number("rate")]
    if not taxes and taxable and not any(line.parts("tax_lines") for line in given.parts("line_items")):
        rate = (
            sum((t.number("rate") for t in given.parts("tax_lines")), Decimal(0)) * 100
        )  # the shop names tax for the whole order only
        return Decimal(0), _plain_rate(rate)
    tax = sum((t.number("price") for t in taxes), Decimal(0))
    rate = sum((t.number("rate") for t in taxes), Decimal(0)) * 100
    if tax and not rate:
        net = amount - tax if _is_gross(given) else amount
        found = rate_of(net, tax, (), given.text("currency"))
        if found is None:
            reason = _("A tax of {tax} on {net} is no VAT rate between 0 and 100 %.")
            problem = Invalid(f"{part.path}.tax_lines", reason.format(tax=plain(tax), net=plain(net)))
            if not any(str(known) == str(problem) for known in given.problems):
                given.problems.append(problem)
        elif found != round(found, 1):
            reason = _("The shop does not name the VAT rate of “{name}”; {rate} % gives its tax of {tax}.")
            given.remark(reason.format(name=part.text("name", "title"), rate=plain(found), tax=plain(tax)))
        rate = found or Decimal(0)
    return tax, _plain_rate(rate)


def _plain_rate(rate: Decimal) -> Decimal:
    return Decimal(plain(round(rate, 4).normalize()))


def _order_discount(given: Given, *, check: bool) -> Decimal:
    """What comes off the whole order: the discounts the shop names less those that stand in lines and shipping."""
    total = given.number("total_discounts")
    codes = sum(
        (
            c.number("amount")
            for c in given.parts("discount_codes")
            if c.text("type") not in {"percentage", "shipping"}
        ),
        Decimal(0),
    )
    if codes > total and check:
        reason = _("The discount codes take off {codes}, but total_discounts says {total}.")
        given.refuse("discount_codes", reason.format(codes=plain(codes), total=plain(total)))
    in_lines = sum((_allocated(line) for line in given.parts("line_items")), Decimal(0))
    in_shipping = sum(
        (
            a.number("amount")
            for way in given.parts("shipping_lines")
            for a in way.parts("discount_allocations")
        ),
        Decimal(0),
    )
    return max(total - in_lines - in_shipping, Decimal(0))


def _check_sums(given: Given, items: list[Item], discount: Decimal) -> None:
    goods = sum((item.after for item in items if item.path not in ADDED), -discount)
    if given.has("subtotal_price") and given.number("subtotal_price") != goods:
        reason = _("The lines come to {lines} less discounts, but {name} says {subtotal}.")
        subtotal = plain(given.number("subtotal_price"))
        given.refuse(
            "subtotal_price", reason.format(lines=plain(goods), name="subtotal_price", subtotal=subtotal)
        )
    tax = given.number("total_tax")
    named = given.parts("tax_lines")
    if len(named) == 1 and named[0].has("rate") and not any(i.tax for i in items) and not _is_gross(given):
        due = money.to_decimal(
            money.round_half_up(Fraction(goods) * Fraction(named[0].number("rate")) * 100),
            given.text("currency"),
        )
        if due != tax:
            reason = _("{rate} % of {net} are {due}, but total_tax says {tax}.")
            rate = plain(_plain_rate(named[0].number("rate") * 100))
            given.refuse(
                "total_tax", reason.format(rate=rate, net=plain(goods), due=plain(due), tax=plain(tax))
            )
