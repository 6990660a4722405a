"""Products: what the shop sells, with prices and stock, and what moved the stock of one (STK-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, literal_column, select, text
from sqlmodel import Session, col

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.keyset import (
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_id,
    list_view,
    read_all,
    read_page,
)
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.history import history_of
from backoffice_app.domain.stock.movements import LOST
from backoffice_app.domain.stock.stand import LOW, OUT, badge_of
from backoffice_app.domain.stock.subject import PRODUCT
from backoffice_app.formats import format_moment, format_money, format_number, format_quantity, with_minus
from backoffice_app.i18n import _
from backoffice_app.models import Order, OrderLine, Product, StockMovement

ID, SKU, NAME, PRICE, RATE, ON_HAND, RESERVED, FREE, TONE, MARK, STATE = range(11)
"""Where the texts of a row stand.

`PRICE`, `RATE`: "" for who may not see prices; `ON_HAND`, `FREE`: "" where nobody counts.
"""
_P = Product.__table__.c  # type: ignore[attr-defined]
# The conditions are written as those of the indexes are: planners take these only when told so.
_KEPT = _P.retired_at.is_(None)
TABS = {"low": LOW, "out": OUT, "retired": _("Retired")}
KIND_NAMES = {
    "reserved": _("Reserved"),
    "released": _("Released"),
    "shipped": _("Shipped"),
    "unshipped": _("Not shipped"),
    "restocked": _("Back in stock"),
    "counted": _("Counted"),
}
WRITTEN_OFF = _("Written off")
"""What was counted down because pieces of an order were not put back (W-13)."""
MOST_MOVEMENTS = 200


def _in_tab(tab: str, _shop: Shop) -> ColumnElement[bool]:
    if tab == "retired":
        is_retired: ColumnElement[bool] = _P.retired_at.is_not(None)
        return is_retired
    limit = _P.low_at if tab == "low" else literal_column("0")
    return and_(_KEPT, literal_column("on_hand - reserved") <= limit)


def _decimal(text_: str) -> Decimal:
    found = Decimal(text_)
    if not found.is_finite() or abs(found) > 10**12 or found.as_tuple().exponent < -6:  # type: ignore[operator]
        raise ValueError(text_)
    return found


PRODUCTS = KeysetList(
    path="/products",
    sorts={
        "sku": Sort((_P.sku,), (str,), up=True),
        "name": Sort((_P.name, _P.id), (str, as_id), up=True),
        "on_hand": Sort((_P.on_hand, _P.id), (_decimal, as_id), up=True, only=_P.on_hand.is_not(None)),
    },
    filters={"stock": Filter(_("Stock"), _in_tab, TABS)},
    tabs="stock",
)


@dataclass(frozen=True)
class ProductView:
    """One product with what moved its stock. `about`: as events name it; amounts are "" for who may not see prices.

    `texts`: what the form of its data starts with, by field. `movements`: when, what, on hand, reserved, cause,
    address, by whom. `happened`: when, sentence, by whom.
    """

    id: int = 0
    about: str = ""
    sku: str = ""
    name: str = ""
    tone: str = ""
    mark: str = ""
    state: str = ""
    facts: list[list[str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    on_hand: str = ""
    movements: list[list[str]] = field(default_factory=list)
    happened: list[list[str]] = field(default_factory=list)
    is_retired: bool = False
    may_count: bool = False
    may_edit: bool = False
    sees_prices: bool = False


def products_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of products that the address asks for, with prices for who may see them.

    Raises Refused without the right to read.
    """
    actor.require(Right.READ)
    shop = load_shop(session)
    asked = PRODUCTS.parse(parameters)
    page, asked = read_page(session, asked, _wanted(session, asked))
    rows = [_row(row, shop, actor) for row in page.rows]
    view = list_view(asked, page, rows, actor)
    return replace(view, sees_prices=actor.may(Right.PRICES), may_edit=actor.may(Right.EDIT))


def products_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All products that the list shows on all its pages, as rows of a file: first the heads; prices for who may see
    them.
    """
    actor.require(Right.READ)
    sees = actor.may(Right.PRICES)
    prices = (_("Price"), _("Currency"), _("VAT rate")) if sees else ()
    heads = (_("SKU"), _("Name"), *prices, _("On hand"), _("Reserved"), _("Free"), _("Low at"), _("Unit"))
    yield [head.in_language(actor.language) for head in heads]
    currency = load_shop(session).regional.currency
    asked = PRODUCTS.parse(parameters)
    for rows in read_all(session, asked, _wanted(session, asked)):
        for row in rows:
            money = [to_decimal(row.price, currency), currency, row.vat_rate] if sees else []
            free = None if row.on_hand is None else row.on_hand - row.reserved
            yield [row.sku, row.name, *money, row.on_hand, row.reserved, free, row.low_at, row.unit]


def product_view(session: Session, product_id: int, actor: Actor) -> ProductView:
    """One product with its newest movements and its history. Raises NotFound, and Refused without the right to read."""
    actor.require(Right.READ)
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(str(product_id))
    shop, language, sees = load_shop(session), actor.language, actor.may(Right.PRICES)
    zone, currency = shop.regional.zone, shop.regional.currency

    def much(quantity: Decimal) -> str:
        return with_minus(format_quantity(quantity, product.unit, language))

    facts = [(_("SKU"), product.sku)]
    if sees:
        facts += [
            (_("Price"), format_money(product.price, currency, language)),
            (_("VAT rate"), _per_cent(product.vat_rate, language)),
        ]
    if product.on_hand is not None:
        free = product.on_hand - product.reserved
        facts += [
            (_("On hand"), much(product.on_hand)),
            (_("Reserved"), much(product.reserved)),
            (_("Free"), much(free)),
        ]
    if product.low_at is not None:
        facts.append((_("Low at"), much(product.low_at)))
    texts = {
        "name": product.name,
        "low_at": "" if product.low_at is None else format_number(product.low_at, language),
    }
    if sees:
        price = format_number(to_decimal(product.price, currency), language)
        texts |= {"price": price, "vat_rate": format_number(product.vat_rate, language)}
    happened = history_of(session, (PRODUCT, product_id), actor, language, zone, limit=MOST_MOVEMENTS)
    badge = badge_of(product.on_hand, product.reserved, product.low_at, language)
    return ProductView(
        id=product_id,
        about=Shown(
            PRODUCT.key, str(product_id), str(PRODUCT.version(product) if PRODUCT.version else "")
        ).text,
        sku=product.sku,
        name=product.name,
        tone=badge[0],
        mark=badge[1],
        state=badge[2],
        facts=[[word.in_language(language), said] for word, said in facts],
        texts=texts,
        on_hand="" if product.on_hand is None else format_number(product.on_hand, language),
        movements=_movements(session, product, zone, language),
        happened=[[entry.at, entry.sentence, entry.actor] for entry in happened],
        is_retired=product.retired_at is not None,
        may_count=actor.may(Right.SHIP),
        may_edit=actor.may(Right.EDIT),
        sees_prices=sees,
    )


def _movements(session: Session, product: Product, zone: str, language: str) -> list[list[str]]:
    statement = (
        select(StockMovement, Order.number)  # type: ignore[call-overload]
        .outerjoin(OrderLine, col(OrderLine.id) == col(StockMovement.order_line_id))
        .outerjoin(Order, col(Order.id) == col(OrderLine.order_id))
        .where(StockMovement.product_id == product.id)
        .order_by(col(StockMovement.id).desc())
        .limit(MOST_MOVEMENTS)
    )

    def signed(quantity: Decimal) -> str:
        number = format_number(abs(quantity), language)
        return f"+{number}" if quantity > 0 else f"\N{MINUS SIGN}{number}" if quantity else ""

    return [
        [
            format_moment(one.at, language, zone, "short"),
            (WRITTEN_OFF if one.kind == LOST and one.order_line_id else KIND_NAMES[one.kind]).in_language(
                language
            ),
            signed(one.on_hand),
            signed(one.reserved),
            one.cause,
            number or "",
            one.actor_name,
            str(one.id),
        ]
        for one, number in session.execute(statement).all()
    ]


def _wanted(session: Session, asked: Asked) -> Select[Any]:
    shown = (
        _P.id,
        _P.sku,
        _P.name,
        _P.unit,
        _P.price,
        _P.vat_rate,
        _P.on_hand,
        _P.reserved,
        _P.low_at,
        _P.retired_at,
    )
    statement = select(*shown)
    if not asked.text("stock"):
        statement = statement.where(_KEPT)
    return statement.where(*_having(session, asked.q)) if asked.q else statement


def _having(session: Session, query: str) -> list[ColumnElement[bool]]:
    """The words of a search, each anywhere in SKU or name, whatever case and accents; words of three letters and more
    by the index.
    """
    words = list(dict.fromkeys(fold(query).split()))
    if not is_sqlite(session):
        return [_P.search.contains(word, autoescape=True) for word in words]
    tests: list[ColumnElement[bool]] = [_P.search.contains(word, autoescape=True) for word in words]
    trigrams = [
        f'"{word[at : at + 3]}"'.replace('""', "")
        for word in words
        for at in range(len(word) - 2)
        if '"' not in word
    ]
    if trigrams:
        matched = text("product.id IN (SELECT rowid FROM product_fts WHERE product_fts MATCH :trigrams)")
        tests.insert(0, matched.bindparams(trigrams=" AND ".join(dict.fromkeys(trigrams))))  # type: ignore[arg-type]
    return tests


def _row(row: Row[Any], shop: Shop, actor: Actor) -> list[str]:
    language, sees = actor.language, actor.may(Right.PRICES)

    def much(quantity: Decimal) -> str:
        return with_minus(format_quantity(quantity, row.unit, language))

    is_counted = row.on_hand is not None
    return [
        str(row.id),
        row.sku,
        row.name,
        format_money(row.price, shop.regional.currency, language) if sees else "",
        _per_cent(row.vat_rate, language) if sees else "",
        much(row.on_hand) if is_counted else "",
        much(row.reserved) if is_counted and row.reserved else "",
        much(row.on_hand - row.reserved) if is_counted else "",
        *badge_of(row.on_hand, row.reserved, row.low_at, language),
    ]


def _per_cent(rate: Decimal, language: str) -> str:
    return f"{format_number(rate, language)}\u00a0%"
