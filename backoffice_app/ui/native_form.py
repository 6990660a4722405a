"""Forms that the browser sends by itself: `rx.el.form` swallows native submits."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from backoffice_app.ui.kinds import Child, Text


class NativeForm(BaseHTML):
    """A plain <form>."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    target: rx.Var[str]


def post_form(action: Text, *children: Child) -> rx.Component:
    """A form that posts to an own route with a full page load, such as sign-out."""
    return NativeForm.create(*children, action=action, method="post")


def open_form(action: Text, *children: Child, **attributes: object) -> rx.Component:
    """A form whose button opens an own route in a new tab, such as to print: the route does what is to be done and leads to the PDF."""
    return NativeForm.create(*children, action=action, method="post", target="_blank", **attributes)
