"""How a browser talks to Kontor's states: names of events, what they take, and what an answer claims.

All of it stands here alone.

A changing event carries `about`, the text the server wrote into the view it speaks of. A view without one is of a
Kontor that does not ask for it yet: then the events go without.
"""

import re
from collections.abc import Mapping
from typing import Any

ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"
ON_LOAD = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
STATES = f"{ROOT}.backoffice_app___state___"
ORDER = f"{STATES}order____order_state"
DIALOGS = f"{STATES}order_blocks____dialogs"
ORDERS = f"{STATES}orders____orders_state"
NOTICES = f"{STATES}notices____notices"
PALETTE = f"{STATES}palette____palette_state"
CUSTOMER_MAIL = f"{STATES}customer_mail____customer_mail_state"
OUTBOX = f"{STATES}outbox____outbox_state"
USERS = f"{STATES}settings_users____users_state"
SHOP = f"{STATES}settings_shop____shop_state"
VAR = "_rx_state_"
CUSTOMER_MAIL_FORM = "customer-mail"

View = Mapping[str, Any]
Event = tuple[str, dict[str, object]]

UNDO_OF = {
    "pay": "not-paid",
    "ship": "undo-ship",
    "part-shipment": "merge-shipments",
    "hold": "resume",
    "customer-mail": "hold-back-customer-mail",
}
"""What the button `Undo` does after an action, where the notice does not say it."""
DONE, NOTHING, UNKNOWN = "done", "nothing", "unknown"
UNCHANGED = re.compile(r"\balready\b")
"""Said of something done where it was so before."""
NOT_DONE = re.compile(r"nothing was (changed|done|saved|booked)", re.IGNORECASE)
MAYBE = re.compile(r"not known|may have been|may be done", re.IGNORECASE)
SAYS_NOTHING = re.compile(r"(does not answer|took too long)\.$")
"""Said of a page that could not be read; it says nothing of any press."""
DID = re.compile(r"^done\b|was done", re.IGNORECASE)


def act(view: View, key: str, values: Mapping[str, str]) -> Event:
    """A button of the order window."""
    return f"{ORDER}.act", {"key": key, **_about(view), "values": dict(values)}


def open_dialog(view: View, form: str, which: str = "") -> Event:
    """A button that opens a dialog of the order window."""
    if form == CUSTOMER_MAIL_FORM:
        return f"{CUSTOMER_MAIL}.begin", _about(view)
    return f"{ORDER}.open", {"form": form, **_about(view), "which": which}


def save(asked: str | None, key: str, values: Mapping[str, str]) -> Event:
    """`Save` of an open dialog; `asked`: what the server said the dialog is about, None where it says nothing."""
    about = {} if asked is None else {"about": asked}
    if key == CUSTOMER_MAIL_FORM:
        return f"{CUSTOMER_MAIL}.send", {**about, "values": dict(values)}
    return f"{ORDER}.act", {"key": key, **about, "values": dict(values)}


def asked(vars_of_order: View) -> str | None:
    """What the open dialog is about, as the client holds it."""
    found = vars_of_order.get("asked" + VAR)
    return None if found is None else str(found)


def undo(item: View) -> Event:
    """`Undo` of a notice: all that it takes back stands on the notice."""
    if "undo_about" not in item:
        return f"{NOTICES}.undo", {"key": item["key"]}
    given = {
        "key": item["key"],
        "about": item["undo_about"],
        "action": item["undo"],
        "values": item["undo_values"],
    }
    return f"{ORDER}.undo", given


def choose(view: View, key: str) -> Event:
    """A row of the palette."""
    return f"{PALETTE}.choose", {"key": key, **_about(view)}


def draft_mail(about: str | None, field: str, text: str) -> Event:
    """A field of the customer mail was typed into."""
    return f"{CUSTOMER_MAIL}.draft", {
        **({} if about is None else {"about": about}),
        "field": field,
        "text": text,
    }


def act_on_mail(view: View, verb: str) -> Event:
    """A button of the mail that is open in the outbox."""
    return f"{OUTBOX}.act", {"verb": verb, **_about(view)}


def open_person(id_: int) -> Event:
    """`Edit` of a colleague in the settings."""
    return f"{USERS}.open", {"form": "person", "which": id_}


def change_role(about: str | None, role: str) -> Event:
    """`Save` in the dialog of a colleague."""
    return f"{USERS}.change_person", {**({} if about is None else {"about": about}), "values": {"role": role}}


def save_setting(vars_of_shop: View, section: str, values: Mapping[str, str]) -> Event:
    """`Save` of a section of the shop's settings; `seen`: what its form showed."""
    seen = vars_of_shop.get("seen" + VAR)
    shown = {} if seen is None else {"about": f"settings/{section}//", "seen": dict(seen[section])}
    return f"{SHOP}.save_{section}", {**shown, "values": dict(values)}


def undo_key(item: View, pressed: str) -> str:
    """The action that `Undo` of this notice does, which told of the action `pressed`."""
    return str(item["undo"]) if item.get("undo", "1") != "1" else UNDO_OF.get(pressed, "")


def is_of(item: View, subject: tuple[str, str]) -> bool:
    """Whether a notice may speak of this subject: it names that order, or no order at all."""
    about, (kind, number) = str(item.get("about", "")), subject
    return not about or (kind == "order" and number in about.split())


def claim(kind: str, text: str) -> str:
    """What a notice says of what was pressed: done, nothing, or unknown.

    `kind`: done, refused, error, or wrong (in a dialog).
    """
    if MAYBE.search(text):
        return UNKNOWN
    if NOT_DONE.search(text) or kind in {"refused", "wrong"}:
        return NOTHING
    if kind == "done":
        return NOTHING if UNCHANGED.search(text) else DONE
    return DONE if DID.search(text) else UNKNOWN


def _about(view: View) -> dict[str, object]:
    return {"about": view["about"]} if "about" in view else {}
