"""Service > Tickets: the list, whose state is the address, and one ticket with its thread (T-6)."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain import drafts
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Away, Invalid, NotFound, Overtaken, Refused, Unknown
from backoffice_app.domain.core.keyset import ListView
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.mail.write import TOPIC as OUTBOX
from backoffice_app.domain.templates.insertion import offered, put_at_end, text_for_ticket
from backoffice_app.domain.tickets.queries import TICKETS, tickets_page, unanswered
from backoffice_app.domain.tickets.subject import TICKET, TOPIC, UNANSWERED, id_of_number
from backoffice_app.domain.tickets.view import TicketView, ticket_view
from backoffice_app.i18n import ngettext
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.insertion import insert_block
from backoffice_app.state.keyset import Listed, unread
from backoffice_app.state.menu_count import menu_count
from backoffice_app.state.order_calls import given_of, object_of
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject
from backoffice_app.state.visits import with_dialog

ONE = subject(TICKET.key, lambda state, _actor: path_part(state, 1))
FORMS = {"reply": "message", "add-memo": "memo", "assign-ticket": ""}
"""The dialogs by their actions, with the field of each that is kept while it is typed."""
BUTTONS = frozenset({"close-ticket", "reopen-ticket", "ticket-to-do"})
"""What is done at once."""
COUNT = menu_count(
    "tickets",
    right=Right.TICKETS,
    topic=UNANSWERED,
    read=lambda session, _actor: unanswered(session),
    sentence=lambda number: ngettext("{count} is unanswered", "{count} are unanswered", number),
)
Answer = list[EventSpec] | EventSpec | None


class TicketsState(Listed, rx.State):
    """One page of the list, made for who looks at it."""

    view: ListView = unread(TICKETS)

    @rx.event
    @needs(Right.TICKETS)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others and the customers write."""
        await self._show(tickets_page, arrived=True)
        hub.watch(self, TOPIC, TicketsState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.TICKETS)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._show(tickets_page)

    @rx.event
    @needs(Right.TICKETS)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(TICKETS, text)

    @rx.event
    @needs(Right.TICKETS)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)

    @rx.event
    @needs(Right.TICKETS)
    async def apply(self, form: dict[str, str]) -> EventSpec:
        """Leads to the list with the filters of the form; search, tab and order stay."""
        return self._chosen(TICKETS, form)


@with_dialog
class TicketState(rx.State):
    """One ticket with its thread, and the dialog that is open."""

    view: TicketView = TicketView()
    is_read: bool = False
    is_missing: bool = False
    form: str = ""
    """The key of the dialog that is open: one of `FORMS`, or ""."""
    asked: str = ""
    """What the open dialog is about, as `Shown` says it: the ticket and the version it was opened at."""
    once: str = ""
    """The key of the open dialog: however often it is sent, it writes once."""
    drafted: str = ""
    """What this colleague had typed into it before."""
    blocks: list[list[str]] = []
    """The text blocks that can be put in: [id, title] each."""
    fresh: int = 0
    """Counts up when a text block was put in, so that the field is drawn anew."""
    _typed: str = ""
    _language: str = ""
    """What the open dialog holds by now: the text, and the language where another was chosen."""
    _sent: tuple[str, str] = ("", "")
    """The answer that was sent last, for whoever takes it back: its id and its text."""
    wrong: str = ""
    wrong_field: str = ""

    @rx.event
    @needs(Right.TICKETS)
    async def load(self) -> None:
        """The ticket that the address names; from now on the tab follows what is written in it."""
        self.view, self.is_read, self.is_missing = TicketView(), False, False
        await self._read()
        hub.watch(self, f"ticket-{self.view.id}", TicketState.refresh)  # type: ignore[arg-type]

    @rx.event
    @needs(Right.TICKETS)
    async def refresh(self) -> None:
        """The same ticket, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.ANSWER)
    async def open(self, form: str) -> None:
        """Opens a dialog with what was typed into it before."""
        if form not in FORMS or not self.view.id:
            return
        self._close()
        self.form = form
        self.asked = replace(Shown.parse(self.view.about), form=form).text
        kept = await look(drafts.draft_of, await actor_of(self), Shown.parse(self.asked))
        self.drafted, self.once = kept.get(FORMS[form], ""), kept.get("once") or secrets.token_urlsafe(16)
        self._typed, self._language = self.drafted, self.view.language
        self.blocks = await look(offered, await actor_of(self))

    @rx.event
    @needs(Right.TICKETS)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open; what was typed is kept for the next time."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.ANSWER)
    @changes(ONE)
    async def keep(self, about: str, field: str, text: str, kind: str, at: int = -1) -> None:
        """Keeps what is typed into the open dialog, with its key, so that it outlives the tab and the server (W-16).

        `at`: the `fresh` of the field that was typed into; what comes from one that is not there any more is late, and
        left alone.
        """
        shown = Shown.parse(about)
        if shown.form != self.form or at not in (-1, self.fresh):
            return
        if field == "language":
            self._language = text
        if field and field == FORMS.get(shown.form) and kind == "textarea":
            await self._keep(shown, field, text)

    @rx.event(temporal=True)
    @needs(Right.ANSWER)
    @changes(ONE)
    async def insert(self, about: str, block: str) -> Answer:
        """Puts a text block at the end of the answer that is being written, in its language."""
        shown = Shown.parse(about)
        if shown.form != self.form or self.form != "reply":
            return None

        async def put(text: str) -> None:
            self.drafted = put_at_end(self._typed, text)
            await self._keep(shown, FORMS[shown.form], self.drafted)

        return await insert_block(
            self, block, text_for_ticket, put, number=shown.number, language=self._language
        )

    @rx.event(temporal=True)
    @needs(Right.ANSWER)
    @changes(ONE)
    async def send(self, about: str, values: dict[str, str]) -> Answer:
        """Does what the open dialog is for, with its fields; a refusal stands in it."""
        return await self._do(Shown.parse(about).form, about, given_of(values), FORMS)

    @rx.event(temporal=True)
    @needs(Right.ANSWER)
    @changes(ONE)
    async def act(self, key: str, about: str) -> Answer:
        """Closes the ticket, opens it again, or marks it as to do."""
        return await self._do(key, about, {}, BUTTONS)

    @rx.event(temporal=True)
    @needs(Right.ANSWER)
    @changes(ONE, here=False)
    async def undo(self, key: str, about: str, action: str, values: str) -> EventSpec:
        """Takes back what the notice `key` told of, on whichever page it still stands; `values` as JSON.

        Rules are judged anew.
        """
        shown, given = Shown.parse(about), object_of(values)
        notes = await self.get_state(notices.Notices)
        try:
            done = await act(_perform, await actor_of(self), action, shown, given)
        except (Invalid, Refused) as no:
            notes._forget(key)
            return notices.tell(no.reason, notices.REFUSED, about=shown.number)
        notes._forget(key)
        if action == "hold-back-reply" and self._sent[0] and given.get("message") == self._sent[0]:
            await self._give_back(replace(shown, form="reply"))
        return notices.done(done, shown)

    async def _do(
        self, key: str, about: str, given: Mapping[str, object], known: Mapping[str, str] | frozenset[str]
    ) -> Answer:
        if key not in known:
            return None
        actor, shown = await actor_of(self), Shown.parse(about)
        try:
            done = await act(_perform, actor, key, shown, given, shown.seen)
        except (Invalid, Refused) as no:
            await self._read()
            if not self.form:
                return notices.tell(no.reason, notices.REFUSED, about=shown.number)
            if isinstance(
                no, Overtaken
            ):  # the thread shows what is new behind the dialog: the next press sends what is typed
                self.asked = replace(Shown.parse(self.view.about), form=self.form).text
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            return None
        if shown.form:
            await self._drop_draft(actor, shown)
        if key == "reply" and done.undo is not None:
            self._sent = (str(done.undo.values["message"]), str(given.get(FORMS[key], "")))
        self._close()
        told = notices.done(done, replace(shown, form=""))
        return told if await reread(self._read) else [told, notices.unread(shown.number)]

    async def _keep(self, shown: Shown, field: str, text: str) -> None:
        self._typed = text
        await act(drafts.keep, await actor_of(self), shown, "", {field: text, "once": self.once})

    async def _give_back(self, shown: Shown) -> None:
        """The answer that was held back is a draft again, to be put right and sent by another key."""
        texts = {FORMS["reply"]: self._sent[1], "once": secrets.token_urlsafe(16)}
        try:
            await act(drafts.keep, await actor_of(self), shown, "", texts)
        except (Away, Refused, Unknown):  # it is held back all the same
            return

    def _close(self) -> None:
        # `asked` stays until another dialog opens: a field that loses the focus on closing still tells what it is of.
        self.form, self.once, self.drafted, self.wrong, self.wrong_field = "", "", "", "", ""

    async def _drop_draft(self, actor: Actor, shown: Shown) -> None:
        """What was sent is no draft any more; trouble with that may never hide that it was sent."""
        try:
            await act(drafts.drop, actor, shown)
        except (Away, Refused, Unknown):
            return

    async def _read(self) -> None:
        number = path_part(self, 1)
        try:
            self.view = await look(_ticket, await actor_of(self), number)
        except NotFound:
            self.view, self.is_missing = TicketView(), True
        self.is_read = True
        if self.view.is_moving:
            hub.watch(self, OUTBOX, TicketState.refresh)  # type: ignore[arg-type]  # until the next page is loaded


def _ticket(actor: Actor, number: str) -> TicketView:
    with reading() as session:
        return ticket_view(session, number, actor)


def _perform(
    actor: Actor, key: str, shown: Shown, given: Mapping[str, object], seen: int | None = None
) -> Done:
    with reading() as session:
        id_ = id_of_number(session, shown.number)
    return perform(actor, key, id_, given, subject=TICKET, seen=seen)
