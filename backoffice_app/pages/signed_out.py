"""Where a tab lands whose session ended while it was open."""

import reflex as rx

from backoffice_app.ui.button import link_button
from backoffice_app.ui.frame import door
from backoffice_app.ui.texts import _


def signed_out() -> rx.Component:
    """Says so and leads to the sign-in page by a full load, so that the socket gets the new cookie."""
    return door(
        rx.el.h1(_("You are signed out")),
        rx.el.p(_("Your session has ended. Nothing you saved is lost.")),
        link_button(_("Sign in"), "/login", look="solid", reload_document=True),
    )
