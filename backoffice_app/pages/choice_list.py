"""What the lists that a shop keeps to choose from have in common: the buttons of a row, and fields by language (RET-2,
W-7, W-8).
"""

from collections.abc import Callable

import reflex as rx

from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.formats import locale
from backoffice_app.i18n import DOCUMENT_LANGUAGES, UI_LANGUAGES
from backoffice_app.state.me import Me
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.field import field
from backoffice_app.ui.kinds import Event, Text, joined
from backoffice_app.ui.layout import row
from backoffice_app.ui.table import Row
from backoffice_app.ui.texts import _
from backoffice_app.ui.wrong import Wrong


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


def value_of(values: rx.Var[dict[str, str]], name: Text, else_: str = "") -> rx.Var[str]:
    """What a form starts with in the field of this name."""
    return rx.cond(values.contains(name), values[name], else_).to(str)


def names(
    values: rx.Var[dict[str, str]], wrong: Wrong, key: str, *, longest: int
) -> tuple[rx.Component, rx.Component]:
    """The fields of the name: in the language of the colleague, and in each other language of the documents."""

    def name_in(code: rx.Var[str]) -> rx.Component:
        name = joined(NAME, code)
        return field(
            word_in(_("Name"), code),
            name,
            value=value_of(values, name),
            error=wrong.at(name),
            key=joined(key, "-", name),
            max_length=longest,
        )

    own, others = own_first()
    return name_in(own), rx.fragment(rx.foreach(others, name_in))


def own_first() -> tuple[rx.Var[str], rx.Var[list[str]]]:
    """The language of the colleague, which most of their customers speak, and the others of the documents."""
    in_order = list(dict.fromkeys((*UI_LANGUAGES, *DOCUMENT_LANGUAGES)))
    others = [[code for code in in_order if code != own] for own in UI_LANGUAGES]
    own = rx.Var.create(list(UI_LANGUAGES)).to(list[str])[Me.lang].to(str)
    return own, rx.Var.create(others).to(list[list[str]])[Me.lang].to(list[str])


def word_in(word: rx.Var[str], code: rx.Var[str] | str) -> rx.Var[str]:
    """ "Name (French)" in the language of the tab, for the word "Name"."""
    words = {
        one: [f"({locale(language).languages[one].capitalize()})" for language in UI_LANGUAGES]
        for one in DOCUMENT_LANGUAGES
    }
    return word + " " + rx.Var.create(words).to(dict[str, list[str]])[code].to(list[str])[Me.lang].to(str)
