"""Which columns the order list shows, and in which order (O-1)."""

import reflex as rx

from backoffice_app.domain.listing.column_choice import ColumnRow
from backoffice_app.state.order_columns import ABOUT, OrderColumnsState
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.field import check
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import quiet
from backoffice_app.ui.popover import closer, opener, read_when_opened
from backoffice_app.ui.texts import _

C = OrderColumnsState
CHOICE = "order-columns"


def order_columns() -> rx.Component:
    """The button and its panel; what is in it is fetched when it is opened."""
    head = opener(
        CHOICE, icon("columns-3"), aria_label=_("Columns"), title=_("Columns"), class_name="btn btn-icon"
    )
    return read_when_opened(
        head,
        rx.cond(C.is_open, _column_panel()),
        key=CHOICE,
        name=_("Columns"),
        on_toggle=C.toggled,
        extra_class="popover-columns",
    )


@later
def _column_panel() -> rx.Component:
    return rx.fragment(
        quiet(_("Columns, in exports too"), small=True),
        rx.foreach(C.rows, _row),
        rx.el.footer(
            button(_("Reset to standard"), look="text", small=True, on_click=C.standard(ABOUT)),
            closer(CHOICE, _("Done", "panel")),
        ),
    )


def _row(row: rx.Var[ColumnRow]) -> rx.Component:
    """A column; the button that moved it is drawn anew, with the focus."""
    here = (C.moved == row.key).to(bool)
    moves = rx.fragment(
        icon_button(
            "chevron-up",
            row.up,
            on_click=C.move(ABOUT, row.key, True),
            aria_disabled=row.is_first,
            auto_focus=here & C.is_up,
        ),
        icon_button(
            "chevron-down",
            row.down,
            on_click=C.move(ABOUT, row.key, False),
            aria_disabled=row.is_last,
            auto_focus=here & ~C.is_up,
        ),
    )
    box = check(
        row.label,
        row.key,
        checked=row.is_on,
        disabled=row.up == "",
        on_change=lambda on: C.tick(ABOUT, row.key, on),
    )
    return rx.el.div(
        box,
        rx.cond(row.up != "", moves),
        class_name="column-row",
        key=rx.cond(here, joined(row.key, " ", C.turn.to_string()), row.key),
    )
