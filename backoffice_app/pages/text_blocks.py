"""Text blocks: their list and its dialogs under Automatic e-mails, and the menu that puts one into a mail
(W-8, T-6).
"""

from collections.abc import Callable

import reflex as rx

from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.domain.templates.blocks import LONGEST_TEXT, LONGEST_TITLE, TEXT, TITLE, names_known
from backoffice_app.pages.choice_list import changing, own_first, value_of, word_in
from backoffice_app.state.text_blocks import BLOCKS, TextBlocksState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field
from backoffice_app.ui.kinds import Child, Event, Text, joined
from backoffice_app.ui.layout import facts, quiet, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = TextBlocksState
W = Wrong(S.wrong, S.wrong_field)
FIELDS = [TITLE, *(TEXT + code for code in LANGUAGES)]
C = TextBlocksState.chosen
ALL = Shown(BLOCKS, "").text
"""What a new text block is about: the list as a whole."""


def block_menu(blocks: rx.Var[list[list[str]]], choose: Callable[[rx.Var[str]], Event]) -> rx.Component:
    """Under the field of a mail that is being written: the text blocks, each of which is put at the end of it; nothing
    without any.
    """
    offered = rx.el.div(
        rx.foreach(
            blocks,
            lambda one: rx.el.button(
                one[1],
                type="button",
                on_click=choose(one[0]),
                aria_label=_("Insert") + " " + one[1],
                dir="auto",
            ),
        ),
        class_name="pills",
        role="group",
        aria_label=_("Text blocks"),
    )
    return rx.cond(
        blocks.length() > 0,
        rx.el.details(rx.el.summary(_("Insert text block")), offered, class_name="folded"),
    )


def add_block() -> rx.Component:
    """The button that adds one."""
    return button(_("Add text block"), look="solid", key="add-block", on_click=S.open("add", ""))


def text_blocks() -> rx.Component:
    """The list with its dialogs."""
    listed = table(
        _("Text blocks"),
        [
            Column(
                _("Title"), lambda one: rx.cond(one.is_retired, quiet(one.name), strong(one.name)), place=1
            ),
            Column(_("Languages"), lambda one: one.languages, place=5),
            Column(
                _("State"),
                lambda one: rx.cond(one.is_retired, badge("neutral", "archive", _("Retired"))),
                place=2,
            ),
            Column(_("Actions"), _changing, hide_head=True, place=7),
        ],
        S.rows,
        cards=True,
        sticky=True,
    )
    none = empty(
        "mail",
        _("No text block yet."),
        _("What is often written, such as how to send goods back, is put into a mail by one press."),
    )
    return rx.fragment(
        rx.cond(S.ready, rx.cond(S.rows.length() > 0, listed, none), skeleton_rows()), _add(), _edit()
    )


def _changing(one: rx.Var) -> rx.Component:
    return changing(
        one, "block", on_edit=S.open("block", one.id), on_change=lambda what: S.change(one.about, what)
    )


def _add() -> rx.Component:
    none: dict[str, str] = {}
    fields = _fields("new", rx.Var.create(none).to(dict[str, str]))
    form = dialog_form(*fields, on_submit=S.add(ALL), submit=_("Add text block"), error=W.beside(*FIELDS))
    return _dialog("add", _("Add text block"), form, opener="add-block")


def _edit() -> rx.Component:
    form = dialog_form(
        *_fields("edit", C.texts),
        on_submit=S.save(C.about, S.seen),
        submit=_("Save"),
        error=W.beside(*FIELDS),
    )
    return _dialog("block", C.name, form, opener=joined("edit-block-", C.id))


def _fields(key: str, values: rx.Var[dict[str, str]]) -> list[Child]:
    """The title, the text in each language, and the names that a text can hold."""
    title = field(
        _("Title"),
        TITLE,
        value=value_of(values, TITLE),
        error=W.at(TITLE),
        key=f"{key}-title",
        max_length=LONGEST_TITLE,
        auto_complete="off",
    )

    def text_in(code: rx.Var[str]) -> rx.Component:
        name = joined(TEXT, code)
        return field(
            word_in(_("Text"), code),
            name,
            value=value_of(values, name),
            error=W.at(name),
            lines=4,
            key=joined(key, "-", name),
            max_length=LONGEST_TEXT,
            lang=code,
            dir="auto",
        )

    own, others = own_first()
    known = facts(*((text_of(word), rx.el.code(what)) for word, what in names_known() if "\n" not in what))
    names = rx.el.details(rx.el.summary(_("Names that a text can hold")), known, class_name="folded")
    return [title, text_in(own), rx.foreach(others, text_in), names]


def _dialog(form: str, title: Text, *children: Child, opener: Text) -> rx.Component:
    return dialog(title, *children, shown=S.form == form, on_open_change=S.close, opener=opener)
