"""Columns, filters and views are declared once, and a plug-in declares its own in the same way (O-1, O-3,
O-4, EXT-1).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from big_shop import VIEWS as RULES
from big_shop import BigShop, numbers, page
from databases import OWNER, WAREHOUSE, TestShop
from sqlalchemy import bindparam, text
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core.rights import COMMAND, Actor, Right
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing import OrderFilter, count_matching, counts, find_place
from backoffice_app.domain.listing.filter_view import FilterView, filter_panel
from backoffice_app.domain.listing.parts import (
    COLUMNS,
    CONTROLS,
    FILTERS,
    PIECES,
    Condition,
    column,
    list_filter,
)
from backoffice_app.domain.listing.rows import layout
from backoffice_app.domain.listing.views import ColumnView, OrderListView, order_list
from backoffice_app.domain.order.facets import FacetValues
from backoffice_app.domain.order.views import VIEWS, list_view, views_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, ViewCount
from backoffice_app.pages import orders as orders_page
from backoffice_app.registry import Ranked

PAGE = Path(__file__).parents[3] / "docs" / "lists.md"
OURS: dict[Ranked[Any], str] = {
    COLUMNS: "number date customer total status payment shipping source marks",
    FILTERS: "status custom_status payment shipping returns date date_from date_to payment_method "
    "shipping_method country source "
    "amount_from amount_to tags printed address_warning has_open_task has_ticket customer has_note assigned",
    VIEWS: "all to-pay to-ship invoice-waits on-hold differing overdue overpaid returns-open drafts",
}
EACH = [
    pytest.param(registry, key, id=f"{registry.kind.split()[0]}-{key}")
    for registry, keys in OURS.items()
    for key in keys.split()
]
LABEL = _("Note")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a test registers is taken away again."""
    before = {registry: {part.key for part in registry} for registry in OURS}
    yield
    for registry, keys in before.items():
        for key in {part.key for part in registry} - keys:
            registry.remove(key)


@pytest.fixture
def gifts(shop: TestShop) -> list[str]:
    """The plug-in of docs/lists.md, its table, and the numbers of two orders with a note and one without,
    oldest first.
    """
    made = [shop.order(), shop.order(paid=True), shop.order(paid=True)]
    with Session(db.engine()) as session:
        session.execute(text("DROP TABLE IF EXISTS gift_note"))
        session.execute(text("CREATE TABLE gift_note (order_id bigint PRIMARY KEY, note text NOT NULL)"))
        for order in made[::2]:
            session.execute(
                text("INSERT INTO gift_note VALUES (:id, :note)"),
                {"id": order.id, "note": f"For {order.number}"},
            )
        session.commit()
    names = {
        "Session": Session,
        "Sequence": Sequence,
        "Regional": Regional,
        "Condition": Condition,
        **{
            "text": text,
            "bindparam": bindparam,
            "column": column,
            "list_filter": list_filter,
            "list_view": list_view,
            "_": _,
        },
    }
    for example in re.findall(r"```python\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(example, names)
    return [order.number for order in made]


@pytest.fixture(autouse=True)
def no_table_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "gifts" in request.fixturenames:
        with Session(db.engine()) as session:
            session.execute(text("DROP TABLE IF EXISTS gift_note"))
            session.commit()


def listed(actor: Actor = OWNER, **parameters: str) -> OrderListView:
    """The page of the list at an address with these parameters."""
    with db.reading() as session:
        return order_list(session, OrderFilter.parse(parameters), actor, actor.language)


def panel(actor: Actor = OWNER, **parameters: str) -> dict[str, FilterView]:
    """The filters that the list at this address offers, by key."""
    with db.reading() as session:
        groups = filter_panel(session, OrderFilter.parse(parameters), actor, "en").groups
    return {one.key: one for group in groups for one in group.filters}


def drawn_columns(view: OrderListView) -> dict[str, ColumnView]:
    """The columns of the table, by key."""
    return {column.key: column for column in view.columns}


def shown(view: OrderListView) -> list[str]:
    return [row[0] for row in view.rows]


def test_ext1_a_plugins_column_is_read_once_a_page_and_drawn_from_data(gifts: list[str]) -> None:
    view = listed()

    drawn = drawn_columns(view)["gift"]
    assert (drawn.label, drawn.kind, drawn.place, drawn.href) == ("Note", "text", "place-7", "")
    assert [row[drawn.at] for row in view.rows] == [f"For {gifts[2]}", "", f"For {gifts[0]}"]
    assert all(row[layout().why] == "" for row in view.rows)


def test_ext1_a_plugins_filter_stands_in_panel_address_chip_and_count(gifts: list[str]) -> None:
    view, offered = listed(has_gift="yes"), panel(has_gift="yes")["has_gift"]

    assert (offered.label, offered.control, offered.text) == ("Comment", "choice", "yes")
    assert [value[:3] for value in offered.offers] == [
        ["", "Any", ""],
        ["yes", "Yes", "on"],
        ["no", "No", ""],
    ]
    assert view.chips[0][:2] == ["Comment: Yes", "/orders"]
    assert (shown(view), view.matching, view.carried) == ([gifts[2], gifts[0]], "2 orders", "?has_gift=yes")
    assert shown(listed(has_gift="no")) == [gifts[1]]
    assert shown(listed(has_gift="maybe")) == gifts[::-1]


@pytest.mark.parametrize("sort", ["date", "number", "customer", "total", "status", "payment", "shipping"])
@pytest.mark.parametrize(
    "more",
    [{}, {"payment": "paid"}, {"payment": "!unpaid", "amount_from": "1"}, {"q": "kovac"}, {"view": "gifts"}],
)
def test_ext1_a_plugins_filter_combines_with_all_others_in_every_order(
    gifts: list[str], sort: str, more: dict[str, str]
) -> None:
    wanted = {gifts[2]} if "payment" in more else {gifts[0], gifts[2]}

    for direction in ("up", "down"):
        view = listed(has_gift="yes", sort=sort, direction=direction, **more)
        assert set(shown(view)) == wanted
        assert view.matching == f"{len(wanted)} order{'s' * (len(wanted) > 1)}"


def test_ext1_a_plugins_view_has_a_tab_a_count_and_its_orders(gifts: list[str]) -> None:
    assert [tab for tab in listed().tabs if tab[0] == "gifts"] == [
        ["gifts", "Notes", "2", "/orders?view=gifts"]
    ]
    assert shown(listed(view="gifts")) == [gifts[2], gifts[0]]
    with db.reading() as session:
        assert counts(session, OWNER, "en")["gifts"] == "2"
        assert count_matching(session, OrderFilter(view="gifts"), OWNER, "en") == "2"
        place = find_place(session, gifts[2], OrderFilter(view="gifts"), OWNER, "en")[0]
    assert (place.previous, place.next) == ("", gifts[0])


def test_ext1_a_plugins_view_of_facets_is_counted_by_its_rule(shop: TestShop) -> None:
    paid, _other = shop.order(paid=True), shop.order()
    list_view("settled", LABEL, member=lambda facet: not facet.owes)

    assert shown(listed(view="settled")) == [paid.number]
    assert [tab[2] for tab in listed().tabs if tab[0] == "settled"] == ["1"]


def test_ext1_what_a_plugin_added_goes_with_it_and_old_addresses_still_show_a_list(gifts: list[str]) -> None:
    wanted = OrderFilter.parse({"has_gift": "yes", "view": "gifts", "payment": "paid"})
    COLUMNS.remove("gift")
    FILTERS.remove("has_gift")
    VIEWS.remove("gifts")

    view = listed(has_gift="yes", view="gifts")
    assert (shown(view), view.chips) == (gifts[::-1], [])
    assert "gift" not in drawn_columns(view)
    assert "has_gift" not in panel(has_gift="yes")
    assert "gifts" not in {tab[0] for tab in view.tabs}
    assert wanted.seen_by(OWNER) == OrderFilter(payment="paid")
    with pytest.raises(TypeError, match="has no filter “has_gift”"):
        OrderFilter(has_gift="yes")


def test_sec4_a_plugins_parts_are_there_for_their_right_only(shop: TestShop) -> None:
    shop.order()
    column(
        "secret",
        LABEL,
        sql="total",
        cell=lambda total, _look: f"{total} cents",
        kind="money",
        right=Right.PRICES,
    )
    list_filter(
        "dear",
        LABEL,
        condition=lambda _text, _regional: ("total > 1", {}),
        control="text",
        right=Right.PRICES,
    )
    list_view("dear", LABEL, member=lambda facet: facet.owes, right=Right.PRICES)

    ours, theirs = listed(dear="1", view="dear"), listed(WAREHOUSE, dear="1", view="dear", sort="secret")
    assert drawn_columns(ours)["secret"].label == "Note"
    assert "4480 cents" in ours.rows[0]
    assert (theirs.chips, theirs.view) == ([], "all")
    assert "cents" not in str(theirs)
    assert {"dear", "payment", "amount_from"} <= panel(OWNER).keys()
    assert {"dear", "payment", "amount_from", "amount_to", "payment_method"}.isdisjoint(
        panel(WAREHOUSE, dear="1")
    )
    assert {"secret", "total", "payment"}.isdisjoint(drawn_columns(theirs))


@pytest.mark.parametrize("kind", ["badge", "money", "text"])
def test_ext1_a_cell_of_another_shape_than_its_column_is_named(shop: TestShop, kind: Any) -> None:
    shop.order()
    column("odd", LABEL, sql="total", cell=lambda _total, _look: ("a", "b"), kind=kind)

    with pytest.raises(ValueError, match="A cell of the column “odd” gave"):
        listed()


def _none(_text: str, _regional: Regional) -> None:
    return None


WRONG: list[tuple[Callable[[], object], str]] = [
    (
        lambda: column("total", LABEL, sql="total", cell=str),
        "a column of the order list 'total', which kontor registered before",
    ),
    (
        lambda: list_filter("country", LABEL, dimension="country"),
        "a filter of the order list 'country', which kontor registered before",
    ),
    (lambda: list_view("all", LABEL), "a view of the order list 'all', which kontor registered before"),
    (
        lambda: column("new", LazyText(""), sql="total", cell=str),
        "The column of the order list 'new' has no label",
    ),
    (
        lambda: list_filter("new", LazyText(""), dimension="country"),
        "The filter of the order list 'new' has no label",
    ),
    (lambda: list_view("new", LazyText("")), "The view of the order list 'new' has no label"),
    (lambda: column("new", LABEL), "needs either sql and cell, or read"),
    (lambda: column("new", LABEL, cell=str), "needs sql and cell together"),
    (lambda: column("new", LABEL, sql="total", cell=str, kind="map"), "has the unknown kind “map”"),  # type: ignore[arg-type]
    (
        lambda: column("new", LABEL, sql="total", cell=str, kind="order"),
        "Only a column of the core has the kind “order”",
    ),
    (lambda: column("new", LABEL, sql="total", cell=str, card=8), "has the place 8 on a card"),
    (lambda: list_filter("new", LABEL, dimension="colour"), "asks the facets for “colour”"),
    (lambda: list_filter("new", LABEL), "needs one of dimension, condition and words"),
    (
        lambda: list_filter("new", LABEL, dimension="country", condition=_none),
        "needs one of dimension, condition and words",
    ),
    (
        lambda: list_filter("new", LABEL, dimension="country", control="slider"),
        "has the unknown control “slider”",
    ),
    (lambda: list_filter("new", LABEL, condition=_none, control="choice"), "is a choice, but has no choices"),
    (lambda: list_filter("new", LABEL, condition=_none, control="ticks"), "needs a dimension of the facets"),
    (
        lambda: list_filter("new", LABEL, condition=_none, bound="low"),
        "has the bound “low”. With a group it may be “low” or “high”",
    ),
    (lambda: list_filter("page", LABEL, condition=_none), "can't be called “page”"),
    (lambda: list_filter("two words", LABEL, condition=_none), "can't be called “two words”"),
    (lambda: list_view("It's", LABEL), "can't be called “It's”"),
    (lambda: list_view("new", LABEL, alone=True), "is counted by its condition alone, but has none"),
    (lambda: list_view("new", LABEL, kept=True, condition="total > 1"), "can't be kept"),
]


@pytest.mark.parametrize(("register", "sentence"), WRONG, ids=[sentence for _register, sentence in WRONG])
def test_ext1_a_wrong_registration_is_an_error_with_a_sentence(
    register: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        register()


def test_ext1_parts_stand_by_their_ranks() -> None:
    list_view("first", LABEL, rank=5)
    list_view("last", LABEL)

    assert [view.key for view in VIEWS] == ["first", *OURS[VIEWS].split(), "last"]


@pytest.mark.parametrize(("registry", "key"), EACH)
def test_ext1_the_core_registers(registry: Ranked[Any], key: str) -> None:
    assert registry[key].label.in_language("en")
    assert registry[key].label.in_language("de")


def test_ext1_the_page_has_no_column_filter_or_view_that_is_not_registered(small_shop: TestShop) -> None:
    small_shop.order()
    small_shop.order(source="etsy")
    view, offered, german = listed(), panel(), listed(replace(OWNER, language="de"))

    assert [column.key for column in view.columns] == [column.key for column in COLUMNS]
    assert {column.key for column in view.columns if column.href} == {
        column.key for column in COLUMNS if column.sort
    }
    assert [column.label for column in german.columns] == [
        column.label.in_language("de") for column in COLUMNS
    ]
    assert offered.keys() == {part.key for part in FILTERS if part.control} - {"custom_status"}, (
        "no order has one"
    )
    assert {one.control for one in offered.values()} == set(CONTROLS)
    assert PIECES.keys() == orders_page.DRAWN.keys()
    assert len(view.rows[0]) == layout().why + 1 == sum(column.pieces for column in COLUMNS) + 1
    assert {tab[0] for tab in view.tabs} <= {part.key for part in VIEWS}
    with db.reading() as session:
        kept = {name for name in session.exec(select(ViewCount.view)) if not name.startswith("sum-")}
        assert set(counts(session, OWNER, "en")) == {part.key for part in VIEWS}
    assert kept <= {part.key for part in VIEWS if part.kept}


@pytest.mark.parametrize("key", OURS[VIEWS].split())
def test_o4_membership_is_one_rule_for_an_order_the_list_and_the_counts(big_shop: BigShop, key: str) -> None:
    view = VIEWS[key]

    def values(o: dict[str, Any]) -> FacetValues:
        states = (o["status"], o["payment_state"], o["shipping_state"], o["return_state"])
        methods = (o["payment_method"], o["shipping_method"], o["country"], o["source"])
        waits = o["invoicing"] == "waits" and o["cancelled_at"] is None
        return FacetValues(*states, o["open_amount"] > 0, *methods, o["printed_at"] is not None, 0, waits)

    by_rule = [
        o["number"] for o in big_shop.orders if view.has(values(o)) and (not view.condition or RULES[key](o))
    ]
    assert by_rule == [o["number"] for o in big_shop.orders if RULES[key](o)]
    assert numbers(page(big_shop, OrderFilter(view=key))) == by_rule[:50]
    assert numbers(page(big_shop, OrderFilter(view=key, page="last"))) == by_rule[-50:]
    with Session(big_shop.engine) as session:
        assert counts(session, COMMAND, "en")[key] == f"{len(by_rule):,}"


def test_o4_an_order_itself_is_judged_by_the_same_rule(shop: TestShop) -> None:
    made = [shop.order(), shop.order(paid=True)]
    with db.reading() as session:
        for order in made:
            loaded = session.get_one(Order, order.id)
            seen = {view.key for view in VIEWS if view.kept and order.number in shown(listed(view=view.key))}
            assert views_of(loaded) == seen
    assert replace(OrderFilter(country="DE"), page="last") == OrderFilter(country="DE", page="last")
