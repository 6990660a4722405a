"""The database itself refuses quantities of a line that can't be (ST-2)."""

from decimal import Decimal

import pytest
from databases import OWNER, TestShop
from sqlalchemy.exc import IntegrityError

from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER

IMPOSSIBLE = [
    {"shipped": "3"},  # more than the two that were ordered
    {"shipped": "1", "returned": "2"},
    {"cancelled": "1", "shipped": "2"},
    {"cancelled": "3"},
    {"credited": "2.5"},
    {"returned": "-1"},
    {"ordered": "0"},
]


def write(order_id: int, quantities: dict[str, str]) -> None:
    """The order's one line has these quantities, if the database lets it."""
    with work(OWNER) as w:
        [line] = w.lock(ORDER, order_id).lines
        for name, quantity in quantities.items():
            setattr(line, name, Decimal(quantity))


@pytest.mark.parametrize("quantities", IMPOSSIBLE, ids=str)
def test_st2_the_database_refuses_quantities_that_cannot_be(
    shop: TestShop, quantities: dict[str, str]
) -> None:
    order = shop.order()
    with pytest.raises(IntegrityError):
        write(order.id or 0, quantities)
    [kept] = shop.load(order.id or 0).lines
    assert (kept.ordered, kept.cancelled, kept.shipped, kept.returned, kept.credited) == (2, 0, 0, 0, 0)


def test_st2_parts_of_a_piece_are_kept_exactly(shop: TestShop) -> None:
    order = shop.order()
    write(order.id or 0, {"shipped": "1.500001"})
    assert shop.load(order.id or 0).lines[0].shipped == Decimal("1.500001")
