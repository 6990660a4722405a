"""What colleagues do to products: add, change, count, retire (STK-1)."""

from decimal import Decimal

from pydantic import Field
from sqlmodel import col, select

from backoffice_app.domain.core.actions import Done, Input, NoInput, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.search_text import product_text
from backoffice_app.domain.core.typed import amount_of, quantity_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.domain.stock.facts import (
    ProductAdded,
    ProductLimited,
    ProductPriced,
    ProductRenamed,
    ProductRestored,
    ProductRetired,
    ProductTaxed,
    StockCounted,
)
from backoffice_app.domain.stock.movements import movement, write
from backoffice_app.domain.stock.subject import CATALOGUE, PRODUCT, TOPIC, Catalogue
from backoffice_app.formats import is_pieces
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.models import Order, OrderLine, Product

MOST = Decimal(10) ** 9
"""More than this of one product is in no warehouse."""
HIGHEST_RATE = Decimal(100)
LONGEST = 200


def nothing_against(_row: object) -> LazyText | None:
    """Nothing in the row speaks against it."""
    return None


class CountStock(Input):
    """`on_hand`: how much is in stock, as people write it; `reason`: why it differs from what was thought."""

    on_hand: str = Field(max_length=50)
    reason: str = Field(default="", max_length=LONGEST)


@action(
    subject=PRODUCT,
    key="count-stock",
    label=_("Count stock"),
    right=Right.SHIP,
    why_not=nothing_against,
    input=CountStock,
    even_if_changed=True,
)
def count_stock(w: Work, product: Product, data: CountStock) -> Done:
    """Set what is in stock.

    From its first count on a product's stock is kept; open orders that wait for it reserve it (STK-1).
    """
    counted = _quantity(w, product.unit, data.on_hand, "on_hand")
    is_first, old = product.on_hand is None, product.on_hand or Decimal(0)
    done = _("The stock of {sku} is {count}.").format(sku=product.sku, count=LazyNumber(counted))
    if not is_first and counted == old:
        return Done(done, changed=False)
    product_id, made = PRODUCT.id_of(product), []
    if counted != old:
        made.append(movement(w, product_id, None, "counted", data.reason, on_hand=counted - old))
    if is_first:
        for line_id, number, waiting in _open_lines(w, product_id):
            made.append(movement(w, product_id, line_id, "reserved", number, reserved=waiting))
            product.reserved += waiting
    product.on_hand = counted
    write(w, made)
    w.record(product, StockCounted(old="" if is_first else f"{old:f}", new=counted, reason=data.reason))
    w.touch(TOPIC)
    return Done(done)


class EditProduct(Input):
    """What is None stays as it is. `price`, `vat_rate`, `low_at` as people write them; `low_at`: "" for never."""

    name: str | None = Field(default=None, min_length=1, max_length=LONGEST)
    price: str | None = Field(default=None, max_length=50)
    vat_rate: str | None = Field(default=None, max_length=20)
    low_at: str | None = Field(default=None, max_length=50)


@action(
    subject=PRODUCT,
    key="edit-product",
    label=_("Edit product"),
    right=Right.EDIT,
    why_not=nothing_against,
    input=EditProduct,
    overwrites=True,
)
def edit_product(w: Work, product: Product, data: EditProduct) -> Done:
    """Change name, price, VAT rate, or at how many the stock counts as low.

    Orders that were placed keep what they say.
    """
    currency = w.shop.regional.currency
    if data.name is not None and data.name != product.name:
        w.record(product, ProductRenamed(old=product.name, new=data.name))
        product.name, product.search = data.name, product_text(product.sku, data.name)
    price = product.price if data.price is None else _price(w, data.price)
    if price != product.price:
        w.record(product, ProductPriced(old=product.price, new=price, currency=currency))
        product.price = price
    rate = product.vat_rate if data.vat_rate is None else _rate(w, data.vat_rate)
    if rate != product.vat_rate:
        w.record(product, ProductTaxed(old=product.vat_rate, new=rate))
        product.vat_rate = rate
    low_at = product.low_at if data.low_at is None else _limit(w, product.unit, data.low_at)
    if low_at != product.low_at:
        w.record(product, ProductLimited(old=_as_text(product.low_at), new=_as_text(low_at)))
        product.low_at = low_at
    if not w.has_facts(product):
        return Done(_("Nothing was changed."), changed=False)
    w.touch(TOPIC)
    return Done(_("Product {sku} is changed.").format(sku=product.sku))


class NewProduct(Input):
    """`price`, `vat_rate`, `on_hand`, `low_at` as people write them; `on_hand`: "" where nobody counts it; `unit`: ""
    for pieces.
    """

    sku: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=LONGEST)
    unit: str = Field(default="", max_length=20)
    price: str = Field(default="0", max_length=50)
    vat_rate: str = Field(default="0", max_length=20)
    on_hand: str = Field(default="", max_length=50)
    low_at: str = Field(default="", max_length=50)


@action(
    subject=CATALOGUE,
    key="new-product",
    label=_("Add product"),
    right=Right.EDIT,
    why_not=nothing_against,
    input=NewProduct,
)
def new_product(w: Work, _all: Catalogue, data: NewProduct) -> Done:
    """Add a product; orders that come in from now on with its SKU are tied to it.

    Raises Invalid for a SKU that is there already.
    """
    if w.session.exec(select(Product.id).where(Product.sku == data.sku)).first() is not None:
        raise Invalid("sku", _("There is a product with this SKU already."))
    on_hand = _quantity(w, data.unit, data.on_hand, "on_hand") if data.on_hand else None
    product = Product(
        sku=data.sku,
        name=data.name,
        unit=data.unit,
        price=_price(w, data.price or "0"),
        vat_rate=_rate(w, data.vat_rate or "0"),
        low_at=_limit(w, data.unit, data.low_at),
        on_hand=on_hand,
        search=product_text(data.sku, data.name),
        created_at=w.at,
    )
    w.add(product)
    w.record(product, ProductAdded(sku=data.sku, name=data.name))
    if on_hand is not None:
        if on_hand:
            write(w, [movement(w, PRODUCT.id_of(product), None, "counted", "", on_hand=on_hand)])
        w.record(product, StockCounted(old="", new=on_hand, reason=""))
    w.made("products", product.sku)
    w.touch(TOPIC)
    return Done(_("Product {sku} is added.").format(sku=data.sku))


def why_not_retire(product: Product) -> LazyText | None:
    """A retired product is retired already."""
    return _("The product is retired.") if product.retired_at else None


@action(
    subject=PRODUCT,
    key="retire-product",
    label=_("Retire product"),
    right=Right.EDIT,
    why_not=why_not_retire,
    input=NoInput,
)
def retire_product(w: Work, product: Product, _data: NoInput) -> Done:
    """Take a product off the list. Orders keep it, its stock and its movements stay, and it can be put back."""
    product.retired_at = w.at
    w.record(product, ProductRetired())
    w.touch(TOPIC)
    return Done(_("Product {sku} is retired.").format(sku=product.sku))


def why_not_restore(product: Product) -> LazyText | None:
    """Only what was retired can be put back."""
    return None if product.retired_at else _("The product is not retired.")


@action(
    subject=PRODUCT,
    key="restore-product",
    label=_("Put back on sale"),
    right=Right.EDIT,
    why_not=why_not_restore,
    input=NoInput,
)
def restore_product(w: Work, product: Product, _data: NoInput) -> Done:
    """Put a retired product back on the list."""
    product.retired_at = None
    w.record(product, ProductRestored())
    w.touch(TOPIC)
    return Done(_("Product {sku} is on sale again.").format(sku=product.sku))


def _open_lines(w: Work, product_id: int) -> list[tuple[int, str, Decimal]]:
    """The lines of orders that wait for the product: id, number of the order, how much is left to ship."""
    statement = (
        select(OrderLine, Order.number)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            OrderLine.product_id == product_id,
            col(OrderLine.shipped) < col(OrderLine.ordered) - col(OrderLine.cancelled),
        )
        .where(col(OrderLine.ships), col(Order.cancelled_at).is_(None), ~col(Order.is_draft))
        .order_by(col(OrderLine.id))
    )
    return [(line.id or 0, number, left_to_ship(line)) for line, number in w.session.exec(statement).all()]


def _quantity(w: Work, unit: str, text: str, field: str) -> Decimal:
    found = quantity_of(w.actor, text, field, MOST)
    if found < 0:
        raise Invalid(field, _("Type a number that is not below zero."))
    if found > MOST:
        raise Invalid(field, _("Type a number that is not above {most}.").format(most=LazyNumber(MOST)))
    if is_pieces(unit) and found % 1:
        raise Invalid(field, _("Pieces are whole."))
    return found


def _limit(w: Work, unit: str, text: str) -> Decimal | None:
    return _quantity(w, unit, text, "low_at") if text else None


def _price(w: Work, text: str) -> int:
    found = amount_of(w.actor, text, w.shop.regional.currency, "price")
    if not 0 <= found <= int(MOST) * 100:
        raise Invalid("price", _("Type a number that is not below zero."))
    return found


def _rate(w: Work, text: str) -> Decimal:
    found = quantity_of(w.actor, text.removesuffix("%").strip(), "vat_rate", HIGHEST_RATE)
    if not 0 <= found < HIGHEST_RATE:
        raise Invalid("vat_rate", _("A VAT rate is between 0 and 100 per cent."))
    return found


def _as_text(quantity: Decimal | None) -> str:
    return "" if quantity is None else f"{quantity:f}"
