"""Service > Automatic e-mails > Text blocks: the pieces of text that colleagues put into mails (W-8).

For the owner alone.
"""

from typing import ClassVar

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.templates import blocks
from backoffice_app.domain.templates.blocks import LIST, BlockRow, blocks_page
from backoffice_app.state.base import actor_of, changes, look, needs
from backoffice_app.state.row_dialog import Answer, OwnersList
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

BLOCK, BLOCKS = subject(blocks.KIND), subject("text-blocks")


@with_dialog
class TextBlocksState(OwnersList, rx.State):
    """The text blocks, and the one whose dialog is open."""

    FORM: ClassVar[str] = "block"
    EMPTY: ClassVar[BlockRow] = BlockRow()
    rows: list[BlockRow] = []
    chosen: BlockRow = BlockRow()
    """The text block whose dialog is open."""

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(BLOCKS)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """A new text block."""
        return await self._do(lambda actor: LIST.add(actor, values))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(BLOCK)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the text block of the dialog."""
        return await self._save_entry(LIST, about, seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(BLOCK)
    async def change(self, about: str, what: str) -> Answer:
        """One place "up" or "down", "retire", or "use" again."""
        return await self._change_entry(LIST, about, what)

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.rows = await look(blocks_page, actor, actor.language)
        self.ready = True
