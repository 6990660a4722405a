"""The handlers of Settings: one domain call each, and what is wrong at its field (INV-1, M-4, SEC-2)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, TestShop
from order_tab import key_of
from reflex.event import EventSpec
from substates import substate

from backoffice_app.db_errors import AWAY
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.errors import Away, Refused
from backoffice_app.domain.settings import SERIES
from backoffice_app.settings import settings
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.settings_shop import ShopState


def said(notice: EventSpec) -> tuple[str, str]:
    """What a notice says, and of which kind it is."""
    text, kind, _undo, _about = notices._WAITING[key_of(notice)]
    return text.in_language("en"), kind


class Tab:
    """An open page of the settings; handlers run as the events of that tab would."""

    def __init__(self) -> None:
        self.state: Any = substate(rx.State(), ShopState)
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler; what saves a section takes along what the page shows of it."""
        RUNNING.set(OWNER)
        section = {"save_starts": SERIES}.get(handler, handler.removeprefix("save_"))
        shown = ("", dict(self.state.seen[section])) if handler.startswith("save_") else ()
        return asyncio.run(getattr(self.state, handler)(*shown, *arguments))

    def form(self, section: str, **typed: str) -> dict[str, str]:
        return {**self.state.shown[section], **typed}


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def test_what_is_wrong_stands_at_its_field_and_is_gone_once_saved(small_shop: TestShop) -> None:
    tab = Tab()

    assert tab.do("save_company", tab.form("company", iban="DE89370400440532013001")) is None
    assert list(tab.state.errors) == ["iban"]
    assert tab.state.errors["iban"].startswith("This IBAN has a typo")
    assert tab.do("save_company", tab.form("company", iban="DE89 3704 0044 0532 0130 00")) is not None

    assert (tab.state.wrong, tab.state.errors) == ("", {})
    assert tab.state.shown["company"]["iban"] == "DE89370400440532013000"


def test_a_field_can_be_emptied(small_shop: TestShop) -> None:
    tab = Tab()

    tab.do("save_company", tab.form("company", email=""))

    assert tab.state.shown["company"]["email"] == ""


def test_the_second_of_two_tabs_is_told_and_may_overwrite(small_shop: TestShop) -> None:
    first, second = Tab(), Tab()
    first.do("save_company", first.form("company", city="Kiel"))
    typed = second.form("company", city="Lübeck")

    second.do("save_company", typed)
    assert (list(second.state.errors), "Kiel" in second.state.errors["city"]) == (["city"], True)
    second.do("save_company", typed)

    assert domain.settings_page(OWNER).forms["company"]["city"] == "Lübeck"


def test_what_is_typed_stays_when_the_tab_reconnects_and_nothing_changed(small_shop: TestShop) -> None:
    tab, other = Tab(), Tab()
    before = tab.state.fresh

    tab.do("load")
    assert tab.state.fresh == before
    other.do("save_company", other.form("company", city="Kiel"))
    tab.do("load")

    assert tab.state.fresh == before + 1


def test_l3_the_languages_offered_come_from_their_boxes(small_shop: TestShop) -> None:
    tab = Tab()
    form = {"language": "de", "currency": "EUR", "zone": "Europe/Berlin"}

    tab.do("save_regional", form | {"offer-de": "on", "offer-nl": "on", "offer-en": False})
    assert tab.state.shown["regional"]["document_languages"] == "de,nl"
    tab.do("save_regional", form)

    assert list(tab.state.errors) == ["document_languages"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("smtp+starttls://kontor:geheim@mail.example.com", "mail.example.com:587 (STARTTLS)"),
        ("smtps://mail.example.com", "mail.example.com:465 (TLS)"),
        ("smtp://kontor:ge/heim@mail.example.com", "?"),
        ("http://geheim", "?"),
    ],
)
def test_m4_the_mail_server_is_named_without_its_password(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch, url: str, shown: str
) -> None:
    monkeypatch.setattr(settings(), "smtp_url", url)
    tab = Tab()

    assert tab.state.server == shown
    assert "heim" not in str(tab.state.get_delta())


def test_m4_the_tab_keeps_no_password_and_empties_its_field(small_shop: TestShop) -> None:
    tab = Tab()
    typed = tab.form("mailserver", host="mail.example.com", user="shop", password="top-secret")

    assert tab.do("save_mailserver", {**typed, "port": "0"}) is None
    assert list(tab.state.errors) == ["port"]
    assert said(tab.do("save_mailserver", typed))[0] == "Saved."

    assert tab.state.secrets == {"mailserver/password": "kept"}
    assert tab.state.shown["mailserver"] == {
        "host": "mail.example.com",
        "port": "",
        "tls": "STARTTLS",
        "user": "shop",
    }
    assert "top-secret" not in str(tab.state.dict()) + str(tab.state.get_delta())


def test_sec2_who_is_not_the_owner_gets_nothing(small_shop: TestShop) -> None:
    tab = Tab()
    RUNNING.set(BEN)

    with pytest.raises(Refused):
        asyncio.run(tab.state._read())
    assert asyncio.run(tab.state.save_company("settings/company//", {}, {"name": "Mine"})) is None

    assert tab.state.wrong.startswith("You do not have the right")
    assert domain.settings_page(OWNER).forms["company"]["name"] == "Kontor Probe GmbH"


def test_r3_what_was_saved_is_said_even_if_the_page_cannot_be_read_anew(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab()
    before = tab.form("company", city="Kiel")

    def away(_actor: object) -> None:
        raise Away(AWAY)

    with monkeypatch.context() as database:
        database.setattr(domain, "settings_page", away)
        done, unread = tab.do("save_company", before)

    assert said(done) == ("Saved.", notices.DONE)
    assert said(unread) == (
        "It was done, but the page could not be read anew. Load it again to see it.",
        notices.ERROR,
    )
    assert domain.settings_page(OWNER).forms["company"]["city"] == "Kiel"
    assert said(tab.do("save_company", before | {"city": "Lübeck"}))[0] == "Saved.", (
        "its own change is no news to the tab"
    )
