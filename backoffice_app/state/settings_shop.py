"""Settings of the shop: who it is, its invoices and numbers, its languages, its mails. For the owner alone (INV-1, INV-2, L-3, M-4)."""

from collections.abc import Callable

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.invoicing.waiting import issue_waiting
from backoffice_app.gateways.smtp import server_of
from backoffice_app.i18n import LazyText, _, countries, named_codes
from backoffice_app.settings import settings
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, put
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import subject

SETTINGS = subject("settings")
OFFER = "offer-"
"""Begins the name of the check box of a language that is offered."""
Answer = list[EventSpec] | EventSpec | None
Form = dict[str, str]
Save = Callable[[Actor, Form, Form], Form]


class ShopState(rx.State):
    """The forms of all sections as they were read; what is typed stays in the browser until it is saved."""

    ready: bool = False
    """Whether the settings were read once; skeletons stand in their place until then."""
    shown: dict[str, dict[str, str]] = domain.first_forms()
    """Section -> field -> what its form starts with."""
    following: dict[str, str] = {}
    """Number series -> the number that comes next."""
    countries: list[list[str]] = []
    currencies: list[list[str]] = []
    """What can be chosen, as [code, name] in the language of the tab: all names in all languages would weigh more than the page."""
    has_orders: bool = False
    waiting: int = 0
    """How many invoices wait for something that is missing."""
    server: str = ""
    """The mail server, without user and password; "" if none is set, "?" if its address can't be read."""
    fresh: int = 0
    """Counts up when other values came, so that the forms are drawn anew."""
    wrong_form: str = ""
    wrong_field: str = ""
    wrong: str = ""
    """What the rules or the input object to, in which section and field."""
    _reason: LazyText | None = None
    seen: dict[str, dict[str, str]] = {}
    """What the open forms say besides what is typed, section by section: a save changes the fields that say something else, and brings
    along what this page showed."""

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The settings as they are now; where nothing changed, what is typed stays."""
        before = self.shown
        self._tell(await actor_of(self))
        await self._read()
        if before != self.shown or self.seen != self.shown:
            self.fresh += 1
        self.seen = self.shown

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """What is wrong, said in the language that was chosen just now."""
        actor = await actor_of(self)
        self._name(actor.language)
        self.wrong = self._reason.in_language(actor.language) if self._reason else ""

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_company(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the seller's data."""
        return await self._save("company", _saving(domain.COMPANY), seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_administration(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves when invoices are made and what they promise."""
        return await self._save("administration", _saving(domain.ADMINISTRATION), seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def issue_waiting(self, about: str) -> Answer:  # noqa: ARG002  # the gate judges it
        """Issues the invoices that waited and lack nothing any more."""
        actor = await actor_of(self)
        try:
            issued, waiting = await act(issue_waiting, actor)
        except Refused as no:
            return notices.tell(no.reason, notices.REFUSED)
        is_read = await reread(self._read)
        said = notices.tell(_("Invoices issued: {issued}. Still waiting: {waiting}.").format(issued=issued, waiting=waiting))
        return said if is_read else [said, notices.unread("")]

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_starts(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the first numbers."""
        return await self._save(domain.SERIES, domain.save_starts, seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_regional(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves languages, currency and time zone; each language that is offered comes as a check box of its own."""
        given = values
        offered = ",".join(code for code in LANGUAGES if given.get(OFFER + code))
        return await self._save("regional", _saving(domain.REGIONAL), seen, given | {"document_languages": offered})

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_mailing(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves who mails come from."""
        return await self._save("mailing", _saving(domain.MAILING), seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_footers(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the texts at the end of invoices."""
        return await self._save(domain.FOOTERS.key, _saving(domain.FOOTERS), seen, values)

    async def _save(self, section: str, save: Save, seen: Form, values: Form) -> Answer:
        """One domain call; a refusal stands at its field and beside the button. `seen`: what this section's form showed."""
        actor = await actor_of(self)
        try:
            given = await act(save, actor, values, dict(seen))
        except (Invalid, Refused) as no:
            self._tell(actor, no.reason, section, no.field if isinstance(no, Invalid) else "")
            if isinstance(no, Meanwhile):
                self.seen = {**self.seen, section: {**seen, no.field: no.stored}}
            return None
        self._tell(actor)
        is_read = await reread(self._read)
        self.seen = {**self.seen, section: {**seen, **given}}
        saved = notices.tell(_("Saved."))
        return saved if is_read else [saved, notices.unread("")]

    def _tell(self, actor: Actor, reason: LazyText | None = None, form: str = "", name: str = "") -> None:
        self._reason, self.wrong_form, self.wrong_field = reason, form, name
        self.wrong = reason.in_language(actor.language) if reason else ""

    def _name(self, language: str) -> None:
        """What can be chosen is named in `language`."""
        found = {"countries": named_codes(countries(), "territories", language)}
        put(self, {**found, "currencies": named_codes(domain.currencies(), "currencies", language)})

    async def _read(self) -> None:
        actor = await actor_of(self)
        page = await look(domain.settings_page, actor)
        self._name(actor.language)
        self.shown, self.following, self.has_orders = page.forms, page.following, page.has_orders
        self.waiting = page.waiting
        self.server, self.ready = _server(), True


def _saving(section: domain.Section) -> Save:
    return lambda actor, values, seen: domain.save(actor, section, values, seen)


def _server() -> str:
    """Host and port of the mail server and how its line is secured; no user, no password, nor an error that could repeat them (M-4)."""
    if not settings().smtp_url:
        return ""
    try:
        server = server_of(settings().smtp_url)
    except ValueError:
        return "?"
    return f"{server.host}:{server.port}" + {"starttls": " (STARTTLS)", "tls": " (TLS)"}.get(server.tls, "")
