"""What stands around the rows of the order list: tabs with counts, chips, the choices of the filter (O-3, O-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.listing.filters import OrderFilter, written
from backoffice_app.domain.listing.parts import COLUMNS, FILTERS, Column, Filter, Names
from backoffice_app.domain.listing.queries import NEWEST, choices, count_texts, read_count, read_numbers, read_page
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.rows import layout
from backoffice_app.domain.listing.saved import KEPT, Kept, kept_by
from backoffice_app.domain.order.views import VIEWS
from backoffice_app.i18n import _, as_sorted

MOST_WORDS = 3
"""So many values a chip names."""
Pairs = list[list[str]]


@dataclass(frozen=True)
class ColumnView:
    """A column that is drawn from data. `at`: where its first text stands in a row; `place`, `extra`: classes of its cells."""

    label: str
    kind: str
    at: int
    place: str
    extra: str
    key: str = ""


@dataclass(frozen=True)
class FieldView:
    """A field of the filter form that is drawn from data."""

    key: str
    label: str
    control: str


@dataclass(frozen=True)
class OrderListView:
    """One page of the list with all that stands around it, as texts.

    `tabs`: [key, word, count, address]; `chips`: [word, address without it, name of its button]; `options`: by field of the filter, see
    `_options`; `chosen`: what is ticked of each, as words; `sorts`: by column [address, aria-sort]; `filter`: the filter's fields as they
    stand in the form; `columns`, `fields`: what plug-ins add, for who may see it; `rights`: those that this list asks for and the
    actor holds; `cleared`: the address without search and filters, "" where there is none; `find`: the address up to the text
    that is searched, `unsearched` without one (both lead somewhere before the list was read); `carried`: what the address of an order
    takes along so that its window knows this list: "?view=to-ship", "" for the list of all; `has_sources`: the orders of the shop came
    from several places, so that it says something where each came from; the same in each view, so that no column moves.
    """

    rows: Pairs = field(default_factory=list)
    tabs: Pairs = field(default_factory=list)
    chips: Pairs = field(default_factory=list)
    options: dict[str, Pairs] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    sorts: dict[str, list[str]] = field(default_factory=dict)
    filter: dict[str, str] = field(default_factory=dict)
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
    fields: list[FieldView] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    is_empty_shop: bool = False
    has_sources: bool = False
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
    here = next((one for one in views if one.wanted.seen_by(actor).address() == replace(wanted, page="").address()), None)
    is_own = filtered or wanted.sort != OrderFilter.DEFAULTS["sort"]
    count = page.count or (read_count(reader, wanted, actor, language, regional) if filtered else counted.get(wanted.view, "0"))
    return OrderListView(
        rows=page.rows,
        tabs=tab_rows(counted, wanted, actor, language, views),
        chips=[_chip(wanted, FILTERS[key], offered.get(key, {}), language) for key in wanted.active()],
        options=_options(wanted, offered, actor, language),
        chosen={part.key: _chosen(wanted, part, offered.get(part.key, {}), language) for part in _ticked(actor)},
        sorts={column.key: _sort(wanted, column) for column in COLUMNS if column.sort is not None and actor.may(column.right)},
        filter={part.key: _in_form(part, wanted.text(part.key), language) for part in FILTERS if actor.may(part.right)},
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
        columns=_columns(actor, language),
        fields=_fields(wanted, offered, actor, language),
        rights=[right.value for right in needed_rights() if actor.may(right)],
        is_empty_shop=numbers[NEWEST] == 0,
        has_sources=len(offered.get("source", {})) > 1,
        tab=here.tab if here else wanted.view,
        to_keep=replace(wanted, page="").address("") if is_own and here is None and actor.kind is ActorKind.USER else "",
        kept=Shown(KEPT, str(here.id)).text if here and here.may_delete else "",
    )


def searched(address: str) -> str:
    """The address of a list, up to the text that is searched in it."""
    return address + ("&q=" if "?" in address else "?q=")


def _matching(count: str, language: str) -> str:
    text = _("{count} order") if count == "1" else _("{count} orders")  # the count may read "1,000+"
    return text.format(count=count).in_language(language)


def tab_rows(counted: Mapping[str, str], wanted: OrderFilter, actor: Actor, language: str, views: Sequence[Kept] = ()) -> Pairs:
    """The tabs, each with its count and its address, which keeps what is searched; those that tell of money only for who may see it.

    Then `views`, those that were kept, as they were kept and without a count: each would be a search of its own.
    """
    built_in = [
        [view.key, view.label.in_language(language), counted.get(view.key, "0"), OrderFilter(view=view.key, q=wanted.q).address()]
        for view in VIEWS
        if actor.may(view.right) and (view.always or view.key == wanted.view or counted.get(view.key, "0") != "0")
    ]
    return [*built_in, *([one.tab, one.name, "", one.wanted.address()] for one in views)]


def needed_rights() -> tuple[Right, ...]:
    """The rights that columns and filters ask for."""
    return tuple(sorted({part.right for part in (*COLUMNS, *FILTERS)}))


def _columns(actor: Actor, language: str) -> list[ColumnView]:
    """The columns that the page draws from data."""
    places = layout().places
    return [
        ColumnView(
            column.label.in_language(language),
            column.kind,
            places[column.key],
            f"place-{column.card}" if column.card else "",
            "wide-only" if column.wide else "",
            column.key,
        )
        for column in layout().others
        if actor.may(column.right)
    ]


def _fields(wanted: OrderFilter, offered: Mapping[str, Names], actor: Actor, language: str) -> list[FieldView]:
    """The fields of the form that the page draws from data; none to tick where there is nothing to choose from."""
    return [
        FieldView(part.key, part.label.in_language(language), part.control)
        for part in FILTERS
        if part.control and not part.built and actor.may(part.right)
        if part.control != "ticks" or part.choices is not None or offered.get(part.key) or wanted.text(part.key)
    ]


def _chip(wanted: OrderFilter, part: Filter, names: Names, language: str) -> list[str]:
    text = wanted.text(part.key)
    shown = _chosen(wanted, part, names, language) if part.several else part.called(text, names, language)
    label = f"{part.label.in_language(language)}: {shown}"
    return [label, wanted.address(**{part.key: ""}), _("Remove filter {filter}").format(filter=label).in_language(language)]


def _chosen(wanted: OrderFilter, part: Filter, names: Names, language: str) -> str:
    """The values of a filter that takes several, as words."""
    is_not, values = wanted.values(part.key)
    words = [part.called(one, names, language) for one in values]
    shown = ", ".join(words[:MOST_WORDS]) + (f" +{len(words) - MOST_WORDS}" if len(words) > MOST_WORDS else "")
    return _("all but {values}").format(values=shown).in_language(language) if is_not else shown


def _ticked(actor: Actor | None = None) -> list[Filter]:
    """The filters of which several values are ticked in the form; with `actor`, those that they may use."""
    return [part for part in FILTERS if part.control == "ticks" and (actor is None or actor.may(part.right))]


def _options(wanted: OrderFilter, offered: Mapping[str, Names], actor: Actor, language: str) -> dict[str, Pairs]:
    """By field: [value, word] of a choice, and [name in the form, word, "on" where it is ticked] of a field that takes several values."""
    options: dict[str, Pairs] = {}
    for part in FILTERS:
        if part.control == "choice" and actor.may(part.right):
            words = [[key, word.in_language(language)] for key, word in (part.choices or {}).items()]
            options[part.key] = [["", _("Any").in_language(language)], *words]
    for part in _ticked(actor):
        names = offered.get(part.key, {})
        is_not, chosen = wanted.values(part.key)
        values = list(part.choices) if part.choices is not None else [*names, *(one for one in chosen if one not in names)]
        words = [[f"{part.key}:{one}", part.called(one, names, language), "on" if one in chosen else ""] for one in values]
        if part.choices is None:
            words.sort(key=lambda tick: as_sorted(tick[1]))
        others = [f"{part.key}:", _("All but these").in_language(language), "on" if is_not else ""]
        options[part.key] = [*words, others]
    return options


def _in_form(part: Filter, text: str, language: str) -> str:
    """What a field of the form starts with: an amount as the reader writes it, all else as it stands in the address."""
    return part.called(text, {}, language) if part.control == "amount" and text else text


def chosen_in(form: Mapping[str, str], actor: Actor, currency: str) -> dict[str, str]:
    """The filters as a form sets them, by key: fields of one value by their name, ticked boxes as "key:value".

    Amounts are read as `actor` writes them. Raises Invalid for what is not an amount, or may be two.
    """
    found = {part.key: form[part.key] for part in FILTERS if part.control and form.get(part.key)}
    for key in [part.key for part in FILTERS if part.control == "amount" and part.key in found]:
        minor = amount_of(actor, found[key], currency, key)
        found[key] = f"{Decimal(as_text(minor, currency)).normalize():f}"
    for part in _ticked():
        values = [box.partition(":")[2] for box, on in form.items() if on and box.startswith(f"{part.key}:")]
        if text := written((value for value in values if value), others="" in values):
            found[part.key] = text
    return found


def _sort(wanted: OrderFilter, column: Column) -> list[str]:
    """Where a press on a column's head leads, and how the list is sorted by it now."""
    if wanted.sort != column.key:
        return [wanted.address(sort=column.key, direction="up" if column.up else "down"), "none"]
    up = wanted.direction == "up"
    return [wanted.address(sort=column.key, direction="down" if up else "up"), "ascending" if up else "descending"]
