"""Choosing one of several groups and then values in it, by pointer or keys: groups at the left, their values at the
right.

Arrow keys work in the browser alone: up and down walk through groups and through values, right goes to the values, left
back.
"""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from reflex_base.vars import ObjectVar
from reflex_components_core.el.elements.typography import Div

from backoffice_app.ui.badge import count
from backoffice_app.ui.browser import Element, KeyPress, by_selector, call, nothing, result_of, tab_var
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Event, Flag, Text, joined

FIRST = "[role=tabpanel] :is(input, select, textarea)"
CHOSEN = ".choosing > [role=tablist] > [aria-selected=true]"
_group, _sought = tab_var("filter_group", ""), tab_var("filter_sought", "")
"""The group in sight, and what its values are searched for."""


def _on_group(event: ObjectVar[KeyPress]) -> tuple[rx.Var[str], Element, Element]:
    """The key, and the groups above and below; above the first is the last."""
    tab = event.target.to(ObjectVar, dict)
    whole = tab.parentElement.to(ObjectVar, dict)
    above, below = tab.previousElementSibling, tab.nextElementSibling
    return (
        event.key.to(str),
        rx.cond(above.to(bool), above, whole.lastElementChild).to(dict),
        rx.cond(below.to(bool), below, whole.firstElementChild).to(dict),
    )


def _on_value(event: ObjectVar[KeyPress]) -> tuple[rx.Var[str], rx.Var[str], Element]:
    """The key, the kind of the control that has the focus, and its row."""
    target = event.target.to(ObjectVar, dict)
    return event.key.to(str), target.type.to(str), result_of(target, "closest", "label")


class Groups(Div):
    """A <div> of groups that hears keys."""

    on_key_down: rx.EventHandler[_on_group]


class Values(Div):
    """A <div> of values that hears keys."""

    on_key_down: rx.EventHandler[_on_value]


def choosing(
    name: Text, groups: rx.Var[Any], shown: rx.Var[list[str]], draw: Callable[[Any], Child], foot: Child
) -> rx.Component:
    """The whole. `groups` have `key`, `label` and `count`; `shown`: those of them; `draw` makes the values of one.

    The group in sight stays the same in a tab; the focus is on it when this is drawn.
    """
    there = rx.cond(shown.contains(_group.value.to(str)), _group.value.to(str), shown[0]).to(str)
    tabs = Groups.create(
        rx.foreach(groups, lambda group: _tab(group, group.key == there)),
        role="tablist",
        aria_label=name,
        custom_attrs={"aria-orientation": "vertical"},
        on_key_down=_walk,
    )
    return rx.el.div(
        tabs,
        rx.foreach(groups, lambda group: rx.cond(group.key == there, _values(group, draw))),
        foot,
        class_name="choosing",
    )


def tick_row(
    label: Text, *, number: rx.Var[str], kind: str = "checkbox", **attributes: object
) -> rx.Component:
    """A value: a box or a circle with its word; the whole row is the target.

    `number`: how much has it, "" where that is not known.
    """
    described = {"custom_attrs": {"aria-description": number}}  # its name is the word alone
    box = rx.el.input(type=kind, aria_label=label, **described, **attributes)
    return rx.el.label(
        box,
        rx.el.span(label, class_name="grow"),
        rx.cond(number != "", count(number)),
        class_name="menu-item",
    )


def segments(name: Text, *parts: tuple[Text, Flag, Event]) -> rx.Component:
    """Two or three words of which one holds: [word, whether it is this one, what a press does]."""
    buttons = [
        rx.el.button(word, type="button", aria_pressed=holds, on_click=does) for word, holds, does in parts
    ]
    return rx.el.span(*buttons, class_name="segments", role="group", aria_label=name)


def values_search(name: Text) -> rx.Component:
    """A box that narrows the values in sight while one types; see `is_found`."""
    field = rx.el.input(
        type="text",
        aria_label=name,
        placeholder=name,
        auto_complete="off",
        spell_check=False,
        max_length=100,
        class_name="input",
        on_change=lambda text: [_sought.set_value(text)],
    )
    return rx.el.div(icon("search"), field, role="search", class_name="search")


def is_found(text: rx.Var[str]) -> rx.Var[bool]:
    """Whether `text`, in small letters, has what is searched for."""
    return text.contains(_sought.value.to(str).strip().lower())


def _tab(group: Any, is_chosen: rx.Var[bool]) -> rx.Component:
    chosen = [_group.set_value(group.key), _sought.set_value("")]
    return rx.el.button(
        rx.el.span(group.label, class_name="grow"),
        rx.cond(group.count != "", count(group.count)),
        type="button",
        role="tab",
        class_name="menu-item",
        id=joined("filter-of-", group.key),
        aria_selected=is_chosen,
        tab_index=rx.cond(is_chosen, 0, -1),
        auto_focus=is_chosen,
        on_focus=chosen,
        on_click=chosen,
    )


def _values(group: Any, draw: Callable[[Any], Child]) -> rx.Component:
    return Values.create(
        draw(group), role="tabpanel", aria_label=group.label, on_key_down=_step, key=group.key
    )


def _walk(key: rx.Var[str], above: Element, below: Element) -> Event:
    moves = (("ArrowUp", above), ("ArrowDown", below), ("ArrowRight", by_selector(f".choosing > {FIRST}")))
    return rx.match(key, *((name, call(to, "focus").prevent_default) for name, to in moves), nothing()).to(
        EventSpec
    )


def _step(key: rx.Var[str], kind: rx.Var[str], row: Element) -> Event:
    """Circles have their own keys for up and down, and in a text left moves the caret."""
    boxes, typed = kind == "checkbox", (kind == "text") | (kind == "date")
    above, below = row.previousElementSibling, row.nextElementSibling
    up = rx.cond(boxes, call(result_of(above, "querySelector", "input"), "focus").prevent_default, nothing())
    first = by_selector(".choosing > [role=tabpanel] [type=checkbox]")
    down = rx.cond(
        boxes, call(result_of(below, "querySelector", "input"), "focus").prevent_default, nothing()
    )
    down = rx.cond(kind == "text", call(first, "focus"), down)
    back = rx.cond(typed, nothing(), call(by_selector(CHOSEN), "focus").prevent_default)
    return rx.match(key, ("ArrowUp", up), ("ArrowDown", down), ("ArrowLeft", back), nothing()).to(EventSpec)
