"""The one transaction: lock, record, enqueue; nothing else commits."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlmodel import Session, SQLModel, col, select

from backoffice_app import wake
from backoffice_app.db import commit, engine
from backoffice_app.db_errors import answering
from backoffice_app.domain.core import clock, jobs
from backoffice_app.domain.core.errors import Asks
from backoffice_app.domain.core.facts import LISTENERS, Fact, as_json, require_fact, split_personal
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.subjects import About, Row, Subject, reference, subject_of
from backoffice_app.i18n import LazyMoney, LazyQuantities, LazyText
from backoffice_app.models import ChainHead, History, HistoryPersonal

AFTER_COMMIT: list[Callable[[frozenset[str]], None]] = [wake.say]
"""Told, after a commit, what changed: topics such as `order-7` and `orders`; other processes by `wake` (O-6)."""

MAY_WRITE: ContextVar[bool] = ContextVar("may_write", default=True)
"""False while an event is handled that was not declared to change anything: then no transaction begins."""

Key = tuple[str, int]
"""The key of a subject and the id of its row."""
GENESIS = hashlib.sha256(b"Kontor history").hexdigest()


# Built once: building a statement takes longer than SQLite needs for it.
_HEAD = select(col(ChainHead.sequence), col(ChainHead.hash)).where(col(ChainHead.id) == 1).with_for_update()
_NEW_HEAD = (
    update(ChainHead)
    .where(col(ChainHead.id) == 1)
    .values(sequence=bindparam("last"), hash=bindparam("last_hash"))
)
_NEW_FACTS, _NEW_PERSONAL = insert(History), insert(HistoryPersonal)


@dataclass(frozen=True)
class Figure:
    """A consequence as a dialog lists it beforehand: `text`, and at its end `value` in figures.

    `icon`: a name of lucide. `when`: the box of the form that must be ticked for it, such as "mail"; "no-restock" where
    `restock` must not be; "" for always.
    """

    icon: str
    text: LazyText
    value: LazyMoney | LazyQuantities | None = None
    when: str = ""


class Work:
    """One transaction of one actor.

    What it locks or adds is settled before the commit, each kind of subject in its own way.

    `keeps`: False in a preview, which is rolled back and must name no number that is drawn once it is done.
    """

    def __init__(self, actor: Actor, session: Session, *, keeps: bool = True) -> None:
        self.actor = actor
        self.session = session
        self.keeps = keeps
        self.at: datetime = clock.now()
        self.answers: frozenset[str] = frozenset()
        self.also: list[LazyText] = []
        self.figures: list[Figure] = []
        self._connection: Connection | None = None
        self._shop: Shop | None = None
        self._facts: list[tuple[str, int, Fact]] = []
        self._held: dict[Key, tuple[Subject[Any], Any, Any]] = {}
        self._recorded: set[Key] = set()
        self._made: dict[str, list[str | Callable[[], object]]] = {}
        self._topics: set[str] = set()
        self._unwritten: list[tuple[Subject[Any], Any]] = []
        self._later: list[Callable[[], None]] = []
        self.afterwards: list[Callable[[], None]] = []

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for plain statements.

        It is asked for some twenty times an intake, so it is kept.
        """
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

    def lock(self, subject: Subject[Row], id_: int) -> Row:
        """The row of `subject`, locked to the end of the transaction and read after the lock.

        Raises NotFound if there isn't one.
        """
        row = subject.lock(self, id_)
        if (subject.key, id_) not in self._held:
            self._held[subject.key, id_] = (subject, row, subject.before(row) if subject.before else None)
        return row

    def holds(self, subject: Subject[Row], id_: int) -> bool:
        """Whether this transaction has locked or added this row of `subject` already."""
        return (subject.key, id_) in self._held

    def add(self, row: SQLModel) -> None:
        """Takes a new row of a subject into the transaction; from here on it is kept like a locked one.

        The session writes it at once. A subject with an `insert` of its own writes its rows at the next flush; they
        have their ids already.
        """
        subject = subject_of(row)
        if subject.insert is None:
            self.session.add(row)
            self.session.flush()
        else:
            self._unwritten.append((subject, row))
        self._held[subject.key, subject.id_of(row)] = (subject, row, None)

    def let_go(self, row: SQLModel) -> None:
        """Takes a locked row that is being deleted out of the transaction: it is not settled, and the session writes it
        no more.
        """
        subject = subject_of(row)
        self._held.pop((subject.key, subject.id_of(row)), None)
        self.session.flush()
        self.session.expunge(row)

    def record(self, about: About, happened: Fact) -> None:
        """Appends a fact to the history of what it is `about`, and lets its listeners react in this transaction
        (AUD-1).
        """
        require_fact(happened)
        subject, id_ = reference(about)
        self._facts.append((subject.key, id_, happened))
        self._recorded.add((subject.key, id_))
        if subject.topic:
            self._topics.add(subject.topic(id_))
        for listener in LISTENERS.get(type(happened), []):
            listener(self, about, happened)

    def has_facts(self, row: SQLModel) -> bool:
        """Whether this transaction recorded a fact about the row so far."""
        subject = subject_of(row)
        return (subject.key, subject.id_of(row)) in self._recorded

    def made(self, kind: str, name: str | Callable[[], object]) -> None:
        """Notes what came of the transaction, for its answer: `w.made("documents", "RE-2026-0007")`; also a shipment
        that left.

        `kind`: a plural, new ones by use. `name`: its number or id; a function is called once all rows have their ids.
        """
        self._made.setdefault(kind, []).append(name)

    @property
    def results(self) -> dict[str, tuple[str, ...]]:
        """What the transaction made: kind -> numbers or ids as text, each once, in order. Complete after `finish`."""
        made = {
            kind: [name if isinstance(name, str) else str(name()) for name in names]
            for kind, names in self._made.items()
        }
        return {kind: tuple(dict.fromkeys(names)) for kind, names in made.items()}

    def say(self, sentence: LazyText, figure: Figure | None = None) -> None:
        """What the person who acts reads besides what they did: a mail that goes, an invoice that follows.

        `figure`: how a dialog lists it beforehand; without one, by its sentence.
        """
        self.also.append(sentence)
        self.figures.append(figure or Figure("info", sentence))

    def foresee(self, figure: Figure) -> None:
        """What a dialog lists beforehand, and nobody reads afterwards."""
        self.figures.append(figure)

    def ask(self, answer: str, question: LazyText) -> None:
        """Raises Asks, unless the person who acts said yes to it already.

        Keys of the API and programs know what they do.

        `answer` holds the figures that the question names: it is asked anew if they changed meanwhile.
        """
        if self.actor.kind is ActorKind.USER and answer not in self.answers:
            raise Asks(question, answer)

    def enqueue(self, job: str, *arguments: object, key: str, delay: float = 0) -> None:
        """Puts a job into the queue in this transaction; `key` makes it one of its kind, `delay` in seconds (design:
        jobs).
        """
        jobs.enqueue(self.session, job, arguments, key=key, delay=delay)

    def flush(self) -> None:
        """Writes what is new, so that it has its ids."""
        for subject, row in self._unwritten:
            if subject.insert:
                subject.insert(self, row)
        self._unwritten.clear()
        self.session.flush()

    def when_written(self, do: Callable[[], None]) -> None:
        """Does something at the end of the transaction, when every row has its id. It must add no row to a subject."""
        self._later.append(do)

    def when_committed(self, do: Callable[[], None]) -> None:
        """Does something outside the database once the transaction is committed, such as to delete a file that nothing
        names any more.

        It must raise nothing. It is not done if this process dies meanwhile.
        """
        self.afterwards.append(do)

    def touch(self, *topics: str) -> None:
        """Says after the commit that `topics` changed, such as `outbox`; the topic of a subject follows from its facts
        (O-6).
        """
        self._topics.update(topics)

    def finish(self) -> frozenset[str]:
        """Settles all that was locked or added; the chain of the history is locked last.

        Returns the topics that changed.
        """
        self.flush()
        for do in self._later:
            do()
        self._settle()
        self.session.flush()
        self._append_history()
        return frozenset(self._topics)

    def _settle(self) -> None:
        """Settles each kind of subject once; what a settling locks or adds is settled after it."""
        settled: set[Key] = set()
        while len(settled) < len(self._held):
            rows: dict[str, tuple[Subject[Any], list[tuple[Any, Any]]]] = {}
            for key, (subject, row, before) in self._held.items():
                if key not in settled:
                    rows.setdefault(subject.key, (subject, []))[1].append((row, before))
            settled.update(self._held)
            for subject, held in rows.values():
                if subject.settle:
                    subject.settle(self, held)

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


def personal_digest(salt: str, data: str) -> str:
    """The salted digest that stands in the chain for the personal part of a fact (AUD-3)."""
    return hashlib.sha256(f"{salt}\n{data}".encode()).hexdigest()


def chain_hash(row: dict[str, object]) -> str:
    """The hash of one history row: SHA-256 of its canonical JSON, the previous hash in it (AUD-1)."""
    return hashlib.sha256(as_json({k: v for k, v in row.items() if k != "hash"}).encode()).hexdigest()


@contextmanager
def work(actor: Actor, *, keep: bool = True) -> Iterator[Work]:
    """One transaction of `actor`: commits when the block ends, rolls everything back when it raises.

    Without `keep` it is settled like any other and then rolled back: it tells what would happen and leaves nothing
    behind.

    Raises Away where the database cannot work and Busy where others hold the lock: both before the commit, so nothing
    was done. Raises Unknown if the connection broke during the commit.
    """
    if keep and not MAY_WRITE.get():
        raise AssertionError(
            "this event was not declared to change anything: mark its handler with `changes`"
        )
    with answering(changes=True), Session(engine(), expire_on_commit=False) as session:
        w = Work(actor, session, keeps=keep)
        yield w
        topics = w.finish()
        if keep:
            commit(session)
    for do in w.afterwards if keep else ():
        do()
    if keep and topics:
        for tell in AFTER_COMMIT:
            tell(topics)
