"""Single keys: off in fields, with a dialog open, with Ctrl, Alt or Meta held, and when the user switched them off (WCAG 2.1.4)."""

from collections.abc import Mapping, Sequence

import reflex as rx
from reflex_base.vars.object import ObjectVar
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui.kbd import key_list
from backoffice_app.ui.kinds import Event, Text
from backoffice_app.ui.texts import _

HELP = "shortcuts"
KEYLESS = "frame-keyless"
"""The class of the frame for who switched single keys off; looked for at each key, because the listener outlives the switch."""

# "/" is quick find in Firefox, and would be typed into the field that gets the focus: it is held back where it is ours.
_FREE = (
    "((e) => !['INPUT','TEXTAREA','SELECT'].includes(e.target?.tagName) && e.target?.isContentEditable !== true"
    " && !e.ctrlKey && !e.metaKey && !e.altKey && !e.isComposing && !e.repeat"
    f" && !document.querySelector('[role=dialog],.{KEYLESS}') && (e.key !== '/' || (e.preventDefault(), true)))"
)


def _key(event: ObjectVar[dict[str, object]]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return event.key.to(str), rx.Var(f"{_FREE}({event})").to(bool)


class Shortcuts(WindowEventListener):
    """Listens on the window; gives the key and whether it is free to mean something."""

    on_key_down: rx.EventHandler[_key]


def shortcuts(keys: Mapping[str, Event], listed: Sequence[tuple[str, Text]] = ()) -> rx.Component:
    """Each key with what it does: {"s": press("ship"), "/": focus("search")}. Other keys send nothing.

    `listed`: what `?` shows, keys with their words.
    """

    def chosen(key: rx.Var[str], free: rx.Var[bool]) -> Event:
        event: Event = rx.noop()
        for name, does in reversed(known.items()):
            event = rx.cond(key == name, does, event)
        return rx.cond(free, event, rx.noop())

    known = {**keys, "?": rx.run_script(f"document.getElementById('{HELP}').togglePopover()")} if listed else keys
    listener = Shortcuts.create(on_key_down=chosen)
    return rx.fragment(listener, _help(listed)) if listed else listener


def _help(listed: Sequence[tuple[str, Text]]) -> rx.Component:
    name = _("Keyboard shortcuts")
    panel = {"id": HELP, "class_name": "float keys", "role": "group", "aria_label": name, "custom_attrs": {"popover": "auto"}}
    return rx.el.div(rx.el.h2(name), key_list(*listed, ("?", _("This list"))), **panel)


def focus(element: Text) -> Event:
    """Puts the focus on the element with this id, in the browser alone."""
    return _on_element(element, "focus")


def press(element: Text) -> Event:
    """Presses the element with this id if it is there and may be pressed: key and button can't differ."""
    return _on_element(element, "click")


def step(selector: str, by: int) -> Event:
    """Moves the focus to the next (1) or previous (-1) element that `selector` finds, such as the links of a table's rows."""
    return rx.run_script(
        f"{{const all=[...document.querySelectorAll({selector!r})],at=all.indexOf(document.activeElement);"
        f"all[Math.max(0,Math.min(all.length-1,at+({by})))]?.focus()}}"
    )


def _on_element(element: Text, does: str) -> Event:
    wanted = rx.Var.create(element)
    return rx.run_script(rx.Var(f"document.getElementById({wanted!s})?.{does}()", _var_data=wanted._get_all_var_data()))
