"""Random orders and random steps, of all actions there are: money, goods and documents add up, on both databases
(PAY-2, ST-2, INV-6).

`make test` walks 300 orders, `make test-all` 10,000. A failure names its seed; `walk(seed, n)` does the same again.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from databases import OWNER, TestShop
from saying_yes import say_yes
from wholeness import wrongs

from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import ACTIONS, actions_of
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import refundable, to_refund
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.orders.sums import total_of
from backoffice_app.models import Order

STEPS = 12
CURRENCIES = ("EUR", "EUR", "EUR", "JPY", "KWD")
"""Of two, no and three decimals; several orders in one of them can share money."""
RATES = ("19", "19", "7", "16", "5.5")
OFTEN = {
    "pay": 4,
    "refund": 4,
    "ship": 3,
    "part-shipment": 3,
    "credit-note": 3,
    "move-payment": 3,
    "keep-credit": 3,
    "pay-from-credit": 3,
    "credit-back": 2,
    "charge-back": 2,
    "create-return": 4,
}
OFTEN |= {
    "receive-return": 5,
    "complete-return": 6,
    "withdraw": 2,
    "settle-refund": 2,
    "cancel-rest": 4,
    "not-paid": 2,
    "edit-lines": 4,
}
SELDOM = {"hold", "copy", "cancel", "customer-mail", "send-invoice", "edit-address", "ready-for-pickup"}
SELDOM |= {
    "add-task",
    "complete-task",
    "reopen-task",
    "edit-task",
    "delete-task",
    "add-note",
    "edit-note",
    "remove-note",
}
SELDOM |= {"tag", "untag", "attach-file", "remove-file"}
Values = dict[str, Any]


def test_pay2_money_that_comes_back_adds_up_whatever_is_done(shop: TestShop) -> None:
    walk(1, 150)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 150))
def test_pay2_money_that_comes_back_adds_up_in_ten_thousand_orders(shop: TestShop, seed: int) -> None:
    walk(seed, 100)


def walk(seed: int, count: int) -> None:
    """Places `count` orders one after the other and takes steps on each; the whole shop is counted anew
    after every 25.
    """
    chance = random.Random(seed)  # test data
    ids: list[int] = []
    done: list[str] = []
    for number in range(count):
        with work(OWNER) as w:
            ids.append(place_order(w, any_order(chance)).id or 0)
        for _step in range(chance.randint(1, STEPS)):
            step(chance, ids, done)
        if number % 25 == 24 or number == count - 1:
            found = wrongs()
            assert found == [], f"seed {seed}, up to order {number}: {found}; done: {done[-25 * STEPS :]}"
    kinds = {one.split()[0] for one in done}
    assert len(kinds) > 20, (
        f"seed {seed} did nothing but {sorted(kinds)}"
    )  # else the rules refused nearly all of it


def step(chance: random.Random, ids: list[int], done: list[str]) -> None:
    """One action on the newest order, seldom on an older one; what the rules refuse is refused, and nothing else may
    come of it.

    Mostly one that no rule speaks against.
    """
    id_ = ids[-1] if chance.random() < 0.9 else chance.choice(ids)
    order = TestShop().load(id_)
    may = [key for key in KEYS if ACTIONS[key].why_not(order) is None and not order.is_draft]
    key = chance.choice(may if may and chance.random() < 0.9 else KEYS)
    values = VALUES.get(key, lambda _chance, _order, _ids: {})(chance, order, ids)
    reason = ACTIONS[key].why_not(order)
    with suppress(Refused, Invalid):
        answer = say_yes(OWNER, key, id_, values)
        assert reason is None or not answer.changed, f"{key} was done although: {reason}"
        if answer.changed:
            done.append(f"{key} {order.number} {values}")
        if answer.undo and chance.random() < 0.2:
            say_yes(OWNER, answer.undo.key, id_, answer.undo.values)
            done.append(f"{answer.undo.key} {order.number}")


def keys() -> list[str]:
    """All actions of an order that people find, those about money and goods more often."""
    offered = [action.key for action in actions_of(ORDER) if action.offered]
    return [key for key in offered for _n in range(1 if key in SELDOM else 2 * OFTEN.get(key, 1))]


def any_order(chance: random.Random) -> NewOrder:
    """An order of one of two customers that adds up: prices, rates, discounts, money and parcels of all kinds."""
    currency = chance.choice(CURRENCIES)
    goods = [any_line(chance, currency) for _n in range(chance.randint(1, 4))]
    data: Values = {
        "source": "my-shop",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "language": chance.choice(["de", "en", "fr", "nl", "ja"]),
        "currency": currency,
        "prices": chance.choice(["gross", "gross", "net"]),
        "customer": {
            "email": chance.choice(["ada@example.com", "ada@example.com", "max@example.com"]),
            "last_name": "Kovač",
        },
        "billing_address": {
            "name": "Ada Kovač",
            "street": "Ring 1",
            "postcode": "10115",
            "city": "Berlin",
            "country": "DE",
        },
        "lines": goods,
        "shipping": {
            "method": "dhl",
            "name": "DHL",
            "price": money.as_text(chance.choice([0, 490]), currency),
            "vat_rate": "19",
        },
        "payment": {
            "method": "invoice",
            "name": "Rechnung",
            "cost": money.as_text(chance.choice([0, 150]), currency),
            "vat_rate": "19",
        },
        "total": "0.00",
    }
    data["payment"]["state"] = chance.choice(["open", "open", "paid", "authorised"])
    if chance.random() < 0.2:
        data["payments"] = [
            {"amount": amount(chance, currency), "method": "card"} for _n in range(chance.randint(1, 2))
        ]
    data["total"] = money.as_text(total_of(NewOrder.model_validate(data)), currency)
    most = total_of(NewOrder.model_validate(data | {"shipping": None, "payment": None}))
    if most and chance.random() < 0.2:
        less = chance.randint(1, most if data["prices"] == "gross" else max(most // 2, 1))
        data["discount"] = {"name": "Gutschein", "amount": money.as_text(less, currency)}
        data["total"] = money.as_text(total_of(NewOrder.model_validate(data)), currency)
    return parse_order(data)


def any_line(chance: random.Random, currency: str) -> Values:
    price, quantity = chance.choice([0, 1, 790, 1995, 10_000]), chance.choice(["1", "1", "2", "3", "0.5"])
    return {
        "sku": chance.choice(["", "MUG-1", "TEE-2"]),
        "name": chance.choice(["Becher", "Tuch"]),
        "quantity": quantity,
        "unit": "m" if "." in quantity else "",
        "unit_price": money.as_text(price, currency),
        "discount": money.as_text(chance.choice([0, 0, 1]) if price else 0, currency),
        "vat_rate": chance.choice(RATES),
        "ships": chance.random() < 0.9,
    }


def amount(chance: random.Random, currency: str) -> str:
    return money.as_text(chance.randint(1, 12_000), currency)


def some(chance: random.Random, order: Order) -> Values:
    """Quantities of some lines, now and then more than there is."""
    ranks = [str(line.rank) for line in order.lines] * 3 + ["9"]
    return {
        chance.choice(ranks): chance.choice(["0.5", "1", "1", "1", "1", "2", "99"])
        for _n in range(chance.choice((1, 1, 2)))
    }


def invoice(chance: random.Random, order: Order) -> str:
    return chance.choice([d.number for d in order.documents if d.kind == "invoice"] or ["RE-0"])


def a_return(chance: random.Random, order: Order) -> str:
    return chance.choice([one.number for one in order.returns[-2:]] or ["R-0"])


def a_refund(chance: random.Random, order: Order, _ids: list[int]) -> Values:
    most = [money.as_text(open_, order.currency) for open_ in (refundable(order), to_refund(order)) if open_]
    credit = chance.choice(["", *(d.number for d in order.documents if d.kind != "invoice")])
    return {
        "amount": chance.choice([*most, amount(chance, order.currency)]),
        "state": chance.choice(["asked", "sent", "done", "done"]),
        "document": credit,
    }


def a_credit_note(chance: random.Random, order: Order, _ids: list[int]) -> Values:
    return {
        "invoice": invoice(chance, order),
        "quantities": some(chance, order) if chance.random() < 0.6 else {},
        "shipping": chance.choice(["", "", money.as_text(490, order.currency)]),
        "amount": chance.choice(["", money.as_text(1, order.currency), amount(chance, order.currency)]),
        "restock": chance.random() < 0.5,
    }


def a_parcel(chance: random.Random, order: Order, _ids: list[int]) -> Values:
    numbers = [one.number for one in order.shipments if one.state == "open"] or ["L-0"]
    some_of_it = {chance.choice([str(line.rank) for line in order.lines]): chance.choice(["1", "1", "0.5"])}
    return {"shipment": numbers[0], "quantities": some_of_it, "shipped": chance.random() < 0.8}


def payment_number(chance: random.Random, order: Order) -> str:
    return str(chance.randint(1, len(order.payments) + 1))


VALUES: dict[str, Callable[[random.Random, Order, list[int]], Values]] = {
    "pay": lambda chance, order, ids: {
        "amount": chance.choice(["", amount(chance, order.currency)]),
        "mail": False,
    },
    "not-paid": lambda chance, order, ids: {"payment": chance.choice(["", payment_number(chance, order)])},
    "refund": a_refund,
    "settle-refund": lambda chance, order, ids: {
        "refund": str(chance.randint(1, len(order.refunds) + 1)),
        "state": chance.choice(["sent", "done", "done", "failed"]),
    },
    "move-payment": lambda chance, order, ids: {
        "order": TestShop().load(chance.choice(ids)).number,
        "amount": chance.choice(["", "", amount(chance, order.currency)]),
    },
    "move-back": lambda chance, order, ids: {"payment": payment_number(chance, order)},
    "keep-credit": lambda chance, order, ids: {
        "amount": chance.choice(["", "", amount(chance, order.currency)])
    },
    "pay-from-credit": lambda chance, order, ids: {
        "amount": chance.choice(["", "", amount(chance, order.currency)])
    },
    "credit-back": lambda chance, order, ids: {"payment": payment_number(chance, order)},
    "charge-back": lambda chance, order, ids: {
        "payment": chance.choice(["", payment_number(chance, order)]),
        "amount": chance.choice(["", amount(chance, order.currency)]),
    },
    "charge-back-won": lambda chance, order, ids: {
        "payment": chance.choice(["", payment_number(chance, order)])
    },
    "credit-note": a_credit_note,
    "cancel-invoice": lambda chance, order, ids: {"invoice": invoice(chance, order)},
    "correct-invoice": lambda chance, order, ids: {"invoice": invoice(chance, order)},
    "send-invoice": lambda chance, order, ids: {"number": invoice(chance, order)},
    "edit-invoice": lambda chance, order, ids: {
        "number": invoice(chance, order),
        "own_text": chance.choice(["", "Danke"]),
    },
    "part-shipment": a_parcel,
    "create-return": lambda chance, order, ids: {"quantities": some(chance, order)},
    "withdraw": lambda chance, order, ids: {
        "quantities": some(chance, order) if chance.random() < 0.7 else {}
    },
    "receive-return": lambda chance, order, ids: {
        "return": a_return(chance, order),
        "quantities": some(chance, order) if chance.random() < 0.3 else {},
        "restock": chance.random() < 0.5,
    },
    "complete-return": lambda chance, order, ids: {
        "return": a_return(chance, order),
        "refund": chance.random() < 0.7,
    },
    "approve-return": lambda chance, order, ids: {"return": a_return(chance, order)},
    "reject-return": lambda chance, order, ids: {"return": a_return(chance, order)},
    "cancel-return": lambda chance, order, ids: {"return": a_return(chance, order)},
    "cancel-rest": lambda chance, order, ids: {
        "money": chance.choice(["lines", "refund", "credit"]),
        "restock": chance.random() < 0.5,
    },
    "edit-lines": lambda chance, order, ids: {
        "lines": [
            {"rank": line.rank, "quantity": chance.choice(["", "", "1", "2", "5"]), "discount": ""}
            for line in order.lines
        ]
    },
    "edit-address": lambda chance, order, ids: {"kind": "billing", "city": chance.choice(["Köln", "Bremen"])},
    "hold": lambda chance, order, ids: {"reason": "why"},
    "customer-mail": lambda chance, order, ids: {"message": "Hello", "once": str(chance.random())},
}
KEYS = keys()
