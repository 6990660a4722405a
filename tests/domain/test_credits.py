"""Credits of random invoices: any parts, in any order, end exactly at the invoice, in net, VAT and gross of each rate
(INV-6).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.money import times
from backoffice_app.domain.core.snapshot import (
    Adjustment,
    DocumentSnapshot,
    Line,
    Party,
    Prices,
    Reference,
    Seller,
)
from backoffice_app.domain.invoicing.credits import CreditAsked, Credited, Credits
from backoffice_app.domain.invoicing.totals import Cost, Goods, invoice_totals

RATES = st.sampled_from([Decimal(19), Decimal(7), Decimal("5.5"), Decimal(0)])
QUANTITIES = st.one_of(st.integers(1, 40).map(Decimal), st.decimals(Decimal("0.001"), Decimal(99), places=3))


def invoice_of(
    prices: Prices,
    currency: str,
    goods: list[Goods],
    costs: Sequence[Cost] = (),
    discount: int = 0,
    number: str = "RE-1",
) -> DocumentSnapshot:
    totals = invoice_totals(prices, currency, goods, costs, discount=discount)
    lines = tuple(
        Line(
            position=i, rank=i, name=f"Ware {i}", quantity=item.quantity,
            unit="m" if item.quantity % 1 else "", unit_price=item.unit_price,
            discount=item.discount, vat_rate=item.rate, vat_category=item.category, net=sums.net,
            tax=sums.tax, gross=sums.gross,
            effective_gross=sums.effective_gross, net_unit_price=sums.net_unit_price, net_discount=sums.net_discount,
        )
        for i, (item, sums) in enumerate(zip(goods, totals.lines, strict=True), 1)
    )  # fmt: skip
    return DocumentSnapshot(
        kind="invoice", number=number, issued_on=date(2026, 11, 24),
        issued_at=datetime(2026, 11, 24, tzinfo=UTC), language="de",
        currency=currency, prices=prices, seller=Seller(company="Probe"), buyer=Party(name="Ada"), lines=lines,
        adjustments=totals.adjustments, rates=totals.rates, net=totals.net, tax=totals.tax,
        total=totals.total, open_amount=totals.total,
    )  # fmt: skip


def noted(invoice: DocumentSnapshot, credited: Credited, kind: str = "credit note") -> DocumentSnapshot:
    """The credit note with these figures; made, it has checked its own sums."""
    return DocumentSnapshot.model_validate(
        invoice.model_dump()
        | {
            "kind": kind, "number": "GS-1", "refers_to": Reference(number=invoice.number, issued_on=invoice.issued_on),
            "lines": credited.lines, "adjustments": credited.adjustments, "rates": credited.rates, "net": credited.net,
            "tax": credited.tax, "total": credited.total, "open_amount": credited.total,
        }
    )  # fmt: skip


@st.composite
def invoices(draw: st.DrawFn) -> DocumentSnapshot:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    places = {"EUR": 2, "JPY": 0, "KWD": 3}[currency]
    prices = st.decimals(Decimal(0), Decimal(900), places=places)
    goods = []
    for _ in range(draw(st.integers(1, 6))):
        quantity, price = draw(QUANTITIES), draw(prices)
        discount = draw(st.one_of(st.just(0), st.integers(0, times(price, quantity, currency))))
        goods.append(Goods(quantity, price, draw(RATES), discount=discount))
    rates = st.one_of(st.none(), RATES)
    costs = [
        Cost("shipping", draw(st.integers(0, 990)), draw(rates)),
        Cost("payment cost", draw(st.integers(0, 500)), draw(rates)),
    ]
    stated = sum(times(line.unit_price, line.quantity, currency) - line.discount for line in goods)
    discount = draw(st.one_of(st.just(0), st.integers(0, stated)))
    return invoice_of(draw(st.sampled_from(["gross", "net"])), currency, goods, costs, discount)


@st.composite
def wishes(draw: st.DrawFn, so_far: Credits) -> CreditAsked:
    """Something of what is left: some pieces, some of the costs, an amount, a fee."""
    quantities = {}
    for one in so_far.lines:
        if one.left and draw(st.booleans()):
            pieces = (
                st.integers(0, int(one.left)).map(Decimal) if one.left == int(one.left) else st.just(one.left)
            )
            quantities[one.rank] = draw(st.one_of(pieces, st.just(one.left)))
    asked = {
        "shipping": draw(st.integers(0, so_far.cost_left("shipping"))),
        "amount": draw(st.one_of(st.just(0), st.integers(0, so_far.total_left))),
        "reduction": draw(st.one_of(st.just(0), st.integers(0, max(so_far.total_left // 3, 0)))),
        "fee": draw(st.one_of(st.just(0), st.integers(0, 200))),
    }
    return CreditAsked(quantities, **asked, fee_reason="Rücksendung", reason="Kulanz")


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_inv6_any_parts_of_any_invoice_end_exactly_at_the_invoice(data: st.DataObject) -> None:
    invoice = data.draw(invoices())
    issued: list[DocumentSnapshot] = []
    for _ in range(data.draw(st.integers(0, 4))):
        so_far = Credits(invoice, issued)
        asked = data.draw(wishes(so_far))
        try:
            issued.append(noted(invoice, so_far.credit(asked)))
        except (Invalid, Refused):
            continue
        whole_in_order(invoice, issued)

    so_far = Credits(invoice, issued)
    if so_far.total_left:
        issued.append(noted(invoice, so_far.rest(), "cancellation"))

    done = whole_in_order(invoice, issued)
    for rate in invoice.rates:
        assert done.get((rate.category, rate.rate), (0, 0, 0)) == (rate.net, rate.tax, rate.gross)
    after = Credits(invoice, issued)
    assert after.total_left == 0
    with pytest.raises((Invalid, Refused)):
        after.credit(CreditAsked(amount=1))


def whole_in_order(
    invoice: DocumentSnapshot, issued: list[DocumentSnapshot]
) -> dict[tuple[str, Decimal], tuple[int, int, int]]:
    """No negative part, and never more than the invoice; the sums by rate."""
    done: dict[tuple[str, Decimal], tuple[int, int, int]] = {}
    for document in issued:
        assert document.total > 0
        rows: list[Line | Adjustment] = [*document.lines, *document.adjustments]
        for row in rows:
            assert min(row.net, row.tax, row.gross) >= 0
        for rate in document.rates:
            assert min(rate.net, rate.tax, rate.gross) >= 0
            before = done.get((rate.category, rate.rate), (0, 0, 0))
            done[rate.category, rate.rate] = (
                before[0] + rate.net,
                before[1] + rate.tax,
                before[2] + rate.gross,
            )
        for line in document.lines:
            assert times(line.unit_price, line.quantity, document.currency) - line.discount == (
                line.gross if document.prices == "gross" else line.net
            )
    for rate in invoice.rates:
        net, tax, gross = done.get((rate.category, rate.rate), (0, 0, 0))
        assert net <= rate.net
        assert tax <= rate.tax
        assert gross <= rate.gross
    for one in Credits(invoice, issued).lines:
        assert one.done <= one.line.quantity
        if all(
            document.kind == "credit note" for document in issued
        ):  # a cancellation repeats the invoice's own rows
            assert one.done_gross <= one.line.effective_gross
    return done


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_inv6_one_piece_and_one_cent_more_than_is_left_are_refused(data: st.DataObject) -> None:
    invoice = data.draw(invoices())
    so_far = Credits(invoice)
    rank = data.draw(st.sampled_from([one.rank for one in so_far.lines]))
    one = so_far.of_rank(rank)
    assert one is not None
    with pytest.raises(Invalid) as more:
        so_far.credit(CreditAsked({rank: one.left + 1}))
    assert more.value.field == f"quantities.{rank}"
    for field, most in (
        ("amount", so_far.total_left),
        ("reduction", so_far.total_left),
        ("shipping", so_far.cost_left("shipping")),
    ):
        with pytest.raises(Invalid) as over:
            so_far.credit(CreditAsked(**{field: most + 1}))  # type: ignore[arg-type]
        assert over.value.field == field


MUGS = Goods(Decimal(3), Decimal("19.95"), Decimal(19))
BOOK = Goods(Decimal(1), Decimal("24.00"), Decimal(7))
SHIPPING = Cost("shipping", 490, Decimal(19), name="DHL")


def test_a1_a_full_credit_is_the_stored_invoice_itself() -> None:
    invoice = invoice_of(
        "net", "EUR", [Goods(Decimal(9), Decimal("13.9563"), Decimal(19)), BOOK], [SHIPPING], 100
    )
    rest = Credits(invoice).rest()
    assert (rest.net, rest.tax, rest.total, rest.rates) == (
        invoice.net,
        invoice.tax,
        invoice.total,
        invoice.rates,
    )
    assert [line.credits_line for line in rest.lines] == [1, 2]


def test_a4_a_piece_is_credited_with_its_share_of_the_order_discount() -> None:
    so_far = Credits(invoice_of("gross", "EUR", [MUGS, BOOK], discount=4200))
    note = so_far.credit(CreditAsked({1: Decimal(1)}))
    [line] = note.lines
    assert line.gross == 996 == note.total, "a third of 59.85 less 29.98, its share of 42.00"
    assert (line.unit_price, line.discount) == (Decimal("19.95"), 999), (
        "the paper shows the price and what it was cheaper"
    )


def test_a6_the_sum_of_parts_never_differs_from_the_invoice() -> None:
    invoice = invoice_of("gross", "EUR", [Goods(Decimal(10), Decimal("19.95"), Decimal(19))], discount=2025)
    issued: list[DocumentSnapshot] = []
    for _ in range(10):
        issued.append(noted(invoice, Credits(invoice, issued).credit(CreditAsked({1: Decimal(1)}))))
    assert sum(note.total for note in issued) == invoice.total == 17925
    assert (sum(n.net for n in issued), sum(n.tax for n in issued)) == (invoice.net, invoice.tax)


def test_a9_items_gone_shipping_can_still_be_credited_and_the_other_way_round() -> None:
    invoice = invoice_of("gross", "EUR", [MUGS], [SHIPPING])
    everything = [CreditAsked({1: Decimal(3)}), CreditAsked(shipping=490)]
    for order in (everything, everything[::-1]):
        issued = []
        for asked in order:
            issued.append(noted(invoice, Credits(invoice, issued).credit(asked)))
        assert Credits(invoice, issued).total_left == 0


def test_a10_an_amount_without_a_line_carries_the_vat_of_what_is_left() -> None:
    note = Credits(invoice_of("gross", "EUR", [MUGS, BOOK])).credit(CreditAsked(amount=1000, reason="Kulanz"))
    assert {(one.kind, one.name) for one in note.adjustments} == {("amount", "Kulanz")}
    assert sorted((one.vat_rate, one.gross, one.net) for one in note.adjustments) == [
        (7, 286, 267),
        (19, 714, 600),
    ]


def test_a11_a_fee_kept_back_lessens_the_credit_with_its_vat_and_can_be_credited_later() -> None:
    invoice = invoice_of("gross", "EUR", [MUGS], [SHIPPING])
    first = noted(
        invoice,
        Credits(invoice).credit(
            CreditAsked({1: Decimal(3)}, shipping=490, fee=595, fee_reason="Rücksendung")
        ),
    )
    [fee] = [one for one in first.adjustments if one.kind == "kept fee"]
    assert (fee.name, fee.net, fee.tax, fee.gross) == ("Rücksendung", 500, 95, 595)
    assert first.total == invoice.total - 595
    later = Credits(invoice, [first])
    assert later.total_left == 595
    assert later.credit(CreditAsked(amount=595)).total == 595


def test_a19_a_refusal_names_line_asked_credited_and_left() -> None:
    invoice = invoice_of("gross", "EUR", [MUGS])
    first = noted(invoice, Credits(invoice).credit(CreditAsked({1: Decimal(2)})))
    with pytest.raises(Invalid) as no:
        Credits(invoice, [first]).credit(CreditAsked({1: Decimal(2)}))
    assert (
        no.value.reason.in_language("en") == "“Ware 1”: 2 asked for; 3 invoiced, 2 credited already, 1 left."
    )


def test_a26_a_second_credit_note_holds_only_its_own_lines() -> None:
    invoice = invoice_of("gross", "EUR", [MUGS, BOOK])
    first = noted(invoice, Credits(invoice).credit(CreditAsked({1: Decimal(1)})))
    second = Credits(invoice, [first]).credit(CreditAsked({2: Decimal(1)}))
    assert [(line.credits_line, line.quantity, line.gross) for line in second.lines] == [(2, 1, 2400)]


def test_inv6_nothing_asked_for_is_refused_and_a_gift_alone_makes_no_credit_note() -> None:
    so_far = Credits(invoice_of("gross", "EUR", [MUGS, Goods(Decimal(1), Decimal(0), Decimal(19))]))
    with pytest.raises(Refused, match="Say what is credited"):
        so_far.credit(CreditAsked({1: Decimal(0)}))
    with pytest.raises(Refused, match="would come to 0"):
        so_far.credit(CreditAsked({2: Decimal(1)}))
