"""What bricks are given: texts and flags that are fixed or live, and events."""

from typing import Any, TypeAlias

import reflex as rx

Text: TypeAlias = str | rx.Var[str]
Flag: TypeAlias = bool | rx.Var[bool]
Child: TypeAlias = rx.Component | rx.Var[Any] | str
Event: TypeAlias = Any
"""What an `on_...` argument takes: a handler, an event, a list of them, or a function of the trigger's arguments.

Reflex checks it.
"""


def classes(*names: Text) -> Text:
    """The class names joined by blanks; live if one of them is."""
    if all(isinstance(name, str) for name in names):
        return " ".join(str(name) for name in names if name)
    whole: rx.Var[str] = rx.Var.create("")
    for name in names:
        whole = whole + " " + name
    return whole


def joined(*parts: Text) -> Text:
    """The parts put together without a blank, for ids and addresses; live if one of them is."""
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    whole: rx.Var[str] = rx.Var.create("")
    for part in parts:
        whole = whole + part
    return whole
