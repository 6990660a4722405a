"""Two colleagues at one order, in any order of events: no change is lost without a question, and the shop adds up
(W-16).
"""

import random
from collections.abc import Iterator

import pytest
from databases import BEN, OWNER, TestShop
from order_tab import Tab
from wholeness import wrongs

import backoffice_app.backoffice_app  # noqa: F401  # the routes and with them their parts
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.orders.actions import FIELDS
from backoffice_app.models import Order
from backoffice_app.state.base import RUNNING

STEPS = 14
TYPED = {"name": "Ada", "company": "Byte", "street": "Lindenallee", "city": "Köln", "postcode": "5066"}
PRESSED = ("pay", "not-paid", "ship", "not-shipped", "hold", "resume")
OTHERS = {OWNER.name: BEN.name, BEN.name: OWNER.name}


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


class Colleague:
    """One of the two: a tab, and what this person typed into the open form and has not saved."""

    def __init__(self, actor: Actor, number: str, chance: random.Random) -> None:
        self.tab = Tab(actor, number).show()
        self.chance = chance
        self.other = OTHERS[actor.name]
        self.about = ""
        self.form: dict[str, str] = {}
        self.typed: dict[str, str] = {}

    def opens(self) -> None:
        """The form of the billing address, as it is stored now; some of it is typed over."""
        self.tab.do("open", "billing", "")
        shown = self.tab.dialogs.billing
        self.about = self.tab.state.asked
        self.form = {name: getattr(shown, name) for name in FIELDS}
        fields = self.chance.sample(sorted(TYPED), self.chance.randint(1, 3))
        typed = {field: f"{TYPED[field]}{self.chance.randint(0, 9)}" for field in fields}
        self.typed = {
            field: value for field, value in typed.items() if value != self.form[field]
        }  # else nothing is changed

    def saves(self, stored: dict[str, str]) -> dict[str, str]:
        """What is stored after a press on Save, by what the form said; `stored`: before it."""
        self.tab.press("act", "edit-address", self.about, {"kind": "billing", **self.form, **self.typed})
        if self.tab.state.form == "":
            after = {**stored, **self.typed}
            self.form = {}
            return after
        told = self.tab.state.errors
        assert told, self.tab.state.wrong
        assert told.keys() <= self.typed.keys(), "only what both changed is asked"
        question = "{} changed this to “{}” just now. To overwrite it, save again."
        assert told == {field: question.format(self.other, stored[field]) for field in told}
        self.about = self.tab.state.asked
        return stored


def address_of(shop: TestShop, order: Order) -> dict[str, str]:
    [billing] = [one for one in shop.load(order.id or 0).addresses if one.kind == "billing"]
    return {name: str(getattr(billing, name)) for name in FIELDS}


def walk(shop: TestShop, seed: int) -> int:
    """How often one of them was asked."""
    chance = random.Random(seed)  # test data
    order = shop.order()
    both = [Colleague(actor, order.number, chance) for actor in (OWNER, BEN)]
    stored, asked = address_of(shop, order), 0
    for _step in range(STEPS):
        one = chance.choice(both)
        if one.form and chance.random() < 0.5:
            before = stored
            stored = one.saves(stored)
            asked += stored == before and bool(one.form)
        elif not one.form and chance.random() < 0.5:
            one.opens()
        elif not one.form:
            one.tab.do("act", chance.choice(PRESSED), {})
            one.tab.state._close()  # what a button asks is answered by another press, or by none
        else:
            one.tab.press("refresh")
        assert address_of(shop, order) == stored, f"seed {seed}"
    return asked


def test_w16_whatever_two_do_at_once_no_change_is_lost_without_a_question(small_shop: TestShop) -> None:
    assert sum(walk(small_shop, seed) for seed in range(20)) > 3
    assert wrongs() == []


@pytest.mark.slow
def test_w16_whatever_two_do_at_once_no_change_is_lost_without_a_question_in_two_hundred_walks(
    small_shop: TestShop,
) -> None:
    assert sum(walk(small_shop, seed) for seed in range(100, 300)) > 30
    assert wrongs() == []
