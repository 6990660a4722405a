"""Quantities that change after the invoice: documents of the difference alone, and all of them in all what the order
comes to (W-17).
"""

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from pdf_pages import text_of
from saying_yes import say_yes
from sqlmodel import Session
from wholeness import wrongs

from backoffice_app import db, printing
from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing.credit import newest_snapshots
from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.domain.order.states import amount_owed, surplus
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.part import InvalidOrder
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.orders.sums import total_of
from backoffice_app.domain.window import order_window
from backoffice_app.models import Order

Sums = dict[Decimal, tuple[int, int, int]]


def to(*quantities: str, **more: Any) -> dict[str, Any]:
    """The input that gives the lines these quantities, "" for one that stays."""
    return {
        "lines": [{"rank": rank, "quantity": quantity} for rank, quantity in enumerate(quantities, 1)],
        **more,
    }


def placed(lines: list[dict[str, Any]], **changes: Any) -> Order:
    """An order of these lines, invoiced at once."""
    data: dict[str, Any] = {
        "external_reference": "Q", "source": "any", "placed_at": "2026-11-20T10:00:00+01:00",
        "language": "de", "currency": "EUR",
        "prices": "gross", "customer": {"last_name": "Kovač"}, "lines": lines, "total": "0.00",
        "billing_address": {"name": "Ada", "street": "Ring 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
        "shipping": {"method": "dhl", "name": "DHL", "price": "4.90", "vat_rate": "19"},
        "payment": {"method": "invoice", "name": "Rechnung", "state": "open"},
    }  # fmt: skip
    data |= changes
    data["total"] = money.as_text(total_of(NewOrder.model_validate(data)), "EUR")
    with work(OWNER) as w:
        order = place_order(w, parse_order(data))
    return TestShop().load(order.id or 0)


def edited(shop: TestShop, order: Order, *quantities: str, **more: Any) -> Order:
    say_yes(OWNER, "edit-lines", order.id or 0, to(*quantities, **more))
    return shop.load(order.id or 0)


def documents(order: Order) -> list[tuple[str, int, int]]:
    return [(document.kind, document.total, document.open_amount) for document in order.documents]


def snapshots(order: Order) -> list[DocumentSnapshot]:
    with Session(db.engine()) as session:
        return newest_snapshots(session, order.documents)


def said_in_all(order: Order) -> Sums:
    """Net, VAT and gross of each rate by all documents of the order together."""
    sums: Sums = {}
    for snapshot in snapshots(order):
        sign = 1 if snapshot.kind == "invoice" else -1
        for rate in snapshot.rates:
            before = sums.get(rate.rate, (0, 0, 0))
            figures = zip(before, (rate.net, rate.tax, rate.gross), strict=True)
            sums[rate.rate] = tuple(old + sign * new for old, new in figures)  # type: ignore[assignment]
    return {rate: figures for rate, figures in sums.items() if any(figures)}


def comes_to(order: Order) -> Sums:
    """What the window says of the order, by rate."""
    return {
        rate.rate: (rate.net, rate.tax, rate.gross)
        for rate in placed_totals_of(order).rates
        if rate.net or rate.gross
    }


def asked(order: Order, values: Mapping[str, Any]) -> str:
    """The question before it is saved."""
    with pytest.raises(Asks) as question:
        perform(BEN, "edit-lines", order.id or 0, values)
    return question.value.reason.in_language("en")


def test_w17_fewer_pieces_are_credited_by_what_the_invoice_says_after_a_question_that_names_it(
    shop: TestShop,
) -> None:
    order = shop.order(lines=2)
    [invoice] = order.documents
    question = asked(order, to("1", ""))
    assert (
        f"A credit note over €19.95 on invoice {invoice.number} is issued for what is taken out." in question
    )
    assert "The order comes to €64.75 then." in question
    assert shop.load(order.id or 0).version == order.version, (
        "nothing is done before the question is answered"
    )

    after = edited(shop, order, "1", "")

    assert documents(after) == [("invoice", 8470, 6475), ("credit note", -1995, 0)]
    assert (after.documents[1].credits_id, after.documents[1].is_difference) == (invoice.id, True)
    assert [(line.ordered, line.cancelled, line.invoiced, line.credited) for line in after.lines] == [
        (1, 0, 1, 0),
        (2, 0, 2, 0),
    ]
    assert (after.total, after.open_amount, amount_owed(after)) == (6475, 6475, 6475)
    assert {packed.order_line_id: packed.quantity for packed in after.shipments[0].lines} == {
        line.id: line.ordered for line in after.lines
    }
    assert said_in_all(after) == comes_to(after)
    assert wrongs() == []


def test_w17_more_pieces_are_invoiced_alone_and_costs_stay_on_the_first_invoice(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    assert (
        "A further invoice over €59.85 is issued for what is added. The order comes to €144.55 then."
        in asked(order, to("5", ""))
    )

    after = edited(small_shop, order, "5", "")

    assert documents(after) == [("invoice", 8470, 8470), ("invoice", 5985, 5985)]
    first, second = snapshots(after)
    assert [(line.rank, line.quantity, line.gross) for line in second.lines] == [(1, 3, 5985)]
    assert (second.adjustments, second.refers_to and second.refers_to.number, second.is_addition) == (
        (),
        first.number,
        True,
    )
    assert [(line.ordered, line.invoiced) for line in after.lines] == [(5, 5), (2, 2)]
    assert (after.total, after.open_amount) == (14455, 14455)
    assert said_in_all(after) == comes_to(after)
    drawn = text_of(printing.find_document(after.documents[1].public_id).draw())
    assert f"Zu Rechnung {first.number}" in " ".join(drawn.split())
    assert "Ersetzt" not in drawn
    assert wrongs() == []


def test_w17_fewer_of_one_and_more_of_another_line_make_both_documents_in_one_transaction(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2, paid=True)
    question = asked(order, to("1", "4"))
    assert question.index("A credit note over €19.95") < question.index("A further invoice over €39.90")

    after = edited(small_shop, order, "1", "4")

    assert documents(after) == [("invoice", 8470, 0), ("credit note", -1995, 0), ("invoice", 3990, 1995)]
    assert (after.total, after.payment_state, after.open_amount) == (10465, "part_paid", 1995)
    assert said_in_all(after) == comes_to(after)
    [_first, _credit, second] = snapshots(after)
    assert (second.paid, second.open_amount) == (1995, 1995), (
        "what the credit note gives back pays the new invoice"
    )
    assert wrongs() == []


def test_w17_of_a_paid_order_fewer_pieces_are_to_refund_and_more_are_open(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2, paid=True)
    assert "€19.95 are paid too much then." in asked(order, to("1", ""))
    after = edited(small_shop, order, "1", "")
    assert (documents(after), surplus(after), after.payment_state) == (
        [("invoice", 8470, 0), ("credit note", -1995, 1995)],
        1995,
        "overpaid",
    )

    after = edited(small_shop, order, "4", "")

    assert documents(after) == [("invoice", 8470, 0), ("credit note", -1995, 0), ("invoice", 5985, 3990)]
    assert (after.open_amount, surplus(after), after.payment_state) == (3990, 0, "part_paid")
    say_yes(OWNER, "pay", order.id or 0, {"amount": "39.90"})
    after = small_shop.load(order.id or 0)
    assert ([open_ for _kind, _total, open_ in documents(after)], after.payment_state) == ([0, 0, 0], "paid")
    assert wrongs() == []


def test_w17_what_was_refunded_after_pieces_were_taken_out_is_owed_again_when_they_are_added(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2, paid=True)
    edited(small_shop, order, "1", "")
    say_yes(OWNER, "refund", order.id or 0, {"amount": "19.95"})
    assert small_shop.load(order.id or 0).open_amount == 0

    after = edited(small_shop, order, "3", "")

    assert documents(after) == [("invoice", 8470, 0), ("credit note", -1995, 0), ("invoice", 3990, 3990)]
    assert (after.open_amount, surplus(after), snapshots(after)[-1].paid) == (3990, 0, 0)
    say_yes(OWNER, "pay", order.id or 0, {"amount": "50.00"})
    say_yes(OWNER, "refund", order.id or 0, {"amount": "10.10"})
    after = edited(small_shop, order, "4", "")
    assert (documents(after)[-1], after.open_amount) == (("invoice", 1995, 1995), 1995), (
        "nor does what was paid too much and went back"
    )
    assert wrongs() == []


def test_w17_what_was_added_last_is_credited_first(small_shop: TestShop) -> None:
    order = small_shop.order(lines=1)
    edited(small_shop, order, "5")
    after = edited(small_shop, order, "1")
    first, second, *_rest = after.documents
    assert [(d.credits_id, d.total) for d in after.documents[2:]] == [(second.id, -5985), (first.id, -1995)]
    assert (after.total, after.lines[0].invoiced, said_in_all(after)) == (2485, 1, comes_to(after))
    assert not say_yes(OWNER, "edit-lines", order.id or 0, to("1")).changed
    after = edited(small_shop, order, "2")
    assert (after.documents[-1].total, said_in_all(after)) == (1995, comes_to(after))
    assert wrongs() == []


def test_w17_cancelling_the_order_reverses_every_invoice_by_what_is_left_of_it(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2, paid=True)
    edited(small_shop, order, "1", "4")
    say_yes(OWNER, "cancel", order.id or 0)
    after = small_shop.load(order.id or 0)
    first, _credit, second = after.documents[:3]
    assert [(d.kind, d.credits_id, d.total) for d in after.documents[3:]] == [
        ("cancellation", first.id, -6475),
        ("cancellation", second.id, -3990),
    ]
    assert (said_in_all(after), after.open_amount, surplus(after)) == ({}, 0, 8470)
    assert wrongs() == []


def test_w17_crediting_all_ends_at_zero_and_the_lines_stay_then(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    after = edited(small_shop, order, "1", "4")
    for invoice in (after.documents[0], after.documents[2]):
        left = money.as_text(
            invoice.total + sum(d.total for d in after.documents if d.credits_id == invoice.id), "EUR"
        )
        perform(OWNER, "credit-note", order.id or 0, {"invoice": invoice.number, "amount": left})
    after = small_shop.load(order.id or 0)
    assert (said_in_all(after), amount_owed(after)) == ({}, 0)
    with pytest.raises(Refused, match=r"Credit note GS-\d+-0002 was issued: a new invoice would ask again"):
        edited(small_shop, order, "2", "4")
    assert wrongs() == []


def test_w17_other_changes_cancel_all_invoices_and_issue_one(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    after = edited(small_shop, order, "1", "4")
    numbers = f"{after.documents[0].number}, {after.documents[2].number}"
    values = {"lines": [{"rank": 1, "unit_price": "10.00"}, {"rank": 2}]}
    assert (
        f"The invoices {numbers} over €104.65 in all are cancelled, and a new invoice over €94.70 is issued."
        in asked(order, values)
    )

    say_yes(OWNER, "edit-lines", order.id or 0, values)

    after = small_shop.load(order.id or 0)
    assert [(d.kind, d.total) for d in after.documents[3:]] == [
        ("cancellation", -6475),
        ("cancellation", -3990),
        ("invoice", 9470),
    ]
    new = snapshots(after)[-1]
    assert (new.refers_to and new.refers_to.number, new.also_replaces) == (
        after.documents[0].number,
        (after.documents[2].number,),
    )
    assert (after.total, after.open_amount, [line.invoiced for line in after.lines]) == (9470, 9470, [1, 4])
    assert said_in_all(after) == comes_to(after)
    after = edited(small_shop, order, "", "3")
    assert (after.documents[-1].kind, after.documents[-1].total, said_in_all(after)) == (
        "credit note",
        -1995,
        comes_to(after),
    )
    after = edited(small_shop, order, "0", "")
    assert after.documents[-2].kind == "cancellation", "a line that is taken out is more than a quantity"
    assert wrongs() == []


def test_w17_invoices_that_belong_together_are_cancelled_and_corrected_together(small_shop: TestShop) -> None:
    order = small_shop.order(lines=1)
    after = edited(small_shop, order, "3")
    first, second = (document.number for document in after.documents)
    with pytest.raises(
        Asks,
        match=rf"The invoices {first}, {second} over €64.75 in all are cancelled, and a new invoice over €64.75",
    ):
        perform(OWNER, "correct-invoice", order.id or 0, {"invoice": first})
    say_yes(OWNER, "correct-invoice", order.id or 0, {"invoice": second})
    after = edited(small_shop, order, "4")
    with pytest.raises(
        Asks, match=r"belong together: cancellation documents over €84.70 in all are issued for them"
    ):
        perform(OWNER, "cancel-invoice", order.id or 0, {"invoice": after.documents[-1].number})
    say_yes(OWNER, "cancel-invoice", order.id or 0, {"invoice": after.documents[-1].number})
    after = small_shop.load(order.id or 0)
    assert (said_in_all(after), after.lines[0].invoiced, amount_owed(after)) == ({}, 0, 8470), (
        "it can be invoiced anew"
    )
    say_yes(OWNER, "invoice", order.id or 0)
    after = small_shop.load(order.id or 0)
    assert (after.documents[-1].total, said_in_all(after)) == (8470, comes_to(after))
    assert wrongs() == []


def test_w17_pieces_that_were_added_and_taken_out_again_leave_the_first_invoice_as_it_was(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=1, paid=True)
    edited(small_shop, order, "5")
    after = edited(small_shop, order, "2")
    assert (documents(after), after.payment_state) == (
        [("invoice", 4480, 0), ("invoice", 5985, 0), ("credit note", -5985, 0)],
        "paid",
    )
    with Session(db.engine()) as session:
        shown = order_window(session, order.number, OWNER, "en").blocks["invoices"].documents
    assert [(one.state.label, one.is_invoice) for one in shown] == [
        ("Paid", True),
        ("Credited", False),
        ("Settled", False),
    ]
    say_yes(OWNER, "cancel-invoice", order.id or 0, {"invoice": after.documents[0].number})
    say_yes(OWNER, "invoice", order.id or 0)
    after = edited(small_shop, order, "3")
    assert ([d.total for d in after.documents[3:]], said_in_all(after)) == (
        [-4480, 4480, 1995],
        comes_to(after),
    )
    assert wrongs() == []


def test_w17_after_something_was_given_back_a_cancellation_takes_all_invoices_off_what_is_owed(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=1)
    after = edited(small_shop, order, "3")
    perform(OWNER, "credit-note", order.id or 0, {"invoice": after.documents[0].number, "amount": "1"})
    say_yes(OWNER, "cancel-invoice", order.id or 0, {"invoice": after.documents[1].number})
    after = small_shop.load(order.id or 0)
    assert (said_in_all(after), amount_owed(after), after.open_amount) == ({}, 0, 0)
    with pytest.raises(Refused, match="would ask again"):
        say_yes(OWNER, "invoice", order.id or 0)
    assert wrongs() == []


@pytest.mark.parametrize(
    ("discount", "changes", "quantities", "reason"),
    [
        (
            "0",
            {"discount": {"name": "Rabatt", "amount": "1.00"}},
            ("1", ""),
            "The discount of the order changes",
        ),
        ("0.01", {}, ("1", ""), "A line with a discount has fewer pieces"),
        ("0.01", {}, ("3", "0.5"), ""),
    ],
)
def test_w17_what_is_not_exact_to_the_cent_is_cancelled_and_invoiced_anew_and_says_why(
    small_shop: TestShop, discount: str, changes: dict[str, Any], quantities: tuple[str, str], reason: str
) -> None:
    order = placed([good("MUG-1", "2", discount=discount), good("MUG-2", "2", unit="m")], **changes)
    question = asked(order, to(*quantities))
    assert question.startswith(reason or "A credit note over €29.92")
    after = edited(small_shop, order, *quantities)
    assert [d.kind for d in after.documents[1:]] == (
        ["cancellation", "invoice"] if reason else ["credit note", "invoice"]
    )
    assert said_in_all(after) == comes_to(after)
    assert wrongs() == []


def good(sku: str, quantity: str, **more: str) -> dict[str, Any]:
    return {"sku": sku, "name": sku, "quantity": quantity, "unit_price": "19.95", "vat_rate": "19"} | more


def test_w17_shipping_that_follows_goods_of_several_rates_takes_the_old_way(small_shop: TestShop) -> None:
    order = placed(
        [good("MUG-1", "2"), good("BOOK", "2", vat_rate="7")],
        shipping={"method": "dhl", "name": "DHL", "price": "4.90"},
    )
    assert asked(order, to("1", "")).startswith("The difference alone would not come out to the cent.")
    after = edited(small_shop, order, "1", "")
    assert ([d.kind for d in after.documents[1:]], said_in_all(after)) == (
        ["cancellation", "invoice"],
        comes_to(after),
    )


def test_w17_pieces_for_another_billing_address_are_not_invoiced_beside_the_old_one(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=1)
    say_yes(OWNER, "edit-address", order.id or 0, {"kind": "billing", "city": "Bremen"})
    assert asked(order, to("3")).startswith("The billing address was changed after the invoice")
    assert asked(order, to("1")).startswith("A credit note over €19.95")
    after = edited(small_shop, order, "3")
    assert [snapshot.buyer.city for snapshot in snapshots(after)] == ["Berlin", "Berlin", "Bremen"]


def test_w17_pieces_that_cost_nothing_and_the_rights(small_shop: TestShop) -> None:
    order = placed([good("MUG-1", "2"), good("GIFT", "2", unit_price="0")])
    assert asked(order, to("", "1")).startswith("What is taken out cost nothing")
    after = edited(small_shop, order, "1", "1")
    assert ([d.kind for d in after.documents[1:]], [line.invoiced for line in after.lines]) == (
        ["credit note"],
        [1, 1],
    )
    clerk = Actor(ActorKind.USER, "Clara Clerk", frozenset(Right) - {Right.INVOICE}, id=9)
    with pytest.raises(Refused, match="right"):
        perform(clerk, "edit-lines", order.id or 0, to("2", ""))
    assert wrongs() == []


def test_w17_cancelling_the_rest_and_a_return_credit_each_invoice_its_pieces(small_shop: TestShop) -> None:
    order = small_shop.order(lines=1, paid=True)
    after = edited(small_shop, order, "5")
    first, second = after.documents
    say_yes(
        OWNER,
        "part-shipment",
        order.id or 0,
        {"shipment": after.shipments[0].number, "quantities": {"1": "4"}, "shipped": True},
    )
    say_yes(OWNER, "cancel-rest", order.id or 0)
    say_yes(OWNER, "create-return", order.id or 0, {"quantities": {"1": "4"}})
    [came_back] = small_shop.load(order.id or 0).returns
    say_yes(OWNER, "receive-return", order.id or 0, {"return": came_back.number})
    values = {"return": came_back.number, "shipping": "4.90", "fee": "2.00", "fee_reason": "Porto"}

    say_yes(OWNER, "complete-return", order.id or 0, values)

    after = small_shop.load(order.id or 0)
    assert [(d.credits_id, d.total) for d in after.documents[2:]] == [
        (first.id, -1995),
        (first.id, -2485),
        (second.id, -5785),
    ]
    assert (amount_owed(after), after.lines[0].credited, after.returns[0].document_id) == (
        200,
        5,
        after.documents[-1].id,
    )
    with Session(db.engine()) as session:
        [shown] = order_window(session, order.number, OWNER, "en").blocks["returns"].returns
    assert (shown.credited, shown.document) == (
        "€82.70",
        f"{after.documents[3].number}, {after.documents[4].number}",
    )
    assert wrongs() == []


def test_w17_an_order_invoiced_by_two_documents_ships_prints_and_asks_for_both(small_shop: TestShop) -> None:
    order = small_shop.order(lines=1)
    edited(small_shop, order, "3")
    say_yes(OWNER, "pay", order.id or 0, {"amount": "44.80"})
    after = small_shop.load(order.id or 0)
    assert (documents(after), after.due_on) == (
        [("invoice", 4480, 0), ("invoice", 1995, 1995)],
        after.documents[1].due_on,
    )
    with Session(db.engine()) as session:
        shown = order_window(session, order.number, OWNER, "en").blocks["invoices"].documents
    assert [(one.state.label, one.is_invoice) for one in shown] == [("Paid", True), ("Open", True)]
    say_yes(OWNER, "ship", order.id or 0)
    assert printing.find_invoices(OWNER, order.number, "de").draw().startswith(b"%PDF")
    with pytest.raises(Refused, match="Something has been shipped"):
        edited(small_shop, order, "1")
    assert wrongs() == []


def test_w17_the_documents_of_random_orders_are_in_all_what_the_order_comes_to_and_what_was_asked(
    small_shop: TestShop,
) -> None:
    walk(1, 25)


def walk(seed: int, count: int) -> dict[str, int]:
    """Random orders whose quantities change some times after the invoice, then some end; returns how often which
    documents were made.
    """
    chance = random.Random(seed)  # test data
    made: dict[str, int] = {}
    for number in range(count):
        try:
            id_ = any_order(chance, number).id or 0
        except InvalidOrder:
            continue
        for _step in range(chance.randint(1, 5)):
            order = TestShop().load(id_)
            values = to(*(chance.choice(["", "", "1", "2", "3", "7", "12", "0.5"]) for _line in order.lines))
            key = change(order, values)
            made[key] = made.get(key, 0) + 1
            after = TestShop().load(id_)
            assert said_in_all(after) == comes_to(after), f"seed {seed}, order {number}: {values}"
            assert (
                amount_owed(after) == after.total == sum(figures[2] for figures in comes_to(after).values())
            )
        end(chance, id_)
    assert wrongs() == []
    return made


def change(order: Order, values: dict[str, Any]) -> str:
    """Changes the quantities as asked; what was asked names each amount that is issued.

    Returns the kinds of documents.
    """
    answers: list[str] = []
    told = ""
    try:
        perform(OWNER, "edit-lines", order.id or 0, values)
    except Asks as question:
        answers, told = [question.answer], question.reason.in_language("en")
    except Invalid:
        return "refused"
    if not answers:
        return "nothing"
    perform(OWNER, "edit-lines", order.id or 0, values, answers=answers)
    after = TestShop().load(order.id or 0)
    new = after.documents[len(order.documents) :]
    kinds = "+".join(document.kind for document in new)
    if "cancellation" not in kinds:
        numbers = {document.id: document.number for document in after.documents}
        for document in new:
            amount = f"€{abs(document.total) / 100:,.2f}"
            of = (
                f" on invoice {numbers[document.credits_id]} "
                if document.credits_id
                else " is issued for what is added"
            )
            assert f"over {amount}{of}" in told
    return kinds


def end(chance: random.Random, id_: int) -> None:
    """The order is cancelled, credited by and by, or stays; what was reversed comes to nothing in all."""
    order = TestShop().load(id_)
    ends = chance.choice(["cancel", "credit", "stay"])
    if ends == "cancel":
        say_yes(OWNER, "cancel", id_)
        assert said_in_all(TestShop().load(id_)) == {}
    elif ends == "credit" and order.documents:
        for invoice in [d for d in order.documents if d.kind == "invoice"]:
            for _part in range(3):
                whole = TestShop().load(id_)
                if left := invoice.total + sum(
                    d.total for d in whole.documents if d.credits_id == invoice.id
                ):
                    part = left if _part == 2 else chance.randint(1, left)
                    perform(
                        OWNER,
                        "credit-note",
                        id_,
                        {"invoice": invoice.number, "amount": money.as_text(part, "EUR")},
                    )
        assert said_in_all(TestShop().load(id_)) == {}


def any_order(chance: random.Random, number: int) -> Order:
    """An order that is invoiced at once: prices with and without VAT, several rates, discounts now and then, costs."""
    goods = []
    for place in range(chance.randint(1, 4)):
        price = chance.choice(["0.01", "0.99", "7.90", "19.95", "13.37", "0.0375", "333.33", "0.00"])
        quantity = chance.choice(["1", "2", "3", "5", "11", "2.5"])
        discount = "0.01" if chance.random() < 0.1 and Decimal(price) >= 1 else "0.00"
        rate = chance.choice(["19", "19", "7", "5.5"])
        goods.append({"sku": f"S-{place}", "name": "Ware", "quantity": quantity, "unit": "m" if "." in quantity else "",
                      "unit_price": price, "discount": discount, "vat_rate": rate})  # fmt: skip
    shipping = {"method": "dhl", "name": "DHL", "price": chance.choice(["0.00", "4.90"])}
    if chance.random() < 0.8:
        shipping["vat_rate"] = "19"
    state, prices = chance.choice(["open", "paid"]), chance.choice(["gross", "gross", "net"])
    payment = {"method": "invoice", "name": "Rechnung", "state": state}
    return placed(goods, external_reference=f"Q-{number}", prices=prices, shipping=shipping, payment=payment)
