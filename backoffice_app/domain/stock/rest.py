"""Products as the REST API tells them (API-1, STK-1)."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.cursor import row_after
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.stock.subject import PRODUCT, PRODUCTS
from backoffice_app.models import Product


class ProductView(BaseModel):
    """A product.

    Amounts and quantities are decimal text; `on_hand`, `free`: null where nobody counts; `low_at`: null for never.

    `version`: names what was read; an action that is sent with it in `If-Match` is refused where somebody changed the
    product since.
    """

    sku: str
    name: str
    unit: str
    price: str
    currency: str
    vat_rate: str
    on_hand: str | None
    reserved: str
    free: str | None
    low_at: str | None
    retired_at: datetime | None
    created_at: datetime
    version: str


class ProductPage(BaseModel):
    """Some products, newest first; `next` is what `after` takes for the ones that follow, null at the end."""

    products: list[ProductView]
    next: str | None


def product_of_sku(sku: str, sent_by: int | None = None) -> ProductView:
    """One product by its SKU. Raises NotFound."""
    with reading() as session:
        return _view(PRODUCTS.read(session, sku, sent_by), load_shop(session).regional.currency)


def product_page(limit: int, after: str, sent_by: int | None = None) -> ProductPage:
    """At most `limit` (up to 200) products that follow the cursor `after`, newest first; those that are retired too.

    Raises Invalid naming `limit` or `after`.
    """
    follows = row_after(limit, after)
    if sent_by is not None:
        return ProductPage(products=[], next=None)
    statement = select(Product).order_by(col(Product.id).desc()).limit(limit + 1)
    if follows is not None:
        statement = statement.where(col(Product.id) < follows)
    with reading() as session:
        found = session.exec(statement).all()
        following = str(found[limit - 1].id) if len(found) > limit else None
        currency = load_shop(session).regional.currency
        return ProductPage(products=[_view(product, currency) for product in found[:limit]], next=following)


def _view(product: Product, currency: str) -> ProductView:
    return ProductView(
        sku=product.sku,
        name=product.name,
        unit=product.unit,
        price=as_text(product.price, currency),
        currency=currency,
        vat_rate=_text(product.vat_rate) or "0",
        on_hand=_text(product.on_hand),
        reserved=_text(product.reserved) or "0",
        free=_text(None if product.on_hand is None else product.on_hand - product.reserved),
        low_at=_text(product.low_at),
        retired_at=product.retired_at,
        created_at=product.created_at,
        version=str(PRODUCT.version(product)) if PRODUCT.version else "",
    )


def _text(number: Decimal | None) -> str | None:
    """Decimal text without an exponent and without trailing zeros."""
    return None if number is None else f"{number.normalize():f}"
