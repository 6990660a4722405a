"""Single keys: off in fields, with a dialog open, with Ctrl, Alt or Meta held, and when the user switched them off
(WCAG 2.1.4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TypeAlias

import reflex as rx
from reflex.event import EventSpec
from reflex_base.vars import ObjectVar
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui import browser
from backoffice_app.ui.browser import (
    Element,
    KeyPress,
    by_id,
    by_selector,
    call,
    exists,
    in_turn,
    is_asked,
    nothing,
    result_of,
    tab_var,
)
from backoffice_app.ui.kbd import key_lines, key_list
from backoffice_app.ui.kinds import Event, Flag, Text
from backoffice_app.ui.texts import _

HELP = "shortcuts"
FIELDS = ["INPUT", "TEXTAREA", "SELECT"]
BOXES = ["checkbox", "radio"]
"""The kinds of inputs into which nothing is typed."""
ARROWS = {"ArrowDown": "j", "ArrowUp": "k"}
"""Keys that do the same as a letter in a list; unlike a letter they go on while they are held down."""
STEPPED = ["HTML", "BODY", "MAIN"]
"""Where the focus is while it is at nothing: from there, and from a row, an arrow goes to a row; elsewhere it scrolls
or chooses.
"""
ROWS = "tbody tr, .queue"
STEP_KEYS = "j k, ↓ ↑"
"""How the list of shortcuts calls the keys to the next and the previous row."""
ABOVE = "[popover=auto]:popover-open, .notice-error"
"""What floats above the page and is closed by Escape first."""
GO, GO_KEY = "g", "data-key"
"""The first key of two that lead to a page, and where an entry of the menu that is known at run time only has the
second.
"""
WITHIN = 1_000
"""Of two keys the second counts for so many milliseconds."""


@dataclass(frozen=True)
class Presses:
    """A key that presses the first element of the page that `selector` finds, if it is there and may be pressed."""

    selector: str


Does: TypeAlias = Presses | Callable[[Element], Event]
"""What a key does, in the browser alone: it presses an element, or gets the element that has the focus and gives one
event.
"""

Listed = tuple[Text, Text] | tuple[Text, Text, Flag]
"""A line of the list that `?` shows: the key, what it does, and whether it does so for this colleague."""

_begun, _begun_at = tab_var("begun_key", ""), tab_var("begun_at", 0.0)
"""The first of two keys, and when it was pressed."""


def _pressed(event: ObjectVar[KeyPress]) -> tuple[rx.Var[str], rx.Var[float], Element]:
    """The key, or "" where it is no shortcut; when it was pressed; and the element that has the focus."""
    is_box = rx.Var.create(BOXES).contains(event.target.type.to(str))
    in_field = (
        rx.Var.create(FIELDS).contains(event.target.tagName.to(str)) & ~is_box
    ) | event.target.isContentEditable.to(bool)
    is_arrow = rx.Var.create([*ARROWS]).contains(event.key)
    held = event.ctrlKey | event.metaKey | event.altKey | event.isComposing | (event.repeat & ~is_arrow)
    in_list = rx.Var.create(STEPPED).contains(event.target.tagName.to(str)) | result_of(
        event.target, "closest", ROWS
    ).to(bool)
    scrolls = is_arrow & (event.shiftKey | ~in_list | exists("[popover=auto]:popover-open"))
    return (
        rx.cond(in_field | held | scrolls | exists("dialog[open]"), "", event.key).to(str),
        event.timeStamp.to(float),
        event.target.to(dict),
    )


class SingleKeys(WindowEventListener):
    """Hears each key of the page.

    Reflex makes the handler once, when the component is mounted, so it may use vars of the tab and elements of the
    page, but no var of a state: that would keep the value it had then.
    """

    on_key_down: rx.EventHandler[_pressed]


def on_escape(event: Event) -> rx.Component:
    """Escape does `event`, once nothing is above the page that it closes: first popovers and errors, then dialogs, then
    this.

    In a field of text it belongs to the field. No letter, so it is heard also where single keys are off.
    """

    def heard(key: rx.Var[str], _at: object, _target: object) -> EventSpec:
        return rx.cond((key == "Escape") & ~exists(ABOVE), event, nothing()).to(EventSpec)

    return SingleKeys.create(on_key_down=heard)


def shortcuts(
    keys: Mapping[str, Does],
    listed: Sequence[Listed] = (),
    also_listed: rx.Component | None = None,
    *,
    on: Flag = True,
) -> rx.Component:
    """Each key, or two after one another, with what it does: {"s": press("ship"), "/": focus("search"), "g o":
    go("/orders")}.

    `listed`, `also_listed`: what `?` shows. `on`: whether this colleague wants single keys. A key that is ours is held
    back: "/" is quick find in Firefox and would be typed into the field that gets the focus. After the first of two
    keys the second means nothing by itself. Where `j` and `k` step through rows, the arrows do too; where they press a
    link, as in an order's window, the arrows scroll.
    """
    arrows = {
        arrow: keys[letter]
        for arrow, letter in ARROWS.items()
        if letter in keys and not isinstance(keys[letter], Presses)
    }
    known: dict[str, Does] = {**keys, **arrows, "?": lambda _target: call(by_id(HELP), "togglePopover")}
    presses = rx.Var.create(
        {name: does.selector for name, does in known.items() if isinstance(does, Presses)}
    )
    begins = rx.Var.create(sorted({key.split()[0] for key in known if " " in key}))

    def heard(key: rx.Var[str], at: rx.Var[float], target: Element) -> list[Event]:
        first = _begun.value.to(str)
        is_second = (first != "") & (at - _begun_at.value.to(float) < WITHIN)
        meant = rx.cond(is_second & (key != ""), first + " " + key, key)
        cases = [
            (name, does(target).prevent_default)
            for name, does in known.items()
            if not isinstance(does, Presses)
        ]
        goes = is_second & (first == GO) & rx.Var.create(list(ascii_lowercase)).contains(key)
        selector = rx.cond(
            presses.contains(meant), presses[meant].to(str), f'#side a[{GO_KEY}="' + key + '"]'
        )
        pressed = call(by_selector(selector), "click").prevent_default
        begins_now = begins.contains(key) & ~is_second
        return [
            rx.match(meant, *cases, rx.cond(presses.contains(meant) | goes, pressed, nothing())).to(
                EventSpec
            ),
            _begun_at.set_value(rx.cond(begins_now, at, 0)),
            _begun.set_value(rx.cond(begins_now, key, "")),
        ]

    listener = SingleKeys.create(on_key_down=heard)
    return rx.fragment(listener if on is True else rx.cond(on, listener), _help(listed, also_listed))


def _help(listed: Sequence[Listed], also_listed: rx.Component | None) -> rx.Component:
    name = _("Keyboard shortcuts")
    lines = [
        key_lines(*listed),
        *([also_listed] if also_listed is not None else []),
        key_lines(("?", _("This list"))),
    ]
    panel = {
        "id": HELP,
        "class_name": "float keys",
        "role": "group",
        "aria_label": name,
        "custom_attrs": {"popover": "auto"},
    }
    return rx.el.div(rx.el.h2(name), key_list(*lines), **panel)


def focus(element: str) -> Does:
    """Puts the focus on the element with this id."""
    return lambda _target: browser.focus(element)


def press(element: str) -> Does:
    """Presses the element with this id if it is there and may be pressed: key and button can't differ."""
    return Presses(f"#{element}")


def press_first(*elements: str) -> Does:
    """Presses the first element of the page that has one of these ids."""
    return Presses(", ".join(f"#{element}" for element in elements))


def press_in_row(selector: str) -> Does:
    """Presses what `selector` finds in the row of the table that has the focus."""
    return lambda target: call(in_row(target, selector), "click")


def reveal(panel: str) -> Does:
    """Presses the opener of the popover with this id, so that the popover stands beside it, and goes into its first
    field; or closes it.
    """
    opener = by_id(f"{panel}-opener")
    first_field = by_selector(f"#{panel}:popover-open :is(summary, input, select, textarea)")
    return lambda _target: in_turn(
        result_of(opener, "focus"), result_of(opener, "click"), result_of(first_field, "focus")
    )


def go(route: str) -> Does:
    """Presses the first link of the menu that leads to `route` or below it: who does not see the page does not go
    there.
    """
    return Presses(f'#side a[href^="{route}"]')


def step(selector: str, by: int) -> Does:
    """Moves the focus to the next (1) or previous (-1) row's link that `selector` finds; to the first if it is in no
    row.
    """
    return lambda target: call(_beside(target, in_row(target, selector).to(bool), selector, by), "focus")


def step_and_show(selector: str, by: int, shown_by: str) -> Does:
    """As `step`; while the address names by `shown_by` what a panel shows, the row's link is followed too, also before
    the panel is there.

    The step is then from the row that the panel shows, whose link is `aria-current`, if no row has the focus.
    """
    shown = f'{selector}[aria-current="true"]'

    def to_row(target: Element) -> Event:
        is_in_row = in_row(target, selector).to(bool)
        start = rx.cond(is_in_row, target, by_selector(shown)).to(dict)
        link = _beside(start, is_in_row | exists(shown), selector, by).to(dict)
        return in_turn(
            result_of(link, "focus"),
            rx.cond(is_asked(shown_by), result_of(link, "click"), result_of(link, "focus")),
        )

    return to_row


def in_row(element: Element, selector: str) -> Element:
    """What `selector` finds in the row of the table that the element is in."""
    return result_of(result_of(element, "closest", "tbody tr"), "querySelector", selector)


def _beside(element: Element, is_in_row: rx.Var[bool], selector: str, by: int) -> Element:
    """The link of the row after (1) or before (-1) that of `element`; the first of all if that is in none."""
    row = result_of(element, "closest", "tr")
    other = row.nextElementSibling if by > 0 else row.previousElementSibling
    return rx.cond(is_in_row, result_of(other, "querySelector", selector), by_selector(selector))
