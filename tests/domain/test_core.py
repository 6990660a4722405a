"""Money, time, numbers, search text and facts: the words that all rules are written in."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from databases import OWNER, TestShop
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from backoffice_app import db, formats, i18n
from backoffice_app.domain.core import clock, money, series
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import (
    ABOUT_NAMES,
    FACTS,
    LISTENERS,
    About,
    Fact,
    about_of,
    as_json,
    fact,
    on,
    sentence_of,
    split_personal,
)
from backoffice_app.domain.core.search_text import fold, fold_umlauts, order_text, phone_forms
from backoffice_app.domain.core.work import chain_hash, personal_digest, work
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import NumberSeries, Order, OrderAddress
from backoffice_app.registry import forget, registering

BERLIN = "Europe/Berlin"


# --- money
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.5", 1),
        ("-0.5", -1),
        ("1.5", 2),
        ("-1.5", -2),
        ("0.499999", 0),
        ("-0.499999", 0),
        ("2.5", 3),
        ("0", 0),
    ],
)
def test_inv4_half_is_rounded_away_from_zero_on_both_sides(amount: str, rounded: int) -> None:
    assert money.round_half_up(Decimal(amount)) == rounded


@given(
    total=st.integers(-(10**12), 10**12),
    weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any),
)
def test_inv4_parts_sum_up_to_the_whole_and_none_misses_its_share_by_a_cent(
    total: int, weights: list[int]
) -> None:
    parts = money.allocate(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )
    assert [-part for part in parts] == money.allocate(-total, weights)


@pytest.mark.parametrize("weights", [[], [0], [1, -1], [-1]])
def test_inv4_there_is_no_share_of_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.allocate(100, weights)


@given(minor=st.integers(-(10**14), 10**14), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_api2_money_as_text_and_back_is_the_same(minor: int, currency: str) -> None:
    assert money.parse(money.as_text(minor, currency), currency, "x") == minor


@pytest.mark.parametrize(
    "text", ["", " ", "1,5", "1e5", "NaN", "Infinity", "--1", "+1", "1.", ".5", "0x1", "1_000", "1" * 16]
)
def test_api2_what_is_no_decimal_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.parse(text, "EUR", "lines[0].unit_price")
    assert refused.value.field == "lines[0].unit_price"


def test_api2_more_decimals_than_the_currency_has_are_refused() -> None:
    assert money.parse("1.50", "EUR", "x") == money.parse("1.500", "EUR", "x") == 150
    with pytest.raises(Invalid, match="more decimals than EUR"):
        money.parse("1.505", "EUR", "x")
    with pytest.raises(Invalid, match="more decimals than JPY"):
        money.parse("1.5", "JPY", "x")


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("RSD", 2), ("ALL", 2), ("HUF", 2), ("JPY", 0), ("IQD", 3), ("KWD", 3)],
)
def test_d21_currencies_have_the_decimals_of_iso_4217(currency: str, decimals: int) -> None:
    exact = "1299." + "5" * decimals if decimals else "1299"
    minor = money.parse(exact, currency, "x")

    assert money.as_text(minor, currency) == exact
    assert exact.replace(".", ",") in formats.format_money(minor, currency, "de").replace("1.299", "1299")


@pytest.mark.parametrize(
    ("currency", "language", "amount", "price"),
    [
        ("HUF", "en", "HUF\xa04,990.00", "HUF\xa04,990.0349"),
        ("SEK", "en", "SEK\xa04,990.00", "SEK\xa04,990.0349"),
        ("EUR", "de", "4.990,00\xa0€", "4.990,0349\xa0€"),
        ("EUR", "en", "€4,990.00", "€4,990.0349"),
        ("USD", "en", "US$4,990.00", "US$4,990.0349"),
    ],
)
def test_d18_letters_never_touch_the_figures_and_prices_read_as_amounts_do(
    currency: str, language: str, amount: str, price: str
) -> None:
    assert formats.format_money(499_000, currency, language) == amount
    assert formats.format_price(Decimal("4990.034900"), currency, language) == price


@pytest.mark.parametrize("language", [*i18n.LANGUAGES, "de_CH", "hi", "en_IN", "fa", "pl", "pt"])
def test_l1_amounts_are_written_as_babel_writes_them(language: str) -> None:
    amounts = [n * 7**e * sign for e in range(15) for n in (1, 3, 10) for sign in (1, -1)]
    for currency in ("EUR", "JPY", "KWD", "CHF", "CLF", "XXX"):
        digits = formats.currency_digits(currency)
        by_babel = [
            formats._written(Decimal(amount).scaleb(-digits), currency, language, digits)
            for amount in amounts
        ]
        assert [formats.format_money(amount, currency, language) for amount in amounts] == by_babel
    assert formats.format_money(Decimal(1999), "EUR", language) == formats.format_money(1999, "EUR", language)  # type: ignore[arg-type]


def test_inv7_a_price_in_yen_has_no_decimals() -> None:
    assert formats.format_price(Decimal("1100.000000"), "JPY", "en") == "JP¥1,100"


def test_inv4_unit_prices_of_many_decimals_are_rounded_once() -> None:
    assert money.times(Decimal("0.0375"), Decimal(1000), "EUR") == 3750
    assert money.times(Decimal("0.005"), Decimal(1), "EUR") == 1
    assert money.times(Decimal("19.95"), Decimal(-2), "EUR") == -3990


@given(
    st.decimals(-(10**10), 10**10, places=6),
    st.decimals(0, 10**7, places=6),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_inv4_a_price_times_a_quantity_is_exact_until_it_is_rounded(
    price: Decimal, quantity: Decimal, currency: str
) -> None:
    exact = Fraction(price) * Fraction(quantity) * 10 ** money.digits(currency)

    assert money.times(price, quantity, currency) == money.round_half_up(exact)
    assert money.percent(-105, Decimal(10)) == -11


# --- time
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 20), 24)]
)
def test_l3_days_have_23_and_25_hours_where_the_clock_is_changed(day: date, hours: int) -> None:
    begins, ends = clock.start_of_day(day, BERLIN), clock.start_of_day(day + timedelta(days=1), BERLIN)
    assert ends - begins == timedelta(hours=hours)
    moments = [begins + timedelta(minutes=30 * half) for half in range(hours * 2)]
    assert {clock.day_of(moment, BERLIN) for moment in moments} == {day}
    assert clock.day_of(begins - timedelta(microseconds=1), BERLIN) == day - timedelta(days=1)


def test_l3_half_past_eleven_at_night_belongs_to_the_day_of_the_shop() -> None:
    late = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert clock.day_of(late, BERLIN) == date(2026, 12, 31)
    assert clock.day_of(late + timedelta(hours=1), BERLIN) == date(2027, 1, 1)
    with clock.at(late + timedelta(hours=1)):
        assert clock.today(BERLIN) == date(2027, 1, 1)


def test_l3_an_invoice_of_half_past_eleven_bears_the_day_of_the_shop(small_shop: TestShop) -> None:
    with clock.at(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)):
        old = small_shop.order()
    with clock.at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        new = small_shop.order()
    assert [(d.number, d.issued_on) for d in (*old.documents, *new.documents)] == [
        ("RE-2026-0001", date(2026, 12, 31)),
        ("RE-2027-0001", date(2027, 1, 1)),
    ]


# --- numbers
# --------------------------------------------------------------------------------------------------


def test_inv2_each_kind_and_year_has_a_series_of_its_own(database: str) -> None:
    with work(OWNER) as w:
        drawn = [
            series.draw(w.session, kind, day)[0]
            for kind in ("invoice", "order", "shipment")
            for day in (date(2026, 1, 1), date(2027, 1, 1))
        ]
        assert series.preview(w.session, "invoice", date(2027, 5, 1)) == "RE-2027-0002"
        assert series.preview(w.session, "invoice", date(2030, 5, 1)) == "RE-2030-0001"
    assert drawn == ["RE-2026-0001", "RE-2027-0001", "10001", "10002", "L-2026-0001", "L-2027-0001"]


def test_inv2_a_series_grows_beyond_its_digits(database: str) -> None:
    with work(OWNER) as w:
        series.set_next(w.session, "invoice", date(2026, 11, 24), "RE-2026-9999")
        assert [series.draw(w.session, "invoice", date(2026, 1, 1))[0] for _n in range(2)] == [
            "RE-2026-9999",
            "RE-2026-10000",
        ]


def test_inv2_a_year_that_begins_for_twenty_at_once_begins_once(database: str) -> None:
    def draw(_n: int) -> str:
        with work(OWNER) as w:
            return series.draw(w.session, "invoice", date(2026, 1, 1))[0]

    with ThreadPoolExecutor(20) as threads:
        numbers = sorted(threads.map(draw, range(20)))
    assert numbers == [f"RE-2026-{n:04d}" for n in range(1, 21)]
    with Session(db.engine()) as session:
        assert session.get_one(NumberSeries, ("invoice", 2026)).next_counter == 21


# --- search text
# ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller", "muller"),
        ("MÜLLER", "muller"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Kovač", "kovac"),
        ("Søren Ægir Þór", "soren aegir thor"),
        ("Ǿre", "ore"),
        ("İstanbul", "istanbul"),
        ("ﬁn", "fin"),
        ("№ 5", "no 5"),
        ("𝐀da", "ada"),
        ("田中", "u7530u4e2d"),
        ("Ａｄａ", "ada"),
    ],
)
def test_o2_case_accents_and_scripts_stop_mattering(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(folded) == folded


def test_o2_umlauts_are_found_however_they_are_written() -> None:
    assert {fold_umlauts(fold(name)) for name in ("Müller", "Mueller", "Muller")} == {"muller"}


def searched(**columns: str) -> str:
    order = Order(number="10001", position=1, placed_at=datetime(2026, 11, 20, tzinfo=UTC), **columns)
    order.lines, order.documents, order.shipments = [], [], []
    order.addresses = [OrderAddress(kind="billing", name=columns.get("customer_name", ""), city="Łódź")]
    return order_text(order)


def test_o2_the_text_holds_each_word_once_between_blanks() -> None:
    text = searched(customer_name="Mueller Mueller 田中", phone="+49 170 1234567", tags="b2b")
    assert text.split() == [
        "mueller",
        "u7530u4e2d",
        "lodz",
        "muller",
        "10001",
        "491701234567",
        "01701234567",
        "#b2b",
    ]
    assert (text[0], text[-1]) == (" ", " ")


@pytest.mark.parametrize(
    "written", ["+49 170 1234567", "0049 170 1234567", "0170/123 45 67", "+49 (170) 1234567"]
)
def test_o2_a_number_is_found_by_0170_however_it_is_written(written: str) -> None:
    assert any("01701234567" in form for form in phone_forms(written))


def test_o2_what_is_no_number_has_no_form() -> None:
    assert list(phone_forms("on request")) == []
    assert list(phone_forms("+4917")) == ["4917"]


# --- facts
# --------------------------------------------------------------------------------------------------


@fact
class TestedFact(Fact):
    """A fact of these tests."""

    __test__ = False
    personal: ClassVar[frozenset[str]] = frozenset({"who"})
    who: str
    quantity: Decimal
    day: date
    note: str = ""

    def sentence(self) -> LazyText:
        return _("{actor} gave {who} {quantity} on {day}.").format(
            who=self.who, quantity=f"{self.quantity:f}", day=self.day.isoformat()
        )


HAPPENED = TestedFact("Ada", Decimal("1.50"), date(2026, 11, 20))


def test_aud3_personal_values_are_split_from_the_plain_ones() -> None:
    plain, personal = split_personal(HAPPENED)
    assert personal == {"who": "Ada"}
    assert "Ada" not in as_json(plain)


def test_t7_a_stored_fact_says_the_same_sentence_again_also_when_erased() -> None:
    plain, personal = (json.loads(as_json(part)) for part in split_personal(HAPPENED))
    whole = sentence_of("TestedFact", plain | personal).format(actor="Ben").in_language("en")
    assert (
        whole
        == HAPPENED.sentence().format(actor="Ben").in_language("en")
        == "Ben gave Ada 1.50 on 2026-11-20."
    )
    assert (
        sentence_of("TestedFact", plain).format(actor="Ben").in_language("en")
        == "Ben gave (erased) 1.50 on 2026-11-20."
    )
    assert sentence_of("OfALaterVersion", {}).in_language("en") == "OfALaterVersion happened."


def test_aud1_equal_facts_give_equal_bytes_and_all_others_other_hashes() -> None:
    row: dict[str, object] = {
        "sequence": 1,
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "data": as_json({"b": 1, "a": "ä"}),
        "previous_hash": "",
    }
    assert as_json({"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'
    assert chain_hash(row) == chain_hash(dict(reversed(row.items())) | {"hash": "is not part of it"})
    assert len({chain_hash(row | {key: "x"}) for key in row} | {chain_hash(row)}) == len(row) + 1
    assert personal_digest("a", "data") != personal_digest("b", "data")


def test_aud1_every_kind_of_fact_says_a_sentence() -> None:
    assert len(FACTS) > 15
    with pytest.raises(ValueError, match="registers a fact 'OrderPlaced', which kontor registered before"):

        @fact
        class OrderPlaced(Fact):
            """Another one of this name."""

            def sentence(self) -> LazyText:
                return _("{actor} did it.")


def test_t7_every_fact_of_kontor_names_what_it_is_about() -> None:
    ours = [cls for cls in FACTS.values() if cls.__module__.startswith("backoffice_app.")]
    assert ours
    silent = [
        cls.__name__
        for cls in ours
        if not any("about" in vars(base) for base in cls.__mro__ if base is not Fact)
    ]
    assert silent == []
    assert set(ABOUT_NAMES) == set(About)
    assert about_of("OfALaterVersion") is About.ORDER


def test_a_float_has_no_place_in_a_fact() -> None:
    with pytest.raises(TypeError):
        as_json({"amount": object()})


def test_listeners_react_in_an_order_of_their_own_however_files_are_imported() -> None:
    """Money is noted before the invoice is made of it; equal ones go by module and name."""
    names = [listener.__name__ for listener in LISTENERS[OrderPlaced]]
    assert names.index("tell_what_came_in") < names.index("invoice_when_placed")

    class Happened(Fact):
        """Only here."""

    called: list[str] = []
    with registering("test"):
        for name, order in (("zulu", 50), ("last", 60), ("alpha", 50), ("first", 10)):

            def listener(_w: object, _subject: object, _fact: object, name: str = name) -> None:
                called.append(name)

            listener.__qualname__ = name
            on(Happened, order=order)(listener)
    for reacts in LISTENERS[Happened]:
        reacts(None, None, None)  # type: ignore[arg-type]
    forget("test")
    assert Happened not in LISTENERS
    assert called == ["first", "alpha", "zulu", "last"]
