"""Pages that are plain data: registered by a plug-in, drawn by one component that is compiled already (EXT-1)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.keyset import LAST, KeysetList, Sort, as_day, as_id, as_moment
from backoffice_app.domain.core.keyset import read_page as read_rows
from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.window.declared import Declared, Draw, Part, table
from backoffice_app.formats import format_moment, format_money
from backoffice_app.i18n import LazyText
from backoffice_app.lucide import outline
from backoffice_app.registry import Registry, require_takes

WHERE = "/more"
"""Where these pages are: `/more/<key>`."""
NEEDS_AN_ORDER = {"buttons", "form"}
"""The parts that act on an order, which a page has not."""
GROUPS = ("sales", "customers", "products", "service", "general")
"""The groups of the menu that such a page may be in; without one it is under `More`."""
SHORTCUTS = "befhjnqtuvwyz"
"""The letters behind `g` that no page of Kontor has."""
READERS: Mapping[type, Callable[[str], object]] = {int: as_id, str: str, date: as_day, datetime: as_moment}
"""How the value of a column is read back from an address."""
log = logging.getLogger("kontor.plugins")


@dataclass(frozen=True)
class PageLook:
    """One reading of a page: who reads it, in which language, of which shop.

    `values`: what the address says behind its `?`.
    """

    session: Session
    actor: Actor
    language: str
    shop: Shop
    values: Mapping[str, str]
    path: str = ""
    """The address of the page."""

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
    """A page of plain data.

    `group`, `rank`: its place in the menu, below the pages of Kontor, smallest first; `icon`: of lucide; `shortcut`:
    `g` and this letter lead to it; `right`: who sees it; `draw`: a component of its own.
    """

    key: str
    label: LazyText
    read: Read
    right: AnyRight = Right.READ
    rank: int = 100
    draw: Draw | None = None
    icon: str = "puzzle"
    group: str = ""
    shortcut: str = ""

    @property
    def route(self) -> str:
        """Its address."""
        return f"{WHERE}/{self.key}"


@dataclass(frozen=True)
class PageView:
    """A page as one reads it.

    `key`: "" where there is no such page, or none for this role; `broken`: it could not be read.
    """

    key: str = ""
    title: str = ""
    parts: list[Part] = field(default_factory=list)
    broken: bool = False
    data: dict[str, str] = field(default_factory=dict)


PAGES: Registry[DeclaredPage] = Registry("page of plain data")
"""Key -> page."""


def page(
    key: str,
    label: LazyText,
    *,
    right: AnyRight = Right.READ,
    rank: int = 100,
    draw: Draw | None = None,
    icon: str = "puzzle",
    group: str = "",
    shortcut: str = "",
) -> Callable[[Read], Read]:
    """Registers the function below as what a page shows, at `/more/<key>` and in the menu of who holds `right`.

    `group`: one of `GROUPS`, or "" for the menu's last one, `More`. `icon`: a name of lucide. `shortcut`: a letter,
    which leads to the page after `g`. Raises ValueError for a key or shortcut that is taken, a key that can't stand in
    an address, an unknown group or icon.
    """
    outline(icon)
    if group and group not in GROUPS:
        raise ValueError(f"The page {key!r} is in the menu group {group!r}; there are: {', '.join(GROUPS)}.")
    if shortcut and (len(shortcut) > 1 or shortcut not in SHORTCUTS):
        raise ValueError(f"The page {key!r} wants the key {shortcut!r}; there are: {', '.join(SHORTCUTS)}.")
    if taken := next((one.key for one in PAGES.values() if shortcut and one.shortcut == shortcut), ""):
        raise ValueError(f"The page {key!r} wants the key {shortcut!r}, which {taken!r} has.")
    if not key.replace("-", "").isalnum() or not key.isascii() or key != key.lower():
        raise ValueError(
            f"The page {key!r} needs a key of small letters, digits and hyphens: it stands in the address."
        )

    def register(read: Read) -> Read:
        require_takes(f"The page {key!r}", read, "look")
        PAGES.add(key, DeclaredPage(key, label, read, right, rank, draw, icon, group, shortcut))
        return read

    return register


def pages_for(actor: Actor) -> list[DeclaredPage]:
    """The pages this actor may see, in the order of the menu."""
    return sorted(
        (one for one in PAGES.values() if actor.may(one.right)), key=lambda one: (one.rank, one.key)
    )


def read_page(actor: Actor, key: str, values: Mapping[str, str]) -> PageView:
    """A page as this actor sees it, in their language. One that can't be read breaks nothing else; the log says why."""
    found = next((one for one in pages_for(actor) if one.key == key), None)
    if found is None:
        return PageView()
    title = found.label.in_language(actor.language)
    try:
        with reading() as session:
            read = found.read(
                PageLook(session, actor, actor.language, load_shop(session), values, found.route)
            )
        if wrong := sorted({part.kind for part in read.parts} & NEEDS_AN_ORDER):
            raise ValueError(f"a page can't have {', '.join(wrong)}: they act on an order")
    except Exception:
        log.exception("The page %s could not be read", key)
        return PageView(key, title, broken=True)
    return PageView(key, title, read.parts, data=read.data)


def paged_table(
    look: PageLook,
    head: Sequence[str],
    statement: Select[Any],
    *,
    by: ColumnElement[Any] | Sequence[ColumnElement[Any]],
    cells: Callable[..., Sequence[str]],
    link: Callable[..., str] | None = None,
    up: bool = False,
) -> Part:
    """A table of which one page is read, 50 rows along an index, with the ways to the pages before and after, as
    Kontor's own lists are.

    `statement`: a `select` without an order. `by`: the columns of one index, the last one unique; the largest comes
    first, or with `up` the smallest. `cells`: the texts of a row, given what was selected; `link`: where its first text
    leads. Raises TypeError for a column that can't stand in an address: it holds numbers, texts, days or moments.
    """
    columns = tuple(by) if isinstance(by, Sequence) else (by,)
    of = KeysetList(look.path, {"by": Sort(columns, tuple(map(_reader, columns)), up)}, {})
    page, _asked = read_rows(look.session, of.parse(look.values), statement)
    rows = [row[: -len(columns)] for row in page.rows]
    more = {name: value for name, value in look.values.items() if name != "page"}
    targets = ((page.newer, ""), (page.newer, page.newer), (page.older, page.older), (page.older, LAST))
    pages = [of.parse({"page": target}).url(**more) if is_there else "" for is_there, target in targets]
    links = [link(*row) for row in rows] if link else []
    return replace(table(head, [cells(*row) for row in rows], links), pages=pages)


def _reader(column: ColumnElement[Any]) -> Callable[[str], object]:
    kind = column.type.python_type
    if kind not in READERS:
        raise TypeError(
            f"A table can't be paged by {column}: it holds {kind.__name__}, which can't stand in an address."
        )
    return READERS[kind]
