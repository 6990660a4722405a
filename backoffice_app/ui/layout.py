"""How things stand: rows of controls, stacks, blocks in columns, lists of facts, the bar at the bottom."""

from collections.abc import Sequence

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Flag, Text
from backoffice_app.ui.popover import opener
from backoffice_app.ui.texts import _

BAR_MORE = "bar-more"
"""The id of what the last button of a bar opens on a phone."""


def row(*children: Child, middle: bool = False, end: bool = False) -> rx.Component:
    """Controls in a row, 8 px apart; they wrap. `middle`: centred in height; `end`: on one ground line."""
    return rx.el.div(*children, class_name="row row-middle" if middle else "row row-end" if end else "row")


def stack(*children: Child, wide: bool = False, card: bool = False) -> rx.Component:
    """Things under each other, 8 px apart, `wide` 12; `card`: on a sheet of their own."""
    return rx.el.div(*children, class_name="stack stack-wide" if wide else "stack card" if card else "stack")


def ends(*children: Child) -> rx.Component:
    """The first at the start of the line, the last at its end."""
    return rx.el.div(*children, class_name="ends")


def options(text: Text) -> rx.Component:
    """What a customer chose or wrote, one `name: text` a line."""
    return rx.el.div(text, dir="auto", class_name="options")


def columns(*stacks: Sequence[Child]) -> rx.Component:
    """Three columns of blocks divided by lines; two under 1024 px, one under 640."""
    return rx.el.div(*(rx.el.div(*blocks) for blocks in stacks), class_name="columns")


def block(title: Text, *children: Child, action: Child | None = None, key: str) -> rx.Component:
    """A named part of a page, its title as h2 and its one action at the right."""
    head = rx.el.div(
        rx.el.h2(title, id=key), *([action] if action is not None else []), class_name="block-head"
    )
    return rx.el.section(head, *children, class_name="block", aria_labelledby=key)


def facts(*pairs: tuple[Text, Child]) -> rx.Component:
    """Words with their values."""
    return rx.el.dl(
        *(part for word, value in pairs for part in (rx.el.dt(word), rx.el.dd(value))), class_name="facts"
    )


def live_facts(pairs: rx.Var[list[list[str]]]) -> rx.Component:
    """The same from rows [word, value] that the server made."""
    return rx.el.dl(
        rx.foreach(pairs, lambda pair: rx.fragment(rx.el.dt(pair[0]), rx.el.dd(pair[1]))), class_name="facts"
    )


def items(*children: Child, name: Text | None = None) -> rx.Component:
    """A list divided by lines; each child is an `item`."""
    return rx.el.ul(*children, class_name="items", **({"aria_label": name} if name is not None else {}))


def whole_line(*children: Child) -> rx.Component:
    """Stands under the rest of its `item`, as wide as all of it."""
    return rx.el.div(*children, class_name="whole-line")


def item(*children: Child, **attributes: object) -> rx.Component:
    """One line of `items`."""
    return rx.el.li(*children, **attributes)


def order_grid(
    cells: Sequence[Sequence[Child]], below: Sequence[Child], side: Sequence[Child], *, goods_first: Flag
) -> rx.Component:
    """The blocks of an order.

    `cells` stand in two columns, two in a row that begin level, and `below` under both; `side` runs beside them from
    1100 px on. A cell that is empty leaves no gap. `goods_first`: the second cell stands first.
    """
    drawn = [rx.el.div(*cell, class_name="cell") for cell in cells]
    left = rx.el.div(*drawn, rx.el.div(*below, class_name="cell whole"), class_name="order-left")
    return rx.el.div(
        left,
        rx.el.div(*side, class_name="order-side"),
        class_name=rx.cond(goods_first, "order goods-first", "order"),
    )


def line(start: Child, *end: Child) -> rx.Component:
    """A line of 24 px: what it is at the start, what belongs to it at the end."""
    return rx.el.div(start, rx.el.span(*end, class_name="push"), class_name="line")


def kept_line(*children: Child) -> rx.Component:
    """A line of small gray text that keeps its height while it is empty, so that nothing moves when a reason comes or
    goes.

    The whole of one that is too long stands over what follows while the pointer or the focus is at it.
    """
    return rx.el.div(rx.el.span(*children), class_name="why-slot small quiet-text")


def said(title: Child, *children: Child) -> rx.Component:
    """What somebody wrote and nobody should overlook, on amber."""
    return rx.el.section(rx.el.h2(icon("message-square-text"), title), *children, class_name="said")


def bottom_bar(*kept: Child, more: Child | None = None, name: Text) -> rx.Component:
    """The bar of actions that stays at the bottom.

    Under 900 px `more` is a menu that its last button opens; `kept` stays.
    """
    if more is None:
        return rx.el.div(*kept, class_name="bottom-bar", role="toolbar", aria_label=name)
    opens = opener(
        BAR_MORE, rx.el.span(_("More", "actions")), icon("chevron-up"), class_name="btn btn-soft more"
    )
    # As for the menu of the frame, the style sheet shows the popover always where there is room.
    rest = rx.el.div(more, id=BAR_MORE, class_name="bar-more", custom_attrs={"popover": "auto"})
    return rx.el.div(*kept, rest, opens, class_name="bottom-bar", role="toolbar", aria_label=name)


def toolbar(*children: Child) -> rx.Component:
    """The line of controls above a list."""
    return rx.el.div(*children, class_name="toolbar")


def push(*children: Child) -> rx.Component:
    """What stands at the end of a toolbar or bottom bar."""
    return rx.el.div(*children, class_name="push row row-middle")


def steps(*buttons: Child) -> rx.Component:
    """To the one before and the one after; on small screens they stand beside the title."""
    return rx.el.div(*buttons, class_name="row steps")


def timeline(*entries: Child, name: Text) -> rx.Component:
    """History: a list of `moment`s."""
    return rx.el.ol(*entries, class_name="timeline", aria_label=name)


def moment(at: Text, what: Child, who: Text) -> rx.Component:
    """One fact: when, what happened, by whom."""
    return rx.el.li(
        rx.el.span(at, class_name="when"),
        rx.el.div(rx.el.div(what), rx.el.div(who, class_name="small quiet-text")),
    )


def panel(*children: Child, padded: bool = False) -> rx.Component:
    """What fills a tab: a table to the edges, or `padded` text."""
    return rx.el.div(*children, class_name="block" if padded else "panel")


def side_by_side(*fields: Child) -> rx.Component:
    """Two short fields in one line of a form; under each other where there is no room."""
    return rx.el.div(*fields, class_name="form-two")


def in_one_line(*fields: Child) -> rx.Component:
    """Several short fields in one line of a wide form; in as many lines as they need where there is less room."""
    return rx.el.div(*fields, class_name="form-line")


def new_tab(label: Text, href: Text) -> rx.Component:
    """A link that opens in a new tab, and says so: a PDF, a carrier's page."""
    return rx.el.a(label, href=href, target="_blank", rel="noopener", title=_("Opens in a new tab"))


def grow(*children: Child) -> rx.Component:
    """Takes the room that is left in a row."""
    return rx.el.div(*children, class_name="grow")


def quiet(*children: Child, small: bool = False) -> rx.Component:
    """Text that stands back."""
    return rx.el.span(*children, class_name="quiet-text small" if small else "quiet-text")


def strong(*children: Child) -> rx.Component:
    """Text that stands out."""
    return rx.el.span(*children, class_name="strong")


def roomy(*children: Child) -> rx.Component:
    """Left out on small screens, where it stands elsewhere too."""
    return rx.el.span(*children, class_name="roomy")


def figure(*children: Child) -> rx.Component:
    """Money, dates, numbers in running text: figures of equal width."""
    return rx.el.span(*children, class_name="tabular")
