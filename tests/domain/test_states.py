"""The four states follow from an order's rows, and from nothing else (ST-1, ST-2)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backoffice_app.domain.order.paying import waits_for_money
from backoffice_app.domain.order.states import (
    STATE_NAMES,
    PaymentState,
    ReturnState,
    ShippingState,
    Status,
    derive,
    left_to_ship,
    open_amount,
)
from backoffice_app.models import Document, Order, OrderLine, Payment

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def line(
    ordered: str = "2", *, shipped: str = "0", cancelled: str = "0", returned: str = "0", ships: bool = True
) -> OrderLine:
    return OrderLine(
        rank=1,
        name="Becher",
        ordered=Decimal(ordered),
        shipped=Decimal(shipped),
        cancelled=Decimal(cancelled),
        returned=Decimal(returned),
        ships=ships,
        unit_price=Decimal(1),
    )


def order(
    *lines: OrderLine,
    total: int = 100,
    paid: tuple[int, ...] = (),
    credited: tuple[int, ...] = (),
    **columns: object,
) -> Order:
    """An order of 1.00; `paid`: what was booked, refunds negative; `credited`: the totals of its credit notes,
    negative.
    """
    made = Order(number="1", position=1, placed_at=MOMENT, total=total, **columns)
    made.lines = list(lines or (line(),))
    made.payments = [
        Payment(id=n, order_id=1, amount=amount, booked_on=date(2026, 11, 20), booked_at=MOMENT)
        for n, amount in enumerate(paid, 1)
    ]
    made.documents = [
        Document(
            order_id=1,
            kind="credit note",
            number=f"GS-{n}",
            public_id=str(n),
            language="de",
            currency="EUR",
            net=t,
            vat=0,
            total=t,
            issued_at=MOMENT,
            issued_on=MOMENT.date(),
        )
        for n, t in enumerate(credited)
    ]
    return made


def reversed_(made: Order, payment: int) -> Order:
    """The same order with its n-th payment booked back."""
    old = made.payments[payment]
    back = Payment(
        id=99, order_id=1, amount=-old.amount, booked_on=old.booked_on, booked_at=MOMENT, reverses_id=old.id
    )
    made.payments = [*made.payments, back]
    return made


@pytest.mark.parametrize(
    ("made", "payment", "paid", "still_open"),
    [
        (order(), PaymentState.UNPAID, 0, 100),
        (order(authorised_at=MOMENT), PaymentState.AUTHORISED, 0, 100),
        (order(paid=(40,)), PaymentState.PART_PAID, 40, 60),
        (order(paid=(40,), authorised_at=MOMENT), PaymentState.PART_PAID, 40, 60),
        (order(paid=(40, 60)), PaymentState.PAID, 100, 0),
        (order(paid=(101,)), PaymentState.OVERPAID, 101, 0),
        (order(total=0), PaymentState.PAID, 0, 0),
        (order(total=0, paid=(1,)), PaymentState.OVERPAID, 1, 0),
        (reversed_(order(paid=(100,)), 0), PaymentState.UNPAID, 0, 100),
        (reversed_(order(paid=(40, 60)), 0), PaymentState.PART_PAID, 60, 40),
        (order(paid=(100, -30)), PaymentState.PART_REFUNDED, 70, 0),
        (order(paid=(100, -100)), PaymentState.REFUNDED, 0, 0),
        (order(paid=(100, -30), credited=(-30,)), PaymentState.PART_REFUNDED, 70, 0),
        (order(paid=(100,), credited=(-30,)), PaymentState.OVERPAID, 100, 0),
        (order(paid=(100, -100), credited=(-100,)), PaymentState.REFUNDED, 0, 0),
        (order(credited=(-100,)), PaymentState.UNPAID, 0, 0),
        (order(paid=(70,), credited=(-30,)), PaymentState.PAID, 70, 0),
        (order(cancelled_at=MOMENT), PaymentState.UNPAID, 0, 0),
        (order(paid=(100,), cancelled_at=MOMENT), PaymentState.OVERPAID, 100, 0),
        (order(paid=(100, -40), cancelled_at=MOMENT), PaymentState.OVERPAID, 60, 0),
        (order(paid=(100, -40), credited=(-100,)), PaymentState.OVERPAID, 60, 0),
        (order(paid=(100, -100), cancelled_at=MOMENT), PaymentState.REFUNDED, 0, 0),
    ],
)
def test_st1_the_payment_state_follows_from_money_and_credits(
    made: Order, payment: PaymentState, paid: int, still_open: int
) -> None:
    states = derive(made)
    assert (states.payment, states.paid, states.open_amount) == (payment, paid, still_open)
    assert open_amount(made) == still_open


@pytest.mark.parametrize(
    ("lines", "shipping"),
    [
        ([line()], ShippingState.NOT_SHIPPED),
        ([line(shipped="1")], ShippingState.PART_SHIPPED),
        ([line(shipped="2")], ShippingState.SHIPPED),
        ([line(shipped="2"), line()], ShippingState.PART_SHIPPED),
        ([line(shipped="1", cancelled="1")], ShippingState.SHIPPED),
        ([line(cancelled="1")], ShippingState.NOT_SHIPPED),
        ([line(cancelled="2")], ShippingState.NOT_NEEDED),
        ([line(shipped="2"), line(cancelled="2")], ShippingState.SHIPPED),
        ([line(ships=False)], ShippingState.NOT_NEEDED),
        ([line(ships=False), line(shipped="2")], ShippingState.SHIPPED),
        ([line("0.5", shipped="0.499999")], ShippingState.PART_SHIPPED),
    ],
)
def test_st2_the_shipping_state_follows_from_the_quantities(
    lines: list[OrderLine], shipping: ShippingState
) -> None:
    assert derive(order(*lines)).shipping == shipping


@pytest.mark.parametrize(
    ("lines", "returns"),
    [
        ([line(shipped="2")], ReturnState.NONE),
        ([line(shipped="2", returned="1")], ReturnState.PART_RETURNED),
        ([line(shipped="2", returned="2"), line(shipped="1")], ReturnState.PART_RETURNED),
        ([line(shipped="2", returned="2")], ReturnState.RETURNED),
        ([line(shipped="2", returned="2"), line()], ReturnState.RETURNED),
    ],
)
def test_st1_the_return_state_follows_from_what_came_back(
    lines: list[OrderLine], returns: ReturnState
) -> None:
    assert derive(order(*lines)).returns == returns


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (order(), Status.AWAITING_PAYMENT),
        (order(authorised_at=MOMENT), Status.AWAITING_SHIPMENT),
        (order(paid=(100,)), Status.AWAITING_SHIPMENT),
        (order(line(shipped="1"), paid=(100,)), Status.AWAITING_SHIPMENT),
        (order(line(shipped="2"), paid=(100,)), Status.COMPLETED),
        (order(line(shipped="2")), Status.AWAITING_PAYMENT),
        (order(line(shipped="2"), authorised_at=MOMENT), Status.AWAITING_PAYMENT),
        (order(line(ships=False), paid=(100,)), Status.COMPLETED),
        (order(total=0), Status.AWAITING_SHIPMENT),
        (order(line(shipped="2"), paid=(100, -100)), Status.COMPLETED),
        (order(on_hold_since=MOMENT, paid=(100,)), Status.ON_HOLD),
        (order(line(shipped="2"), on_hold_since=MOMENT), Status.ON_HOLD),
        (order(on_hold_since=MOMENT, cancelled_at=MOMENT), Status.CANCELLED),
    ],
)
def test_st1_the_system_status_says_goods_first_then_money(made: Order, status: Status) -> None:
    assert derive(made).status == status


@pytest.mark.parametrize(
    ("code", "name", "collects", "status"),
    [
        ("cod", "Nachnahme", "", Status.AWAITING_SHIPMENT),
        ("", "Zahlung per Nachnahme", "", Status.AWAITING_SHIPMENT),
        ("invoice", "Rechnung", "", Status.AWAITING_SHIPMENT),
        ("german_market_purchase_on_account", "Kauf auf Rechnung", "", Status.AWAITING_SHIPMENT),
        ("", "Op rekening", "transfer", Status.AWAITING_SHIPMENT),
        ("cash", "Bar bei Abholung", "", Status.AWAITING_SHIPMENT),
        ("own", "Zauberei", "courier", Status.AWAITING_SHIPMENT),
        ("own", "Zauberei", "counter", Status.AWAITING_SHIPMENT),
        ("own", "Zauberei", "", Status.AWAITING_PAYMENT),
        ("prepaid", "Vorkasse", "", Status.AWAITING_PAYMENT),
        ("proforma", "Vorkasse gegen Proforma-Rechnung", "transfer", Status.AWAITING_PAYMENT),
        ("bank-transfer", "Überweisung", "transfer", Status.AWAITING_PAYMENT),
        ("paypal", "PayPal", "", Status.AWAITING_PAYMENT),
        ("invoice", "Klarna Rechnung", "", Status.AWAITING_PAYMENT),
        ("invoice", "Rechnung", "provider", Status.AWAITING_PAYMENT),
        ("cod", "Nachnahme", "provider", Status.AWAITING_PAYMENT),
        ("debit", "Lastschrift", "", Status.AWAITING_PAYMENT),
        ("", "", "", Status.AWAITING_PAYMENT),
    ],
)
def test_st1_goods_that_leave_before_the_money_wait_for_their_shipment(
    code: str, name: str, collects: str, status: Status
) -> None:
    said = {"payment_method": code, "payment_method_name": name, "payment_collects": collects}
    unpaid, part_paid = order(**said), order(paid=(40,), **said)
    assert (derive(unpaid).status, derive(part_paid).status) == (status, status)
    assert not (waits_for_money(unpaid) and status is Status.AWAITING_SHIPMENT)
    assert derive(order(line(shipped="2"), **said)).status is Status.AWAITING_PAYMENT
    assert derive(order(on_hold_since=MOMENT, **said)).status is Status.ON_HOLD


@pytest.mark.parametrize(
    ("code", "name", "asked"),
    [
        ("prepaid", "Vorkasse", True),
        ("paypal", "PayPal", True),
        ("bank-transfer", "Überweisung", False),
        ("cod", "Nachnahme", False),
        ("invoice", "Rechnung", False),
    ],
)
def test_w5_who_ships_unpaid_is_asked_only_where_the_money_comes_first(
    code: str, name: str, asked: bool
) -> None:
    said = {"payment_method": code, "payment_method_name": name}
    assert waits_for_money(order(**said)) is asked
    assert not any(
        waits_for_money(made) for made in (order(paid=(100,), **said), order(authorised_at=MOMENT, **said))
    )


def test_st2_what_is_left_to_ship_is_ordered_less_cancelled_less_shipped() -> None:
    assert left_to_ship(line("5", shipped="2", cancelled="1")) == 2
    assert left_to_ship(line("5", ships=False)) == 0


def test_st1_every_state_has_a_name_to_read() -> None:
    for kind in (Status, PaymentState, ShippingState, ReturnState):
        assert all(STATE_NAMES[state].in_language("en") for state in kind)
