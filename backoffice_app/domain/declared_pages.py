"""Pages that are plain data: registered by a plug-in, drawn by one component that is compiled already (EXT-1)."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.window.declared import Declared, Draw, Part
from backoffice_app.i18n import LazyText, format_moment, format_money
from backoffice_app.registry import Registry, require_takes

WHERE = "/more"
"""Where these pages are: `/more/<key>`."""
NEEDS_AN_ORDER = {"buttons", "form"}
"""The parts that act on an order, which a page has not."""
log = logging.getLogger("kontor.plugins")


@dataclass(frozen=True)
class PageLook:
    """One reading of a page: who reads it, in which language, of which shop. `values`: what the address says behind its `?`."""

    session: Session
    actor: Actor
    language: str
    shop: Shop
    values: Mapping[str, str]

    def text(self, sentence: LazyText) -> str:
        """The sentence in the reader's language."""
        return sentence.in_language(self.language)

    def money(self, amount: int, currency: str = "") -> str:
        """An amount in minor units, of the shop's currency if none is named; "" for who may not see prices (SEC-4)."""
        if not self.actor.may(Right.PRICES):
            return ""
        return format_money(amount, currency or self.shop.regional.currency, self.language)

    def moment(self, at: datetime) -> str:
        """A moment in the shop's time zone."""
        return format_moment(at, self.language, self.shop.regional.zone, "short")


Read = Callable[[PageLook], Declared]


@dataclass(frozen=True)
class DeclaredPage:
    """A page of plain data. `rank`: its place in the menu, smallest first; `right`: who sees it; `draw`: a
    component of its own.
    """

    key: str
    label: LazyText
    read: Read
    right: AnyRight = Right.READ
    rank: int = 100
    draw: Draw | None = None

    @property
    def route(self) -> str:
        """Its address."""
        return f"{WHERE}/{self.key}"


@dataclass(frozen=True)
class PageView:
    """A page as one reads it. `key`: "" where there is no such page, or none for this role; `broken`: it could not be read."""

    key: str = ""
    title: str = ""
    parts: list[Part] = field(default_factory=list)
    broken: bool = False
    data: dict[str, str] = field(default_factory=dict)


PAGES: Registry[DeclaredPage] = Registry("page of plain data")
"""Key -> page."""


def page(key: str, label: LazyText, *, right: AnyRight = Right.READ, rank: int = 100, draw: Draw | None = None) -> Callable[[Read], Read]:
    """Registers the function below as what a page shows, at `/more/<key>` and in the menu of who holds `right`.

    Raises ValueError for a key that is taken or can't stand in an address.
    """
    if not key.replace("-", "").isalnum() or not key.isascii() or key != key.lower():
        raise ValueError(f"The page {key!r} needs a key of small letters, digits and hyphens: it stands in the address.")

    def register(read: Read) -> Read:
        require_takes(f"The page {key!r}", read, "look")
        PAGES.add(key, DeclaredPage(key, label, read, right, rank, draw))
        return read

    return register


def pages_for(actor: Actor) -> list[DeclaredPage]:
    """The pages this actor may see, in the order of the menu."""
    return sorted((one for one in PAGES.values() if actor.may(one.right)), key=lambda one: (one.rank, one.key))


def read_page(actor: Actor, key: str, values: Mapping[str, str]) -> PageView:
    """A page as this actor sees it, in their language. One that can't be read breaks nothing else; the log says why."""
    found = next((one for one in pages_for(actor) if one.key == key), None)
    if found is None:
        return PageView()
    title = found.label.in_language(actor.language)
    try:
        with reading() as session:
            read = found.read(PageLook(session, actor, actor.language, load_shop(session), values))
        if wrong := sorted({part.kind for part in read.parts} & NEEDS_AN_ORDER):
            raise ValueError(f"a page can't have {', '.join(wrong)}: they act on an order")
    except Exception:
        log.exception("The page %s could not be read", key)
        return PageView(key, title, broken=True)
    return PageView(key, title, read.parts, data=read.data)
