"""The page of a ticket: dialogs write once, drafts outlive them, and nothing is sent past what changed meanwhile (T-6,
W-16).
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, select
from substates import substate

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.templates.blocks import LIST, TITLE
from backoffice_app.domain.tickets.subject import id_of_number
from backoffice_app.domain.tickets.take_in import NewTicket, take_in_ticket
from backoffice_app.models import OutboxMail
from backoffice_app.state import menu_count, tickets
from backoffice_app.state.base import RUNNING
from backoffice_app.state.menu_count import MenuCounts, follow
from backoffice_app.state.tickets import COUNT, TicketState

SHOP = Actor(ActorKind.API_KEY, "Web shop", frozenset({Right.TICKETS_WRITE}), id=7)


@pytest.fixture
def number(small_shop: TestShop) -> str:
    """The number of a ticket that waits for an answer."""
    new = NewTicket.model_validate(
        {"subject": "Paket", "message": "Wann?", "customer": {"email": "ada@example.com"}}
    )
    return take_in_ticket(SHOP, new).number


class Tab:
    """A tab on the page of a ticket, its handlers run as its events would."""

    def __init__(self, number: str, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(tickets, "path_part", lambda _state, _place: number)
        patch.setattr(tickets.hub, "watch", lambda *_told: None)
        self.state: Any = substate(rx.State(), TicketState)
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(BEN)
        return asyncio.run(getattr(self.state, handler)(*arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


@pytest.fixture
def tab(number: str, monkeypatch: pytest.MonkeyPatch) -> Tab:
    return Tab(number, monkeypatch)


def replies() -> list[OutboxMail]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(OutboxMail).where(OutboxMail.kind == "ticket-reply").order_by(col(OutboxMail.id))
            ).all()
        )


def test_t6_two_presses_of_one_dialog_answer_once(tab: Tab) -> None:
    tab.do("open", "reply")
    about, form = (
        tab.state.asked,
        {"message": "Morgen.", "language": "de", "then": "closed", "once": tab.state.once},
    )
    tab.do("send", about, form)
    tab.do("send", about, form)
    assert (len(replies()), tab.state.form, tab.state.view.state) == (1, "", "Closed")
    assert tab.state.view.why_not_reply == "The ticket is closed. Reopen it first."
    tab.do("act", "reopen-ticket", tab.state.view.about)
    tab.do("act", "reply", tab.state.view.about)  # no button does this
    assert (len(replies()), tab.state.view.state) == (1, "Answered")


def test_w16_what_is_typed_outlives_the_dialog_with_its_key_and_is_gone_once_it_is_sent(tab: Tab) -> None:
    tab.do("open", "reply")
    once = tab.state.once
    tab.do("keep", tab.state.asked, "message", "Morg", "textarea")
    tab.do("close", False)
    tab.do("open", "reply")
    assert (tab.state.drafted, tab.state.once) == ("Morg", once)
    tab.do("send", tab.state.asked, {"message": "Morgen.", "once": once})
    tab.do("open", "reply")
    assert tab.state.drafted == ""
    assert tab.state.once != once


def test_t6_a_text_block_stands_at_the_end_of_the_answer_in_its_language_and_is_kept(tab: Tab) -> None:
    LIST.add(
        OWNER, {TITLE: "Dank", "text-de": "Danke, {{ company.name }}", "text-fr": "Merci, {{ company.name }}"}
    )
    tab.do("open", "reply")
    [[block, _title]] = tab.state.blocks
    asked = tab.state.asked
    tab.do("keep", asked, "message", "Morgen.", "textarea", tab.state.fresh)
    tab.do("insert", asked, block)
    assert tab.state.drafted == "Morgen.\n\nDanke, Kontor Probe GmbH"
    tab.do("keep", asked, "message", "Morg", "textarea", tab.state.fresh - 1)  # comes late
    tab.do("keep", asked, "language", "fr", "select-one", tab.state.fresh)
    tab.do("insert", asked, block)
    whole = "Morgen.\n\nDanke, Kontor Probe GmbH\n\nMerci, Kontor Probe GmbH"
    assert tab.state.drafted == whole
    tab.do("close", False)
    tab.do("insert", asked, block)  # no dialog is open
    tab.do("open", "reply")
    assert tab.state.drafted == whole
    assert replies() == []


def test_w16_the_customer_wrote_meanwhile_so_the_first_press_shows_it_and_the_second_sends(
    tab: Tab, number: str
) -> None:
    tab.do("open", "reply")
    form = {"message": "Morgen.", "once": tab.state.once}
    with db.reading() as session:
        id_ = id_of_number(session, number)
    perform(SHOP, "receive-reply", id_, {"message": "Hat sich erledigt."})
    tab.do("send", tab.state.asked, form)
    assert (replies(), tab.state.form, len(tab.state.view.messages)) == ([], "reply", 2)
    assert tab.state.wrong.startswith("This ticket was changed meanwhile")
    tab.do("send", tab.state.asked, form)
    assert (len(replies()), tab.state.form) == (1, "")


def test_t6_a_dialog_says_what_is_wrong_with_which_field(tab: Tab) -> None:
    tab.do("open", "add-memo")
    tab.do("send", tab.state.asked, {"memo": " ", "once": tab.state.once})
    assert (tab.state.form, tab.state.wrong_field, tab.state.wrong) == (
        "add-memo",
        "memo",
        "Write a message first.",
    )


def test_t6_the_menu_counts_what_is_unanswered_for_who_reads_tickets(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(COUNT, "kept", {})
    monkeypatch.setattr(menu_count.hub, "watch", lambda *_told: None)
    page = rx.State()
    shown = substate(page, MenuCounts)
    asyncio.run(follow(page, OWNER, "de"))
    assert (shown.shown["tickets"], shown.label["tickets"]) == ("1", "1 ist unbeantwortet")
    with db.reading() as session:
        id_ = id_of_number(session, number)
    perform(BEN, "close-ticket", id_)
    asyncio.run(follow(page, READER))
    assert shown.shown["tickets"] == ""


def test_w21_an_answer_that_is_held_back_is_a_draft_again_and_can_be_sent_anew(tab: Tab) -> None:
    tab.do("open", "reply")
    tab.do("send", tab.state.asked, {"message": "Mogren.", "once": tab.state.once})
    held = json.dumps({"message": tab.state.view.messages[-1].id})
    tab.do("undo", "a-notice", tab.state.view.about, "hold-back-reply", held)
    tab.do("load")
    tab.do("open", "reply")
    assert tab.state.drafted == "Mogren."
    tab.do("send", tab.state.asked, {"message": "Morgen.", "once": tab.state.once})
    first, second = replies()
    assert (first.state, "Morgen." in second.body) == ("withheld", True)
