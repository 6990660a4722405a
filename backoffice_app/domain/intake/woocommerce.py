"""Orders as WooCommerce's REST API and webhooks give them: what was ordered and what it costs (API-2)."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from backoffice_app.domain.intake.figures import Item, ShopOrder, gives_in_parts, rate_of, settle
from backoffice_app.domain.intake.given import Given, Home, Reading, options_of
from backoffice_app.domain.intake.woocommerce_head import gift_cards_of, head_of, status_of
from backoffice_app.domain.orders.fields import CURRENCIES, plain
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder
from backoffice_app.i18n import LazyText, _

KNOWN = {"pending", "on-hold", "processing", "completed", "cancelled", "refunded"}
NOT_ORDERED = {"failed", "trash", "draft", "auto-draft", "checkout-draft"}
TAG = re.compile(r"<[^<>]{0,500}>")
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
    "shipments[0].shipped_at": "date_completed_gmt",
    "shipments": "meta_data",
    "cancelled_at": "date_modified_gmt",
}


def from_woocommerce(data: object, home: Home = Home()) -> tuple[NewOrder, list[LazyText]]:  # noqa: B008  # it is frozen
    """A NewOrder from one WooCommerce order, and remarks on what a person should know.

    Gift cards become payments, coupons line discounts, fees lines that do not ship, refunds already made negative
    payments.
    Raises InvalidOrder naming WooCommerce's own fields.
    """
    given = Given(data, reading=Reading(home))
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
    gift_cards = gift_cards_of(given)
    head = head_of(given, gift_cards)
    lines = [i for i in goods if i.after >= 0]
    shipping = (
        ships[0] if ships and lines else None
    )  # where nothing else was ordered, shipping is what was sold
    lines += [replace(i, method="") for i in ships if i is not shipping and (i.after or not shipping)]
    if not lines and not given.problems:
        given.refuse("line_items", _("The order has no lines."))
    shop = ShopOrder(
        head=head,
        currency=currency,
        prices="gross" if gross else "net",
        items=lines,
        shipping=shipping,
        total=given.number("total") + sum(card.number("amount") for card in gift_cards),
        tax=given.number("total_tax"),
        discount_name=", ".join(
            [
                *(html.unescape(c.text("code")) for c in given.parts("coupon_lines")),
                *(i.name for i in fees_off),
            ]
        ),
        discount=-sum((i.after for i in fees_off), Decimal(0)),
        names=NAMES | {f"payments[{i}]": _money_at(i, len(gift_cards)) for i in range(len(head["payments"]))},
    )
    if given.problems:
        raise InvalidOrder(given.problems)
    order, more = settle(shop)
    return order, given.reading.remarks + more


def _money_at(index: int, gift_cards: int) -> str:
    return f"gift_cards[{index}]" if index < gift_cards else f"refunds[{index - gift_cards}]"


def _refuse_what_is_no_order(given: Given) -> None:
    status = status_of(given)
    if status in NOT_ORDERED:
        given.refuse("status", _("Is “{status}”: nothing was ordered yet.").format(status=status))
    elif status and status not in KNOWN:
        reason = _(
            "“{status}” is a status of the shop's own; what was paid and shipped is taken from the other fields."
        )
        given.remark(reason.format(status=given.text("status")))


def _items(given: Given, *, gross: bool) -> list[tuple[Given, Item]]:
    found = [
        (line, replace(_item(line, line.number("quantity"), gross=gross, ships=True), options=_options(line)))
        for line in given.parts("line_items")
        if line.number("quantity")
        or line.number("total")
        or line.number("subtotal")  # what was taken out again stays as a line of 0
    ]
    found += [(fee, _item(fee, Decimal(1), gross=gross, ships=False)) for fee in given.parts("fee_lines")]
    for way in given.parts("shipping_lines"):
        item = _item(way, Decimal(1), gross=gross, ships=False)
        title = html.unescape(way.text("method_title"))
        method = way.text("method_id") or "shipping"
        found.append((way, replace(item, name=title or method, method=method)))
    return found


def _named(line: Given, rates: dict[str, Decimal]) -> Iterator[tuple[Decimal, int]]:
    """The rates that the taxes of a line may be in all, each with how many taxes it is made of.

    A tax that is given as 0 may be of a cent's fraction, or not be due at all.
    """
    given = [t for t in line.parts("taxes") if t.has("total") or t.has("subtotal")]
    due = [t for t in given if t.number("total") or t.number("subtotal")]
    for parts in (given, due):
        told = round(sum((rates.get(t.text("id"), Decimal(0)) for t in parts), Decimal(0)), 4)
        if 0 < told <= 100:
            yield Decimal(plain(told.normalize())), len(parts)


def _options(line: Given) -> str:
    """What the customer chose or wrote for a line; what begins with an underscore is the shop's own."""
    pairs = []
    for one in line.parts("meta_data"):
        key = (
            one.text("display_key", "key")
            if isinstance(one.data.get("display_key") or one.data.get("key"), str)
            else ""
        )
        value = one.data.get("display_value") or one.data.get("value")
        values = value if isinstance(value, list) else [value]
        texts = [
            _without_tags(str(v))
            for v in values
            if isinstance(v, str | int | Decimal) and not isinstance(v, bool)
        ]
        if key and not str(one.data.get("key", "")).startswith("_") and not key.startswith("_"):
            pairs.append((_without_tags(key), ", ".join(texts)))
    return options_of(pairs)


def _without_tags(text: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", text)).split())


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
    """Each with the rate the shop names, where it fits; else with the simplest one that gives its tax."""
    known = {rate for rate in rates.values() if 0 < rate <= 100}
    used: set[Decimal] = set()
    done: dict[str, Item] = {}
    for line, item in sorted(items, key=lambda pair: -abs(pair[1].after)):
        net, tax = abs(line.number("total")), abs(line.number("total_tax"))
        if not net and not tax:
            net, tax = line.number("subtotal"), line.number("subtotal_tax")
        told = [
            one
            for one, parts in _named(line, rates)
            if tax and gives_in_parts(net, tax, one, parts, currency)
        ]
        rate = next(
            (one for one in told if one in used), told[0] if told else rate_of(net, tax, known, currency)
        )
        if rate is None:
            reason = _("A tax of {tax} on {net} is no VAT rate between 0 and 100 %.")
            line.refuse("total_tax", reason.format(tax=plain(tax), net=plain(net)))
            rate = Decimal(0)
        elif rate != round(rate, 1) and rate not in known.union(told):
            reason = _("The shop does not name the VAT rate of “{name}”; {rate} % gives its tax of {tax}.")
            line.remark(reason.format(name=item.name, rate=plain(rate), tax=plain(tax)))
        known.add(rate)
        used.add(rate)
        done[line.path] = replace(item, rate=rate)
    return [done[line.path] for line, _item in items]
