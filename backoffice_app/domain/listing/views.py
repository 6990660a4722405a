"""What stands around the rows of the order list: tabs with counts, chips, the choices of the filter (O-3, O-4)."""

from dataclasses import asdict, dataclass, field, replace

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.states import STATE_NAMES, PaymentState, ShippingState, Status
from backoffice_app.domain.core.views import VIEW_NAMES, View
from backoffice_app.domain.listing.filters import MONEY_VIEWS, OVERDUE, SORTS, VIEWS, OrderFilter
from backoffice_app.domain.listing.queries import NEWEST, choices, count_texts, read_count, read_numbers, read_page
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.i18n import LazyText, _, locale

FIELD_NAMES: dict[str, LazyText] = {
    "status": _("Status"),
    "payment": _("Payment"),
    "shipping": _("Shipping"),
    "returns": _("Returns"),
    "date_from": _("From"),
    "date_to": _("To"),
    "payment_method": _("Payment method"),
    "shipping_method": _("Shipping method"),
    "country": _("Country"),
    "source": _("Source"),
    "amount_from": _("Amount from"),
    "amount_to": _("Amount to"),
    "tags": _("Tags"),
    "printed": _("Printed"),
}
YES_NO = {"yes": _("Yes"), "no": _("No")}
STATES = {"status": Status, "payment": PaymentState, "shipping": ShippingState}
Pairs = list[list[str]]


@dataclass(frozen=True)
class OrderListView:
    """One page of the list with all that stands around it, as texts.

    `tabs`: [key, word, count, address]; `chips`: [word, address without it, name of its button]; `options`: by field of the filter
    [value, word]; `sorts`: by column [address, aria-sort]; `filter`: the filter's fields as they stand in the form; `carried`: what the
    address of an order takes along so that its window knows this list: "?view=to-ship", "" for the list of all.
    """

    rows: Pairs = field(default_factory=list)
    tabs: Pairs = field(default_factory=list)
    chips: Pairs = field(default_factory=list)
    options: dict[str, Pairs] = field(default_factory=dict)
    sorts: dict[str, list[str]] = field(default_factory=dict)
    filter: dict[str, str] = field(default_factory=dict)
    view: str = "all"
    query: str = ""
    newer: str = ""
    older: str = ""
    first: str = ""
    last: str = ""
    cleared: str = ""
    carried: str = ""
    matching: str = ""
    note: str = ""
    newest: str = "0"
    sees_prices: bool = False
    is_empty_shop: bool = False


def order_list(session: Session, wanted: OrderFilter, actor: Actor, language: str) -> OrderListView:
    """The list that `wanted` asks for, as `actor` may see it (O-1 to O-4, SEC-4)."""
    wanted = wanted.seen_by(actor)
    reader, regional = Reader(session), load_shop(session).regional
    page = read_page(reader, wanted, actor, language, regional)
    filtered = bool(wanted.active() or wanted.q)
    numbers = read_numbers(reader, regional)
    counted = count_texts(numbers, actor, language)
    offered = choices(reader)
    count = page.count or (read_count(reader, wanted, actor, language, regional) if filtered else counted.get(wanted.view, "0"))
    return OrderListView(
        rows=page.rows,
        tabs=tab_rows(counted, wanted, actor, language),
        chips=[_chip(wanted, name, language) for name in wanted.active()],
        options=_options(offered, language),
        sorts={name: _sort(wanted, name) for name in SORTS},
        filter={k: str(v) for k, v in asdict(wanted).items()},
        view=wanted.view,
        query=wanted.q,
        newer=wanted.address(page=page.newer) if page.newer else "",
        older=wanted.address(page=page.older) if page.older else "",
        first=replace(wanted, page="").address() if page.newer else "",
        last=wanted.address(page="last") if page.older else "",
        cleared=replace(wanted.cleared(), q="").address() if filtered else "",
        carried=wanted.address(""),
        matching=_matching(count, language),
        note=page.note,
        newest=str(numbers[NEWEST]),
        sees_prices=actor.may(Right.PRICES),
        is_empty_shop=numbers[NEWEST] == 0,
    )


def _matching(count: str, language: str) -> str:
    text = _("{count} order") if count == "1" else _("{count} orders")  # the count may read "1,000+"
    return text.format(count=count).in_language(language)


def tab_rows(counted: dict[str, str], wanted: OrderFilter, actor: Actor, language: str) -> Pairs:
    """The tabs, each with its count and its address; those that tell of money only for who may see it."""
    names = {view.value: name for view, name in VIEW_NAMES.items()} | {OVERDUE: _("Overdue")}
    always = {View.ALL.value, View.TO_PAY.value, View.TO_SHIP.value, wanted.view}
    shown = [v for v in VIEWS if (v not in MONEY_VIEWS or actor.may(Right.PRICES)) and (v in always or counted.get(v, "0") != "0")]
    blank = OrderFilter()
    return [[view, names[view].in_language(language), counted.get(view, "0"), replace(blank, view=view).address()] for view in shown]


def _chip(wanted: OrderFilter, name: str, language: str) -> list[str]:
    value = getattr(wanted, name)
    if name in STATES:
        shown = STATE_NAMES[STATES[name](value)].in_language(language)
    elif name == "country":
        shown = locale(language).territories.get(value, value)
    else:
        shown = YES_NO[value].in_language(language) if value in YES_NO else value
    label = f"{FIELD_NAMES[name].in_language(language)}: {shown}" if name in FIELD_NAMES else shown
    return [label, wanted.address(**{name: ""}), _("Remove filter {filter}").format(filter=label).in_language(language)]


def _options(offered: dict[str, list[str]], language: str) -> dict[str, Pairs]:
    anything = ["", _("Any").in_language(language)]
    options = {
        name: [anything, *([state.value, STATE_NAMES[state].in_language(language)] for state in kinds)] for name, kinds in STATES.items()
    }
    options["printed"] = [anything, *([key, word.in_language(language)] for key, word in YES_NO.items())]
    countries = locale(language).territories
    for name in ("payment_method", "shipping_method", "country", "source"):
        words = [[value, countries.get(value, value) if name == "country" else value] for value in offered.get(name, [])]
        options[name] = [anything, *sorted(words, key=lambda pair: pair[1])]
    return options


def _sort(wanted: OrderFilter, name: str) -> list[str]:
    """Where a press on a column's head leads, and how the list is sorted by it now."""
    if wanted.sort != name:
        return [wanted.address(sort=name, direction="down"), "none"]
    up = wanted.direction == "up"
    return [wanted.address(sort=name, direction="down" if up else "up"), "ascending" if up else "descending"]
