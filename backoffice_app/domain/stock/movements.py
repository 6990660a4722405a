"""The stock follows what happens to orders: each change is a row tied to its line and cause, and the product has their
sum (STK-1).

Placing an order reserves, shipping takes out and ends the reservation, what is not shipped after all comes back, what
is cancelled is released, and goods that come back are added, never more than had left. Only products that are counted
move. All of it is done once, at the end of the transaction: by then the orders are written, and the products of all of
them are locked in one order, so that no two transactions wait for each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, insert, update
from sqlmodel import col, select

from backoffice_app.domain.core.facts import Fact, on
from backoffice_app.domain.core.subjects import About, reference
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.orders.edit_lines import LinesChanged, lets_go
from backoffice_app.domain.orders.facts import OrderCancelled, OrderPlaced, PiecesCancelled, PiecesRestocked
from backoffice_app.domain.shipping.facts import OrderPickedUp, OrderShipped, ShippingUndone
from backoffice_app.domain.stock.subject import TOPIC
from backoffice_app.models import Order, OrderLine, Product, StockMovement
from backoffice_app.tables.columns import Micros

NONE = Decimal(0)
LOST = "counted"
"""The kind of movement of pieces that waited for an order and can't be sold again: they are counted out of
the stock.
"""
AFTER_ALL = 90
"""Stock moves when all else that listens to a fact has done its part."""
# Built once: building a statement takes longer than SQLite needs for it.
_LOCK = (
    select(col(Product.id), col(Product.on_hand))
    .where(col(Product.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Product.id))
    .with_for_update()
)
_SUMS = (
    select(
        col(StockMovement.order_line_id),
        col(StockMovement.kind),
        func.sum(StockMovement.on_hand, type_=Micros()),
        func.sum(StockMovement.reserved, type_=Micros()),
    )
    .where(col(StockMovement.order_line_id).in_(bindparam("lines", expanding=True)))
    .group_by(col(StockMovement.order_line_id), col(StockMovement.kind))
)
_NEW = insert(StockMovement)
_MOVE = (
    update(Product)
    .where(col(Product.id) == bindparam("product"))
    .values(
        on_hand=col(Product.on_hand) + bindparam("more", type_=Micros()),
        reserved=col(Product.reserved) + bindparam("waiting", type_=Micros()),
    )
)


@dataclass
class _Moved:
    """What the movements of a line come to so far: what waits, what was taken out of stock, what came back into it."""

    reserved: Decimal = NONE
    out: Decimal = NONE
    restocked: Decimal = NONE


@dataclass
class _Ledger:
    """The movements that a transaction makes, beside what earlier ones come to."""

    w: Work
    lines: defaultdict[int, _Moved] = field(default_factory=lambda: defaultdict(_Moved))
    made: list[dict[str, object]] = field(default_factory=list)
    sums: defaultdict[int, list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [NONE, NONE]))

    def add(
        self, line: OrderLine, kind: str, cause: str, *, on_hand: Decimal = NONE, reserved: Decimal = NONE
    ) -> None:
        """One movement of a line; none where nothing moves."""
        if not (on_hand or reserved) or line.product_id is None:
            return
        moved = self.lines[line.id or 0]
        moved.reserved += reserved
        if kind == "restocked":
            moved.restocked += on_hand
        elif kind != LOST:
            moved.out -= on_hand
        self.made.append(
            movement(self.w, line.product_id, line.id, kind, cause, on_hand=on_hand, reserved=reserved)
        )
        total = self.sums[line.product_id]
        self.sums[line.product_id] = [total[0] + on_hand, total[1] + reserved]


_TOLD: WeakKeyDictionary[Work, dict[int, tuple[Order, list[Fact]]]] = WeakKeyDictionary()
"""By transaction: what happened in it to orders whose goods moved."""


_GONE: WeakKeyDictionary[Work, list[dict[str, object]]] = WeakKeyDictionary()
"""By transaction: the movements that release what lines waited for that were taken out of their order."""


@lets_go("stock")
def release_lines(w: Work, order: Order, lines: Sequence[OrderLine]) -> None:
    """What a line waited for is released before it goes."""
    products = {line.id or 0: line.product_id for line in lines if line.product_id}
    sums: dict[int, Decimal] = defaultdict(lambda: NONE)
    for line_id, _kind, _on_hand, reserved in (
        w.connection.execute(_SUMS, {"lines": list(products)}).all() if products else ()
    ):
        sums[line_id or 0] += reserved or NONE
    for line_id, waited in sums.items():
        if waited:
            released = movement(
                w, products[line_id] or 0, line_id, "released", order.number, reserved=-waited
            )
            _GONE.setdefault(w, []).append(released)
    if w in _GONE and w not in _TOLD:
        _TOLD[w] = {}
        w.when_written(lambda: _move(w))


def follow(*kinds: type[Fact]) -> None:
    """From here on the stock follows the orders that facts of these kinds are about: for facts that change the
    quantities of lines.
    """
    for kind in kinds:
        on(kind, order=AFTER_ALL)(note)


def note(w: Work, about: About, happened: Fact) -> None:
    """Takes down that goods of an order moved; the movements are made once, at the end of the transaction."""
    order = about if isinstance(about, Order) else order_of_id(w.session, reference(about)[1])
    if not any(line.product_id for line in order.lines):
        return
    if w not in _TOLD:
        _TOLD[w] = {}
        w.when_written(lambda: _move(w))
    told = _TOLD[w]
    told.setdefault(order.id or 0, (order, []))[1].append(happened)


def movement(
    w: Work,
    product_id: int,
    line_id: int | None,
    kind: str,
    cause: str,
    *,
    on_hand: Decimal = NONE,
    reserved: Decimal = NONE,
) -> dict[str, object]:
    """One row of the stock, as it is written."""
    return {
        "product_id": product_id,
        "order_line_id": line_id,
        "kind": kind,
        "on_hand": on_hand,
        "reserved": reserved,
        "cause": cause,
        "at": w.at,
        "actor_name": w.actor.name,
    }


def write(w: Work, movements: list[dict[str, object]]) -> None:
    """Writes movements; the caller sees to it that the product has their sum."""
    if movements:
        w.connection.execute(_NEW, movements)


def _move(w: Work) -> None:
    told, gone = _TOLD.pop(w), _GONE.pop(w, [])
    moved = {line.product_id for order, _facts in told.values() for line in order.lines if line.product_id}
    products = sorted(moved | {cast(int, one["product_id"]) for one in gone})
    counted = {
        row[0] or 0 for row in w.connection.execute(_LOCK, {"ids": products}).all() if row[1] is not None
    }
    if not counted:
        return
    ledger = _Ledger(w)
    for one in gone:
        if (id_ := cast(int, one["product_id"])) in counted:
            ledger.made.append(one)
            ledger.sums[id_][1] += cast(Decimal, one["reserved"])
    old = [
        order for order, facts in told.values() if not any(isinstance(fact, OrderPlaced) for fact in facts)
    ]
    _read_sums(ledger, (line.id or 0 for order in old for line in order.lines if line.product_id in counted))
    for order, facts in told.values():
        for fact in facts:
            _of_fact(ledger, order, fact, counted)
        for line in _counted(order, counted):
            _reserve(ledger, order, line)
    write(w, ledger.made)
    changes = [
        {"product": id_, "more": sums[0], "waiting": sums[1]} for id_, sums in sorted(ledger.sums.items())
    ]
    if changes:
        w.connection.execute(_MOVE, changes)
        w.touch(TOPIC, *(f"product-{change['product']}" for change in changes))


def _read_sums(ledger: _Ledger, lines: Iterable[int]) -> None:
    ids = list(lines)
    if not ids:
        return
    for line_id, kind, on_hand, reserved in ledger.w.connection.execute(_SUMS, {"lines": ids}).all():
        moved = ledger.lines[line_id or 0]
        moved.reserved += reserved or NONE
        if kind == "restocked":
            moved.restocked += on_hand or NONE
        elif kind != LOST:
            moved.out -= on_hand or NONE


def _of_fact(ledger: _Ledger, order: Order, fact: Fact, counted: set[int]) -> None:
    """What a fact moves by itself; what orders wait for follows from their lines (`_reserve`)."""
    if isinstance(fact, PiecesRestocked):
        for line in _counted(order, counted):
            # What came back into stock once does not come back again, no matter who says so (H1).
            left = line.shipped - ledger.lines[line.id or 0].restocked
            ledger.add(
                line,
                "restocked",
                order.number,
                on_hand=max(min(fact.quantities.get(str(line.rank), NONE), left), NONE),
            )
    elif isinstance(fact, OrderCancelled | PiecesCancelled) and not fact.restock:
        for line in _counted(order, counted):
            waits = max(ledger.lines[line.id or 0].reserved, NONE)
            named = waits if isinstance(fact, OrderCancelled) else fact.quantities.get(str(line.rank), NONE)
            ledger.add(line, LOST, order.number, on_hand=-min(named, waits))
    elif isinstance(fact, OrderShipped | OrderPickedUp):
        for line, quantity in _packed(order, fact.shipment, counted):
            ended = max(min(quantity, ledger.lines[line.id or 0].reserved), NONE)
            ledger.add(line, "shipped", fact.shipment, on_hand=-quantity, reserved=-ended)
    elif isinstance(fact, ShippingUndone):
        for line, quantity in _packed(order, fact.shipment, counted):
            moved = ledger.lines[line.id or 0]
            waits = max(min(quantity, _waiting(order, line) - moved.reserved), NONE)
            ledger.add(
                line, "unshipped", fact.shipment, on_hand=max(min(quantity, moved.out), NONE), reserved=waits
            )


def _reserve(ledger: _Ledger, order: Order, line: OrderLine) -> None:
    """What waits of a line is what is left to ship of it, whatever happened to the order."""
    more = _waiting(order, line) - ledger.lines[line.id or 0].reserved
    ledger.add(line, "reserved" if more > 0 else "released", order.number, reserved=more)


def _waiting(order: Order, line: OrderLine) -> Decimal:
    return NONE if order.cancelled_at or order.is_draft or not line.ships else max(left_to_ship(line), NONE)


def _counted(order: Order, counted: set[int]) -> Iterator[OrderLine]:
    return (line for line in order.lines if line.product_id in counted)


def _packed(order: Order, number: str, counted: set[int]) -> list[tuple[OrderLine, Decimal]]:
    """What is in a shipment, of products that are counted."""
    by_id: Mapping[int | None, OrderLine] = {line.id: line for line in _counted(order, counted)}
    found = [packed for shipment in order.shipments if shipment.number == number for packed in shipment.lines]
    return [
        (by_id[packed.order_line_id], packed.quantity) for packed in found if packed.order_line_id in by_id
    ]


follow(
    OrderPlaced,
    LinesChanged,
    OrderShipped,
    OrderPickedUp,
    ShippingUndone,
    OrderCancelled,
    PiecesCancelled,
    PiecesRestocked,
)
