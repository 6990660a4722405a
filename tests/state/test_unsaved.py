"""What is typed into a page of the settings and not saved: counted, kept, saved or thrown away (W-16)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from order_tab import key_of
from reflex.istate.data import RouterData
from sqlmodel import func, select
from substates import substate

from backoffice_app.db import reading
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.settings import SERIES
from backoffice_app.models import Draft
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.settings_shop import PAGES, SETTINGS, ShopState, _as_asked

PATHS = {"administration": "/settings/advanced/administration"}


class Tab:
    """An open page of the settings; handlers run as its events would."""

    def __init__(self, page: str) -> None:
        self.root = rx.State()
        self.state: Any = substate(self.root, ShopState)
        self.go(page)

    def go(self, page: str) -> None:
        """One goes to a page, and it is loaded."""
        path = PATHS.get(page, f"/settings/{page}")
        self.root.router = RouterData.from_router_data(
            {"pathname": path, "asPath": path, "query": {}, "token": "t", "headers": {}}
        )
        self.page = page
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler."""
        RUNNING.set(OWNER)
        return asyncio.run(getattr(self.state, handler)(*arguments))

    def type(self, field: str, text: str, drawn: int | None = None) -> None:
        """Tells what a field says; `drawn`: as of fields that may be gone."""
        self.do(
            "keep", Shown(SETTINGS, self.page).text, self.state.fresh if drawn is None else drawn, field, text
        )

    def save(self, section: str = "company") -> Any:
        """The form with all that is typed, as its page sends it."""
        values = {
            name: text for key in PAGES[self.page] for name, text in self.state.shown[key].items()
        } | dict(self.state.typed)
        handler = {SERIES: "save_starts"}.get(section, f"save_{section}")
        return self.do(handler, "", dict(self.state.seen[section]), values)

    def discard(self) -> None:
        """`Discard`."""
        self.do("discard", Shown(SETTINGS, self.page).text)


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def drafts() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Draft)).one()


def stored(section: str = "company") -> dict[str, str]:
    return domain.settings_page(OWNER).forms[section]


def test_w16_what_is_typed_is_counted_and_there_again_until_it_is_saved(small_shop: TestShop) -> None:
    tab = Tab("company")
    assert (tab.state.page, tab.state.unsaved) == ("company", "")
    tab.type("city", "Kiel")
    assert tab.state.unsaved == "1 change not saved"
    tab.type("phone", "+49 431 1")
    assert tab.state.unsaved == "2 changes not saved"

    tab.go("languages")
    assert (tab.state.page, tab.state.unsaved, tab.state.typed) == ("languages", "", {})
    other = Tab("company")  # another tab, or the server was started anew
    assert (other.state.typed, other.state.unsaved) == (
        {"city": "Kiel", "phone": "+49 431 1"},
        "2 changes not saved",
    )
    other.save()

    assert (other.state.unsaved, other.state.typed, drafts()) == ("", {}, 0)
    assert (stored()["city"], stored()["phone"]) == ("Kiel", "+49 431 1")
    assert Tab("company").state.unsaved == ""


def test_w16_a_setting_that_a_colleague_saved_meanwhile_is_asked_with_their_name(
    small_shop: TestShop,
) -> None:
    tab, colleague = Tab("company"), Actor(OWNER.kind, "Olga", OWNER.rights, id=77)
    domain.save(colleague, domain.COMPANY, {"city": "Kiel"}, {})
    tab.type("city", "Lübeck")
    tab.save()
    told = f"{colleague.name} changed this to “Kiel” just now. To overwrite it, save again."
    assert (tab.state.errors, stored()["city"]) == ({"city": told}, "Kiel")
    tab.save()
    assert (tab.state.errors, stored()["city"]) == ({}, "Lübeck")


def test_w16_a_draft_of_yesterday_tells_what_a_colleague_saved_since_and_a_save_overwrites_it(
    small_shop: TestShop,
) -> None:
    tab = Tab("company")
    tab.type("city", "Lübeck")
    tab.type("phone", "+49 431 1")
    tab.type("city", "Lübeck-Travemünde")
    domain.save(OWNER, domain.COMPANY, {"city": "Kiel"}, {})  # a colleague does

    later = Tab("company")  # on another day: what is typed is there again, and beside it what is stored
    assert later.state.typed == {"city": "Lübeck-Travemünde", "phone": "+49 431 1"}
    told = "A colleague changed this to “Kiel” since you typed here. To overwrite it, save."
    assert (later.state.errors, later.state.wrong) == ({"city": told}, told)
    assert Tab("company").state.errors == {"city": told}, "it is told until it is decided"
    later.type("city", "Kiel")
    assert (Tab("company").state.errors, Tab("company").state.typed) == ({}, {"phone": "+49 431 1"})

    later.type("city", "Lübeck")
    later.save()
    assert (later.state.errors, stored()["city"], stored()["phone"]) == ({}, "Lübeck", "+49 431 1")
    assert Tab("company").state.errors == {}


def test_w16_what_a_colleague_saved_elsewhere_or_alike_needs_no_question(small_shop: TestShop) -> None:
    tab = Tab("company")
    tab.type("city", "Kiel")
    tab.type("phone", "1")
    domain.save(OWNER, domain.COMPANY, {"city": "Kiel", "website": "https://shop.example.com"}, {})

    later = Tab("company")
    assert (later.state.errors, later.state.typed) == ({}, {"phone": "1"})
    later.save()
    assert (stored()["phone"], stored()["website"]) == ("1", "https://shop.example.com")


def test_w16_what_is_typed_back_is_no_change(small_shop: TestShop) -> None:
    tab = Tab("company")
    city = stored()["city"]
    tab.type("city", "Kiel")
    tab.type("phone", "1")

    tab.type("city", city)
    assert (tab.state.typed, Tab("company").state.typed) == ({"phone": "1"}, {"phone": "1"})
    tab.type("phone", stored()["phone"])
    assert (tab.state.unsaved, drafts()) == ("", 0)


def test_w16_discard_draws_the_fields_anew_and_what_was_told_of_the_old_ones_is_nothing(
    small_shop: TestShop,
) -> None:
    tab = Tab("company")
    tab.type("iban", "DE1")
    tab.save()
    assert list(tab.state.errors) == ["iban"]
    drawn = tab.state.fresh

    tab.discard()
    assert (tab.state.typed, tab.state.unsaved, tab.state.errors, tab.state.wrong, drafts()) == (
        {},
        "",
        {},
        "",
        0,
    )
    assert tab.state.fresh == drawn + 1
    tab.type("iban", "DE1", drawn)
    assert (tab.state.unsaved, drafts()) == ("", 0)


def test_w16_all_that_is_wrong_stands_at_its_field_at_once_and_stays_typed(small_shop: TestShop) -> None:
    tab, before = Tab("company"), stored()
    for field, text in (("iban", "DE1"), ("email", "hallo"), ("city", "Kiel")):
        tab.type(field, text)

    tab.save()
    assert sorted(tab.state.errors) == ["email", "iban"]
    assert tab.state.wrong in tab.state.errors.values()
    assert (tab.state.tries, stored()) == (1, before)
    assert tab.state.unsaved == "3 changes not saved"
    tab.type("iban", "DE89 3704 0044 0532 0130 00")
    tab.type("email", "shop@example.com")
    tab.save()
    assert (tab.state.errors, tab.state.unsaved, stored()["city"]) == ({}, "", "Kiel")


def test_w16_how_it_was_written_when_it_was_saved_is_no_change(small_shop: TestShop) -> None:
    """The field still says it so, and the browser may tell it once more."""
    tab, typed = Tab("company"), "DE89 3704 0044 0532 0130 00"
    tab.type("iban", typed)
    tab.save()
    tab.type("iban", typed)
    assert (tab.state.unsaved, drafts()) == ("", 0)


def test_w16_of_a_page_with_two_sections_the_changed_ones_are_saved(small_shop: TestShop) -> None:
    tab = Tab("administration")
    tab.type("payment_days", "7")
    assert tab.save(SERIES) is None
    [said] = [tab.save("administration")]
    assert notices._WAITING[key_of(said)][0].in_language("en") == "Saved."
    assert (stored("administration")["payment_days"], tab.state.unsaved) == ("7", "")

    tab.type("payment_days", "never")
    tab.type("credit note", "0")
    tab.save("administration")
    tab.save(SERIES)
    assert sorted(tab.state.errors) == ["credit note", "payment_days"]


def test_w16_a_box_is_a_change_when_it_is_ticked_or_not(small_shop: TestShop) -> None:
    tab = Tab("languages")
    tab.type("offer-de", "on")
    assert tab.state.unsaved == ""
    tab.type("offer-de", "")
    tab.type("offer-nl", "")
    assert tab.state.unsaved == "2 changes not saved"
    tab.type("offer-de", "on")
    assert (tab.state.unsaved, tab.state.typed) == ("1 change not saved", {"offer-nl": ""})


def test_w16_what_no_page_has_or_another_page_tells_is_not_kept(small_shop: TestShop) -> None:
    tab = Tab("company")
    tab.type("made-up", "x")
    tab.type("sender", "shop@example.com")
    tab.page = "mail"
    tab.type("sender", "shop@example.com")
    assert (tab.state.unsaved, drafts()) == ("", 0)


def test_w16_no_two_fields_of_the_settings_have_one_name(small_shop: TestShop) -> None:
    """What is typed and what is wrong is known by the name of the field alone."""
    forms = domain.settings_page(OWNER).forms
    names = [
        name
        for sections in PAGES.values()
        for section in sections
        for name in _as_asked(section, forms[section])
    ]
    assert len(names) == len(set(names)) > 40
