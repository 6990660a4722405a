"""An order goes in once, no matter who sends it and how often; files go in order by order (API-1, API-2)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from callers import client
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import col, func, select

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.intake.take_in import (
    ImportedRow,
    KeyReusedError,
    Outcome,
    TakenIn,
    import_files,
    take_in,
)
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import (
    Customer,
    Document,
    History,
    IdempotencyKey,
    NumberSeries,
    Order,
    OutboxMail,
    Payment,
    Shipment,
)

THREADS = 20


def rows_of(*tables: type) -> list[int]:
    with reading() as session:
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def at_once(call: Callable[[int], TakenIn]) -> list[TakenIn]:
    """What `call` returns to 20 threads that begin together."""
    gate = Barrier(THREADS)

    def one(number: int) -> TakenIn:
        gate.wait(30)
        return call(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def file_of(folder: Path, *orders: dict[str, Any] | NewOrder) -> Path:
    file = folder / "orders.json"
    file.write_text(json.dumps([o.as_json() if isinstance(o, NewOrder) else o for o in orders]))
    return file


def report(*rows: ImportedRow) -> list[tuple[int, str, str]]:
    return [(row.index, row.name, row.outcome.value) for row in rows]


def test_api1_twenty_senders_of_one_order_make_one_order(shop: TestShop) -> None:
    new = shop.new_order(lines=2, provider=True)
    taken = at_once(lambda _n: take_in(BEN, new))
    assert len({t.order_number for t in taken}) == 1
    assert sum(t.created for t in taken) == 1
    assert rows_of(Order, Payment, Shipment, Customer) == [1, 1, 1, 1]


def test_api1_twenty_calls_with_one_key_make_one_order(shop: TestShop) -> None:
    new = shop.new_order(external_reference="")
    taken = at_once(lambda _n: take_in(BEN, new, "key-1"))
    assert len({t.order_number for t in taken}) == 1
    assert sum(t.created for t in taken) == 1
    assert rows_of(Order, IdempotencyKey) == [1, 1]


def test_api1_twenty_orders_of_one_new_customer_make_one_customer(shop: TestShop) -> None:
    roth = {"external_reference": "C-9", "last_name": "Roth", "email": "roth@example.com"}
    orders = [shop.new_order(customer=roth) for _ in range(THREADS)]
    taken = at_once(lambda n: take_in(BEN, orders[n]))
    assert len({t.order_number for t in taken}) == THREADS
    assert rows_of(Order, Customer) == [THREADS, 1]


def test_api1_a_key_that_came_with_another_order_is_refused(shop: TestShop) -> None:
    take_in(BEN, shop.new_order(), "key-1")
    with pytest.raises(KeyReusedError):
        take_in(BEN, shop.new_order(), "key-1")
    assert rows_of(Order) == [1]


def test_api1_two_senders_may_use_the_same_key(shop: TestShop) -> None:
    first = take_in(BEN, shop.new_order(), "key-1")
    second = take_in(OWNER, shop.new_order(), "key-1")
    assert first.order_number != second.order_number


def test_api1_the_same_reference_of_another_source_is_another_order(shop: TestShop) -> None:
    first = take_in(BEN, shop.new_order(external_reference="7"))
    second = take_in(BEN, shop.new_order(external_reference="7", source="other"))
    assert first.created
    assert second.created


def test_pay1_a_payment_that_is_booked_on_another_order_is_refused(shop: TestShop) -> None:
    payment = {"method": "card", "state": "paid", "provider_reference": "tr_1"}
    take_in(BEN, shop.new_order(payment=payment))
    with pytest.raises(Invalid) as refused:
        take_in(BEN, shop.new_order(payment=payment))
    assert refused.value.field == "payment.provider_reference"
    assert rows_of(Order, Payment) == [1, 1]


def test_pay1_the_refusal_names_the_order_only_to_who_may_read_it(small_shop: TestShop) -> None:
    payment = {"method": "card", "state": "paid", "provider_reference": "tr_1"}
    number = take_in(BEN, small_shop.new_order(payment=payment)).order_number
    again = small_shop.new_order(payment=payment).as_json()
    writes, reads = (
        client(scopes).post("/api/v1/orders", json=again)
        for scopes in ("orders:write", "orders:write orders:read")
    )
    assert (writes.status_code, reads.status_code) == (422, 422)
    assert number not in writes.text
    assert f"is booked already, on order {number}." in reads.text


def test_sec2_who_may_only_read_takes_nothing_in(small_shop: TestShop) -> None:
    with pytest.raises(Refused):
        take_in(READER, small_shop.new_order())
    assert rows_of(Order) == [0]


def test_api2_a_dry_run_finds_what_a_real_one_would_and_keeps_nothing(shop: TestShop, tmp_path: Path) -> None:
    known, new = shop.new_order(), shop.new_order()
    take_in(BEN, known)
    file = file_of(tmp_path, known, new, new, {"lines": []})
    before = rows_of(Order, Payment, Shipment, Customer, History, Document, OutboxMail)
    with reading() as session:
        series = session.exec(
            select(NumberSeries.kind, NumberSeries.next_counter).order_by(
                col(NumberSeries.kind), col(NumberSeries.year)
            )
        ).all()
    dry = list(import_files(BEN, [file], dry_run=True))
    assert [row.outcome for row in dry] == [
        Outcome.SKIPPED,
        Outcome.WOULD_BE,
        Outcome.REPEATED,
        Outcome.REFUSED,
    ]
    assert rows_of(Order, Payment, Shipment, Customer, History, Document, OutboxMail) == before
    with reading() as session:
        assert (
            session.exec(
                select(NumberSeries.kind, NumberSeries.next_counter).order_by(
                    col(NumberSeries.kind), col(NumberSeries.year)
                )
            ).all()
            == series
        )


def test_api2_an_import_that_is_repeated_changes_nothing_and_says_so(
    small_shop: TestShop, tmp_path: Path
) -> None:
    first, second = small_shop.new_order(), small_shop.new_order()
    file = file_of(tmp_path, first, second)
    rows = list(import_files(BEN, [file]))
    assert report(*rows) == [(1, "SHOP-1", "imported"), (2, "SHOP-2", "imported")]
    before = rows_of(Order, History)
    again = list(import_files(BEN, [file]))
    assert report(*again) == [(1, "SHOP-1", "skipped"), (2, "SHOP-2", "skipped")]
    assert [row.number for row in again] == [row.number for row in rows]
    assert rows_of(Order, History) == before


def test_api2_a_bad_order_among_good_ones_leaves_nothing_half_done(
    small_shop: TestShop, tmp_path: Path
) -> None:
    good, bad = small_shop.new_order(), small_shop.new_order().as_json() | {"total": "1.00"}
    rows = list(import_files(BEN, [file_of(tmp_path, good, bad, small_shop.new_order())]))
    assert [row.outcome.value for row in rows] == ["imported", "refused", "imported"]
    assert rows[1].problems[0].field == "total"
    assert rows_of(Order) == [2]


def test_api2_a_broken_file_is_refused_as_a_whole_and_the_next_one_goes_in(
    small_shop: TestShop, tmp_path: Path
) -> None:
    broken, whole = tmp_path / "broken.json", file_of(tmp_path, small_shop.new_order())
    broken.write_bytes(whole.read_bytes()[:-1] + b",]")
    rows = list(import_files(BEN, [broken, tmp_path / "none.json", whole]))
    assert [(row.index, row.outcome.value) for row in rows] == [
        (0, "refused"),
        (0, "refused"),
        (1, "imported"),
    ]
    assert rows_of(Order) == [1]


def test_api2_two_shops_of_one_kind_are_told_apart_by_their_source(
    small_shop: TestShop, tmp_path: Path
) -> None:
    file = file_of(tmp_path, small_shop.new_order())
    list(import_files(BEN, [file], source="north"))
    [row] = import_files(BEN, [file], source="south")
    assert row.outcome is Outcome.IMPORTED


def test_ship1_what_left_before_it_came_here_is_shipped_and_the_rest_is_not(shop: TestShop) -> None:
    gone = {
        "shipped_at": "2026-11-21T10:00:00Z",
        "carrier": "dhl",
        "tracking_numbers": ["00340"],
        "lines": [{"line": 0, "quantity": "2"}],
    }
    taken = take_in(BEN, shop.new_order(lines=2, shipments=[gone]))
    order = shop.load(taken.order_id)
    assert [(s.state, [p.tracking_number for p in s.parcels]) for s in order.shipments] == [
        ("shipped", ["00340"]),
        ("open", []),
    ]
    assert order.shipping_state == "part_shipped"


def test_st3_a_cancelled_order_comes_in_without_invoice_and_waits_for_nothing(shop: TestShop) -> None:
    taken = take_in(BEN, shop.new_order(cancelled_at="2026-11-22T10:00:00Z"))
    order = shop.load(taken.order_id)
    assert (order.status, order.shipments, order.documents) == ("cancelled", [], [])
