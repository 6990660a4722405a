"""The dialog `Customer mail`: preview, draft, one mail (W-8)."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from sqlmodel import Session, col, select
from substates import substate

from backoffice_app import db
from backoffice_app.domain.templates.blocks import LIST, TITLE
from backoffice_app.models import OutboxMail
from backoffice_app.state.base import RUNNING
from backoffice_app.state.customer_mail import FORM, CustomerMailState
from backoffice_app.state.order import OrderState


class Dialog:
    """The dialog over the window of an order, its handlers run as the events of that tab would."""

    def __init__(self, number: str) -> None:
        RUNNING.set(OWNER)
        root = rx.State()
        self.order: Any = substate(root, OrderState)
        self.mail: Any = substate(root, CustomerMailState)
        asyncio.run(self.order._read(number))

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler, which takes along what is shown."""
        RUNNING.set(OWNER)
        about = self.order.asked or self.order.view.about
        return asyncio.run(getattr(self.mail, handler)(about, *arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def written() -> list[OutboxMail]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(OutboxMail).where(OutboxMail.kind == "customer-mail").order_by(col(OutboxMail.id))
            ).all()
        )


def test_w8_the_preview_is_in_the_language_of_the_order_and_writes_nothing(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order().number)

    dialog.do("begin")
    dialog.do("draft", "subject", "Zu Ihrer Frage")
    dialog.do("draft", "message", "Der Becher ist blau.")

    assert (dialog.order.form, dialog.mail.language) == (FORM, "de")
    assert "Der Becher ist blau." in dialog.mail.shown_text
    assert written() == []


def test_w8_a_draft_outlives_closing_and_is_gone_once_sent(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order().number)
    dialog.do("begin")
    dialog.do("draft", "message", "Der Becher ist blau.")
    asyncio.run(dialog.order.close(dialog.order.asked, False))

    dialog.do("begin")
    assert dialog.mail.message == "Der Becher ist blau."
    once = dialog.mail.once
    dialog.do("send", {"once": once, "subject": "", "message": "Der Becher ist blau.", "language": "de"})

    assert (dialog.order.form, dialog.mail.message, dialog.mail.once) == ("", "", "")
    assert ["Der Becher ist blau." in mail.body for mail in written()] == [True]


def test_w8_what_goes_along_is_kept_with_the_draft_and_given_back_by_undo(small_shop: TestShop) -> None:
    order = small_shop.order()
    invoice = order.documents[0].number
    dialog = Dialog(order.number)
    dialog.do("begin")
    dialog.do("attach", invoice, True)
    dialog.do("attach", "terms.pdf", True)
    dialog.do("attach", "terms.pdf", False)

    again = Dialog(order.number)
    again.do("begin")
    assert again.mail.attached == [invoice]
    sent = {"once": again.mail.once, "message": "Anbei.", f"attachments.{invoice}": "on"}
    again.do("send", sent)
    assert again.mail.attached == []
    key = written()[0].key.rpartition("message-")[2]
    values = json.dumps({"once": key})
    asyncio.run(again.order.undo("a-notice", again.order.view.about, "hold-back-customer-mail", values))
    again.order.asked = ""
    again.do("begin")
    assert again.mail.attached == [invoice]


def test_w8_without_a_message_the_dialog_stays_and_says_so(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order().number)
    dialog.do("begin")

    dialog.do("send", {"once": dialog.mail.once, "subject": "Hallo", "message": "", "language": "de"})

    assert (dialog.order.form, dialog.order.wrong_field) == (FORM, "message")
    assert written() == []


def test_w8_a_draft_belongs_to_its_order(small_shop: TestShop) -> None:
    first, second = (
        small_shop.order(),
        small_shop.order(customer={"email": "bo@example.com", "last_name": "Bo"}),
    )
    dialog = Dialog(first.number)
    dialog.do("begin")
    dialog.do("draft", "message", "Nur für Ada.")
    dialog.order.asked = ""
    asyncio.run(dialog.order._read(second.number))

    dialog.do("begin")

    assert dialog.mail.message == ""


def test_w8_a_text_block_stands_at_the_end_in_the_language_of_the_mail_and_is_kept_with_the_draft(
    small_shop: TestShop,
) -> None:
    LIST.add(
        OWNER,
        {TITLE: "Dank", "text-de": "Danke, {{ order.name }}!", "text-en": "Thank you, {{ order.name }}!"},
    )
    LIST.add(OWNER, {TITLE: "Erste Zeile", "text-de": "{{ order.lines[0].name }}"})
    dialog = Dialog(small_shop.order().number)
    dialog.do("begin")
    [[thanks, title], [_line, _title]] = dialog.mail.blocks
    assert title == "Dank"

    dialog.do("draft", "message", "Hallo", dialog.mail.fresh)
    dialog.do("insert", thanks)
    assert dialog.mail.message == "Hallo\n\nDanke, Ada Kovač!"
    assert "Danke, Ada Kovač!" in dialog.mail.shown_text
    dialog.do("draft", "message", "Hall", dialog.mail.fresh - 1)
    assert dialog.mail.message == "Hallo\n\nDanke, Ada Kovač!", "what was typed before comes late"
    dialog.do("draft", "language", "en")
    dialog.do("insert", thanks)
    assert dialog.mail.message.endswith("Thank you, Ada Kovač!")

    again = Dialog(dialog.order.view.number)
    again.do("begin")
    assert (again.mail.message, again.mail.language) == (dialog.mail.message, "en")
    LIST.retire(OWNER, thanks, retired=True)
    again.do("insert", thanks)
    assert (again.mail.message, len(again.mail.blocks)) == (dialog.mail.message, 1)
    assert written() == []


def test_sec2_only_the_fields_of_the_draft_can_be_written(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order().number)
    dialog.do("begin")
    once = dialog.mail.once

    dialog.do("draft", "once", "mine-now")
    dialog.do("draft", "_number", "7")

    assert dialog.mail.once == once


def test_w21_a_mail_that_is_held_back_is_a_draft_again_and_can_be_sent_anew(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order().number)
    dialog.do("begin")
    first = {"subject": "Becher", "message": "Der Becher ist balu.", "language": "de"}
    dialog.do("send", {"once": dialog.mail.once, **first})
    key = written()[0].key.rpartition("message-")[2]
    about, values = dialog.order.view.about, json.dumps({"once": key})
    asyncio.run(dialog.order.undo("a-notice", about, "hold-back-customer-mail", values))
    assert [mail.state for mail in written()] == ["withheld"]

    dialog.order.asked = ""
    dialog.do("begin")
    assert (dialog.mail.subject, dialog.mail.message) == ("Becher", "Der Becher ist balu.")
    dialog.do("send", {"once": dialog.mail.once, **first, "message": "Der Becher ist blau."})
    assert ["blau" in mail.body for mail in written()] == [False, True]
