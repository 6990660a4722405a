"""Random carts, rounded as WooCommerce and Shopify round them: each is taken, and costs what the shop says (API-2,
INV-4).
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payloads import shopify, taken, woo, woo_line

CENT = Decimal("0.01")
REGIMES: dict[str, list[tuple[str, ...]]] = {
    "Germany": [("19",), ("7",)],
    "Québec": [("5", "9.975")],
    "Spain with recargo": [("21", "5.2"), ("10", "1.4")],
    "New York": [("4", "4.875")],
    "Denver": [("2.9", "1", "4.81")],
    "Export": [("0",)],
}
Line = tuple[int, int, int]
"""The price of one in cents, how many, and by which rates of the regime."""
lines = st.lists(
    st.tuples(st.integers(1, 99_999), st.integers(1, 7), st.integers(0, 9)), min_size=1, max_size=8
)


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def taxes_of(amount: Decimal, rates: tuple[str, ...], *, gross: bool) -> list[Decimal]:
    """The tax by each rate, each rounded by itself: on a net amount, or out of a gross one."""
    whole = 100 + sum(map(Decimal, rates)) if gross else Decimal(100)
    return [rounded(amount * Decimal(rate) / whole) for rate in rates]


def figures(
    drawn: list[Line], regime: str, *, gross: bool
) -> list[tuple[int, Decimal, list[Decimal], tuple[str, ...]]]:
    """Of each line how many, what it comes to in the prices of the shop, its taxes, and their rates."""
    found = []
    for cents, quantity, which in drawn:
        rates = REGIMES[regime][which % len(REGIMES[regime])]
        amount = Decimal(cents) / 100 * quantity
        found.append((quantity, amount, taxes_of(amount, rates, gross=gross), rates))
    return found


@pytest.mark.parametrize("regime", REGIMES)
@settings(max_examples=60, deadline=None)
@given(drawn=lines, gross=st.booleans())
def test_intake5_a_cart_of_woocommerce_is_taken_and_costs_what_the_shop_says(
    regime: str, drawn: list[Line], gross: bool
) -> None:
    percents = sorted({rate for group in REGIMES[regime] for rate in group})
    made, total, all_tax = [], Decimal(0), Decimal(0)
    for quantity, amount, taxes, rates in figures(drawn, regime, gross=gross):
        tax = sum(taxes, Decimal(0))
        net = amount - tax if gross else amount
        named = [
            {"id": percents.index(rate), "total": str(one)} for rate, one in zip(rates, taxes, strict=True)
        ]
        made.append(woo_line(str(net), str(tax), quantity=quantity, taxes=named))
        total, all_tax = total + net + tax, all_tax + tax
    rates_of: list[dict[str, Any]] = [
        {"rate_id": i, "rate_percent": percent} for i, percent in enumerate(percents)
    ]
    sent = woo(*made, prices_include_tax=gross, total=str(total), total_tax=str(all_tax), tax_lines=rates_of)
    order = taken(sent)
    assert order.total == total
    for line, (_quantity, _amount, taxes, rates) in zip(
        order.lines, figures(drawn, regime, gross=gross), strict=True
    ):
        assert line.vat_rate == (sum(map(Decimal, rates)) if any(taxes) else 0)


@pytest.mark.parametrize("regime", REGIMES)
@settings(max_examples=60, deadline=None)
@given(drawn=lines, gross=st.booleans())
def test_intake20_a_cart_of_shopify_is_taken_and_costs_what_the_shop_says(
    regime: str, drawn: list[Line], gross: bool
) -> None:
    made, all_tax, goods = [], Decimal(0), Decimal(0)
    for i, (quantity, amount, taxes, rates) in enumerate(figures(drawn, regime, gross=gross)):
        named = [
            {"rate": float(Decimal(rate) / 100), "price": str(one)}
            for rate, one in zip(rates, taxes, strict=True)
        ]
        made.append(
            {
                "id": i,
                "name": "Thing",
                "price": str(amount / quantity),
                "quantity": quantity,
                "tax_lines": named,
            }
        )
        all_tax += sum(taxes, Decimal(0))
        goods += amount
    total = goods if gross else goods + all_tax
    sent = shopify(
        *made, taxes_included=gross, subtotal_price=str(goods), total_price=str(total), total_tax=str(all_tax)
    )
    assert taken(sent).total == total


@st.composite
def fates(draw: st.DrawFn) -> dict[str, int]:
    """What became of one line: how many were ordered, shipped, returned of these, cancelled before they shipped, and
    edited away.
    """
    ordered = draw(st.integers(1, 6))
    shipped = draw(st.integers(0, ordered))
    cancelled = draw(st.integers(0, ordered - shipped))
    edited = draw(st.integers(0, ordered - shipped - cancelled))
    returned = draw(st.integers(0, shipped))
    cents, off = draw(st.integers(1, 9_999)), draw(st.integers(0, 50))
    fate = {
        "ordered": ordered,
        "shipped": shipped,
        "cancelled": cancelled,
        "edited": edited,
        "returned": returned,
    }
    return fate | {"cents": cents, "off": off}


def share(amount: Decimal, fate: dict[str, int], pieces: int) -> Decimal:
    return rounded(amount * pieces / fate["ordered"])


@settings(max_examples=150, deadline=None)
@given(drawn=st.lists(fates(), min_size=1, max_size=4), gross=st.booleans())
def test_intake3_whatever_became_of_the_pieces_only_what_is_left_is_shipped_and_owed(
    drawn: list[dict[str, int]], gross: bool
) -> None:
    lines_, refunds, sent = [], [], []
    total = now = kept = Decimal(0)
    for i, fate in enumerate(drawn, 1):
        before = Decimal(fate["cents"]) / 100 * fate["ordered"]
        off = rounded(before * fate["off"] / 100)
        tax = rounded((before - off) * Decimal("0.19") / (Decimal("1.19") if gross else 1))
        cost = before - off + (0 if gross else tax)
        gone = {"cancel": fate["cancelled"], "return": fate["returned"]}
        current = fate["ordered"] - fate["edited"] - sum(gone.values())
        total, now = total + cost, now + share(cost, fate, current)
        kept += share(cost, fate, fate["ordered"] - fate["edited"] - fate["cancelled"])
        line = {
            "id": i,
            "name": "Thing",
            "price": str(Decimal(fate["cents"]) / 100),
            "quantity": fate["ordered"],
        }
        line |= {"current_quantity": current, "discount_allocations": [{"amount": str(off)}]}
        lines_.append(line | {"tax_lines": [{"rate": 0.19, "price": str(tax)}]})
        for kind, pieces in gone.items():
            worth = {
                "subtotal": str(share(before - off, fate, pieces)),
                "total_tax": str(share(tax, fate, pieces)),
            }
            refunds += [{"line_item_id": i, "quantity": pieces, "restock_type": kind} | worth] * (pieces > 0)
        sent += [{"id": i, "quantity": fate["shipped"]}] * (fate["shipped"] > 0)
    order = taken(
        shopify(
            *lines_,
            taxes_included=gross,
            subtotal_price=None,
            total_price=str(total),
            total_tax=str(sum((Decimal(line["tax_lines"][0]["price"]) for line in lines_), Decimal(0))),
            total_discounts=str(
                sum((Decimal(line["discount_allocations"][0]["amount"]) for line in lines_), Decimal(0))
            ),
            current_total_price=str(now),
            refunds=[{"created_at": "2026-10-08T10:00:00Z", "refund_line_items": refunds, "transactions": []}]
            if refunds
            else [],
            fulfillments=[{"status": "success", "created_at": "2026-10-06T10:00:00Z", "line_items": sent}]
            if sent
            else [],
        )
    )
    there = [fate for fate in drawn if fate["ordered"] > fate["edited"]]
    if order.cancelled_at:
        assert all(fate["edited"] + fate["cancelled"] == fate["ordered"] for fate in drawn)
        return
    pieces = [(fate["ordered"] - fate["edited"], fate["cancelled"], fate["returned"]) for fate in there]
    assert [(line.quantity, line.cancelled, line.returned) for line in order.lines] == pieces
    assert abs(order.total - kept) <= CENT * 2 * len(drawn)
