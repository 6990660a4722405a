"""A form whose fields stand in the rows of a table: how much of each line, whether it goes into stock, amounts."""

import reflex as rx

from backoffice_app.ui.field import number_input
from backoffice_app.ui.kinds import Child, Text, joined


def form_table(heads: tuple[Child, Child, Child, Child], *rows: Child, name: Text) -> rx.Component:
    """Rows of `form_line` and `form_amount` under four heads: what it is, how much, a tick, the amount."""
    what, much, tick, amount = heads
    head = rx.el.tr(
        rx.el.th(what, scope="col"),
        rx.el.th(much, scope="col", class_name="w-much"),
        rx.el.th(tick, scope="col", class_name="w-tick"),
        rx.el.th(amount, scope="col", class_name="w-amount num"),
    )
    return rx.el.table(
        rx.el.thead(head), rx.el.tbody(*rows), aria_label=name, class_name="table table-tight form-table"
    )


def form_line(
    what: Text, much: Child, tick: Child, amount: Child, *, about: Text, error: Text, key: Text
) -> rx.Component:
    """A row of 48 px: `what` with `about` under it, a `number_cell`, a `tick_cell` or words, the amount.

    `key`: what begins the ids of its fields; `error`: "" or what is wrong with one of them.
    """
    return rx.el.tr(
        rx.el.td(rx.el.span(what, class_name="what"), _more(about, error, key)),
        rx.el.td(much),
        rx.el.td(tick, class_name="w-tick"),
        rx.el.td(amount, class_name="num"),
        key=key,  # another line in its place starts anew
    )


def form_amount(
    label: Text, name: Text, *, about: Text = "", value: Text = "", error: Text, key: Text
) -> rx.Component:
    """A row of 48 px with an amount that is typed; `value`: what it starts with."""
    return rx.el.tr(
        rx.el.td(rx.el.label(label, html_for=key, class_name="what"), _more(about, error, key), col_span=3),
        rx.el.td(number_cell(None, name, value=value, error=error, key=key), class_name="num"),
        key=key,
    )


def number_cell(label: Text | None, name: Text, *, value: Text, error: Text, key: Text) -> rx.Component:
    """A field for a number in a row whose `key` it has; `label`: its name, None where the row has a label for it."""
    named = {"aria_label": label} if label is not None else {}
    return number_input(name, value=value, error=error, key=key, about=joined(key, "-more"), **named)


def tick_cell(label: Text, name: Text) -> rx.Component:
    """A check box alone in its cell, called `label`; all of the cell is the target."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, aria_label=label, class_name="box"), class_name="tick"
    )


def _more(about: Text, error: Text, key: Text) -> rx.Component:
    return rx.el.div(
        rx.el.span(about, class_name="hint"),
        rx.cond(error != "", rx.el.span(error, class_name="error")),
        id=joined(key, "-more"),
    )
