"""Tables that plug-ins bring: made at start where they are missing, and changed step by step (EXT-1)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from backoffice_app.db import hold
from backoffice_app.models import Setting
from backoffice_app.plugins.load import leave_out
from backoffice_app.registry import Registry

STEPS = "table-steps:"
"""What the row of `setting` begins with that says how many steps a table has behind it."""
Model = TypeVar("Model", bound=type[SQLModel])
Step = Callable[[Connection], None]


@dataclass(frozen=True)
class PluginTable:
    """A table and what changed its columns since its first version, oldest first.

    A step is run once on each database.
    """

    model: type[SQLModel]
    steps: tuple[Step, ...] = ()


_KNOWN: dict[str, type[SQLModel]] = {}


def _keep_metadata() -> None:
    """A table that is registered no longer is forgotten by SQLAlchemy too, so that its plug-in can be loaded anew."""
    for name in [name for name in _KNOWN if name not in TABLES]:
        SQLModel.metadata.remove(SQLModel.metadata.tables[name])
        del _KNOWN[name]
    _KNOWN.update({name: one.model for name, one in TABLES.items()})


TABLES: Registry[PluginTable] = Registry("table", _keep_metadata)
"""Name in the database -> table of a plug-in."""


def table(steps: Sequence[Step] = ()) -> Callable[[Model], Model]:
    """Registers the SQLModel class below as a table of the plug-in.

    It is made at the next start of Kontor where it is missing.

    `steps`: what changes an older table into this one, oldest first; never take one away. Raises ValueError for a class
    without `table=True` and for a name that is taken.
    """

    if isinstance(steps, type):
        raise ValueError(f"Write @plugin_table() above {steps.__name__}, with the brackets.")

    def register(model: Model) -> Model:
        made = getattr(model, "__table__", None)
        if made is None:
            raise ValueError(
                f"{model.__name__} is no table: write class {model.__name__}(SQLModel, table=True)."
            )
        TABLES.add(made.name, PluginTable(model, tuple(steps)))
        return model

    return register


def make_tables(engine: Engine) -> None:
    """Every table of a plug-in is there and as its class says. A second call does nothing.

    Each table is a transaction of its own.

    A plug-in whose table can't be made or changed, or lacks a column of its class, is left out, and named with the
    reason; it is tried again at the next start.
    """
    for name, wanted in list(TABLES.items()):
        if name not in TABLES:
            continue  # another table of its plug-in failed
        try:
            _make(engine, name, wanted)
        except Exception as error:  # whatever a plug-in does wrong, Kontor starts
            if (
                isinstance(error, DBAPIError) and error.connection_invalidated
            ):  # the database is away, which is no fault of the plug-in
                raise
            leave_out(TABLES.owner_of(name), error)


def behind(engine: Engine) -> list[str]:
    """The tables of plug-ins that are not there, or have steps before them."""
    with Session(engine) as session:
        there = inspect(session.connection())
        kept = {name: session.get(Setting, _key(name)) for name in TABLES}
        return [
            name
            for name, known in kept.items()
            if not known or not there.has_table(name) or _done(known) < len(TABLES[name].steps)
        ]


def _make(engine: Engine, name: str, wanted: PluginTable) -> None:
    with Session(engine) as session:
        hold(session, f"table:{name}")  # of several processes that start at once, one makes it
        connection = session.connection()
        kept = session.get(Setting, _key(name))
        if not inspect(connection).has_table(name):
            SQLModel.metadata.tables[name].create(connection)
        elif kept is not None:
            for step in wanted.steps[_done(kept) :]:
                step(connection)
            _require_columns(connection, name)
        kept = kept or Setting(section=_key(name), value="0")
        kept.value = json.dumps(len(wanted.steps))
        session.add(kept)
        session.commit()


def _require_columns(connection: Connection, name: str) -> None:
    """Raises ValueError for a table that is older than its class: no step adds what the class has got since."""
    there = {column["name"] for column in inspect(connection).get_columns(name)}
    if missing := [
        column.name for column in SQLModel.metadata.tables[name].columns if column.name not in there
    ]:
        raise ValueError(
            f"The table {name} in the database has no column {', '.join(missing)}. Write "
            f"@plugin_table(steps=[...]) with the step that "
            f"adds it: a function of a connection that calls connection.exec_driver_sql('ALTER TABLE {name} "
            f"ADD COLUMN ...')."
        )


def _done(kept: Setting) -> int:
    """How many steps a table has behind it."""
    return int(json.loads(kept.value))


def _key(name: str) -> str:
    return STEPS + name
