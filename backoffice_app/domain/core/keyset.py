"""Lists other than that of the orders: one page is read along one index, and the address holds all that was asked (P-1
to P-4).

A `KeysetList` says which orders and filters there are; `Asked` is what an address says of it; `read_page` reads the
rows. How to make one: docs/lists.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.visible import visible
from backoffice_app.formats import format_day, format_number
from backoffice_app.i18n import LazyText, _

PAGE = 50
CHUNK = 1_000
"""So many rows of an export are read at once."""
CAP = 1_000
"""What a filter matches is counted up to here."""
LONGEST_SEARCH = 200
LAST = "last"
OLDER, NEWER = "o", "n"
BETWEEN = "~"
"""Between the values of a key in an address."""
LARGEST = 2**62
Rows = list[list[str]]
Condition = Callable[[str, Shop], ColumnElement[bool]]


@dataclass(frozen=True, eq=False)
class Sort:
    """An order of a list.

    `columns`: those of one index, the last one unique; `read`: how each is read back from an address.

    `up`: the direction of the first press on the head of its column. `only`: which rows have a place in this order,
    None: all. `within`: the value of a filter that all these rows have, if there is one: only with it the list is
    sorted so, and a press sets it.
    """

    columns: tuple[ColumnElement[Any], ...]
    read: tuple[Callable[[str], object], ...]
    up: bool = False
    only: ColumnElement[bool] | None = None
    within: tuple[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Filter:
    """A filter of a list. `condition`: of a value and the shop's settings.

    With `choices` it takes one of these, without them a day.
    """

    label: LazyText
    condition: Condition
    choices: Mapping[str, LazyText] | None = None

    def takes(self, text: str) -> bool:
        """Whether the filter knows what to do with this value."""
        return text in self.choices if self.choices is not None else is_day(text)

    def called(self, text: str, language: str) -> str:
        """The value as a person reads it."""
        return (
            self.choices[text].in_language(language)
            if self.choices is not None
            else format_day(date.fromisoformat(text), language)
        )


@dataclass(frozen=True, eq=False)
class KeysetList:
    """A list at `path`.

    The first of `sorts` is its usual order; `tabs`: the filter that is drawn as tabs, "" for none.
    """

    path: str
    sorts: Mapping[str, Sort]
    filters: Mapping[str, Filter]
    tabs: str = ""

    @property
    def usual(self) -> str:
        """The order of the list where its address names none."""
        return next(iter(self.sorts))

    def parse(self, parameters: Mapping[str, object]) -> "Asked":
        """What an address asks for; whatever does not fit is left out."""
        given = {str(name): str(value) for name, value in parameters.items()}
        filters = tuple(
            (key, given[key]) for key, part in self.filters.items() if part.takes(given.get(key, ""))
        )
        sort = given.get("sort", "") if given.get("sort", "") in self.sorts else self.usual
        if (within := self.sorts[sort].within) and within not in filters:
            sort = self.usual
        direction = given.get("direction", "")
        page = given.get("page", "")
        return Asked(
            self,
            q=" ".join(visible(given.get("q", "")).replace("\0", "")[:LONGEST_SEARCH].split()),
            filters=filters,
            sort=sort,
            direction=direction if direction in {"up", "down"} else _way(self.sorts[sort]),
            page=page if page == LAST or _key_in(page, self.sorts[sort]) else "",
        )


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list: a text to search, filters with their values, an order, and where its
    page begins.
    """

    of: KeysetList
    q: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    direction: str = "down"
    page: str = ""

    def text(self, key: str) -> str:
        """The value of a filter; "" where it is not set."""
        return dict(self.filters).get(key, "")

    def with_filter(self, key: str, text: str) -> "Asked":
        """The first page with another value of one filter; "" takes it away."""
        chosen = dict(self.filters) | {key: text}
        changed = replace(
            self, filters=tuple((name, chosen[name]) for name in self.of.filters if chosen.get(name)), page=""
        )
        return self.of.parse(changed.parameters())

    def parameters(self) -> dict[str, str]:
        """The parts of the address that differ from the list as it is without any."""
        by = self.sort if self.sort != self.of.usual else ""
        way = self.direction if self.direction != _way(self.of.sorts[self.sort]) else ""
        every = {**dict(self.filters), "q": self.q, "sort": by, "direction": way, "page": self.page}
        return {name: value for name, value in every.items() if value}

    def url(self, path: str = "", **more: str) -> str:
        """The address; `path`: of another page about the same list, such as its export; `more`: further parameters, ""
        for none.
        """
        query = urlencode({name: value for name, value in (self.parameters() | more).items() if value})
        return f"{path or self.of.path}?{query}" if query else path or self.of.path


@dataclass(frozen=True)
class Page:
    """The rows of a page as the statement gives them; `newer`, `older`: where the pages before and after begin, ""
    where there isn't one.
    """

    rows: Sequence[Row[Any]]
    newer: str
    older: str


@dataclass(frozen=True)
class ListView:
    """One page of a list with all that stands around it, as texts.

    `tabs`: [key, word, count, address]; `chips`: [word, address without it, name of its button]; `sorts`: by column
    [address, aria-sort]; `filter`: what the fields of the form start with; `find`: the address up to the text that is
    searched, `unsearched` without one; `cleared`: without search and filters, "" where there are none; `csv`, `xlsx`,
    `prints`: addresses of the files with what is listed, `prints` "" where there isn't one; `note`: what its reader
    must know; `key`: of the list, so that a form is drawn anew. `files`: (word, address) of further files about it.
    """

    rows: Rows = field(default_factory=list)
    tabs: Rows = field(default_factory=list)
    chips: Rows = field(default_factory=list)
    sorts: dict[str, list[str]] = field(default_factory=dict)
    filter: dict[str, str] = field(default_factory=dict)
    tab: str = ""
    query: str = ""
    first: str = ""
    newer: str = ""
    older: str = ""
    last: str = ""
    find: str = ""
    unsearched: str = ""
    cleared: str = ""
    csv: str = ""
    xlsx: str = ""
    prints: str = ""
    files: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    key: str = ""
    sees_prices: bool = False
    may_edit: bool = False


def read_page(
    session: Session, asked: Asked, statement: Select[Any], *, limit: int = PAGE
) -> tuple[Page, Asked]:
    """The page that `asked` names of the rows of `statement`, which has its columns and joins; and what was really
    read.

    Where a page is gone, or begins before the first row, the first page is read instead: no page is a dead end.
    """
    shop = load_shop(session)
    narrowed = _narrowed(asked, statement, shop)
    sort = asked.of.sorts[asked.sort]
    key = _key_in(asked.page, sort)
    onwards = asked.page != LAST and not asked.page.startswith(NEWER)
    rows = list(
        session.execute(
            _from(narrowed, sort, key, down=(asked.direction == "down") == onwards).limit(limit + 1)
        ).all()
    )
    is_more, rows = len(rows) > limit, rows[:limit]
    if asked.page and (not rows or (not onwards and key and not is_more)):
        return read_page(session, replace(asked, page=""), statement, limit=limit)
    if not onwards:
        rows.reverse()
    has_newer, has_older = (bool(key), is_more) if onwards else (is_more, bool(key))
    width = len(sort.columns)
    return Page(
        rows,
        _cursor(NEWER, rows[0], width) if has_newer else "",
        _cursor(OLDER, rows[-1], width) if has_older else "",
    ), asked


def read_all(session: Session, asked: Asked, statement: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    """All rows that the list shows on all of its pages, in its order, in chunks."""
    shop = load_shop(session)
    narrowed, sort = _narrowed(asked, statement, shop), asked.of.sorts[asked.sort]
    key: tuple[object, ...] = ()
    while True:
        rows = session.execute(_from(narrowed, sort, key, down=asked.direction == "down").limit(CHUNK)).all()
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        key = tuple(rows[-1][-len(sort.columns) :])


def list_view(
    asked: Asked,
    page: Page,
    rows: Rows,
    actor: Actor,
    *,
    counts: Mapping[str, str] | None = None,
    note: str = "",
) -> ListView:
    """What stands around `rows`, which are the page made ready to show.

    `counts`: of the tabs, by key, where they are known.
    """
    of, language = asked.of, actor.language
    first = replace(asked, page="")
    bare = of.parse({"sort": asked.sort, "direction": asked.direction})
    unsearched = replace(first, q="").url()
    return ListView(
        rows=rows,
        tabs=_tabs(first, counts or {}, language),
        chips=[_chip(first, key, text, language) for key, text in asked.filters if key != of.tabs],
        sorts={key: _sorted(first, key) for key in of.sorts},
        filter={key: asked.text(key) for key in of.filters},
        tab=asked.text(of.tabs),
        query=asked.q,
        first=first.url() if page.newer else "",
        newer=replace(asked, page=page.newer).url() if page.newer else "",
        older=replace(asked, page=page.older).url() if page.older else "",
        last=replace(asked, page=LAST).url() if page.older else "",
        find=unsearched + ("&q=" if "?" in unsearched else "?q="),
        unsearched=unsearched,
        cleared=bare.url() if asked.q or asked.filters else "",
        csv=first.url(f"{of.path}.csv"),
        xlsx=first.url(f"{of.path}.xlsx"),
        note=note,
        key=first.url(),
    )


def chosen_in(asked: Asked, form: Mapping[str, str]) -> str:
    """The address of the list with the filters of a form; search, tab and order stay."""
    chosen = {key: form.get(key, "") for key in asked.of.filters if key != asked.of.tabs}
    return asked.of.parse(replace(asked, page="").parameters() | chosen).url()


def as_count(number: int, language: str) -> str:
    """How many there are, "" for none; from `CAP` on "1,000+"."""
    return (
        f"{format_number(CAP, language)}+"
        if number > CAP
        else format_number(number, language)
        if number
        else ""
    )


def is_day(text: str) -> bool:
    """Whether a text is a day as a form sends it, not so far away that databases can't count it."""
    try:
        return len(text) == 10 and 1970 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def number_in(text: str) -> int:
    """A number in an address; 0 for anything else, and for one that is larger than databases count."""
    try:
        return max(0, as_id(text))
    except ValueError:
        return 0


def as_id(text: str) -> int:
    """A number in an address. Raises ValueError for anything else, or for one that is larger than databases count."""
    found = (
        int(text)
        if text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal() and len(text) < 20
        else LARGEST
    )
    if not -LARGEST < found < LARGEST:
        raise ValueError(text)
    return found


def as_day(text: str) -> date:
    """A day in an address. Raises ValueError for anything else."""
    if not is_day(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def as_moment(text: str) -> datetime:
    """A moment in an address, with its offset. Raises ValueError for anything else."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def today_of(shop: Shop) -> date:
    """The legal day of the shop (L-3)."""
    return clock.today(shop.regional.zone)


def _narrowed(asked: Asked, statement: Select[Any], shop: Shop) -> Select[Any]:
    sort = asked.of.sorts[asked.sort]
    conditions = [asked.of.filters[key].condition(text, shop) for key, text in asked.filters]
    return statement.where(*conditions, *([] if sort.only is None else [sort.only]))


def _from(statement: Select[Any], sort: Sort, key: tuple[object, ...], *, down: bool) -> Select[Any]:
    """The rows after a key, in one direction, with the columns of their own key behind all others."""
    keyed = statement.add_columns(*(column.label(f"key_{at}") for at, column in enumerate(sort.columns)))
    if key:
        values = [literal(value, column.type) for value, column in zip(key, sort.columns, strict=True)]
        here, there = (
            (tuple_(*sort.columns), tuple_(*values)) if len(key) > 1 else (sort.columns[0], values[0])
        )
        keyed = keyed.where(here < there if down else here > there)
    return keyed.order_by(*(column.desc() if down else column.asc() for column in sort.columns))


def _cursor(way: str, row: Row[Any], width: int) -> str:
    return way + BETWEEN.join(
        value.isoformat() if hasattr(value, "isoformat") else str(value) for value in row[-width:]
    )


def _key_in(page: str, sort: Sort) -> tuple[object, ...]:
    """The key that a page begins after; empty for the first page, the last one, and for what is no page."""
    if page[:1] not in {OLDER, NEWER} or "\0" in page:
        return ()
    parts = page[1:].rsplit(BETWEEN, len(sort.columns) - 1)
    if len(parts) != len(sort.columns):
        return ()
    try:
        return tuple(read(part) for read, part in zip(sort.read, parts, strict=True))
    except (ValueError, ArithmeticError):
        return ()


def _way(sort: Sort) -> str:
    return "up" if sort.up else "down"


def _tabs(asked: Asked, counts: Mapping[str, str], language: str) -> Rows:
    of = asked.of
    if not of.tabs:
        return []
    choices = {"": _("All"), **(of.filters[of.tabs].choices or {})}
    return [
        [key, word.in_language(language), counts.get(key, ""), asked.with_filter(of.tabs, key).url()]
        for key, word in choices.items()
    ]


def _chip(asked: Asked, key: str, text: str, language: str) -> list[str]:
    part = asked.of.filters[key]
    label = f"{part.label.in_language(language)}: {part.called(text, language)}"
    return [
        label,
        asked.with_filter(key, "").url(),
        _("Remove filter {filter}").format(filter=label).in_language(language),
    ]


def _sorted(asked: Asked, key: str) -> list[str]:
    sort = asked.of.sorts[key]
    if asked.sort != key:
        within = asked.with_filter(*sort.within) if sort.within else asked
        return [replace(within, sort=key, direction=_way(sort)).url(), "none"]
    is_up = asked.direction == "up"
    return [replace(asked, direction="down" if is_up else "up").url(), "ascending" if is_up else "descending"]
