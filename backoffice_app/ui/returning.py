"""Back in a list the row one left has the focus, so whoever works with the keyboard goes on where they were."""

import reflex as rx

from backoffice_app.ui.kinds import Text


def opened_from_list() -> rx.Component:
    """Stands on a page that a list opens: back in the list, `focus_on_return` knows that one comes from there."""
    return rx.el.span(hidden=True, on_mount=rx.run_script("window.openedFromList=true"))


def focus_on_return(element: Text) -> rx.Component:
    """Gives the focus to the row's link with this id when one comes back to the list without a reload, if the row is there."""
    link = rx.Var.create(element)
    once = "window.openedFromList&&!(window.openedFromList=false)"
    script: rx.Var[str] = rx.Var(f"{once}&&document.getElementById({link!s})?.focus()", _var_data=link._get_all_var_data())
    return rx.el.span(hidden=True, on_mount=rx.run_script(script))
