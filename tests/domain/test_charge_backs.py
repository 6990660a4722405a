"""The provider takes money back, and gives it back where the shop wins: what is open follows, and so do the invoices
(PAY-2).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from policies import invoice_by_hand
from saying_yes import say_yes
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import charge_backs, refundable, to_refund
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Order


def paid(shop: TestShop, amount: str = "44.80") -> Order:
    order = shop.order()
    say_yes(BEN, "pay", order.id or 0, {"amount": amount, "mail": False})
    return shop.load(order.id or 0)


def back(order: Order, **values: Any) -> Done:
    return say_yes(BEN, "charge-back", order.id or 0, values)


def money(shop: TestShop, order: Order) -> tuple[int, int, str, list[int]]:
    after = shop.load(order.id or 0)
    return after.paid, after.open_amount, after.payment_state, [d.open_amount for d in after.documents]


def test_pay2_a_charge_back_opens_the_amount_and_the_invoice_again(shop: TestShop) -> None:
    order = paid(shop)
    done = back(order, fee="15.00", reason="Not authorised", reference="dp_1")
    assert money(shop, order) == (0, 4480, "charged_back", [4480])
    assert "€44.80 are open now" in done.message.in_language("en")
    with reading() as session:
        said = [entry.sentence for entry in history_of(session, (ORDER, order.id or 0), OWNER, "en", "UTC")]
        line = order_window(session, order.number, BEN, "en").blocks["payment"].payments[-1]
    assert any("noted a charge-back of €44.80 by Rechnung: Not authorised" in sentence for sentence in said)
    assert line.about == "Not authorised\u00a0· dp_1\u00a0· fee €15.00"
    assert wrongs() == []


def test_pay2_what_is_wrong_with_a_charge_back_is_said_at_once(shop: TestShop) -> None:
    order = paid(shop)
    with pytest.raises(Invalid) as no:
        back(order, amount="300", fee="abc", booked_on="2999-01-01")
    assert [one.field for one in (no.value, *no.value.others)] == ["amount", "fee", "booked_on"]
    with pytest.raises(Invalid) as fee:
        back(order, fee="-1")
    assert (fee.value.field, fee.value.others) == ("fee", ())


def test_pay2_a_charge_back_is_booked_on_the_day_the_provider_took_it(small_shop: TestShop) -> None:
    order = paid(small_shop)
    back(order, booked_on="2026-11-21")
    assert [p.booked_on.isoformat() for p in small_shop.load(order.id or 0).payments][1:] == ["2026-11-21"]
    assert wrongs() == []


def test_pay2_a_charge_back_that_was_won_pays_again(shop: TestShop) -> None:
    order = paid(shop)
    back(order)
    perform(BEN, "charge-back-won", order.id or 0)
    assert money(shop, order) == (4480, 0, "paid", [0])
    with pytest.raises(Refused, match="Nothing was charged back"):
        perform(BEN, "charge-back-won", order.id or 0)
    assert wrongs() == []


def test_pay2_a_part_is_charged_back_and_never_more_than_the_payment(small_shop: TestShop) -> None:
    order = paid(small_shop)
    back(order, amount="14.80")
    assert money(small_shop, order) == (3000, 1480, "charged_back", [1480])
    with pytest.raises(Invalid, match=r"At most €30\.00") as no:
        back(order, amount="30.01")
    assert no.value.field == "amount"
    back(order)
    assert money(small_shop, order) == (0, 4480, "charged_back", [4480])
    with pytest.raises(Refused, match="All that was paid was charged back"):
        back(order)
    assert wrongs() == []


@pytest.mark.parametrize("field", ["amount", "fee"])
@pytest.mark.parametrize("value", ["-1.00", "x", "1.001"])
def test_pay2_what_is_no_amount_of_a_charge_back_is_named(
    small_shop: TestShop, field: str, value: str
) -> None:
    order = paid(small_shop)
    with pytest.raises(Invalid) as no:
        back(order, **{field: value})
    assert no.value.field == field


def test_pay2_the_surplus_pays_a_charge_back_first(shop: TestShop) -> None:
    order = paid(shop, "50.00")
    back(order, amount="10.00")
    assert money(shop, order) == (4000, 480, "charged_back", [480])
    assert wrongs() == []


def test_pay2_a_charge_back_after_a_refund_owes_all_that_the_customer_has(shop: TestShop) -> None:
    """44.80 paid, 10.00 credited and refunded, then 44.80 charged back: they hold 10.00 of ours and the goods for
    34.80.
    """
    order = paid(shop)
    invoice = order.documents[0].number
    say_yes(BEN, "credit-note", order.id or 0, {"invoice": invoice, "amount": "10.00"})
    say_yes(BEN, "refund", order.id or 0, {"amount": "10.00"})
    back(order)
    assert money(shop, order) == (-1000, 4480, "charged_back", [4480, 0])
    say_yes(BEN, "pay", order.id or 0, {})
    assert money(shop, order) == (3480, 0, "part_refunded", [0, 0])
    assert wrongs() == []


def test_pay2_a_goodwill_refund_is_not_owed_again_by_a_charge_back(small_shop: TestShop) -> None:
    order = paid(small_shop)
    say_yes(BEN, "refund", order.id or 0, {"amount": "10.00"})
    back(order, amount="34.80")
    assert money(small_shop, order) == (0, 3480, "charged_back", [3480])


def test_pay2_a_refund_under_way_must_be_settled_first(small_shop: TestShop) -> None:
    order = paid(small_shop, "50.00")
    perform(BEN, "refund", order.id or 0, {"amount": "5.20", "state": "sent"})
    with pytest.raises(Invalid, match=r"A refund is under way, so at most €44\.80 can be charged back") as no:
        back(order)
    assert no.value.field == "amount"
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "done"})
    back(order)
    assert money(small_shop, order) == (-520, 5000, "charged_back", [4480])
    assert wrongs() == []


def test_pay2_what_a_refund_under_way_needs_is_not_charged_back(small_shop: TestShop) -> None:
    order = paid(small_shop)
    say_yes(BEN, "refund", order.id or 0, {"amount": "44.80", "state": "sent"})
    with pytest.raises(Refused, match=r"A refund is under way\. Note first"):
        back(order)
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "failed"})
    back(order)
    assert wrongs() == []


def test_pay2_one_reference_is_one_charge_back(shop: TestShop) -> None:
    order, other = paid(shop), paid(shop)

    def click(n: int) -> bool:
        return back(order, amount="1.00", reference="dp_7", key=f"form-{n}").changed

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(click, range(10))) == 1
    with pytest.raises(Invalid, match="on another order") as no:
        back(other, reference="dp_7")
    assert no.value.field == "reference"
    assert back(other, amount="1.00", key="form").changed
    assert not back(other, amount="1.00", key="form").changed
    assert wrongs() == []


def test_pay2_of_several_payments_one_says_which(small_shop: TestShop) -> None:
    order = paid(small_shop, "20.00")
    say_yes(BEN, "pay", order.id or 0, {})
    with pytest.raises(Invalid, match="Say which payment") as no:
        back(order)
    assert no.value.field == "payment"
    with pytest.raises(Invalid, match="no payment 9"):
        back(order, payment="9")
    back(order, payment=1)
    assert money(small_shop, order) == (2480, 2000, "charged_back", [2000])
    with pytest.raises(Refused, match="charged back or taken back already"):
        back(order, payment="1")
    back(order, payment="2")
    with pytest.raises(Invalid, match="Say which charge-back"):
        perform(BEN, "charge-back-won", order.id or 0)
    perform(BEN, "charge-back-won", order.id or 0, {"payment": "4"})
    assert money(small_shop, order) == (2480, 2000, "charged_back", [2000])
    assert [p.of_id for p in charge_backs(small_shop.load(order.id or 0))] == [order.payments[0].id]
    assert wrongs() == []


def test_pay2_what_was_charged_back_is_neither_refunded_nor_taken_back(small_shop: TestShop) -> None:
    order = paid(small_shop)
    back(order)
    after = small_shop.load(order.id or 0)
    assert (refundable(after), to_refund(after)) == (0, 0)
    with pytest.raises(Refused, match="Nothing was booked by hand"):
        perform(BEN, "not-paid", order.id or 0)
    with pytest.raises(Refused):
        perform(BEN, "refund", order.id or 0, {"amount": "1.00"})
    with pytest.raises(Refused, match="No payment was taken back"):
        perform(BEN, "restore-payments", order.id or 0, {"payments": ["1"]})


def test_pay2_a_charge_back_won_after_the_customer_paid_again_is_too_much(small_shop: TestShop) -> None:
    order = paid(small_shop)
    back(order)
    say_yes(BEN, "pay", order.id or 0, {})
    assert money(small_shop, order) == (4480, 0, "paid", [0])
    perform(BEN, "charge-back-won", order.id or 0)
    assert money(small_shop, order) == (8960, 0, "overpaid", [0])
    assert wrongs() == []


def test_pay2_an_invoice_made_after_a_charge_back_is_open(small_shop: TestShop) -> None:
    invoice_by_hand()
    order = paid(small_shop)
    back(order)
    perform(BEN, "invoice", order.id or 0)
    assert money(small_shop, order) == (0, 4480, "charged_back", [4480])
    assert wrongs() == []


def test_pay2_a_shipped_order_that_was_charged_back_waits_for_its_money(small_shop: TestShop) -> None:
    order = paid(small_shop)
    perform(BEN, "ship", order.id or 0)
    assert small_shop.load(order.id or 0).status == "completed"
    back(order)
    assert small_shop.load(order.id or 0).status == "awaiting_payment"


def test_pay2_an_order_sent_again_books_no_payment_that_was_charged_back(small_shop: TestShop) -> None:
    new = small_shop.new_order(paid=True)
    take_in(OWNER, new)
    order = small_shop.load(1)
    back(order)
    take_in(OWNER, parse_order(new.as_json() | {"comment": "again"}))
    assert [p.amount for p in small_shop.load(1).payments] == [4480, -4480]
