"""How the blocks and dialogs of the window look: a component for each key of `domain.window.registry`."""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.window.registry import BLOCKS, DRAWN_DIALOGS, Block
from backoffice_app.registry import Registry
from backoffice_app.state.me import Me
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.later import later

Draw = Callable[..., rx.Component]
DRAWN_BLOCKS: Registry[Draw] = Registry("component of the block")


def draws(*keys: str) -> Callable[[Draw], Draw]:
    """Registers the function below as what the blocks `keys` look like; it is given the var of their view, if they have
    one.

    Raises ValueError for a block that has a component already.
    """

    def register(draw: Draw) -> Draw:
        for key in keys:
            DRAWN_BLOCKS.add(key, draw)
        return draw

    return register


def draws_dialog(key: str) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """Registers the function below as what the dialog `key` looks like, which the browser loads when it is opened first
    (P-8).

    Raises ValueError for a dialog that has a component already.
    """

    def register(draw: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
        DRAWN_DIALOGS.add(key, later(draw))
        return draw

    return register


def drawn(block: Block) -> rx.Component:
    """A block that has a component; not there for who lacks its right."""
    inside = _compiled(block.key)()
    return (
        inside if block.right in (None, Right.READ) else rx.cond(Me.may[block.right.value].to(bool), inside)
    )


@cache
def _compiled(key: str) -> Draw:
    """The block as a component of Reflex with a file of its own.

    Else each condition and text in it would be one: 15 kB of the window's first load (P-8), and as much more to begin
    with.
    """

    def drawn() -> rx.Component:
        view = view_of(block)
        return DRAWN_BLOCKS[key](*([view] if view is not None else []))

    block = BLOCKS[key]
    drawn.__name__, drawn.__module__ = f"block_{block.var}", f"{__name__}_{block.var}"
    made: Draw = rx.memo(drawn)
    return made


def view_of(block: Block) -> Any:
    """The var of what a block shows: its own, or that of the block it draws from; None for a block without a view."""
    source = BLOCKS[block.shows] if block.shows else block
    return getattr(Blocks, source.var) if source.has_var else None
