"""Returns: announced once for each piece, received as it arrived, settled once (RET-1 to RET-3, INV-6)."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, Done, perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ReturnState, missing, return_state, step_of
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.returns import rules
from backoffice_app.domain.returns.choices import ACTION, add_usual
from backoffice_app.domain.returns.rules import left_to_return
from backoffice_app.domain.window import order_window
from backoffice_app.formats import format_money
from backoffice_app.models import (
    History,
    MailAttachment,
    Order,
    OrderLine,
    OrderReturn,
    OutboxMail,
    ReturnLine,
)

CLOTH = {
    "sku": "CLOTH-3",
    "name": "Stoff",
    "quantity": "1.5",
    "unit": "m",
    "unit_price": "12.00",
    "discount": "0.00",
    "vat_rate": "19",
}
MUGS = {
    "sku": "MUG-1",
    "name": "Becher",
    "quantity": "5",
    "unit_price": "10.00",
    "discount": "0.00",
    "vat_rate": "19",
}
MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def shipped(shop: TestShop, **changes: Any) -> Order:
    """Five mugs and 1.5 m of cloth, shipped."""
    wish = shop.new_order(paid=True).as_json() | {"lines": [MUGS, CLOTH], "total": "72.90"} | changes
    order_id = take_in(OWNER, parse_order(wish)).order_id
    perform(OWNER, "ship", order_id, {"mail": "off"})
    return shop.load(order_id)


def do(order: Order, key: str, actor: Actor = BEN, **values: Any) -> Done:
    return perform(actor, key, order.id or 0, values)


def returned(order: Order, **quantities: str) -> str:
    """The number of a new return of these quantities: `returned(order, _1="2")`."""
    wanted = {rank.strip("_"): quantity for rank, quantity in quantities.items()}
    return do(order, "create-return", quantities=wanted).made["returns"][0]


def goods(order: Order) -> list[tuple[str, str]]:
    """What was shipped and returned of each line."""
    return [(f"{line.shipped:f}", f"{line.returned:f}") for line in order.lines]


def facts(order: Order, *kinds: str) -> list[str]:
    with Session(db.engine()) as session:
        wanted = select(History).where(
            History.subject == "order", History.subject_id == order.id, col(History.kind).in_(kinds)
        )
        return [fact.data for fact in session.exec(wanted.order_by(col(History.sequence))).all()]


def mails(order: Order) -> list[OutboxMail]:
    with Session(db.engine(), expire_on_commit=False) as session:
        wanted = select(OutboxMail).where(
            OutboxMail.order_id == order.id, col(OutboxMail.kind).startswith("return")
        )
        return list(session.exec(wanted.order_by(col(OutboxMail.id))).all())


# --- pure rules
# -------------------------------------------------------------------------------------------------------------------


def a_line(shipped: int, returned: int = 0) -> OrderLine:
    return OrderLine(
        id=1,
        rank=1,
        name="Becher",
        ordered=Decimal(9),
        shipped=Decimal(shipped),
        returned=Decimal(returned),
        unit_price=Decimal(1),
    )


def an_order(line: OrderLine, *returns: OrderReturn) -> Order:
    order = Order(id=1, number="1", position=1, placed_at=MOMENT)
    order.lines, order.returns = [line], list(returns)
    return order


def a_return(
    state: str, announced: int, received: int = 0, *, restocked: int = 0, locked: bool = False
) -> OrderReturn:
    made = OrderReturn(number="R-1", order_id=1, state=state, created_at=MOMENT, is_locked=locked)
    made.lines = [
        ReturnLine(
            order_line_id=1,
            quantity=Decimal(announced),
            received=Decimal(received),
            restocked=Decimal(restocked),
        )
    ]
    return made


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (an_order(a_line(0)), 0),
        (an_order(a_line(5)), 5),
        (an_order(a_line(5, 2)), 3),
        (an_order(a_line(5), a_return("requested", 2)), 3),
        (an_order(a_line(5, 1), a_return("received", 2, 1)), 3),
        (an_order(a_line(5, 3), a_return("received", 2, 3)), 2),
        (an_order(a_line(5, 2), a_return("completed", 3, 2)), 3),
        (an_order(a_line(5), a_return("rejected", 5, 5)), 5),
        (an_order(a_line(5), a_return("cancelled", 5)), 5),
        (an_order(a_line(1), a_return("approved", 2)), 0),
    ],
)
def test_ret1_never_more_than_shipped_less_returned_less_what_other_returns_announce(
    order: Order, left: int
) -> None:
    assert left_to_return(order, order.lines[0]) == left


@pytest.mark.parametrize(
    ("order", "state"),
    [
        (an_order(a_line(5)), ReturnState.NONE),
        (an_order(a_line(5), a_return("requested", 2)), ReturnState.OPEN),
        (an_order(a_line(5, 2), a_return("received", 2, 2)), ReturnState.OPEN),
        (an_order(a_line(5, 2), a_return("completed", 2, 2)), ReturnState.PART_RETURNED),
        (an_order(a_line(5, 5), a_return("completed", 5, 5)), ReturnState.RETURNED),
        (an_order(a_line(5), a_return("rejected", 5)), ReturnState.NONE),
        (an_order(a_line(5, 2), a_return("cancelled", 2)), ReturnState.PART_RETURNED),
    ],
)
def test_st1_the_return_state_is_open_while_a_return_is_and_then_follows_from_quantities(
    order: Order, state: ReturnState
) -> None:
    assert return_state(order) is state


STATES = [
    a_return("requested", 2),
    a_return("approved", 2),
    a_return("received", 2, 1),
    a_return("received", 2, 2),
    a_return("received", 2, 2, restocked=1),
    a_return("received", 0, 1),
]
ENDS = [
    a_return("completed", 2, 2),
    a_return("completed", 2, 2, locked=True),
    a_return("rejected", 2),
    a_return("cancelled", 2),
]


@pytest.mark.parametrize("came_back", STATES, ids=lambda one: f"{step_of(one)}-{one.lines[0].restocked}")
def test_ret3_every_open_return_has_a_way_to_its_end(came_back: OrderReturn) -> None:
    order = an_order(a_line(5, int(came_back.lines[0].received)), came_back)
    ends = (
        rules.why_not_complete_it(came_back),
        rules.why_not_reject_it(came_back),
        rules.why_not_cancel_it(came_back),
    )
    assert None in ends
    assert None in (rules.why_not_complete(order), rules.why_not_reject(order), rules.why_not_cancel(order))
    if rules.why_not_complete_it(came_back):
        assert rules.why_not_receive_it(order, came_back) is None


@pytest.mark.parametrize("came_back", ENDS, ids=lambda one: f"{one.state}-{one.is_locked}")
def test_ret3_a_closed_or_locked_return_refuses_everything_with_a_sentence(came_back: OrderReturn) -> None:
    order = an_order(a_line(5, 2), came_back)
    for why_not in (
        rules.why_not_approve_it,
        rules.why_not_complete_it,
        rules.why_not_reject_it,
        rules.why_not_cancel_it,
    ):
        said = str(why_not(came_back) and why_not(came_back).in_language("en"))  # type: ignore[union-attr]
        assert said.startswith("Return R-1 was ") or said.startswith("Return R-1 is completed")
    assert rules.why_not_receive_it(order, came_back) is not None
    for of_order in (
        rules.why_not_approve,
        rules.why_not_receive,
        rules.why_not_complete,
        rules.why_not_reject,
        rules.why_not_cancel,
    ):
        assert of_order(order) is rules.NONE_OPEN


def test_ret3_a_part_that_arrived_is_in_progress() -> None:
    assert [step_of(one) for one in STATES] == [
        "requested",
        "approved",
        "in progress",
        "received",
        "received",
        "received",
    ]


# --- announced
# --------------------------------------------------------------------------------------------------------------------


def test_ret1_a_return_is_announced_and_the_customer_told(shop: TestShop) -> None:
    order = shipped(shop)
    done = do(
        order,
        "create-return",
        WAREHOUSE,
        quantities={"1": "2", "2": "0"},
        reason="zu klein",
        action="Umtausch",
        text="Passt nicht.",
    )

    assert done.message.in_language("en").startswith("Return R-2026-0001 created. ")
    after = shop.load(order.id or 0)
    [came_back] = after.returns
    assert (came_back.number, came_back.state, came_back.reason, came_back.action, came_back.comment) == (
        "R-2026-0001",
        "requested",
        "zu klein",
        "Umtausch",
        "Passt nicht.",
    )
    assert [(held.order_line_id, held.quantity, held.received) for held in came_back.lines] == [
        (after.lines[0].id, 2, 0)
    ]
    assert (after.return_state, goods(after)[0]) == ("open", ("5", "0"))
    [mail] = mails(order)
    assert mail.subject == f"Ihre Retoure R-2026-0001 zur Bestellung {order.external_reference}"
    assert "2 × Becher (MUG-1)" in mail.body
    assert "Grund: zu klein" in mail.body
    assert "Passt nicht." not in mail.body
    assert wrongs() == []


@pytest.mark.parametrize(
    ("quantities", "field", "says"),
    [
        ({"1": "6"}, "quantities.1", "No more than 5 pieces of “Becher” can come back"),
        ({"2": "1.6"}, "quantities.2", "No more than 1.5 m of “Stoff” can come back"),
        ({"1": "-1"}, "quantities.1", "The quantity can't be less than 0."),
        ({"1": "1.5"}, "quantities.1", "Only whole numbers: “Becher” can't be divided."),
        ({"7": "1"}, "quantities.7", "The order has no such line."),
        ({"1": "0", "2": ""}, "quantities", "Say of one line at least how much comes back."),
        ({}, "quantities", "Say of one line at least how much comes back."),
        ({"1": "x"}, "quantities.1", "is not a quantity"),
    ],
)
def test_ret1_what_can_t_come_back_is_refused_and_names_its_field(
    small_shop: TestShop, quantities: dict[str, str], field: str, says: str
) -> None:
    order = shipped(small_shop)
    with pytest.raises(Invalid) as no:
        do(order, "create-return", quantities=quantities)
    assert no.value.field == field
    assert says in no.value.reason.in_language("en")
    assert small_shop.load(order.id or 0).returns == []


def test_ret1_nothing_that_was_not_shipped_comes_back(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Refused, match="Nothing was shipped yet, so nothing can come back"):
        do(order, "create-return", quantities={"1": "1"})


def test_ret1_the_second_return_offers_only_what_is_left(small_shop: TestShop) -> None:
    """H5: and a return that is cancelled announces nothing any more."""
    order = shipped(small_shop)
    first = returned(order, _1="3", _2="1.5")
    with pytest.raises(Invalid, match="No more than 2 pieces"):
        returned(order, _1="3")
    returned(order, _1="2")
    with pytest.raises(Refused, match="an open return announces it"):
        returned(order, _1="1")
    do(order, "cancel-return", **{"return": first})
    returned(order, _1="3")
    assert [one.state for one in small_shop.load(order.id or 0).returns] == [
        "cancelled",
        "requested",
        "requested",
    ]


# --- received
# ---------------------------------------------------------------------------------------------------------------------


def test_ret3_what_arrives_may_differ_and_each_piece_is_asked_once_for_stock(shop: TestShop) -> None:
    """A24, H2, H4: three were announced, two arrived, one of them can be sold again."""
    order = shipped(shop)
    number = returned(order, _1="3")
    do(order, "approve-return", **{"return": number})
    done = do(
        order,
        "receive-return",
        **{"return": number},
        quantities={"1": "2", "2": "0.5"},
        condition="used",
        restock={"1": "1"},
    )

    assert "not what was announced" in done.message.in_language("en")
    after = shop.load(order.id or 0)
    [came_back] = after.returns
    assert goods(after) == [("5", "2"), ("1.5", "0.5")]
    held = [(part.quantity, part.received, part.restocked, part.condition) for part in came_back.lines]
    assert held == [(3, 2, 1, "used"), (0, Decimal("0.5"), 0, "used")]
    assert (step_of(came_back), after.return_state) == ("in progress", "open")
    assert facts(order, "PiecesRestocked") == ['{"quantities":{"1":"1"}}']

    do(order, "receive-return", **{"return": number}, restock=True)
    [came_back] = shop.load(order.id or 0).returns
    assert [(part.received, part.restocked) for part in came_back.lines] == [(3, 2), (Decimal("0.5"), 0)]
    assert step_of(came_back) == "received"
    assert facts(order, "PiecesRestocked") == ['{"quantities":{"1":"1"}}', '{"quantities":{"1":"1"}}']
    assert wrongs() == []


def test_ret3_without_restock_nothing_is_said_of_stock_and_never_more_goes_back_than_arrived(
    small_shop: TestShop,
) -> None:
    """H3: no movement is no fact."""
    order = shipped(small_shop)
    number = returned(order, _1="2")
    with pytest.raises(Invalid) as no:
        do(order, "receive-return", **{"return": number}, quantities={"1": "1"}, restock={"1": "2"})
    assert no.value.field == "restock.1"
    do(order, "receive-return", **{"return": number})
    assert facts(order, "PiecesRestocked") == []


def test_ret3_goods_of_another_return_can_t_arrive_with_this_one(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    first, second = returned(order, _1="3"), returned(order, _1="2")
    with pytest.raises(Invalid, match="No more than 3 pieces"):
        do(order, "receive-return", **{"return": first}, quantities={"1": "4"})
    do(order, "receive-return", **{"return": first})
    do(order, "receive-return", **{"return": second})
    assert goods(small_shop.load(order.id or 0))[0] == ("5", "5")


def test_ret3_what_was_rejected_goes_back_to_the_customer(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})
    do(order, "reject-return", **{"return": number}, reason="Es ist benutzt.")
    after = small_shop.load(order.id or 0)
    assert (goods(after)[0], after.return_state, after.returns[0].state) == (("5", "0"), "none", "rejected")
    assert "Es ist benutzt." in mails(order)[-1].body
    assert "nicht annehmen" in mails(order)[-1].body
    returned(order, _1="5")
    assert wrongs() == []


def test_ret3_what_was_put_into_stock_can_t_be_rejected_and_what_arrived_not_cancelled(
    small_shop: TestShop,
) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number}, restock="on")
    with pytest.raises(Refused, match="put back into stock"):
        do(order, "reject-return", **{"return": number})
    with pytest.raises(Refused, match="have arrived"):
        do(order, "cancel-return", **{"return": number})
    do(order, "complete-return", **{"return": number}, refund=False)
    assert small_shop.load(order.id or 0).return_state == "part_returned"


# --- settled
# ----------------------------------------------------------------------------------------------------------------------


def test_ret3_twenty_that_complete_at_once_complete_it_once(shop: TestShop) -> None:
    order = shipped(shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})

    def complete(_: int) -> str:
        try:
            return do(
                order, "complete-return", **{"return": number}, refund=False, mail=True
            ).message.in_language("en")
        except Refused as no:
            return no.reason.in_language("en")

    with ThreadPoolExecutor(20) as threads:
        said = list(threads.map(complete, range(20)))

    assert sum(one.startswith("Return R-2026-0001 completed without a refund.") for one in said) == 1
    assert said.count("No return of this order is open.") == 19
    assert len(facts(order, "ReturnCompleted")) == 1
    assert [mail.kind for mail in mails(order)] == ["return-registered", "return-changed"]
    assert wrongs() == []


def test_ret3_the_mail_of_a_refunded_return_says_what_comes_back_and_brings_the_credit_note(
    small_shop: TestShop,
) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})

    document = do(order, "complete-return", **{"return": number}, mail=True).made["documents"][0]

    mail = mails(order)[-1]
    refund = format_money(-small_shop.load(order.id or 0).documents[-1].total, "EUR", "de")
    assert (
        f"Die Gutschrift {document} liegt dieser E-Mail als PDF bei. Wir erstatten Ihnen {refund}."
        in mail.body
    )
    with reading() as session:
        names = session.exec(select(MailAttachment.name).where(MailAttachment.mail_id == mail.id)).all()
    assert names == [f"{document}.pdf"]


def test_ret3_nothing_completes_that_never_arrived(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    with pytest.raises(Refused, match="Nothing of return R-2026-0001 has arrived"):
        do(order, "complete-return", **{"return": number})


def test_ret3_a_walk_of_all_actions_keeps_the_order_whole(small_shop: TestShop) -> None:
    """Every action in every order on two returns: only Refused and Invalid come out, and all stays derived."""
    order = shipped(small_shop)
    numbers = [returned(order, _1="2"), returned(order, _1="2", _2="1")]
    keys = ("approve-return", "receive-return", "complete-return", "reject-return", "cancel-return")
    for turn, (key, number) in enumerate(itertools.product(keys * 2, numbers)):
        more: dict[str, Any] = {
            "receive-return": {"quantities": {"1": "1"}},
            "complete-return": {"refund": turn % 2},
        }.get(key, {})
        before = small_shop.load(order.id or 0)
        reason = ACTIONS[key].why_not(before)
        try:
            do(order, key, **{"return": number}, mail=False, **more)
            assert reason is None
        except (Refused, Invalid) as no:
            assert no.reason.in_language("de").endswith((".", "!"))  # noqa: PT017  # the sentence is what is tested
            assert small_shop.load(order.id or 0).version == before.version
    assert wrongs() == []


STEPS = st.sampled_from(["requested", "approved", "received", "rejected"])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), STEPS), max_size=5))
@settings(max_examples=200, deadline=None)
def test_ret1_what_is_left_to_return_is_never_below_0_nor_above_what_is_with_the_customer(
    parts: list[tuple[int, int, str]],
) -> None:
    returns = [
        a_return(state, announced, received if state == "received" else 0)
        for announced, received, state in parts
    ]
    back = sum(int(one.lines[0].received) for one in returns if one.state == "received")
    order = an_order(a_line(max(back, 7), back), *returns)
    line = order.lines[0]
    left = left_to_return(order, line)
    waited = sum(missing(one.lines[0]) for one in returns if one.state != "rejected")
    assert 0 <= left <= line.shipped - line.returned
    assert left == max(line.shipped - line.returned - waited, 0)


def test_t7_the_history_tells_each_step_in_sentences(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "approve-return", **{"return": number})
    do(order, "receive-return", **{"return": number}, quantities={"1": "1"}, restock=True)
    do(order, "complete-return", **{"return": number}, refund="off")
    with Session(db.engine()) as session:
        told = [
            one.sentence for one in history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
        ]
    for sentence in (
        "Ben Beier created return R-2026-0001 of 2 pieces.",
        "Ben Beier approved return R-2026-0001.",
        "Ben Beier received 1 piece of return R-2026-0001, which is not what was announced.",
        "Ben Beier completed return R-2026-0001 without a refund.",
    ):
        assert sentence in told


# --- credited
# ---------------------------------------------------------------------------------------------------------------------


def documents(order: Order) -> list[tuple[str, str, int]]:
    return [(d.number, d.kind, d.total) for d in order.documents]


def test_ret3_a_refund_issues_the_credit_note_over_what_was_received_and_locks_the_return(
    shop: TestShop,
) -> None:
    """A24: three announced, two arrived, two refunded."""
    order = shipped(shop)
    number = returned(order, _1="3")
    do(order, "receive-return", **{"return": number}, quantities={"1": "2"}, restock={"1": "1"})
    done = do(order, "complete-return", **{"return": number})

    assert done.message.in_language("en").startswith(
        "Return R-2026-0001 completed. Credit note GS-2026-0001 issued."
    )
    assert (done.made["documents"], done.made["returns"]) == (("GS-2026-0001",), ("R-2026-0001",))
    after = shop.load(order.id or 0)
    [came_back] = after.returns
    assert documents(after)[-1] == ("GS-2026-0001", "credit note", -2000)
    assert (came_back.state, came_back.is_locked, came_back.document_id) == (
        "completed",
        True,
        after.documents[-1].id,
    )
    assert [(f"{line.returned:f}", f"{line.credited:f}") for line in after.lines] == [("2", "2"), ("0", "0")]
    assert facts(order, "PiecesRestocked") == ['{"quantities":{"1":"1"}}']
    assert (after.return_state, after.payment_state) == ("part_returned", "overpaid")
    for key in ("receive-return", "complete-return", "reject-return", "cancel-return", "approve-return"):
        with pytest.raises(Refused):
            do(order, key, **{"return": number})
    assert wrongs() == []


def test_t5_a_return_says_what_was_credited_and_what_of_it_the_customer_has_still_to_get(
    shop: TestShop,
) -> None:
    order = shipped(shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})
    do(order, "complete-return", **{"return": number})

    def shown() -> tuple[str, str]:
        with db.reading() as session:
            [one] = order_window(session, order.number, BEN, "en").blocks["returns"].returns
        return one.credited, one.to_refund

    assert shown() == ("€20.00", "€20.00")
    do(order, "refund", amount="20.00")
    assert shown() == ("€20.00", "")


@pytest.mark.parametrize(
    ("action", "proposed"),
    [("", True), ("Refund", True), ("Umtausch", False), ("exchange", False), ("Store credit", True)],
)
def test_ret3_who_gets_goods_instead_is_proposed_no_refund(
    small_shop: TestShop, action: str, proposed: bool
) -> None:
    add_usual(OWNER, ACTION)
    order = shipped(small_shop)
    made = do(order, "create-return", quantities={"1": "2"}, action=action).made["returns"]
    do(order, "receive-return", **{"return": made[0]})
    with db.reading() as session:
        window = order_window(session, order.number, BEN, "de", dialog="complete-return", which=made[0])
    assert window.dialog is not None
    assert (window.dialog.proposed, window.dialog.refund) == (proposed, "20,00\u00a0€")


def test_ret3_who_settles_a_return_reads_how_it_was_found_and_what_is_in_stock_again(
    small_shop: TestShop,
) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="3")

    def shown() -> list[tuple[str, str]]:
        with db.reading() as session:
            window = order_window(session, order.number, BEN, "en", dialog="complete-return", which=number)
        [one] = window.blocks["returns"].returns
        assert window.dialog is not None
        return [(view.condition, view.restocked) for view in (one, window.dialog)]

    assert shown() == [("", "")] * 2
    do(order, "receive-return", **{"return": number}, quantities={"1": "2"}, condition="damaged")
    assert shown() == [("Damaged", "nothing")] * 2
    do(order, "receive-return", **{"return": number}, quantities={"2": "1.5"}, restock={"2": "1"})
    assert shown() == [("Damaged", "1 m\u00a0Stoff")] * 2


def test_ret3_twenty_that_refund_at_once_credit_once(shop: TestShop) -> None:
    order = shipped(shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})

    def complete(_: int) -> bool:
        try:
            return do(order, "complete-return", **{"return": number}).changed
        except Refused:
            return False

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(complete, range(20))) == 1
    after = shop.load(order.id or 0)
    assert [kind for _number, kind, _total in documents(after)] == ["invoice", "credit note"]
    assert len(after.returns) == 1
    assert wrongs() == []


def test_inv6_what_is_kept_back_lessens_the_credit_and_needs_its_reason(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})
    for wrong, field in (
        ({"fee": "3"}, "fee_reason"),
        ({"fee": "-1", "fee_reason": "x"}, "fee"),
        ({"fee": "20", "fee_reason": "x"}, "fee"),
    ):
        with pytest.raises(Invalid) as no:
            do(order, "complete-return", **{"return": number}, **wrong)
        assert no.value.field == field
    do(order, "complete-return", **{"return": number}, fee="3,50", fee_reason="Rücksendekosten")
    assert documents(small_shop.load(order.id or 0))[-1][2] == -1650


def test_h5_of_the_shipping_cost_only_what_is_left_goes_back(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    first, second = returned(order, _1="2"), returned(order, _1="3")
    for number in (first, second):
        do(order, "receive-return", **{"return": number})
    with pytest.raises(Invalid) as no:
        do(order, "complete-return", **{"return": first}, shipping="4.91")
    assert no.value.field == "shipping"
    do(order, "complete-return", **{"return": first}, shipping="4.90")
    assert documents(small_shop.load(order.id or 0))[-1][2] == -2490
    with pytest.raises(Invalid):
        do(order, "complete-return", **{"return": second}, shipping="0.01")
    do(order, "complete-return", **{"return": second})
    assert documents(small_shop.load(order.id or 0))[-1][2] == -3000


def test_s21_a_credit_note_for_shipped_pieces_makes_a_locked_return(shop: TestShop) -> None:
    order = shipped(shop)
    done = do(
        order,
        "credit-note",
        invoice=order.documents[0].number,
        quantities={"1": "2"},
        restock=True,
        reason="Kulanz",
    )
    assert done.made["returns"] == ("R-2026-0001",)
    after = shop.load(order.id or 0)
    [came_back] = after.returns
    assert (came_back.state, came_back.is_locked, came_back.reason) == ("completed", True, "Kulanz")
    assert [(held.received, held.restocked) for held in came_back.lines] == [(2, 2)]
    assert goods(after)[0] == ("5", "2")
    assert facts(order, "PiecesRestocked") == ['{"quantities":{"1":"2"}}']
    assert wrongs() == []


def test_h1_pieces_that_came_back_are_credited_without_a_second_return(small_shop: TestShop) -> None:
    """And a return of which all was credited by hand is completed without a refund."""
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})
    do(order, "credit-note", invoice=order.documents[0].number, quantities={"1": "5"})
    after = small_shop.load(order.id or 0)
    assert [(one.number, one.state) for one in after.returns] == [
        ("R-2026-0001", "received"),
        ("R-2026-0002", "completed"),
    ]
    assert [held.received for held in after.returns[1].lines] == [3]
    with pytest.raises(Refused, match="No invoice holds all that was received"):
        do(order, "complete-return", **{"return": number})
    do(order, "complete-return", **{"return": number}, refund=False)
    assert small_shop.load(order.id or 0).return_state == "part_returned"
    assert wrongs() == []


def test_ret3_without_an_invoice_nothing_is_refunded(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))
    order = shipped(small_shop)
    number = returned(order, _1="2")
    do(order, "receive-return", **{"return": number})
    with pytest.raises(Refused, match="has no invoice that could be credited"):
        do(order, "complete-return", **{"return": number})
    do(order, "complete-return", **{"return": number}, refund=False)
    assert small_shop.load(order.id or 0).returns[0].is_locked is False
