"""One shop of 20,000 generated orders on each database, for all tests of the list."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from big_shop import COLUMNS, ORDERS, BigShop
from databases import SERVER, postgres_answers
from sqlalchemy import create_engine, text
from sqlmodel import Session

from backoffice_app.db import make_engine
from backoffice_app.generate import generate
from backoffice_app.migrate import migrate


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def big_shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigShop]:
    """20,000 orders, made once for each database and test process; only read."""
    with _sqlite(tmp_path_factory.mktemp("list")) if request.param == "sqlite" else _postgres() as url:
        engine = make_engine(url)
        migrate(engine)
        generate(engine, ORDERS, seed=1)
        with Session(engine) as session:
            rows = (
                session.execute(text(f"SELECT {COLUMNS} FROM orders ORDER BY position DESC")).mappings().all()
            )
            texts = {
                row.id: row.doc for row in session.execute(text("SELECT id, doc FROM order_search")).all()
            }
        yield BigShop(engine.execution_options(reading=True), [dict(row) for row in rows], texts)
        engine.dispose()


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    """The URL of a new SQLite file."""
    yield f"sqlite:///{folder / 'shop.sqlite3'}"


@contextmanager
def _postgres() -> Iterator[str]:
    """The URL of a new PostgreSQL database of this test process alone, dropped when the block ends."""
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers: this test ran on SQLite only")
    name = f"kontor_test_list_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
