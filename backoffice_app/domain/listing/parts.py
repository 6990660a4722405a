"""What the order list is made of: its columns and its filters, each declared once (O-1, O-3); `docs/lists.md` shows
how.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import Session

from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing.streams import Sorting
from backoffice_app.domain.order.facets import DIMENSIONS
from backoffice_app.i18n import LazyText
from backoffice_app.registry import Ranked, require_takes

Kind = Literal["order", "customer", "moment", "money", "badge", "word", "text", "marks"]
"""How the pieces of a cell are drawn; `pages/orders.py` has a component for each."""
PIECES: dict[str, int] = {
    "order": 1,
    "customer": 2,
    "moment": 1,
    "money": 1,
    "badge": 3,
    "word": 1,
    "text": 1,
    "marks": 6,
}
"""So many texts a cell of each kind has.

A customer: name and company; a badge: tone, icon, label; marks: a word for each, or "".
"""
OF_THE_CORE = {"order", "customer", "marks"}
"""The kinds that only columns of the core have."""
CONTROLS = ("ticks", "choice", "day", "amount", "text")
"""How a filter is chosen. Of `ticks` several values may be chosen, and all others may be meant."""
BOUNDS = ("", "low", "high")
MOST_CARD_PLACES = 7
INDEXED = re.compile(r"(position|total|due_on) [<>]=? :\w+")
"""Conditions on these columns are read in an index that has the order of the list."""
AND = " AND "
Pieces = str | tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """For whom cells are made: language, the shop's zone and day, the rights (SEC-4), and the custom statuses of these
    rows.
    """

    language: str
    zone: str
    today: str
    rights: frozenset[AnyRight]
    custom: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ByState:
    """Sorting by a column of few values, each of which has an index in the order of the list."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the order list, registered with `column`.

    `sql`: what is read of `orders`, handed to `cell` with the `Look`; or `read`: the texts of a page of orders, by
    order id.
    Both give one text, or as many as the `kind` has pieces.
    `sort`: how the list is sorted by it; None if it is not. `up`: the first press sorts upwards.
    `card`: its place on a phone card, 1 to 7; 0 leaves it out. Columns of one place share it. `wide`: on wide screens
    only. `built`: the page draws it from compiled components of its own; all others are drawn from data.
    `draw`: a component of its own, made of the var of its text and of the component of its kind, where the
    user interface is built with it.
    """

    key: str
    label: LazyText
    kind: Kind = "text"
    sql: tuple[str, ...] = ()
    cell: Callable[..., Pieces] | None = None
    read: Callable[[Session, Sequence[int]], Mapping[int, Pieces]] | None = None
    right: AnyRight = Right.READ
    sort: Sorting | ByState | None = None
    up: bool = False
    rank: int = 100
    card: int = 0
    wide: bool = False
    built: bool = False
    draw: Callable[[Any, Any], Any] | None = None

    @property
    def pieces(self) -> int:
        """How many texts a cell has."""
        return PIECES[self.kind]


COLUMNS: Ranked[Column] = Ranked("column of the order list")


def column(
    key: str,
    label: LazyText,
    *,
    kind: Kind = "text",
    sql: str | tuple[str, ...] = (),
    cell: Callable[..., Pieces] | None = None,
    read: Callable[[Session, Sequence[int]], Mapping[int, Pieces]] | None = None,
    right: AnyRight = Right.READ,
    sort: Sorting | ByState | None = None,
    up: bool = False,
    rank: int = 100,
    card: int = 0,
    wide: bool = False,
    built: bool = False,
    draw: Callable[[Any, Any], Any] | None = None,
) -> Column:
    """Registers a column of the order list; see `Column`. Raises ValueError with a sentence for what can't be."""
    if (cell is None) == (read is None):
        raise ValueError(f"The column “{key}” of the order list needs either sql and cell, or read.")
    if (cell is None) != (not sql):
        raise ValueError(f"The column “{key}” of the order list needs sql and cell together.")
    if kind not in PIECES:
        raise ValueError(
            f"The column “{key}” of the order list has the unknown kind “{kind}”. Known are {', '.join(PIECES)}."
        )
    if kind in OF_THE_CORE and not built:
        raise ValueError(
            f"Only a column of the core has the kind “{kind}”, so the column “{key}” of the order list can't."
        )
    if not 0 <= card <= MOST_CARD_PLACES:
        raise ValueError(
            f"The column “{key}” of the order list has the place {card} on a card; places are 0 to {MOST_CARD_PLACES}."
        )
    if read is not None:
        require_takes(f"The column “{key}” of the order list", read, "session", "ids")
    parts = (sql,) if isinstance(sql, str) else sql
    return COLUMNS.add(
        Column(key, label, kind, parts, cell, read, right, sort, up, rank, card, wide, built, draw)
    )


Condition = tuple[str, Mapping[str, object]]
"""SQL over a row of `orders`, and its values by name."""
Names = Mapping[str, str]
"""What the values of a filter are called."""


@dataclass(frozen=True, eq=False)
class FilterGroup:
    """Filters that are chosen at one place and share one chip, such as the first and the last day."""

    key: str
    label: LazyText


@dataclass(frozen=True, eq=False)
class Filter:
    """A filter of the order list, registered with `list_filter`.

    What it means is one of three: a `dimension` of the facets, of which it asks the values in the address (`value`
    turns a text of the address into one); a `condition` of SQL, which as `of_viewer` is also given the id of the
    colleague who looks; or `words` that the search text must have.
    `control`: how it is chosen; "" can't be, and works from an address only. `group`: of the filters that it is chosen
    with; in one a `choice` and the others exclude each other. `bound`: whether it is the "low" or the "high" end of
    what its group says. `several`: takes several values, with commas between, and "!" before them for all others.
    `choices`: the values there are, each with its name; None takes whatever `accepts` says. `named`: the values whose
    names are read from the orders. `word`: what a value is called in a language, else its name or itself.
    """

    key: str
    label: LazyText
    dimension: str = ""
    value: Callable[[str], Any] = str
    condition: Callable[[str, Regional], Condition | None] | None = None
    of_viewer: Callable[[str, Regional, int], Condition] | None = None
    words: Callable[[str], tuple[tuple[str, ...], ...]] | None = None
    control: str = ""
    several: bool = False
    choices: Mapping[str, LazyText] | None = None
    accepts: Callable[[str], bool] = bool
    word: Callable[[str, str], str] | None = None
    right: AnyRight = Right.READ
    rank: int = 100
    group: FilterGroup | None = None
    bound: str = ""

    def called(self, value: str, names: Names, language: str) -> str:
        """What a value is called in `language`; `names`: of the values that are read from the orders."""
        if self.choices is not None and value in self.choices:
            return self.choices[value].in_language(language)
        return self.word(value, language) if self.word else names.get(value, value)


FILTERS: Ranked[Filter] = Ranked("filter of the order list")
RESERVED = frozenset({"view", "q", "sort", "direction", "page", "filters"})
"""Names that the address of the list has anyway."""


def list_filter(
    key: str,
    label: LazyText,
    *,
    dimension: str = "",
    value: Callable[[str], Any] = str,
    condition: Callable[[str, Regional], Condition | None] | None = None,
    of_viewer: Callable[[str, Regional, int], Condition] | None = None,
    words: Callable[[str], tuple[tuple[str, ...], ...]] | None = None,
    control: str = "",
    several: bool = False,
    choices: Mapping[str, LazyText] | None = None,
    accepts: Callable[[str], bool] = bool,
    word: Callable[[str, str], str] | None = None,
    right: AnyRight = Right.READ,
    rank: int = 100,
    group: FilterGroup | None = None,
    bound: str = "",
) -> Filter:
    """Registers a filter of the order list; see `Filter`. Raises ValueError with a sentence for what can't be."""
    if key in RESERVED or not key.isidentifier():
        raise ValueError(
            f"A filter of the order list can't be called “{key}”: its key stands in the address."
        )
    if sum((bool(dimension), condition is not None or of_viewer is not None, words is not None)) != 1:
        raise ValueError(f"The filter “{key}” of the order list needs one of dimension, condition and words.")
    if dimension and dimension not in DIMENSIONS:
        raise ValueError(
            f"The filter “{key}” of the order list asks the facets for “{dimension}”. They have "
            f"{', '.join(DIMENSIONS)}."
        )
    if control and control not in CONTROLS:
        raise ValueError(
            f"The filter “{key}” of the order list has the unknown control “{control}”. Known are "
            f"{', '.join(CONTROLS)}."
        )
    if control == "choice" and not choices:
        raise ValueError(f"The filter “{key}” of the order list is a choice, but has no choices.")
    if (several or control == "ticks") and not dimension:
        raise ValueError(
            f"The filter “{key}” of the order list takes several values, so it needs a dimension of the facets."
        )
    if bound not in BOUNDS or (bound and group is None):
        raise ValueError(
            f"The filter “{key}” of the order list has the bound “{bound}”. With a group it may be “low” or “high”."
        )
    if condition is not None:
        require_takes(f"The filter “{key}” of the order list", condition, "value", "regional")
    return FILTERS.add(
        Filter(
            key,
            label,
            dimension,
            value,
            condition,
            of_viewer,
            words,
            control,
            several or control == "ticks",
            choices,
            accepts,
            word,
            right,
            rank,
            group,
            bound,
        )
    )


def as_bounds(condition: str) -> list[str]:
    """The condition as the streams take it: its parts where each is in an index of the list, else the whole in
    parentheses.
    """
    parts = condition.split(AND)
    return parts if all(INDEXED.fullmatch(part) for part in parts) else [f"({condition})"]
