"""Which columns of the order list a colleague sees: ticked, moved, and back to the standard (O-1)."""

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.column_choice import (
    ColumnRow,
    column_rows,
    move_column,
    reset_columns,
    show_column,
)
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.orders import OrdersState
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import subject

COLUMNS_OF = subject("order-columns")
ABOUT = Shown(COLUMNS_OF, "own").text
"""What the events of the choice are about: the columns of who presses."""


class OrderColumnsState(rx.State):
    """The choice of columns while it is open."""

    rows: list[ColumnRow] = []
    is_open: bool = False
    moved: str = ""
    """The column that was moved last: its button keeps the focus."""
    is_up: bool = False
    turn: int = 0

    @rx.event
    @needs(Right.READ)
    async def toggled(self, opens: bool) -> None:
        """The choice is opened or closed."""
        self.moved = ""
        if opens is True:
            await self._read()
        self.is_open = opens is True

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(COLUMNS_OF)
    async def tick(self, about: str, key: str, on: bool) -> EventSpec | None:  # noqa: ARG002  # the gate judges it
        """The list shows a column, or leaves it out."""
        self.moved = ""
        await act(show_column, await actor_of(self), str(key), on=on is True)
        return await self._show()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(COLUMNS_OF)
    async def move(self, about: str, key: str, up: bool) -> EventSpec | None:  # noqa: ARG002
        """A column changes places with the one before or after it."""
        await act(move_column, await actor_of(self), str(key), -1 if up is True else 1)
        self.moved, self.is_up, self.turn = str(key), up is True, self.turn + 1
        return await self._show()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(COLUMNS_OF)
    async def standard(self, about: str) -> EventSpec | None:  # noqa: ARG002
        """The list shows the standard columns again."""
        self.moved, self.turn = "", self.turn + 1
        await act(reset_columns, await actor_of(self))
        return await self._show()

    async def _show(self) -> EventSpec | None:
        """List and choice show what was chosen."""
        listed = await self.get_state(OrdersState)
        return None if await reread(listed._read) and await reread(self._read) else notices.unread("")

    async def _read(self) -> None:
        self.rows = await look(_rows, await actor_of(self))


def _rows(actor: Actor) -> list[ColumnRow]:
    with reading() as session:
        return column_rows(session, actor, actor.language)
