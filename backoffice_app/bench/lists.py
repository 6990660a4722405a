"""P-1 to P-5: the order list."""

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import text
from sqlmodel import Session

from backoffice_app.bench.floor import Floor
from backoffice_app.bench.shops import BenchShop
from backoffice_app.bench.tab import Tab
from backoffice_app.bench.timing import Job
from backoffice_app.db import reading
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.listing import OrderFilter, counts, list_orders
from backoffice_app.state.orders import OrdersState

COLUMNS = (
    "number, position, customer_name, company, total, currency, status, payment_state, shipping_state, "
    "return_state, source, "
    "comment, due_on"
)
LIST = f"SELECT {COLUMNS} FROM orders"  # noqa: S608
NEWEST = f"{LIST} ORDER BY position DESC LIMIT 50"


def jobs(shop: BenchShop, floor: Floor, tab: Tab) -> Iterator[Job]:
    """The rows of the list, each through gate, handler and JSON."""
    fast = {"sqlite": 12.0, "postgresql": 20.0}[shop.database]

    def at(row: str, name: str, least: str, parameters: dict[str, str]) -> Job:
        owed, p95 = (6, 15) if row == "P-1" else (10, 30)
        return Job(
            row, name, owed, partial(tab.load, OrdersState, "/orders", parameters), floor.read(least), p95
        )

    yield at("P-1", "list, newest 50", NEWEST, {})
    for view, where in (
        ("to-ship", "status = 'awaiting_shipment'"),
        ("to-pay", "status IN ('awaiting_payment', 'awaiting_shipment') AND open_amount > 0"),
        ("on-hold", "status = 'on_hold'"),
        ("overdue", "due_on < CURRENT_DATE"),
    ):
        yield at(
            "P-1", f"view {view}", f"{LIST} WHERE {where} ORDER BY position DESC LIMIT 50", {"view": view}
        )
    yield from _pages(shop, floor, tab)
    filters: tuple[tuple[str, str, dict[str, str], str], ...] = (
        ("one filter: Austria", "country = 'AT'", {"country": "AT"}, ""),
        ("one filter: not printed", "printed_at IS NULL", {"printed": "no"}, ""),
        (
            "three: completed, France, etsy",
            "status = 'completed' AND country = 'FR' AND source = 'etsy'",
            {"status": "completed", "country": "FR", "source": "etsy"},
            "",
        ),
        (
            "three that never meet",
            "status = 'cancelled' AND payment_state = 'paid' AND shipping_state = 'shipped'",
            {"status": "cancelled", "payment": "paid", "shipping": "shipped"},
            "",
        ),
        ("amount that nobody pays", "total >= 99999900", {"amount_from": "999999"}, ""),
        ("Austria by total", "country = 'AT'", {"country": "AT", "sort": "total"}, "total DESC, "),
    )
    for name, where, parameters, order in filters:
        yield at("P-3", name, f"{LIST} WHERE {where} ORDER BY {order}position DESC LIMIT 50", parameters)
    for sort, column in (
        ("number", "id"),
        ("customer", "sort_name"),
        ("total", "total"),
        ("status", "status"),
    ):
        yield at(
            "P-3",
            f"sorted by {sort}",
            f"{LIST} ORDER BY {column} DESC, position DESC LIMIT 50",
            {"sort": sort},
        )
    yield from _searches(floor, tab, fast)
    yield Job(
        "P-5",
        "counts of all views",
        1,
        _counts,
        floor.read("SELECT view, sum(n) FROM view_count GROUP BY view"),
    )


def _pages(shop: BenchShop, floor: Floor, tab: Tab) -> Iterator[Job]:
    with reading() as session:
        second = list_orders(session, OrderFilter(), COMMAND, "en").older
        deep = _position(session, min(100_000, shop.orders * 9 // 10))
    for name, page, position in (
        ("next page", second, int(second.split(".")[1])),
        ("a page 100,000 rows down", f"a0.{deep}", deep),
        ("the page before that", f"b0.{deep}", deep),
    ):
        least = f"{LIST} WHERE position < :position ORDER BY position DESC LIMIT 50"
        run = partial(tab.load, OrdersState, "/orders", {"page": page})
        yield Job("P-2", name, 6, run, floor.read(least, position=position), 15)
    last = f"{LIST} ORDER BY position LIMIT 50"
    yield Job(
        "P-2",
        "the last page",
        6,
        lambda: tab.load(OrdersState, "/orders", {"page": "last"}),
        floor.read(last),
        15,
    )


def _searches(floor: Floor, tab: Tab, fast: float) -> Iterator[Job]:
    with reading() as session:
        number, invoice, tracking = (
            str(session.execute(text(statement)).scalar_one())
            for statement in (
                "SELECT number FROM orders ORDER BY position LIMIT 1 OFFSET 500",
                "SELECT number FROM document ORDER BY id LIMIT 1 OFFSET 500",
                "SELECT tracking_number FROM parcel ORDER BY id LIMIT 1 OFFSET 400",
            )
        )
    for name, typed, owed in (
        ("order number", number, 6.0),
        ("beginning of an order number", number[:4], 6.0),
        ("tracking number", tracking, 6.0),
        ("beginning of a tracking number", tracking[:11], 6.0),
        ("invoice number", invoice.lower(), 6.0),
        ("name", "mueller", fast),
        ("two words", "anna berlin", fast),
        ("e-mail, very many hits", "gmail", fast),
        ("SKU", "w-03", fast),
        ("no hit", "zzqxy", 8.0),
        ("two characters", "zö", fast),
        ("two CJK characters", "田中", fast),
    ):
        run = partial(tab.load, OrdersState, "/orders", {"q": typed})
        yield Job("P-4", f"search: {name}", owed, run, _search_floor(floor, typed), fast * 3.3)


def _search_floor(floor: Floor, typed: str) -> Callable[[], object]:
    word = fold(typed).split()[0]
    if len(word) < 3 or not floor.sqlite:
        test = "instr(doc, :word) > 0" if floor.sqlite else "doc LIKE '%' || :word || '%'"
        return floor.read(f"SELECT id FROM order_search WHERE {test} ORDER BY id DESC LIMIT 50", word=word)  # noqa: S608
    trigrams = " AND ".join(f'"{word[i : i + 3]}"' for i in range(len(word) - 2))
    return floor.read(
        "SELECT rowid FROM order_fts WHERE order_fts MATCH :word ORDER BY rowid DESC LIMIT 50", word=trigrams
    )


def _position(session: Session, down: int) -> int:
    return int(
        session.execute(
            text("SELECT position FROM orders ORDER BY position DESC LIMIT 1 OFFSET :down"), {"down": down}
        ).scalar_one()
    )


def _counts() -> dict[str, str]:
    with reading() as session:
        return counts(session, COMMAND, "en")
