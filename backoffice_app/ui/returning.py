"""Back in a list the row one left has the focus, so anyone who works with the keyboard goes on where they were."""

import reflex as rx

from backoffice_app.ui.browser import focus, nothing, tab_var
from backoffice_app.ui.kinds import Text

_opened = tab_var("opened_from_list", False)
"""Whether one is on a page that a list opened; a reload forgets it."""


def opened_from_list() -> rx.Component:
    """Stands on a page that a list opens: back in the list, `focus_on_return` knows that one comes from there."""
    return rx.el.span(hidden=True, on_mount=_opened.set_value(True))


def focus_on_return(element: Text) -> rx.Component:
    """Gives the focus to the row's link with this id when one comes back to the list without a reload, if the row is
    there.
    """
    return rx.el.span(
        hidden=True, on_mount=[rx.cond(_opened.value, focus(element), nothing()), _opened.set_value(False)]
    )
