"""What waits: rows of one height that lead to their lists, and a chart of bars whose figures stand in a table beside
it.
"""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Text, classes, joined


def queues(rows: Child, beside: Child) -> rx.Component:
    """The rows, and beside them what is only to be looked at; below them where there is no room."""
    return rx.el.div(rows, rx.el.div(beside), class_name="queues")


def queue(
    picture: Child, label: Text, count: Text, amount: Text, note: Text, *, href: Text, look: Text
) -> rx.Component:
    """A row. `look`: "act" has colour in its icon, "none" is gray, as nothing waits."""
    return rx.el.a(
        picture,
        rx.el.span(label, class_name="cut"),
        rx.el.span(count, class_name="n"),
        rx.el.span(amount, class_name="num"),
        rx.el.span(note, class_name="small cut"),
        icon("chevron-right"),
        href=href,
        class_name=classes("queue", joined("queue-", look)),
    )


def chart(
    name: Text,
    bars: rx.Var[list[list[str]]],
    first: Text,
    last: Text,
    most: Text,
    *,
    size: tuple[int, int, int],
) -> rx.Component:
    """Bars as [x, y, height, class], drawn by the server; `first`, `last`: the ends of the axis; `most`: what the upper
    line means.

    `size`: width, where the bars stand, and where the upper line is.
    """
    width, ground, top = size

    def across(y: int) -> rx.Component:
        return rx.el.svg.line(x1="0", x2=str(width), y1=str(y), y2=str(y))

    return rx.el.svg(
        across(ground),
        across(top),
        rx.foreach(
            bars,
            lambda bar: rx.el.svg.rect(
                x=bar[0], y=bar[1], width="8", height=bar[2], rx="1", class_name=bar[3]
            ),
        ),
        rx.el.svg.text(first, x="0", y=str(ground + 18)),
        rx.el.svg.text(last, x=str(width), y=str(ground + 18), custom_attrs={"textAnchor": "end"}),
        rx.el.svg.text(most, x=str(width), y=str(top + 14), custom_attrs={"textAnchor": "end"}),
        view_box=f"0 0 {width} {ground + 24}",
        role="img",
        aria_label=name,
        class_name="chart",
    )
