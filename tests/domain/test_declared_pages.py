"""Pages of plain data, as plug-ins bring them: who sees them, and what one that fails costs (EXT-1, SEC-4)."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl

import pytest
from databases import OWNER, WAREHOUSE, TestShop
from sqlalchemy import literal
from sqlmodel import col, select

from backoffice_app.domain import declared_pages
from backoffice_app.domain.core.keyset import read_page as read_rows
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.declared_pages import PAGES, PageLook, page, paged_table, pages_for, read_page
from backoffice_app.domain.window.declared import Declared, buttons, declare, figures, table, text
from backoffice_app.i18n import _
from backoffice_app.models import Order
from backoffice_app.registry import forget, registering


@pytest.fixture(autouse=True)
def gone_afterwards() -> Iterator[None]:
    with registering("pages of this test"):
        yield
    forget("pages of this test")


def test_ext1_a_page_is_read_in_the_reader_s_language_with_what_its_address_says(
    small_shop: TestShop,
) -> None:
    @page("a-page", _("Orders"), rank=2)
    def a_page(look: PageLook) -> Declared:
        return declare(
            text(look.text(_("Cancel"))), text(look.values["word"]), figures(("x", look.money(1234, "EUR")))
        )

    view = read_page(replace(OWNER, language="de"), "a-page", {"word": "here"})

    assert (view.key, view.title, view.broken) == ("a-page", "Bestellungen", False)
    assert [part.words or part.rows for part in view.parts] == [
        ["Abbrechen"],
        ["here"],
        [["x", "12,34\u00a0€"]],
    ]


def test_sec4_a_page_is_there_for_who_holds_its_right_and_shows_no_amount_to_others(
    small_shop: TestShop,
) -> None:
    @page("money", _("Orders"), right=Right.PRICES)
    def money(look: PageLook) -> Declared:
        return declare(text("all of it"))

    @page("goods", _("Orders"))
    def goods(look: PageLook) -> Declared:
        return declare(text(f"[{look.money(5)}]"))

    assert [one.key for one in pages_for(WAREHOUSE)] == ["goods"]
    assert [one.key for one in pages_for(OWNER)] == ["goods", "money"]
    assert read_page(WAREHOUSE, "money", {}).key == ""
    assert read_page(WAREHOUSE, "goods", {}).parts[0].words == ["[]"]
    assert read_page(OWNER, "no-such-page", {}).key == ""


@pytest.mark.parametrize("part", [buttons("ship"), None])
def test_ext1_a_page_that_fails_says_so_and_the_log_says_why(
    small_shop: TestShop, caplog: pytest.LogCaptureFixture, part: object
) -> None:
    @page("broken", _("Orders"))
    def broken(look: PageLook) -> Declared:
        return declare(part) if part else 1 / 0  # type: ignore[arg-type,return-value]

    with caplog.at_level(logging.ERROR, "kontor.plugins"):
        assert read_page(OWNER, "broken", {}).broken
    assert "The page broken could not be read" in caplog.text


@pytest.mark.parametrize("key", ["", "Über", "a b", "A", "a/b"])
def test_ext1_a_key_that_can_stand_in_no_address_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="it stands in the address"):
        page(key, _("Orders"))
    assert key not in PAGES


def test_ext1_a_table_has_a_link_for_each_row_or_none() -> None:
    assert table(["a"], [["1"], ["2"]], ["/x", "/y"]).links == ["/x", "/y"]
    with pytest.raises(ValueError, match="2 rows needs as many links, and got 1"):
        table(["a"], [["1"], ["2"]], ["/x"])


def shown_on(look_at: dict[str, str]) -> tuple[list[str], list[str]]:
    """The order numbers on the page of all orders, and whether its ways to the other pages lead somewhere."""
    view = read_page(OWNER, "all", look_at)
    assert not view.broken
    [part] = view.parts
    return [row[0] for row in part.rows], part.pages


def test_ext1_a_table_is_paged_along_an_index_both_ways(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [small_shop.order().number for _n in range(5)]

    @page("all", _("Orders"), icon="gift", group="sales", shortcut="w")
    def all_orders(look: PageLook) -> Declared:
        orders = select(Order).where(Order.number != "0")
        return declare(
            paged_table(look, ["Order"], orders, by=col(Order.id), cells=lambda one: [one.number], up=True)
        )

    monkeypatch.setattr(declared_pages, "read_rows", partial(read_rows, limit=2))
    rows, (first, newer, older, last) = shown_on({"word": "here"})
    assert (rows, first, newer) == (numbers[:2], "", "")
    assert {older.partition("?")[0], last.partition("?")[0]} == {"/more/all"}
    rows, (first, newer, further, _last) = shown_on(dict(parse_qsl(older.partition("?")[2])))
    assert (rows, first) == (numbers[2:4], "/more/all?word=here")
    assert shown_on(dict(parse_qsl(newer.partition("?")[2])))[0] == numbers[:2]
    rows, ways = shown_on(dict(parse_qsl(further.partition("?")[2])))
    assert (rows, ways[2:]) == (numbers[4:], ["", ""])
    assert shown_on(dict(parse_qsl(last.partition("?")[2])))[0] == numbers[3:]
    assert shown_on({"page": "nonsense"})[0] == numbers[:2]


def test_ext1_a_table_is_not_paged_by_what_no_address_can_hold(
    small_shop: TestShop, caplog: pytest.LogCaptureFixture
) -> None:
    @page("all", _("Orders"))
    def all_orders(look: PageLook) -> Declared:
        return declare(
            paged_table(look, ["Order"], select(Order), by=literal(True), cells=lambda one: [one.number])
        )

    assert read_page(OWNER, "all", {}).broken
    assert "it holds bool, which can't stand in an address" in caplog.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"icon": "gifft"}, "Similar names: gift"),
        ({"group": "settings"}, "sales, customers, products, service, general"),
        ({"shortcut": "o"}, "wants the key 'o'; there are"),
        ({"shortcut": "bd"}, "wants the key 'bd'"),
        ({"shortcut": "w"}, "'w', which 'first' has"),
    ],
)
def test_ext1_a_page_that_asks_for_what_there_is_not_is_told(given: dict[str, str], said: str) -> None:
    page("first", _("Orders"), shortcut="w")(lambda look: declare())

    with pytest.raises(ValueError, match=re.escape(said)):
        page("second", _("Orders"), **given)  # type: ignore[arg-type]
