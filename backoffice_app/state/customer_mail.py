"""The dialog `Customer mail`: a draft that outlives closing it, its preview, and sending it once (W-8)."""

import asyncio
import secrets

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.customers import preview_customer_mail
from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.state.base import actor_of, needs
from backoffice_app.state.order import OrderState

FORM = "customer-mail"
FIELDS = ("language", "subject", "message")


class CustomerMailState(rx.State):
    """What is being written to the customer of the order in sight."""

    language: str = ""
    subject: str = ""
    message: str = ""
    once: str = ""
    """The key of the draft: however often it is sent, one mail leaves."""
    shown_language: str = ""
    shown_subject: str = ""
    shown_text: str = ""
    _order_id: int = 0

    @rx.event
    @needs(Right.EDIT)
    async def begin(self) -> None:
        """Opens the dialog with the draft for this order, a new one in the order's language if there is none."""
        order = await self.get_state(OrderState)
        if self._order_id != order.view.id or not self.once:
            self._start(order.view.id, order.view.language)
        order.form, order.wrong, order.wrong_field = FORM, "", ""
        await self._preview()
        self.language = self.language or self.shown_language

    @rx.event
    @needs(Right.EDIT)
    async def draft(self, field: str, text: str) -> None:
        """Keeps what was typed so far, and shows the mail as it would go."""
        if field in FIELDS and isinstance(text, str):
            setattr(self, field, text)
            await self._preview()

    @rx.event
    @needs(Right.EDIT)
    async def send(self, values: dict[str, str]) -> EventSpec | None:
        """Writes the mail into the outbox; the draft is gone once it is there."""
        order = await self.get_state(OrderState)
        answer: EventSpec | None = await order.act(FORM, values)
        if not order.form:
            self._start(0, "")
        return answer

    async def _preview(self) -> None:
        values: dict[str, object] = {"once": self.once, "subject": self.subject, "message": self.message, "language": self.language}
        try:
            seen = await asyncio.to_thread(preview_customer_mail, await actor_of(self), self._order_id, values)
        except (Invalid, Refused):  # said when it is sent
            return
        self.shown_language, self.shown_subject, self.shown_text = seen

    def _start(self, order_id: int, language: str) -> None:
        self._order_id, self.once = order_id, secrets.token_urlsafe(16) if order_id else ""
        self.language = language if language in LANGUAGES else ""
        self.subject = self.message = self.shown_language = self.shown_subject = self.shown_text = ""
