"""Putting a text block into the mail that is being written (W-8, T-6)."""

from collections.abc import Awaitable, Callable
from typing import Any

from reflex.event import EventSpec

from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.templates.insertion import offered
from backoffice_app.state import notices
from backoffice_app.state.base import actor_of, look

Read = Callable[[Actor, str, str, str], str]
"""The text of a block for the order or ticket of a number, in a language."""


async def insert_block(
    tab: Any, block: str, read: Read, put: Callable[[str], Awaitable[None]], *, number: str, language: str
) -> EventSpec | None:
    """Puts the text of the `block` where it is written, by `put`, and draws the field anew; `number`: of the order or
    ticket.

    `tab`: the state of the dialog, whose `blocks` are read anew where this one is gone, and whose `fresh` is that of
    its field.
    """
    actor = await actor_of(tab)
    try:
        text = await look(read, actor, block, number, language)
    except NotFound:
        tab.blocks = await look(offered, actor)
        return None
    except Refused as no:
        return notices.tell(no.reason, notices.REFUSED, about=number)
    tab.fresh += 1
    await put(text)
    return None
