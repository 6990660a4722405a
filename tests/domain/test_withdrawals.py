"""A withdrawal is a return with its moment, its receipt and the clock of its refund (RET-4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from callers import client
from databases import BEN, TestShop
from sqlmodel import select
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.returns.queries import ReturnsAddress, returns_page, returns_tabs
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.blocks.returns import ReturnsView, ReturnView
from backoffice_app.models import Order, OutboxMail

PLACED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def shipped(shop: TestShop, **wishes: Any) -> Order:
    order = shop.order(paid=True, **wishes)
    perform(BEN, "ship", order.id or 0, {"mail": False})
    return shop.load(order.id or 0)


def withdraw(order: Order, **values: Any) -> Done:
    return perform(BEN, "withdraw", order.id or 0, values)


def receipts(order: Order) -> list[OutboxMail]:
    with reading() as session:
        kind = "withdrawal-received"
        return list(
            session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id, OutboxMail.kind == kind))
        )


def block(order: Order, language: str = "en") -> ReturnView:
    with reading() as session:
        view = order_window(session, order.number, BEN, language).blocks["returns"]
    assert isinstance(view, ReturnsView)
    return view.returns[-1]


@pytest.mark.parametrize("language", ["de", "en", "fr", "nl"])
def test_ret4_a_withdrawal_is_a_requested_return_and_its_receipt_names_the_moment(
    small_shop: TestShop, language: str
) -> None:
    order = shipped(small_shop, language=language)
    with clock.at(datetime(2026, 12, 1, 13, 30, tzinfo=UTC)):
        done = withdraw(order, text="Ich widerrufe.")
    [came_back] = small_shop.load(order.id or 0).returns
    assert (came_back.state, came_back.comment, [held.quantity for held in came_back.lines]) == (
        "requested",
        "Ich widerrufe.",
        [2],
    )
    assert done.made["returns"] == (came_back.number,)
    [mail] = receipts(order)
    assert mail.send_after == mail.created_at
    assert mail.language == language
    for named in ("14:30", "15", came_back.number, "Becher 1", "Ich widerrufe."):
        assert named in mail.body
    assert wrongs() == []


def test_ret4_what_has_not_left_yet_can_be_withdrawn_from_too(shop: TestShop) -> None:
    order = shop.order(paid=True, lines=2)
    done = withdraw(order, quantities={"2": "1"})
    assert "has not left yet" in done.message.in_language("en")
    assert [held.quantity for held in shop.load(order.id or 0).returns[0].lines] == [Decimal(1)]
    with pytest.raises(Invalid) as no:
        withdraw(order, quantities={"2": "2"})
    assert no.value.field == "quantities.2"
    withdraw(order)
    with pytest.raises(Refused, match="an open return announces it"):
        withdraw(order)
    assert wrongs() == []


def test_ret4_it_is_received_completed_and_refunded_like_any_return(shop: TestShop) -> None:
    order = shipped(shop)
    withdraw(order)
    number = shop.load(order.id or 0).returns[0].number
    perform(BEN, "receive-return", order.id or 0, {"return": number})
    perform(BEN, "complete-return", order.id or 0, {"return": number})
    assert block(order).clock != ""  # the credit note is not refunded yet
    perform(BEN, "refund", order.id or 0, {"amount": "39.90"})
    assert block(order).clock == ""
    assert wrongs() == []


@pytest.mark.parametrize(
    ("days", "says", "is_late"),
    [
        (0, "Refund by 15 Dec 2026, 14 days left.", False),
        (9, "Refund by 15 Dec 2026, 5 days left.", False),
        (10, "Refund by 15 Dec 2026, 4 days left.", True),
        (13, "Refund by 15 Dec 2026, 1 day left.", True),
        (14, "Refund by 15 Dec 2026, 0 days left.", True),
        (15, "The refund was due on 15 Dec 2026.", True),
    ],
)
def test_ret4_the_clock_of_fourteen_days_is_shown_and_the_list_marks_what_is_near(
    small_shop: TestShop, days: int, says: str, is_late: bool
) -> None:
    order = shipped(small_shop)
    withdrawn = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)  # 23:59 in the shop: still the 1st
    with clock.at(withdrawn):
        withdraw(order)
    with clock.at(withdrawn + timedelta(days=days)), reading() as session:
        view = block(order)
        due = returns_page(session, ReturnsAddress(state="refund-due"), BEN, "en").rows
        tab = next(tab for tab in returns_tabs(session, ReturnsAddress(), "en") if tab[0] == "refund-due")
        [row] = returns_page(session, ReturnsAddress(), BEN, "en").rows
    assert (view.clock, view.is_late) == (says, is_late)
    assert (len(due), tab[2], row[11]) == ((1, "1", says) if is_late else (0, "", ""))
    assert row[6] == "Withdrawal"


@pytest.mark.parametrize("end", ["reject-return", "cancel-return"])
def test_ret4_what_was_rejected_or_cancelled_is_not_waited_for(small_shop: TestShop, end: str) -> None:
    order = shipped(small_shop)
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        withdraw(order)
    perform(BEN, end, order.id or 0, {"return": small_shop.load(order.id or 0).returns[0].number})
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)), reading() as session:
        assert returns_page(session, ReturnsAddress(state="refund-due"), BEN, "en").rows == []
        assert block(order).clock == ""


@pytest.mark.parametrize("at", ["2026-11-19T10:00:00+01:00", "2099-01-01T10:00:00+01:00"])
def test_ret4_a_moment_that_can_not_be_is_named(small_shop: TestShop, at: str) -> None:
    order = shipped(small_shop)
    with pytest.raises(Invalid) as no:
        withdraw(order, at=at)
    assert no.value.field == "at"
    with pytest.raises(Invalid) as no:
        withdraw(order, at="2026-12-01T10:00:00")  # of no zone
    assert no.value.field == "at"


def test_ret4_the_shop_sends_it_again_and_it_stays_one(shop: TestShop) -> None:
    order, caller = shipped(shop), client("ship orders:read")
    path = f"/api/v1/orders/{order.number}/actions/withdraw"
    said = {"reference": "w-17", "at": "2026-11-21T10:00:00+01:00", "text": "Widerruf"}

    def call(_n: int) -> tuple[int, bool, list[str], int]:
        answer = caller.post(path, json=said)
        told = answer.json()
        return answer.status_code, told["changed"], told["returns"], len(told["mails"])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    [came_back] = shop.load(order.id or 0).returns
    assert sorted(answers) == [(200, False, [came_back.number], 0)] * 7 + [(200, True, [came_back.number], 1)]
    assert len(receipts(order)) == 1
    told = caller.get(f"/api/v1/orders/{order.number}").json()["returns"][0]
    assert (told["state"], told["reference"], told["withdrawn_at"]) == (
        "requested",
        "w-17",
        "2026-11-21T09:00:00Z",
    )
    assert wrongs() == []


def test_ret4_the_button_asks_for_quantities_and_what_was_declared(small_shop: TestShop) -> None:
    order = shipped(small_shop, lines=2)
    with reading() as session:
        form = order_window(session, order.number, BEN, "en", dialog="withdraw").form
    assert [(field.name, field.kind, field.value) for field in form.fields] == [
        ("quantities.1", "quantities", "0"),
        ("quantities.2", "quantities", "0"),
        ("text", "long text", ""),
    ]
    withdraw(order, quantities={"1": "0", "2": "0"})
    assert [held.quantity for held in small_shop.load(order.id or 0).returns[0].lines] == [2, 2]
