"""The dialog `Customer mail`: a draft that outlives closing it, its preview, and sending it once (W-8)."""

import secrets

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import drafts
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.customers import files_for_mails, preview_customer_mail
from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.domain.mail.shop_files import ShopFileView
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs
from backoffice_app.state.order import OPENED_BY, ORDER, OrderState

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
    files: list[ShopFileView] = []
    """The shop's files that can go along."""
    _number: str = ""
    """The order that the draft is for."""

    @rx.event
    @needs(Right.EDIT)
    @concerns(ORDER)
    async def begin(self, about: str) -> None:
        """Opens the dialog with the draft for this order, a new one in the order's language if there is none."""
        order, number = await self.get_state(OrderState), Shown.parse(about).number
        await order._read(number)
        order._ask(FORM)
        if self._number != number or not self.once:
            self._start(number, order.view.language)
            self._take(await look(drafts.draft_of, await actor_of(self), Shown.parse(order.asked)))
        self.files = await look(files_for_mails, await actor_of(self))
        await self._preview(number)
        self.language = self.language or self.shown_language

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def draft(self, about: str, field: str, text: str) -> None:
        """Keeps what was typed so far, and shows the mail as it would go."""
        if field in FIELDS:
            setattr(self, field, text)
            shown = Shown.parse(about)
            if shown.form and self.once:
                await act(drafts.keep, await actor_of(self), shown, "", {field: text, "once": self.once})
            await self._preview(shown.number)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def send(self, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:
        """Writes the mail into the outbox; the draft is gone once it is there."""
        order = await self.get_state(OrderState)
        answer: list[EventSpec] | EventSpec | None = await order.act(FORM, about, values)
        if not order.form:
            self._start("", "")
        return answer

    async def _preview(self, number: str) -> None:
        values: dict[str, object] = {"once": self.once, "subject": self.subject, "message": self.message, "language": self.language}
        try:
            seen = await look(preview_customer_mail, await actor_of(self), number, values)
        except (Invalid, Refused):  # said when it is sent
            return
        self.shown_language, self.shown_subject, self.shown_text = seen

    def _take(self, draft: dict[str, str]) -> None:
        """What was typed before, in whichever tab."""
        for field in (*FIELDS, "once"):
            if draft.get(field):
                setattr(self, field, draft[field])

    def _start(self, number: str, language: str) -> None:
        self._number, self.once = number, secrets.token_urlsafe(16) if number else ""
        self.language = language if language in LANGUAGES else ""
        self.subject = self.message = self.shown_language = self.shown_subject = self.shown_text = ""


OPENED_BY[FORM] = CustomerMailState.begin  # type: ignore[assignment]  # the decorator makes it a handler
