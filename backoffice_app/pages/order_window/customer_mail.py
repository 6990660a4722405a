"""The dialog `Customer mail` with its preview (W-8)."""

import reflex as rx

from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, action_button, closing, wrong, wrong_beside
from backoffice_app.state.customer_mail import FIELDS, FORM, CustomerMailState
from backoffice_app.state.order import OrderState
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field, hidden_field, select_field
from backoffice_app.ui.frame import LANGUAGE_NAMES
from backoffice_app.ui.layout import stack, strong
from backoffice_app.ui.letter import letter
from backoffice_app.ui.texts import _

S = CustomerMailState
WAIT = 400
"""Milliseconds after the last key before the preview follows."""


def opener() -> rx.Component:
    """The button; greyed with the reason where the customer can't be written to."""
    return action_button(FORM, on_click=S.begin(ABOUT))


def mail_dialog() -> rx.Component:
    """Language, subject, message; under them the mail as it would go."""
    form = dialog_form(
        hidden_field("once", S.once),
        select_field(
            _("Language"),
            "language",
            [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
            value=S.language,
            on_change=lambda code: S.draft(ASKED, "language", code),
        ),
        field(
            _("Subject"),
            "subject",
            value=S.subject,
            error=wrong("subject"),
            on_change=lambda text: S.draft(ASKED, "subject", text).debounce(WAIT),
        ),
        field(
            _("Message"),
            "message",
            value=S.message,
            lines=6,
            error=wrong("message"),
            on_change=lambda text: S.draft(ASKED, "message", text).debounce(WAIT),
        ),
        _preview(),
        on_submit=S.send(ASKED),
        submit=_("Send"),
        error=wrong_beside(*FIELDS),
    )
    return dialog(_("Customer mail"), form, shown=OrderState.form == FORM, on_open_change=closing, opener=FORM)


def _preview() -> rx.Component:
    return stack(
        rx.el.h3(_("Preview")),
        rx.el.div(strong(S.shown_subject), lang=S.shown_language),
        letter(S.shown_text, S.shown_language, _("Preview")),
    )
