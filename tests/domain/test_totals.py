"""EN 16931's sums on random orders: the gross total stays, all sums are exact (INV-4)."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.money import percent, round_half_up, times
from backoffice_app.domain.invoicing.totals import Cost, Goods, Totals, invoice_totals, unit_price

RATES = st.sampled_from([Decimal(19), Decimal(7), Decimal("5.5"), Decimal(0)])
QUANTITIES = st.one_of(
    st.integers(1, 250_000).map(Decimal),
    st.decimals(Decimal("0.001"), Decimal(999), places=3, allow_nan=False, allow_infinity=False),
)
PRICES = st.decimals(Decimal(0), Decimal(2000), places=2, allow_nan=False, allow_infinity=False)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Goods], list[Cost], int]:
    goods = []
    for _ in range(draw(st.integers(1, 12))):
        quantity, price = draw(QUANTITIES), draw(PRICES)
        discount = draw(st.one_of(st.just(0), st.integers(0, times(price, quantity, "EUR"))))
        goods.append(Goods(quantity, price, draw(RATES), discount=discount))
    amounts = st.integers(0, 2000)
    rates = st.one_of(st.none(), RATES)
    costs = [Cost("shipping", draw(amounts), draw(rates)), Cost("payment cost", draw(amounts), draw(rates))]
    stated = sum(times(line.unit_price, line.quantity, "EUR") - line.discount for line in goods)
    return goods, costs, draw(st.one_of(st.just(0), st.integers(0, stated)))


def assert_sums_are_exact(totals: Totals, goods: list[Goods]) -> None:
    rows: dict[tuple[str, Decimal], list[tuple[int, int]]] = defaultdict(list)
    for line, sums in zip(goods, totals.lines, strict=True):
        rows[line.category, line.rate].append((sums.net, sums.gross))
        assert sums.net + sums.tax == sums.gross
        assert times(sums.net_unit_price, line.quantity, "EUR") - sums.net_discount == sums.net
        assert sums.net >= 0
        assert sums.net_discount >= 0
        assert 0 <= sums.effective_gross <= sums.gross
    for other in totals.adjustments:
        rows[other.vat_category, other.vat_rate].append((other.sign * other.net, other.sign * other.gross))
        assert other.net + other.tax == other.gross
    assert set(rows) == {(rate.category, rate.rate) for rate in totals.rates}
    for rate in totals.rates:
        mine = rows[rate.category, rate.rate]
        assert (rate.net, rate.gross) == (sum(net for net, _ in mine), sum(gross for _, gross in mine))
        assert rate.tax == rate.gross - rate.net
        assert abs(rate.tax - percent(rate.net, rate.rate)) <= 1
    effective = sum(sums.effective_gross for sums in totals.lines) + sum(
        other.effective_gross for other in totals.adjustments
    )
    assert effective == totals.total == totals.net + totals.tax


@given(orders())
def test_INV4_the_gross_total_the_customer_paid_stays(order: tuple[list[Goods], list[Cost], int]) -> None:
    goods, costs, discount = order
    totals = invoice_totals("gross", "EUR", goods, costs, discount=discount)
    paid = (
        sum(times(line.unit_price, line.quantity, "EUR") - line.discount for line in goods)
        + sum(c.amount for c in costs)
        - discount
    )
    assert totals.total == paid
    assert_sums_are_exact(totals, goods)


@given(orders())
def test_INV4_net_prices_are_taxed_once_per_rate(order: tuple[list[Goods], list[Cost], int]) -> None:
    goods, costs, discount = order
    totals = invoice_totals("net", "EUR", goods, costs, discount=discount)
    stated = (
        sum(times(line.unit_price, line.quantity, "EUR") - line.discount for line in goods)
        + sum(c.amount for c in costs)
        - discount
    )
    assert totals.net == stated
    assert all(rate.tax == percent(rate.net, rate.rate) for rate in totals.rates)
    assert_sums_are_exact(totals, goods)


@given(st.integers(0, 10**9), QUANTITIES)
def test_INV4_a_unit_price_gives_the_line_again(net: int, quantity: Decimal) -> None:
    assert times(unit_price(net, quantity, "EUR"), quantity, "EUR") == net


def test_INV4_the_order_of_the_specification_sums_up() -> None:
    goods = [
        Goods(Decimal(2), Decimal("19.95"), Decimal(19)),
        Goods(Decimal(1), Decimal("24.00"), Decimal(7), discount=400),
        Goods(Decimal("1.5"), Decimal("12.00"), Decimal(19)),
    ]
    totals = invoice_totals("gross", "EUR", goods, [Cost("shipping", 490, Decimal(19))], discount=500)
    assert (totals.net, totals.tax, totals.total) == (6715, 1065, 7780)
    assert [(rate.rate, rate.gross) for rate in totals.rates] == [(Decimal(7), 1872), (Decimal(19), 5908)]
    assert [other.gross for other in totals.adjustments if other.kind == "discount"] == [372, 128]


def test_INV4_shipping_without_a_rate_follows_the_goods() -> None:
    goods = [Goods(Decimal(1), Decimal(75), Decimal(19)), Goods(Decimal(1), Decimal(25), Decimal(7))]
    totals = invoice_totals("gross", "EUR", goods, [Cost("shipping", 401, None)])
    assert [(other.vat_rate, other.gross) for other in totals.adjustments] == [
        (Decimal(19), 301),
        (Decimal(7), 100),
    ]


def test_INV4_a_voucher_may_pay_for_the_shipping_too() -> None:
    totals = invoice_totals(
        "gross",
        "EUR",
        [Goods(Decimal(1), Decimal(10), Decimal(19))],
        [Cost("shipping", 490, Decimal(7))],
        discount=1490,
    )
    assert totals.total == 0
    assert {(rate.net, rate.tax, rate.gross) for rate in totals.rates} == {(0, 0, 0)}


def test_INV4_currencies_without_cents_have_none() -> None:
    totals = invoice_totals("gross", "JPY", [Goods(Decimal(3), Decimal(333), Decimal(10))])
    assert (totals.total, totals.net, totals.lines[0].net_unit_price) == (
        999,
        round_half_up(Fraction(9990, 11)),
        Decimal("302.7"),
    )


@pytest.mark.parametrize(
    ("goods", "costs", "discount", "field"),
    [
        (Goods(Decimal(0), Decimal(1), Decimal(19)), [], 0, "lines[0].quantity"),
        (Goods(Decimal(1), Decimal(-1), Decimal(19)), [], 0, "lines[0].unit_price"),
        (Goods(Decimal(1), Decimal(1), Decimal(19), discount=101), [], 0, "lines[0].discount"),
        (Goods(Decimal(1), Decimal(1), Decimal(19)), [Cost("shipping", -1, Decimal(19))], 0, "shipping"),
        (Goods(Decimal(1), Decimal(1), Decimal(19)), [], 101, "discount"),
        (Goods(Decimal(1), Decimal(1), Decimal(19)), [], -1, "discount"),
    ],
)
def test_INV4_impossible_figures_are_refused(
    goods: Goods, costs: list[Cost], discount: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        invoice_totals("gross", "EUR", [goods], costs, discount=discount)
    assert refusal.value.field == field
