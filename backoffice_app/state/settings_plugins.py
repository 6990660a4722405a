"""Settings > Plug-ins: what is loaded and what is not, and the settings that plug-ins bring (EXT-1). For the owner alone."""

from dataclasses import dataclass, field

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import RIGHTS, ROLE_NAMES, Actor, KnownRight, Right, Role
from backoffice_app.domain.settings.section import SECTIONS, Section, SectionField, as_texts, load_section
from backoffice_app.i18n import LazyText, _
from backoffice_app.plugins.load import LOADED, Found
from backoffice_app.registry import CORE
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.settings_shop import SETTINGS

Answer = list[EventSpec] | EventSpec | None
SECTION = "section-of-form"
"""The hidden field of a form that names its section."""
ON = "on"
"""What a ticked box is sent as."""


@dataclass(frozen=True)
class PluginView:
    """A plug-in that was found: `adds` says what it brings, `rights` who holds those of its own, `error` why
    it is not loaded.
    """

    key: str = ""
    name: str = ""
    version: str = ""
    source: str = ""
    adds: str = ""
    rights: str = ""
    error: str = ""


@dataclass(frozen=True)
class SectionView:
    """A section of the settings that a plug-in brings, with its form."""

    key: str = ""
    title: str = ""
    fields: list[FieldView] = field(default_factory=list)


class PluginsState(rx.State):
    """All plug-ins that were found, and the forms of their settings."""

    ready: bool = False
    """Whether they were read once."""
    found: list[PluginView] = []
    sections: list[SectionView] = []
    seen: dict[str, str] = {}
    """What the forms showed, by "section/field": a save changes what says something else now."""
    fresh: int = 0
    """Counts up when other values came, so that the forms are drawn anew."""
    wrong_form: str = ""
    wrong_field: str = ""
    wrong: str = ""
    """What the rules or the input object to, in which section and field."""

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """Plug-ins and settings as they are now."""
        self._tell("", "", "")
        await self._read()

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """The same in the language that was chosen just now."""
        await self._read()

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Saves the section that the form names; a refusal stands at its field. `seen`: what the forms of the page showed."""
        actor, section = await actor_of(self), _mine().get(str(values.get(SECTION, "")))
        if section is None:
            return notices.tell(_("There is no such thing."), notices.REFUSED)
        shown = {name: seen[at] for name in section.field_labels if (at := _place(section, name)) in seen}
        try:
            await act(domain.save, actor, section, _given(section, values), shown)
        except (Invalid, Refused) as no:
            self._tell(section.key, no.field if isinstance(no, Invalid) else "", no.reason.in_language(actor.language))
            if isinstance(no, Meanwhile):
                self.seen = {**seen, _place(section, no.field): no.stored}
            return None
        self._tell("", "", "")
        await self._read()
        return notices.tell(_("Saved."))

    def _tell(self, form: str, name: str, reason: str) -> None:
        self.wrong_form, self.wrong_field, self.wrong = form, name, reason

    async def _read(self) -> None:
        actor = await actor_of(self)
        before = self.seen
        self.sections, self.seen = await look(_sections, actor)
        self.found = [_plugin(found, actor.language) for found in LOADED.values()]
        self.fresh += before != self.seen
        self.ready = True


def _mine() -> dict[str, Section]:
    """The sections that plug-ins bring."""
    return {key: one for key, one in SECTIONS.items() if SECTIONS.owner_of(key) != CORE and one.model}


def _place(section: Section, name: str) -> str:
    return f"{section.key}/{name}"


def _sections(actor: Actor) -> tuple[list[SectionView], dict[str, str]]:
    with reading() as session:
        stored = {key: as_texts(load_section(session, one)) for key, one in _mine().items()}
    language = actor.language
    views = [
        SectionView(key, one.label.in_language(language), [_field(asked, stored[key], language) for asked in one.fields()])
        for key, one in _mine().items()
    ]
    return views, {_place(one, name): text for key, one in _mine().items() for name, text in stored[key].items()}


def _field(asked: SectionField, shown: dict[str, str], language: str) -> FieldView:
    label, value = asked.label.in_language(language), shown[asked.name]
    if asked.kind == "yes-no":
        return FieldView(asked.name, label, "yes or no", ON if value == "yes" else "")
    if asked.kind == "choice":
        return FieldView(asked.name, label, "choice", value, options=[[choice, choice] for choice in asked.choices])
    return FieldView(asked.name, label, "text", value)


def _given(section: Section, values: dict[str, str]) -> dict[str, str]:
    """The form as the section reads it: a box that is not ticked is not sent."""
    boxes = {one.name for one in section.fields() if one.kind == "yes-no"}
    texts = {str(name): str(value) for name, value in values.items() if value is not None and name not in boxes}
    return texts | {name: "yes" if values.get(name) else "no" for name in boxes}


def _right(known: KnownRight, language: str) -> str:
    """What a right of a plug-in allows, and the roles that hold it."""
    roles = [ROLE_NAMES[role].in_language(language) for role in Role if role in known.roles]
    return _("{right}: {roles}").format(right=known.label, roles=", ".join(roles)).in_language(language)


def _plugin(found: Found, language: str) -> PluginView:
    about = found.about
    adds = [f"{kind}: {', '.join(keys)}" for kind, keys in found.parts.items()]
    error: LazyText = _("It is not loaded. {reason}").format(reason=f"{found.error} {found.where}".strip())
    return PluginView(
        found.key,
        about.name if about else found.key,
        about.version if about else "",
        found.source,
        "; ".join(adds),
        "; ".join(_right(RIGHTS[value], language) for value in RIGHTS if RIGHTS.owner_of(value) == found.key),
        error.in_language(language) if found.error else "",
    )
