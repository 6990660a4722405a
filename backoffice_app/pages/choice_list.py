"""What the lists that a shop keeps to choose from have in common: the buttons of a row, and fields by language (RET-2,
W-7, W-8).
"""

from collections.abc import Callable

import reflex as rx

from backoffice_app.formats import locale
from backoffice_app.i18n import UI_LANGUAGES
from backoffice_app.state.me import Me
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.kinds import Event, Text, joined
from backoffice_app.ui.layout import row
from backoffice_app.ui.table import Row
from backoffice_app.ui.texts import _


def changing(one: Row, kind: str, *, on_edit: Event, on_change: Callable[[str], Event]) -> rx.Component:
    """Up, down, edit, retire; what is retired can be taken into use again.

    `kind` tells the buttons of one list from those of another.

    `on_change` is told "up", "down", "retire" or "use".
    """

    def move(picture: str, word: rx.Var[str], what: str, is_end: rx.Var[bool]) -> rx.Component:
        key = joined(f"{what}-{kind}-", one.id)
        return icon_button(picture, word + " " + one.name, key=key, on_click=on_change(what), disabled=is_end)

    def named(word: rx.Var[str], what: str, on_click: Event) -> rx.Component:
        key: Text = joined(f"{what}-{kind}-", one.id)
        return button(word, look="text", key=key, on_click=on_click, aria_label=word + " " + one.name)

    edit = named(_("Edit"), "edit", on_edit)
    in_use = row(
        move("chevron-up", _("Move up"), "up", one.is_first),
        move("chevron-down", _("Move down"), "down", one.is_last),
        edit,
        named(_("Take out of use"), "retire", on_change("retire")),
        middle=True,
    )
    again = named(_("Use again"), "use", on_change("use"))
    return rx.cond(one.is_retired, row(edit, again, middle=True), in_use)


def value_of(values: rx.Var[dict[str, str]], name: str, else_: str = "") -> rx.Var[str]:
    """What a form starts with in the field of this name."""
    return rx.cond(values.contains(name), values[name], else_).to(str)


def word_in(word: rx.Var[str], code: str) -> rx.Var[str]:
    """ "Name (French)" in the language of the tab, for the word "Name"."""
    words = [f"({locale(language).languages[code].capitalize()})" for language in UI_LANGUAGES]
    return word + " " + rx.Var.create(words).to(list[str])[Me.lang].to(str)
