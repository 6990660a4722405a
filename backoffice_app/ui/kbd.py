"""The key that does the same, in gray beside a label; on wide screens only, and not part of the accessible name."""

import reflex as rx


def kbd(key: str) -> rx.Component:
    """A key cap such as "s" inside a button."""
    return rx.el.kbd(key, class_name="kbd", aria_hidden="true")


def key_list(*rows: tuple[str, str | rx.Var[str]]) -> rx.Component:
    """The list of all keys with what they do, for the `?` dialog."""
    return rx.el.dl(
        *(part for key, what in rows for part in (rx.el.dt(rx.el.kbd(key, class_name="kbd kbd-shown")), rx.el.dd(what))),
        class_name="facts",
    )
