"""The subjects "product" and "catalogue"."""

import zlib
from dataclasses import dataclass

from sqlmodel import Session, select

from backoffice_app.db import hold
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.resources import Resource, offer
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.models import Product

TOPIC = "products"
"""What open lists of products listen to."""


@dataclass(frozen=True)
class Catalogue:
    """All products together: what a new one is added to."""


def _version(product: Product) -> int:
    """Of what a form of the product starts with. How many there are is not part of it: that moves with each order."""
    shown = (
        product.sku,
        product.name,
        product.price,
        product.vat_rate,
        product.low_at,
        product.retired_at is None,
    )
    return zlib.crc32(repr(shown).encode())


def _find(session: Session, sku: str) -> int:
    found = None if "\0" in sku else session.exec(select(Product.id).where(Product.sku == sku)).first()
    if found is None:
        raise NotFound(sku)
    return found


def _read(session: Session, sku: str, sent_by: int | None) -> Product:
    """The product with this SKU. Products belong to no key: one that may not read orders finds none."""
    if sent_by is not None:
        raise NotFound(sku)
    return session.get_one(Product, _find(session, sku))


def _lock(w: Work, _id: int) -> Catalogue:
    """Nobody else adds a product meanwhile."""
    hold(w.session, "catalogue")
    return Catalogue()


PRODUCT: Subject[Product] = register(
    Subject(
        key="product",
        row=Product,
        lock=lock_row(Product),
        topic=lambda id_: f"product-{id_}",
        version=_version,
        find=_find,
    )
)
CATALOGUE: Subject[Catalogue] = register(
    Subject(key="catalogue", row=Catalogue, lock=_lock, id_of=lambda _all: 0)
)
PRODUCTS = offer(Resource(PRODUCT, "products", Right.ORDERS_READ, _read))
