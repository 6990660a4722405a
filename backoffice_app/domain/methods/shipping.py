"""Settings > Shipping methods: what each is called, its carrier, who comes for the goods, what is offered.

For the owner alone (SHIP-2).
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import Field

from backoffice_app.db import reading
from backoffice_app.domain import collecting
from backoffice_app.domain.core.actions import Done, Input, action, perform
from backoffice_app.domain.core.carriers import CARRIERS
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.meanwhile import changes_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shipping_methods import PICKUP_NAMES, Pickup, Shipping, shipping_of
from backoffice_app.domain.core.shop import SETTINGS, Shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.methods.given import Choices, Values, code_in, given_in, name_fields, names_json
from backoffice_app.domain.order.as_sent import name_as_sent
from backoffice_app.domain.order.shippings import all_shippings, in_order
from backoffice_app.domain.settings.section import nothing_against
from backoffice_app.i18n import LazyLanguage, LazyText, _
from backoffice_app.models import ShippingMethod

KIND = "shipping-method"
"""The kind of subject that the page's events are about."""
CARRIER, PICKUP = "carrier", "pickup"
STATE = "state"
"""What the history calls the change of what is offered."""


def choices_of_fields() -> Choices:
    """What can be chosen for the fields that are not names."""
    return {CARRIER: {"", *CARRIERS}, PICKUP: set(Pickup)}


@fact
class ShippingMethodChanged(Fact):
    """One field of a shipping method was changed.

    `field`: "carrier", "pickup", "state", or the language whose name it is (AUD-1).

    Of the state `new` is "retired" or "used again".
    """

    about: ClassVar[About] = About.SETTINGS
    code: str
    field: str
    old: str = ""
    new: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.field == STATE:
            retired = _("{actor} took shipping method {code} out of use.")
            return (
                retired if self.new == "retired" else _("{actor} took shipping method {code} into use again.")
            ).format(code=self.code)
        if self.field == CARRIER:
            said = _("{actor} changed the carrier of shipping method {code} from “{old}” to “{new}”.")
            return said.format(code=self.code, old=_carrier_name(self.old), new=_carrier_name(self.new))
        if self.field == PICKUP:
            said = _(
                "{actor} changed how the goods of shipping method {code} get to the customer from “{old}” to “{new}”."
            )
            return said.format(code=self.code, old=_pickup_name(self.old), new=_pickup_name(self.new))
        given = {
            "code": self.code,
            "language": LazyLanguage(self.field),
            "old": self.old or "–",
            "new": self.new or "–",
        }
        return _(
            "{actor} changed the name of shipping method {code} ({language}) from {old} to {new}."
        ).format(**given)


@dataclass(frozen=True)
class ShippingRow:
    """One method as the page shows it. `page`: the host of the carrier's page for parcels, "" without a carrier.

    `texts`: what its form starts with, by field; `about`: what its events are about. `id` is its code.
    """

    id: str = ""
    name: str = ""
    carrier: str = ""
    page: str = ""
    leaves: str = ""
    is_retired: bool = False
    is_first: bool = False
    is_last: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    about: str = ""


def shipping_page(actor: Actor, language: str) -> list[ShippingRow]:
    """The methods that the owner set, those that orders came with and those of plug-ins, as they are offered.

    Refused for all but the owner.
    """
    actor.require(Right.SETTINGS)
    with reading() as session:
        found = in_order(all_shippings(session).values(), language)
        offered = [one.code for one in found if not one.is_retired]
        return [_row(one, _stored(session.get(ShippingMethod, one.code)), offered, language) for one in found]


class AddShipping(Input):
    """`code`: as the web shop sends it.

    `values`: "carrier" is the key of its carrier, "pickup" whether the customer comes for the goods ("yes", "no", ""
    where its name says it), "name-de" its name in German and so on.
    """

    code: str
    values: dict[str, str] = Field(default_factory=dict)


class SaveShipping(AddShipping):
    """As `AddShipping`; what is left out stays. `seen`: what was shown of the values, if anything was."""

    seen: dict[str, str] = Field(default_factory=dict)


class MoveShipping(Input):
    """`to`: one place "up" or "down" among those in use."""

    code: str
    to: Literal["up", "down"]


class RetireShipping(Input):
    """`retired`: whether it is taken out of use, or into use again."""

    code: str
    retired: bool = True


@action(
    subject=SETTINGS,
    key="save-shipping-method",
    label=_("Edit shipping method"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=SaveShipping,
)
def save_shipping_method(w: Work, _shop: Shop, data: SaveShipping) -> Done:
    """Save the names of a shipping method, its carrier, and whether the customer comes for the goods (SHIP-2).

    A method that was not set yet is set from now on. Shipments that are made from now on have its carrier; a job brings
    open orders up to date where pick-up changes. Each changed value has a line in the history, and what a colleague
    changed meanwhile is not overwritten.
    """
    return Done(_("Saved."), changed=_save(w, code_in(data.code), data.values, data.seen))


@action(
    subject=SETTINGS,
    key="add-shipping-method",
    label=_("Add shipping method"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=AddShipping,
)
def add_shipping_method(w: Work, _shop: Shop, data: AddShipping) -> Done:
    """Set a shipping method before an order has come with it (SHIP-2). A code that is there already is refused.

    What the form leaves open stays as Kontor or a plug-in knows it of the method.
    """
    code = code_in(data.code)
    if w.session.get(ShippingMethod, code) is not None:
        raise Invalid("code", _("There is a shipping method with this code already."))
    _save(w, code, {name: value for name, value in data.values.items() if value}, {})
    return Done(_("Saved."))


@action(
    subject=SETTINGS,
    key="move-shipping-method",
    label=_("Move shipping method"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=MoveShipping,
)
def move_shipping_method(w: Work, _shop: Shop, data: MoveShipping) -> Done:
    """Offer a shipping method one place further up or down; at the end of the list nothing happens."""
    language = w.actor.language or w.shop.regional.language
    offered = [
        one.code for one in in_order(all_shippings(w.session).values(), language) if not one.is_retired
    ]
    at = offered.index(data.code) if data.code in offered else -1
    to = at + (-1 if data.to == "up" else 1)
    if at < 0 or not 0 <= to < len(offered):
        return Done(_("Nothing was changed."), changed=False)
    offered[at], offered[to] = offered[to], offered[at]
    for rank, code in enumerate(offered, 1):
        row = _row_of(w, code)
        row.rank = rank
        w.session.add(row)
    return Done(_("Saved."))


@action(
    subject=SETTINGS,
    key="retire-shipping-method",
    label=_("Take shipping method out of use"),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=RetireShipping,
)
def retire_shipping_method(w: Work, _shop: Shop, data: RetireShipping) -> Done:
    """Offer a shipping method no longer, or again. Orders that have it, or come with it, keep it and its name."""
    row = _row_of(w, code_in(data.code))
    if (row.retired_at is not None) == data.retired:
        return Done(_("Nothing was changed."), changed=False)
    row.retired_at, row.rank = (w.at, 0) if data.retired else (None, row.rank)
    w.session.add(row)
    w.record(
        (SETTINGS, 0),
        ShippingMethodChanged(code=row.key, field=STATE, new="retired" if data.retired else "used again"),
    )
    return Done(_("Saved."))


def save_shipping(actor: Actor, code: str, values: Values, seen: Values) -> None:
    """Does the action with what its form said. `seen`: what the form showed. Raises as the action."""
    perform(
        actor,
        "save-shipping-method",
        0,
        {"code": code, "values": dict(values), "seen": dict(seen)},
        subject=SETTINGS,
    )


def add_shipping(actor: Actor, code: str, values: Values) -> None:
    """Does the action with what its form said. Raises as the action."""
    perform(actor, "add-shipping-method", 0, {"code": code, "values": dict(values)}, subject=SETTINGS)


def change_shipping(actor: Actor, code: str, what: str) -> None:
    """Moves the method "up" or "down", takes it out of use ("retire") or into use again ("use").

    Raises as the actions.
    """
    if what in ("up", "down"):
        perform(actor, "move-shipping-method", 0, {"code": code, "to": what}, subject=SETTINGS)
    elif what in ("retire", "use"):
        perform(
            actor, "retire-shipping-method", 0, {"code": code, "retired": what == "retire"}, subject=SETTINGS
        )


def _save(w: Work, code: str, values: Values, seen: Values) -> bool:
    """Whether anything changed.

    Raises Invalid naming the field, Meanwhile where a colleague changed it since it was seen.
    """
    given = given_in(values, choices_of_fields())
    row = w.session.get(ShippingMethod, code)
    is_new = row is None
    now = _values(
        shipping_of(w.session, code, name_as_sent(w.session, "shipping_method", code)), _stored(row)
    )
    changed = changes_of(given, seen, now)
    if changed or is_new:
        row, new = _row_of(w, code), now | changed
        row.carrier, row.pickup, row.names = new[CARRIER], new[PICKUP], names_json(new)
        w.session.add(row)
    if PICKUP in changed:
        w.enqueue(collecting.SHIPPING_JOB, code, key=f"follow-shipping-{code}-{w.at.isoformat()}")
    for name, new_value in changed.items():
        field_name = name.removeprefix(NAME)
        w.record(
            (SETTINGS, 0), ShippingMethodChanged(code=code, field=field_name, old=now[name], new=new_value)
        )
    return bool(changed) or is_new


def _row_of(w: Work, code: str) -> ShippingMethod:
    return w.session.get(ShippingMethod, code) or ShippingMethod(key=code, names="{}")


def _stored(row: ShippingMethod | None) -> str:
    """The carrier that the owner chose, "" where the words of the method tell it."""
    return row.carrier if row is not None and row.carrier in CARRIERS else ""


def _values(method: Shipping, carrier: str) -> dict[str, str]:
    return {CARRIER: carrier, PICKUP: method.pickup.value, **name_fields(method.names)}


def _row(method: Shipping, carrier: str, offered: list[str], language: str) -> ShippingRow:
    found = CARRIERS.get(method.carrier) if not method.is_pickup else None
    leaves = PICKUP_NAMES[Pickup.YES if method.is_pickup else Pickup.NO]
    return ShippingRow(
        id=method.code,
        name=method.name_in(language),
        carrier=found.name if found else "",
        page=found.url.split("/")[2] if found else "",
        leaves=leaves.in_language(language),
        is_retired=method.is_retired,
        is_first=method.code == offered[0] if offered else False,
        is_last=method.code == offered[-1] if offered else False,
        texts=_values(method, carrier),
        about=Shown(KIND, method.code).text,
    )


def _carrier_name(key: str) -> LazyText | str:
    known = CARRIERS.get(key)
    return known.name if known is not None else key or PICKUP_NAMES[Pickup.WORDS]


def _pickup_name(value: str) -> LazyText | str:
    return PICKUP_NAMES[Pickup(value)] if value in set(Pickup) else value
