"""Pages of plain data, as plug-ins bring them: who sees them, and what one that fails costs (EXT-1, SEC-4)."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from databases import OWNER, WAREHOUSE, TestShop

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.declared_pages import PAGES, PageLook, page, pages_for, read_page
from backoffice_app.domain.window.declared import Declared, buttons, declare, figures, table, text
from backoffice_app.i18n import _
from backoffice_app.registry import forget, registering


@pytest.fixture(autouse=True)
def gone_afterwards() -> Iterator[None]:
    with registering("pages of this test"):
        yield
    forget("pages of this test")


def test_ext1_a_page_is_read_in_the_reader_s_language_with_what_its_address_says(small_shop: TestShop) -> None:
    @page("a-page", _("Orders"), rank=2)
    def a_page(look: PageLook) -> Declared:
        return declare(text(look.text(_("Cancel"))), text(look.values["word"]), figures(("x", look.money(1234, "EUR"))))

    view = read_page(replace(OWNER, language="de"), "a-page", {"word": "here"})

    assert (view.key, view.title, view.broken) == ("a-page", "Bestellungen", False)
    assert [part.words or part.rows for part in view.parts] == [["Abbrechen"], ["here"], [["x", "12,34\u00a0€"]]]


def test_sec4_a_page_is_there_for_who_holds_its_right_and_shows_no_amount_to_others(small_shop: TestShop) -> None:
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
def test_ext1_a_page_that_fails_says_so_and_the_log_says_why(small_shop: TestShop, caplog: pytest.LogCaptureFixture, part: object) -> None:
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
