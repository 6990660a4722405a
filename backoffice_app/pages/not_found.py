"""The page for an address that is none, and the page for one that broke."""

import reflex as rx

from backoffice_app.ui.texts import _


def not_found() -> rx.Component:
    """There is no such page; the way back to the orders."""
    return rx.el.main(
        rx.el.h1(_("This page does not exist")),
        rx.el.p(_("The address may be mistyped, or what it showed has a new place.")),
        rx.el.a(_("Go to the orders"), href="/orders", class_name="button button-solid"),
        class_name="lone-page",
    )


def broken() -> rx.Component:
    """A component failed while drawing. A full load of another page, because a broken state survives a reload of the same one."""
    return rx.el.main(
        rx.el.h1(_("This page could not be drawn")),
        rx.el.p(_("The error was noted. Your data is safe.")),
        rx.el.a(_("Go to the orders"), href="/orders", reload_document=True, class_name="button button-solid"),
        role="alert",
        class_name="lone-page",
    )


def no_connection() -> rx.Component:
    """The sign for a lost connection; what was pressed meanwhile is sent when it is back."""
    return rx.el.div(
        _("No connection. Trying again."),
        rx.el.button(_("Reload"), type="button", on_click=rx.run_script("window.location.reload()"), class_name="button"),
        role="status",
        class_name="offline",
    )
