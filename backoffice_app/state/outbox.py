"""The outbox: its list, whose state is the address, and the one mail that is open (M-3 to M-5)."""

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.keyset import number_in
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.mails import orders_searched
from backoffice_app.domain.listing.views import searched
from backoffice_app.domain.mail import MAIL
from backoffice_app.domain.mail.queries import (
    MailView,
    OutboxAddress,
    OutboxPage,
    address_of,
    mail_view,
    outbox_page,
    outbox_tabs,
)
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, page_of
from backoffice_app.state.reread import reread
from backoffice_app.state.search_box import box_for, heard, left_with
from backoffice_app.state.subjects import subject

MAILS = subject(MAIL.key, lambda state, _actor: str(address_of(page_of(state).query_parameters).mail))


class OutboxState(rx.State):
    """One page of the outbox as its address says, and the mail that is open."""

    ready: bool = False
    """Whether the list was read once; skeletons stand in its place until then."""
    rows: list[list[str]] = []
    tabs: list[list[str]] = []
    """The filters by state: key, word, how many, address."""
    state: str = ""
    text: str = ""
    box: int = 0
    """Which search box is in sight: another one is drawn where the address came to name another search than
    was typed.
    """
    find: str = "/outbox?q="
    """The address of the list up to the text that is searched."""
    all_of_it: str = "/outbox"
    """The address without one."""
    first: str = ""
    """The address of the first page, "" on it."""
    older: str = ""
    csv: str = "/outbox.csv"
    xlsx: str = "/outbox.xlsx"
    """The addresses of the same mails as files."""
    closed: str = "/outbox"
    """The address of this page without an open mail."""
    mail: MailView = MailView()
    opened: str = ""
    """The id of the mail that was opened last: its link gets the focus back."""
    newer_mail: str = ""
    """The address of this page with the mail above the open one; "" where there isn't one on it."""
    older_mail: str = ""
    """The same of the mail below."""
    _address: OutboxAddress = OutboxAddress()
    _typed: list[str] = [""]

    @rx.event
    @needs(Right.MAIL)
    async def load(self) -> None:
        """The list and the mail that the address asks for; from now on the tab follows what happens in the outbox."""
        self._address = self._shown_address()
        self.state, self.text, self.mail = self._address.state, self._address.text, MailView()
        self.first = self._address.url(before=0, mail=0) if self._address.before else ""
        self.closed = self._address.url(mail=0)
        self.all_of_it = self._address.url(q="", before=0, mail=0)
        listed = self._address.url(before=0, mail=0)
        self.csv, self.xlsx = (listed.replace("/outbox", f"/outbox.{kind}", 1) for kind in ("csv", "xlsx"))
        self.find = searched(self.all_of_it)
        self.box, self._typed = box_for(self.box, self._typed, self.text)
        self.opened = str(self._address.mail) if self._address.mail else self.opened
        await self._read()
        hub.watch(self, "outbox", OutboxState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.MAIL)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._read()

    @rx.event
    @needs(Right.MAIL)
    async def typed(self, text: str) -> None:
        """The search box leads to the list of `text` by itself: when that is read, the box is right as it is."""
        self._typed = heard(self._typed, address_of({"q": str(text)}).text)

    @rx.event
    @needs(Right.MAIL)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere, or opens a mail; `gone`: the search box is out of sight."""
        self._typed = left_with(self.text, gone=gone is True)

    @rx.event(temporal=True)
    @needs(Right.MAIL)
    @changes(MAILS)
    async def act(self, verb: str, about: str) -> list[EventSpec]:
        """Does to the mail that `about` says what its button says and says what was done; the domain judges
        the rules.
        """
        shown, self._address = Shown.parse(about), self._shown_address()
        try:
            done = await act(
                perform,
                await actor_of(self),
                verb,
                number_in(shown.number),
                subject=MAIL,
                seen=shown.version or None,
            )
        except Refused as no:
            await reread(self._read)
            return [notices.tell(no.reason, notices.REFUSED)]
        said = notices.tell(done.message)
        return [said] if await reread(self._read) else [said, notices.unread("")]

    def _shown_address(self) -> OutboxAddress:
        return address_of(page_of(self).query_parameters)

    async def _read(self) -> None:
        page, self.tabs, self.mail = await look(_look, await actor_of(self), self._address)
        self.rows, self.older, self.ready = page.rows, page.older, True
        self.newer_mail, self.older_mail = _beside(page.rows, str(self.mail.id))


def _beside(rows: list[list[str]], mail: str) -> tuple[str, str]:
    """The addresses of the mails above and below this one, "" where there isn't one on the page."""
    at = next((at for at, row in enumerate(rows) if row[0] == mail), None)
    if at is None:
        return "", ""
    return rows[at - 1][-1] if at else "", rows[at + 1][-1] if at + 1 < len(rows) else ""


def _look(actor: Actor, address: OutboxAddress) -> tuple[OutboxPage, list[list[str]], MailView]:
    with reading() as session:
        about = orders_searched(session, address.text, actor)
        page = outbox_page(session, address, actor, actor.language, about)
        tabs = outbox_tabs(session, address, actor.language)
        try:
            mail = mail_view(session, address.mail, actor, actor.language) if address.mail else MailView()
        except NotFound:
            mail = MailView()
        return page, tabs, mail
