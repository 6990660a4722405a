"""Billing and shipping address: the blocks with the map of the place and what looks wrong, and the dialog of each (W-1,
W-20).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, func, select

from backoffice_app.domain.core.postal import postal_lines
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.order.address_findings import email_with, open_findings, typed
from backoffice_app.domain.orders.actions import FIELDS, Kind, what_stays, why_not_edit
from backoffice_app.domain.places import outside
from backoffice_app.domain.places.data import Point
from backoffice_app.domain.places.drawing import DRAWN
from backoffice_app.domain.places.locate import locate
from backoffice_app.domain.places.words import told
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    Block,
    Button,
    Dialog,
    Way,
    add_block,
    add_dialog,
    block,
    ways,
)
from backoffice_app.formats import locale
from backoffice_app.i18n import LazyText, _, country_names
from backoffice_app.models import OrderAddress, OrderFacet

EDIT = "edit-address"
IS_RIGHT = "address-is-right"
MOST_COMMON = 6
"""Countries that stand first in the list."""
KINDS: dict[Kind, LazyText] = {"billing": _("Billing address"), "shipping": _("Shipping address")}


@dataclass(frozen=True)
class AddressView:
    """An address as it is written on a letter (`lines`). `why_not`: why it can't be changed now, or "".

    `place`: postcode and town, "" for an address that says neither; `map`: the address of the drawn map, "" where it
    was not found. `link`: to the outside map, `opens`: what that link says. `warnings`: sentences about what looks
    wrong.
    """

    kind: str = ""
    lines: list[str] = field(default_factory=list)
    is_same: bool = False
    why_not: str = ""
    place: str = ""
    map: str = ""
    link: str = ""
    opens: str = ""
    source: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AddressDialogView:
    """What the dialog of an address starts with.

    `stays`: what a change leaves as it is; `countries`: (code, name) to choose from.
    """

    stays: list[str] = field(default_factory=list)
    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    countries: list[list[str]] = field(default_factory=list)


@block(
    key="billing",
    tab="order",
    column=1,
    rank=10,
    buttons=[Button(EDIT, "edit-billing", _("Edit the billing address")), Button(IS_RIGHT, "right-billing")],
)
def billing(look: Look) -> AddressView:
    """Where the invoice goes."""
    return _address(look, "billing")


@block(
    key="shipping",
    tab="order",
    column=2,
    rank=10,
    buttons=[Button(EDIT, "edit-shipping"), Button(IS_RIGHT, "right-shipping")],
)
def shipping(look: Look) -> AddressView:
    """Where the parcel goes."""
    return _address(look, "shipping")


add_block(Block("billing-of-customer", "customer", 1, 10, shows="billing"))
add_block(Block("shipping-of-customer", "customer", 2, 10, shows="shipping"))


def _dialog(look: Look, kind: Kind) -> AddressDialogView:
    address = _of_kind(look, kind)
    if address is None:
        return AddressDialogView()
    stays = [look.text(sentence) for sentence in what_stays(look.order, kind)]
    fields = address.model_dump(include=set(FIELDS))
    countries = country_options(look.language, address.country, _common(look))
    return AddressDialogView(stays=stays, countries=countries, **fields)


def _billing(look: Look, _which: str) -> AddressDialogView:
    return _dialog(look, "billing")


def _shipping(look: Look, _which: str) -> AddressDialogView:
    return _dialog(look, "shipping")


add_dialog(Dialog("billing", EDIT, _billing, "edit-billing", kept=True, merges=True))
add_dialog(Dialog("shipping", EDIT, _shipping, "edit-shipping", kept=True, merges=True))


@ways(EDIT)
def edit_ways(look: Look) -> list[Way]:
    """Each address that can be changed now."""
    return [
        Way(kind, look.text(name), dialog=kind)
        for kind, name in KINDS.items()
        if not why_not_edit(look.order, kind)
    ]


def address_lines(address: OrderAddress, language: str) -> list[str]:
    """An address as it is written on a letter, the country in the reader's language."""
    lines = postal_lines(**address.model_dump(include=set(FIELDS)))
    return (
        [*lines, locale(language).territories.get(address.country, address.country)]
        if address.country
        else lines
    )


@ways(IS_RIGHT)
def right_ways(look: Look) -> list[Way]:
    """Each address in which something looks wrong."""
    found = [address.kind for address in look.order.addresses if open_findings(look.order, address)]
    return [
        Way(kind, look.text(name), values={"kind": kind}) for kind, name in KINDS.items() if kind in found
    ]


def country_options(language: str, here: str, common: Sequence[str] = ()) -> list[list[str]]:
    """The countries as [code, name], the `common` ones first; `here`, the one that an address has, is among them
    whatever it is.
    """
    known = dict(country_names(language))
    first = [code for code in common if code in known]
    shown = [[code, known[code]] for code in dict.fromkeys((*first, *known))]
    return shown if here in known else [[here, here or "–"], *shown]


def _common(look: Look) -> list[str]:
    """The shop's own country, and those that many kinds of orders go to."""
    counted = (
        select(OrderFacet.country)
        .group_by(OrderFacet.country)
        .order_by(func.count().desc(), col(OrderFacet.country))
    )
    return [look.shop.company.country, *look.session.exec(counted.limit(MOST_COMMON)).all()][:MOST_COMMON]


def _address(look: Look, kind: Kind) -> AddressView:
    address = _of_kind(look, kind)
    if address is None:
        return AddressView()
    reason = why_not_edit(look.order, kind) if look.actor.may(Right.EDIT) else None
    is_shared = look.addresses[0] is look.addresses[1]
    # What looks wrong in an address that is both is said once, at the one that stands first.
    first: Kind = "billing" if look.sees_prices else "shipping"
    place = " ".join(filter(None, (address.postcode, address.city)))
    exact = look.exact.get(address.kind) if place else None
    return AddressView(
        kind,
        address_lines(address, look.language),
        is_shared and kind == "shipping",
        look.text(reason),
        place,
        _map(address, exact) if place else "",
        outside.link_to(look.shop.administration.outside_map, _place_lines(address), exact) if place else "",
        look.text(outside.opens_in(place, look.shop.administration.outside_map)) if place else "",
        look.text(outside.SOURCES) if place else "",
        [] if is_shared and kind != first else _warnings(look, address),
    )


def _warnings(look: Look, address: OrderAddress) -> list[str]:
    email = email_with(look.order, address)
    return [look.text(told(finding, typed(address), email)) for finding in open_findings(look.order, address)]


def _map(address: OrderAddress, exact: tuple[float, float] | None) -> str:
    """The address of the map of a place; "" where the address was not found."""
    point = locate(address.country, address.postcode, address.city).point
    if exact:
        point = Point(round(exact[0] * 100), round(exact[1] * 100))
    return (
        f"/maps/{DRAWN}/{address.country}/{point.latitude},{point.longitude}.svg"
        if point and address.country
        else ""
    )


def _place_lines(address: OrderAddress) -> list[str]:
    """What the outside map is asked for: the place, and no name."""
    country = str(locale("en").territories.get(address.country, address.country))
    return [address.street, f"{address.postcode} {address.city}", country]


def _of_kind(look: Look, kind: Kind) -> OrderAddress | None:
    billing_address, delivery = look.addresses
    return billing_address if kind == "billing" else delivery
