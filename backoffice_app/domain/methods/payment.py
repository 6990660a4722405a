"""Settings > Payment methods: what each is called, who collects its money, who issues the invoice (PAY-0).

For the owner alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import Field

from backoffice_app.db import reading
from backoffice_app.domain import collecting
from backoffice_app.domain.core.actions import Done, Input, action, perform
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.meanwhile import changes_of
from backoffice_app.domain.core.payment_methods import (
    COLLECTS_NAMES,
    INVOICED_NAMES,
    USUAL,
    Collects,
    Method,
    known_method,
    method_of,
    methods_of,
)
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS, Shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.methods.given import Values, code_in, given_in, name_fields, names_json
from backoffice_app.domain.order.as_sent import Dimension, codes_of_orders, name_as_sent
from backoffice_app.domain.settings.section import nothing_against
from backoffice_app.i18n import LazyLanguage, LazyText, _, as_sorted
from backoffice_app.models import PaymentMethod
from backoffice_app.registry import CORE

KIND = "payment-method"
"""The kind of subject that the page's events are about."""
COLLECTS = "collects"
INVOICED_BY = "invoiced_by"
OF_ORDERS: Dimension = "payment_method"
CHOICES: dict[str, set[str]] = {COLLECTS: set(Collects), INVOICED_BY: set(INVOICED_NAMES)}
"""What can be chosen for the fields that are not names."""


@fact
class PaymentMethodChanged(Fact):
    """One field of a payment method was changed.

    `field`: "collects", "invoiced_by", or the language whose name it is (AUD-1).
    """

    about: ClassVar[About] = About.SETTINGS
    code: str
    field: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.field == COLLECTS:
            said = _(
                "{actor} changed who collects the money of payment method {code} from “{old}” to “{new}”."
            )
            return said.format(code=self.code, old=_collects_name(self.old), new=_collects_name(self.new))
        if self.field == INVOICED_BY:
            said = _(
                "{actor} changed who issues the invoice for payment method {code} from “{old}” to “{new}”."
            )
            return said.format(
                code=self.code,
                old=INVOICED_NAMES.get(self.old, self.old),
                new=INVOICED_NAMES.get(self.new, self.new),
            )
        given = {
            "code": self.code,
            "language": LazyLanguage(self.field),
            "old": self.old or "–",
            "new": self.new or "–",
        }
        return _(
            "{actor} changed the name of payment method {code} ({language}) from {old} to {new}."
        ).format(**given)


@dataclass(frozen=True)
class MethodRow:
    """One method as the page shows it.

    `texts`: what its form starts with, by field; `about`: what its events are about. `id` is its code.
    """

    id: str = ""
    name: str = ""
    collects: str = ""
    collects_name: str = ""
    invoiced_name: str = ""
    is_unknown: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    about: str = ""


def methods_page(actor: Actor, language: str) -> list[MethodRow]:
    """The methods that the owner set, those that orders came with and those of plug-ins, by name. Refused
    for all but the owner.
    """
    actor.require(Right.SETTINGS)
    with reading() as session:
        known = methods_of(session)
        used = [code for code in codes_of_orders(session, OF_ORDERS) if code not in known]
        found = known | {code: known_method(code, name_as_sent(session, OF_ORDERS, code)) for code in used}
        found |= {
            code: known_method(code) for code in USUAL if USUAL.owner_of(code) != CORE and code not in found
        }
    rows = [_row(method, language) for method in found.values()]
    return sorted(rows, key=lambda row: (as_sorted(row.name), row.id))


class AddMethod(Input):
    """`code`: as the web shop sends it. `values`: "collects" is who collects the money, "name-de" its name
    in German and so on.
    """

    code: str
    values: dict[str, str] = Field(default_factory=dict)


class SaveMethod(AddMethod):
    """As `AddMethod`; what is left out stays. `seen`: what was shown of the values, if anything was."""

    seen: dict[str, str] = Field(default_factory=dict)


@action(
    subject=SETTINGS,
    key="save-payment-method",
    label=_("Edit payment method"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=SaveMethod,
)
def save_payment_method(w: Work, _shop: Shop, data: SaveMethod) -> Done:
    """Save who collects the money of a payment method, who issues the invoice, and its names (PAY-0).

    A method that was not set yet is set from now on. A job brings its open orders up to date where somebody else
    collects the money now. Each changed value has a line in the history, and what a colleague changed meanwhile is not
    overwritten.
    """
    return Done(_("Saved."), changed=_save(w, code_in(data.code), data.values, data.seen))


@action(
    subject=SETTINGS,
    key="add-payment-method",
    label=_("Add payment method"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=AddMethod,
)
def add_payment_method(w: Work, _shop: Shop, data: AddMethod) -> Done:
    """Set a payment method before an order has come with it (PAY-0). A code that is there already is refused.

    What the form leaves open stays as Kontor knows it of a usual method, such as that the customer transfers with
    "bacs": else its invoices would bear no account.
    """
    code = code_in(data.code)
    if w.session.get(PaymentMethod, code) is not None:
        raise Invalid("code", _("There is a payment method with this code already."))
    _save(w, code, {name: value for name, value in data.values.items() if value}, {})
    return Done(_("Saved."))


def _save(w: Work, code: str, values: Values, seen: Values) -> bool:
    """Whether anything changed. Raises Invalid naming the field, Meanwhile where a colleague changed it
    since it was seen.
    """
    given = given_in(values, CHOICES)
    row = w.session.get(PaymentMethod, code)
    now = _values(
        method_of(w.session, code) if row else known_method(code, name_as_sent(w.session, OF_ORDERS, code))
    )
    changed = changes_of(given, seen, now)
    if changed or row is None:
        is_new = row is None
        _store(w, row or PaymentMethod(key=code, names=""), now | changed)
        if is_new or COLLECTS in changed:
            w.enqueue(collecting.JOB, code, key=f"follow-method-{code}-{w.at.isoformat()}")
    for name, new in changed.items():
        w.record(
            (SETTINGS, 0),
            PaymentMethodChanged(code=code, field=name.removeprefix(NAME), old=now[name], new=new),
        )
    return bool(changed) or row is None


def save_method(actor: Actor, code: str, values: Values, seen: Values) -> None:
    """Does the action with what its form said. `seen`: what the form showed. Raises as the action."""
    given = {"code": code, "values": dict(values), "seen": dict(seen)}
    perform(actor, "save-payment-method", 0, given, subject=SETTINGS)


def add_method(actor: Actor, code: str, values: Values) -> None:
    """Does the action with what its form said. Raises as the action."""
    perform(actor, "add-payment-method", 0, {"code": code, "values": dict(values)}, subject=SETTINGS)


def _store(w: Work, row: PaymentMethod, values: Values) -> None:
    row.collects, row.invoiced_by = values[COLLECTS], values[INVOICED_BY]
    row.names = names_json(values)
    w.session.add(row)


def _row(method: Method, language: str) -> MethodRow:
    return MethodRow(
        id=method.code,
        name=method.name_in(language),
        collects=method.collects.value,
        collects_name=COLLECTS_NAMES[method.collects].in_language(language),
        invoiced_name=INVOICED_NAMES[method.invoiced_by].in_language(language),
        is_unknown=method.collects is Collects.UNKNOWN,
        texts=_values(method),
        about=Shown(KIND, method.code).text,
    )


def _values(method: Method) -> dict[str, str]:
    choices = {COLLECTS: method.collects.value, INVOICED_BY: method.invoiced_by}
    return {**choices, **name_fields(method.names)}


def _collects_name(value: str) -> LazyText | str:
    return COLLECTS_NAMES[Collects(value)] if value in set(Collects) else value
