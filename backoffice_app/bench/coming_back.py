"""P-1 to P-4, P-6, P-7: what comes back, beside its plain sister: the other lists, an order that came back in parts, a
credit note.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import reflex as rx
from sqlalchemy import func as sql
from sqlalchemy import insert, text
from sqlmodel import Session, col, select

from backoffice_app.bench.floor import Floor
from backoffice_app.bench.orders import Intake, to_ship
from backoffice_app.bench.shops import BenchShop
from backoffice_app.bench.tab import Tab
from backoffice_app.bench.timing import Job
from backoffice_app.db import engine, reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.models import Order, OrderLine, OrderReturn, ReturnLine
from backoffice_app.state.invoices import InvoicesState
from backoffice_app.state.order import OrderState
from backoffice_app.state.products import ProductsState
from backoffice_app.state.returns import ReturnsState
from backoffice_app.state.shipments import ShipmentsState

RETURNED = 30
"""One in so many orders of the shop came back."""
PAGES: dict[str, tuple[type[rx.State], str, tuple[tuple[str, str, dict[str, str]], ...]]] = {
    "invoices": (
        InvoicesState,
        "SELECT * FROM document ORDER BY issued_on DESC, id DESC LIMIT 50",
        (
            ("P-3", "open", {"state": "open"}),
            ("P-3", "by total", {"sort": "total"}),
            ("P-4", "search a name", {"q": "Müller"}),
        ),
    ),
    "shipments": (
        ShipmentsState,
        "SELECT * FROM shipment ORDER BY id DESC LIMIT 50",
        (("P-3", "open", {"state": "open"}), ("P-4", "search a name", {"q": "Müller"})),
    ),
    "returns": (
        ReturnsState,
        "SELECT * FROM order_return ORDER BY id DESC LIMIT 50",
        (("P-3", "open", {"state": "open"}), ("P-4", "search a name", {"q": "Müller"})),
    ),
    "products": (
        ProductsState,
        "SELECT * FROM product ORDER BY sku LIMIT 50",
        (("P-3", "below their limit", {"stock": "low"}), ("P-4", "search a name", {"q": "Becher"})),
    ),
}
"""The other lists by path: their state, the least that reads their first page, and what is asked of them besides."""


def jobs(shop: BenchShop, floor: Floor, tab: Tab) -> Iterator[Job]:
    """Each list through gate, handler and JSON; the rest beside the same without what came back, in turns."""
    _returns_of_before()
    for name, (state, least, asked) in PAGES.items():
        read = floor.read(least)
        yield Job("P-1", f"{name}, first page", 6, partial(tab.load, state, f"/{name}"), read, 15)
        for row, what, query in asked:
            owed, p95 = (10, 30) if row == "P-3" else (20, 40)
            yield Job(row, f"{name}: {what}", owed, partial(tab.load, state, f"/{name}", query), read, p95)
    yield from _orders(Intake(shop), tab)


def _orders(intake: Intake, tab: Tab) -> Iterator[Job]:
    plain, full, *_others = to_ship(intake)
    _ship(plain)
    _came_back_in_parts(full)
    opened: dict[str, Callable[[], object]] = {
        number: partial(tab.load, OrderState, f"/orders/{number}", number=number, tab="")
        for number in (plain, full)
    }
    yield Job(
        "P-6",
        "an order of 5 documents and 3 returns beside one of 1",
        13,
        opened[full],
        opened[plain],
        32,
        ratio=1.3,
    )
    shipped = list(to_ship(intake))
    for number in shipped:
        _ship(number)
    credited, shipping = iter(shipped), iter(to_ship(intake))
    yield Job(
        "P-7",
        "credit note beside Shipped",
        60,
        lambda: _credit(next(credited)),
        lambda: _ship(next(shipping)),
        ratio=3,
    )


def _ship(number: str) -> None:
    perform(COMMAND, "ship", _id_of(number))


def _credit(number: str) -> None:
    id_ = _id_of(number)
    perform(
        COMMAND, "credit-note", id_, {"invoice": _invoice_of(id_), "quantities": {"1": "1"}, "restock": True}
    )


def _came_back_in_parts(number: str) -> None:
    """Five documents and three returns: one is asked for, one has arrived, one is credited; what was paid for less is
    credited too.
    """
    _ship(number)
    id_ = _id_of(number)
    invoice = _invoice_of(id_)
    for rank in ("1", "2", "3"):
        perform(
            COMMAND, "create-return", id_, {"quantities": {rank: "1"}, "reason": "zu klein", "mail": False}
        )
    _asked, arrived, credited = _returns_of(id_)
    for one in (arrived, credited):
        perform(COMMAND, "receive-return", id_, {"return": one})
    perform(COMMAND, "complete-return", id_, {"return": credited, "mail": False})
    for reduction in ("1.00", "2.00", "3.00"):
        perform(COMMAND, "credit-note", id_, {"invoice": invoice, "reduction": reduction})


def _id_of(number: str) -> int:
    with reading() as session:
        return id_of_number(session, number)


def _invoice_of(id_: int) -> str:
    with reading() as session:
        found = text("SELECT number FROM document WHERE order_id = :id AND kind = 'invoice'")
        return str(session.execute(found, {"id": id_}).scalar_one())


def _returns_of(id_: int) -> list[str]:
    with reading() as session:
        found = text("SELECT number FROM order_return WHERE order_id = :id ORDER BY id")
        return [str(number) for number in session.execute(found, {"id": id_}).scalars()]


def _returns_of_before() -> None:
    """Returns of some of the orders that were made, each of one piece, where there are none yet."""
    with Session(engine()) as session:
        if session.execute(select(OrderReturn.id).limit(1)).first():
            return
        line = select(col(OrderLine.order_id), sql.min(OrderLine.id), sql.min(Order.placed_at)).join(Order)
        found = session.execute(
            line.where(col(OrderLine.order_id) % RETURNED == 0).group_by(col(OrderLine.order_id))
        ).all()
        rows = [
            {
                "number": f"B-{order}",
                "order_id": order,
                "reason": "zu klein",
                "state": "requested" if n % 20 == 0 else "rejected",
                "created_at": at,
            }
            for n, (order, _line, at) in enumerate(found)
        ]
        session.execute(insert(OrderReturn), rows)
        ids = dict(session.execute(select(col(OrderReturn.order_id), col(OrderReturn.id))).tuples().all())
        pieces = [
            {"return_id": ids[order], "order_line_id": id_, "quantity": Decimal(1)}
            for order, id_, _at in found
        ]
        session.execute(insert(ReturnLine), pieces)
        session.commit()
