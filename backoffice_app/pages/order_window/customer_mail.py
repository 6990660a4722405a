"""The dialog `Customer mail` with its preview (W-8)."""

import reflex as rx

from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.domain.mail.shop_files import ShopFileView
from backoffice_app.domain.window.blocks.invoices import DocumentView
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws_dialog
from backoffice_app.pages.text_blocks import block_menu
from backoffice_app.state.customer_mail import BOX, FIELDS, FORM, CustomerMailState
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import check, checks, field, hidden_field, select_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import quiet, strong
from backoffice_app.ui.letter import letter
from backoffice_app.ui.texts import _, language_name

S = CustomerMailState
WAIT = 400
"""Milliseconds after the last key before the preview follows."""


def opener() -> rx.Component:
    """The button; greyed with the reason where the customer can't be written to."""
    return action_button(FORM, on_click=S.begin(ABOUT))


@draws_dialog(FORM)
def mail_dialog() -> rx.Component:
    """To whom, subject, message, language, files; beside them the mail as it would go."""
    documents = Blocks.invoices.documents
    form = dialog_form(
        hidden_field("once", S.once),
        quiet(_("To"), " ", Blocks.customer.mail_to),
        field(
            _("Subject"),
            "subject",
            value=S.subject,
            placeholder=rx.cond(S.subject == "", S.shown_subject, ""),
            error=wrong("subject"),
            on_change=lambda text: S.draft(ASKED, "subject", text).debounce(WAIT),
            on_blur=lambda text: S.draft(
                ASKED, "subject", text
            ),  # what is typed next takes the place of what still waits
        ),
        rx.el.div(
            field(
                _("Message"),
                "message",
                value=S.message,
                lines=6,
                error=wrong("message"),
                on_change=lambda text: S.draft(ASKED, "message", text, S.fresh).debounce(WAIT),
                on_blur=lambda text: S.draft(ASKED, "message", text, S.fresh),
            ),
            key=S.fresh.to_string(),
        ),
        block_menu(S.blocks, lambda block: S.insert(ASKED, block)),
        select_field(
            _("Language"),
            "language",
            [(code, language_name(code)) for code in LANGUAGES],
            value=S.language,
            on_change=lambda code: S.draft(ASKED, "language", code),
        ),
        rx.cond(
            (documents.length() > 0) | (S.files.length() > 0),
            checks(_("Attachments"), rx.foreach(documents, _attach), rx.foreach(S.files, _attach_file)),
        ),
        on_submit=S.send(ASKED),
        submit=_("Send"),
        error=wrong_beside(*FIELDS),
    )
    told = _("The text goes into the template “Customer mail” under Service > Automatic e-mails.")
    return dialog(
        _("Customer mail"),
        form,
        shown=OrderState.form == FORM,
        on_open_change=closing,
        opener=FORM,
        description=told,
        preview=_preview(),
    )


def _attach(document: rx.Var[DocumentView]) -> rx.Component:
    """Whether this invoice goes along."""
    return _box(document.number)


def _attach_file(file: rx.Var[ShopFileView]) -> rx.Component:
    """Whether this file of the shop goes along."""
    return _box(file.name)


def _box(name: rx.Var[str]) -> rx.Component:
    return check(
        name,
        joined(BOX, name),
        checked=S.attached.contains(name),
        on_change=lambda on: S.attach(ASKED, name, on),
    )


def _preview() -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Preview")),
        rx.el.div(strong(S.shown_subject), lang=S.shown_language),
        letter(S.shown_text, S.shown_language, _("Preview")),
        class_name="preview stack",
    )
