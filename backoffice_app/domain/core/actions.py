"""What one may do: actions with their right and rule, and the one door they all go through."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from sqlmodel import Session

from backoffice_app.domain.core.errors import Invalid, NotFound, Overtaken, Refused, all_at_once
from backoffice_app.domain.core.rights import Actor, AnyRight
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.subjects import Row, Subject, Version, require_registered
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Figure, Work, work
from backoffice_app.domain.core.wrong_input import invalid_of
from backoffice_app.i18n import LazyText, _, one_after_the_other
from backoffice_app.registry import Registry, require_takes

MOST_WRONG = 50
"""Fields of one input that are named as wrong at once."""


class Input(BaseModel):
    """What an action is told.

    Unknown fields are refused, texts are stripped and hold no NUL, which PostgreSQL can't keep.

    What nobody sees is taken out of them (`visible`); `long_texts`: fields for whole sentences, which keep their marks
    of direction; `verbatim`: those that are taken as they come, such as passwords.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    long_texts: ClassVar[frozenset[str]] = frozenset()
    verbatim: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _as_seen(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str) or info.field_name in cls.verbatim:
            return value
        return visible(value, marks=info.field_name in cls.long_texts)

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


SAID = LazyText("")
"""The message of what needs no words of its own."""


@dataclass(frozen=True)
class Done:
    """What the person reads afterwards, in the past tense, and how it can be taken back.

    `message`: `SAID` where what `Work.say` was told says all. `perform` fills in the rest. `versions`: that of the row
    before and after. `made`: what came of it, by kind ("documents", "mails", "payments", "shipments", "returns"), as
    numbers or ids in text (`Work.made`). `told`: the sentences that `Work.say` was told, one by one; `figures`: what a
    dialog lists beforehand by `preview`.
    """

    message: LazyText
    undo: Undo | None = None
    changed: bool = True
    versions: tuple[Version, Version] = (0, 0)
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: tuple[LazyText, ...] = ()
    figures: tuple[Figure, ...] = ()


Data = TypeVar("Data", bound=Input)
Asking = Literal["nothing", "may", "must"]
"""What an action asks of the person who presses it: nothing; something that may be left out; something it can't do
without.
"""


@dataclass(frozen=True)
class Action(Generic[Row, Data]):
    """One thing that can be done to a subject, said once for button, dialog, palette, bulk, API and tests.

    `why_not`: pure, one loaded row in, the reason or None out; it never queries (ST-3). `why_not_in`: what the shop's
    settings say against it besides, pure too; both are asked by `reason`. `why_not_beside`: what other rows say against
    it, such as those of the customer; it may query, so it is asked last, by `reason_beside`.
    `why_not_unasked`: why it needs the yes of a person (`Work.ask`), so that a run over many rows leaves this one out.
    `already`: the answer where it is so already, which is no error.
    `overwrites`: its form starts with what is there, so what was changed meanwhile must not be overwritten unseen
    (W-16). `even_if_changed`: right whatever changed since the row was shown, as long as its rule allows it.
    `offered`: False for what only an `Undo` or a bulk run does: no button, no palette.
    `bulk`: can be done to many rows at once; the dialog asks once for all, for the fields that have `Asked` (O-5).
    `known`: the answer where this very call was done before, by the key or the reference in its input; that is no error
    either. `even_unready`: also while the subject says that a row is not ready, as a draft is not.
    `locks`: the ids of further rows of the subject that it changes; all are locked in the order of their ids, so that
    two that change the same rows never wait for each other. It judges nothing: what is not there is left out.
    """

    key: str
    subject: Subject[Row]
    label: LazyText
    right: AnyRight
    why_not: Callable[[Row], LazyText | None]
    run: Callable[[Work, Row, Data], Done]
    input: type[Data]
    asks: Asking
    already: Callable[[Work, Row], LazyText | None] | None = None
    shortcut: str = ""
    bulk: bool = False
    overwrites: bool = False
    even_if_changed: bool = False
    offered: bool = True
    why_not_in: Callable[[Shop, Row], LazyText | None] | None = None
    even_unready: bool = False
    locks: Callable[[Work, int, Data], Collection[int]] | None = None
    known: Callable[[Work, Row, Data], LazyText | None] | None = None
    why_not_beside: Callable[[Session, Row], LazyText | None] | None = None
    why_not_unasked: Callable[[Row], LazyText | None] | None = None

    def reason_unasked(self, shop: Shop, row: Row) -> LazyText | None:
        """As `reason`, and why it may not happen without a question to a person."""
        return self.reason(shop, row) or (self.why_not_unasked(row) if self.why_not_unasked else None)

    def reason_beside(self, session: Session, shop: Shop, row: Row) -> LazyText | None:
        """As `reason`, and what other rows say against it."""
        return self.reason(shop, row) or (self.why_not_beside(session, row) if self.why_not_beside else None)

    def reason(self, shop: Shop, row: Row) -> LazyText | None:
        """Why it may not happen now in this shop; None if it may."""
        unready = self.subject.unready
        if unready is not None and not self.even_unready and (reason := unready(row)):
            return reason
        return self.why_not(row) or (self.why_not_in(shop, row) if self.why_not_in else None)


ACTIONS: Registry[Action[Any, Any]] = Registry("action")
"""All actions by key, whatever their subject."""


def action(
    *,
    subject: Subject[Row],
    key: str,
    label: LazyText,
    right: AnyRight,
    why_not: Callable[[Row], LazyText | None],
    input: type[Data],  # noqa: A002  # reads as the word it is
    asks: Asking | None = None,
    already: Callable[[Work, Row], LazyText | None] | None = None,
    shortcut: str = "",
    bulk: bool = False,
    overwrites: bool = False,
    even_if_changed: bool = False,
    offered: bool = True,
    why_not_in: Callable[[Shop, Row], LazyText | None] | None = None,
    even_unready: bool = False,
    locks: Callable[[Work, int, Data], Collection[int]] | None = None,
    known: Callable[[Work, Row, Data], LazyText | None] | None = None,
    why_not_beside: Callable[[Session, Row], LazyText | None] | None = None,
    why_not_unasked: Callable[[Row], LazyText | None] | None = None,
) -> Callable[[Callable[[Work, Row, Data], Done]], Action[Row, Data]]:
    """Registers the function below as the action `key` of `subject`.

    What it `asks` follows from its input where nothing else is said.

    Raises ValueError for a key that another action has, of whichever subject, and for a subject that is not registered.
    """

    def make(run: Callable[[Work, Row, Data], Done]) -> Action[Row, Data]:
        require_registered(subject, f"the action {key}")
        _require_functions(f"The action {key!r}", run, why_not, already)
        made: Action[Row, Data] = Action(
            key,
            subject,
            label,
            right,
            why_not,
            run,
            input,
            asks or asked_by(input),
            already,
            shortcut,
            bulk,
            overwrites,
            even_if_changed,
            offered,
            why_not_in,
            even_unready,
            locks,
            known,
            why_not_beside,
            why_not_unasked,
        )
        ACTIONS.add(key, made)
        return made

    return make


def _require_functions(
    whose: str,
    run: Callable[..., Done],
    why_not: Callable[..., LazyText | None],
    already: Callable[..., LazyText | None] | None,
) -> None:
    require_takes(whose, run, "w", "row", "data")
    require_takes(whose, why_not, "row")
    if already is not None:
        require_takes(whose, already, "w", "row")


def asked_by(model: type[Input]) -> Asking:
    """What an input asks of a person: nothing without fields, "must" where a field has no default."""
    fields = model.model_fields.values()
    if not fields:
        return "nothing"
    return "must" if any(field.is_required() for field in fields) else "may"


def actions_of(subject: Subject[Row]) -> list[Action[Row, Any]]:
    """The actions of one subject, in the order in which they were registered."""
    return [action for action in ACTIONS.values() if action.subject is subject]


def perform(
    actor: Actor,
    key: str,
    id_: int,
    values: Mapping[str, object] | None = None,
    *,
    subject: Subject[Any] | None = None,
    seen: Version | None = None,
    answers: Collection[str] = (),
    then: Callable[[Work, Done], None] | None = None,
) -> Done:
    """Right, input, lock, version, rule, run: in this order, in one transaction.

    `id_`: of the row of the action's subject.

    `subject`: what a door is for, such as a page about orders; an action of another subject is not found there.
    `seen`: the version that was shown to the person who acts. What changed since is not acted upon unseen: a form that
    was filled from it is refused before its rule is asked (W-16), a button after that, so that it still reads that it
    was done already, or why it can't be. `answers`: the questions that were answered with yes already.
    `then`: what is written in the same transaction, such as that one order of many is done; what it raises takes all of
    it back. Raises Refused with the reason, Asks with a question, Overtaken for another version, Invalid naming the
    field, NotFound.
    """
    return _perform(
        actor, key, id_, values or {}, subject=subject, seen=seen, answers=answers, keep=True, then=then
    )


def preview(
    actor: Actor,
    key: str,
    id_: int,
    values: Mapping[str, object] | None = None,
    *,
    subject: Subject[Any] | None = None,
    seen: Version | None = None,
    answers: Collection[str] = (),
    then: Callable[[Work, Done], None] | None = None,
) -> Done:
    """What `perform` would answer, and raise, with the same arguments.

    All of it is rolled back: no number is used up, nobody is told.

    `then`: what reads the rows that were made, such as a mail, before they are gone.
    """
    return _perform(
        actor, key, id_, values or {}, subject=subject, seen=seen, answers=answers, keep=False, then=then
    )


def _perform(
    actor: Actor,
    key: str,
    id_: int,
    values: Mapping[str, object],
    *,
    subject: Subject[Any] | None,
    seen: Version | None,
    answers: Collection[str],
    keep: bool,
    then: Callable[[Work, Done], None] | None = None,
) -> Done:
    wanted = ACTIONS.get(key)
    if wanted is None or subject not in {None, wanted.subject}:
        raise NotFound(key)
    actor.require(wanted.right)
    data = parse_input(wanted.input, values)
    with work(actor, keep=keep) as w:
        w.answers = frozenset(answers)
        done, row, before = _act(w, wanted, id_, data, seen)
        if then:
            then(w, done)
    sentences = [done.message, *w.also] if done.message.message else w.also
    versions = (before, _version(wanted.subject, row))
    return replace(
        done,
        message=one_after_the_other(*sentences),
        versions=versions,
        made=w.results,
        told=tuple(w.also),
        figures=tuple(w.figures),
    )


def _act(
    w: Work, wanted: Action[Row, Data], id_: int, data: Data, seen: Version | None
) -> tuple[Done, Row, Version]:
    """Locks, judges and acts within the transaction.

    Returns what was done, the row, and its version as it was locked.
    """
    subject = wanted.subject
    row = _locked(w, wanted, id_, data)
    before = _version(subject, row)
    overtaken = (
        subject.version is not None and seen is not None and seen != before and not wanted.even_if_changed
    )
    if overtaken and wanted.overwrites:
        raise Overtaken(subject.overtaken_form)
    answer = (wanted.already(w, row) if wanted.already else None) or (
        wanted.known(w, row, data) if wanted.known else None
    )
    if answer:
        return Done(answer, changed=False), row, before
    if reason := wanted.reason_beside(w.session, w.shop, row):
        raise Refused(reason)
    if overtaken:
        raise Overtaken(subject.overtaken)
    return wanted.run(w, row, data), row, before


def _locked(w: Work, wanted: Action[Row, Data], id_: int, data: Data) -> Row:
    """The row of the action, locked; the others that it changes are locked with it, each in its turn by id."""
    others = wanted.locks(w, id_, data) if wanted.locks else ()
    rows = {one: w.lock(wanted.subject, one) for one in sorted({id_, *others})}
    return rows[id_]


def _version(subject: Subject[Row], row: Row) -> Version:
    return subject.version(row) if subject.version else 0


def parse_input(model: type[Data], values: Mapping[str, object]) -> Data:
    """The values as the action's input.

    Raises Invalid naming the first field that is wrong, with the others beside it.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = [invalid_of(one) for one in error.errors()[:MOST_WRONG]]
    all_at_once(found)
    raise AssertionError("pydantic refused it and named nothing")
