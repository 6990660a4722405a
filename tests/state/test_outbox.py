"""The outbox beside its open mail: the address says which, and what is done to it shows at once (M-3, M-5)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from order_tab import key_of
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds
from backoffice_app.domain.mail.write import write
from backoffice_app.domain.order import ORDER
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.outbox import OutboxState


class Tab:
    """A tab at an address of the outbox; handlers run as its events would."""

    def __init__(self, address: str = "/outbox") -> None:
        self.root = rx.State()
        self.state: Any = substate(self.root, OutboxState)
        self.go(address)

    def go(self, address: str) -> None:
        """The address changes, and the page is loaded."""
        query = dict(part.split("=") for part in address.partition("?")[2].split("&") if part)
        self.root.router = RouterData.from_router_data(
            {"pathname": "/outbox", "asPath": address, "query": query, "token": "t", "headers": {}}
        )
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler."""
        RUNNING.set(OWNER)
        return asyncio.run(getattr(self.state, handler)(*arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def fill(shop: TestShop, number: int) -> None:
    """So many mails of one order."""
    order = shop.order()
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        for n in range(number):
            write(w, kinds.SHIPPED, locked, about=f"test-{n}")


def test_m5_the_mails_above_and_below_the_open_one_are_known(small_shop: TestShop) -> None:
    fill(small_shop, 3)
    tab = Tab()
    addresses = [row[-1] for row in tab.state.rows]
    assert (tab.state.newer_mail, tab.state.older_mail) == ("", "")

    for at, address in enumerate(addresses):
        tab.go(address)
        assert str(tab.state.mail.id) == tab.state.rows[at][0] == tab.state.opened
        above, below = addresses[at - 1] if at else "", addresses[at + 1] if at + 1 < len(addresses) else ""
        assert (tab.state.newer_mail, tab.state.older_mail) == (above, below)
    tab.go(tab.state.closed)
    assert (tab.state.mail.id, tab.state.closed) == (0, "/outbox")


def test_m3_what_is_done_to_the_open_mail_shows_beside_the_list(small_shop: TestShop) -> None:
    fill(small_shop, 1)
    tab = Tab(Tab().state.rows[0][-1])

    [said] = tab.do("act", "hold-back", tab.state.mail.about)
    assert notices._WAITING[key_of(said)][0].in_language("en") == "The mail is held back."
    assert (tab.state.mail.state, tab.state.mail.can_release, tab.state.rows[0][3]) == (
        "Held back",
        True,
        "Held back",
    )


def test_m3_a_refusal_is_said_and_the_mail_shown_as_it_is(small_shop: TestShop) -> None:
    """A colleague was faster."""
    fill(small_shop, 1)
    tab, other = Tab(Tab().state.rows[0][-1]), Tab(Tab().state.rows[0][-1])
    other.do("act", "hold-back", other.state.mail.about)

    [said] = tab.do("act", "hold-back", tab.state.mail.about)
    text, kind, *_rest = notices._WAITING[key_of(said)]
    assert (text.in_language("en"), kind) == ("The mail is held back already.", notices.REFUSED)
    assert tab.state.mail.state == "Held back"


def test_r3_what_was_done_is_said_even_if_the_page_cannot_be_read_anew(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(small_shop, 1)
    tab = Tab(Tab().state.rows[0][-1])

    async def away(*_given: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(type(tab.state), "_read", away)
    done, unread = tab.do("act", "hold-back", tab.state.mail.about)
    assert [notices._WAITING[key_of(one)][0].in_language("en") for one in (done, unread)] == [
        "The mail is held back.",
        "It was done, but the page could not be read anew. Load it again to see it.",
    ]
