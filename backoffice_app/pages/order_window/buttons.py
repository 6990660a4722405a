"""Buttons of actions: not there without the right, greyed with the reason where the rule says no; and what was wrong in a form."""

from collections.abc import Callable

import reflex as rx

from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import Look, button
from backoffice_app.ui.kinds import Event, Text

ABOUT = OrderState.view.about
"""What each event of the window is about: the order as it is shown."""
ASKED = OrderState.asked
"""What each event of an open dialog is about: the order as the dialog was filled from it."""


def may(action: str) -> rx.Var[bool]:
    """Whether this colleague may see the button of `action` at all."""
    return OrderState.view.actions[action].shown.to(bool)


def enabled(action: str) -> rx.Var[bool]:
    """Whether `action` may be done now by this colleague."""
    known = OrderState.view.actions[action]
    return known.shown.to(bool) & known.enabled.to(bool)


def action_button(
    action: str,
    *,
    look: Look = "soft",
    key: str = "",
    label: Text | None = None,
    on_click: Event = None,
    submit: bool = False,
    shortcut: str = "",
    about: Text = ABOUT,
) -> rx.Component:
    """The button of `action`; it does it at once unless `on_click` or a form (`submit`) says otherwise.

    `about`: what it is pressed for, as it is shown; in a dialog that is `OrderState.asked`.

    `key` is its id, the action's if empty. Once pressed it waits for the answer.
    """
    known = OrderState.view.actions[action]
    does = None if submit else OrderState.act(action, about, {}) if on_click is None else on_click
    drawn = button(
        known.label if label is None else label,
        look=look,
        key=key or action,
        why_not=known.reason.to(str),
        on_click=does,
        submit=submit,
        shortcut=shortcut,
        waits=True,
    )
    return rx.cond(known.shown, drawn)


def kept(name: Text, value: Text) -> rx.Var[str]:
    """What a field of an open dialog starts with: what this colleague had typed into it before, else `value`."""
    drafted = OrderState.drafted
    return rx.cond(drafted.contains(name), drafted[name], value).to(str)


def keep(which: Text = "") -> Callable[..., Event]:
    """What the form of a dialog tells of its fields, to be kept. `which`: the part of the order that the dialog is of."""
    return lambda name, text, kind: OrderState.keep(ASKED, which, name, text, kind)


def closing(stays: rx.Var[bool]) -> Event:
    """What a dialog of the window does when it is closed."""
    return OrderState.close(ASKED, stays)


def wrong(field: str) -> rx.Var[str]:
    """What is wrong with this field of the open dialog, or ""."""
    return rx.cond(OrderState.wrong_field == field, OrderState.wrong, "")


def wrong_beside(*fields: str) -> rx.Var[str]:
    """What is wrong in the open dialog and belongs to none of its `fields`, for the place above them."""
    return rx.cond(rx.Var.create(list(fields)).contains(OrderState.wrong_field), "", OrderState.wrong)
