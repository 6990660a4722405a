"""Stock follows what happens to orders, row by row, and never comes back twice (STK-1, H1 to H5)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from databases import OWNER, READER, WAREHOUSE, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing.products import product_view
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.facts import OrderCancelled, PiecesCancelled, PiecesRestocked
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.stock.subject import PRODUCT
from backoffice_app.models import Order, Product, StockMovement


def product(sku: str = "MUG-1", on_hand: str = "10", **values: str) -> int:
    """A product with this SKU; `on_hand`: "" where nobody counts it."""
    given = {"sku": sku, "name": f"Becher {sku}", "price": "19.95", "vat_rate": "19", "on_hand": on_hand}
    perform(OWNER, "new-product", 0, given | values)
    with Session(db.engine()) as session:
        return session.exec(select(Product.id).where(Product.sku == sku)).one() or 0


def stand(sku: str = "MUG-1") -> tuple[Decimal | None, Decimal]:
    """What is in stock and what is reserved, after both were held against the movements."""
    with Session(db.engine()) as session:
        found = session.exec(select(Product).where(Product.sku == sku)).one()
        moved = session.exec(
            select(StockMovement).where(StockMovement.product_id == found.id).order_by(col(StockMovement.id))
        ).all()
        if found.on_hand is not None:
            assert found.on_hand == sum((one.on_hand for one in moved), Decimal(0))
        assert found.reserved == sum((one.reserved for one in moved), Decimal(0))
        return found.on_hand, found.reserved


def kinds(sku: str = "MUG-1") -> list[str]:
    with Session(db.engine()) as session:
        rows = session.exec(
            select(StockMovement).join(Product).where(Product.sku == sku).order_by(StockMovement.id)
        ).all()  # type: ignore[arg-type]
        return [f"{one.kind} {one.on_hand:+f} {one.reserved:+f}" for one in rows]


def do(order: Order, key: str, **values: object) -> None:
    perform(OWNER, key, order.id or 0, values, answers=_Yes())


class _Yes(frozenset[str]):
    def __contains__(self, _answer: object) -> bool:
        return True


def tell(order: Order, *facts: Any, **changes: Any) -> None:
    """Records facts of an order as other areas do, after they changed its columns."""
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        for name, value in changes.items():
            setattr(locked, name, value)
        for fact in facts:
            w.record(locked, fact)


def test_stk1_placing_reserves_and_shipping_takes_out_and_ends_the_reservation(shop: TestShop) -> None:
    product()
    order = shop.order()

    assert stand() == (10, 2)
    do(order, "ship")
    assert stand() == (8, 0)
    assert kinds() == ["counted +10 +0", "reserved +0 +2", "shipped -2 -2"]


def test_stk1_what_is_not_shipped_after_all_comes_back_and_waits_again(shop: TestShop) -> None:
    product()
    order = shop.order()
    do(order, "ship")
    do(order, "not-shipped", shipment=order.shipments[0].number)

    assert stand() == (10, 2)
    do(order, "ship")
    assert stand() == (8, 0)


def test_stk1_a_part_takes_out_its_part(shop: TestShop) -> None:
    product()
    order = shop.order()
    do(order, "part-shipment", shipment=order.shipments[0].number, quantities={"1": "1"}, shipped=True)

    assert stand() == (9, 1)


def test_stk1_cancelling_releases_and_h1_restocking_a_second_time_adds_nothing(shop: TestShop) -> None:
    product()
    order = shop.order(lines=1)
    tell(order, OrderCancelled(reason="", restock=True), cancelled_at=order.placed_at)

    assert stand() == (10, 0)
    shipped = shop.order()
    do(shipped, "ship")
    for _time in range(3):
        tell(shipped, PiecesRestocked(quantities={"1": Decimal(1)}))
    assert stand() == (10, 0), "two left the house, so no third one can come back"
    assert kinds()[-2:] == ["restocked +1 +0", "restocked +1 +0"]


def test_h2_h3_only_the_quantity_that_is_restocked_comes_back(shop: TestShop) -> None:
    product("MUG-1")
    product("MUG-2")
    order = shop.order(lines=2)
    do(order, "ship")
    tell(order, PiecesRestocked(quantities={"2": Decimal(1)}))

    assert (stand("MUG-1")[0], stand("MUG-2")[0]) == (8, 9)


def test_stk1_cancelled_pieces_release_what_waited_for_them(shop: TestShop) -> None:
    product()
    order = shop.order()
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        locked.lines[0].cancelled = Decimal(1)
        w.record(locked, PiecesCancelled(quantities={"1": Decimal(1)}))

    assert stand() == (10, 1)


def invoiced_by_hand() -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))


def test_stk1_the_stock_follows_lines_that_are_changed_taken_out_and_added(shop: TestShop) -> None:
    invoiced_by_hand()
    product()
    product("TEE-2", "5")
    perform(OWNER, "copy", shop.order(lines=1).id or 0)
    assert (stand(), stand("TEE-2")) == ((10, 2), (5, 0)), "a draft reserves nothing"
    order = shop.order(lines=1)
    assert stand() == (10, 4)

    do(order, "edit-lines", lines=[{"rank": 1, "quantity": "3"}, {"sku": "TEE-2", "quantity": "2"}])
    assert (stand(), stand("TEE-2")) == ((10, 5), (5, 2))
    do(order, "edit-lines", lines=[{"rank": 2}])
    assert (stand(), stand("TEE-2")) == ((10, 2), (5, 2))
    do(order, "cancel")
    assert (stand(), stand("TEE-2")) == ((10, 2), (5, 0))
    assert wrongs() == []


def test_stk1_what_is_credited_or_comes_back_is_restocked_once_and_by_wish(shop: TestShop) -> None:
    invoiced_by_hand()
    product()
    order = shop.order(lines=1)
    do(order, "invoice")
    do(order, "ship")
    [number] = [document.number for document in shop.load(order.id or 0).documents]
    assert stand() == (8, 0)

    do(order, "credit-note", invoice=number, quantities={"1": "1"}, restock=True)
    assert stand() == (9, 0)
    do(order, "create-return", quantities={"1": "1"})
    [_locked, announced] = shop.load(order.id or 0).returns
    do(order, "receive-return", **{"return": announced.number, "restock": True})
    do(order, "complete-return", **{"return": announced.number})
    assert stand() == (10, 0)
    assert wrongs() == []


def test_stk1_of_a_credit_note_only_the_lines_that_are_ticked_go_back_into_stock(shop: TestShop) -> None:
    product()
    product("MUG-2")
    order = shop.order(lines=2)
    do(order, "ship")
    [number] = [document.number for document in shop.load(order.id or 0).documents]
    assert (stand(), stand("MUG-2")) == ((8, 0), (8, 0))

    do(order, "credit-note", invoice=number, quantities={"1": "2", "2": "2"}, restock={"1": "off", "2": "on"})

    assert (stand(), stand("MUG-2")) == ((8, 0), (10, 0))
    assert kinds("MUG-2")[-1] == "restocked +2 +0"
    assert wrongs() == []


@pytest.mark.parametrize("invoiced", [True, False])
@pytest.mark.parametrize("restock", [True, False])
def test_w13_the_rest_is_for_sale_again_or_goes_out_of_the_stock(
    shop: TestShop, *, invoiced: bool, restock: bool
) -> None:
    if not invoiced:
        invoiced_by_hand()
    product()
    order = shop.order(lines=1)
    do(order, "part-shipment", shipment=order.shipments[0].number, quantities={"1": "1"}, shipped=True)
    assert stand() == (9, 1)
    do(order, "cancel-rest", restock=restock)
    assert stand() == (9 if restock else 8, 0)
    assert wrongs() == []


@pytest.mark.parametrize("restock", [True, False])
def test_w13_a_cancelled_order_is_for_sale_again_or_goes_out_of_the_stock(
    shop: TestShop, *, restock: bool
) -> None:
    product_id = product()
    order = shop.order(lines=1)
    do(order, "cancel", restock=restock)
    assert stand() == (10 if restock else 8, 0)
    assert wrongs() == []
    with Session(db.engine()) as session:
        words = [row[1] for row in product_view(session, product_id, OWNER).movements]
    assert words == ["Released", *([] if restock else ["Written off"]), "Reserved", "Counted"]


def test_stk1_what_nobody_counts_does_not_move_until_it_is_counted(shop: TestShop) -> None:
    product(on_hand="")
    first, second = shop.order(), shop.order()
    do(first, "ship")

    assert stand() == (None, 0)
    with Session(db.engine()) as session:
        id_ = session.exec(select(Product.id)).one() or 0
    perform(WAREHOUSE, "count-stock", id_, {"on_hand": "5"})
    assert stand() == (5, 2), "the open order waits for its two"
    do(second, "ship")
    assert stand() == (3, 0)
    do(first, "not-shipped", shipment=first.shipments[0].number)
    assert stand() == (3, 2), "it left before the stock was counted, so only its reservation is known"


def test_stk1_selling_below_zero_is_allowed(shop: TestShop) -> None:
    product(on_hand="1")
    do(shop.order(), "ship")

    assert stand() == (-1, 0)


def test_stk1_a_preview_moves_nothing(shop: TestShop) -> None:
    product()
    order = shop.order()
    preview(OWNER, "ship", order.id or 0, answers=_Yes())

    assert stand() == (10, 2)


def test_stk1_the_database_itself_refuses_what_would_come_back_twice_and_every_change(shop: TestShop) -> None:
    product()
    order = shop.order()
    do(order, "ship")
    row = "(product_id, order_line_id, kind, on_hand, reserved, cause, at, actor_name)"
    values = f"VALUES (1, {order.lines[0].id}, '{{kind}}', {{much}}, 0, '', CURRENT_TIMESTAMP, '')"
    for statement in (
        f"INSERT INTO stock_movement {row} {values.format(kind='restocked', much=3_000_000)}",
        f"INSERT INTO stock_movement {row} {values.format(kind='unshipped', much=3_000_000)}",
        "UPDATE stock_movement SET on_hand = 1",
        "DELETE FROM stock_movement",
    ):
        with pytest.raises((IntegrityError, InternalError)), Session(db.engine()) as session:
            session.execute(text(statement))


def test_stk1_products_are_changed_with_a_fact_each_and_by_who_may(small_shop: TestShop) -> None:
    id_ = product()
    said = perform(
        OWNER, "edit-product", id_, {"name": "Tasse", "price": "21.00", "low_at": "12", "vat_rate": "7"}
    ).message
    perform(OWNER, "retire-product", id_)
    perform(OWNER, "restore-product", id_)

    assert said.in_language("en") == "Product MUG-1 is changed."
    with Session(db.engine()) as session:
        told = (
            session.execute(text("SELECT kind FROM history WHERE subject = 'product' ORDER BY sequence"))
            .scalars()
            .all()
        )
        found = session.get_one(Product, id_)
    assert told == [
        "ProductAdded",
        "StockCounted",
        "ProductRenamed",
        "ProductPriced",
        "ProductTaxed",
        "ProductLimited",
        "ProductRetired",
        "ProductRestored",
    ]
    assert (found.name, found.price, found.vat_rate, found.low_at, found.search) == (
        "Tasse",
        2100,
        7,
        12,
        " mug-1 tasse",
    )
    for actor, key in ((WAREHOUSE, "edit-product"), (READER, "count-stock"), (WAREHOUSE, "retire-product")):
        with pytest.raises(Refused):
            perform(actor, key, id_, {"on_hand": "1"} if key == "count-stock" else {})


@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("count-stock", {"on_hand": "-1"}, "on_hand"),
        ("count-stock", {"on_hand": "1.5"}, "on_hand"),
        ("count-stock", {"on_hand": "many"}, "on_hand"),
        ("edit-product", {"price": "-2"}, "price"),
        ("edit-product", {"vat_rate": "119"}, "vat_rate"),
        ("edit-product", {"name": ""}, "name"),
        ("new-product", {"sku": "MUG-1", "name": "again"}, "sku"),
    ],
)
def test_stk1_wrong_input_names_its_field(
    small_shop: TestShop, key: str, values: dict[str, str], field: str
) -> None:
    id_ = product()
    with pytest.raises(Invalid) as no:
        perform(OWNER, key, 0 if key == "new-product" else id_, values)

    assert no.value.field == field


def test_stk1_counting_the_same_again_writes_nothing(small_shop: TestShop) -> None:
    id_ = product()
    assert not perform(OWNER, "count-stock", id_, {"on_hand": "10"}).changed
    perform(OWNER, "count-stock", id_, {"on_hand": "7", "reason": "broken"})

    assert stand() == (7, 0)
    assert kinds() == ["counted +10 +0", "counted -3 +0"]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["place", "ship", "part", "undo", "restock", "cancel", "count"])
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stk1_the_stock_is_the_sum_of_its_movements_whatever_happens(
    small_shop: TestShop, steps: list[tuple[int, str]]
) -> None:
    sku = f"P-{next(_NUMBERS)}"
    id_ = product(sku)
    orders: list[Order] = []
    for at, step in steps:
        order = small_shop.load(orders[at % len(orders)].id or 0) if orders else None
        try:
            if step == "place" or order is None:
                orders.append(_placed(small_shop, sku))
            elif step == "ship":
                do(order, "ship")
            elif step == "part":
                do(
                    order,
                    "part-shipment",
                    shipment=order.shipments[-1].number,
                    quantities={"1": "1"},
                    shipped=True,
                )
            elif step == "undo":
                do(order, "not-shipped", shipment=order.shipments[0].number)
            elif step == "restock":
                tell(order, PiecesRestocked(quantities={"1": Decimal(2)}))
            elif step == "cancel" and not order.lines[0].shipped:
                tell(order, OrderCancelled(reason="", restock=True), cancelled_at=order.placed_at)
            elif step == "count":
                perform(OWNER, "count-stock", id_, {"on_hand": str(at)})
        except Refused:
            continue
        on_hand, reserved = stand(sku)
        lines = [small_shop.load(one.id or 0) for one in orders]
        left = sum(
            o.lines[0].ordered - o.lines[0].cancelled - o.lines[0].shipped
            for o in lines
            if not o.cancelled_at
        )
        assert reserved == left, "what is reserved is what orders wait for"
        assert on_hand is not None


def _numbers() -> Iterator[int]:
    at = 0
    while True:
        at += 1
        yield at


_NUMBERS = _numbers()


def _placed(shop: TestShop, sku: str) -> Order:
    data = shop.new_order()
    changed = data.model_copy(
        update={"lines": tuple(line.model_copy(update={"sku": sku}) for line in data.lines)}
    )
    with work(OWNER) as w:
        order = place_order(w, changed)
    return shop.load(order.id or 0)


def test_stk1_twenty_who_place_and_ship_at_once_leave_the_right_stock(shop: TestShop) -> None:
    product("MUG-1", "100")
    product("MUG-2", "100")
    news = [shop.new_order(lines=2) for _n in range(20)]

    def place_and_ship(at: int) -> None:
        with work(OWNER) as w:
            order = place_order(w, news[at])
        if at % 2:
            do(order, "ship")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(place_and_ship, range(20)))

    assert stand("MUG-1") == stand("MUG-2") == (80, 20)
    assert wrongs() == []


def test_stk1_a_product_counted_while_orders_come_in_misses_none_of_them(shop: TestShop) -> None:
    id_ = product(on_hand="")
    news = [shop.new_order() for _n in range(8)]

    def run(at: int) -> None:
        if at == 4:
            perform(OWNER, "count-stock", id_, {"on_hand": "50"})
        else:
            with work(OWNER) as w:
                place_order(w, news[at])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))

    assert stand() == (50, 14)


def test_stk1_the_subject_of_a_product_is_found_by_its_sku(small_shop: TestShop) -> None:
    id_ = product("MUG-7")
    with Session(db.engine()) as session:
        assert PRODUCT.find(session, "MUG-7") == id_
