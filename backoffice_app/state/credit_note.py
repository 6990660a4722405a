"""The dialog `Create credit note`: what is typed, the credit note it would come to, and issuing it once
(W-4, INV-6).
"""

from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.window.blocks.credit import (
    CREDIT,
    CreditDialogView,
    CreditPreviewView,
    credit_preview,
    start_of,
)
from backoffice_app.state.base import act, actor_of, changes, concerns, needs
from backoffice_app.state.order import OPENED_BY, ORDER, OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.state.order_calls import given_of

FIELDS = (
    "invoice",
    "quantities",
    "shipping",
    "payment_cost",
    "reduction",
    "fee",
    "fee_reason",
    "amount",
    "reason",
    "restock",
)
"""The fields whose text the preview follows; those of the lines begin with `quantities.` and `restock.`."""


class CreditNoteState(rx.State):
    """The credit note that the dialog would issue."""

    preview: CreditPreviewView = CreditPreviewView()
    _given: dict[str, str] = {}
    _language: str = ""

    @rx.event
    @needs(Right.INVOICE)
    @concerns(ORDER)
    async def begin(self, about: str, invoice: str = "") -> None:
        """Opens the dialog for the oldest invoice of which something is left, or for `invoice`; it starts with all that
        is left.
        """
        order, number = await self.get_state(OrderState), Shown.parse(about).number
        await order._read(number, CREDIT, invoice)
        order._ask(CREDIT)
        order.drafted = {}
        view: CreditDialogView = (await self.get_state(Dialogs)).credit_note
        self._given = start_of(view)
        await self._look(number)

    @rx.event(temporal=True)
    @needs(Right.INVOICE)
    @concerns(ORDER)
    async def typed(self, about: str, field: str, text: str, kind: str) -> None:
        """Shows the credit note that the form would come to now; a box that is not ticked holds ""."""
        if kind == "checkbox":
            text = "on" if text else "off"
        if field.partition(".")[0] in FIELDS and self._given.get(field) != text:
            self._given = {**self._given, field: text}
            await self._look(Shown.parse(about).number)

    @rx.event(temporal=True)
    @needs(Right.INVOICE)
    @changes(ORDER)
    async def send(self, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:
        """Issues it; what was submitted is judged again, and what is wrong with it stands beside its fields."""
        order = await self.get_state(OrderState)
        answer: list[EventSpec] | EventSpec | None = await order.act(CREDIT, about, values)
        if not order.form:
            self._given, self.preview = {}, CreditPreviewView()
        return answer

    async def _look(self, number: str) -> None:
        actor = await actor_of(self)
        made = await act(credit_preview, actor, number, given_of(self._given), actor.language)
        if made != self.preview:
            self.preview = replace(made)


OPENED_BY[CREDIT] = CreditNoteState.begin  # type: ignore[assignment]  # the decorator makes it a handler
