"""Settings > Payment methods: their names and who collects the money (PAY-0). For the owner alone."""

from typing import ClassVar

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.methods import payment as methods
from backoffice_app.domain.methods.payment import MethodRow, methods_page
from backoffice_app.state.base import actor_of, changes, look, needs
from backoffice_app.state.row_dialog import Answer, OwnersList
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

METHOD, METHODS = subject(methods.KIND), subject("payment-methods")


@with_dialog
class MethodsState(OwnersList, rx.State):
    """The methods, and the one whose dialog is open."""

    FORM: ClassVar[str] = "method"
    EMPTY: ClassVar[MethodRow] = MethodRow()
    rows: list[MethodRow] = []
    has_unknown: bool = False
    """Whether of some method nobody has said who collects."""
    chosen: MethodRow = MethodRow()
    """The method whose dialog is open."""

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(METHODS)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """Sets a method before an order has come with it."""
        return await self._do(lambda actor: methods.add_method(actor, values.get("code", ""), values))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(METHOD)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the method of the dialog."""
        code = Shown.parse(about).number
        return await self._do(lambda actor: methods.save_method(actor, code, values, seen))

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.rows = await look(methods_page, actor, actor.language)
        self.has_unknown = any(row.is_unknown for row in self.rows)
        self.ready = True
