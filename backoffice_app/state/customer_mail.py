"""The dialog `Customer mail`: a draft that outlives closing it, its preview, and sending it once (W-8)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import drafts
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.customers import files_for_mails, preview_customer_mail
from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.domain.mail.shop_files import ShopFileView
from backoffice_app.domain.templates.insertion import offered, put_at_end, text_for_order
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs
from backoffice_app.state.insertion import insert_block
from backoffice_app.state.order import AFTER_UNDO, OPENED_BY, ORDER, OrderState

FORM = "customer-mail"
FIELDS = ("language", "subject", "message")
ATTACHED = "attached"
"""The name, in a draft, of what goes along."""
MOST_ATTACHED = 50
"""So many of these are kept, which is what a draft has room for."""
BOX = "attachments."
"""Begins the name of the check box of each document and file."""


class CustomerMailState(rx.State):
    """What is being written to the customer of the order in sight."""

    language: str = ""
    subject: str = ""
    message: str = ""
    attached: list[str] = []
    """The names of what goes along."""
    once: str = ""
    """The key of the draft: however often it is sent, one mail leaves."""
    shown_language: str = ""
    shown_subject: str = ""
    shown_text: str = ""
    files: list[ShopFileView] = []
    """The shop's files that can go along."""
    blocks: list[list[str]] = []
    """The text blocks that can be put in: [id, title] each."""
    fresh: int = 0
    """Counts up when a text block was put in, so that the field is drawn anew."""
    _number: str = ""
    """The order that the draft is for."""
    _sent: dict[str, str] = {}
    """What was sent last, by field and with its key, for whoever takes it back."""

    @rx.event
    @needs(Right.EDIT)
    @concerns(ORDER)
    async def begin(self, about: str) -> None:
        """Opens the dialog with the draft for this order, a new one in the order's language if there isn't one."""
        order, number = await self.get_state(OrderState), Shown.parse(about).number
        await order._read(number)
        order._ask(FORM)
        if self._number != number or not self.once:
            self._start(number, order.view.language)
            self._take(await look(drafts.draft_of, await actor_of(self), Shown.parse(order.asked)))
        self.files = await look(files_for_mails, await actor_of(self))
        self.blocks = await look(offered, await actor_of(self))
        await self._preview(number)
        self.language = self.language or self.shown_language

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def draft(self, about: str, field: str, text: str, at: int = -1) -> None:
        """Keeps what was typed so far, and shows the mail as it would go.

        `at`: the `fresh` of the field that was typed into; what comes from one that is not there any more is late, and
        left alone.
        """
        if field in FIELDS and at in (-1, self.fresh):
            await self._keep(Shown.parse(about), field, text)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def attach(self, about: str, what: str, on: bool) -> None:
        """Keeps whether the document or file of this name goes along."""
        shown, others = Shown.parse(about), [one for one in self.attached if one != what]
        self.attached = [*others, str(what)[:200]][-MOST_ATTACHED:] if on is True else others
        if shown.form and self.once:
            kept = {ATTACHED: json.dumps(self.attached, ensure_ascii=False), "once": self.once}
            await act(drafts.keep, await actor_of(self), shown, "", kept)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def insert(self, about: str, block: str) -> list[EventSpec] | EventSpec | None:
        """Puts a text block at the end of what was typed, in the language of the mail."""
        shown, language = Shown.parse(about), self.language or self.shown_language

        async def put(text: str) -> None:
            await self._keep(shown, "message", put_at_end(self.message, text))

        return await insert_block(self, block, text_for_order, put, number=shown.number, language=language)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ORDER)
    async def send(self, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:
        """Writes the mail into the outbox; the draft is gone once it is there."""
        order = await self.get_state(OrderState)
        ticked = [
            name.removeprefix(BOX) for name, on in values.items() if name.startswith(BOX) and on == "on"
        ]
        self._sent = {field: str(values.get(field, "")) for field in (*FIELDS, "once")}
        self._sent[ATTACHED] = json.dumps(ticked)
        answer: list[EventSpec] | EventSpec | None = await order.act(FORM, about, values)
        if not order.form:
            self._start("", "")
        return answer

    async def _give_back(self, shown: Shown, once: str) -> None:
        """The mail that was held back is a draft again, to be put right and sent by another key."""
        if once and self._sent.get("once") == once and not self.once:
            texts = {**self._sent, "once": secrets.token_urlsafe(16)}
            await act(drafts.keep, await actor_of(self), replace(shown, form=FORM), "", texts)

    async def _keep(self, shown: Shown, field: str, text: str) -> None:
        setattr(self, field, text)
        if shown.form and self.once:
            await act(drafts.keep, await actor_of(self), shown, "", {field: text, "once": self.once})
        await self._preview(shown.number)

    async def _preview(self, number: str) -> None:
        values: dict[str, object] = {
            "once": self.once,
            "subject": self.subject,
            "message": self.message,
            "language": self.language,
        }
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
        self.attached = json.loads(draft.get(ATTACHED) or "[]")

    def _start(self, number: str, language: str) -> None:
        self._number, self.once = number, secrets.token_urlsafe(16) if number else ""
        self.language = language if language in LANGUAGES else ""
        self.attached = []
        self.subject = self.message = self.shown_language = self.shown_subject = self.shown_text = ""


async def _give_back(order: OrderState, shown: Shown, values: Mapping[str, object]) -> None:
    mail = await order.get_state(CustomerMailState)
    await mail._give_back(shown, str(values.get("once", "")))
    if order.view.number == shown.number:
        await order._read(shown.number)  # the page offers to go on with it


AFTER_UNDO["hold-back-customer-mail"] = _give_back
OPENED_BY[FORM] = CustomerMailState.begin  # type: ignore[assignment]  # the decorator makes it a handler
