"""Shipping methods: what each is called, whose parcels they are, and whether the customer comes for the goods (SHIP-2,
W-5).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from sqlmodel import Session, select

from backoffice_app.domain.core.carriers import CARRIERS, carrier_in
from backoffice_app.domain.core.languages import base_of
from backoffice_app.domain.core.search_text import fold
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import ShippingMethod
from backoffice_app.registry import Registry

Names = Mapping[str, str]


class Pickup(StrEnum):
    """Whether the customer comes for the goods; WORDS: as the words of the method say."""

    WORDS = ""
    YES = "yes"
    NO = "no"


PICKUP_NAMES: dict[Pickup, LazyText] = {
    Pickup.WORDS: _("As its name says"),
    Pickup.YES: _("The customer picks the goods up"),
    Pickup.NO: _("The goods are shipped"),
}


@dataclass(frozen=True)
class UsualShipping:
    """A shipping method that a plug-in brings. `names`: language -> name; `carrier`: the key of one, or ""."""

    code: str
    names: Names
    carrier: str = ""
    is_pickup: bool = False


SHIPPING_METHODS: Registry[UsualShipping] = Registry("shipping method")
"""The shipping methods that a plug-in brings, by code. Of all others their words tell carrier and pick-up."""


@dataclass(frozen=True)
class Shipping:
    """A way to ship as it is known now. `as_sent`: what the shop called it on the order at hand.

    `names`: those that the owner gave it, `usual`: those of a plug-in, by language. `carrier`: the key of one, "" for
    none.
    `rank`: its place among the choices, 0 for one that has none. `is_retired`: it is not offered any more.
    """

    code: str
    as_sent: str = ""
    names: Names = field(default_factory=dict)
    usual: Names = field(default_factory=dict)
    carrier: str = ""
    pickup: Pickup = Pickup.WORDS
    rank: int = 0
    is_retired: bool = False

    def name_in(self, language: str) -> str:
        """The owner's name in `language`, else as the shop sent it, else the name of the plug-in, an English one, its
        code.
        """
        base, sent = base_of(language), self.as_sent if self.as_sent != self.code else ""
        others = (
            self.usual.get(base)
            or self.names.get("en")
            or self.usual.get("en")
            or next(iter(self.names.values()), "")
        )
        return self.names.get(base) or sent or others or self.code

    @property
    def is_pickup(self) -> bool:
        """Whether the customer comes for the goods."""
        return is_pickup_method(self.code, self.as_sent or " ".join(self.names.values()), self.pickup)


def shipping_method(code: str, names: Names, *, carrier: str = "", is_pickup: bool = False) -> UsualShipping:
    """Registers a shipping method under the code that orders come with; returns it.

    What the owner sets in the settings comes first.

    `names`: language -> name, for orders that come with the code alone. `carrier`: the key of the one whose parcels
    they are. Raises ValueError for a code that is taken, without an English name, and for a carrier that is not
    registered.
    """
    if not names.get("en"):
        raise ValueError(f"The shipping method {code!r} needs an English name.")
    if carrier and carrier not in CARRIERS:
        raise ValueError(
            f"The shipping method {code!r} needs the carrier {carrier!r}, which is not registered: use `carrier(...)`."
        )
    return SHIPPING_METHODS.add(code, UsualShipping(code, dict(names), carrier, is_pickup))


def shipping_of(session: Session, code: str, as_sent: str = "") -> Shipping:
    """The method `code`: what the owner set, else what a plug-in says, else what its name says.

    One read by its key at most.
    """
    return shipping_in(session.get(ShippingMethod, code) if code else None, code, as_sent)


def shippings_of(session: Session) -> dict[str, Shipping]:
    """All methods that the owner set, by code, in their order; in one query."""
    rows = session.exec(select(ShippingMethod).order_by(ShippingMethod.rank, ShippingMethod.key)).all()  # type: ignore[arg-type]
    return {row.key: shipping_in(row, row.key, "") for row in rows}


def shipping_among(known: Mapping[str, Shipping], code: str, as_sent: str) -> Shipping:
    """As `shipping_of`, for many orders: `known` is what `shippings_of` read once."""
    one = known.get(code)
    if one is None:
        return shipping_in(None, code, as_sent)
    return replace(one, as_sent=as_sent, carrier=one.carrier or carrier_in(f"{code} {as_sent}"))


def known_shipping(code: str, as_sent: str = "") -> Shipping:
    """What is known of a method while the owner has said nothing of it."""
    return shipping_in(None, code, as_sent)


def is_pickup_method(code: str, name: str, said: str = "") -> bool:
    """Whether the customer comes for the goods: as `said` (a value of `Pickup`), else as the method is registered, else
    as its words say: "Abholung im Laden".
    """
    if said:
        return said == Pickup.YES
    known = SHIPPING_METHODS.get(code)
    return known.is_pickup if known is not None else _speaks_of_pickup(code, name)


_FETCHED = re.compile(
    r"pick.?up|click.{0,5}collect|\bcollect(ion)? "
    r"(in|at|from)\b|in.?store|abhol|afhal|retrait|enlevement|ritiro|recog|odbior osobisty"
)
_TRAVELS = re.compile(r"post|parcel|paket|pakket|colis|relais|relay|locker|packstation|shop2shop|point")
"""To a parcel shop or a locker the goods travel."""


@lru_cache(maxsize=1024)
def _speaks_of_pickup(code: str, name: str) -> bool:
    said = fold(f"{code} {name}")
    return bool(_FETCHED.search(said)) and not _TRAVELS.search(said)


def shipping_in(row: ShippingMethod | None, code: str, as_sent: str) -> Shipping:
    """The method `code` as its row in the settings says, or without one as `known_shipping`."""
    usual = SHIPPING_METHODS.get(code)
    names = usual.names if usual is not None else {}
    carrier = usual.carrier if usual is not None else carrier_in(f"{code} {as_sent}")
    if row is None:
        return Shipping(code, as_sent, {}, names, carrier)
    own: dict[str, str] = json.loads(row.names or "{}")
    own = {language: name for language, name in own.items() if name}
    told = row.carrier if row.carrier in CARRIERS else ""
    pickup = Pickup(row.pickup) if row.pickup in set(Pickup) else Pickup.WORDS
    guessed = carrier or carrier_in(" ".join(own.values()))
    return Shipping(code, as_sent, own, names, told or guessed, pickup, row.rank, row.retired_at is not None)
