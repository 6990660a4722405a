"""Forms that the browser sends by itself: `rx.el.form` swallows native submits."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from backoffice_app.ui.kinds import Child, Text, joined


class NativeForm(BaseHTML):
    """A plain <form>."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    target: rx.Var[str]
    enc_type: rx.Var[str]


def post_form(action: Text, *children: Child) -> rx.Component:
    """A form that posts to an own route with a full page load, such as sign-out."""
    return NativeForm.create(*children, action=action, method="post")


def open_form(action: Text, *children: Child, **attributes: object) -> rx.Component:
    """A form whose button opens an own route in a new tab, such as to print: the route does what is to be done and
    leads to the PDF.
    """
    return NativeForm.create(*children, action=action, method="post", target="_blank", **attributes)


def file_form(
    action: Text, label: Text, submit: Text, *, hint: Text, accept: Text, key: Text
) -> rx.Component:
    """A form that sends a file to an own route, which leads back to the page.

    `accept`: the endings that the browser offers.
    """
    own = joined(key, "-file")
    return NativeForm.create(
        rx.el.label(label, html_for=own),
        rx.el.input(
            type="file",
            name="file",
            required=True,
            accept=accept,
            class_name="input",
            custom_attrs={"id": own},
        ),
        rx.el.span(hint, class_name="hint"),
        rx.el.button(submit, class_name="btn btn-soft"),
        action=action,
        method="post",
        enc_type="multipart/form-data",
        class_name="field",
    )


def upload_form(action: Text, *children: Child) -> rx.Component:
    """A form that posts a file to an own route with a full page load."""
    return NativeForm.create(
        *children, action=action, method="post", enc_type="multipart/form-data", class_name="form"
    )
