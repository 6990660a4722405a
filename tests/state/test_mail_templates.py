"""The editor of a template and the mail settings, their handlers run as the events of a tab (M-1, M-4)."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain import settings
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.kinds import SHIPPED
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.domain.templates.blocks import LIST, TITLE
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.mail_templates import TemplatesState, TemplateState
from backoffice_app.state.settings_mail import MailSettingsState
from backoffice_app.state.settings_shop import SETTINGS, ShopState
from backoffice_app.state.text_blocks import BLOCKS, TextBlocksState


class Tab:
    """A tab of the owner at an address."""

    def __init__(self, path: str, **query: str) -> None:
        RUNNING.set(OWNER)
        self.root = rx.State()
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        at = {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "token": "t", "headers": {}}
        self.root.router = RouterData.from_router_data(at)

    def state(self, of: type[rx.State]) -> Any:
        return substate(self.root, of)


def do(state: Any, handler: str, *arguments: object) -> Any:
    RUNNING.set(OWNER)
    return asyncio.run(getattr(state, handler)(*arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def test_w8_text_blocks_are_kept_in_a_tab_of_their_own(small_shop: TestShop) -> None:
    del small_shop
    listed, page = (
        Tab("/mail-templates", tab="text-blocks").state(TemplatesState),
        Tab("/mail-templates").state(TextBlocksState),
    )
    do(listed, "load")
    do(page, "load")
    assert (listed.tab, listed.rows, page.ready, page.rows) == ("text-blocks", [], True, [])

    do(page, "open", "add", "")
    do(page, "add", Shown(BLOCKS, "").text, {TITLE: "Dank", "text-de": "{{ nope }}"})
    assert (page.form, page.wrong_field, page.wrong) == ("add", "text-de", "Line 1: there is no nope.")
    do(page, "add", Shown(BLOCKS, "").text, {TITLE: "Dank", "text-de": "Danke"})
    assert (page.form, [row.name for row in page.rows]) == ("", ["Dank"])
    do(page, "open", "block", page.rows[0].id)
    do(page, "save", page.chosen.about, page.seen, {**page.seen, TITLE: "Danke"})
    do(page, "change", page.rows[0].about, "retire")
    assert [(row.name, row.is_retired) for row in page.rows] == [("Danke", True)]


def test_w16_a_text_block_that_a_colleague_saved_meanwhile_is_asked_with_their_name(
    small_shop: TestShop,
) -> None:
    del small_shop
    page, colleague = (
        Tab("/mail-templates").state(TextBlocksState),
        Actor(OWNER.kind, "Olga", OWNER.rights, id=77),
    )
    do(page, "load")
    do(page, "add", Shown(BLOCKS, "").text, {TITLE: "Dank", "text-de": "Danke"})
    do(page, "open", "block", page.rows[0].id)
    LIST.save(colleague, page.rows[0].id, {**page.seen, TITLE: "Theirs"}, page.seen)
    do(page, "save", page.chosen.about, page.seen, {**page.seen, TITLE: "Mine"})
    assert (page.wrong_field, page.wrong) == (
        TITLE,
        "Olga changed this to “Theirs” just now. To overwrite it, save again.",
    )


def test_m1_the_list_has_two_tabs(small_shop: TestShop) -> None:
    del small_shop
    by_itself, by_hand = (
        Tab("/mail-templates").state(TemplatesState),
        Tab("/mail-templates", tab="e-mail").state(TemplatesState),
    )
    do(by_itself, "load")
    do(by_hand, "load")
    assert [row.key for row in by_hand.rows] == ["order-status", "reminder", "customer-mail", "ticket-reply"]
    assert "tracking" in [row.key for row in by_itself.rows]


def test_m1_the_preview_follows_what_is_typed_and_a_bad_text_stands_at_its_field(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    editor = Tab("/mail-templates/shipped", language="de").state(TemplateState)
    do(editor, "load")
    assert (editor.order, editor.view.language, editor.preview.wrong) == (order.number, "de", "")

    do(editor, "typed", editor.view.about, "de", "body", "Hallo {{ order.name }}")
    assert "Hallo Ada Kovač" in editor.preview.html
    do(editor, "insert", editor.view.about, "{{ order.total }}")
    assert editor.body == "Hallo {{ order.name }} {{ order.total }}"
    do(editor, "insert", editor.view.about, "{{ self }}")
    assert editor.body == "Hallo {{ order.name }} {{ order.total }}"

    do(
        editor,
        "save",
        editor.view.about,
        "de",
        {"subject": "Los", "body": "{{ order.name }", "documents": "on"},
    )
    assert (editor.wrong_field, editor.view.is_own) == ("body", False)
    do(
        editor,
        "save",
        editor.view.about,
        "de",
        {"subject": "Los", "body": "Hallo {{ order.name }}", "documents": "on"},
    )
    assert (editor.wrong, editor.view.is_own, editor.view.documents) == ("", True, True)
    do(editor, "switch", editor.view.about, False)
    assert not editor.view.on
    do(editor, "reset_text", editor.view.about, "de")
    assert (editor.view.is_own, editor.body) == (False, editor.view.body)


def test_w16_what_two_change_of_one_mail_goes_together_and_one_text_that_both_changed_is_asked(
    small_shop: TestShop,
) -> None:
    del small_shop
    mine, theirs = (Tab("/mail-templates/shipped", language="de").state(TemplateState) for _who in range(2))
    do(mine, "load")
    do(theirs, "load")
    body, subject = mine.body, mine.subject
    do(theirs, "save", theirs.asked, "de", {"subject": "Ist unterwegs", "body": body, "documents": "on"})
    do(mine, "refresh")
    do(mine, "save", mine.asked, "de", {"subject": subject, "body": "Hallo {{ order.name }}"})

    assert (mine.wrong, mine.subject, mine.body, mine.view.documents) == (
        "",
        "Ist unterwegs",
        "Hallo {{ order.name }}",
        False,
    )

    do(theirs, "refresh")
    do(
        theirs,
        "save",
        theirs.asked,
        "de",
        {"subject": "Ist unterwegs", "body": "Guten Tag", "documents": "on"},
    )
    assert theirs.wrong_field == "body"
    assert "Hallo {{ order.name }}" in theirs.wrong
    do(mine, "refresh")
    assert mine.view.body == "Hallo {{ order.name }}", "nothing was overwritten unseen"

    do(
        theirs,
        "save",
        theirs.asked,
        "de",
        {"subject": "Ist unterwegs", "body": "Guten Tag", "documents": "on"},
    )
    assert (theirs.wrong, theirs.view.body) == ("", "Guten Tag")


def test_w16_a_text_that_is_typed_and_not_saved_is_there_again(small_shop: TestShop) -> None:
    del small_shop

    def opened(language: str = "de") -> Any:
        editor = Tab("/mail-templates/shipped", language=language).state(TemplateState)
        do(editor, "load")
        return editor

    first = opened()
    stored = first.body
    do(first, "typed", first.view.about, "de", "body", "Ist unterwegs.")
    do(first, "typed", first.view.about, "en", "body", "of another language, comes late")
    assert (opened("en").kept, opened().kept, opened().body) == (False, True, "Ist unterwegs.")

    again = opened()
    do(again, "discard", again.view.about)
    assert (again.body, opened().kept) == (stored, False)

    do(again, "typed", again.view.about, "de", "body", "Ist jetzt unterwegs.")
    last = opened()
    do(last, "save", last.asked, "de", {"subject": last.subject, "body": last.body, "documents": "on"})
    assert (last.wrong, last.kept, opened().body, opened().kept) == ("", False, "Ist jetzt unterwegs.", False)


def test_w16_a_draft_does_not_overwrite_unseen_what_a_colleague_saved_since(small_shop: TestShop) -> None:
    del small_shop
    mine = Tab("/mail-templates/shipped", language="de").state(TemplateState)
    do(mine, "load")
    do(mine, "typed", mine.view.about, "de", "body", "Doch meins")
    theirs = {"language": "de", "body": "Ihres"}
    perform(OWNER, "save-mail-template", id_of("shipped"), theirs, subject=TEMPLATE)
    later = Tab("/mail-templates/shipped", language="de").state(TemplateState)
    do(later, "load")
    assert later.body == "Doch meins"
    do(later, "save", later.asked, "de", {"subject": later.subject, "body": later.body, "documents": "on"})
    assert later.wrong_field == "body"
    assert "Ihres" in later.wrong


def test_w21_a_text_that_was_reset_comes_back_by_undo(small_shop: TestShop) -> None:
    del small_shop
    editor = Tab("/mail-templates/shipped", language="de").state(TemplateState)
    do(editor, "load")
    do(editor, "save", editor.asked, "de", {"subject": "Los", "body": "Ist weg.", "documents": "on"})
    answer = do(editor, "reset_text", editor.view.about, "de")
    told = notices._WAITING[str(answer.args[0][1]._var_value)]
    assert (editor.view.is_own, told[2] is not None) == (False, True)

    do(editor, "undo", "a-notice", told[3].text, told[2].key, json.dumps(dict(told[2].values)))
    assert (editor.view.is_own, editor.subject, editor.body) == (True, "Los", "Ist weg.")


def test_m1_there_is_no_editor_of_a_mail_that_is_none(small_shop: TestShop) -> None:
    del small_shop
    editor = Tab("/mail-templates/nothing").state(TemplateState)
    do(editor, "load")
    assert (editor.ready, editor.missing) == (False, True)


def test_m4_without_a_mail_server_the_test_mail_says_so(small_shop: TestShop) -> None:
    del small_shop
    page = Tab("/settings/mail").state(MailSettingsState)
    do(page, "try_it", Shown(SETTINGS, "mail").text, {"recipient": "olga@example.com"})
    assert "Set one at Settings > Mail." in page.wrong


def test_m4_a_test_mail_does_not_go_while_another_server_is_typed_and_not_saved(small_shop: TestShop) -> None:
    del small_shop
    settings.save(OWNER, settings.MAILSERVER, {"host": "mail.example.com"}, {})
    tab = Tab("/settings/mail")
    form, page = tab.state(ShopState), tab.state(MailSettingsState)
    do(form, "load")
    about = Shown(SETTINGS, "mail").text
    do(form, "keep", about, form.fresh, "host", "mail.example.org")
    do(page, "try_it", about, {"recipient": "olga@example.com"})
    assert page.wrong.startswith("Save your changes first")
    do(form, "discard", about)
    do(page, "try_it", about, {"recipient": "olga@example.com"})
    assert (page.wrong, bool(page.sent.id)) == ("", True)


def test_m4_what_no_server_took_is_counted_and_sent_once_there_is_one(small_shop: TestShop) -> None:
    order = small_shop.order()
    with work(OWNER) as w:
        write(w, SHIPPED, w.lock(ORDER, order.id or 0), about="test")
    page = Tab("/settings/mail").state(MailSettingsState)
    do(page, "load")
    assert page.unsent == 1
    do(page, "send_unsent", Shown(SETTINGS, "mail").text)
    assert page.unsent == 1
    settings.save(OWNER, settings.MAILSERVER, {"host": "mail.example.com"}, {})
    do(page, "send_unsent", Shown(SETTINGS, "mail").text)
    assert page.unsent == 0
