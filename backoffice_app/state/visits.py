"""Visits: the dialogs of a page close when it is left, at the first event of another page (W-16).

They do not close when a page is loaded: a redirect makes the browser tell twice that it arrived, and a dialog may be
opened from what the page showed last, before it has been read.
"""

from typing import Any, TypeVar

import reflex as rx

from backoffice_app.domain.core.forms import FormView
from backoffice_app.state.base import socket_of
from backoffice_app.state.subjects import path_parts

Kind = TypeVar("Kind", bound=type[rx.State])
WITH_DIALOG: list[type[rx.State]] = []
CLOSED = ("", FormView())
"""What `form` is while no dialog is open."""


def with_dialog(kind: Kind) -> Kind:
    """Registers a state whose `form` names the dialog of its page that is open, and whose `_close` closes it."""
    WITH_DIALOG.append(kind)
    return kind


def place_of(state: rx.State) -> str:
    """The page that the event of `state` comes from, such as "orders/10001" with all of its tabs; loaded anew it is
    another.
    """
    first, second = [*path_parts(state), ""][:2]
    return f"{first}/{second} {socket_of(state).session_id}"


async def leave(state: rx.State) -> None:
    """The dialogs of the page that was left are closed."""
    for kind in WITH_DIALOG:
        one: Any = await state.get_state(kind)
        if one.form not in CLOSED:
            one._close()
