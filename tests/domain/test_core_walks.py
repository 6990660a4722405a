"""Random orders and random walks of actions: the stored states stay the derived ones, and no order gets stuck (ST-1, ST-2, ST-3)."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from databases import OWNER, TestShop
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app import settings as environment
from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import ACTIONS, Done, perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.states import derive
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail.delivery import begin_sending, mark_sent
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.orders.sums import total_of
from backoffice_app.models import Order, OutboxMail

EXAMPLES, WALKS, STEPS = 60, 25, 14
COMMON = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],  # walks are short: shrinking them takes minutes
    "derandomize": True,  # the same walks for everyone; more of them are one number away
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
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
        "customer": {"email": draw(st.sampled_from(["", "ada@example.com", "max@example.com"])), "last_name": "Kovač"},
        "billing_address": {"name": "Ada Kovač", "country": "DE"},
        "shipping_address": draw(st.sampled_from([None, {"name": "Max Müller", "city": "Wien", "country": "AT"}])),
        "lines": goods,
        "shipping": {"method": "dhl", "name": "DHL", "price": draw(st.sampled_from(["0.00", "4.90"])), "vat_rate": "19"},
        "payment": {"method": "invoice", "name": "Rechnung", "cost": draw(st.sampled_from(["0.00", "1.50"])), "vat_rate": "19"},
        "payments": [{"amount": amount, "method": "card"} for amount in draw(st.lists(cents, max_size=2))],
        "total": "0.00",
    }
    if data["payments"] and draw(st.booleans()):
        data["payments"].append({"amount": f"-{data['payments'][0]['amount']}", "method": "card", "reason": "refund"})
    data["payment"]["state"] = draw(st.sampled_from(["open", "open", "authorised", "paid"]))
    if draw(st.integers(0, 3)) == 0:
        part = [{"line": n, "quantity": line["quantity"]} for n, line in enumerate(goods) if n % 2 == 0]
        data["shipments"] = [{"shipped_at": data["placed_at"], "carrier": "dhl", "lines": draw(st.sampled_from([[], part]))}]
    if draw(st.integers(0, 9)) == 0:
        data["cancelled_at"] = data["placed_at"]
    new = NewOrder.model_validate(data)
    data["total"] = money.as_text(total_of(new), "EUR")
    return data


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
        self.id = 0

    def load(self) -> Order:
        return TestShop().load(self.id)

    def number(self, place: int) -> str:
        """The number of one of the order's shipments; beyond them one that is not there."""
        numbers = [s.number for s in self.load().shipments] + ["L-0"]
        return numbers[min(place, len(numbers) - 1)]

    def press(self, key: str, **values: object) -> Done | None:
        """The action by its one door: nothing but Refused and Invalid may come out of it, and a version counts what changed."""
        before = self.load()
        open_reason = ACTIONS[key].why_not(before)
        try:
            done = perform(OWNER, key, self.id, values)
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

    @rule(number=st.integers(0, 2), tracking=st.sampled_from(["", "T-1", "T-3"]), shipped=st.booleans(), notify=st.booleans())
    def edit_shipment(self, number: int, tracking: str, shipped: bool, notify: bool) -> None:
        self.press("edit-shipment", shipment=self.number(number), tracking=tracking, shipped=shipped, notify=notify)

    @rule(
        number=st.integers(0, 3),
        quantities=st.dictionaries(st.sampled_from("1234"), st.sampled_from(["", "0", "0.5", "1", "1", "2", "999", "-1"]), max_size=3),
        tracking=st.sampled_from(["", "T-1", "T-4"]),
        shipped=st.booleans(),
        again=st.booleans(),
    )
    def part_shipment(self, number: int, quantities: dict[str, str], tracking: str, shipped: bool, again: bool) -> None:
        done = self.press("part-shipment", shipment=self.number(number), quantities=quantities, tracking=tracking, shipped=shipped)
        if done and done.undo and again:
            before = [(line.shipped, line.ordered) for line in self.load().lines]
            assert self.press(done.undo.key, **done.undo.values)
            assert shipped or before == [(line.shipped, line.ordered) for line in self.load().lines]

    @rule(number=st.integers(0, 3), into=st.integers(0, 3))
    def merge_shipments(self, number: int, into: int) -> None:
        self.press("merge-shipments", shipment=self.number(number), into=self.number(into))

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

    def teardown(self) -> None:
        """ST-1: from wherever the walk ended there is a way to the end of the order."""
        if self.id and not self.load().cancelled_at:
            for key in ("resume", "pay", "ship"):
                self.press(key)
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
    run_state_machine_as_test(Walk, settings=settings(max_examples=WALKS, stateful_step_count=STEPS, **COMMON))
