"""Tables: real ones, with heads that stay in sight; rows are lists of texts that the server has formatted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from backoffice_app.ui.kinds import Child, Event, Flag, Text, joined

Row = rx.Var[list[str]]
Rows = rx.Var[list[list[str]]]


@dataclass(frozen=True)
class Column:
    """One column: its head, what a cell holds (else the row's text at this place), and where it stands on a small
    screen.

    `place`, for tables with `cards`: 1 and 2 are the first line of a card, 3 and 4 the second, 5 (and 6) the third, 7
    the fourth; 0 is left out there. `named`: on a card the head stands before what says little by itself, such as a
    bare number.
    `sort`: (address of the list sorted by it, "ascending" | "descending" | "none"). `shown`: whether it is there; None:
    always.
    """

    head: Child
    cell: Callable[[Row], Child] | None = None
    number: bool = False
    place: int = 0
    named: bool = False
    hide_head: bool = False
    extra_class: str = ""
    sort: tuple[Text, Text] | None = None
    shown: rx.Var[bool] | None = None


@dataclass(frozen=True)
class More:
    """Further columns that are known at run time only; `cell` draws one in a row.

    `parts` have `key`, `label`, `kind`, `place` and `extra`, and `href` and `order` of the list sorted by it, or "".
    `cards`: places of a card that several of them share, with `place` and `columns`.
    """

    parts: rx.Var[Any]
    cell: Callable[[Any, Row], Child]
    cards: rx.Var[Any]


def table(
    name: Text,
    columns: Sequence[Column],
    rows: Rows,
    *,
    sticky: bool = False,
    cards: bool = False,
    tight: bool = False,
    fixed: bool = False,
    foot: Sequence[Child] = (),
    on_row_click: Callable[[Row], Event] | None = None,
    on_row_press: Event = None,
    known_by: int | None = None,
    more: More | None = None,
) -> rx.Component:
    """A table called `name`. `cards`: under 640 px each row is a card.

    The pointer may press a row (`on_row_click`), but keyboards and new tabs need a link in it; `on_row_press` is told
    at once when it goes down on one. `known_by`: the place of the text that tells a row from all others; where rows
    come and go, the focus then stays on the row and not at its place in the table.
    `fixed`: columns keep the width that their class says, whatever the rows hold; what is too long is cut off with "…".
    `more`: columns after these.
    """

    def line(row: Row) -> rx.Component:
        pressed: dict[str, object] = (
            {"on_click": on_row_click(row), "class_name": "clickable"} if on_row_click else {}
        )
        pressed |= {"on_mouse_down": on_row_press} if on_row_press is not None else {}
        known = {"key": row[known_by]} if known_by is not None else {}
        cells = [_cell(column, i, row) for i, column in enumerate(columns)]
        return rx.el.tr(*cells, *([_more_cells(more, row)] if more else []), **pressed, **known)

    kinds = [
        "table",
        *(["table-sticky"] if sticky else []),
        *(["table-cards"] if cards else []),
        *(["table-tight"] if tight else []),
    ]
    kinds += ["table-fixed"] if fixed else []
    whole = rx.el.table(
        rx.el.thead(rx.el.tr(*map(_head, columns), *([_more_heads(more)] if more else []))),
        rx.el.tbody(rx.foreach(rows, line)),
        *([rx.el.tfoot(*foot)] if foot else []),
        aria_label=name,
        class_name=" ".join(kinds),
    )
    # A box that scrolls sideways would catch the sticky head; lists that have one become cards before they are too
    # wide.
    return (
        whole
        if sticky
        else rx.el.div(whole, class_name="table-scroll", role="group", aria_label=name, tab_index=0)
    )


def or_dash(text: rx.Var[str]) -> rx.Component:
    """A cell's text, or a dash where there is none; on a card, which has no head to say what of, nothing."""
    return rx.el.span(rx.cond(text != "", text, rx.el.span("–", class_name="dash")))


def sum_line(label: Text, amount: Text, columns: int, *, whole: Flag = False) -> rx.Component:
    """A line of a table's foot: what it is, and the amount in the last column.

    `whole`: it is the sum of those above.
    """
    cells = rx.el.td(label, col_span=columns - 1, class_name="num"), rx.el.td(amount, class_name="num")
    return rx.el.tr(*cells, class_name=rx.cond(whole, "whole-sum", ""))


def _head(column: Column) -> rx.Component:
    kind = " ".join(filter(None, ("num" if column.number else "", column.extra_class)))
    head: Child = rx.el.span(column.head, class_name="hidden-text") if column.hide_head else column.head
    if column.sort is None:
        return _if_shown(column, rx.el.th(head, scope="col", class_name=kind))
    href, order = column.sort
    return _if_shown(
        column,
        rx.el.th(rx.el.a(head, href=href), scope="col", class_name=kind, custom_attrs={"aria-sort": order}),
    )


def _cell(column: Column, at: int, row: Row) -> rx.Component:
    inside: Child = column.cell(row) if column.cell else row[at]
    place = f"place-{column.place}" if column.place else ""
    kind = " ".join(filter(None, ("num" if column.number else "", place, column.extra_class)))
    named = {"custom_attrs": {"data-head": column.head}} if column.named else {}
    return _if_shown(column, rx.el.td(inside, class_name=kind, **named))


def _if_shown(column: Column, part: rx.Component) -> rx.Component:
    return part if column.shown is None else rx.cond(column.shown, part)


def _more_heads(more: More) -> rx.Component:
    def head(part: Any) -> rx.Component:
        shared = {"scope": "col", "class_name": part.extra, "key": part.key}
        sorts = rx.el.th(
            rx.el.a(part.label, href=part.href), custom_attrs={"aria-sort": part.order}, **shared
        )
        return rx.cond(part.href != "", sorts, rx.el.th(part.label, **shared))

    together = rx.foreach(
        more.cards,
        lambda _card: rx.el.th(rx.el.span(class_name="hidden-text"), scope="col", class_name="cards-only"),
    )
    return rx.fragment(rx.foreach(more.parts, head), together)


def _more_cells(more: More, row: Row) -> rx.Component:
    def cell(part: Any) -> rx.Component:
        return rx.el.td(more.cell(part, row), class_name=joined(part.place, " ", part.extra), key=part.key)

    def card(shared: Any) -> rx.Component:
        inside = rx.foreach(shared.columns, lambda part: more.cell(part, row))
        return rx.el.td(inside, class_name=joined(shared.place, " cards-only"), key=shared.place)

    return rx.fragment(rx.foreach(more.parts, cell), rx.foreach(more.cards, card))
