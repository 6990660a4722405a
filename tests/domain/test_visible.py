"""Two texts that look alike are the same text: what nobody sees does not come in (A-18)."""

import unicodedata
from collections.abc import Callable

import pytest
from databases import BEN, OWNER, TestShop

from backoffice_app.domain import people
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.orders.fields import LAST_DAYS
from backoffice_app.domain.orders.new_order import InvalidOrder, parse_order

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NOTHING = (
    BIDI
    + "\u200b\u2060\ufeff\u00ad\u034f\u115f\u3164\uffa0\u180e\u2800\u200e\u200f\u061c\ufe0f"
    + "\U000e0041\U000e007f\U000e0100\u200c\u200d"
)
PASSWORD = "correct horse battery"
SHORT = [
    "external_reference",
    "source",
    "number_at_source",
    "customer.first_name",
    "customer.last_name",
    "customer.company",
    "customer.phone",
    "billing_address.name",
    "billing_address.company",
    "billing_address.street",
    "billing_address.addition",
    "billing_address.postcode",
    "billing_address.city",
    "billing_address.region",
    "lines.0.sku",
    "lines.0.name",
    "lines.0.unit",
    "discount.name",
    "shipping.method",
    "shipping.name",
    "payment.method",
    "payment.name",
]


def with_text(shop: TestShop, path: str, text: str) -> dict[str, object]:
    data = shop.new_order().as_json()
    here = data
    *way, last = path.split(".")
    for step in way:
        here = here[int(step)] if step.isdigit() else here[step]
    here[last] = text
    return data


def text_of(order: object, path: str) -> str:
    for step in path.split("."):
        order = order[int(step)] if step.isdigit() else getattr(order, step)  # type: ignore[index]
    return str(order)


@pytest.mark.parametrize("path", SHORT)
def test_a18_no_short_text_holds_what_nobody_sees(small_shop: TestShop, path: str) -> None:
    order = parse_order(with_text(small_shop, path, f"{NOTHING}A{NOTHING}da{NOTHING}"))
    assert text_of(order, path) == "Ada"


@pytest.mark.parametrize("character", NOTHING)
def test_a18_a_name_of_invisible_characters_is_no_name(small_shop: TestShop, character: str) -> None:
    order = parse_order(with_text(small_shop, "customer.last_name", character * 4))
    assert order.customer.last_name == ""
    with pytest.raises(InvalidOrder) as refused:
        parse_order(with_text(small_shop, "lines.0.name", character * 4))
    assert [p.field for p in refused.value.problems] == ["lines[0].name"]


def test_a18_every_format_character_is_taken_out_but_those_that_show() -> None:
    shown = {
        "\u0600",
        "\u06dd",
        "\u070f",
        "\u08e2",
        "\U000110bd",
        "\U000110cd",
    }  # signs of Arabic, Syriac and Kaithi, with a form of their own
    invisible = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]
    left = {c for c in invisible if visible(f"A{c}B") != "AB"}
    assert shown <= left
    assert all("\u0600" <= c <= "\u08ff" or c in shown for c in left)


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian parts a prefix from its verb
        "क्\u200dष",  # Hindi, half a letter
        "ක්\u200dෂ",  # Sinhala
        "രാജന്\u200d",  # Malayalam, at the end of a word
        "👩\u200d💻",
        "👩🏽\u200d💻",
        "👨\u200d👩\u200d👧",
        "🏳\ufe0f\u200d🌈",
        "🧑\u200d⚕\ufe0f",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "葛\U000e0100飾",  # a form of an ideograph, in Japanese names and places
        "ᠠ\u180b",  # Mongolian
        "שלום Ada ١٢",
    ],
)
def test_a18_what_a_script_cannot_be_written_without_stays(small_shop: TestShop, text: str) -> None:
    order = parse_order(with_text(small_shop, "lines.0.name", text))
    assert order.lines[0].name == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    ["A\u200dB", "Ali\u200c", "\u200dAli", "A\ufe0f", "A\U000e0100", "علی\u200c", "👩\u200dA", "🏻\u200d🏻"],
)
def test_a18_and_not_where_it_has_no_effect(text: str) -> None:
    assert visible(text) == "".join(c for c in text if c not in "\u200c\u200d\ufe0f\U000e0100")


def test_a18_a_comment_keeps_its_marks_of_direction_but_turns_nothing_around(small_shop: TestShop) -> None:
    order = parse_order(with_text(small_shop, "comment", "\u202eRing\u202c \u200fשלום!\u200f"))
    assert order.comment == "Ring \u200fשלום!\u200f"


def test_a18_what_a_colleague_types_is_cleaned_as_well(small_shop: TestShop) -> None:
    order = small_shop.order()
    address = {
        "kind": "billing",
        "name": f"A{NOTHING}da",
        "street": f"Am{BIDI} Markt",
        "city": "Kiel",
        "postcode": "1",
        "country": "DE",
    }
    perform(BEN, "edit-address", order.id or 0, address)
    [billing] = [a for a in small_shop.load(order.id or 0).addresses if a.kind == "billing"]
    assert (billing.name, billing.street) == ("Ada", "Am Markt")
    with pytest.raises(Invalid, match="name"):
        perform(BEN, "edit-address", order.id or 0, address | {"name": NOTHING})


def make_key(name: str) -> None:
    people.create_api_key(OWNER, name, ["orders:write"])


def make_colleague(name: str) -> None:
    people.add_user(OWNER, email="ada@example.com", name=name, role=Role.STAFF, password=PASSWORD)


def make_owner(name: str) -> None:
    people.create_owner(email="ada@example.com", name=name, password=PASSWORD)


@pytest.mark.parametrize("make", [make_key, make_colleague, make_owner])
def test_a18_a_key_or_colleague_needs_a_name_that_is_seen(
    small_shop: TestShop, make: Callable[[str], None]
) -> None:
    with pytest.raises(Invalid) as refused:
        make(f"\x00\x1b\n{NOTHING}")
    assert refused.value.field == "name"
    assert people.api_keys() + people.users() == []
    make(f"\x1bSh{NOTHING}\nop\x00")
    assert [one.name for one in people.api_keys() + people.users()] == ["Shop"]


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "CLF", "CHE", "VED", "DEM", "HRK", "FRF"])
def test_a18_an_order_is_in_money_of_its_day(small_shop: TestShop, code: str) -> None:
    with pytest.raises(InvalidOrder) as refused:
        small_shop.new_order(currency=code)
    assert [p.field for p in refused.value.problems] == ["currency"]


def test_a18_an_order_of_the_past_has_the_money_of_the_past(small_shop: TestShop) -> None:
    assert small_shop.new_order(currency="HRK", placed_at="2022-12-30T10:00:00Z").currency == "HRK"
    assert {
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "PLN",
        "JPY",
        "KWD",
        "INR",
        "BRL",
        "SLE",
        "XCG",
        "XPF",
    } <= LAST_DAYS.keys()
