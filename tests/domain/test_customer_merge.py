"""Two records of one person become one: all goes over, once, whatever happens meanwhile (W-8)."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from customer_records import another, edit, numbers_of, of, shown, told, view
from databases import BEN, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from killing import killed_at
from saying_yes import say_yes
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.listing.customers import NUMBER
from backoffice_app.domain.order import ORDER
from backoffice_app.models import Customer, Order


def test_w8_a_merge_moves_all_says_so_beforehand_and_leads_to_the_one_who_stays(shop: TestShop) -> None:
    order, second, other = shop.order(), shop.order(), another(shop, phone="77", company="Berg AG")
    ada, bo = of(order), of(other)
    edit(ada, note="A", own_fields={"Card": "1"})
    perform(BEN, "warn-customer", ada.id or 0, {"warning": "Late."})
    with pytest.raises(Asks) as asked:
        perform(BEN, "merge-customer", ada.id or 0, {"into": bo.number})
    assert asked.value.reason.in_language("en") == (
        f"Ada Kovač ({ada.number}) is merged into Bo Berg ({bo.number}). 2 orders go over, with their mails "
        f"and returns. "
        "This can't be taken back. Go on?"
    )
    assert numbers_of(ada) == {order.number, second.number}
    done = say_yes(BEN, "merge-customer", ada.id or 0, {"into": bo.number})
    assert done.made["customers"] == (bo.number,)
    assert numbers_of(bo) == {order.number, second.number, other.number}
    assert of(order).warning == "Late."
    assert (of(order).note, of(order).own_fields, of(order).company, of(order).phone) == (
        "A",
        "Card: 1",
        "Berg AG",
        "77",
    )
    assert [row[NUMBER] for row in view().rows] == [bo.number]
    page = shown(ada)
    assert (page.into, page.may_edit) == (bo.number, False)
    with pytest.raises(Refused, match="merged"):
        edit(ada, phone="1")
    assert (
        told(bo.id or 0)[0] == f"Ben Beier merged customer {ada.number} into this one; 2 orders came along."
    )
    assert told(ada.id or 0)[0] == f"Ben Beier merged the customer into {bo.number}."
    assert f"the order belongs to {bo.number}" in told(order.id or 0, ORDER)[0]
    assert of(shop.order()).id == bo.id, "who orders again under the old address is the one who stays"
    assert wrongs() == []


def test_w8_a_merge_names_what_is_wrong_and_follows_chains(small_shop: TestShop) -> None:
    a, b, c = (of(another(small_shop, email=f"c{n}@example.com", first=f"C{n}")) for n in range(3))
    for into, words in ((a.number, "own number"), ("nobody", "no customer")):
        with pytest.raises(Invalid, match=words):
            say_yes(BEN, "merge-customer", a.id or 0, {"into": into})
    say_yes(BEN, "merge-customer", a.id or 0, {"into": f" {b.number.lower()} "})
    with pytest.raises(Invalid, match=f"merged into {b.number}"):
        say_yes(BEN, "merge-customer", c.id or 0, {"into": a.number})
    say_yes(BEN, "merge-customer", b.id or 0, {"into": c.number.rpartition("-")[2]})
    assert (shown(a).into, shown(b).into, len(numbers_of(c))) == (c.number, c.number, 3)
    assert preview(BEN, "edit-customer", c.id or 0, {"phone": "9"}).changed
    assert of(another(small_shop, email="c0@example.com", first="C0")).id == c.id


@given(
    orders=st.lists(st.integers(0, 4), min_size=1, max_size=8),
    merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_w8_the_orders_of_who_stays_are_the_union(
    small_shop: TestShop, orders: list[int], merges: list[tuple[int, int]]
) -> None:
    marker = f"u{small_shop.count}"
    people = {n: of(another(small_shop, email=f"{marker}-{n}@example.com", first=f"P{n}")) for n in range(5)}
    for n in orders:
        another(small_shop, email=f"{marker}-{n}@example.com", first=f"P{n}")
    belongs: Mapping[int, set[str]] = {n: numbers_of(person) for n, person in people.items()}
    expected = {n: set(found) for n, found in belongs.items()}
    for one, into in merges:
        if one == into or not expected[one] or not expected[into]:
            continue
        say_yes(BEN, "merge-customer", people[one].id or 0, {"into": people[into].number})
        expected[into] |= expected[one]
        expected[one] = set()
    assert {n: numbers_of(person) for n, person in people.items()} == expected


def _run(statement: int, id_: int, values: dict[str, object], key: str) -> int:
    return killed_at(statement, lambda: say_yes(BEN, key, id_, values))


def _stand(a: Customer, b: Customer) -> tuple[object, ...]:
    with Session(db.engine()) as session:
        rows = session.exec(
            select(Customer).where(col(Customer.id).in_([a.id, b.id])).order_by(col(Customer.id))
        ).all()
        orders = session.exec(
            select(Order.number, Order.customer_id, Order.email).order_by(col(Order.id))
        ).all()
        return (*((row.merged_into_id, row.email, row.search) for row in rows), *map(tuple, orders))


@pytest.mark.parametrize("key", ["merge-customer", "edit-customer"])
def test_w8_killed_between_any_two_statements_it_is_done_or_not_begun(shop: TestShop, key: str) -> None:
    twin, stays = of(another(shop, email="t@example.com")), of(another(shop))
    ada = of(shop.order())
    shop.order()
    into: dict[str, object] = {"into": stays.number}
    values = into if key == "merge-customer" else {"email": "x@example.com", "follow": "open"}
    taken = _run(0, twin.id or 0, values, key)
    assert taken > 8
    before = _stand(ada, stays)
    for statement in (1, taken // 3, taken // 2, taken - 3):
        assert _run(statement, ada.id or 0, values, key) == 0
        assert _stand(ada, stays) == before
        assert wrongs() == []
    _run(0, ada.id or 0, values, key)
    assert _stand(ada, stays) != before
    assert wrongs() == []


def test_w8_many_who_merge_and_edit_at_once_do_it_once_and_wait_for_nobody(shop: TestShop) -> None:
    orders = [shop.order() for _n in range(3)]
    ada, bo = of(orders[0]), of(another(shop))

    def press(n: int) -> str:
        try:
            if n % 3 == 0:
                return str(say_yes(BEN, "merge-customer", ada.id or 0, {"into": bo.number}).changed)
            if n % 3 == 1:
                perform(
                    BEN, "edit-order-customer", orders[n % 2].id or 0, {"phone": str(n), "follow": "open"}
                )
                return "edited"
            return shop.order().number
        except Refused as no:
            return no.reason.in_language("en")

    with ThreadPoolExecutor(9) as threads:
        answers = list(threads.map(press, range(18)))
    assert answers.count("True") == 1
    assert [answer for answer in answers if "merged into another" in answer]
    assert numbers_of(ada) == set()
    assert len(numbers_of(bo)) == 4 + 6
    assert wrongs() == []
