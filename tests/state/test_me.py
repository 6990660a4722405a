"""What colleagues choose for themselves, by the menu of each page (L-1, WCAG 2.1.4)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from substates import substate

from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import COMMAND, Role
from backoffice_app.state.base import RUNNING
from backoffice_app.state.me import Me

ADA, PASSWORD = "ada@example.com", "correct horse battery"


class Tab:
    """A tab of Ada's; each event looks her up anew, as the gate does."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.me: Any = substate(rx.State(), Me)

    def do(self, handler: str, *arguments: object) -> "Tab":
        RUNNING.set(people.actor_of_session(self.token))
        asyncio.run(getattr(self.me, handler)(*([self.me.about] if arguments else []), *arguments))
        return self


@pytest.fixture
def tab(sqlite: str) -> Iterator[Tab]:
    people.add_user(COMMAND, email=ADA, name="Ada", role=Role.READ_ONLY, password=PASSWORD)
    yield Tab(people.sign_in(ADA, PASSWORD, "192.0.2.7", "Firefox"))
    RUNNING.set(None)


def test_wcag_single_keys_stay_off_on_the_next_page(tab: Tab) -> None:
    assert tab.do("load").me.single_keys

    tab.do("choose_single_keys", False)

    assert not tab.me.single_keys
    assert not Tab(tab.token).do("load").me.single_keys


def test_l1_the_look_goes_along_and_is_one_of_those_there_are(tab: Tab) -> None:
    tab.do("choose_theme", "dark")

    assert (tab.me.theme, Tab(tab.token).do("load").me.theme) == ("dark", "dark")
    with pytest.raises(Invalid):
        tab.do("choose_theme", "</style>")
    assert tab.me.theme == "dark"
