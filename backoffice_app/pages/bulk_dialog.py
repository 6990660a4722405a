"""The dialog of a bulk action, which the browser loads when it is opened first (P-8)."""

import reflex as rx

from backoffice_app.domain.core.forms import FieldView
from backoffice_app.state.bulk import BulkChoice
from backoffice_app.state.order_calls import BOX
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.later import later
from backoffice_app.ui.plain import drawn_field

B = BulkChoice
F = BulkChoice.form
OPENER = "bulk-actions-opener"
"""The id of the button that the focus goes back to."""


def _dialog() -> rx.Component:
    """What an action asks once for all; its button begins the run."""
    form = dialog_form(
        rx.foreach(F.fields, _field),
        on_submit=B.do(B.about),
        submit=F.submit,
        error=rx.cond(F.fields.map(lambda field: field.name).contains(B.wrong_field), "", B.wrong),
    )
    return dialog(
        F.title,
        form,
        shown=F.key != "",
        on_open_change=B.close,
        opener=OPENER,
        description=F.description,
    )


def _field(field: rx.Var[FieldView]) -> rx.Component:
    wrong = rx.cond(B.wrong_field == field.name, B.wrong, "").to(str)
    return drawn_field(field, value=field.value, error=wrong, key=joined("bulk-", field.name), box=BOX)


bulk_dialog = later(_dialog)
