"""Amounts and quantities are read in the language of who typed them, and never off by a factor of a thousand (W-2,
SHIP-1).
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from databases import BEN, TestShop

from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.typed import amount_of, quantity_of

GERMAN = replace(BEN, language="de")
KEY = Actor(ActorKind.API_KEY, "shop", BEN.rights, id=9)


@pytest.mark.parametrize(
    ("actor", "typed", "cents"),
    [
        (GERMAN, "2.500", 250_000),
        (GERMAN, "2.500,00", 250_000),
        (GERMAN, "2 500,00 €", 250_000),
        (GERMAN, "2\u202f500", 250_000),
        (GERMAN, "1234,5", 123_450),
        (GERMAN, "12.345.678,90", 1_234_567_890),
        (GERMAN, "EUR 10", 1_000),
        (BEN, "2,500", 250_000),
        (BEN, "1,234.50", 123_450),
        (BEN, " €1234.50 ", 123_450),
        (BEN, "1'234.50", 123_450),
        # Written as in the other language, but with one possible meaning.
        (GERMAN, "2.50", 250),
        (GERMAN, "1,234.50", 123_450),
        (BEN, "2,50", 250),
        (BEN, "1.234,50", 123_450),
        (KEY, "2.50", 250),
        (KEY, "2.500", 250),
    ],
)
def test_w2_an_amount_is_read_in_the_language_of_who_typed_it(actor: Actor, typed: str, cents: int) -> None:
    assert amount_of(actor, typed, "EUR", "amount") == cents


@pytest.mark.parametrize(
    ("actor", "typed", "currency", "said"),
    [
        (GERMAN, "1,000", "EUR", "1,00\u00a0€ oder 1.000,00\u00a0€"),
        (GERMAN, "2,505", "EUR", "2,505 oder 2.505,00\u00a0€"),
        (BEN, "2.500", "EUR", "€2.50 or €2,500.00"),
        (GERMAN, "1,000", "JPY", "1\u00a0¥ oder 1.000\u00a0¥"),
    ],
)
def test_w2_an_amount_that_can_mean_two_is_asked_with_both(
    actor: Actor, typed: str, currency: str, said: str
) -> None:
    with pytest.raises(Invalid) as asked:
        amount_of(actor, typed, currency, "amount")
    assert asked.value.field == "amount"
    assert said in asked.value.reason.in_language(actor.language)


@pytest.mark.parametrize(
    "typed", ["", "x", "1.23.4", "1,2,3", "1 23", "1e5", "NaN", "٣", "1.2345,6", "12,3456.00", "--1", "1-"]
)
def test_w2_what_is_not_an_amount_is_said_with_an_example_of_the_reader(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        amount_of(GERMAN, typed, "EUR", "amount")
    assert "1.234,50\u00a0€" in refused.value.reason.in_language("de")


def test_w2_a_field_that_is_left_empty_is_not_quoted() -> None:
    with pytest.raises(Invalid, match=r"^amount: Enter an amount such as €1,234\.50\.$"):
        amount_of(BEN, " ", "EUR", "amount")
    with pytest.raises(Invalid, match=r"^quantities\.1: Enter a quantity such as 1\.5\.$"):
        quantity_of(BEN, "", "quantities.1", Decimal(1))


def test_w2_more_decimals_than_the_currency_has_are_refused() -> None:
    with pytest.raises(Invalid, match="more decimals than EUR"):
        amount_of(GERMAN, "20,0051", "EUR", "amount")


@pytest.mark.parametrize(
    ("actor", "typed", "most", "quantity"),
    [
        (GERMAN, "1,5", "3", "1.5"),
        (GERMAN, "1.500", "2000", "1500"),
        (BEN, "1.5", "3", "1.5"),
        (BEN, "1.500", "3", "1.5"),
        (KEY, "1.500", "9999", "1.5"),
    ],
)
def test_ship1_a_quantity_is_read_in_the_language_of_who_typed_it(
    actor: Actor, typed: str, most: str, quantity: str
) -> None:
    assert quantity_of(actor, typed, "quantities.1", Decimal(most)) == Decimal(quantity)


def test_ship1_a_quantity_that_can_mean_two_is_asked_with_both() -> None:
    with pytest.raises(Invalid, match=r"1\.5 or 1,500"):
        quantity_of(BEN, "1.500", "quantities.1", Decimal(2000))
    with pytest.raises(Invalid, match="six decimals"):
        quantity_of(BEN, "0.0000001", "quantities.1", Decimal(2000))


def test_w2_a_german_books_2500_and_not_2_50(small_shop: TestShop) -> None:
    order = small_shop.order(lines=70)
    perform(GERMAN, "pay", order.id or 0, {"amount": "2.500"})
    assert small_shop.load(order.id or 0).paid == 250_000
