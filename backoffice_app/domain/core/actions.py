"""What one may do: actions with their right and rule, and the one door they all go through."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from backoffice_app.domain.core.errors import Invalid, NotFound, Overtaken, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.core.wrong_input import invalid_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order


class Input(BaseModel):
    """What an action is told. Unknown fields are refused, texts are stripped and hold no NUL, which PostgreSQL can't keep.

    What nobody sees is taken out of them (`visible`); `long_texts`: fields for whole sentences, which keep their marks of direction.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    long_texts: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _as_seen(cls, value: object, info: ValidationInfo) -> object:
        return visible(value, marks=info.field_name in cls.long_texts) if isinstance(value, str) else value

    @field_validator("*", mode="after")
    @classmethod
    def _without_nul(cls, value: object) -> object:
        if any("\0" in text for text in _texts_in(value)):
            raise Invalid("", _("Holds a character that is no text."))
        return value


def _texts_in(value: object) -> Iterator[str]:
    """All texts in a value, whatever they are held by."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts_in(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in _texts_in(part))


class NoInput(Input):
    """An action that needs to be told nothing."""


@dataclass(frozen=True)
class Undo:
    """The action that takes it back, offered for some seconds (W-21)."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What the person reads afterwards, in the past tense, and how it can be taken back.

    `versions`: that of the order before and after; `perform` fills it in.
    """

    message: LazyText
    undo: Undo | None = None
    changed: bool = True
    versions: tuple[int, int] = (0, 0)


Data = TypeVar("Data", bound=Input)


@dataclass(frozen=True)
class Action(Generic[Data]):
    """One thing one may do to an order, said once for button, bulk, API and tests.

    `why_not`: pure, one loaded order in, the reason or None out; it never queries (ST-3).
    `already`: the answer where it is so already, which is no error.
    `fills`: its form starts with what is there, so what was changed meanwhile must not be overwritten unseen (W-16).
    """

    key: str
    label: LazyText
    right: Right
    why_not: Callable[[Order], LazyText | None]
    run: Callable[[Work, Order, Data], Done]
    input: type[Data]
    already: Callable[[Work, Order], LazyText | None] | None = None
    shortcut: str = ""
    bulk: bool = False
    fills: bool = False


ACTIONS: dict[str, Action[Any]] = {}


def action(
    *,
    key: str,
    label: LazyText,
    right: Right,
    why_not: Callable[[Order], LazyText | None],
    input: type[Data],  # noqa: A002  # reads as the word it is
    already: Callable[[Work, Order], LazyText | None] | None = None,
    shortcut: str = "",
    bulk: bool = False,
    fills: bool = False,
) -> Callable[[Callable[[Work, Order, Data], Done]], Action[Data]]:
    """Registers the function below as the action `key`."""

    def register(run: Callable[[Work, Order, Data], Done]) -> Action[Data]:
        if key in ACTIONS:
            raise ValueError(f"two actions are called {key}")
        made = Action(key, label, right, why_not, run, input, already, shortcut, bulk, fills)
        ACTIONS[key] = made
        return made

    return register


def perform(actor: Actor, key: str, order_id: int, values: Mapping[str, object] | None = None, *, seen: int | None = None) -> Done:
    """Right, input, lock, version, rule, run: in this order, in one transaction.

    `seen`: the version that was shown to whoever acts. What changed since is not acted upon unseen: a form that was filled from it is
    refused before its rule is asked (W-16), a button after that, so that it still reads that it was done already, or why it can't be.
    Raises Refused with the reason, Overtaken for another version, Invalid naming the field, NotFound.
    """
    wanted = ACTIONS.get(key)
    if wanted is None:
        raise NotFound(key)
    actor.require(wanted.right)
    data = parse_input(wanted.input, values or {})
    with work(actor) as w:
        order = w.lock(order_id)
        before, overtaken = order.version, seen is not None and seen != order.version
        if overtaken and wanted.fills:
            raise Overtaken(_("This order was changed meanwhile. Your text is kept: look at the change, then save again."))
        if wanted.already and (answer := wanted.already(w, order)):
            return Done(answer, changed=False, versions=(before, before))
        if reason := wanted.why_not(order):
            raise Refused(reason)
        if overtaken:
            raise Overtaken(_("This order was changed meanwhile, so nothing was done. Look at it, then press again."))
        done: Done = wanted.run(w, order, data)
    return replace(done, versions=(before, order.version))


def parse_input(model: type[Data], values: Mapping[str, object]) -> Data:
    """The values as the action's input. Raises Invalid naming the first field that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid_of(error.errors()[0]) from error
