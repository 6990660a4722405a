"""Databases for tests: a migrated SQLite file for each test, a PostgreSQL database for each test process, and a shop
that makes orders.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import Pool, QueuePool
from sqlalchemy.util import LRUCache
from sqlmodel import Session, SQLModel

from backoffice_app import db, load
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Role
from backoffice_app.domain.core.shop import Company
from backoffice_app.domain.core.work import GENESIS, work
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.migrate import migrate
from backoffice_app.models import Order
from backoffice_app.settings import settings

load.domain()
SERVER = os.environ.get("KONTOR_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
OWNER = Actor(ActorKind.USER, "Olga Owner", RIGHTS_OF[Role.OWNER], id=1, role=Role.OWNER)
BEN = Actor(ActorKind.USER, "Ben Beier", RIGHTS_OF[Role.STAFF], id=2, role=Role.STAFF)
WAREHOUSE = Actor(ActorKind.USER, "Wanda Werk", RIGHTS_OF[Role.WAREHOUSE], id=3, role=Role.WAREHOUSE)
READER = Actor(ActorKind.USER, "Rita Reader", RIGHTS_OF[Role.READ_ONLY], id=5, role=Role.READ_ONLY)


@cache
def why_no_postgres() -> str:
    """Why the tests have no PostgreSQL to run on, in the server's or the system's words; "" if they have one.

    They sign in: a server that lets nobody in is none, and a role that may not make databases can't run one test.
    """
    engine = create_engine(SERVER, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            is_super = connection.execute(
                text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            ).scalar_one()
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    finally:
        engine.dispose()
    return "" if is_super else f"{engine.url.username} is no superuser, and the tests make databases"


def postgres_answers() -> bool:
    """Whether the tests have a PostgreSQL to run on."""
    return not why_no_postgres()


_COMPANY = text("INSERT INTO setting (section, value) VALUES ('company', :value)")


def _company() -> str:
    """The company whose shop it is, as `save_section` stores it."""
    return Company(
        name="Kontor Probe GmbH",
        street="Am Hafen 1",
        postcode="20457",
        city="Hamburg",
        vat_id="DE136695976",
        email="shop@example.com",
    ).model_dump_json()


@cache
def _sqlite_template(folder: Path) -> Path:
    engine = db.make_engine(f"sqlite:///{folder / 'template.sqlite3'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(_COMPANY, {"value": _company()})
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder / "template.sqlite3"


@cache
def _postgres_database() -> str:
    """A migrated database of this test process alone, dropped when it ends."""
    name = f"kontor_test_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")

    def drop() -> None:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()

    drop()
    atexit.register(drop)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        connection.execute(
            text(f"ALTER DATABASE {name} SET synchronous_commit = off")
        )  # what a power cut takes is not tested here
    server.dispose()
    url = SERVER.rsplit("/", 1)[0] + f"/{name}"
    engine = db.make_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@cache
def _cleaner(url: str) -> Engine:
    return create_engine(url, pool_size=1)


def _empty_postgres(url: str) -> None:
    """Empties every table and starts the numbering anew: few rows are deleted faster than many tables are truncated.

    In one round trip.
    """
    steps = ["SET LOCAL session_replication_role = replica"]  # past guards and foreign keys
    steps += [f'DELETE FROM "{table}"' for table in SQLModel.metadata.tables]
    steps += ["DELETE FROM dbos.workflow_status", "DELETE FROM dbos.workflow_input"]
    steps += ["SELECT setval(seqrelid, 1, false) FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid"]
    steps += [f"INSERT INTO chain_head (id, sequence, hash) VALUES (1, 0, '{GENESIS}')"]
    with _cleaner(url).begin() as connection:
        connection.exec_driver_sql("; ".join(steps))
        connection.execute(_COMPANY, {"value": _company()})


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """An empty, migrated database and data folder, named by the environment; yields its URL.

    Once on SQLite, once on PostgreSQL.
    """
    yield from empty_database(request.param, tmp_path, tmp_path_factory, monkeypatch)


def empty_database(
    kind: str, folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """What `database` yields, in `folder`; for fixtures of a wider scope. `kind`: sqlite or postgresql."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'kontor.sqlite3'}"
        shutil.copy(_sqlite_template(tmp_path_factory.getbasetemp()), folder / "kontor.sqlite3")
    else:
        if not postgres_answers():
            pytest.skip("no PostgreSQL server answers: this test ran on SQLite only")
        url = _postgres_database()
        _empty_postgres(url)
    yield from _use(url, folder, monkeypatch)


@pytest.fixture
def sqlite(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An empty, migrated SQLite database, for rules that no database decides."""
    shutil.copy(_sqlite_template(tmp_path_factory.getbasetemp()), tmp_path / "kontor.sqlite3")
    yield from _use(f"sqlite:///{tmp_path / 'kontor.sqlite3'}", tmp_path, monkeypatch)


_FIRST: dict[str, Engine] = {}
"""The first engine of each kind of database in this process."""


def _share_statements(engine: Engine) -> None:
    """Gives the engine what others compiled before it: each test has a new one, and half of its time went into the same
    statements.
    """
    first = _FIRST.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine._compiled_cache = LRUCache(5_000)
        engine.connect().close()  # a dialect learns from its first connection what the server can do
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


_POOLS: dict[str, Pool] = {}
"""The open connections to each PostgreSQL database of this process: a new one costs the server more than the statements
of a test.
"""
MOST_KEPT = 4


def _take_connections(engine: Engine) -> None:
    """Gives a new engine the connections that the one before it left."""
    engine.pool = _POOLS.setdefault(engine.url.render_as_string(), engine.pool)


def _leave_connections(engine: Engine) -> None:
    """Takes from an engine the connections for the next one, unless somebody has one still.

    If the test has closed them, there are none.
    """
    kept = _POOLS[engine.url.render_as_string()]
    if engine.pool is not kept or not isinstance(kept, QueuePool):
        return
    if kept.checkedout() or kept.checkedin() > MOST_KEPT:
        del _POOLS[engine.url.render_as_string()]
        return
    engine.pool = kept.recreate()


def _use(url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("KONTOR_DATABASE_URL", url)
    monkeypatch.setenv("KONTOR_DATA_DIR", str(data_dir))
    settings.cache_clear()
    db.forget_engines()
    engine = db.engine()
    _share_statements(engine)
    if engine.dialect.name == "postgresql":
        _take_connections(engine)
    yield url
    if engine.dialect.name == "postgresql":
        _leave_connections(engine)
    db.forget_engines()
    settings.cache_clear()


@dataclass
class TestShop:
    """Makes orders that read like a sentence: `shop.order(lines=2, paid=True)`."""

    __test__ = False
    count: int = 0

    def new_order(
        self, *, lines: int = 1, paid: bool = False, provider: bool = False, **changes: Any
    ) -> NewOrder:
        """A checked NewOrder: `lines` lines of 19.95 gross at 19 %, two pieces each, plus 4.90 shipping; `changes` as
        in the API's JSON.
        """
        self.count += 1
        goods = [
            {
                "sku": f"MUG-{n}",
                "name": f"Becher {n}",
                "quantity": "2",
                "unit_price": "19.95",
                "discount": "0.00",
                "vat_rate": "19",
            }
            for n in range(1, lines + 1)
        ]
        total = f"{lines * 3990 + 490:03d}"
        data: dict[str, Any] = {
            "external_reference": f"SHOP-{self.count}",
            "source": "my-shop",
            "placed_at": f"2026-11-20T10:{self.count // 60 % 60:02d}:{self.count % 60:02d}+01:00",
            "language": "de",
            "currency": "EUR",
            "prices": "gross",
            "customer": {
                "email": "ada.kovac@example.com",
                "phone": "+49 30 1234567",
                "first_name": "Ada",
                "last_name": "Kovač",
            },
            "billing_address": {
                "name": "Ada Kovač",
                "street": "Hauptstraße 12",
                "postcode": "10827",
                "city": "Berlin",
                "country": "DE",
            },
            "lines": goods,
            "shipping": {"method": "dhl", "name": "DHL Paket", "price": "4.90", "vat_rate": "19"},
            "payment": {"method": "invoice", "name": "Rechnung", "state": "open"},
            "total": f"{total[:-2]}.{total[-2:]}",
        }
        if paid:
            data["payment"] = {
                "method": "prepaid",
                "name": "Vorkasse",
                "state": "paid",
                "paid_at": data["placed_at"],
            }
        if provider:
            data["payment"] |= {
                "method": "ideal",
                "name": "iDEAL",
                "state": "paid",
                "provider_reference": f"tr_{self.count}",
            }
        return parse_order(data | changes)

    def order(self, actor: Actor = OWNER, **wishes: Any) -> Order:
        """A placed order, as it stands in the database."""
        with work(actor) as w:
            placed = place_order(w, self.new_order(**wishes))
        return self.load(placed.id or 0)

    def load(self, order_id: int) -> Order:
        """An order with all its parts, read anew."""
        with Session(db.engine(), expire_on_commit=False) as session:
            return order_of_id(session, order_id)


@pytest.fixture
def shop(database: str) -> TestShop:
    """A shop on each of the two databases."""
    return TestShop()


@pytest.fixture
def small_shop(sqlite: str) -> TestShop:
    """A shop on SQLite alone."""
    return TestShop()
