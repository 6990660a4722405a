"""Which columns of the order list a colleague sees, and in which order; a file of it has the same ones (O-1)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import bindparam, select
from sqlmodel import Session

from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing.parts import COLUMNS, Column
from backoffice_app.domain.listing.queries import choices
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.i18n import _
from backoffice_app.models import OrderColumns, User

FIXED = "number"
"""The column that is always there, as the first one: its link opens the order."""
SOURCE = "source"
"""A column that the standard leaves out while all orders came from one place."""


@dataclass(frozen=True)
class ColumnChoice:
    """What a colleague chose.

    `order`: keys of columns; those that came later stand behind them. `ticked`: whether a column is shown, by key,
    where they said so.
    """

    order: tuple[str, ...] = ()
    ticked: Mapping[str, bool] = field(default_factory=dict)

    def columns(self, actor: Actor) -> list[Column]:
        """All columns that `actor` may see, in the chosen order."""
        places = {FIXED: -1} | {key: at for at, key in enumerate(self.order) if key != FIXED}
        return sorted(
            (column for column in COLUMNS if actor.may(column.right)),
            key=lambda column: places.get(column.key, len(places)),
        )

    def shows(self, key: str, *, standard: bool = True) -> bool:
        """Whether the column is shown; `standard`: whether it is where nothing was chosen."""
        return key == FIXED or self.ticked.get(key, standard)


_T = OrderColumns.__table__.c  # type: ignore[attr-defined]
_CHOSEN = select(_T.data).where(_T.user_id == bindparam("user"))  # made once: each list asks it


def choice_of(session: Session, actor: Actor) -> ColumnChoice:
    """What `actor` chose; the standard for all who are not a colleague."""
    found = session.execute(_CHOSEN, {"user": actor.id}).scalar() if actor.kind is ActorKind.USER else None
    if found is None:
        return ColumnChoice()
    data = json.loads(found)
    return ColumnChoice(tuple(data["order"]), data["ticked"])


def show_column(actor: Actor, key: str, *, on: bool) -> None:
    """The actor's list shows the column or leaves it out. Raises NotFound, and Refused for the number."""
    if key == FIXED:
        raise Refused(_("The number is always there: it opens the order."))
    _change(actor, key, lambda choice: replace(choice, ticked={**choice.ticked, key: on}))


def move_column(actor: Actor, key: str, by: int) -> None:
    """The column changes places with the one before it (-1) or after it (1); at the end it stays. Raises NotFound."""

    def moved(choice: ColumnChoice) -> ColumnChoice:
        keys = [column.key for column in choice.columns(actor)]
        at = keys.index(key)
        to = at + by
        if key != FIXED and 0 < to < len(keys):
            keys[at], keys[to] = keys[to], keys[at]
        return replace(choice, order=(*keys, *(one for one in choice.order if one not in keys)))

    _change(actor, key, moved)


def reset_columns(actor: Actor) -> None:
    """The actor's list shows the standard columns again."""
    with work(actor) as w:
        found = w.session.get(OrderColumns, actor.id) if actor.kind is ActorKind.USER else None
        if found is not None:
            w.session.delete(found)


def _change(actor: Actor, key: str, change: Callable[[ColumnChoice], ColumnChoice]) -> None:
    if actor.kind is not ActorKind.USER:
        raise Refused(_("Only a colleague who is signed in chooses columns."))
    if key not in {column.key for column in COLUMNS if actor.may(column.right)}:
        raise NotFound(key)
    with work(actor) as w:
        w.session.get(
            User, actor.id, with_for_update=True
        )  # two tabs of one colleague change it one after the other
        choice = change(choice_of(w.session, actor))
        data = json.dumps({"order": choice.order, "ticked": dict(choice.ticked)})
        w.session.merge(OrderColumns(user_id=actor.id, data=data))


@dataclass(frozen=True)
class ColumnRow:
    """A column as the choice of columns shows it.

    `up`, `down`: the names of the buttons that move it, "" where it can't be moved.
    """

    key: str
    label: str
    is_on: bool
    up: str = ""
    down: str = ""
    is_first: bool = False
    is_last: bool = False


def column_rows(session: Session, actor: Actor, language: str) -> list[ColumnRow]:
    """All columns that `actor` may see, in their order, each with whether it is shown."""
    choice, has_sources = (
        choice_of(session, actor),
        len(choices(Reader(session), language).get("source", {})) > 1,
    )
    columns = choice.columns(actor)
    rows = []
    for at, column in enumerate(columns):
        label = column.label.in_language(language)
        up, down = (
            name.format(column=label).in_language(language)
            for name in (_("Move {column} up"), _("Move {column} down"))
        )
        up, down = ("", "") if column.key == FIXED else (up, down)
        is_on = choice.shows(column.key, standard=column.key != SOURCE or has_sources)
        rows.append(
            ColumnRow(column.key, label, is_on, up, down, is_first=at == 1, is_last=at == len(columns) - 1)
        )
    return rows
