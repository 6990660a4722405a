"""The palette: one field that finds pages, orders and actions, by keyboard from anywhere.

The browser's own modal <dialog> holds it.
"""

import reflex as rx
from reflex.event import EventSpec
from reflex_base.vars import ObjectVar
from reflex_components_core.core.window_events import WindowEventListener
from reflex_components_core.el.elements.forms import Input

from backoffice_app.ui.browser import KeyPress, by_id, call, exists, nothing, press, tab_var
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kbd import kbd
from backoffice_app.ui.kinds import Event, Text, joined
from backoffice_app.ui.shared import shared
from backoffice_app.ui.texts import _

BOX, FIELD, OPENER = "palette", "palette-field", "palette-opener"
CLOSE = call(by_id(BOX), "close")
WAIT = 150
"""Milliseconds after the last key before it is searched."""

# Marking and pressing happen in the browser: an arrow key that asks the server first is felt.
_turn, _at = tab_var("palette_turn", 0), tab_var("palette_at", 0)
"""The answer in which the arrow keys moved, and the place of the row they marked; a newer answer is marked anew."""
_enter = tab_var("palette_enter", "")
"""The text on which Enter was pressed before its answer was there, else ""."""


def _ctrl_k(event: ObjectVar[KeyPress]) -> tuple[rx.Var[bool]]:
    """Whether it is Ctrl-K (on a Mac Command-K)."""
    held = (event.ctrlKey | event.metaKey) & ~event.altKey & ~event.shiftKey
    return (held & (event.key.to(str).lower() == "k"),)


def _typed(event: ObjectVar[KeyPress]) -> tuple[rx.Var[str], rx.Var[str]]:
    """The key, "" where it belongs to an input method; and what the field holds."""
    return rx.cond(event.isComposing, "", event.key).to(str), event.target.value.to(str)


class CtrlK(WindowEventListener):
    """Hears Ctrl-K wherever the focus is."""

    on_key_down: rx.EventHandler[_ctrl_k]


class Field(Input):
    """A text field that hears keys."""

    on_key_down: rx.EventHandler[_typed]


def palette_button(on_search: Event) -> rx.Component:
    """Opens the palette, as Ctrl-K does; `on_search` gets the text that is searched."""
    return rx.el.button(
        icon("search"),
        rx.el.span(_("Search"), class_name="grow"),
        kbd(_("Ctrl K")),
        type="button",
        id=OPENER,
        class_name="side-link palette-opener",
        aria_label=_("Search or do something"),
        aria_haspopup="dialog",
        on_click=_open(on_search),
    )


def palette_icon(on_search: Event) -> rx.Component:
    """The same as an icon, for where the menu is closed."""
    return rx.el.button(
        icon("search"),
        type="button",
        class_name="btn btn-icon",
        aria_label=_("Search or do something"),
        title=_("Search or do something"),
        aria_haspopup="dialog",
        on_click=_open(on_search),
    )


def _open(on_search: Event) -> list[Event]:
    return [call(by_id(BOX), "showModal"), rx.set_value(FIELD, ""), on_search("")]


def palette(
    found: rx.Var[list[list[str]]],
    answered: rx.Var[str],
    turn: rx.Var[int],
    *,
    on_search: Event,
    on_choose: Event,
) -> rx.Component:
    """The palette with its rows `found`, each [key, word, what it is about, address or "" for an action, why not, ...].

    `answered`: the text they answer; `turn` grows with each answer. `on_choose` gets the row of an action. Enter waits
    for the answer to what was typed; where nothing was, nothing is marked, so that opening and Enter never book
    anything.
    """
    name = _("Search or do something")
    at = rx.cond(_turn.value.to(int) == turn, _at.value.to(int), rx.cond(answered != "", 0, -1)).to(int)

    def heard(key: rx.Var[str], text: rx.Var[str]) -> list[Event]:
        down, up = rx.cond(at + 1 < found.length(), at + 1, at), rx.cond(at > 0, at - 1, 0)
        goes = rx.match(key, ("ArrowDown", down), ("ArrowUp", up), at).to(int)
        shows = call(by_id(_own(goes)), "scrollIntoView", {"block": "nearest"}).prevent_default
        is_answered = text.strip() == answered
        enter = rx.cond(is_answered, press(_own(at)), nothing())
        return [
            rx.match(key, ("ArrowDown", shows), ("ArrowUp", shows), ("Enter", enter), nothing()).to(
                EventSpec
            ),
            _at.set_value(goes),
            _turn.set_value(turn),
            _enter.set_value(rx.cond((key == "Enter") & ~is_answered, text.strip(), "")),
        ]

    field = Field.create(
        id=FIELD,
        role="combobox",
        type="text",
        aria_label=name,
        placeholder=name,
        aria_expanded=True,
        aria_controls="palette-list",
        custom_attrs={
            "aria-autocomplete": "list",
            "aria-activedescendant": rx.cond((at >= 0) & (found.length() > 0), _own(at), ""),
        },
        auto_complete="off",
        spell_check=False,
        max_length=200,
        class_name="input",
        on_change=lambda text: on_search(text).debounce(WAIT),
        on_key_down=heard,
    )
    none = rx.cond((turn > 0) & (found.length() == 0), rx.el.p(_("Nothing found."), class_name="empty-line"))
    box = rx.el.dialog(
        rx.el.div(field, icon_button("x", _("Close"), on_click=CLOSE), class_name="palette-head"),
        rx.el.div(
            rx.foreach(found, lambda row, place: _option(row, place, place == at, on_choose)),
            id="palette-list",
            role="listbox",
            aria_label=name,
            class_name="palette-list",
        ),
        rx.el.div(none, role="status"),
        rx.cond((answered != "") & (_enter.value.to(str) == answered), presses_first_found()),
        id=BOX,
        aria_label=name,
        class_name="palette",
        custom_attrs={"closedby": "any"},
    )
    return rx.fragment(CtrlK.create(on_key_down=_open_or_close), box)


@shared
def presses_first_found() -> rx.Component:
    """Is there once the answer to what Enter was pressed on is."""
    return rx.el.span(hidden=True, on_mount=[press(_own(0)), _enter.set_value("")])


def _open_or_close(is_ctrl_k: rx.Var[bool]) -> Event:
    """Ctrl-K opens the palette, unless a dialog is open, or closes it; the browser's own search field never opens by
    it.
    """
    opens = rx.cond(exists("dialog[open]"), nothing().prevent_default, press(OPENER).prevent_default)
    does = rx.cond(exists(f"#{BOX}[open]"), CLOSE.prevent_default, opens)
    return rx.cond(is_ctrl_k, does, nothing())


def _own(place: rx.Var[int] | int) -> Text:
    """The id of the row at this place."""
    return joined("palette-", str(place) if isinstance(place, int) else place.to_string())


def _option(
    row: rx.Var[list[str]], place: rx.Var[int], marked: rx.Var[bool], on_choose: Event
) -> rx.Component:
    inside = (rx.el.span(row[1]), rx.el.span(row[2], class_name="quiet-text small"))
    shared = {
        "id": _own(place),
        "key": row[0],
        "role": "option",
        "aria_selected": marked,
        "class_name": "menu-item",
    }
    link = rx.el.a(*inside, href=row[3], tab_index=-1, on_click=CLOSE, **shared)
    chosen = [rx.cond(row[4] == "", CLOSE, nothing()), on_choose(row)]
    return rx.cond(
        row[3] != "", link, rx.el.div(*inside, aria_disabled=row[4] != "", on_click=chosen, **shared)
    )
