"""Tables: real ones, with heads that stay in sight; rows are lists of texts that the server has formatted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import reflex as rx

from backoffice_app.ui.kinds import Child, Event, Text

Row = rx.Var[list[str]]
Rows = rx.Var[list[list[str]]]


@dataclass(frozen=True)
class Column:
    """One column: its head, what a cell holds (else the row's text at this place), and where it stands on a small screen.

    `place`, for tables with `cards`: 1 and 2 are the first line of a card, 3 and 4 the second, 5 (and 6) the third, 7 the fourth; 0 is
    left out there. `named`: on a card the head stands before what says little by itself, such as a bare number.
    `sort`: (address of the list sorted by it, "ascending" | "descending" | "none").
    """

    head: Text
    cell: Callable[[Row], Child] | None = None
    number: bool = False
    place: int = 0
    named: bool = False
    hide_head: bool = False
    extra_class: str = ""
    sort: tuple[Text, Text] | None = None


def table(
    name: Text,
    columns: Sequence[Column],
    rows: Rows,
    *,
    sticky: bool = False,
    cards: bool = False,
    tight: bool = False,
    foot: Sequence[Child] = (),
    on_row_click: Callable[[Row], Event] | None = None,
    known_by: int | None = None,
) -> rx.Component:
    """A table called `name`. `cards`: under 640 px each row is a card.

    The pointer may press a row (`on_row_click`), but keyboards and new tabs need a link in it. `known_by`: the place of the text that
    tells a row from all others; where rows come and go, the focus then stays on the row and not at its place in the table.
    """

    def line(row: Row) -> rx.Component:
        pressed = {"on_click": on_row_click(row), "class_name": "clickable"} if on_row_click else {}
        known = {"key": row[known_by]} if known_by is not None else {}
        return rx.el.tr(*(_cell(column, i, row) for i, column in enumerate(columns)), **pressed, **known)

    kinds = ["table", *(["table-sticky"] if sticky else []), *(["table-cards"] if cards else []), *(["table-tight"] if tight else [])]
    whole = rx.el.table(
        rx.el.thead(rx.el.tr(*map(_head, columns))),
        rx.el.tbody(rx.foreach(rows, line)),
        *([rx.el.tfoot(*foot)] if foot else []),
        aria_label=name,
        class_name=" ".join(kinds),
    )
    # A box that scrolls sideways would catch the sticky head; lists that have one become cards before they are too wide.
    return whole if sticky else rx.el.div(whole, class_name="table-scroll", role="group", aria_label=name, tab_index=0)


def sum_line(label: Text, amount: Text, columns: int) -> rx.Component:
    """A line of a table's foot: what it is, and the amount in the last column."""
    return rx.el.tr(rx.el.td(label, col_span=columns - 1, class_name="num"), rx.el.td(amount, class_name="num"))


def _head(column: Column) -> rx.Component:
    kind = " ".join(filter(None, ("num" if column.number else "", column.extra_class)))
    head: Child = rx.el.span(column.head, class_name="hidden-text") if column.hide_head else column.head
    if column.sort is None:
        return rx.el.th(head, scope="col", class_name=kind)
    href, order = column.sort
    return rx.el.th(rx.el.a(head, href=href), scope="col", class_name=kind, custom_attrs={"aria-sort": order})


def _cell(column: Column, at: int, row: Row) -> rx.Component:
    inside: Child = column.cell(row) if column.cell else row[at]
    place = f"place-{column.place}" if column.place else ""
    kind = " ".join(filter(None, ("num" if column.number else "", place, column.extra_class)))
    named = {"custom_attrs": {"data-head": column.head}} if column.named else {}
    return rx.el.td(inside, class_name=kind, **named)
