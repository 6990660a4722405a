"""The registry of settings: a section is a typed class; its form, its checks and its history follow from it (AUD-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Field, create_model
from sqlmodel import Session

from backoffice_app.domain.core.actions import Done, Input, action, perform
from backoffice_app.domain.core.errors import Invalid, all_at_once, noting
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.meanwhile import Meanwhile, changes_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS, Shop, save_section
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.settings.checks import Check, is_number, line, one_of, paragraphs, secret
from backoffice_app.i18n import LazyText, _
from backoffice_app.kept_secrets import forget, keep, secret_fields
from backoffice_app.models import Setting
from backoffice_app.registry import Registry

SEEN = "seen"
"""The field of an action's input that says what was shown of the others."""
YES_NO = ("yes", "no")
"""How a form says what is true or false."""
Texts = dict[str, str]
Given = Mapping[str, str]
Labels = Mapping[str, LazyText] | Callable[[], Mapping[str, LazyText]]
Judge = Callable[[Work, Texts], None]
FieldKind = Literal["text", "number", "choice", "yes-no", "several", "secret"]


@dataclass(frozen=True)
class SectionField:
    """A field of a section, as its form is drawn: `choices` of a choice or a yes-no."""

    name: str
    label: LazyText
    kind: FieldKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Section:
    """A section of the settings.

    `model`: its typed class, with a default for each field; None where no row of `setting` holds it.

    A field of the type `Secret` is never shown: its form starts empty, and what is left empty stays. The history says
    that it was changed. `checks`: field -> what is checked besides its type. `judge`: what is asked in the transaction
    that saves, of the changes by field; it may add what follows from them.
    """

    key: str
    label: LazyText
    model: type[BaseModel] | None
    labels: Labels
    checks: Mapping[str, Check]
    judge: Judge | None = None

    @property
    def field_labels(self) -> Mapping[str, LazyText]:
        """Field -> label."""
        return self.labels() if callable(self.labels) else self.labels

    def fields(self) -> list[SectionField]:
        """The fields in the order of the class."""
        return (
            [_field(self.typed, name, label) for name, label in self.field_labels.items()]
            if self.model
            else []
        )

    @property
    def typed(self) -> type[BaseModel]:
        """The class of its values. Raises ValueError where no row holds them."""
        if self.model is None:
            raise ValueError(f"The section {self.key!r} has no class of its own.")
        return self.model

    @property
    def action(self) -> str:
        """The key of the action that saves it."""
        return f"save-{self.key}"

    @property
    def secrets(self) -> frozenset[str]:
        """The fields whose values are never shown."""
        return secret_fields(self.model) if self.model else frozenset()

    def check(self, name: str) -> Check:
        """What is checked of a field: the check that was given, else the one of its type."""
        return self.checks.get(name) or _check_of(_field(self.typed, name, self.field_labels[name]))


SECTIONS: Registry[Section] = Registry("section of the settings")
"""Key -> section."""


def section(
    key: str,
    label: LazyText,
    model: type[BaseModel] | None,
    *,
    labels: Labels,
    checks: Mapping[str, Check] | None = None,
    judge: Judge | None = None,
) -> Section:
    """Registers a section, and the action that saves it; returns the section.

    Raises ValueError for a key that is taken, fields and labels that differ, a field without default, a check of a
    field that is not there, or a field of several values without a check.
    """
    made = Section(key, label, model, labels, dict(checks or {}), judge)
    if model and (wrong := sorted(model.model_fields.keys() ^ made.field_labels.keys())):
        raise ValueError(
            f"The section {key!r} needs each field with a label, and no other: {', '.join(wrong)}."
        )
    if model and (bare := sorted(name for name, one in model.model_fields.items() if one.is_required())):
        raise ValueError(
            f"The section {key!r} needs a default for {', '.join(bare)}: a shop begins with nothing stored."
        )
    if unknown := sorted(made.checks.keys() - made.field_labels.keys()):
        raise ValueError(f"The section {key!r} checks fields that it does not have: {', '.join(unknown)}.")
    for one in made.fields():
        if one.kind == "several" and one.name not in made.checks:
            raise ValueError(
                f"The section {key!r} needs a check for {one.name}: nothing says which values it takes."
            )
    if SEEN in made.field_labels:
        raise ValueError(f"The section {key!r} can't have a field {SEEN!r}: what a form showed is called so.")
    SECTIONS.add(key, made)
    if model:
        _add_action(made)
    return made


def section_label(key: str) -> LazyText | str:
    """The name of a section; one that is no longer known reads as it was stored."""
    return SECTIONS[key].label if key in SECTIONS else key


def field_label(key: str, name: str) -> LazyText | str:
    """The name of a field; one that is no longer known reads as it was stored."""
    return SECTIONS[key].field_labels.get(name, name) if key in SECTIONS else name


@fact
class SettingsChanged(Fact):
    """The owner changed one field of a section; `old` and `new` as text, "" for none (AUD-1)."""

    about: ClassVar[About] = About.SETTINGS
    section: str
    field: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        entered, removed = (
            _("{actor} entered {field} ({section}): {new}."),
            _("{actor} removed {field} ({section}): {old}."),
        )
        text = _("{actor} changed {field} ({section}) from {old} to {new}.")
        return (entered if not self.old else removed if not self.new else text).format(
            field=field_label(self.section, self.field),
            section=section_label(self.section),
            old=self.old,
            new=self.new,
        )


@fact
class SecretChanged(Fact):
    """The owner entered or removed a secret of a section; neither the former nor the new one is told (AUD-1)."""

    about: ClassVar[About] = About.SETTINGS
    section: str
    field: str
    is_set: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} entered {field} ({section}).")
            if self.is_set
            else _("{actor} removed {field} ({section}).")
        )
        return text.format(field=field_label(self.section, self.field), section=section_label(self.section))


def load_section(session: Session, wanted: Section) -> Any:
    """What is stored of a section now, as its typed class; its defaults where nothing is."""
    row = session.get(Setting, wanted.key)
    return wanted.typed.model_validate_json(row.value) if row else wanted.typed()


def save(actor: Actor, wanted: Section, values: Given, seen: Given) -> Texts:
    """Does the action of a section with the fields of its form; the values in the form they are kept in.
    Raises as the action.

    `seen`: what the form showed; a field that still says it is left alone.
    """
    given = {name: values[name] for name in wanted.field_labels if name in values}
    perform(actor, wanted.action, 0, {**given, SEEN: dict(seen)}, subject=SETTINGS)
    return all_checked(
        {name: value for name, value in given.items() if name not in wanted.secrets}, wanted.check
    )


class SaveSection(Input):
    """Fields of a section that are to change; those that are left out stay.

    `seen`: what was shown of them, if anything was. A field that still says it is left alone, and what a
    colleague saved meanwhile is
    not overwritten.
    """

    seen: dict[str, str] = Field(default_factory=dict)


class SaveSecretSection(SaveSection):
    """The same of a section that holds secrets, which are taken as they were typed."""

    model_config = {"str_strip_whitespace": False}


def _add_action(made: Section) -> None:
    """Registers the action `save-<key>`: its input has a text for each field of the section."""
    typed = {
        name: (Annotated[str | None, BeforeValidator(_as_sent), Asked(label)], None)
        for name, label in made.field_labels.items()
    }
    model = _input_of(made, typed)

    def run(w: Work, _shop: Shop, data: SaveSection) -> Done:
        """Save what differs from what is stored now, and nothing else. Each changed field has a line in the
        history.
        """
        given = {name: value for name in made.field_labels if (value := getattr(data, name)) is not None}
        if not given:
            raise Invalid("", _("Say which fields are to change, and to what."))
        kept, wrong = _checked_each(given, made.check)
        if wrong:
            all_at_once([*wrong, *_judged_beside(w, made, kept, data.seen)])
        return _save(w, made, kept, data.seen)

    label = _("Save {section}").format(section=made.label)
    action(
        subject=SETTINGS,
        key=made.action,
        label=label,
        right=Right.SETTINGS,
        why_not=nothing_against,
        input=model,
    )(run)


def _input_of(made: Section, typed: Mapping[str, Any]) -> type[SaveSection]:
    """The input with a field for each of `typed`, annotation and default."""
    name = "".join(word.capitalize() for word in made.action.split("-"))
    base = SaveSecretSection if made.secrets else SaveSection
    model = _created(name, base, typed)
    model.verbatim = made.secrets
    return model


def _created(name: str, base: type[SaveSection], typed: Mapping[str, Any]) -> type[SaveSection]:
    return create_model(name, __base__=base, __doc__=SaveSection.__doc__, **typed)


def nothing_against(_shop: Shop) -> None:
    """The settings can be changed at any time."""


def _judged_beside(w: Work, wanted: Section, kept: Texts, seen: Given) -> list[Invalid]:
    """What the judge of a section has against the fields that are right by themselves, where others are wrong: nobody
    mends one field to hear of the next. Of a section with secrets it is not asked, as those are part of its answer.
    """
    if wanted.judge is None or wanted.secrets:
        return []
    try:
        wanted.judge(w, changes_of(kept, seen, as_texts(load_section(w.session, wanted))))
    except Invalid as no:
        return [] if no.field not in kept else [no]
    return []


def _save(w: Work, wanted: Section, given: Texts, seen: Given) -> Done:
    """Raises Invalid naming the field, Meanwhile where a colleague saved another value since it was seen."""
    stored: BaseModel = load_section(w.session, wanted)
    now, hidden = as_texts(stored), wanted.secrets
    changed = changes_of(given, seen, now)
    if typed := {name: given[name] for name in hidden if given.get(name)}:
        _require_as_sent(given, now | changed)
        changed |= typed
    if wanted.judge:
        wanted.judge(w, changed)
    if changed:
        several = {one.name for one in wanted.fields() if one.kind == "several"}
        kept = {
            name: keep(changed[name]) if changed[name] and w.keeps else "" for name in hidden & changed.keys()
        }
        for name in kept:
            w.when_committed(partial(forget, getattr(stored, name)))
        values = {name: new.split(",") if name in several else new for name, new in changed.items()} | kept
        save_section(w.session, wanted.key, type(stored).model_validate(stored.model_dump() | values))
    for name, new in changed.items():
        told = (
            SecretChanged(wanted.key, name, bool(new))
            if name in hidden
            else SettingsChanged(wanted.key, name, now[name], new)
        )
        w.record((SETTINGS, 0), told)
    return Done(_("Saved."), changed=bool(changed))


def _require_as_sent(given: Given, saved: Given) -> None:
    """Raises Meanwhile where a colleague changed what a secret was typed for, such as the server of a password."""
    for name, value in given.items():
        if saved.get(name, value) != value:
            raise Meanwhile(name, saved[name])


def _as_sent(value: object) -> object:
    """A value of JSON as a form would say it: true as "yes", a number or a list as text."""
    return _as_text(value) if isinstance(value, bool | int | list) else value


def as_texts(stored: BaseModel) -> Texts:
    """A section as its form shows it: without secrets."""
    return {
        name: _as_text(value)
        for name, value in stored.model_dump(mode="json", exclude=set(secret_fields(type(stored)))).items()
    }


def checked(name: str, check: Check, value: str) -> str:
    """A typed value as it is kept. Raises Invalid naming the field."""
    try:
        return check(value if check in (secret, paragraphs) else line(value))
    except Invalid as no:
        raise Invalid(name, no.reason) from None


def all_checked(given: Given, check_of: Callable[[str], Check]) -> Texts:
    """The typed values as they are kept, by field.

    Raises Invalid naming a field, with the others that are wrong beside it.
    """
    kept, wrong = _checked_each(given, check_of)
    all_at_once(wrong)
    return kept


def _checked_each(given: Given, check_of: Callable[[str], Check]) -> tuple[dict[str, str], list[Invalid]]:
    """The typed values as they are kept, and what is wrong with the others."""
    kept, wrong = dict[str, str](), list[Invalid]()
    for name, value in given.items():
        with noting(wrong):
            kept[name] = checked(name, check_of(name), value)
    return kept, wrong


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _field(model: type[BaseModel], name: str, label: LazyText) -> SectionField:
    kind = model.model_fields[name].annotation
    if name in secret_fields(model):
        return SectionField(name, label, "secret")
    if kind is bool:
        return SectionField(name, label, "yes-no", YES_NO)
    if kind is int:
        return SectionField(name, label, "number")
    if get_origin(kind) is Literal:
        return SectionField(name, label, "choice", get_args(kind))
    if get_origin(kind) in {tuple, list}:
        return SectionField(name, label, "several")
    return SectionField(name, label, "text")


def _check_of(wanted: SectionField) -> Check:
    if wanted.choices:
        return one_of(wanted.choices)
    if wanted.kind == "secret":
        return secret
    return _whole_number if wanted.kind == "number" else line


def _whole_number(value: str) -> str:
    if not is_number(value, 9):
        raise Invalid("", _("Write a whole number."))
    return str(int(value))
