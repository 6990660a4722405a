"""Several of some values, ticked in a list that folds up: the browser's own <details>."""

import reflex as rx

from backoffice_app.ui.field import check
from backoffice_app.ui.kinds import Text
from backoffice_app.ui.layout import quiet


def ticks(label: Text, options: rx.Var[list[list[str]]], *, chosen: Text) -> rx.Component:
    """A list called `label` that opens to its boxes, rows of [name in the form, word, "on" where it is ticked]; closed it says `chosen`."""
    boxes = rx.foreach(options, lambda option: check(option[1], option[0], checked=option[2] == "on"))
    return rx.el.details(
        rx.el.summary(rx.el.span(label), quiet(chosen, small=True)),
        rx.el.div(boxes, role="group", aria_label=label),
        class_name="ticks",
    )
