"""The page for an address that isn't one, the page in place of one that broke, and the sign for a lost connection."""

import reflex as rx
from reflex_components_core.el.elements.inline import A as PlainLink

from backoffice_app import i18n
from backoffice_app.state.me import Me
from backoffice_app.state.pages import page_at
from backoffice_app.ui.button import link_button
from backoffice_app.ui.frame import door
from backoffice_app.ui.texts import _, shell


@page_at("/404", i18n._("Not found"))
def not_found() -> rx.Component:
    """There is no such page; the way back to the orders."""
    return door(
        rx.el.h1(_("This page does not exist")),
        rx.el.p(_("The address may be mistyped, or what it showed has a new place.")),
        link_button(_("Go to the orders"), "/orders", look="solid"),
    )


@page_at("/", i18n._("Dashboard"), on_load=[rx.redirect("/dashboard", replace=True)])
@page_at("/settings", i18n._("Settings"), on_load=[Me.to_settings])
def leads_on() -> rx.Component:
    """Nothing to see: `on_load` leads to another page."""
    return shell()


def broken() -> rx.Component:
    """A component failed while drawing.

    A full load of another page, because a broken state survives a reload of the same one.
    """
    return door(
        rx.el.h1(_("This page could not be drawn")),
        rx.el.p(_("The error was noted. Your data is safe.")),
        link_button(_("Go to the orders"), "/orders", look="solid", reload_document=True),
    )


def no_connection() -> rx.Component:
    """The sign for a lost connection; what is pressed meanwhile is dropped, never done later unseen."""
    return rx.el.div(
        rx.el.span(_("No connection. Trying again. What is pressed meanwhile is not done.")),
        PlainLink.create(
            _("Reload"), href="", class_name="btn btn-soft"
        ),  # an empty address is that of this page
        role="status",
        class_name="offline",
    )
