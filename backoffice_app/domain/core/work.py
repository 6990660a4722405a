"""The one transaction: lock, record, enqueue; nothing else commits."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, update
from sqlmodel import Session, col, select

from backoffice_app import wake
from backoffice_app.db import commit, engine
from backoffice_app.db_errors import answering
from backoffice_app.domain.core import clock, jobs
from backoffice_app.domain.core.derived import OrderCompleted, write_derived
from backoffice_app.domain.core.facets import remember_facet
from backoffice_app.domain.core.facts import LISTENERS, Fact, as_json, split_personal
from backoffice_app.domain.core.insert import insert_order
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.states import Status
from backoffice_app.domain.core.views import move_counts, tallies_of
from backoffice_app.domain.core.whole import locked_order
from backoffice_app.models import ChainHead, History, HistoryPersonal, Order, OrderSearch

AFTER_COMMIT: list[Callable[[frozenset[str]], None]] = [wake.say]
"""Told, after a commit, what changed: topics such as `order-7` and `orders`; other processes by `wake` (O-6)."""

MAY_WRITE: ContextVar[bool] = ContextVar("may_write", default=True)
"""False while an event is handled that was not declared to change anything: then no transaction begins."""

GENESIS = hashlib.sha256(b"Kontor history").hexdigest()


# Built once: building a statement takes longer than SQLite needs for it.
_DOC = select(col(OrderSearch.doc)).where(col(OrderSearch.id) == bindparam("at"))
_NEW_DOC = insert(OrderSearch)
_CHANGED_DOC = update(OrderSearch).where(col(OrderSearch.id) == bindparam("at")).values(doc=bindparam("new"))
_HEAD = select(col(ChainHead.sequence), col(ChainHead.hash)).where(col(ChainHead.id) == 1).with_for_update()
_NEW_HEAD = update(ChainHead).where(col(ChainHead.id) == 1).values(sequence=bindparam("last"), hash=bindparam("last_hash"))
_NEW_FACTS, _NEW_PERSONAL = insert(History), insert(HistoryPersonal)


class Work:
    """One transaction of one actor. Whatever it locks or makes is brought to rest before the commit: states, search, counts, history."""

    def __init__(self, actor: Actor, session: Session) -> None:
        self.actor = actor
        self.session = session
        self.at: datetime = clock.now()
        self._connection: Connection | None = None
        self._shop: Shop | None = None
        self._facts: list[tuple[str, int, Fact]] = []
        self._orders: dict[int, tuple[Order, dict[str, int]]] = {}
        self._topics: set[str] = set()
        self._new: set[int] = set()
        self._unwritten: list[Order] = []
        self._later: list[Callable[[], None]] = []

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for plain statements. It is asked for some twenty times an intake, so it is kept."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    @property
    def shop(self) -> Shop:
        """The shop's settings as this transaction sees them."""
        if self._shop is None:
            self._shop = load_shop(self.session)
        return self._shop

    @property
    def today(self) -> date:
        """The legal day of this transaction in the shop's zone (L-3)."""
        return clock.day_of(self.at, self.shop.regional.zone)

    def lock(self, order_id: int) -> Order:
        """The order with all its parts, locked to the end of the transaction and read after the lock. NotFound if there is none."""
        order = locked_order(self.session, order_id)
        if order_id not in self._orders:
            self._orders[order_id] = (order, tallies_of(order))
        return order

    def add_order(self, order: Order) -> None:
        """Takes a new order into the transaction, with its parts; from here on it is kept like a locked one. `flush` writes it."""
        self._orders[order_id(order)] = (order, {})
        self._new.add(order_id(order))
        self._unwritten.append(order)

    def record(self, subject: Order | tuple[str, int], happened: Fact) -> None:
        """Appends a fact to the history of `subject` and lets its listeners react in this transaction (AUD-1)."""
        kind, id_ = ("order", order_id(subject)) if isinstance(subject, Order) else subject
        self._facts.append((kind, id_, happened))
        if kind == "order":
            self._topics.add(f"order-{id_}")
        for listener in LISTENERS.get(type(happened), []):
            listener(self, subject, happened)

    def enqueue(self, job: str, *arguments: object, key: str, delay: float = 0) -> None:
        """Puts a job into the queue in this transaction; `key` makes it one of its kind, `delay` in seconds (design: jobs)."""
        jobs.enqueue(self.session, job, arguments, key=key, delay=delay)

    def flush(self) -> None:
        """Writes what is new, so that it has its ids. New orders go in with their derived columns."""
        for order in self._unwritten:
            write_derived(order)
            insert_order(self.session, order)
        self._unwritten.clear()
        self.session.flush()

    def when_written(self, do: Callable[[], None]) -> None:
        """Does something at the end of the transaction, when every row has its id. It must make no new order."""
        self._later.append(do)

    def touch(self, *topics: str) -> None:
        """Says after the commit that `topics` changed, such as `outbox`; orders with a new fact say so by themselves (O-6)."""
        self._topics.update(topics)

    def finish(self) -> frozenset[str]:
        """Brings everything to rest; the chain of the history is locked last. Returns the topics that changed."""
        self.flush()
        for do in self._later:
            do()
        changes = [self._settle(order, before) for order, before in self._orders.values()]
        self.session.flush()
        move_counts(self.session, changes)
        self._append_history()
        return frozenset(self._topics)

    def _settle(self, order: Order, before: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """Writes the derived columns and the search text of one order; the only place that does."""
        former = order.status
        write_derived(order)
        remember_facet(self.session, order)
        if order.status != former and former and order.status == Status.COMPLETED:
            self.record(order, OrderCompleted())
        if any(kind == "order" and id_ == order.id for kind, id_, _fact in self._facts):
            if order.id not in self._new:
                order.version += 1
            self._topics.add("orders")
        self._keep_findable(order)
        return before, tallies_of(order)

    def _keep_findable(self, order: Order) -> None:
        """The search text is what the order says now (O-2)."""
        doc, connection = order_text(order), self.connection
        found = None if order.id in self._new else connection.execute(_DOC, {"at": order.position}).scalar_one_or_none()
        if found is None:
            connection.execute(_NEW_DOC, {"id": order.position, "doc": doc})
        elif found != doc:
            connection.execute(_CHANGED_DOC, {"at": order.position, "new": doc})

    def _append_history(self) -> None:
        if not self._facts:
            return
        connection = self.connection
        sequence, previous = connection.execute(_HEAD).one()
        rows: list[dict[str, object]] = []
        personal_rows: list[dict[str, object]] = []
        for kind, id_, happened in self._facts:
            sequence += 1
            plain, personal = split_personal(happened)
            row: dict[str, object] = {
                "sequence": sequence,
                "subject": kind,
                "subject_id": id_,
                "kind": type(happened).__name__,
                "at": self.at,
                "actor_kind": self.actor.kind.value,
                "actor_id": self.actor.id,
                "actor_name": self.actor.name,
                "data": as_json(plain),
                "personal_digest": "",
                "previous_hash": previous,
            }
            if personal:
                salt, data = secrets.token_hex(16), as_json(personal)
                row["personal_digest"] = personal_digest(salt, data)
                personal_rows.append({"sequence": sequence, "salt": salt, "data": data})
            row["hash"] = previous = chain_hash(row)
            rows.append(row)
        connection.execute(_NEW_FACTS, rows)
        if personal_rows:
            connection.execute(_NEW_PERSONAL, personal_rows)
        connection.execute(_NEW_HEAD, {"last": sequence, "last_hash": previous})


def order_id(order: Order) -> int:
    """The id of an order that has one."""
    if order.id is None:
        raise AssertionError("an order without an id")
    return order.id


def personal_digest(salt: str, data: str) -> str:
    """The salted digest that stands in the chain for the personal part of a fact (AUD-3)."""
    return hashlib.sha256(f"{salt}\n{data}".encode()).hexdigest()


def chain_hash(row: dict[str, object]) -> str:
    """The hash of one history row: SHA-256 of its canonical JSON, the previous hash in it (AUD-1)."""
    return hashlib.sha256(as_json({k: v for k, v in row.items() if k != "hash"}).encode()).hexdigest()


@contextmanager
def work(actor: Actor) -> Iterator[Work]:
    """One transaction of `actor`: commits when the block ends, rolls everything back when it raises.

    Raises Away where the database cannot work and Busy where others hold the lock: both before the commit, so nothing was done.
    Raises Unknown if the connection broke during the commit.
    """
    if not MAY_WRITE.get():
        raise AssertionError("this event was not declared to change anything: mark its handler with `changes`")
    with answering(changes=True), Session(engine(), expire_on_commit=False) as session:
        w = Work(actor, session)
        yield w
        topics = w.finish()
        commit(session)
    if topics:
        for tell in AFTER_COMMIT:
            tell(topics)
