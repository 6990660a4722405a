"""Settings of the shop: who it is, its invoices and numbers, its languages, its mails.

For the owner alone (INV-1, INV-2, L-3, M-4).
"""

from collections.abc import Callable, Collection, Mapping

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Company
from backoffice_app.domain.invoicing.ready import what_seller_lacks
from backoffice_app.domain.invoicing.waiting import issue_waiting
from backoffice_app.gateways.smtp import server_of
from backoffice_app.i18n import _, countries, named_codes
from backoffice_app.settings import settings
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, put
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_parts, subject
from backoffice_app.state.unsaved import TICKED, Unsaved

SETTINGS = subject("settings")
OFFER = "offer-"
"""Begins the name of the check box of a language that is offered."""
PAGES = {
    "company": ("company",),
    "administration": ("administration", domain.SERIES),
    "languages": ("regional",),
    "mail": ("mailing", domain.FOOTERS.key, domain.MAILSERVER.key),
}
"""The last part of a page's address -> the sections in its form, which have no field of one name."""
Answer = list[EventSpec] | EventSpec | None
Form = dict[str, str]
Save = Callable[[Actor, Form, Form], Form]


class ShopState(Unsaved, rx.State):
    """The forms of all sections as they were read, and what is typed into that of the page and not saved."""

    ready: bool = False
    """Whether the settings were read once; skeletons stand in their place until then."""
    shown: dict[str, dict[str, str]] = domain.first_forms()
    """Section -> field -> what its form starts with."""
    following: dict[str, str] = {}
    """Number series -> the number that comes next."""
    countries: list[list[str]] = []
    currencies: list[list[str]] = []
    """What can be chosen, as [code, name] in the language of the tab: all names in all languages would weigh more than
    the page.
    """
    lacking: str = ""
    """What the company's data lack for an invoice; "" while they suffice."""
    has_orders: bool = False
    waiting: int = 0
    """How many invoices wait for something that is missing."""
    server: str = ""
    """The mail server of the environment, without user and password; "" if it names none, "?" if its address can't be
    read.
    """
    secrets: dict[str, str] = {}
    """Which secrets are kept or lost, by section/field; never what they are."""
    seen: dict[str, dict[str, str]] = {}
    """What the open forms say besides what is typed, section by section: a save changes the fields that say something
    else, and brings along what this page showed.
    """

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The settings as they are now, and what was typed and not saved."""
        before = self.shown, dict(self.typed)
        self._clear(list(self._reasons), (await actor_of(self)).language)
        await self._read()
        page = path_parts(self)[-1]
        await self._begin(page if page in PAGES else "")
        if before != (self.shown, dict(self.typed)) or self.seen != self.shown:
            self.fresh += 1
        self.seen = self.shown

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """What is wrong and what is not saved, said in the language that was chosen just now."""
        actor = await actor_of(self)
        self._name(actor.language)
        self._say(actor.language)
        self._say_wrong(actor.language)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def keep(self, about: str, drawn: int, field: str, text: str) -> None:
        """Keeps what is typed or chosen in the form of the page, so that it outlives the page, the tab and
        the server.
        """
        await self._keep(about, drawn, field, text)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def discard(self, about: str) -> None:  # noqa: ARG002  # the gate judges it
        """Throws away what is typed and not saved."""
        await self._discard()
        await self._read()
        self.seen = self.shown

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
        said = notices.tell(
            _("Invoices issued: {issued}. Still waiting: {waiting}.").format(issued=issued, waiting=waiting)
        )
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
        return await self._save(
            "regional", _saving(domain.REGIONAL), seen, given | {"document_languages": offered}
        )

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_mailing(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves who mails come from."""
        return await self._save("mailing", _saving(domain.MAILING), seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_mailserver(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves where mails are handed over; the tab does not keep the password."""
        return await self._save(domain.MAILSERVER.key, _saving(domain.MAILSERVER), seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save_footers(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the texts at the end of invoices."""
        return await self._save(domain.FOOTERS.key, _saving(domain.FOOTERS), seen, values)

    def _stored(self) -> Mapping[str, str]:
        """The fields of the page's form as they are stored."""
        found: Form = {}
        for section in PAGES.get(self.page, ()):
            found |= _as_asked(section, self.shown[section])
        return found

    def _shown(self) -> Mapping[str, str]:
        found: Form = {}
        for section in PAGES.get(self.page, ()):
            found |= _as_asked(section, {**self.shown[section], **self.seen.get(section, {})})
        return found

    def _hidden(self) -> Collection[str]:
        return {name for section in PAGES.get(self.page, ()) for name in _secrets(section)}

    async def _save(self, section: str, save: Save, seen: Form, values: Form) -> Answer:
        """One domain call; what it refuses stands at its fields and in the bar.

        `seen`: what this section's form showed.

        A section that says what it showed is left alone: a page with several saves each of them.
        """
        actor, asked = await actor_of(self), _as_asked(section, self.shown[section])
        self._clear([*domain.SECTIONS[section].field_labels, *asked], actor.language)
        secrets = _secrets(section)
        if (
            seen
            and all(values.get(name, shown) == shown for name, shown in seen.items())
            and not any(map(values.get, secrets))
        ):
            return None
        try:
            given = await act(save, actor, values, dict(seen))
        except (Invalid, Refused) as no:
            self._object(actor, await self._told_by(actor, no))
            overtaken = {
                one.field: one.stored
                for one in (no, *getattr(no, "others", ()))
                if isinstance(one, Meanwhile)
            }
            self.seen = {**self.seen, section: {**seen, **overtaken}}
            return None
        await self._is_saved({name: str(values.get(name) or "") for name in asked}, secrets)
        is_read = await reread(self._read)
        self.seen = {**self.seen, section: {**seen, **given}}
        saved = notices.tell(_("Saved."))
        return saved if is_read else [saved, notices.unread("")]

    def _name(self, language: str) -> None:
        """What can be chosen is named in `language`, and so is what the company's data lack."""
        lacking = what_seller_lacks(Company.model_validate(self.shown["company"])) if self.ready else None
        self.lacking = lacking.in_language(language) if lacking else ""
        found = {"countries": named_codes(countries(), "territories", language)}
        put(self, {**found, "currencies": named_codes(domain.currencies(), "currencies", language)})

    async def _read(self) -> None:
        actor = await actor_of(self)
        page = await look(domain.settings_page, actor)
        self.shown, self.following, self.has_orders = page.forms, page.following, page.has_orders
        self.waiting, self.secrets = page.waiting, page.secrets
        self.server, self.ready = _server(), True
        self._name(actor.language)


def _as_asked(section: str, texts: Form) -> Form:
    """A section as its form says it: each language that is offered has a box of its own."""
    if section != domain.REGIONAL.key:
        return dict(texts)
    offered = texts["document_languages"].split(",")
    boxes = {OFFER + code: TICKED if code in offered else "" for code in LANGUAGES}
    return {name: text for name, text in texts.items() if name != "document_languages"} | boxes


def _secrets(section: str) -> Collection[str]:
    return domain.SECTIONS[section].secrets


def _saving(section: domain.Section) -> Save:
    return lambda actor, values, seen: domain.save(actor, section, values, seen)


def _server() -> str:
    """The environment's mail server: host, port, how its line is secured; no user, no password, no error that could
    repeat them (M-4).
    """
    if not settings().smtp_url:
        return ""
    try:
        server = server_of(settings().smtp_url)
    except ValueError:
        return "?"
    return f"{server.host}:{server.port}" + {"starttls": " (STARTTLS)", "tls": " (TLS)"}.get(server.tls, "")
