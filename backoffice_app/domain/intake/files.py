"""Files of orders: which shop they are from, and what becomes of each order in them (API-2)."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake import json_text
from backoffice_app.domain.intake.broken import broken
from backoffice_app.domain.intake.given import Home
from backoffice_app.domain.intake.kontor_json import from_kontor
from backoffice_app.domain.intake.shopify import from_shopify
from backoffice_app.domain.intake.woocommerce import from_woocommerce
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder
from backoffice_app.i18n import LazyText, _


class Format(StrEnum):
    """Whose orders a file holds."""

    KONTOR = "kontor"
    WOOCOMMERCE = "woocommerce"
    SHOPIFY = "shopify"


OTHER_SHOPS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "Magento (Adobe Commerce)",
        frozenset({"increment_id", "base_grand_total", "base_currency_code", "search_criteria"}),
    ),
    (
        "PrestaShop",
        frozenset({"id_address_delivery", "id_address_invoice", "current_state", "total_paid_tax_incl"}),
    ),
    ("Shopware", frozenset({"orderCustomer", "orderDateTime", "amountTotal", "stateMachineState"})),
    ("Lightspeed eCom", frozenset({"priceIncl", "addressBillingCity", "addressBillingCountry"})),
    ("BigCommerce", frozenset({"base_shipping_cost", "subtotal_inc_tax", "customer_message"})),
    ("Squarespace", frozenset({"lineItems", "grandTotal", "fulfillmentStatus"})),
    ("OpenCart", frozenset({"order_status_id", "store_url", "payment_firstname"})),
    ("Etsy", frozenset({"receipt_id", "buyer_user_id", "grandtotal"})),
    ("Amazon", frozenset({"AmazonOrderId", "OrderTotal", "PurchaseDate"})),
    ("eBay", frozenset({"legacyOrderId", "orderFulfillmentStatus", "pricingSummary"})),
)
"""Shops whose orders Kontor does not read, by fields that only theirs have."""
DRAFT = frozenset({"invoice_sent_at", "invoice_url", "applied_discount", "allow_discount_codes_in_checkout"})
"""What only a draft order of Shopify has."""
READERS: dict[Format, Callable[[object, Home], tuple[NewOrder, list[LazyText]]]] = {
    Format.KONTOR: from_kontor,
    Format.WOOCOMMERCE: from_woocommerce,
    Format.SHOPIFY: from_shopify,
}


@dataclass(frozen=True)
class Row:
    """One order of a file: `index` from 1, `name` as its shop calls it; an order to take in, or why not; remarks either
    way.
    """

    index: int
    name: str
    order: NewOrder | None = None
    problems: tuple[Invalid, ...] = ()
    remarks: tuple[LazyText, ...] = ()


def read_file(
    source: Path | bytes,
    format: Format | None = None,  # noqa: A002  # the word the command line uses
    home: Home = Home(),  # noqa: B008  # it is frozen
) -> Iterator[Row]:
    """A row for each order of a file, in its order. `home`: what orders of other shops leave unsaid.

    Raises Invalid, before any row, if the file as a whole is no JSON in UTF-8. (API-2)
    """
    text = json_text.text_of(source)
    begins = text.lstrip(json_text.BLANKS)[:1]
    if not begins:
        raise Invalid("", _("The file is empty."))
    if begins not in "[{":
        raise Invalid("", _("This file is no JSON. Orders as CSV or Excel are not read here."))
    for _value in json_text.values(text):
        pass  # a file that breaks off in the middle is refused as a whole: nothing of it goes in
    return _rows(text, format, home)


def count_orders(source: Path | bytes) -> int:
    """How many orders a file holds; 0 if it can't be read."""
    try:
        return sum(len(_unwrapped(value)) for value in json_text.values(json_text.text_of(source)))
    except Invalid:
        return 0


def recognise(data: object) -> Format:
    """Whose order this object is. Raises Invalid saying what it is instead, if it is no order."""
    if not isinstance(data, Mapping):
        raise Invalid("", _("An order must be a JSON object."))
    keys = data.keys()
    if keys & {"refund", "refund_line_items"} or (
        keys & {"refunded_by", "refunded_payment"} and "status" not in keys
    ):
        inner = data.get("refund")
        order = str(
            (inner if isinstance(inner, Mapping) else data).get("order_id") or data.get("parent_id") or "?"
        )
        reason = _(
            "This is a refund of order {order} that arrives alone. A refund goes in with its order: import "
            "the order it belongs to."
        )
        raise Invalid("refund", reason.format(order=order))
    if "draft_order" in keys or ("line_items" in keys and "financial_status" not in keys and keys & DRAFT):
        raise Invalid("", _("This is a draft order of Shopify: nothing was ordered yet."))
    if keys & {"lines", "prices"} and "line_items" not in keys:
        return Format.KONTOR
    if keys & {"financial_status", "total_price", "taxes_included", "subtotal_price"}:
        return Format.SHOPIFY
    if keys & {"order_key", "line_items", "billing", "date_created_gmt"}:
        return Format.WOOCOMMERCE
    inner = data.get("attributes")
    if found := _other_shop(keys | inner.keys() if isinstance(inner, Mapping) else keys):
        raise Invalid(
            "", _("This is an order of {shop}. Kontor does not read this format.").format(shop=found)
        )
    raise Invalid(
        "",
        _("This is no order of Kontor, WooCommerce or Shopify. Its fields are: {fields}.").format(
            fields=_some(keys)
        ),
    )


def _other_shop(keys: AbstractSet[str]) -> str:
    return next((shop for shop, fields in OTHER_SHOPS if keys & fields), "")


def read_order(
    data: object,
    format: Format | None = None,  # noqa: A002
    home: Home = Home(),  # noqa: B008  # it is frozen
) -> tuple[NewOrder, list[LazyText]]:
    """The NewOrder of one object and what there is to remark. Raises InvalidOrder if it can't go in."""
    try:
        found = recognise(data)
    except Invalid as problem:
        if format is None or problem.field == "refund":
            raise InvalidOrder([problem]) from None
        found = format
    if format is not None and found is not format:
        reason = _("This looks like an order of {found}, not of {wanted}.")
        raise InvalidOrder([Invalid("", reason.format(found=found.value, wanted=format.value))])
    return READERS[found](data, home)


def _rows(text: str, format: Format | None, home: Home) -> Iterator[Row]:  # noqa: A002
    index = 0
    for value in json_text.values(text):
        for data in _unwrapped(value):
            index += 1
            try:
                order, remarks = read_order(data, format, home)
            except InvalidOrder as refused:
                rest = (Invalid("", refused.rest),) if refused.rest else ()
                yield Row(index, _name(data), problems=(*refused.problems, *rest))
            except Exception as error:  # a bug of ours, which must not cost the orders behind it
                yield Row(index, _name(data), problems=(broken(error, index),))
            else:
                yield Row(
                    index, order.number_at_source or order.external_reference, order, remarks=tuple(remarks)
                )


def _unwrapped(value: object) -> list[object]:
    """The orders in one of the envelopes `data`, `order`, `orders`; else the value itself."""
    if isinstance(value, Mapping):
        for name in ("data", "order", "orders"):
            inner = value.get(name)
            if isinstance(inner, list):
                return inner
            if isinstance(inner, Mapping) and not value.keys() & {"lines", "line_items"}:
                return [inner]
        items = value.get("items")
        if isinstance(items, list) and "search_criteria" in value:
            return items or [value]
    return [value]


def _name(data: object) -> str:
    if not isinstance(data, Mapping):
        return ""
    inner = next(
        (found for name in ("refund", "draft_order") if isinstance(found := data.get(name), Mapping)), data
    )
    names = ("number_at_source", "name", "number", "increment_id", "reference", "external_reference", "id")
    return next(
        (str(inner[name])[:100] for name in names if isinstance(inner.get(name), str | int) and inner[name]),
        "",
    )


def _some(keys: object) -> str:
    return ", ".join(sorted(str(key)[:40] for key in keys)[:12]) or "–"  # type: ignore[attr-defined]
