"""Money is booked, never changed; a correction is a counter-entry (W-2, PAY-1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from databases import BEN, WAREHOUSE, TestShop
from saying_yes import say_yes
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import surplus
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.payments import number_of
from backoffice_app.domain.rest_view import order_view
from backoffice_app.models import Allocation, OutboxMail


def test_w2_paid_books_the_open_amount_today_in_one_click(shop: TestShop) -> None:
    order = shop.order(lines=2)
    perform(BEN, "pay", order.id or 0)
    after = shop.load(order.id or 0)
    assert [(p.amount, p.by_hand, p.actor_name) for p in after.payments] == [(8470, True, "Ben Beier")]
    assert (after.payment_state, after.paid, after.open_amount, after.status) == (
        "paid",
        8470,
        0,
        "awaiting_shipment",
    )


def test_w2_the_arrow_beside_it_asks_date_amount_method(small_shop: TestShop) -> None:
    order = small_shop.order()
    done = perform(BEN, "pay", order.id or 0, {"amount": "10.00", "booked_on": "2026-11-21", "method": "bar"})
    after = small_shop.load(order.id or 0)
    assert [(p.amount, p.booked_on.isoformat(), p.method) for p in after.payments] == [
        (1000, "2026-11-21", "bar")
    ]
    assert (after.payment_state, after.open_amount) == ("part_paid", 3480)
    assert "34.80" in done.message.in_language("en")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "-1.00"}, "amount"),
        ({"amount": "1.0055"}, "amount"),
        ({"booked_on": "2999-01-01"}, "booked_on"),
        ({"booked_on": "1926-11-21"}, "booked_on"),
        ({"booked_on": "0001-01-01"}, "booked_on"),
    ],
)
def test_w2_bad_amounts_and_days_name_the_field(
    small_shop: TestShop, values: dict[str, str], field: str
) -> None:
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


@pytest.mark.parametrize(
    ("currency", "most", "more"), [("EUR", "1000000.00", "1000000.01"), ("JPY", "1000000", "1000001")]
)
def test_a18_no_number_that_was_never_an_amount_is_booked(
    shop: TestShop, currency: str, most: str, more: str
) -> None:
    order_id = order_of(shop, "12", currency)
    for typed in ("100000000000000", more):
        with pytest.raises(Invalid, match="At most") as refused:
            perform(BEN, "pay", order_id, {"amount": typed})
        assert refused.value.field == "amount"
    assert shop.load(order_id).payments == []
    say_yes(BEN, "pay", order_id, {"amount": most})
    assert len(shop.load(order_id).payments) == 1


def test_a18_a_large_order_takes_ten_times_its_total(small_shop: TestShop) -> None:
    order_id = order_of(small_shop, "500000.00")
    with pytest.raises(Invalid, match="5,000,000"):
        perform(BEN, "pay", order_id, {"amount": "5000000.01"})
    say_yes(BEN, "pay", order_id, {"amount": "5000000.00"})
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


def test_pay1_what_was_paid_too_much_pays_what_a_payment_taken_back_leaves_open(shop: TestShop) -> None:
    """The invoice asks for what the order says is open: not for money that is there."""
    id_ = shop.order().id or 0
    say_yes(BEN, "pay", id_, {"amount": "20.00"})
    say_yes(BEN, "pay", id_, {"amount": "30.00"})
    order = shop.load(id_)
    first = number_of(order, order.payments[0])
    say_yes(BEN, "not-paid", id_, {"payment": first})
    after = shop.load(id_)
    assert (after.open_amount, after.documents[0].open_amount) == (1480, 1480)
    say_yes(BEN, "restore-payments", id_, {"payments": [first]})
    after = shop.load(id_)
    assert (after.payment_state, after.documents[0].open_amount) == ("overpaid", 0)
    assert wrongs() == []


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
    payment = {
        "method": "ideal",
        "name": "iDEAL",
        "state": "paid",
        "provider_reference": first.payment.provider_reference,
    }
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
        told = [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), BEN, "en", "Europe/Berlin")
        ]
        hidden = [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), WAREHOUSE, "en", "Europe/Berlin")
        ]
    assert "€44.80 were paid with the order by iDEAL." in told
    assert not any("44.80" in sentence for sentence in hidden)


def mails(order_id: int) -> list[str]:
    """The states of the order's mails that say a payment came in."""
    with Session(db.engine()) as session:
        told = select(OutboxMail.state).where(
            OutboxMail.order_id == order_id, OutboxMail.kind == "payment-received"
        )
        return list(session.exec(told.order_by(OutboxMail.id)))  # type: ignore[arg-type]


def test_c12_more_than_is_open_is_asked_first_and_shown_afterwards(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    with pytest.raises(Asks, match=r"€60.00 is €15.20 more than is open") as asked:
        perform(BEN, "pay", order_id, {"amount": "60"})
    assert shop.load(order_id).payments == []
    with pytest.raises(Asks, match=r"€70.00 is €25.20 more"):  # a yes to one amount is none to another
        perform(BEN, "pay", order_id, {"amount": "70"}, answers=[asked.value.answer])
    done = perform(BEN, "pay", order_id, {"amount": "60"}, answers=[asked.value.answer])
    assert "€15.20 were paid too much." in done.message.in_language("en")
    assert surplus(shop.load(order_id)) == 1520


def test_c12_a_program_that_books_is_not_asked(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(Actor(ActorKind.API_KEY, "bank", BEN.rights, id=4), "pay", order_id, {"amount": "60.00"})
    assert small_shop.load(order_id).paid == 6000


def test_c9_who_books_reads_to_whom_a_mail_goes_and_may_leave_it_out(shop: TestShop) -> None:
    first, second = shop.order().id or 0, shop.order().id or 0
    told = perform(BEN, "pay", first).message.in_language("en")
    assert "ada.kovac@example.com" in told
    assert len(mails(first)) == 1
    told = perform(BEN, "pay", second, {"mail": "off"}).message.in_language("en")
    assert told == "Payment booked."
    assert mails(second) == []


def test_c10_one_payment_is_taken_back_and_the_others_stay(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    perform(BEN, "pay", order_id, {"amount": "10"})
    perform(BEN, "pay", order_id, {"amount": "15"})
    done = perform(BEN, "not-paid", order_id, {"payment": "2"})
    assert done.message.in_language("en") == "The payment of €15.00 was taken back."
    after = shop.load(order_id)
    assert [p.amount for p in after.payments] == [1000, 1500, -1500]
    assert mails(order_id) == ["no-server", "withheld"]


def test_api1_a_payment_is_named_by_its_number_on_the_order(shop: TestShop) -> None:
    shop.order(paid=True)  # so that numbers and ids differ
    order_id = shop.order(payments=[{"amount": "5.00", "method": "card"}]).id or 0
    undo = perform(BEN, "pay", order_id, {"amount": "10"}).undo
    assert undo is not None
    assert undo.values == {"payment": "2"}
    with pytest.raises(Refused, match="Only what was booked by hand"):
        perform(BEN, "not-paid", order_id, {"payment": "1"})
    with pytest.raises(Invalid) as no:
        perform(BEN, "not-paid", order_id, {"payment": 3})
    assert str(no.value) == "payment: The order has no payment 3."
    perform(BEN, "not-paid", order_id, {"payment": 2})
    assert [view.number for view in order_view(shop.load(order_id).number).payments] == ["1", "2", "3"]
    with pytest.raises(Refused, match="taken back already"):
        perform(BEN, "not-paid", order_id, {"payment": "2"})


def test_c10_more_than_one_payment_is_taken_back_only_when_it_was_asked(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(BEN, "pay", order_id, {"amount": "10"})
    perform(BEN, "pay", order_id, {"amount": "15"})
    with pytest.raises(Asks, match=r"All 2 payments .* €25.00 together"):
        perform(BEN, "not-paid", order_id)
    assert small_shop.load(order_id).paid == 2500
    say_yes(BEN, "not-paid", order_id)
    assert small_shop.load(order_id).paid == 0
    with pytest.raises(Refused, match="was taken back already"):
        perform(BEN, "not-paid", order_id)


def test_c10_not_paid_can_be_undone_once_and_its_mail_goes_after_all(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    perform(BEN, "pay", order_id, {"booked_on": "2026-11-21", "method": "bar"})
    done = perform(BEN, "not-paid", order_id)
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    after = shop.load(order_id)
    assert [(p.amount, p.method, p.booked_on.isoformat()) for p in after.payments[::2]] == [
        (4480, "bar", "2026-11-21")
    ] * 2
    assert (after.payment_state, mails(order_id)) == ("paid", ["no-server"])
    with pytest.raises(Refused, match="booked again already"):
        perform(BEN, done.undo.key, order_id, done.undo.values)
    perform(BEN, "not-paid", order_id)  # the mail of the first booking is held back with the second one
    assert (shop.load(order_id).paid, mails(order_id)) == (0, ["withheld"])


def test_w21_what_a_colleague_booked_in_between_is_not_booked_a_second_time(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(BEN, "pay", order_id)
    undo = perform(BEN, "not-paid", order_id).undo
    assert undo
    perform(BEN, "pay", order_id, {"amount": "1.00"})
    with pytest.raises(Refused, match=r"€1\.00 came in since"):
        perform(BEN, undo.key, order_id, undo.values)
    assert small_shop.load(order_id).paid == 100
    perform(BEN, "not-paid", order_id)  # of the 1.00: nothing stands in the way any more
    perform(BEN, undo.key, order_id, undo.values)
    assert small_shop.load(order_id).paid == 4480


def test_w21_a_part_is_booked_again_where_it_is_still_open(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(BEN, "pay", order_id, {"amount": "10.00"})
    undo = perform(BEN, "not-paid", order_id).undo
    assert undo
    perform(BEN, "pay", order_id, {"amount": "34.80"})
    perform(BEN, undo.key, order_id, undo.values)
    assert small_shop.load(order_id).paid == 4480


def test_w21_what_was_too_much_before_comes_back_as_it_was(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    say_yes(BEN, "pay", order_id, {"amount": "50.00"})
    undo = perform(BEN, "not-paid", order_id).undo
    assert undo
    perform(BEN, undo.key, order_id, undo.values)
    assert small_shop.load(order_id).paid == 5000


def test_c10_the_history_says_in_german_what_a_clerk_would_say(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    perform(BEN, "pay", order_id, {"amount": "20"})
    perform(BEN, "not-paid", order_id)
    with Session(db.engine()) as session:
        told = [
            entry.sentence for entry in history_of(session, (ORDER, order_id), BEN, "de", "Europe/Berlin")
        ]
    assert "Ben Beier hat die Buchung über 20,00\u00a0€ zurückgenommen." in told


def test_c11_all_that_is_wrong_with_a_payment_is_said_at_once(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    with pytest.raises(Invalid) as no:
        perform(BEN, "pay", order_id, {"amount": "-1", "booked_on": "2999-01-01"})
    assert [wrong.field for wrong in (no.value, *no.value.others)] == ["amount", "booked_on"]
