"""Settings > Plug-ins: what is loaded and what is not, and the settings that plug-ins bring (EXT-1).

For the owner alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import RIGHTS, ROLE_NAMES, Actor, KnownRight, Right, Role
from backoffice_app.domain.core.shop import SETTINGS as SUBJECT
from backoffice_app.domain.settings.section import SECTIONS, Section, SectionField, as_texts, load_section
from backoffice_app.i18n import LazyText, _
from backoffice_app.plugins.load import LOADED, Found
from backoffice_app.registry import CORE, named_parts_of
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.settings_shop import SETTINGS
from backoffice_app.state.unsaved import TICKED, Unsaved

Answer = list[EventSpec] | EventSpec | None
PAGE = "plug-ins"
"""The page, as events say it that are about it."""
PASSWORD = "password"  # noqa: S105  # a control
SEEN: dict[str, LazyText] = {
    "page of plain data": _("Pages"),
    "tab of the order window": _("Tabs of orders"),
    "block of the order window": _("Blocks of orders"),
    "action": _("Actions"),
    "column of the order list": _("Columns of the order list"),
    "filter of the order list": _("Filters of the order list"),
    "view of the order list": _("Views of the order list"),
    "mail kind": _("Mails"),
    "remark of the packing slip": _("Remarks on packing slips"),
    "document kind": _("Documents"),
    "payment method": _("Payment methods"),
    "shipping method": _("Shipping methods"),
    "carrier": _("Carriers"),
    "section of the settings": _("Settings"),
}
"""Kinds of parts that people see -> what they are called to the owner of the shop."""
LEAVE = _("It is never shown. Leave this empty to keep it.")


@dataclass(frozen=True)
class PluginView:
    """A plug-in that was found: `description` says what it is for, `adds` what it brings, a line for each kind of part
    that people see, `rights` who holds those of its own, `error` why it is not loaded.
    """

    key: str = ""
    name: str = ""
    version: str = ""
    source: str = ""
    description: str = ""
    adds: list[str] = field(default_factory=list)
    rights: str = ""
    error: str = ""


@dataclass(frozen=True)
class SectionView:
    """A section of the settings that a plug-in brings, with its fields, which are called "section/field"."""

    key: str = ""
    title: str = ""
    fields: list[FieldView] = field(default_factory=list)


class PluginsState(Unsaved, rx.State):
    """All plug-ins that were found, and the form of their settings."""

    ready: bool = False
    """Whether they were read once."""
    found: list[PluginView] = []
    sections: list[SectionView] = []
    seen: dict[str, str] = {}
    """What the form showed, by "section/field": a save changes what says something else now."""

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """Plug-ins and settings as they are now, and what was typed and not saved."""
        before = dict(self.seen), dict(self.typed)
        self._clear(list(self._reasons), (await actor_of(self)).language)
        self.seen = await self._read()
        await self._begin(PAGE)
        self.fresh += before != (self.seen, dict(self.typed))

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """The same in the language that was chosen just now."""
        language = (await actor_of(self)).language
        await self._read()
        self._say(language)
        self._say_wrong(language)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def keep(self, about: str, drawn: int, field: str, text: str) -> None:
        """Keeps what is typed or chosen in the form, so that it outlives the page, the tab and the server."""
        await self._keep(about, drawn, field, text)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def discard(self, about: str) -> None:  # noqa: ARG002  # the gate judges it
        """Throws away what is typed and not saved."""
        await self._discard()
        self.seen = await self._read()

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the sections that changed; what is refused stands at its fields. `seen`: what the form showed."""
        actor, is_saved = await actor_of(self), False
        for section in _mine().values():
            given, shown = _given(section, values), _of(section, seen)
            self._clear([_place(section, name) for name in section.field_labels], actor.language)
            if (
                shown
                and all(given.get(name, text) == text for name, text in shown.items())
                and not any(map(given.get, section.secrets))
            ):
                continue
            try:
                kept = await act(domain.save, actor, section, given, shown)
            except (Invalid, Refused) as no:
                await self._refuse(actor, section, no, seen)
                continue
            is_saved = True
            self.seen = {**self.seen, **seen, **{_place(section, name): text for name, text in kept.items()}}
            said = {
                _place(section, name): _as_asked(section, name, text)
                for name, text in given.items()
                if name not in section.secrets
            }
            await self._is_saved(said, [_place(section, name) for name in section.secrets])
        await self._read()
        return notices.tell(_("Saved.")) if is_saved else None

    def _stored(self) -> Mapping[str, str]:
        """The fields of the form as they are stored."""
        return {
            asked.name: asked.value
            for section in self.sections
            for asked in section.fields
            if asked.kind != PASSWORD
        }

    def _shown(self) -> Mapping[str, str]:
        shown = {
            _place(one, name): _as_asked(one, name, text)
            for one in _mine().values()
            for name, text in _of(one, self.seen).items()
        }
        return {**self._stored(), **shown}

    def _hidden(self) -> Collection[str]:
        return [asked.name for section in self.sections for asked in section.fields if asked.kind == PASSWORD]

    async def _refuse(
        self, actor: Actor, section: Section, no: Invalid | Refused, seen: dict[str, str]
    ) -> None:
        found = await self._told_by(actor, no)
        self._object(actor, {_place(section, name) if name else "": reason for name, reason in found.items()})
        overtaken = {
            _place(section, one.field): one.stored
            for one in (no, *getattr(no, "others", ()))
            if isinstance(one, Meanwhile)
        }
        self.seen = {**self.seen, **seen, **overtaken}

    async def _read(self) -> dict[str, str]:
        """What is stored now, as `seen` would say it of fields that are drawn anew."""
        actor = await actor_of(self)
        self.sections, stored = await look(_sections, actor)
        self.found = [_plugin(found, actor.language) for found in LOADED.values()]
        self.ready = True
        return stored


def _mine() -> dict[str, Section]:
    """The sections that plug-ins bring."""
    return {key: one for key, one in SECTIONS.items() if SECTIONS.owner_of(key) != CORE and one.model}


def _place(section: Section, name: str) -> str:
    return f"{section.key}/{name}"


def _of(section: Section, seen: Mapping[str, str]) -> dict[str, str]:
    """What the form showed of a section, by field."""
    return {name: seen[at] for name in section.field_labels if (at := _place(section, name)) in seen}


def _as_asked(section: Section, name: str, text: str) -> str:
    """A value as the form says it: a box is ticked or not."""
    is_box = any(one.name == name and one.kind == "yes-no" for one in section.fields())
    return (TICKED if text == "yes" else "") if is_box else text


def _sections(actor: Actor) -> tuple[list[SectionView], dict[str, str]]:
    with reading() as session:
        stored = {key: as_texts(load_section(session, one)) for key, one in _mine().items()}
    language = actor.language
    views = [
        SectionView(
            key,
            one.label.in_language(language),
            [_field(one, asked, stored[key], language) for asked in one.fields()],
        )
        for key, one in _mine().items()
    ]
    return views, {
        _place(one, name): text for key, one in _mine().items() for name, text in stored[key].items()
    }


def _field(section: Section, asked: SectionField, shown: dict[str, str], language: str) -> FieldView:
    name, label, value = (
        _place(section, asked.name),
        asked.label.in_language(language),
        shown.get(asked.name, ""),
    )
    if asked.kind == "secret":
        return FieldView(name, label, PASSWORD, hint=LEAVE.in_language(language))
    if asked.kind == "yes-no":
        return FieldView(name, label, "yes or no", _as_asked(section, asked.name, value))
    if asked.kind == "choice":
        return FieldView(name, label, "choice", value, options=[[choice, choice] for choice in asked.choices])
    return FieldView(name, label, "text", value)


def _given(section: Section, values: Mapping[str, str]) -> dict[str, str]:
    """The form as the section reads it: a box that is not ticked is not sent."""
    given = {}
    for one in section.fields():
        sent = values.get(_place(section, one.name))
        if one.kind == "yes-no":
            given[one.name] = "yes" if sent else "no"
        elif sent is not None:
            given[one.name] = str(sent)
    return given


def _right(known: KnownRight, language: str) -> str:
    """What a right of a plug-in allows, and the roles that hold it."""
    roles = [ROLE_NAMES[role].in_language(language) for role in Role if role in known.roles]
    return _("{right}: {roles}").format(right=known.label, roles=", ".join(roles)).in_language(language)


def _adds(plugin: str, language: str) -> list[str]:
    """What a plug-in brings that people see, a line for each kind: "Pages: Gift cards"."""
    named = named_parts_of(plugin, language)
    lines = []
    for kind, word in SEEN.items():
        if not (names := _seen_of(kind, named.get(kind, {}))):
            continue
        listed = ", ".join(dict.fromkeys(name for name in names if name))
        said = _("{kind}: {names}").format(kind=word, names=listed) if listed else word
        lines.append(said.in_language(language))
    return lines


def _seen_of(kind: str, named: Mapping[str, str]) -> list[str]:
    """The names without those of the actions that save settings, which are a form and no button."""
    is_form = {key for key in named if kind == ACTIONS.kind and ACTIONS[key].subject is SUBJECT}
    return [name for key, name in named.items() if key not in is_form]


def _plugin(found: Found, language: str) -> PluginView:
    about = found.about
    reason = f"{found.error} {found.where}".strip()
    error: LazyText = _("It is not loaded. {reason}").format(reason=reason)
    return PluginView(
        found.key,
        about.name if about else found.key,
        about.version if about else "",
        found.source,
        LazyText(about.description).in_language(language) if about and about.description else "",
        [] if found.error else _adds(found.key, language),
        "; ".join(_right(RIGHTS[value], language) for value in RIGHTS if RIGHTS.owner_of(value) == found.key),
        error.in_language(language) if found.error else "",
    )
