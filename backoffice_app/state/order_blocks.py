"""The state vars of the order window's parts, one a block, an action, a dialog, so that only what differs
is sent (W).
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from backoffice_app.domain.window import blocks  # noqa: F401  # registers the blocks
from backoffice_app.domain.window.declared import ActionView
from backoffice_app.domain.window.registry import BLOCKS, DIALOGS, placed
from backoffice_app.domain.window.views import OrderWindow
from backoffice_app.state.base import put


def var_of(action: str) -> str:
    """The name of the var of an action."""
    return action.replace("-", "_")


def _state(name: str, doc: str, views: Mapping[str, type]) -> Any:
    """A state with a var for each view, empty at first."""
    empty = {var: view() for var, view in views.items()}
    return type(
        name, (rx.State,), {"__module__": __name__, "__doc__": doc, "__annotations__": dict(views), **empty}
    )


Blocks = _state(
    "Blocks",
    "The views of the blocks; those that this colleague may not see, and those of other tabs, are empty (SEC-4).",
    {block.var: block.view for block in BLOCKS.values() if block.has_var and block.view},
)
Actions = _state(
    "Actions",
    "The actions that blocks show as buttons, as they are for this colleague now.",
    {var_of(action): ActionView for action in placed()},
)
Dialogs = _state(
    "Dialogs",
    "What the dialogs with a component of their own are about; filled when one is opened.",
    {dialog.var: dialog.view for dialog in DIALOGS.values() if dialog.view},
)


async def show(state: rx.State, window: OrderWindow) -> None:
    """The blocks and actions are as `window` says; what is as it was is not sent again."""
    known = [block for block in BLOCKS.values() if block.has_var and block.view]
    put(
        await state.get_state(Blocks),
        {one.var: window.blocks.get(one.key, one.view()) for one in known if one.view},
    )
    put(
        await state.get_state(Actions),
        {var_of(key): window.actions.get(key, ActionView(key)) for key in placed()},
    )


async def show_dialog(state: rx.State, key: str, view: object) -> None:
    """The dialog `key` is about `view`."""
    put(await state.get_state(Dialogs), {DIALOGS[key].var: view})
