"""What the handlers of the order window call in a thread: plain values in, views out."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.forms import stored_in
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.core.subjects import Version
from backoffice_app.domain.listing import OrderFilter, Place, Standing, find_place
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.domain.window import OrderView, OrderWindow, order_window
from backoffice_app.domain.window.changes import has_changed
from backoffice_app.domain.window.registry import find_dialog

SURE = "sure"
"""The field of a form that holds which questions were answered with yes, by blanks."""
BOX = "box."
"""What the name of a hidden field begins with that stands beside a check box."""
OF_FORM = "action-of-form"
"""The hidden field that names the action of a form in the page.

Reflex makes the handler of a form outside of the loop that draws it, so it can't hold what differs from form to form.
"""


class Seen(NamedTuple):
    """What the address of the window says: the tab, what its history is narrowed to, and what its own addresses take
    along.
    """

    tab: str = "order"
    kind: str = ""
    carried: str = ""


def do(actor: Actor, key: str, shown: Shown, values: Mapping[str, object], seen: Version | None) -> Done:
    """Does the action `key` to the order that was shown; `SURE` among the values is what was said yes to.

    Raises what `perform` raises.
    """
    with reading() as session:
        order_id = id_of_number(session, shown.number)
    wishes = dict(values)
    answers = str(wishes.pop(SURE, "")).split()
    return perform(actor, key, order_id, wishes, subject=ORDER, seen=seen, answers=answers)


def look_at(actor: Actor, number: str, seen: Seen, dialog: str = "", which: str = "") -> OrderWindow:
    """The window on the order `number` as `actor` sees it; `dialog`: the one that is opened, about the part `which`.

    Raises NotFound.
    """
    with reading() as session:
        return order_window(
            session,
            number,
            actor,
            actor.language,
            tab=seen.tab,
            kind=seen.kind,
            carried=seen.carried,
            dialog=dialog,
            which=which,
        )


def stand_of(
    actor: Actor, number: str, wanted: OrderFilter, opened: Standing | None
) -> tuple[Place, Standing | None]:
    """Where the order stands in the list `wanted`; nowhere where there is no such order."""
    with reading() as session:
        try:
            return find_place(session, number, wanted, actor, actor.language, opened=opened)
        except NotFound:
            return Place(), None


def changed(shown: OrderView, actor: Actor) -> bool:
    """Whether the order is no longer as `shown`."""
    with reading() as session:
        return has_changed(session, shown, actor)


def stored_of(window: OrderWindow, dialog: str) -> dict[str, str]:
    """What is stored in the fields of the dialog `dialog`, as its form sends them; nothing where two who save can't
    both be right.
    """
    known = find_dialog(dialog)
    if known is None or not known.merges:
        return {}
    if window.dialog is None:
        return stored_in(window.form)
    return {name: value for name, value in vars(window.dialog).items() if isinstance(value, str)}


def object_of(text: str) -> dict[str, object]:
    """A JSON object. Raises Refused for what no page sends."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(NOT_SHOWN)
    return found


def given_of(values: Mapping[str, object]) -> dict[str, object]:
    """The fields of a form as texts, `quantities.2` being the value 2 of `quantities`.

    A check box that is not ticked is not sent: `box.mail` says that there is one, so that it reads "off".
    A client may send anything, the action's input model refuses what is not its own.
    """
    given: dict[str, object] = {}
    boxes = {str(name).removeprefix(BOX): "off" for name in values if str(name).startswith(BOX)}
    for name, value in {**boxes, **values}.items():
        if str(name).startswith(BOX):
            continue
        whole, _dot, part = str(name).partition(".")
        inner = given.setdefault(whole, {}) if part else None
        if isinstance(inner, dict):
            inner[part] = value
        else:
            given[str(name)] = value
    return given
