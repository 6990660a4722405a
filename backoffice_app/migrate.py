"""Brings the database to the newest schema, ours and the job queue's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from backoffice_app.domain.core.jobs import SCHEMA

FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrades (or downgrades) to `target`, a revision, "head" or "base", and makes the job queue's tables. A second call does nothing."""
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        current = MigrationContext.configure(connection).get_current_revision()
        if target != current:
            is_down = target == "base" or (target != "head" and current is not None and _is_older(target, current))
            (command.downgrade if is_down else command.upgrade)(config, target)
        connection.commit()
    if target == "head":
        from dbos import DBOS  # takes longer to import than all the rest, and a start that has nothing to migrate need not wait for it

        DBOS.migrate(engine.url.render_as_string(hide_password=False), schema=SCHEMA)


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == ScriptDirectory.from_config(_config()).get_current_head()


def is_empty(engine: Engine) -> bool:
    """Whether nothing of ours is in the database yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _is_older(target: str, current: str) -> bool:
    script = ScriptDirectory.from_config(_config())
    return any(step.revision == target for step in script.iterate_revisions(current, "base"))
