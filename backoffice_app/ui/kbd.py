"""The key that does the same, in gray beside a label; on wide screens only, and not part of the accessible name."""

import reflex as rx

from backoffice_app.ui.kinds import Flag, Text


def kbd(key: Text) -> rx.Component:
    """A key cap such as "s" inside a button."""
    return rx.el.kbd(key, class_name="kbd", aria_hidden="true")


def key_list(*lines: rx.Component) -> rx.Component:
    """The list of all keys with what they do, for the `?` dialog; made of `key_lines`."""
    return rx.el.dl(*lines, class_name="facts")


def key_lines(*rows: tuple[Text, Text] | tuple[Text, Text, Flag]) -> rx.Component:
    """Lines of that list, each a key and what it does; a third value says whether the line is there."""
    return rx.fragment(*(_line(*row) for row in rows))


def _line(key: Text, what: Text, shown: Flag = True) -> rx.Component:
    line = rx.fragment(rx.el.dt(rx.el.kbd(key, class_name="kbd kbd-shown")), rx.el.dd(what))
    return line if shown is True else rx.cond(shown, line)
