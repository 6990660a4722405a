"""What happened, as past participles: kinds of facts, and who listens to them."""

import dataclasses
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Registry, require_takes

if TYPE_CHECKING:
    from backoffice_app.domain.core.work import Work


class About(StrEnum):
    """What a fact is about, as a person picks it in the history, in the order it is offered (T-7)."""

    ORDER = "order"
    CUSTOMER = "customer"
    PAYMENT = "payment"
    INVOICE = "invoice"
    SHIPPING = "shipping"
    RETURN = "return"
    TICKET = "ticket"
    STOCK = "stock"
    MAIL = "mail"
    SETTINGS = "settings"
    USERS = "users"


ABOUT_NAMES: dict[About, LazyText] = {
    About.ORDER: _("Order"),
    About.CUSTOMER: _("Customer and address"),
    About.PAYMENT: _("Payment"),
    About.INVOICE: _("Invoice"),
    About.SHIPPING: _("Shipping"),
    About.RETURN: _("Returns"),
    About.TICKET: _("Tickets"),
    About.STOCK: _("Stock"),
    About.MAIL: _("Mail"),
    About.SETTINGS: _("Settings"),
    About.USERS: _("Users"),
}


class Fact:
    """One thing that happened. A subclass is a frozen dataclass of plain values and says its sentence (T-7).

    `about`: what people find it under. Fields named in `personal` are stored beside
    the hash chain, so that they can be erased without breaking it (AUD-3).
    """

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset()
    prices: ClassVar[bool] = False  # names amounts: not shown to who may not see prices (SEC-4)

    def sentence(self) -> LazyText:
        """What happened, for a person; `{actor}` is filled in by the history."""
        raise AssertionError(f"{type(self).__name__} says nothing")


FactClass = TypeVar("FactClass", bound=type[Fact])
FACTS: Registry[type[Fact]] = Registry("fact")


@dataclass_transform(frozen_default=True)
def fact(cls: FactClass) -> FactClass:
    """Registers a kind of fact under its class name, as a frozen dataclass. Raises ValueError for one
    without a sentence.
    """
    if cls.sentence is Fact.sentence:
        raise ValueError(
            f"The fact {cls.__name__} needs `def sentence(self) -> LazyText`: what the history says."
        )
    dataclasses.dataclass(frozen=True)(cls)
    FACTS.add(cls.__name__, cls)
    return cls


def require_fact(happened: Fact) -> None:
    """Raises ValueError for a fact whose kind is not registered: the history could not read it."""
    if type(happened) is not FACTS.get(type(happened).__name__):
        raise ValueError(
            f"The fact {type(happened).__name__} is not registered: write @fact above the class."
        )


Reacts = Callable[["Work", Any, Any], None]
Listener = TypeVar("Listener", bound=Reacts)


@dataclasses.dataclass(frozen=True)
class Listening:
    """A function that reacts to a kind of fact; smaller `order` first."""

    kind: type[Fact]
    order: int
    reacts: Reacts


LISTENERS: dict[type[Fact], list[Reacts]] = {}
"""Who reacts to a kind of fact, in the order in which they do. Follows from `LISTENING`."""


def _in_order() -> None:
    LISTENERS.clear()
    for one in sorted(
        LISTENING.values(), key=lambda one: (one.order, one.reacts.__module__, one.reacts.__qualname__)
    ):
        LISTENERS.setdefault(one.kind, []).append(one.reacts)


LISTENING: Registry[Listening] = Registry("listener", _in_order)


def on(kind: type[Fact], *, order: int = 50) -> Callable[[Listener], Listener]:
    """Registers a listener `(w, subject, fact)` that reacts to `kind` in the same transaction.

    Smaller `order` first; of equal ones by module and name, so that it never matters which file was imported before
    which.
    Raises ValueError for what is not a kind of fact, and a listener that takes something else.
    """
    if not (isinstance(kind, type) and issubclass(kind, Fact)):
        raise ValueError(f"`on` takes the class of a fact, such as OrderShipped, and not {kind!r}.")

    def register(listener: Listener) -> Listener:
        require_takes(f"`on({kind.__name__})`", listener, "w", "subject", "fact")
        LISTENING.add(
            f"{kind.__name__}: {listener.__module__}.{listener.__qualname__}",
            Listening(kind, order, listener),
        )
        return listener

    return register


def as_json(value: object) -> str:
    """Canonical JSON: keys sorted, no blanks, decimals, days and moments as text. Equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a fact")


def split_personal(happened: Fact) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain and the personal values of a fact, by field name."""
    values = {f.name: getattr(happened, f.name) for f in dataclasses.fields(happened)}  # type: ignore[arg-type]
    return (
        {k: v for k, v in values.items() if k not in happened.personal},
        {k: v for k, v in values.items() if k in happened.personal},
    )


def about_of(kind: str) -> About:
    """What a stored fact is about; kinds that are known no more stand under the order."""
    return FACTS.get(kind, Fact).about


def sentence_of(kind: str, values: dict[str, Any]) -> LazyText:
    """The sentence of a stored fact; personal parts that were erased read "(erased)", unknown kinds say their name."""
    cls = FACTS.get(kind)
    if cls is None:
        return _("{kind} happened.").format(kind=kind)
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    known = {f.name: _restore(values[f.name], f.type) for f in fields if f.name in values}
    missing = {f.name: "(erased)" for f in fields if f.name not in known and _must_be_given(f)}
    return cls(**known, **missing).sentence()


def _must_be_given(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _restore(value: Any, kind: object) -> Any:
    """A value of a fact as it was before it became JSON: decimals, days and moments were written as text."""
    if kind == dict[str, Decimal] and isinstance(value, dict):
        return {key: Decimal(text) for key, text in value.items()}
    if not isinstance(value, str):
        return value
    if kind is Decimal:
        return Decimal(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind in (date, date | None) else value
