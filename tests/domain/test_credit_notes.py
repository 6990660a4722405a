"""Credit notes, cancellations and corrected invoices: issued once, never more than is left, the order follows (INV-6,
W-4, W-17, ST-2).
"""

from decimal import Decimal

import pytest
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import verify_documents
from backoffice_app.domain.invoicing.credit import CreditNoteIssued, cancel_invoices, issue_credit
from backoffice_app.domain.invoicing.credit_actions import preview_credit
from backoffice_app.domain.invoicing.credits import CreditAsked
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import surplus
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.models import Document, DocumentVersion, History, Order, OutboxMail


def says(number: str) -> DocumentSnapshot:
    """What the newest version of a document says."""
    with Session(db.engine()) as session:
        versions = session.exec(
            select(DocumentVersion)
            .join(Document)
            .where(Document.number == number)
            .order_by(col(DocumentVersion.id))
        ).all()
    return DocumentSnapshot.model_validate_json(max(versions, key=lambda v: v.version).snapshot)


def credit(order: Order, **asked: object) -> Order:
    perform(BEN, "credit-note", order.id or 0, {"invoice": order.documents[0].number} | asked)
    with Session(db.engine(), expire_on_commit=False):
        return TestShop().load(order.id or 0)


def facts(kind: str) -> list[History]:
    with Session(db.engine(), expire_on_commit=False) as session:
        return list(
            session.exec(select(History).where(History.kind == kind).order_by(col(History.sequence))).all()
        )


def paid_and_shipped(shop: TestShop, **wishes: object) -> Order:
    order = shop.order(paid=True, **wishes)
    perform(BEN, "ship", order.id or 0)
    return shop.load(order.id or 0)


def test_s21_a_credit_note_is_issued_at_once_with_a_number_of_its_own(shop: TestShop) -> None:
    order = paid_and_shipped(shop, lines=2)
    done = perform(
        BEN,
        "credit-note",
        order.id or 0,
        {"invoice": "RE-2026-0001", "quantities": {"1": "1"}, "shipping": "4.90"},
    )
    assert done.message.in_language("en") == "Credit note GS-2026-0001 issued: €24.85."
    assert done.made["documents"] == ("GS-2026-0001",)
    after = shop.load(order.id or 0)
    note = after.documents[1]
    assert (note.kind, note.net, note.vat, note.total, note.open_amount) == (
        "credit note",
        -2088,
        -397,
        -2485,
        2485,
    )
    assert note.credits_id == after.documents[0].id
    snapshot = says("GS-2026-0001")
    assert snapshot.refers_to is not None
    assert (snapshot.refers_to.number, snapshot.total, snapshot.language) == ("RE-2026-0001", 2485, "de")
    assert [(line.credits_line, line.rank, line.quantity, line.gross) for line in snapshot.lines] == [
        (1, 1, 1, 1995)
    ]
    assert [(one.kind, one.name, one.gross) for one in snapshot.adjustments] == [
        ("shipping", "DHL Paket", 490)
    ]
    assert [line.credited for line in after.lines] == [1, 0]
    assert surplus(after) == 2485, "to refund"
    assert wrongs() == []
    with Session(db.engine()) as session:
        assert [found for found in verify_documents(session) if not isinstance(found, int)] == []


def test_s22_a_credit_note_for_each_part_until_all_is_credited(shop: TestShop) -> None:
    order = paid_and_shipped(shop, lines=2)
    for quantities in ({"1": "1"}, {"1": "1"}, {"2": "2"}):
        order = credit(order, quantities=quantities)
    order = credit(order, shipping="4.90")
    assert [d.number for d in order.documents] == ["RE-2026-0001", *(f"GS-2026-000{n}" for n in range(1, 5))]
    assert (
        sum(d.total for d in order.documents)
        == sum(d.net for d in order.documents)
        == sum(d.vat for d in order.documents)
        == 0
    )
    assert [line.credited for line in order.lines] == [2, 2]
    with pytest.raises(Refused, match=r"Invoice RE-2026-0001 is credited in full\."):
        credit(order, amount="0.01")
    assert wrongs() == []


def test_inv6_a_fee_that_is_kept_back_has_its_reason(small_shop: TestShop) -> None:
    order = paid_and_shipped(small_shop)
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "1"}, fee="1.00", fee_reason=" ", amount="-1")
    assert {one.field for one in (no.value, *no.value.others)} == {"fee_reason", "amount"}
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "1"}, fee="1.00")
    assert no.value.reason.in_language("en") == "Say why an amount is kept back."
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "1"}, fee_reason="Porto")
    assert no.value.field == "fee"


def test_inv6_more_than_is_left_is_refused_naming_each_field(small_shop: TestShop) -> None:
    order = credit(paid_and_shipped(small_shop), quantities={"1": "1"})
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "2"}, shipping="5.00", fee="x", amount="-1")
    assert {one.field for one in (no.value, *no.value.others)} == {"fee", "amount"}
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "2"}, shipping="5.00")
    assert {one.field for one in (no.value, *no.value.others)} == {"quantities.1", "shipping"}
    for field, value in (
        ("invoice", "RE-1"),
        ("quantities", {"9": "1"}),
        ("quantities", {"1": "0.5"}),
        ("quantities", {"x": "1"}),
    ):
        with pytest.raises(Invalid) as no:
            credit(order, **{field: value})
        assert no.value.field.startswith(field)
    with pytest.raises(Refused, match="Say what is credited"):
        credit(order)
    with pytest.raises(Refused, match="You do not have the right"):
        perform(READER, "credit-note", order.id or 0, {"invoice": "RE-2026-0001", "amount": "1.00"})
    assert len(small_shop.load(order.id or 0).documents) == 2


def test_st2_pieces_credited_before_they_shipped_are_cancelled_so_nothing_waits_for_them(
    shop: TestShop,
) -> None:
    order = credit(shop.order(lines=2, paid=True), quantities={"1": "2", "2": "1"}, restock=True)
    assert [(line.credited, line.cancelled) for line in order.lines] == [(2, 2), (1, 1)]
    assert [(part.order_line_id, part.quantity) for part in order.shipments[0].lines] == [
        (order.lines[1].id, 1)
    ]
    [told] = facts("PiecesCancelled")
    assert '"quantities":{"1":"2","2":"1"}' in told.data.replace(".000000", "")
    [issued] = facts("CreditNoteIssued")
    assert '"quantities":{}' in issued.data, "nothing comes back"
    perform(BEN, "ship", order.id or 0)
    order = credit(order, quantities={"2": "1"})
    assert order.shipping_state == "shipped"
    assert [(line.credited, line.cancelled, line.shipped) for line in order.lines] == [(2, 2, 0), (2, 1, 1)]
    assert '"quantities":{"2":"1"}' in facts("CreditNoteIssued")[1].data.replace(".000000", "")
    assert wrongs() == []


def test_st2_all_credited_before_shipping_leaves_no_open_shipment_and_the_order_comes_to_an_end(
    shop: TestShop,
) -> None:
    order = credit(shop.order(), quantities={"1": "2"}, shipping="4.90")
    assert [s.state for s in order.shipments] == ["cancelled"]
    assert (order.status, order.open_amount, order.shipping_state) == ("completed", 0, "not_needed")
    assert [d.open_amount for d in order.documents] == [0, 0], (
        "what was not paid is set off, nothing is to refund"
    )
    assert wrongs() == []


def test_inv6_of_a_part_shipped_line_the_caller_says_which_pieces_it_credits(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    perform(
        BEN,
        "part-shipment",
        order.id or 0,
        {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True},
    )
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        issue_credit(
            w,
            locked,
            locked.documents[0],
            CreditAsked({1: Decimal(1)}, of_shipped={1: Decimal(1)}),
            reason="Retoure",
        )
    [line] = small_shop.load(order.id or 0).lines
    assert (line.cancelled, line.credited, line.shipped) == (0, 1, 1)
    assert says("GS-2026-0001").reason == "Retoure"
    assert wrongs() == []


def test_inv6_an_unpaid_invoice_is_owed_less_and_paying_the_rest_settles_it(shop: TestShop) -> None:
    order = credit(shop.order(), amount="10.00", reason="Kratzer")
    assert (order.open_amount, [d.open_amount for d in order.documents]) == (3480, [3480, 0])
    perform(BEN, "pay", order.id or 0)
    order = shop.load(order.id or 0)
    assert (order.payment_state, [d.open_amount for d in order.documents]) == ("paid", [0, 0])
    assert wrongs() == []


def test_pay1_a_payment_taken_back_after_a_credit_is_set_off_anew(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0)
    order = credit(shop.load(order.id or 0), amount="10.00")
    assert [d.open_amount for d in order.documents] == [0, 1000]
    perform(BEN, "not-paid", order.id or 0)
    order = shop.load(order.id or 0)
    assert (order.open_amount, [d.open_amount for d in order.documents]) == (3480, [3480, 0])
    assert wrongs() == []


def test_inv6_an_amount_without_a_line_says_how_it_is_split(small_shop: TestShop) -> None:
    goods = [
        {"sku": "A", "name": "Becher", "quantity": "1", "unit_price": "60.00", "vat_rate": "19"},
        {"sku": "B", "name": "Buch", "quantity": "1", "unit_price": "40.00", "vat_rate": "7"},
    ]
    free = {"method": "dhl", "name": "DHL", "price": "0.00", "vat_rate": "19"}
    with work(OWNER) as w:
        wish = small_shop.new_order().as_json() | {"lines": goods, "shipping": free, "total": "100.00"}
        placed = place_order(w, parse_order(wish))
    done = preview(OWNER, "credit-note", placed.id or 0, {"invoice": "RE-2026-0001", "amount": "10.00"})
    said = done.message.in_language("en")
    assert "€6.00 of it at 19 % VAT." in said
    assert "€4.00 of it at 7 % VAT." in said


def test_a5_what_the_preview_shows_is_what_is_issued_and_it_leaves_nothing_behind(shop: TestShop) -> None:
    order = paid_and_shipped(shop, lines=2)
    values = {
        "invoice": "RE-2026-0001",
        "quantities": {"1": "2"},
        "fee": "4.00",
        "fee_reason": "Rücksendung",
        "amount": "1.00",
    }
    shown = preview_credit(BEN, order.number, values)
    assert len(shop.load(order.id or 0).documents) == 1
    assert shown.to_refund == 3690
    assert shown.left == 8470 - 3690
    assert dict(shown.comes_back) == {1: 2}
    assert (
        preview(BEN, "credit-note", order.id or 0, values).message.in_language("en")
        == "Credit note GS-2026-0001 issued: €36.90."
    )
    credit(order, **{k: v for k, v in values.items() if k != "invoice"})
    issued = says("GS-2026-0001")
    assert issued.model_dump(exclude={"issued_at"}) == shown.snapshot.model_dump(exclude={"issued_at"})


def test_inv6_each_line_says_whether_what_comes_back_goes_into_stock(shop: TestShop) -> None:
    order = paid_and_shipped(shop, lines=2)
    values = {"quantities": {"1": "1", "2": "2"}, "restock": {"1": "on", "2": "off"}}
    shown = preview_credit(BEN, order.number, {"invoice": "RE-2026-0001", **values})
    assert (dict(shown.comes_back), dict(shown.restocked)) == ({1: 1, 2: 2}, {1: 1})

    order = credit(order, **values)

    [came_back] = order.returns
    assert (came_back.number, came_back.is_locked) == (shown.returned, True)
    assert [(part.received, part.restocked) for part in came_back.lines] == [(1, 1), (2, 0)]
    assert [told.data.replace(".000000", "") for told in facts("PiecesRestocked")] == [
        '{"quantities":{"1":"1"}}'
    ]
    [issued] = facts("CreditNoteIssued")
    assert '"restock":false,"restocked":{"1":"1"}' in issued.data.replace(".000000", "")
    assert wrongs() == []


@pytest.mark.parametrize(
    ("restock", "restocked"), [(True, [1, 2]), ("on", [1, 2]), (False, [0, 0]), ({}, [0, 0])]
)
def test_inv6_one_answer_for_all_lines_is_taken_too(
    small_shop: TestShop, restock: object, restocked: list[int]
) -> None:
    order = credit(paid_and_shipped(small_shop, lines=2), quantities={"1": "1", "2": "2"}, restock=restock)
    assert [part.restocked for part in order.returns[0].lines] == restocked
    [issued] = facts("CreditNoteIssued")
    assert f'"restock":{str(any(restocked)).lower()},' in issued.data


def test_t7_a_credit_note_of_before_stock_was_said_by_line_still_reads() -> None:
    stored = {
        "number": "GS-1",
        "invoice": "RE-1",
        "total": 1,
        "currency": "EUR",
        "quantities": {"1": "1"},
        "restock": True,
        "reason": "Bruch",
    }
    said = sentence_of("CreditNoteIssued", stored).format(actor="Ben Beier")
    assert said.in_language("en") == "Ben Beier issued credit note GS-1 on invoice RE-1: Bruch"


def test_inv6_stock_of_what_the_invoice_does_not_have_is_refused_and_what_is_not_credited_stays(
    small_shop: TestShop,
) -> None:
    order = paid_and_shipped(small_shop, lines=2)
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "1"}, restock={"9": "on"})
    assert no.value.field == "restock.9"
    with pytest.raises(Invalid) as no:
        credit(order, quantities={"1": "1"}, restock={"1": "perhaps"})
    assert no.value.field.startswith("restock")
    order = credit(order, quantities={"1": "1"}, restock={"1": "off", "2": "on"})
    assert [(part.received, part.restocked) for part in order.returns[0].lines] == [(1, 0)]


def test_w17_a_cancellation_takes_back_all_that_is_left_and_the_order_can_be_invoiced_anew(
    shop: TestShop,
) -> None:
    order = paid_and_shipped(shop)
    with pytest.raises(
        Refused, match=r"A cancellation document over €44\.80 is issued for invoice RE-2026-0001"
    ):
        perform(BEN, "cancel-invoice", order.id or 0, {"invoice": "RE-2026-0001"})
    answers = ["cancel-RE-2026-0001-4480"]
    done = perform(BEN, "cancel-invoice", order.id or 0, {"invoice": "RE-2026-0001"}, answers=answers)
    assert done.message.in_language("en") == "Invoice RE-2026-0001 is cancelled by ST-2026-0001."
    after = shop.load(order.id or 0)
    assert [(d.kind, d.total, d.open_amount) for d in after.documents] == [
        ("invoice", 4480, 0),
        ("cancellation", -4480, 4480),
    ]
    assert ([line.invoiced for line in after.lines], after.payment_state) == ([0], "paid")
    assert says("ST-2026-0001").rates == says("RE-2026-0001").rates
    with pytest.raises(Refused, match=r"Invoice RE-2026-0001 was cancelled already, by ST-2026-0001\."):
        perform(BEN, "cancel-invoice", order.id or 0, {"invoice": "RE-2026-0001"}, answers=answers)
    perform(BEN, "invoice", order.id or 0)
    after = shop.load(order.id or 0)
    assert [d.open_amount for d in after.documents] == [0, 0, 0], (
        "what was paid on the first invoice pays the new one"
    )
    assert wrongs() == []


def test_inv6_after_part_credits_a_cancellation_takes_exactly_the_rest(shop: TestShop) -> None:
    order = credit(paid_and_shipped(shop, lines=2), quantities={"1": "1"}, fee="1.00", fee_reason="Porto")
    order = credit(order, reduction="3.33")
    with work(OWNER) as w:
        [made] = cancel_invoices(w, w.lock(ORDER, order.id or 0), "Irrtum")
        assert made.number == "ST-2026-0001"
    after = shop.load(order.id or 0)
    assert sum(d.total for d in after.documents) == sum(d.net for d in after.documents) == 0
    assert [line.credited for line in after.lines] == [2, 2]
    assert surplus(after) == 8470
    with pytest.raises(
        Refused,
        match=r"Credit note GS-2026-0001 was issued: a new invoice would ask again for what it gave back\.",
    ):
        perform(BEN, "invoice", order.id or 0)
    with work(OWNER) as w:
        assert cancel_invoices(w, w.lock(ORDER, order.id or 0)) == []
    assert wrongs() == []


def test_w17_a_corrected_invoice_is_a_cancellation_and_a_new_invoice_in_one_transaction(
    shop: TestShop,
) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0, {"amount": "20.00"})
    perform(
        BEN,
        "edit-address",
        order.id or 0,
        {"kind": "billing", "name": "Ada Neu", "street": "Weg 1", "city": "Berlin", "country": "DE"},
    )
    answers = ["correct-RE-2026-0001-4480-4480"]
    done = perform(BEN, "correct-invoice", order.id or 0, {"invoice": "RE-2026-0001"}, answers=answers)
    assert (
        done.message.in_language("en")
        == "Invoice RE-2026-0001 is cancelled by ST-2026-0001; the new invoice is RE-2026-0002."
    )
    assert done.made["documents"] == ("ST-2026-0001", "RE-2026-0002")
    after = shop.load(order.id or 0)
    assert [d.open_amount for d in after.documents] == [0, 0, 2480]
    assert (after.open_amount, after.paid) == (2480, 2000)
    new = says("RE-2026-0002")
    assert (new.buyer.name, new.refers_to.number if new.refers_to else "") == ("Ada Neu", "RE-2026-0001")
    assert says("ST-2026-0001").buyer.name == "Ada Kovač", "the cancellation names whom the invoice named"
    assert [line.invoiced for line in after.lines] == [2]
    perform(BEN, "pay", order.id or 0)
    assert shop.load(order.id or 0).payment_state == "paid"
    assert wrongs() == []


def test_pay1_what_is_not_paid_any_more_is_asked_by_the_new_invoice_and_not_by_the_cancelled_one(
    shop: TestShop,
) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0)
    perform(
        BEN,
        "correct-invoice",
        order.id or 0,
        {"invoice": "RE-2026-0001"},
        answers=["correct-RE-2026-0001-4480-4480"],
    )
    assert [d.open_amount for d in shop.load(order.id or 0).documents] == [0, 0, 0]

    perform(BEN, "not-paid", order.id or 0)
    assert [d.open_amount for d in shop.load(order.id or 0).documents] == [0, 0, 4480]
    perform(BEN, "pay", order.id or 0, {"amount": "20.00"})
    assert [d.open_amount for d in shop.load(order.id or 0).documents] == [0, 0, 2480]
    perform(BEN, "charge-back", order.id or 0, {"payment": "3", "amount": "20.00", "reason": "disputed"})
    assert [d.open_amount for d in shop.load(order.id or 0).documents] == [0, 0, 4480]
    assert wrongs() == []


def test_w17_what_lacks_something_for_a_new_invoice_stays_as_it_is(small_shop: TestShop) -> None:
    order = small_shop.order(lines=12)
    perform(
        BEN,
        "edit-address",
        order.id or 0,
        {"kind": "billing", "name": "Ada", "street": "", "city": "", "country": "DE"},
    )
    answers = [f"correct-RE-2026-0001-{order.total}-{order.total}"]
    with pytest.raises(Refused, match="no street"):
        perform(BEN, "correct-invoice", order.id or 0, {"invoice": "RE-2026-0001"}, answers=answers)
    assert [d.number for d in small_shop.load(order.id or 0).documents] == ["RE-2026-0001"]
    assert wrongs() == []


def test_w17_a_credited_invoice_is_not_corrected(small_shop: TestShop) -> None:
    order = credit(paid_and_shipped(small_shop), quantities={"1": "1"})
    with pytest.raises(Refused, match="Credit note GS-2026-0001 was issued"):
        perform(BEN, "correct-invoice", order.id or 0, {"invoice": "RE-2026-0001"})


def test_inv6_no_mail_goes_by_itself(small_shop: TestShop) -> None:
    before = len(small_shop.order(paid=True).documents)
    order = credit(small_shop.order(paid=True), amount="1.00")
    with Session(db.engine()) as session:
        assert not [m for m in session.exec(select(OutboxMail)) if m.kind == "credit-note"]
    assert (before, len(order.documents)) == (1, 2)
    assert CreditNoteIssued.about == "invoice"


@pytest.mark.parametrize(
    ("language", "subject", "row"),
    [
        (
            "de",
            "Ihre Gutschrift GS-2026-0001 zur Bestellung",
            "  Gutschrift GS-2026-0001 vom {day} zur Rechnung RE-2026-0001: 10,00\u00a0€",
        ),
        (
            "en",
            "Your credit note GS-2026-0001 for order",
            "  Credit note GS-2026-0001 of {day} for invoice RE-2026-0001: €10.00",
        ),
    ],
)
def test_m1_a_credit_note_is_sent_by_its_own_template(
    small_shop: TestShop, language: str, subject: str, row: str
) -> None:
    order = credit(small_shop.order(paid=True, language=language), amount="10.00")
    done = perform(BEN, "send-invoice", order.id or 0, {"number": "GS-2026-0001"})
    with Session(db.engine()) as session:
        [mail] = session.exec(select(OutboxMail).where(OutboxMail.kind == "credit-note")).all()
    assert mail.subject.startswith(subject)
    assert row.split("{day}", maxsplit=1)[0] in mail.body
    assert row.split("{day}")[1] in mail.body
    assert (
        "Wir erstatten Ihnen 10,00\u00a0€." if language == "de" else "We will refund €10.00."
    ) in mail.body
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert small_shop.load(order.id or 0).documents[1].sent_at is None
