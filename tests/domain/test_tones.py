"""Which state is loud: done is gray, open is dark, only exceptions have a ground (ST-1)."""

from datetime import date

import pytest

from backoffice_app.domain.order.states import PaymentState, ShippingState, Status
from backoffice_app.domain.window.tones import (
    lone_status_badge,
    payment_badge,
    shipment_badge,
    shipping_badge,
    status_badge,
)

TODAY = date(2026, 11, 30)
LOUD = {"look", "act"}


@pytest.mark.parametrize(
    ("due", "tone", "word"),
    [
        (date(2026, 11, 18), "act", "Überfällig 12 T."),
        (date(2026, 12, 2), "look", "Fällig 2. Dez."),
        (date(2026, 12, 4), "info", "Unbezahlt"),
    ],
)
def test_st1_what_is_due_soon_or_overdue_says_so_and_nothing_else_of_an_unpaid_order_is_loud(
    due: date, tone: str, word: str
) -> None:
    badge = payment_badge(PaymentState.UNPAID, "de", due=due, today=TODAY)
    assert (badge.tone, badge.label) == (tone, word)


def test_st1_a_cancelled_order_waits_for_nothing_but_the_money_that_goes_back() -> None:
    assert payment_badge(PaymentState.UNPAID, "en", status=Status.CANCELLED).tone == "neutral"
    assert payment_badge(PaymentState.OVERPAID, "en", status=Status.CANCELLED).label == "To refund"
    assert shipping_badge(ShippingState.NOT_SHIPPED, "en", status=Status.CANCELLED).label == "–"


@pytest.mark.parametrize("status", [Status.ON_HOLD, Status.AWAITING_PAYMENT])
def test_st1_an_open_shipment_waits_as_its_order_does(status: Status) -> None:
    assert shipment_badge("open", "en", status=status).label == "Not shipped"
    assert shipment_badge("open", "en", status=status, is_fetched=True).label == "Not picked up"
    assert shipment_badge("open", "en", status=Status.AWAITING_SHIPMENT).label == "To ship"
    assert shipment_badge("shipped", "en", status=status).label == "Shipped"


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.PICKED_UP])
def test_st1_what_was_credited_in_full_is_not_called_unpaid(status: Status) -> None:
    badge = payment_badge(PaymentState.UNPAID, "de", status=status)
    assert (badge.tone, badge.label) == ("neutral", "Nichts offen")
    assert payment_badge(PaymentState.PAID, "de", status=status).label == "Bezahlt"


@pytest.mark.parametrize("status", [Status.ON_HOLD, Status.AWAITING_PAYMENT])
def test_st1_what_may_not_leave_now_does_not_say_to_ship(status: Status) -> None:
    assert shipping_badge(ShippingState.NOT_SHIPPED, "en", status=status).label == "Not shipped"
    assert shipping_badge(ShippingState.NOT_SHIPPED, "en", status=Status.AWAITING_SHIPMENT).label == "To ship"


def test_st1_no_normal_state_has_a_ground() -> None:
    normal = [
        payment_badge(state, "en")
        for state in (PaymentState.UNPAID, PaymentState.PAID, PaymentState.PART_PAID)
    ]
    normal += [shipping_badge(state, "en", status=Status.AWAITING_SHIPMENT) for state in ShippingState]
    assert {one.tone for one in normal} & LOUD == set()
    assert {status_badge(status, "en").tone for status in Status} & LOUD == {"look"}  # on hold alone


@pytest.mark.parametrize("status", list(Status))
def test_st1_a_status_without_payment_and_shipping_beside_it_is_always_seen(status: Status) -> None:
    beside, alone = status_badge(status, "en"), lone_status_badge(status, "en")
    assert alone.label == beside.label
    assert alone.tone == beside.tone if beside.tone != "silent" else alone.tone != "silent"
