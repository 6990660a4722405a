"""One search box finds an order by all that it is known by, however it is written (O-2)."""

import pytest
from big_shop import BigShop, numbers, page
from databases import BEN, OWNER, WAREHOUSE, TestShop

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing import OrderFilter, count_matching, find_place, list_orders, locate
from backoffice_app.domain.listing.rows import NUMBER, WHY
from backoffice_app.domain.listing.typed import parse_query
from backoffice_app.domain.orders.place import place_order

JURGEN = {
    "name": "Jürgen Müller",
    "company": "Łódź Café & Söhne",
    "street": "Weg 1",
    "postcode": "80331",
    "city": "München",
    "country": "DE",
}
TANAKA = {
    "name": "田中 陽菜",
    "street": "丸の内1丁目",
    "postcode": "100-0005",
    "city": "東京",
    "country": "JP",
}


@pytest.fixture
def numbers_of(database: str, shop: TestShop) -> dict[str, str]:
    """Three orders: of Ada Kovač, of Jürgen Müller with a tracking number, of 田中 陽菜."""
    customer = {
        "email": "j.mueller@gmx.example",
        "phone": "+49 170 1234567",
        "first_name": "Jürgen",
        "last_name": "Müller",
    }
    ada = shop.order()
    jurgen = shop.order(billing_address=JURGEN, customer=customer, tags=["gift"])
    tanaka = shop.order(billing_address=TANAKA)
    perform(BEN, "ship", jurgen.id or 0, {"tracking": "JD0146000123456789"})
    return {"ada": ada.number, "jurgen": jurgen.number, "tanaka": tanaka.number}


def found(text: str, **filters: str) -> set[str]:
    """The numbers of the orders that a search finds."""
    with db.reading() as session:
        return {
            row[NUMBER] for row in list_orders(session, OrderFilter(q=text, **filters), COMMAND, "en").rows
        }


@pytest.mark.parametrize(
    "text",
    [
        "jürgen müller",
        "MÜLLER Jürgen",
        "mueller",
        "muller",
        "ller",
        "lodz",
        "Łódź",
        "cafe sohne",
        "soehne",
        "j.mueller@gmx",
        "gmx.example",
        "80331",
        "0170 1234567",
        "+49 170 12345",
        "JD0146000123456789",
        "jd01460001",
        "6000123456",
        "shop-2",
        "münchen mü",
    ],
)
def test_o2_an_order_is_found_by_all_that_it_is_known_by(numbers_of: dict[str, str], text: str) -> None:
    assert found(text) == {numbers_of["jurgen"]}


@pytest.mark.parametrize("text", ["田中", "田", "陽菜 田中", "東京", "100-0005"])
def test_o2_names_in_other_scripts_are_found_from_their_first_letter_on(
    numbers_of: dict[str, str], text: str
) -> None:
    assert found(text) == {numbers_of["tanaka"]}


def test_o2_an_order_is_found_by_its_numbers_and_goods(numbers_of: dict[str, str], shop: TestShop) -> None:
    assert numbers_of["ada"] in found(numbers_of["ada"])
    assert found("mug-1") == set(numbers_of.values())
    assert found("L-2026-0002") == {numbers_of["jurgen"]}
    assert found("RE-2026-0003") == {numbers_of["tanaka"]}
    assert found("re-2026-") == set(numbers_of.values())
    assert found("k") >= {numbers_of["ada"]}


@pytest.mark.parametrize(
    "text", ["nobody", "müller ada", "%", "_", "\\", "'", '"', "muller%", "* OR *", "100%", "NEAR(a b)"]
)
def test_o2_what_is_typed_are_letters_and_no_wildcards(numbers_of: dict[str, str], text: str) -> None:
    assert found(text) == set()


def test_o2_search_and_filters_combine(numbers_of: dict[str, str]) -> None:
    assert found("mug-1", shipping="shipped") == {numbers_of["jurgen"]}
    assert found("mug-1", country="JP") == {numbers_of["tanaka"]}
    assert found("mug", tags="gift") == {numbers_of["jurgen"]}
    assert found("", tags="gift") == {numbers_of["jurgen"]}
    assert found("mug", country="DE", shipping="not_shipped") == {numbers_of["ada"]}
    assert found("muller", country="JP") == set()
    assert found("RE-2026-0003", country="DE") == set()


@pytest.mark.parametrize(
    "text",
    [
        "JD0146000123456789",
        "jd0146000123456789",
        "L-2026-0002",
        "l-2026-0002",
        "RE-2026-0002",
        " RE-2026-0002 ",
    ],
)
def test_o2_a_scanned_code_names_its_order(numbers_of: dict[str, str], text: str) -> None:
    with db.reading() as session:
        assert locate(session, text) == numbers_of["jurgen"]
        assert locate(session, "RE-2026-00") is None
        assert locate(session, "") is None


def test_o2_an_exact_number_stands_on_top(big_shop: BigShop) -> None:
    assert numbers(page(big_shop, OrderFilter(q="10050")))[0] == "10050"
    assert numbers(page(big_shop, OrderFilter(q="1005")))[:2] == ["10059", "10058"]


@pytest.mark.parametrize(
    "text", ["müller", "10050", "1005", "80331", "w-03", "anna berlin", "gmail", "x", "123"]
)
@pytest.mark.parametrize("sort", ["date", "total"])
def test_o2_the_pages_of_a_search_go_on_and_back(big_shop: BigShop, text: str, sort: str) -> None:
    seen: list[str] = []
    cursor = ""
    for _n in range(4):
        part = page(big_shop, OrderFilter(q=text, page=cursor, sort=sort), limit=20)
        seen += numbers(part)
        if not part.older:
            break
        cursor = part.older
        before = page(
            big_shop,
            OrderFilter(
                q=text,
                page=page(big_shop, OrderFilter(q=text, page=cursor, sort=sort), limit=20).newer,
                sort=sort,
            ),
            limit=20,
        )
        assert numbers(before) == seen[-20:]
    assert seen
    assert len(seen) == len(set(seen))


def test_o2_one_search_finds_what_a_look_at_every_text_finds(big_shop: BigShop) -> None:
    for text in ("wolf lubeck", "hannes", "t-online.de 8", "muller hamburg w-03"):
        words = parse_query(text).words
        expected = [
            position
            for position in sorted(big_shop.texts, reverse=True)
            if all(any(f in big_shop.texts[position] for f in forms) for forms in words)
        ]
        by_position = {o["position"]: o["number"] for o in big_shop.orders}
        assert numbers(page(big_shop, OrderFilter(q=text))) == [by_position[p] for p in expected[:50]]


def test_o2_one_or_two_characters_say_that_only_the_newest_were_searched(big_shop: BigShop) -> None:
    found = page(big_shop, OrderFilter(q="zö"))
    assert "newest 20,000 orders" in found.note
    assert page(big_shop, OrderFilter(q="zoe")).note == ""


# --- as customers and colleagues write it
# -----------------------------------------------------------------------------------------------


HEIDE = {
    "name": "Ole Olsen",
    "street": "Heidestraße 12",
    "postcode": "21335",
    "city": "Lüneburg",
    "country": "DE",
}


def reasons(text: str, language: str = "en", actor: Actor = COMMAND) -> dict[str, str]:
    """Of each order that a search finds, what the row says it was found by."""
    with db.reading() as session:
        return {
            row[NUMBER]: row[WHY] for row in list_orders(session, OrderFilter(q=text), actor, language).rows
        }


@pytest.fixture
def ole(shop: TestShop) -> str:
    """The number of an order of Ole Olsen in the Heidestraße, between two of others."""
    shop.order()
    shipping = {"method": "dhl", "name": "DHL Paket", "price": "7.00", "vat_rate": "19"}
    order = shop.new_order(billing_address=HEIDE, shipping=shipping, total="46.90")
    book = order.lines[0].model_copy(update={"sku": "B-7", "name": "Kochbuch „Nordsee“"})
    with work(OWNER) as w:
        number = place_order(w, order.model_copy(update={"lines": [book]})).number
    shop.order()
    return number


@pytest.mark.parametrize(
    "text",
    ["#{number}", "Heidestr", "heidestr.", "Heidestr. 12", "HEIDESTRASSE", "Kochbuch", "nordsee kochb"],
)
def test_c21_an_order_is_found_as_people_write_it(ole: str, database: str, text: str) -> None:
    assert found(text.format(number=ole)) == {ole}


@pytest.mark.parametrize("text", ["46,90", "46.90", "46,90 €", "€46.90", "EUR 46,90", "€ 46.90"])
def test_c21_an_amount_finds_the_orders_that_come_to_it(ole: str, database: str, text: str) -> None:
    assert found(text) == {ole}
    assert found(text, country="DE") == {ole}
    assert found(text, country="JP") == set()
    assert found("46,91") == set()


def test_c21_an_amount_finds_nothing_for_who_sees_none(ole: str, database: str) -> None:
    assert reasons("46,90", actor=WAREHOUSE) == {}


def test_c21_all_orders_of_an_amount_come_page_by_page(shop: TestShop) -> None:
    made = [shop.order().number for _n in range(7)][::-1]
    seen: list[str] = []
    page = ""
    with db.reading() as session:
        for _n in range(4):
            part = list_orders(session, OrderFilter(q="44,80", page=page), COMMAND, "en", limit=2)
            seen += numbers(part)
            page = part.older
        assert (seen, page) == (made, "")
        assert count_matching(session, OrderFilter(q="44,80"), COMMAND, "en") == "7"
        place = find_place(session, made[3], OrderFilter(q="44,80"), COMMAND, "en")[0]
        assert (place.previous, place.next) == (made[2], made[4])


def test_c21_a_row_says_what_it_was_found_by(numbers_of: dict[str, str], ole: str) -> None:
    jurgen = numbers_of["jurgen"]
    assert reasons("L-2026-0002") == {jurgen: "Packing slip L-2026-0002"}
    assert reasons("RE-2026-0002") == {jurgen: "Invoice RE-2026-0002"}
    assert reasons("jd0146")[jurgen] == "Tracking number JD0146000123456789"
    assert reasons("0170 1234")[jurgen] == "Phone +49 170 1234567"
    assert reasons("gmx.example")[jurgen] == "E-mail j.mueller@gmx.example"
    assert reasons("mueller 80331")[jurgen] == "Postcode 80331"
    assert reasons("heidestr")[ole] == "Address: Heidestraße 12"
    assert reasons("heidestr kochbuch") == {ole: "Address: Heidestraße 12 · Product: Kochbuch „Nordsee“"}
    assert reasons("heidestr", "de") == {ole: "Adresse: Heidestraße 12"}


def test_c21_a_row_that_shows_it_says_nothing_more(numbers_of: dict[str, str]) -> None:
    for text in (numbers_of["ada"], "mueller", "Łódź Café", "44,80", ""):
        assert set(reasons(text).values()) == {""}


def test_c6_a_whole_number_is_one_order_and_has_no_further_pages(numbers_of: dict[str, str]) -> None:
    with db.reading() as session:
        found = list_orders(session, OrderFilter(q=numbers_of["ada"]), COMMAND, "en")
    assert (numbers(found), found.count, found.newer, found.older) == ([numbers_of["ada"]], "1", "", "")


def test_intake_31_a_postcode_that_is_also_an_order_number_finds_both(shop: TestShop) -> None:
    first = shop.order()
    there = [shop.order(billing_address={**HEIDE, "postcode": first.number}).number for _n in range(3)]
    shop.order()
    with db.reading() as session:
        found = list_orders(session, OrderFilter(q=first.number), COMMAND, "en")
        assert numbers(found) == [first.number, *there[::-1]]
        assert (found.count, found.older) == ("4", "")
        part = list_orders(session, OrderFilter(q=first.number), COMMAND, "en", limit=2)
        assert numbers(part) == [first.number, there[2]]
        assert (
            numbers(list_orders(session, OrderFilter(q=first.number, page=part.older), COMMAND, "en"))
            == there[1::-1]
        )


@pytest.mark.parametrize(
    "kept", ["+49 40 7654321", "0049 40 7654321", "040 7654321", "+49 (0)40 765 43 21", "(040) 765-4321"]
)
@pytest.mark.parametrize("text", ["(40) 765 43-21", "040 7654321", "(040) 7654321", "040/765 43 21"])
def test_intake_31_a_phone_number_is_found_however_both_are_written(
    shop: TestShop, kept: str, text: str
) -> None:
    order = shop.order(
        customer={"email": "p@example.com", "phone": kept, "first_name": "P", "last_name": "Q"}
    )
    shop.order()
    assert found(text) == {order.number}


@pytest.mark.parametrize("text", ["+49407654321", "0049 40 7654321", "+49 (0)40 765 43 21"])
def test_intake_31_a_number_without_its_country_code_is_found_by_one_with_it(
    shop: TestShop, text: str
) -> None:
    """The telephone shows who calls with the country code; customers leave it out."""
    order = shop.order(
        customer={"email": "p@example.com", "phone": "040 / 765 43 21", "first_name": "P", "last_name": "Q"}
    )
    shop.order()
    assert found(text) == {order.number}


@pytest.mark.parametrize("kept", ["+49 40 7654321", "0049 40 7654321", "+49 (0)40 765 43 21"])
@pytest.mark.parametrize("text", ["+49 40 7654321", "0049 40 7654321", "+49 (0)40 7654321", "+49 (40) 765"])
def test_intake_31_so_is_one_with_its_country_code(shop: TestShop, kept: str, text: str) -> None:
    order = shop.order(
        customer={"email": "p@example.com", "phone": kept, "first_name": "P", "last_name": "Q"}
    )
    shop.order()
    assert found(text) == {order.number}
