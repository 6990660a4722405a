"""The outbox: its list, whose state is the address, and the one mail that is open (M-3 to M-5)."""

from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.mail import act_on_mail
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.mail.queries import MailView, OutboxAddress, OutboxPage, mail_view, outbox_page, outbox_tabs
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.subjects import subject

LARGEST = 2**62
MAIL = subject("mail", lambda state, _actor: str(_address_of(state.router.url.query_parameters).mail))


class OutboxState(rx.State):
    """One page of the outbox as its address says, and the mail that is open."""

    ready: bool = False
    """Whether the list was read once; skeletons stand in its place until then."""
    rows: list[list[str]] = []
    tabs: list[list[str]] = []
    """The filters by state: key, word, how many, address."""
    state: str = ""
    text: str = ""
    first: str = ""
    """The address of the first page, "" on it."""
    older: str = ""
    closed: str = "/outbox"
    """The address of this page without an open mail."""
    mail: MailView = MailView()
    opened: str = ""
    """The id of the mail that was opened last: its link gets the focus back."""
    _address: OutboxAddress = OutboxAddress()

    @rx.event
    @needs(Right.MAIL)
    async def load(self) -> None:
        """The list and the mail that the address asks for; from now on the tab follows what happens in the outbox."""
        self._address = self._shown_address()
        self.state, self.text, self.mail = self._address.state, self._address.text, MailView()
        self.first = self._address.url(before=0, mail=0) if self._address.before else ""
        self.closed = self._address.url(mail=0)
        self.opened = str(self._address.mail) if self._address.mail else self.opened
        await self._read()
        hub.watch(self, "outbox", OutboxState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.MAIL)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._read()

    @rx.event(supersedes=True)
    @needs(Right.MAIL)
    async def search(self, text: str) -> EventSpec:
        """The list of what belongs to an order number or an e-mail address; the address changes, and with it the list."""
        return rx.redirect(replace(self._shown_address(), text=str(text)[:200].strip(), before=0, mail=0).url(), replace=True)

    @rx.event(temporal=True)
    @needs(Right.MAIL)
    @changes(MAIL)
    async def act(self, verb: str, about: str) -> list[EventSpec]:
        """Does to the mail that `about` says what its button says, closes it and says what was done; the domain judges the rules."""
        shown = Shown.parse(about)
        try:
            said = notices.tell(await act(act_on_mail, await actor_of(self), verb, number(shown.number), shown.version))
        except Refused as no:
            said = notices.tell(no.reason, notices.REFUSED)
        return [rx.redirect(self._shown_address().url(mail=0)), said]

    @rx.event
    @needs(Right.MAIL)
    async def close(self, stays: bool) -> EventSpec | None:
        """Closes the open mail: the address is that of the list again."""
        return None if stays is True else rx.redirect(self._shown_address().url(mail=0))

    def _shown_address(self) -> OutboxAddress:
        return _address_of(self.router.url.query_parameters)

    async def _read(self) -> None:
        page, self.tabs, self.mail = await look(_look, await actor_of(self), self._address)
        self.rows, self.older, self.ready = page.rows, page.older, True


def _look(actor: Actor, address: OutboxAddress) -> tuple[OutboxPage, list[list[str]], MailView]:
    with reading() as session:
        page = outbox_page(session, address, actor, actor.language)
        tabs = outbox_tabs(session, address, actor.language)
        try:
            mail = mail_view(session, address.mail, actor, actor.language) if address.mail else MailView()
        except NotFound:
            mail = MailView()
        return page, tabs, mail


def _address_of(parameters: object) -> OutboxAddress:
    """The parts of the address as they are meant; whatever does not fit is left out."""
    given = {str(key): str(value) for key, value in dict(parameters).items()}  # type: ignore[call-overload]
    state = given.get("state", "")
    return OutboxAddress(
        state=state if state in set(MailState) else "",
        text=given.get("q", "")[:200].strip(),
        before=number(given.get("before", "")),
        mail=number(given.get("mail", "")),
    )


def number(text: str) -> int:
    """A number in an address; 0 for what is none."""
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and len(text) < 20 else 0
