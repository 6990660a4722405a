"""The schema goes up and down on both databases, and is what the tables say (design: migrations)."""

import multiprocessing
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from databases import OWNER, SERVER, TestShop, postgres_answers
from sqlalchemy import Engine, create_engine, inspect, text
from sqlmodel import SQLModel
from wholeness import wrongs

from backoffice_app import db, migrate
from backoffice_app.cli import migrate as command
from backoffice_app.domain.core.actions import perform
from backoffice_app.settings import settings

OURS = set(SQLModel.metadata.tables)
SEARCH_INDEX = re.compile("_(trgm|prefix)$")
"""Indexes that only PostgreSQL needs: the migration writes them in its words."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database with nothing in it, named by the environment."""
    url, name = f"sqlite:///{tmp_path / 'kontor.sqlite3'}", f"kontor_migrations_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    if request.param == "postgresql":
        if not postgres_answers():
            pytest.skip("no PostgreSQL server answers: this test ran on SQLite only")
        url = SERVER.rsplit("/", 1)[0] + f"/{name}"
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    monkeypatch.setenv("KONTOR_DATABASE_URL", url)
    monkeypatch.setenv("KONTOR_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    db.forget_engines()
    yield db.engine()
    db.forget_engines()
    settings.cache_clear()
    if request.param == "postgresql":
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    server.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) & (OURS | {"order_fts"})


def revisions() -> list[str]:
    """All revisions, oldest first."""
    return [step.revision for step in ScriptDirectory(str(migrate.FOLDER)).walk_revisions()][::-1]


def schema(engine: Engine) -> list[str]:
    """All that the database holds of ours: tables, columns, indexes, checks, triggers."""
    if engine.dialect.name == "sqlite":
        statement = (
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE sql "
            "LIKE '%' ORDER BY 1"
        )
    else:
        statement = (
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
            "coalesce(column_default, '')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " UNION SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace "
            "= 'public'::regnamespace"
            " UNION SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT "
            "tgisinternal ORDER BY 1"
        )
    with engine.connect() as connection:
        return [row for row in connection.execute(text(statement)).scalars() if "alembic" not in row]


def test_the_schema_goes_up_and_down_and_up_again_from_empty(empty: Engine) -> None:
    assert migrate.is_empty(empty)
    migrate.migrate(empty)
    assert migrate.is_current(empty)
    first = schema(empty)
    assert tables(empty) >= OURS
    migrate.migrate(empty)  # a second call does nothing
    assert schema(empty) == first
    migrate.migrate(empty, "base")
    assert tables(empty) == set()
    assert migrate.is_empty(empty)
    migrate.migrate(empty)
    assert schema(empty) == first


def test_the_steps_are_read_from_their_files_as_alembic_knows_them() -> None:
    assert migrate.targets() == ["base", *revisions(), "head"]


def test_each_single_step_goes_down_and_up_again(empty: Engine) -> None:
    seen: dict[str, list[str]] = {}
    for revision in revisions():
        migrate.migrate(empty, revision)
        seen[revision] = schema(empty)
    for revision in revisions()[-2::-1]:
        migrate.migrate(empty, revision)
        assert schema(empty) == seen[revision], f"down to {revision}"
    for revision in revisions()[1:]:
        migrate.migrate(empty, revision)
        assert schema(empty) == seen[revision], f"up to {revision}"


def test_a_shop_that_goes_down_to_its_tables_and_up_again_is_whole(empty: Engine) -> None:
    migrate.migrate(empty)
    shop = TestShop()
    order = shop.order()
    perform(OWNER, "ship", order.id or 0)
    migrate.migrate(empty, revisions()[0])
    migrate.migrate(empty)
    perform(OWNER, "pay", order.id or 0)
    shop.order()
    assert wrongs() == []
    if empty.dialect.name == "sqlite":
        with empty.connect() as connection:
            found = connection.execute(
                text("SELECT count(*) FROM order_fts WHERE order_fts MATCH 'kov'")
            ).scalar_one()
        assert found == 2


def test_tables_and_migrations_say_the_same(empty: Engine) -> None:
    migrate.migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _parents: kind != "table" or name in OURS,
                "compare_type": True,
            },
        )
        found = [
            difference
            for difference in compare_metadata(context, SQLModel.metadata)
            if difference[0] != "remove_index" or not SEARCH_INDEX.search(difference[1].name)
        ]
    assert found == []


def test_a_database_of_a_newer_kontor_is_left_alone_and_the_command_says_so(
    empty: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate.migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = schema(empty)
    for attempt in (lambda: command.migrate("head"), command.prepare, command.upgrade):
        with pytest.raises(typer.Exit) as ended:
            attempt()
        assert ended.value.exit_code == 1
        assert "newer" in " ".join(capsys.readouterr().out.split())
    assert schema(empty) == before


def test_a_database_of_an_older_kontor_says_what_to_do(
    empty: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate.migrate(empty, revisions()[-2])
    with pytest.raises(typer.Exit):
        command.prepare()
    assert "run `kontor migrate`" in " ".join(capsys.readouterr().out.split())
    command.migrate("head")
    assert migrate.is_current(empty)


def test_two_processes_that_start_at_once_set_an_empty_database_up_once(empty: Engine) -> None:
    db.forget_engines()
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_upgrade) for _n in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert migrate.is_current(db.engine())


def _upgrade() -> None:
    command.upgrade()
    db.forget_engines()
