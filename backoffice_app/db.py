"""The engine, and everything in which SQLite and PostgreSQL differ."""

import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Executable, TextClause, create_engine, event, make_url, text
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from backoffice_app.db_errors import BUSY, RAISED, answering, is_in_doubt, unknown
from backoffice_app.domain.core.errors import Away, Busy
from backoffice_app.settings import settings

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 5}
"""Up to 30 connections of one process; who gets none within 5 seconds is told so."""
LIMITS = {
    "connect_timeout": 5,  # seconds
    "keepalives": 1,
    "keepalives_idle": 20,  # seconds, then every 5, three times: a server that vanished is noticed after 35
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds until what was sent must have been received
}
"""How long the way to PostgreSQL is trusted. What the database's URL itself says goes first."""


def make_engine(url: str, pool: Mapping[str, Any] = MappingProxyType(POOL)) -> Engine:
    """An engine for `url`, set up so that transactions mean the same on both databases.

    SQLite: WAL, `synchronous=FULL`, foreign keys on, and every write transaction begins IMMEDIATE, so that a lock is
    taken before anything is judged. PostgreSQL: read committed, rows locked by `SELECT ... FOR UPDATE`.
    """
    if not url.startswith("sqlite"):
        made = create_engine(url, **pool, pool_pre_ping=False, connect_args=limits(make_url(url)))
        event.listen(made, "connect", _set_up_postgres)
        event.listen(made, "checkout", _refuse_dead)
        return made
    wait = settings().lock_seconds
    engine = create_engine(url, **pool, connect_args={"check_same_thread": False, "timeout": wait})
    event.listen(engine, "connect", _set_up_sqlite)
    turn = _Turn()
    event.listen(engine, "begin", turn.begin)
    event.listen(engine, "commit", turn.commit)
    event.listen(engine, "rollback", turn.rollback)
    return engine


def limits(url: URL) -> dict[str, int]:
    """`LIMITS` as arguments of a connection to `url`, a PostgreSQL; without those that it names itself."""
    return {name: value for name, value in LIMITS.items() if name not in url.query}


def _set_up_postgres(connection: "DBAPIConnection", _entry: "ConnectionPoolEntry") -> None:
    cursor = connection.cursor()
    for name, value in (
        # Compiling a plan takes longer than any statement here; the planner's guesses set it off needlessly.
        ("jit", "off"),
        ("lock_timeout", f"{settings().lock_seconds}s"),
        ("statement_timeout", f"{settings().statement_seconds}s"),
    ):
        cursor.execute(f"SET {name} = '{value}'")
    cursor.close()
    connection.commit()


def _refuse_dead(
    connection: "DBAPIConnection", _entry: "ConnectionPoolEntry", _proxy: "PoolProxiedConnection"
) -> None:
    """A connection that died in the pool is replaced by a new one, before anything was said on it.

    The server says nothing to a connection at rest but goodbye, so one that has something to read, or an error, is
    dead. That is asked of the system alone: a ping would cost each transaction a round trip.
    """
    watch = select.poll()
    try:
        watch.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    except Exception as error:  # the driver has noticed already
        raise DisconnectionError from error
    if watch.poll(0):
        raise DisconnectionError


def _set_up_sqlite(connection: "DBAPIConnection", _entry: "ConnectionPoolEntry") -> None:
    connection.isolation_level = (
        None  # SQLAlchemy's "begin" event says when a transaction starts, not the driver
    )
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={settings().lock_seconds * 1000}",
        "cache_size=-32000",
        "mmap_size=268435456",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Turn:
    """Lets the threads of this process write one after the other.

    SQLite alone lets one write, the others sleep and try again.

    Of eight threads that write without pause, the unlucky ones slept for a third of a second. Other processes still
    wait in SQLite's way.
    """

    def __init__(self) -> None:
        self.lock = Lock()

    def begin(self, connection: Connection) -> None:
        """Waits for the turn of this thread, if it is to write. Raises Busy if it does not come in time."""
        if connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN")
            return
        if not self.lock.acquire(timeout=settings().lock_seconds):
            raise Busy(BUSY)
        connection.info["has_turn"] = True
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._over(connection)
            raise

    def commit(self, connection: Connection) -> None:
        """Commits before it lets the next one in; what SQLAlchemy commits after this is empty.

        What can't be committed is rolled back here: SQLAlchemy does not, and the lock would stay with an idle
        connection.
        """
        try:
            connection.connection.commit()
        except BaseException:
            self.rollback(connection)
            raise
        self._over(connection)

    def rollback(self, connection: Connection) -> None:
        """Rolls back, and lets the next one in whatever happens."""
        try:
            connection.connection.rollback()
        finally:
            self._over(connection)

    def _over(self, connection: Connection) -> None:
        if connection.info.pop("has_turn", False):
            self.lock.release()


@cache
def engine() -> Engine:
    """The engine of this process. The folder of a SQLite file is made if it is not there."""
    url = settings().database
    if url.startswith("sqlite"):
        settings().data_dir.mkdir(0o700, parents=True, exist_ok=True)
    return make_engine(url)


@cache
def reading_engine() -> Engine:
    """The same database for reading only: its transactions take no write lock on SQLite, and see one state of it on
    PostgreSQL too.
    """
    made = engine().execution_options(reading=True)
    return (
        made if made.dialect.name == "sqlite" else made.execution_options(isolation_level="REPEATABLE READ")
    )


@cache
def _plain_engine() -> Engine:
    """As `reading_engine`, for single statements: beginning and ending a transaction costs PostgreSQL a round trip
    each.
    """
    made = engine().execution_options(reading=True)
    return made if made.dialect.name == "sqlite" else made.execution_options(isolation_level="AUTOCOMMIT")


@cache
def probing_engine() -> Engine:
    """The same database for those who ask whether it is there: a connection of its own each time, whatever the pool
    does. It only reads.
    """
    return make_engine(settings().database, {"poolclass": NullPool}).execution_options(reading=True)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads and sees one state of the database. Nothing is committed; rows do not outlive it.

    Raises Away.
    """
    with answering(), Session(reading_engine()) as session:
        yield session


@contextmanager
def reading_plainly() -> Iterator[Connection]:
    """As `reading`, for one statement that is asked at every event: without a session, and without a transaction around
    it. Raises Away.
    """
    with answering(), _plain_engine().connect() as connection:
        yield connection


def commit(session: Session) -> None:
    """Commits what was flushed.

    Raises Unknown if the connection broke meanwhile; all else that is raised was rolled back.
    """
    try:
        session.commit()
    except RAISED as error:
        if is_in_doubt(error):
            raise unknown() from error
        raise


def is_sqlite(session: Session) -> bool:
    """Whether this session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def next_id(session: Session, table: str) -> int:
    """The id the next row of `table` takes. Call it under the write lock, in a `work` transaction."""
    return next_ids(session, {table: 1})[table][0]


def next_ids(session: Session, wanted: Mapping[str, int]) -> dict[str, Sequence[int]]:
    """The ids that so many next rows of each table take, in one statement.

    Call it under the write lock, in a `work` transaction.
    """
    connection = session.connection()
    if is_sqlite(session):
        last = connection.execute(_last_ids(tuple(wanted))).one()
        return {
            table: range(id_ + 1, id_ + 1 + number)
            for id_, (table, number) in zip(last, wanted.items(), strict=True)
        }
    sequences = [f"{table}_id_seq" for table, number in wanted.items() for _n in range(number)]
    drawn = iter(connection.execute(_DRAW, {"sequences": sequences}).scalars().all())
    return {table: [next(drawn) for _n in range(number)] for table, number in wanted.items()}


_DRAW = text(
    "SELECT nextval(sequence::regclass) FROM unnest(CAST(:sequences AS text[])) WITH ORDINALITY AS "
    "s(sequence, at) ORDER BY at"
)


_LAST_ORDER = (
    "max((SELECT coalesce(max(id), 0) FROM orders), (SELECT coalesce(max(subject_id), 0) FROM "
    "history WHERE subject = 'order'))"
)
"""The history of a draft outlives it, so no later order may get its id."""


@cache
def _last_ids(tables: tuple[str, ...]) -> TextClause:
    def last(table: str) -> str:
        return _LAST_ORDER if table == "orders" else f"(SELECT coalesce(max(id), 0) FROM {table})"  # noqa: S608

    return text("SELECT " + ", ".join(last(table) for table in tables))


def hold(session: Session, name: str) -> None:
    """To the end of this transaction nobody else holds `name`.

    SQLite has one writer at a time, so there it is held already.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def note(statement: Executable) -> None:
    """Commits one small change that may as well be lost, such as when a session was last seen: on SQLite only if nobody
    writes just now.
    """
    if engine().dialect.name != "sqlite":
        with suppress(Away, Busy), answering(), engine().begin() as connection:
            connection.execute(statement)
        return
    with suppress(Away, Busy), answering(), reading_engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
        try:
            connection.execute(statement)
            connection.commit()
        except OperationalError:  # a long import writes: nobody waits for it with an open page
            connection.rollback()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={settings().lock_seconds * 1000}")


def forget_engines() -> None:
    """Close and forget the engines of this process, so that changed settings take effect (tests, the demo)."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    reading_engine.cache_clear()
    _plain_engine.cache_clear()
    probing_engine.cache_clear()
