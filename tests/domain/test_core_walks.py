"""Random orders and random walks of actions: the stored states stay the derived ones, and no order gets stuck (ST-1,
ST-2, ST-3).
"""

import shutil
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from databases import OWNER, TestShop
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from saying_yes import say_yes
from sqlalchemy import text
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app import settings as environment
from backoffice_app.db import reading
from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import ACTIONS, Done, perform, preview
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail.delivery import begin_sending, mark_sent
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import (
    amount_owed,
    derive,
    is_refund,
    open_amount,
    paid_towards,
    received,
    refundable,
    refunds_under_way,
    surplus,
)
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.orders.sums import total_of
from backoffice_app.models import Order, OutboxMail

EXAMPLES, WALKS, STEPS = 60, 25, 14
COMMON = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],  # walks are short: shrinking them takes minutes
    "derandomize": True,  # the same walks for everyone; more of them are one number away
    "suppress_health_check": [
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
}
cents = st.integers(1, 20_000).map(lambda n: f"{n / 100:.2f}")


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    price = draw(st.sampled_from(["0.00", "0.01", "0.0375", "19.95", "7.90", "100.00", "999.99"]))
    quantity = draw(st.sampled_from(["1", "2", "3", "0.5", "12.345678", "1000"]))
    before = money.times(Decimal(price), Decimal(quantity), "EUR")
    discount = draw(st.sampled_from([0, 0, min(1, before), before // 3, before]))
    return {
        "sku": draw(st.sampled_from(["", "MUG-1", "TEE-2"])),
        "name": draw(st.sampled_from(["Becher", "田中", "Łódź 'x' \"y\" %"])),
        "quantity": quantity,
        "unit_price": price,
        "discount": f"{discount / 100:.2f}",
        "vat_rate": draw(st.sampled_from(["0", "7", "19", "19"])),
        "ships": draw(st.sampled_from([True, True, True, False])),
    }


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """The JSON of an order that adds up: prices, rates, discounts, money and parcels of all kinds."""
    goods = draw(st.lists(lines(), min_size=1, max_size=3))
    data: dict[str, Any] = {
        "source": "my-shop",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "language": draw(st.sampled_from(["de", "en", "ja"])),
        "currency": "EUR",
        "prices": draw(st.sampled_from(["gross", "net"])),
        "customer": {
            "email": draw(st.sampled_from(["", "ada@example.com", "max@example.com"])),
            "last_name": "Kovač",
        },
        "billing_address": {"name": "Ada Kovač", "country": "DE"},
        "shipping_address": draw(
            st.sampled_from([None, {"name": "Max Müller", "city": "Wien", "country": "AT"}])
        ),
        "lines": goods,
        "shipping": {
            "method": "dhl",
            "name": "DHL",
            "price": draw(st.sampled_from(["0.00", "4.90"])),
            "vat_rate": "19",
        },
        "payment": {
            "method": "invoice",
            "name": "Rechnung",
            "cost": draw(st.sampled_from(["0.00", "1.50"])),
            "vat_rate": "19",
        },
        "payments": [{"amount": amount, "method": "card"} for amount in draw(st.lists(cents, max_size=2))],
        "total": "0.00",
    }
    if data["payments"] and draw(st.booleans()):
        data["payments"].append(
            {"amount": f"-{data['payments'][0]['amount']}", "method": "card", "reason": "refund"}
        )
    data["payment"]["state"] = draw(st.sampled_from(["open", "open", "authorised", "paid"]))
    if draw(st.integers(0, 3)) == 0:
        part = [{"line": n, "quantity": line["quantity"]} for n, line in enumerate(goods) if n % 2 == 0]
        data["shipments"] = [
            {"shipped_at": data["placed_at"], "carrier": "dhl", "lines": draw(st.sampled_from([[], part]))}
        ]
    if draw(st.integers(0, 9)) == 0:
        data["cancelled_at"] = data["placed_at"]
    new = NewOrder.model_validate(data)
    data["total"] = money.as_text(total_of(new), "EUR")
    return data


OTHER: dict[str, Any] = {
    "source": "my-shop",
    "placed_at": "2026-11-20T10:00:00+01:00",
    "language": "de",
    "currency": "EUR",
    "prices": "gross",
    "billing_address": {"name": "Ada Kovač", "country": "DE"},
    "lines": [{"sku": "MUG-9", "name": "Krug", "quantity": "2", "unit_price": "19.95", "vat_rate": "19"}],
    "payment": {"method": "invoice", "name": "Rechnung", "state": "open"},
    "total": "39.90",
}
"""The JSON of another order of the same customer, of which 39.90 are owed."""


def place(data: dict[str, Any]) -> Order:
    with work(OWNER) as w:
        return place_order(w, parse_order(data))


def test_st1_whatever_orders_come_in_are_whole(small_shop: TestShop) -> None:
    @given(data=orders())
    @settings(max_examples=EXAMPLES, **COMMON)
    def fill(data: dict[str, Any]) -> None:
        place(data)

    fill()
    assert wrongs() == []


class Walk(RuleBasedStateMachine):
    """Colleagues press this and that on one order while its mails leave."""

    file: Path
    start: Path

    def __init__(self) -> None:
        super().__init__()
        db.forget_engines()
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copy(self.start, self.file)
        self.id = self.other = 0

    def load(self) -> Order:
        return TestShop().load(self.id)

    def number(self, place: int) -> str:
        """The number of one of the order's shipments; beyond them one that is not there."""
        numbers = [s.number for s in self.load().shipments] + ["L-0"]
        return numbers[min(place, len(numbers) - 1)]

    def press(self, key: str, *, sure: bool = False, **values: object) -> Done | None:
        """The action by its one door: nothing but Refused and Invalid may come out of it, and a version counts what
        changed.

        `sure`: anyone who presses says yes to what is asked.
        """
        before = self.load()
        open_reason = ACTIONS[key].why_not(before)
        try:
            done = (say_yes if sure else perform)(OWNER, key, self.id, values)
        except (Refused, Invalid):
            assert self.load().version == before.version
            return None
        after = self.load()
        assert open_reason is None or not done.changed, f"{key} was done although: {open_reason}"
        assert after.version == before.version + done.changed
        if not done.changed:
            assert [a.model_dump() for a in after.addresses] == [a.model_dump() for a in before.addresses]
            assert after.model_dump() == before.model_dump()
        return done

    @initialize(data=orders())
    def place(self, data: dict[str, Any]) -> None:
        self.id = place(data).id or 0

    @rule(amount=st.one_of(st.just(""), cents, st.sampled_from(["0", "-1", "x", "0.001", "999999999999999"])))
    def pay(self, amount: str) -> None:
        self.press("pay", amount=amount)

    @rule()
    def not_paid(self) -> None:
        self.press("not-paid")

    @rule(tracking=st.sampled_from(["", "T-1", "T-2"]))
    def ship(self, tracking: str) -> None:
        self.press("ship", tracking=tracking)

    @rule(all_of_them=st.booleans())
    def undo_ship(self, all_of_them: bool) -> None:
        numbers = [s.number for s in self.load().shipments] or ["L-0"]
        self.press("undo-ship", shipments=numbers if all_of_them else numbers[:1])

    @rule(
        number=st.integers(0, 2),
        tracking=st.sampled_from(["", "T-1", "T-3"]),
        shipped=st.booleans(),
        notify=st.booleans(),
    )
    def edit_shipment(self, number: int, tracking: str, shipped: bool, notify: bool) -> None:
        self.press(
            "edit-shipment", shipment=self.number(number), tracking=tracking, shipped=shipped, notify=notify
        )

    @rule(
        number=st.integers(0, 3),
        quantities=st.dictionaries(
            st.sampled_from("1234"), st.sampled_from(["", "0", "0.5", "1", "1", "2", "999", "-1"]), max_size=3
        ),
        tracking=st.sampled_from(["", "T-1", "T-4"]),
        shipped=st.booleans(),
        again=st.booleans(),
    )
    def part_shipment(
        self, number: int, quantities: dict[str, str], tracking: str, shipped: bool, again: bool
    ) -> None:
        done = self.press(
            "part-shipment",
            shipment=self.number(number),
            quantities=quantities,
            tracking=tracking,
            shipped=shipped,
        )
        if done and done.undo and again:
            before = [(line.shipped, line.ordered) for line in self.load().lines]
            assert self.press(done.undo.key, **done.undo.values)
            assert shipped or before == [(line.shipped, line.ordered) for line in self.load().lines]

    @rule(number=st.integers(0, 3), into=st.integers(0, 3))
    def merge_shipments(self, number: int, into: int) -> None:
        self.press("merge-shipments", shipment=self.number(number), into=self.number(into))

    def came_back(self, place: int) -> str:
        """The number of one of the order's returns; beyond them one that is not there."""
        numbers = [one.number for one in self.load().returns] + ["R-0"]
        return numbers[min(place, len(numbers) - 1)]

    @rule(
        quantities=st.dictionaries(
            st.sampled_from("123"),
            st.sampled_from(["0", "0.5", "1", "1", "2", "999"]),
            min_size=1,
            max_size=3,
        )
    )
    def create_return(self, quantities: dict[str, str]) -> None:
        self.press("create-return", quantities=quantities, reason="why")

    @rule(
        number=st.integers(0, 2),
        restock=st.booleans(),
        quantities=st.sampled_from([{}, {"1": "1"}, {"2": "0.5"}]),
    )
    def receive_return(self, number: int, restock: bool, quantities: dict[str, str]) -> None:
        self.press(
            "receive-return", **{"return": self.came_back(number)}, restock=restock, quantities=quantities
        )

    @rule(number=st.integers(0, 2), refund=st.booleans())
    def complete_return(self, number: int, refund: bool) -> None:
        self.press("complete-return", **{"return": self.came_back(number)}, refund=refund)

    @rule(key=st.sampled_from(["approve-return", "reject-return", "cancel-return"]), number=st.integers(0, 2))
    def decide_return(self, key: str, number: int) -> None:
        self.press(key, **{"return": self.came_back(number)})

    @rule()
    def hold(self) -> None:
        self.press("hold", reason="why")

    @rule()
    def resume(self) -> None:
        self.press("resume")

    @rule(
        kind=st.sampled_from(["billing", "shipping"]),
        name=st.sampled_from(["Ada Kovač", "Max Müller", ""]),
        country=st.sampled_from(["DE", "AT", ""]),
    )
    def edit_address(self, kind: str, name: str, country: str) -> None:
        self.press("edit-address", kind=kind, name=name, country=country)

    @rule()
    def invoice(self) -> None:
        self.press("invoice")

    @rule()
    def send_invoice(self) -> None:
        documents = self.load().documents
        self.press("send-invoice", number=documents[-1].number if documents else "RE-0")

    @rule(
        quantities=st.dictionaries(
            st.sampled_from("123"),
            st.sampled_from(["0", "1", "1", "2", "0.5", "12.345678", "999"]),
            max_size=3,
        ),
        shipping=st.sampled_from(["", "1.00", "4.90"]),
        amount=st.sampled_from(["", "", "0.01", "5.00", "19.95"]),
        fee=st.sampled_from(["", "", "0.50"]),
    )
    def credit_note(self, quantities: dict[str, str], shipping: str, amount: str, fee: str) -> None:
        self.press(
            "credit-note",
            invoice=self.invoice_number(),
            quantities=quantities,
            shipping=shipping,
            amount=amount,
            fee=fee,
            fee_reason=fee and "Porto",
        )

    @rule(key=st.sampled_from(["cancel-invoice", "correct-invoice"]))
    def take_back(self, key: str) -> None:
        self.press(key, sure=True, invoice=self.invoice_number())

    @rule(text=st.sampled_from(["", "Danke", "Bis bald"]))
    def edit_invoice(self, text: str) -> None:
        self.press("edit-invoice", number=self.invoice_number(), own_text=text)

    def invoice_number(self) -> str:
        return next((d.number for d in reversed(self.load().documents) if d.kind == "invoice"), "RE-0")

    @rule(amount=cents)
    def pay_too_much(self, amount: str) -> None:
        self.press("pay", sure=True, amount=amount)

    @rule(
        amount=st.one_of(cents, st.sampled_from(["0", "-1", "x"])),
        state=st.sampled_from(["asked", "sent", "done", "done"]),
    )
    def refund(self, amount: str, state: str) -> None:
        self.press("refund", sure=True, amount=amount, state=state)

    @rule()
    def refund_all(self) -> None:
        if most := refundable(self.load()):
            assert self.press("refund", sure=True, amount=money.as_text(most, "EUR"))

    @rule(number=st.sampled_from("1123"), state=st.sampled_from(["sent", "done", "failed"]))
    def settle_refund(self, number: str, state: str) -> None:
        self.press("settle-refund", sure=True, refund=number, state=state)

    @rule(
        amount=st.sampled_from(["", "", "0.01", "19.95", "999999.00"]),
        payment=st.sampled_from(["", "1", "2", "3"]),
    )
    def charge_back(self, amount: str, payment: str) -> None:
        self.press("charge-back", amount=amount, payment=payment)

    @rule(payment=st.sampled_from(["", "", "2", "3", "4"]))
    def charge_back_won(self, payment: str) -> None:
        self.press("charge-back-won", payment=payment)

    @rule(amount=st.sampled_from(["", "", "0.01", "999999.00"]), is_here=st.booleans(), again=st.booleans())
    def move_payment(self, amount: str, is_here: bool, again: bool) -> None:
        """Between this order and another one of the customer, which is paid for too."""
        order = self.load()
        if not self.other:
            self.other = place(OTHER | {"customer": {"email": order.email, "last_name": "Kovač"}}).id or 0
            say_yes(OWNER, "pay", self.other, {"amount": "100.00"})
        mine, theirs = (self.id, self.other) if is_here else (self.other, self.id)
        wanted = {"order": TestShop().load(theirs).number, "amount": amount}
        with suppress(Refused, Invalid):
            done = say_yes(OWNER, "move-payment", mine, wanted)
            if again and done.undo:
                perform(OWNER, done.undo.key, mine, done.undo.values)

    @rule(will=st.integers(0, 3))
    def cancel(self, will: int) -> None:
        if will == 0:
            self.press("cancel", reason="why")

    @rule(amount=st.sampled_from(["", "", "0.01", "999999.00"]))
    def keep_credit(self, amount: str) -> None:
        self.press("keep-credit", amount=amount)

    @rule(amount=st.sampled_from(["", "", "0.01", "999999.00"]))
    def pay_from_credit(self, amount: str) -> None:
        self.press("pay-from-credit", amount=amount)

    @rule(payment=st.sampled_from(["1", "2", "3", "4"]))
    def credit_back(self, payment: str) -> None:
        self.press("credit-back", payment=payment)

    @rule(what=st.sampled_from(["lines", "refund", "credit"]), restock=st.booleans())
    def cancel_rest(self, what: str, restock: bool) -> None:
        self.press("cancel-rest", money=what, restock=restock)

    @rule(quantity=st.sampled_from(["", "1", "2.5", "4"]), discount=st.sampled_from(["", "", "0", "0.01"]))
    def edit_lines(self, quantity: str, discount: str) -> None:
        ranks = [line.rank for line in self.load().lines]
        lines = [
            {"rank": rank, "quantity": quantity if rank == 1 else "", "discount": discount} for rank in ranks
        ]
        self.press("edit-lines", sure=True, lines=lines)

    @rule()
    def whatever_is_offered_works(self) -> None:
        """ST-3: what no rule speaks against is done, or asks for what it was not told."""
        order = self.load()
        of_order = [one for one in ACTIONS.values() if one.subject is ORDER and one.offered]
        with reading() as session:
            shop = load_shop(session)
            offered = [one.key for one in of_order if one.reason_beside(session, shop, order) is None]
        for key in offered:
            with suppress(Invalid, Asks):
                preview(OWNER, key, self.id)

    @rule()
    def mails_leave(self) -> None:
        with Session(db.engine()) as session:
            waiting = session.exec(select(OutboxMail).where(col(OutboxMail.state) == "waiting")).all()
        for mail in waiting:
            assert begin_sending(mail.id or 0, stamp_of(mail))
            mark_sent(mail.id or 0, stamp_of(mail), "")

    @invariant()
    def all_is_whole(self) -> None:
        if self.id:
            assert wrongs() == []

    @invariant()
    def money_adds_up(self) -> None:
        """PAY-2: nothing is refunded that was not received, and what is open or too much is the difference to what is
        owed.
        """
        if not self.id:
            return
        order = self.load()
        came, owed, paid = (
            received(order),
            amount_owed(order),
            sum(payment.amount for payment in order.payments),
        )
        booked = sum(refund.amount for refund in order.refunds if refund.state == "done")
        if not any(payment.kind or is_refund(payment) for payment in order.payments):
            assert paid_towards(order) >= min(came, owed)
            assert open_amount(order) == max(owed - came, 0)
        assert open_amount(order) == max(owed - paid_towards(order), 0)
        assert surplus(order) == max(paid - owed, 0)
        assert refundable(order) == max(paid - refunds_under_way(order), 0)
        back = sum(payment.amount for payment in order.payments if is_refund(payment))
        failed = sum(
            payment.amount
            for payment in order.payments
            if payment.amount > 0 and payment.reverses_id and not payment.kind
        )
        assert came - paid == -back - failed
        assert booked <= came - paid

    def teardown(self) -> None:
        """ST-1: from wherever the walk ended there is a way to the end of the order."""
        if self.id and not self.load().cancelled_at:
            for key in ("resume", "pay", "ship"):
                self.press(key, sure=True)
            assert derive(self.load()).status == "completed"
        super().teardown()


def test_st1_every_walk_of_actions_keeps_the_order_whole_and_leaves_a_way_to_its_end(
    sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")  # so that mails wait and can be held back
    environment.settings.cache_clear()
    Walk.file, Walk.start = tmp_path / "kontor.sqlite3", tmp_path / "start.sqlite3"
    with db.engine().connect() as connection:
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    shutil.copy(Walk.file, Walk.start)
    run_state_machine_as_test(
        Walk, settings=settings(max_examples=WALKS, stateful_step_count=STEPS, **COMMON)
    )
