"""The handlers of Settings > Users: what was done is said, whatever becomes of the page afterwards (R-3)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from order_tab import key_of
from reflex.event import EventSpec
from substates import substate

from backoffice_app.db_errors import AWAY
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Away
from backoffice_app.domain.core.rights import Role
from backoffice_app.state import notices, settings_users
from backoffice_app.state.base import RUNNING
from backoffice_app.state.settings_users import UsersState

UNREAD = "It was done, but the page could not be read anew. Load it again to see it."
ADA = {"name": "Ada", "email": "ada@example.com", "role": "staff", "password": "correct horse battery"}


class Tab:
    """An open page of the users; handlers run as the events of that tab would."""

    def __init__(self) -> None:
        self.state: Any = substate(rx.State(), UsersState)
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler."""
        RUNNING.set(OWNER)
        return asyncio.run(getattr(self.state, handler)(*arguments))


@pytest.fixture
def tab(small_shop: TestShop) -> Iterator[Tab]:
    yield Tab()
    RUNNING.set(None)


def said(answer: list[EventSpec]) -> list[tuple[str, str]]:
    """What the notices say, and of which kind they are."""
    waiting = [notices._WAITING[key_of(notice)] for notice in answer]
    return [(text.in_language("en"), kind) for text, kind, _undo, _about in waiting]


def away(*_given: object) -> None:
    """The database is away when the lists are read."""
    raise Away(AWAY)


def test_r3_a_new_key_is_shown_even_if_the_lists_cannot_be_read_anew(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.do("open", "key", 0)
    monkeypatch.setattr(settings_users, "people_page", away)

    [unread] = said(tab.do("create_key", "people//", {"name": "Shop", "orders:write": "on"}))

    assert tab.state.form == "shown-key"
    assert people.actor_of_api_key(tab.state.new_key) is not None
    assert unread[1] == notices.ERROR
    assert unread[0].endswith("Copy the key before you load the page again.")


def test_r3_a_key_is_shown_and_nothing_else_is_said_when_all_is_well(tab: Tab) -> None:
    assert not tab.do("create_key", "people//", {"name": "Shop", "orders:write": "on"})
    assert people.actor_of_api_key(tab.state.new_key) is not None
    assert [key.name for key in tab.state.page.api_keys] == ["Shop"]


def test_r3_a_key_that_is_refused_is_not_called_created(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    tab.do("open", "key", 0)
    monkeypatch.setattr(settings_users, "people_page", away)

    assert not tab.do("create_key", "people//", {"name": "", "orders:write": "on"})

    assert (tab.state.form, tab.state.new_key, tab.state.wrong_field) == ("key", "", "name")


def test_r3_a_colleague_is_called_added_even_if_the_lists_cannot_be_read_anew(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.do("open", "add", 0)
    monkeypatch.setattr(settings_users, "people_page", away)

    told = said(tab.do("add", "people//", ADA))

    assert told == [("Ada may sign in now.", notices.DONE), (UNREAD, notices.ERROR)]
    assert tab.state.form == ""
    assert [user.name for user in people.users()] == ["Ada"]


def test_r3_what_a_colleague_did_before_is_not_called_done(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The colleague is retired between the look at the page and the change; then the database goes away."""
    id_ = people.add_user(
        OWNER, email="ben@example.com", name="Ben", role=Role.STAFF, password="correct horse battery"
    )
    retire = people.retire_user

    def too_late(*given: Any) -> None:
        retire(*given)
        monkeypatch.setattr(settings_users, "people_page", away)
        retire(*given)

    monkeypatch.setattr(people, "retire_user", too_late)
    with pytest.raises(Away):
        tab.do("retire", f"user/{id_}//", {})


def test_c17_the_dialog_saves_what_was_changed_in_it_and_leaves_the_rest(tab: Tab) -> None:
    id_ = people.add_user(
        OWNER, email="ben@example.com", name="Ben", role=Role.STAFF, password="correct horse battery"
    )
    tab.do("refresh")
    tab.do("open", "person", id_)
    shown = tab.state.person
    people.change_user(OWNER, id_, language="de")  # meanwhile

    form = {"name": "Ben Beier", "email": "ben@example.com", "role": "staff", "language": shown.language}
    assert said(tab.do("change_person", shown.about, form)) == [("Ben Beier is changed.", notices.DONE)]

    [ben] = tab.state.page.people
    assert (ben.name, ben.language, ben.role) == ("Ben Beier", "de", "staff")


def test_c17_an_e_mail_that_is_taken_is_told_at_its_field(tab: Tab) -> None:
    people.add_user(
        OWNER, email="ada@example.com", name="Ada", role=Role.STAFF, password="correct horse battery"
    )
    id_ = people.add_user(
        OWNER, email="ben@example.com", name="Ben", role=Role.STAFF, password="correct horse battery"
    )
    tab.do("refresh")
    tab.do("open", "person", id_)

    form = {"name": "Ben", "email": "ada@example.com", "role": "staff", "language": "en"}
    assert not tab.do("change_person", tab.state.person.about, form)

    assert (tab.state.form, tab.state.wrong_field) == ("person", "email")
