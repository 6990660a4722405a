"""Money is booked, never changed; a correction is a counter-entry (W-2, PAY-1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from databases import BEN, WAREHOUSE, TestShop
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.models import Allocation, OutboxMail


def test_w2_paid_books_the_open_amount_today_in_one_click(shop: TestShop) -> None:
    order = shop.order(lines=2)
    perform(BEN, "pay", order.id or 0)
    after = shop.load(order.id or 0)
    assert [(p.amount, p.by_hand, p.actor_name) for p in after.payments] == [(8470, True, "Ben Beier")]
    assert (after.payment_state, after.paid, after.open_amount, after.status) == ("paid", 8470, 0, "awaiting_shipment")


def test_w2_the_arrow_beside_it_asks_date_amount_method(small_shop: TestShop) -> None:
    order = small_shop.order()
    done = perform(BEN, "pay", order.id or 0, {"amount": "10.00", "booked_on": "2026-11-21", "method": "bar"})
    after = small_shop.load(order.id or 0)
    assert [(p.amount, p.booked_on.isoformat(), p.method) for p in after.payments] == [(1000, "2026-11-21", "bar")]
    assert (after.payment_state, after.open_amount) == ("part_paid", 3480)
    assert "34.80" in done.message.in_language("en")


@pytest.mark.parametrize("typed", ["1.234,50", "1,234.50", "1234,5", " 1234.50 € "])
def test_w2_an_amount_is_taken_as_people_write_it(typed: str) -> None:
    assert money.parse(money.as_typed(typed), "EUR", "amount") == 123450


@pytest.mark.parametrize(
    ("values", "field"), [({"amount": "-1.00"}, "amount"), ({"amount": "1.005"}, "amount"), ({"booked_on": "2999-01-01"}, "booked_on")]
)
def test_w2_bad_amounts_and_days_name_the_field(small_shop: TestShop, values: dict[str, str], field: str) -> None:
    order = small_shop.order()
    with pytest.raises(Invalid) as refused:
        perform(BEN, "pay", order.id or 0, values)
    assert refused.value.field == field
    assert small_shop.load(order.id or 0).payments == []


def order_of(shop: TestShop, total: str, currency: str = "EUR") -> int:
    """The id of an order of one line that costs `total`."""
    line = {"name": "Lathe", "quantity": "1", "unit_price": total, "vat_rate": "19"}
    changed = {"lines": [line], "shipping": None, "total": total, "currency": currency}
    with work(BEN) as w:
        return place_order(w, parse_order(shop.new_order().as_json() | changed)).id or 0


@pytest.mark.parametrize(("currency", "most", "more"), [("EUR", "1000000.00", "1000000.01"), ("JPY", "1000000", "1000001")])
def test_a18_no_number_that_was_never_an_amount_is_booked(shop: TestShop, currency: str, most: str, more: str) -> None:
    order_id = order_of(shop, "12", currency)
    for typed in ("100000000000000", more):
        with pytest.raises(Invalid, match="At most") as refused:
            perform(BEN, "pay", order_id, {"amount": typed})
        assert refused.value.field == "amount"
    assert shop.load(order_id).payments == []
    perform(BEN, "pay", order_id, {"amount": most})
    assert len(shop.load(order_id).payments) == 1


def test_a18_a_large_order_takes_ten_times_its_total(small_shop: TestShop) -> None:
    order_id = order_of(small_shop, "500000.00")
    with pytest.raises(Invalid, match="5,000,000"):
        perform(BEN, "pay", order_id, {"amount": "5000000.01"})
    perform(BEN, "pay", order_id, {"amount": "5000000.00"})
    assert small_shop.load(order_id).paid == 500_000_000


def test_w2_not_paid_books_a_counter_entry_and_deletes_nothing(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0)
    perform(BEN, "not-paid", order.id or 0)
    after = shop.load(order.id or 0)
    assert [p.amount for p in after.payments] == [4480, -4480]
    assert after.payments[1].reverses_id == after.payments[0].id
    assert (after.payment_state, after.open_amount) == ("unpaid", 4480)
    assert after.documents[0].open_amount == 4480


def test_w2_not_paid_is_refused_where_a_provider_took_the_money_and_says_why(small_shop: TestShop) -> None:
    order = small_shop.order(provider=True)
    with pytest.raises(Refused, match="iDEAL took the money at once"):
        perform(BEN, "not-paid", order.id or 0)


def test_w2_twenty_clicks_on_paid_book_once(shop: TestShop) -> None:
    order = shop.order()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _n: perform(BEN, "pay", order.id or 0), range(20)))
    assert sum(done.changed for done in answers) == 1
    assert len(shop.load(order.id or 0).payments) == 1
    with Session(db.engine()) as session:
        assert len(session.exec(select(OutboxMail).where(OutboxMail.kind == "payment-received")).all()) == 1


def test_pay1_allocations_tie_money_to_the_invoice(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0, {"amount": "14.80"})
    perform(BEN, "pay", order.id or 0)
    after = shop.load(order.id or 0)
    with Session(db.engine()) as session:
        assert [a.amount for a in session.exec(select(Allocation).order_by(Allocation.id))] == [1480, 3000]  # type: ignore[arg-type]
    assert after.documents[0].open_amount == 0


def test_pay1_a_providers_reference_is_booked_once(small_shop: TestShop) -> None:
    first = small_shop.new_order(provider=True)
    payment = {"method": "ideal", "name": "iDEAL", "state": "paid", "provider_reference": first.payment.provider_reference}
    second = small_shop.new_order(payment=payment)
    with work(BEN) as w:
        place_order(w, first)
    with pytest.raises(Invalid) as refused, work(BEN) as w:
        place_order(w, second)
    assert refused.value.field == "payment.provider_reference"


@pytest.mark.parametrize("statement", ["UPDATE payment SET amount = 1", "DELETE FROM payment"])
def test_pay1_the_database_lets_no_payment_be_changed_or_deleted(shop: TestShop, statement: str) -> None:
    shop.order(paid=True)
    with pytest.raises(DBAPIError, match="insert-only"), db.engine().begin() as connection:
        connection.execute(text(statement))


def test_sec1_the_warehouse_books_no_payment(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Refused):
        perform(WAREHOUSE, "pay", order.id or 0)


def test_t7_what_was_paid_at_the_checkout_stands_in_the_history(small_shop: TestShop) -> None:
    order = small_shop.order(provider=True)
    with Session(db.engine()) as session:
        told = [entry.sentence for entry in history_of(session, order.id or 0, BEN, "en", "Europe/Berlin")]
        hidden = [entry.sentence for entry in history_of(session, order.id or 0, WAREHOUSE, "en", "Europe/Berlin")]
    assert "€44.80 were paid with the order by iDEAL." in told
    assert not any("44.80" in sentence for sentence in hidden)
