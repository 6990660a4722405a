"""Brings the database to the newest schema, ours and the job queue's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from backoffice_app.domain.core.jobs import SCHEMA

FOLDER = Path(__file__).parent / "migrations"
STEP = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:None|"(\w+)")$', re.MULTILINE)
"""What stands in the file of each step: its revision, and the one before it."""


class NewerDatabase(Exception):  # noqa: N818
    """The database was made by a newer Kontor. `revision` is what it says."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database has the schema {revision} of a newer Kontor")
        self.revision = revision


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrades (or downgrades) to `target`, a revision, "head" or "base", and makes the job queue's tables.

    A second call does nothing.

    Of several processes that start at once one does it, the others wait. Raises NewerDatabase, having changed nothing.
    """
    with _alone(engine), engine.connect() as connection:
        current = _revision(connection)
        if target != current and not (target == "head" and current == _steps()[-1]):
            _move(connection, target, down=_is_down(target, current))
        connection.commit()
    if target == "head":
        from dbos import (
            DBOS,
        )  # takes longer to import than all the rest, and a start that has nothing to migrate need not wait for it

        # Has a lock of its own, and builds indexes that wait for all who wait: it must not be inside ours.
        DBOS.migrate(engine.url.render_as_string(hide_password=False), schema=SCHEMA)


def targets() -> list[str]:
    """What `migrate` takes as its target: "base", each revision from the oldest on, and "head"."""
    return ["base", *_steps(), "head"]


def goes_down(engine: Engine, target: str) -> bool:
    """Whether `migrate` to `target` drops what only the schema of now can hold. Raises NewerDatabase."""
    with engine.connect() as connection:
        current = _revision(connection)
    return target != current and _is_down(target, current)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Inside the block no other process migrates a PostgreSQL database; SQLite has one writer anyway."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = 0"))  # a long migration is waited for to its end
        connection.execute(text("SELECT pg_advisory_lock(hashtextextended('kontor migrate', 0))"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtextextended('kontor migrate', 0))"))
            connection.invalidate()  # none that waits for ever goes back into the pool


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest. Raises NewerDatabase."""
    with engine.connect() as connection:
        return _revision(connection) == _steps()[-1]


def is_empty(engine: Engine) -> bool:
    """Whether nothing of ours is in the database yet. Raises NewerDatabase."""
    with engine.connect() as connection:
        return _revision(connection) is None


def _revision(connection: Connection) -> str | None:
    """The revision the database says it has, if this Kontor knows it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    current: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    if current is not None and current not in _steps():
        raise NewerDatabase(current)
    return current


@cache
def _steps() -> tuple[str, ...]:
    """All revisions, oldest first, as their files say.

    Most commands only ask whether the newest is there: for that nothing is imported.
    """
    after: dict[str | None, str] = {}
    for file in sorted((FOLDER / "versions").glob("[0-9]*.py")):
        found = STEP.search(file.read_text("utf-8"))
        if found is None:
            raise ValueError(
                f"{file.name} does not say its revision and, in the next line, the one before it."
            )
        after[found[2]] = found[1]
    steps: list[str] = []
    while step := after.get(steps[-1] if steps else None):
        steps.append(step)
    return tuple(steps)


def _move(connection: Connection, target: str, *, down: bool) -> None:
    """The schema goes up or down to `target`."""
    from alembic import command  # not for a database that is at its target
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, target)


def _is_down(target: str, current: str | None) -> bool:
    return current is not None and (target == "base" or (target != "head" and _is_older(target, current)))


def _is_older(target: str, current: str) -> bool:
    return target in _steps()[: _steps().index(current) + 1]
