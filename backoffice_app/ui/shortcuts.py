"""Single keys: off in fields, with a dialog open, with Ctrl, Alt or Meta held, and when the user switched them off (WCAG 2.1.4)."""

import json
from collections.abc import Mapping, Sequence
from typing import NewType

import reflex as rx
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui.kbd import key_list
from backoffice_app.ui.kinds import Flag, Text
from backoffice_app.ui.texts import _

HELP = "shortcuts"
KEYLESS = "frame-keyless"
"""The class of the frame for who switched single keys off; looked for at each key, because the listener outlives the switch."""

Does = NewType("Does", str)
"""What a key does, in the browser alone: an expression of one line."""

Listed = tuple[Text, Text] | tuple[Text, Text, Flag]
"""A line of the list that `?` shows: the key, what it does, and whether it does so for this colleague."""

_FREE = (
    "!['INPUT','TEXTAREA','SELECT'].includes(e.target?.tagName) && e.target?.isContentEditable !== true"
    " && !e.ctrlKey && !e.metaKey && !e.altKey && !e.isComposing && !e.repeat"
    f" && !document.querySelector('[role=dialog],dialog[open],.{KEYLESS}')"
)
# Heard at once, not through the queue of events: a key that is ours is held back ("/" is quick find in Firefox, and would be typed
# into the field that gets the focus). Of two keys the second counts for a second, and whatever it is, it means nothing by itself.
_LISTEN = """useEffect(() => {{
    const keys = {keys};
    let first = "", at = 0;
    const heard = (e) => {{
        if (!({free})) return;
        const does = keys[first && e.timeStamp - at < 1000 ? first + " " + e.key : e.key];
        first = !does && Object.keys(keys).some((key) => key.startsWith(e.key + " ")) ? e.key : "";
        at = e.timeStamp;
        if (does) {{ e.preventDefault(); does(); }}
    }};
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
}}, [])"""


def shortcuts(keys: Mapping[str, Does], listed: Sequence[Listed] = ()) -> rx.Component:
    """Each key, or two after one another, with what it does: {"s": press("ship"), "/": focus("search"), "g o": go("/orders")}.

    `listed`: what `?` shows.
    """
    known = {**keys, "?": Does(f"document.getElementById('{HELP}').togglePopover()")}
    table = "{" + ", ".join(f"{json.dumps(key)}: () => {does}" for key, does in known.items()) + "}"
    return rx.fragment(WindowEventListener.create(hooks=[_LISTEN.format(keys=table, free=_FREE)]), _help(listed))


def _help(listed: Sequence[Listed]) -> rx.Component:
    name = _("Keyboard shortcuts")
    panel = {"id": HELP, "class_name": "float keys", "role": "group", "aria_label": name, "custom_attrs": {"popover": "auto"}}
    return rx.el.div(rx.el.h2(name), key_list(*listed, ("?", _("This list"))), **panel)


def focus(element: str) -> Does:
    """Puts the focus on the element with this id."""
    return Does(f"document.getElementById({json.dumps(element)})?.focus()")


def press(element: str) -> Does:
    """Presses the element with this id if it is there and may be pressed: key and button can't differ."""
    return Does(f"document.getElementById({json.dumps(element)})?.click()")


def reveal(panel: str) -> Does:
    """Opens the popover with this id by its opener and goes into its first field; or closes it."""
    return Does(
        f"{{const panel=document.getElementById({json.dumps(panel)});document.getElementById({json.dumps(panel + '-opener')})?.focus();"
        "panel?.togglePopover()&&panel.querySelector('input,select,textarea')?.focus()}"
    )


def go(route: str) -> Does:
    """Presses the first link of the menu that leads to `route` or below it: who does not see the page does not go there."""
    selector = f'#side a[href^="{route}"]'
    return Does(f"document.querySelector({json.dumps(selector)})?.click()")


def step(selector: str, by: int) -> Does:
    """Moves the focus to the next (1) or previous (-1) element that `selector` finds, such as the links of a table's rows."""
    return Does(
        f"{{const all=[...document.querySelectorAll({selector!r})],at=all.indexOf(document.activeElement);"
        f"all[Math.max(0,Math.min(all.length-1,at+({by})))]?.focus()}}"
    )
