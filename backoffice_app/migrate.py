"""Brings the database to the newest schema, ours and the job queue's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from backoffice_app.domain.core.jobs import SCHEMA

FOLDER = Path(__file__).parent / "migrations"


class NewerDatabase(Exception):  # noqa: N818
    """The database was made by a newer Kontor. `revision` is what it says."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database has the schema {revision} of a newer Kontor")
        self.revision = revision


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrades (or downgrades) to `target`, a revision, "head" or "base", and makes the job queue's tables. A second call does nothing.

    Of several processes that start at once one does it, the others wait. Raises NewerDatabase, having changed nothing.
    """
    config = _config()
    with _alone(engine), engine.connect() as connection:
        config.attributes["connection"] = connection
        current = _revision(connection)
        if target != current:
            is_down = target == "base" or (target != "head" and current is not None and _is_older(target, current))
            (command.downgrade if is_down else command.upgrade)(config, target)
        connection.commit()
    if target == "head":
        from dbos import DBOS  # takes longer to import than all the rest, and a start that has nothing to migrate need not wait for it

        # Has a lock of its own, and builds indexes that wait for all who wait: it must not be inside ours.
        DBOS.migrate(engine.url.render_as_string(hide_password=False), schema=SCHEMA)


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
        return _revision(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def is_empty(engine: Engine) -> bool:
    """Whether nothing of ours is in the database yet. Raises NewerDatabase."""
    with engine.connect() as connection:
        return _revision(connection) is None


def _revision(connection: Connection) -> str | None:
    """The revision the database says it has, if this Kontor knows it."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and all(step.revision != current for step in ScriptDirectory.from_config(_config()).walk_revisions()):
        raise NewerDatabase(current)
    return current


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _is_older(target: str, current: str) -> bool:
    script = ScriptDirectory.from_config(_config())
    return any(step.revision == target for step in script.iterate_revisions(current, "base"))
