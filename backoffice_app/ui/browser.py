"""What the browser does by itself, at once and without asking the server, written in Python.

Made of Reflex' typed vars, as its own `rx.scroll_to` is: a function that the browser has, and the arguments it gets.
This is the only module that names one; `tests/ui/test_no_script.py` keeps it so. An element that is not on the page is
`null`, and nothing happens to it.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.vars import FunctionStringVar, FunctionVar, ObjectVar

from backoffice_app.ui.kinds import Event, Text

Element: TypeAlias = Any
"""A var that holds an element of the page; its attributes are those of the browser, such as `value` and
`nextElementSibling`.
"""


@dataclass(frozen=True)
class KeyPress:
    """The browser's event of a pressed key, for the argument specs of components that hear keys."""

    key: str = ""
    ctrlKey: bool = False  # noqa: N815
    metaKey: bool = False  # noqa: N815
    altKey: bool = False  # noqa: N815
    shiftKey: bool = False  # noqa: N815
    isComposing: bool = False  # noqa: N815
    repeat: bool = False
    timeStamp: float = 0.0  # noqa: N815
    target: dict[str, Any] = field(default_factory=dict)


def tab_var(name: str, default: object) -> ClientStateVar:
    """A var that lives in the tab until it is reloaded: `.value` reads it, `.set_value(...)` is an event and shows at
    once.

    Reflex calls it experimental, so it is made here and nowhere else.
    """
    return ClientStateVar.create(name, default)


def by_id(key: Text) -> Element:
    """The element with the id `key`."""
    return FunctionStringVar.create("document.getElementById").call(key).to(ObjectVar, dict)


def by_selector(selector: str) -> Element:
    """The first element of the page that the CSS selector finds."""
    return FunctionStringVar.create("document.querySelector").call(selector).to(ObjectVar, dict)


def exists(selector: str) -> rx.Var[bool]:
    """Whether the CSS selector finds an element of the page, at the moment of the event."""
    return by_selector(selector).to(bool)


def is_asked(name: str) -> rx.Var[bool]:
    """Whether the address of the page names something by the parameter `name`, at the moment of the event."""
    return by_selector("html").baseURI.to(str).contains(f"{name}=")


def result_of(element: Element, method: str, *arguments: object) -> Element:
    """What the method of the element returns."""
    return getattr(element.to(ObjectVar, dict), method).to(FunctionVar).call(*arguments).to(ObjectVar, dict)


def call(element: Element, method: str, *arguments: object) -> Event:
    """The event that calls the method of the element."""
    return rx.run_script(result_of(element, method, *arguments))


def in_turn(*results: Element) -> Event:
    """The one event that calls several methods, one after the other."""
    return rx.run_script(rx.Var.create(list(results)))


def focus(key: Text) -> Event:
    """The event that gives the focus to the element with this id."""
    return call(by_id(key), "focus")


def press(key: Text) -> Event:
    """The event that presses the element with this id, if it is there and may be pressed."""
    return call(by_id(key), "click")


def follow(key: Text) -> Event:
    """The event that goes to the link with this id and follows it."""
    return in_turn(result_of(by_id(key), "focus"), result_of(by_id(key), "click"))


def now() -> rx.Var[int]:
    """The browser's time in milliseconds, at the moment of the event."""
    return FunctionStringVar.create("Date.now").call().to(int)


def in_address(text: rx.Var[str]) -> rx.Var[str]:
    """The text as a part of an address."""
    return FunctionStringVar.create("encodeURIComponent").call(text).to(str)


def nothing() -> Event:
    """The event that does nothing, and wakes up no lost connection to do so."""
    return rx.noop().temporal
