"""How a person is asked for the input of an action: the fields of a form, drawn from the input model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from sqlmodel import Session

from backoffice_app.domain.core.actions import Input
from backoffice_app.i18n import LazyText

Kind = Literal[
    "text", "long text", "amount", "date", "time", "choice", "suggested", "yes or no", "quantities"
]
Choices = Sequence[tuple[str, str]]
"""What can be chosen: the value and the word of each."""


@dataclass(frozen=True)
class Asked:
    """How a person is asked for a field; it stands in the field's annotation: `Annotated[str, Asked(_("Reason"))]`.

    `kind`: what the type does not say, such as "amount" for money that is typed as text; "suggested" is a text that
    offers what it may be. `choices`: the words of what can be chosen. `offers`: what can be chosen, or is suggested,
    where the database knows it; it is read with a session and a language each time the form is opened.
    A field that is asked otherwise, or never, has none and needs a default.
    """

    label: LazyText
    hint: LazyText | None = None
    kind: Kind | None = None
    choices: Mapping[str, LazyText] = field(default_factory=dict)
    offers: Callable[[Session, str], Choices] | None = None


@dataclass(frozen=True)
class FieldView:
    """A field of a drawn form.

    `options`: (value, word) each, of a choice or of what is suggested; `most`, `what`: of a quantity, as "of 3" and
    "Mug".
    """

    name: str = ""
    label: str = ""
    kind: str = "text"
    value: str = ""
    hint: str = ""
    options: list[list[str]] = field(default_factory=list)
    longest: int = 2_000
    what: str = ""
    most: str = ""


@dataclass(frozen=True)
class LetterView:
    """A mail that a dialog shows before it is sent: to whom, in which language, subject, text, and the names of its
    files.
    """

    recipient: str = ""
    language: str = ""
    language_name: str = ""
    subject: str = ""
    text: str = ""
    files: str = ""
    leaves: str = ""


@dataclass(frozen=True)
class FormView:
    """A form that is drawn from a model: the fields, the action it is for, its title and the word of its button.

    `key`: of the dialog it is in, "" in a block; `which`: the part of the subject it is about; `element`: what gets the
    focus back.
    """

    action: str = ""
    title: str = ""
    submit: str = ""
    fields: list[FieldView] = field(default_factory=list)
    description: str = ""
    key: str = ""
    which: str = ""
    element: str = ""
    hidden: list[list[str]] = field(default_factory=list)
    letter: LetterView = field(default_factory=LetterView)


def stored_in(form: FormView) -> dict[str, str]:
    """What the fields of a form start with, by name, as the form sends them when nothing is changed."""
    return {one.name: one.value or ("off" if one.kind == "yes or no" else "") for one in form.fields}


@dataclass(frozen=True)
class Quantity:
    """A line of which some can be taken: its `rank` in the order, what it is, and how many there are at
    most ("of 3").
    """

    rank: str
    sku: str
    what: str
    most: str


@dataclass(frozen=True)
class Filled:
    """What a form starts with: `values` by field, `choices` as (value, word) where they depend on the subject, lines
    with `quantities`.

    `hidden`: fields that are sent and not asked, such as the number of a shipment. `letter`: the mail that would go, to
    be seen first.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    quantities: Sequence[Quantity] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    letter: LetterView = field(default_factory=LetterView)


def asked_of(info: FieldInfo) -> Asked | None:
    """How a field is asked for, or None if it is not."""
    return next((one for one in info.metadata if isinstance(one, Asked)), None)


def has_labels(model: type[Input]) -> bool:
    """Whether a form can be drawn of a model: each field says how it is asked for, or has a default."""
    return all(asked_of(info) is not None or not info.is_required() for info in model.model_fields.values())


def with_offers(session: Session, model: type[Input], filled: Filled, language: str) -> Filled:
    """What a form starts with, and what the database offers for its fields (`Asked.offers`); one statement for each
    that asks it.
    """
    asking = {info.alias or name: asked_of(info) for name, info in model.model_fields.items()}
    read = {
        name: asked.offers(session, language)
        for name, asked in asking.items()
        if asked is not None
        and asked.offers is not None
        and name not in filled.choices
        and name not in filled.hidden
    }
    return replace(filled, choices={**filled.choices, **read}) if read else filled


def fields_of(model: type[Input], filled: Filled, language: str) -> list[FieldView]:
    """The fields of a form for `model`, in the order of the model and in `language`."""
    found: list[FieldView] = []
    for name, info in model.model_fields.items():
        asked, name = asked_of(info), info.alias or name  # noqa: PLW2901  # a field may be called by a word of Python, such as `return`
        if asked is None or name in filled.hidden:
            continue
        kind = asked.kind or (
            "choice" if asked.offers else _kind_of(info.annotation, is_long=name in model.long_texts)
        )
        label = asked.label.in_language(language)
        if kind == "quantities":
            found += [
                FieldView(f"{name}.{one.rank}", f"{label} {one.sku}", kind, "0", what=one.what, most=one.most)
                for one in filled.quantities
            ]
            continue
        found.append(
            FieldView(
                name,
                label,
                kind,
                filled.values.get(name, _default_of(info)),
                asked.hint.in_language(language) if asked.hint else "",
                _options(name, info.annotation, asked, filled, language)
                if kind in {"choice", "suggested"}
                else [],
                _longest(info),
            )
        )
    return found


def _options(name: str, kind: Any, asked: Asked, filled: Filled, language: str) -> list[list[str]]:
    if name in filled.choices:
        return [[value, word] for value, word in filled.choices[name]]
    values = (
        [str(one.value) for one in kind]
        if isinstance(kind, type) and issubclass(kind, Enum)
        else get_args(_bare(kind))
    )
    return [
        [value, asked.choices[value].in_language(language) if value in asked.choices else value]
        for value in map(str, values)
    ]


def _kind_of(annotation: Any, *, is_long: bool) -> Kind:
    kind = _bare(annotation)
    if kind is bool:
        return "yes or no"
    if kind is date:
        return "date"
    if kind in (Decimal, int):
        return "amount"
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return "choice"
    if get_origin(kind) is dict:
        return "quantities"
    return "long text" if is_long else "text"


def _bare(annotation: Any) -> Any:
    """The type without `Annotated` and without `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _default_of(info: FieldInfo) -> str:
    default = info.get_default(call_default_factory=True) if not info.is_required() else None
    if isinstance(default, bool):
        return "on" if default else ""
    return str(default) if isinstance(default, str | int | Decimal) else ""


def _longest(info: FieldInfo) -> int:
    return next((one.max_length for one in info.metadata if getattr(one, "max_length", None)), 2_000)


def was_sent(key: str, rows: Iterable[Any]) -> bool:
    """Whether the form that is known by `key` made one of these rows already, each with its `key`.

    "" is the key of no form.
    """
    return bool(key) and any(row.key == key for row in rows)
