"""Previous and next are those of the list one came from, read in full (W, P-6)."""

import random
from dataclasses import replace

import pytest
from big_shop import KEYS, BigShop, expected, numbers, page, random_filters
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import COMMAND, Actor, ActorKind
from backoffice_app.domain.listing import OrderFilter, OrderPage, Place, Standing, find_place


def place(shop: BigShop, number: str, wanted: OrderFilter, actor: Actor = COMMAND) -> Place:
    """The place of an order in a list of the big shop."""
    with Session(shop.engine) as session:
        return find_place(session, number, wanted, actor, "en")[0]


def small_place(number: str, wanted: OrderFilter, opened: Standing | None = None) -> tuple[Place, Standing]:
    """The same in the shop of this test, and what it was found by."""
    with db.reading() as session:
        return find_place(session, number, wanted, OWNER, "en", opened=opened)


@pytest.mark.parametrize("wanted", random_filters(80), ids=lambda f: f.address(""))
def test_w_previous_and_next_are_the_neighbours_in_the_whole_list(
    big_shop: BigShop, wanted: OrderFilter
) -> None:
    everything = expected(big_shop, wanted)
    chance = random.Random(wanted.address())
    some = {0, 1, len(everything) - 1, *(chance.randrange(len(everything)) for _n in range(3) if everything)}
    for at in sorted(n for n in some if 0 <= n < len(everything)):
        found = place(big_shop, everything[at], wanted)
        assert found.previous == (everything[at - 1] if at else "")
        assert found.next == (everything[at + 1] if at + 1 < len(everything) else "")
        assert found.text == ""


@pytest.mark.parametrize("wanted", random_filters(60), ids=lambda f: f.address(""))
def test_w_an_order_outside_of_the_list_stands_where_it_would(big_shop: BigShop, wanted: OrderFilter) -> None:
    everything = set(expected(big_shop, wanted))
    whole = expected(big_shop, OrderFilter(sort=wanted.sort, direction=wanted.direction))
    outside = [number for number in whole if number not in everything]
    if not outside:
        pytest.skip("this filter lets all orders pass")
    number = random.Random(wanted.address()).choice(outside)
    at = whole.index(number)

    found = place(big_shop, number, wanted)

    assert found.previous == next((n for n in reversed(whole[:at]) if n in everything), "")
    assert found.next == next((n for n in whole[at:] if n in everything), "")
    assert found.text == "Not in this list"


@pytest.mark.parametrize("sort", sorted(KEYS))
def test_w_without_a_list_the_newest_is_the_first_of_all(big_shop: BigShop, sort: str) -> None:
    everything = expected(big_shop, OrderFilter(sort=sort))

    assert place(big_shop, everything[0], OrderFilter(sort=sort)) == Place("", everything[1])
    assert place(big_shop, everything[-1], OrderFilter(sort=sort)) == Place(everything[-2], "")


@pytest.mark.parametrize("text", ["müller", "10050", "1005", "80331", "w-03", "anna berlin", "x", "123"])
@pytest.mark.parametrize("sort", ["date", "total", "status"])
@pytest.mark.parametrize("view", ["all", "to-ship"])
def test_o2_one_walks_through_the_hits_of_a_search(
    big_shop: BigShop, text: str, sort: str, view: str
) -> None:
    wanted = OrderFilter(q=text, sort=sort, view=view)
    shown: list[str] = []
    cursor = ""
    for _n in range(3):
        part = page(big_shop, replace(wanted, page=cursor))
        shown += numbers(part)
        cursor = part.older
        if not cursor:
            break
    for at in sorted({0, 1, 3, 48, 51, 60, len(shown) - 2} & set(range(len(shown) - 1))):
        found = place(big_shop, shown[at], wanted)
        assert (found.previous, found.next) == (shown[at - 1] if at else "", shown[at + 1])
        assert found.text == ""


def test_w_an_order_that_was_shipped_keeps_its_place_in_the_list_of_what_is_to_ship(shop: TestShop) -> None:
    first, second, third = (shop.order(paid=True) for _n in range(3))
    other = shop.order(payment={"method": "prepaid", "name": "Vorkasse", "state": "open"})
    to_ship = OrderFilter(view="to-ship")
    before, opened = small_place(second.number, to_ship)
    assert before == Place(third.number, first.number)

    perform(BEN, "ship", second.id or 0, {})

    assert small_place(second.number, to_ship)[0] == Place(third.number, first.number, "Not in this list")
    assert small_place(second.number, to_ship, opened)[0] == Place(
        third.number, first.number, "Not in this list"
    )
    assert small_place(third.number, to_ship)[0] == Place("", first.number)
    assert small_place(other.number, OrderFilter())[0] == Place("", third.number)


@pytest.mark.parametrize(
    "wanted",
    [
        OrderFilter(sort="shipping"),
        OrderFilter(q="mug-1", sort="shipping"),
        OrderFilter(q="1000", view="to-ship"),
    ],
)
def test_w_an_order_that_moved_in_the_list_keeps_the_place_at_which_it_was_opened(
    shop: TestShop, wanted: OrderFilter
) -> None:
    first, second, third = (shop.order(paid=True) for _n in range(3))
    _found, opened = small_place(second.number, wanted)

    perform(BEN, "ship", second.id or 0, {})

    found, still = small_place(second.number, wanted, opened)
    assert (found.previous, found.next) == (third.number, first.number)
    assert still == opened
    assert found.text == ("Not in this list" if wanted.view == "to-ship" else "")


def test_sec4_a_role_without_prices_learns_nothing_by_the_list(big_shop: BigShop) -> None:
    wanted = OrderFilter(amount_from="100", sort="total", payment="paid", view="overdue")
    everything = expected(big_shop, OrderFilter())

    assert place(big_shop, everything[4], wanted, WAREHOUSE) == Place(everything[3], everything[5])


def test_sec2_without_the_right_to_read_there_is_no_place(big_shop: BigShop) -> None:
    with pytest.raises(Refused):
        place(big_shop, "10050", OrderFilter(), Actor(ActorKind.USER, "Nobody", frozenset()))


@pytest.mark.parametrize("number", ["0", "", "10050\0", "\0"])
def test_w_a_number_that_is_none_has_no_place(big_shop: BigShop, number: str) -> None:
    with pytest.raises(NotFound):
        place(big_shop, number, OrderFilter())


@pytest.mark.parametrize(
    "address",
    [
        "page=bogus&sort=total",
        "view=evil&sort=evil",
        "q=%25_\0&tags=\0",
        "custom_status=²",
        "page=a0.1.x&q=1005",
    ],
)
def test_w_a_list_that_makes_no_sense_breaks_nothing(big_shop: BigShop, address: str) -> None:
    wanted = OrderFilter.parse(dict(part.split("=", 1) for part in address.split("&")))

    assert isinstance(place(big_shop, "10050", wanted), Place)
    assert isinstance(page(big_shop, wanted), OrderPage)
