"""What is drawn from data that is known at run time only: tables, chips, figures, and the fields of a form."""

import reflex as rx

from backoffice_app.ui.field import check, field, hidden_field, quantity_field, select_field
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import ends, figure, strong


def live_table(
    head: rx.Var[list[str]], rows: rx.Var[list[list[str]]], links: rx.Var[list[str]]
) -> rx.Component:
    """A table from its heads and the texts of its rows.

    `links`: where the first text of each row leads; none if it is empty.
    """

    def cells(row: rx.Var[list[str]], at: rx.Var[int]) -> rx.Component:
        first = rx.cond(links.length() > 0, rx.el.a(row[0], href=links[at]), row[0])
        return rx.el.tr(rx.el.td(first), rx.foreach(row[1:], rx.el.td))

    return rx.el.table(
        rx.el.thead(rx.el.tr(rx.foreach(head, lambda word: rx.el.th(word, scope="col")))),
        rx.el.tbody(rx.foreach(rows, cells)),
        class_name="table table-tight",
    )


def live_chips(words: rx.Var[list[str]]) -> rx.Component:
    """Short words side by side."""
    return rx.el.div(rx.foreach(words, lambda word: rx.el.span(word, class_name="chip")), class_name="row")


def live_figures(pairs: rx.Var[list[list[str]]]) -> rx.Component:
    """Lines of what it is and its figure, from rows [word, figure]."""
    return rx.el.div(
        rx.foreach(pairs, lambda pair: ends(rx.el.span(pair[0]), strong(figure(pair[1])))), class_name="stack"
    )


def drawn_field(view: rx.Var, *, value: Text, error: Text, key: Text, box: str) -> rx.Component:
    """A field as its `FieldView` says: text, long text, amount, date, time, choice, suggested text, yes or no,
    quantity.

    `key` is its id.

    `box`: what the name of the hidden field begins with that says there is a check box, since one that is not ticked is
    not sent.
    """
    shared = {"value": value, "hint": view.hint, "error": error, "key": key, "max_length": view.longest}
    listed = joined(key, "-options")
    suggests = view.kind == "suggested"
    # One input for all of these: each copy of a field is code that every order window loads.
    line = field(
        view.label,
        view.name,
        type=rx.match(view.kind, ("date", "date"), ("time", "time"), ("password", "password"), "text"),
        input_mode=rx.cond(view.kind == "amount", "decimal", "text"),
        list=rx.cond(suggests, listed, ""),
        **shared,
    )
    offered = rx.el.datalist(
        rx.foreach(view.options, lambda option: rx.el.option(value=option[0])), id=listed
    )
    ticked = rx.fragment(
        hidden_field(joined(box, view.name), "1"), check(view.label, view.name, checked=value == "on")
    )
    quantity = quantity_field(
        view.label, view.name, what=view.what, most=view.most, value=value, error=error, key=key
    )
    choice = select_field(
        view.label, view.name, view.options, value=value, hint=view.hint, error=error, key=key
    )
    return rx.match(
        view.kind,
        ("long text", field(view.label, view.name, lines=6, **shared)),
        ("choice", choice),
        ("yes or no", ticked),
        ("quantities", quantity),
        rx.fragment(line, offered),
    )
