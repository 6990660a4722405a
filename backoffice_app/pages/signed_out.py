"""Where a tab lands whose session ended while it was open."""

import reflex as rx

from backoffice_app.ui.texts import _


def signed_out() -> rx.Component:
    """Says so and leads to the sign-in page by a full load, so that the socket gets the new cookie."""
    return rx.el.main(
        rx.el.h1(_("You are signed out")),
        rx.el.p(_("Your session has ended. Nothing you saved is lost.")),
        rx.el.a(_("Sign in"), href="/login", reload_document=True, class_name="button button-solid"),
        class_name="lone-page",
    )
