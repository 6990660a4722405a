"""What was typed into a dialog and not saved outlives the tab and the server (W-16)."""

import pytest
from databases import BEN, OWNER, TestShop
from order_tab import Tab, told
from sqlmodel import func, select

from backoffice_app.db import reading
from backoffice_app.domain import drafts
from backoffice_app.domain.core.shown import Shown
from backoffice_app.models import Draft


def test_w16_what_is_typed_is_there_again_in_another_tab_and_gone_once_saved(shop: TestShop) -> None:
    order = shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    tab.press("keep", tab.about(), "", "city", "Bremen", "text")
    tab.press("keep", tab.about(), "", "name", "Ada Neu", "text")

    after = Tab(OWNER, order.number).show()  # the server was started anew
    assert after.blocks.warnings.draft == ["billing", ""]
    after.do("open", "billing", "")
    assert after.state.drafted == {"city": "Bremen", "name": "Ada Neu"}
    told(
        after.do(
            "act", "edit-address", {"kind": "billing", "name": "Ada Neu", "city": "Bremen", "country": "DE"}
        )
    )

    assert after.blocks.warnings.draft == []
    after.do("open", "billing", "")
    assert after.state.drafted == {}


def test_w16_a_draft_is_of_one_person_and_one_dialog(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    tab.press("keep", tab.about(), "", "city", "Bremen", "text")

    tab.do("open", "hold", "")
    assert tab.state.drafted == {}
    ben = Tab(BEN, order.number).show()
    ben.do("open", "billing", "")
    assert (ben.state.drafted, ben.blocks.warnings.draft) == ({}, [])


@pytest.mark.parametrize(("form", "field"), [("add-note", "note"), ("add-task", "description")])
def test_w16_a_note_and_a_task_that_were_begun_outlive_escape(
    small_shop: TestShop, form: str, field: str
) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", form, "")
    tab.press("keep", tab.about(), "", field, "She calls back on Friday.", "textarea")

    tab.press("close", tab.about(), False)
    assert tab.blocks.warnings.draft == [form, ""]
    tab.do("open", form, "")
    assert tab.state.drafted == {field: "She calls back on Friday."}


def test_w16_what_is_told_after_the_dialog_was_closed_is_offered_all_the_same(small_shop: TestShop) -> None:
    """The browser tells what was typed half a second after the last key: Escape may come before."""
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", "add-note", "")
    about = tab.about()
    tab.press("close", about, False)
    assert tab.blocks.warnings.draft == []
    tab.press("keep", about, "", "note", "She calls back.", "textarea")
    assert tab.blocks.warnings.draft == ["add-note", ""]


def test_w16_closing_the_dialog_of_an_amount_throws_away_what_was_typed(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", "pay", "")
    tab.press("keep", tab.about(), "", "amount", "20", "text")

    tab.press("close", tab.about(), False)
    tab.show()

    assert (tab.state.form, tab.blocks.warnings.draft) == ("", [])


def test_w16_what_no_page_has_is_not_kept_and_a_person_keeps_only_so_much(small_shop: TestShop) -> None:
    """Anybody who may look could fill the disk."""
    for shown, which, field in [
        (Shown("order", "1" * 100, "", "billing"), "", "city"),
        (Shown("order", "10001", "", "f" * 100), "", "city"),
        (Shown("order", "10001", "", "billing"), "w" * 100, "city"),
        (Shown("order", "10001", "", "billing"), "", "f" * 100),
    ]:
        drafts.keep(BEN, shown, which, {field: "Bremen"})
    assert kept() == 0

    whole = Shown("order", "10001", "", "billing")
    for n in range(10):
        drafts.keep(BEN, whole, "", {f"field{n}": "x" * 30_000})
    assert sum(map(len, drafts.draft_of(BEN, whole).values())) == drafts.LONGEST_WHOLE

    for n in range(drafts.MOST_DRAFTS + 5):
        drafts.keep(BEN, Shown("order", str(n), "", "hold"), "", {"reason": "later"})
    assert kept() == drafts.MOST_DRAFTS
    assert drafts.draft_of(BEN, whole) == {}, "the oldest went"
    assert drafts.draft_of(BEN, Shown("order", str(n), "", "hold")) == {"reason": "later"}


def test_w16_a_dialog_that_there_is_not_has_no_draft(small_shop: TestShop) -> None:
    number = small_shop.order().number
    tab = Tab(BEN, number).show()

    tab.press("keep", Shown("order", number, "1", "made-up").text, "", "city", "Bremen", "text")

    assert kept() == 0


def kept() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Draft)).one()


def test_w16_a_choice_is_no_text_and_a_draft_of_another_part_is_none(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    shown = Shown("order", order.number, "1", "part-shipment")
    tab = Tab(OWNER, order.number).show()

    tab.press("keep", shown.text, "L-2026-0001", "shipped", "on", "checkbox")
    assert drafts.draft_of(OWNER, shown, "L-2026-0001") == {}
    tab.press("keep", shown.text, "L-2026-0001", "quantities.1", "2", "text")
    assert drafts.draft_of(OWNER, shown, "L-2026-0001") == {"quantities.1": "2"}
    assert drafts.draft_of(OWNER, shown, "L-2026-0002") == {}


def test_sec2_a_draft_has_an_end(small_shop: TestShop) -> None:
    shown = Shown("order", "10001", "1", "hold")

    drafts.keep(OWNER, shown, "", {f"field {n}": "x" for n in range(500)} | {"field 1": "y\0" * 50_000})

    kept = drafts.draft_of(OWNER, shown)
    assert len(kept) == drafts.MOST
    assert len(kept["field 1"]) == drafts.LONGEST


def test_w16_what_is_told_after_it_was_saved_or_discarded_makes_no_draft(small_shop: TestShop) -> None:
    """The browser tells what was typed half a second after the last key: the press that saves it may come before."""
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", "billing", "")
    about = tab.about()
    tab.do("act", "edit-address", {"kind": "billing", "name": "Ada", "city": "Bremen", "country": "DE"})
    tab.press("keep", about, "", "city", "Bremen", "text")
    tab.do("open", "billing", "")
    assert tab.state.drafted == {}
    about = tab.about()
    tab.press("discard", about, "billing")
    tab.press("keep", about, "", "city", "Köln", "text")
    tab.do("open", "billing", "")
    assert tab.state.drafted == {}
    tab.press("keep", tab.about(), "", "city", "Köln", "text")
    tab.press("close", tab.about(), False)
    assert list(tab.blocks.warnings.draft) == ["billing", ""]
