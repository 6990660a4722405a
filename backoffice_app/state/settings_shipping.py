"""Settings > Shipping methods: names, carriers, pick-up, and what is offered (SHIP-2). For the owner alone."""

from typing import ClassVar

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.methods.shipping import (
    KIND,
    ShippingRow,
    add_shipping,
    change_shipping,
    save_shipping,
    shipping_page,
)
from backoffice_app.state.base import actor_of, changes, look, needs
from backoffice_app.state.row_dialog import Answer, OwnersList
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

METHOD, METHODS = subject(KIND), subject("shipping-methods")


@with_dialog
class ShippingMethodsState(OwnersList, rx.State):
    """The methods, and the one whose dialog is open."""

    FORM: ClassVar[str] = "method"
    EMPTY: ClassVar[ShippingRow] = ShippingRow()
    rows: list[ShippingRow] = []
    chosen: ShippingRow = ShippingRow()
    """The method whose dialog is open."""

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(METHODS)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """Sets a method before an order has come with it."""
        return await self._do(lambda actor: add_shipping(actor, values.get("code", ""), values))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(METHOD)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the method of the dialog."""
        code = Shown.parse(about).number
        return await self._do(lambda actor: save_shipping(actor, code, values, seen))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(METHOD)
    async def change(self, about: str, what: str) -> Answer:
        """Moves a method "up" or "down", takes it out of use ("retire") or into use again ("use")."""
        code = Shown.parse(about).number
        return await self._do(
            lambda actor: change_shipping(actor, code, what), said=what not in ("up", "down")
        )

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.rows = await look(shipping_page, actor, actor.language)
        self.ready = True
