"""What stands around the rows of the order list: tabs with counts, chips, the columns that are shown (O-1,
O-3, O-4).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.column_choice import SOURCE, choice_of
from backoffice_app.domain.listing.filter_view import said_of
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import FILTERS, Column, Filter, Names
from backoffice_app.domain.listing.queries import (
    NEWEST,
    choices,
    count_texts,
    read_count,
    read_numbers,
    read_page,
)
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.rows import layout
from backoffice_app.domain.listing.saved import KEPT, Kept, kept_by
from backoffice_app.domain.order.views import VIEWS
from backoffice_app.i18n import _

Pairs = list[list[str]]


@dataclass(frozen=True)
class ColumnView:
    """A column of the table. `at`: where its first text stands in a row; `extra`: classes of its head and its cells.

    `place`: the class of its place on a phone card, "" where it is left out or shares one. `href`, `order`: the address
    of the list sorted by it, and how it is sorted now; "" where it can't be.
    """

    key: str
    label: str
    kind: str
    at: int
    extra: str = ""
    place: str = ""
    href: str = ""
    order: str = ""


@dataclass(frozen=True)
class CardView:
    """A place of a phone card that several columns share."""

    place: str
    columns: list[ColumnView]


@dataclass(frozen=True)
class OrderListView:
    """One page of the list with all that stands around it, as texts.

    `tabs`: [key, word, count, address]; `chips`: [word, address without it, name of its button]; `columns`: those that
    the actor chose, in their order; `cards`: what stands together on a phone card; `cleared`: the address without
    search and filters, "" where there isn't one; `find`: the address up to the text that is searched, `unsearched`
    without one (both lead somewhere before the list was read); `carried`: what the address of an order takes along so
    that its window knows this list: "?view=to-ship", "" for the list of all.
    """

    rows: Pairs = field(default_factory=list)
    tabs: Pairs = field(default_factory=list)
    chips: Pairs = field(default_factory=list)
    view: str = "all"
    query: str = ""
    newer: str = ""
    older: str = ""
    first: str = ""
    last: str = ""
    cleared: str = ""
    find: str = "/orders?q="
    unsearched: str = "/orders"
    carried: str = ""
    matching: str = ""
    note: str = ""
    newest: str = "0"
    columns: list[ColumnView] = field(default_factory=list)
    cards: list[CardView] = field(default_factory=list)
    is_empty_shop: bool = False
    tab: str = "all"
    """The key of the tab in sight: of a view, or of one that was kept."""
    to_keep: str = ""
    """The address that a new view would keep; "" where this list has a tab of its own."""
    kept: str = ""
    """What the view in sight that may be deleted is, as `Shown` says it; "" for all others."""


def order_list(session: Session, wanted: OrderFilter, actor: Actor, language: str) -> OrderListView:
    """The list that `wanted` asks for, as `actor` may see it (O-1 to O-4, SEC-4)."""
    wanted = wanted.seen_by(actor)
    reader, regional = Reader(session), load_shop(session).regional
    page = read_page(reader, wanted, actor, language, regional)
    if wanted.page and not page.rows:  # what stood there is gone: no page is a dead end
        wanted = replace(wanted, page="")
        page = read_page(reader, wanted, actor, language, regional)
    filtered = bool(wanted.active() or wanted.q)
    numbers = read_numbers(reader, regional)
    counted = count_texts(numbers, actor, language)
    offered = choices(reader, language)
    unsearched = wanted.address(q="")
    views = kept_by(session, actor)
    here = next(
        (one for one in views if one.wanted.seen_by(actor).address() == replace(wanted, page="").address()),
        None,
    )
    columns = _columns(session, wanted, actor, language, has_sources=len(offered.get(SOURCE, {})) > 1)
    is_own = filtered or wanted.sort != OrderFilter.DEFAULTS["sort"]
    count = page.count or (
        read_count(reader, wanted, actor, language, regional) if filtered else counted.get(wanted.view, "0")
    )
    return OrderListView(
        rows=page.rows,
        tabs=tab_rows(counted, wanted, actor, language, views),
        chips=_chips(wanted, offered, language),
        view=wanted.view,
        query=wanted.q,
        newer=wanted.address(page=page.newer) if page.newer else "",
        older=wanted.address(page=page.older) if page.older else "",
        first=replace(wanted, page="").address() if page.newer else "",
        last=wanted.address(page="last") if page.older else "",
        cleared=replace(wanted.cleared(), q="").address() if filtered else "",
        find=searched(unsearched),
        unsearched=unsearched,
        carried=wanted.address(""),
        matching=_matching(count, language),
        note=page.note,
        newest=str(numbers[NEWEST]),
        columns=[column for column, _at in columns],
        cards=_cards(columns),
        is_empty_shop=numbers[NEWEST] == 0,
        tab=here.tab if here else wanted.view,
        to_keep=replace(wanted, page="").address("")
        if is_own and here is None and actor.kind is ActorKind.USER
        else "",
        kept=Shown(KEPT, str(here.id)).text if here and here.may_delete else "",
    )


def searched(address: str) -> str:
    """The address of a list, up to the text that is searched in it."""
    return address + ("&q=" if "?" in address else "?q=")


def _matching(count: str, language: str) -> str:
    text = _("{count} order") if count == "1" else _("{count} orders")  # the count may read "1,000+"
    return text.format(count=count).in_language(language)


def tab_rows(
    counted: Mapping[str, str], wanted: OrderFilter, actor: Actor, language: str, views: Sequence[Kept] = ()
) -> Pairs:
    """The tabs, each with its count and its address, which keeps what is searched; those that tell of money only for
    who may see it.

    Then `views`, those that were kept, as they were kept and without a count: each would be a search of its own.
    """
    built_in = [
        [
            view.key,
            view.label.in_language(language),
            counted.get(view.key, "0"),
            OrderFilter(view=view.key, q=wanted.q).address(),
        ]
        for view in VIEWS
        if actor.may(view.right)
        and (view.always or view.key == wanted.view or counted.get(view.key, "0") != "0")
    ]
    return [*built_in, *([one.tab, one.name, "", one.wanted.address()] for one in views)]


def _columns(
    session: Session, wanted: OrderFilter, actor: Actor, language: str, *, has_sources: bool
) -> list[tuple[ColumnView, int]]:
    """The columns that `actor` chose, each with its place on a phone card.

    Where orders came from is no column of the standard while all came from one place; the same in each view, so that no
    column moves.
    """
    choice, places = choice_of(session, actor), layout().places
    shown = [
        one
        for one in choice.columns(actor)
        if choice.shows(one.key, standard=one.key != SOURCE or has_sources)
    ]
    shared = {place for place, count in Counter(one.card for one in shown).items() if count > 1}
    return [
        (
            ColumnView(
                one.key,
                one.label.in_language(language),
                one.kind,
                places[one.key],
                _classes(one),
                f"place-{one.card}" if one.card and one.card not in shared else "",
                *(_sort(wanted, one) if one.sort is not None else ("", "")),
            ),
            one.card,
        )
        for one in shown
    ]


def _classes(column: Column) -> str:
    """The style sheet knows the widths of the core's columns, so that they are the same in each view and on
    each page.
    """
    kinds = {"num": column.kind == "money", f"w-{column.key}": column.built, "wide-only": column.wide}
    return " ".join(kind for kind, has in kinds.items() if has)


def _cards(columns: Sequence[tuple[ColumnView, int]]) -> list[CardView]:
    """The places of a phone card that several of the columns share."""
    places: dict[int, list[ColumnView]] = {}
    for column, place in columns:
        if place:
            places.setdefault(place, []).append(column)
    return [
        CardView(f"place-{place}", together)
        for place, together in sorted(places.items())
        if len(together) > 1
    ]


def _chips(wanted: OrderFilter, offered: Mapping[str, Names], language: str) -> Pairs:
    """One chip for each group of filters that is on."""
    groups: dict[str, list[Filter]] = {}
    for part in map(FILTERS.__getitem__, wanted.active()):
        groups.setdefault(part.group.key if part.group else part.key, []).append(part)
    return [_chip(wanted, parts, offered, language) for parts in groups.values()]


def _chip(
    wanted: OrderFilter, parts: Sequence[Filter], offered: Mapping[str, Names], language: str
) -> list[str]:
    group = parts[0].group.label if parts[0].group else parts[0].label
    label = f"{group.in_language(language)}: {said_of(wanted, parts, offered, language)}"
    gone = wanted.address(**{part.key: "" for part in parts})
    return [label, gone, _("Remove filter {filter}").format(filter=label).in_language(language)]


def _sort(wanted: OrderFilter, column: Column) -> list[str]:
    """Where a press on a column's head leads, and how the list is sorted by it now."""
    if wanted.sort != column.key:
        return [wanted.address(sort=column.key, direction="up" if column.up else "down"), "none"]
    up = wanted.direction == "up"
    return [
        wanted.address(sort=column.key, direction="down" if up else "up"),
        "ascending" if up else "descending",
    ]
