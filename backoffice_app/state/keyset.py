"""What the states of lists share: reading the page that the address names, and the search box (O-2).

How to use it: docs/lists.md.
"""

from collections.abc import Callable, Mapping

import reflex as rx
from reflex.event import EventSpec
from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.keyset import KeysetList, ListView, chosen_in
from backoffice_app.domain.core.rights import Actor
from backoffice_app.state.base import actor_of, look, page_of
from backoffice_app.state.search_box import box_for, heard, left_with

Read = Callable[[Session, Mapping[str, object], Actor], ListView]
"""Reads the page of a list that the parameters of an address ask for."""


def unread(of: KeysetList) -> ListView:
    """The view of a list before it was read: what is typed into its search box leads to its search already."""
    return ListView(find=f"{of.path}?q=", unsearched=of.path)


class Listed(rx.State, mixin=True):
    """One page of a list, whose state is the address.

    Each list has a state of its own, which names its right at each handler.
    """

    view: ListView = ListView()
    is_read: bool = False
    """Whether the list was read at all: until then its skeleton stands there."""
    box: int = 0
    """Which search box is in sight: another one is drawn where the address came to name another search than
    was typed.
    """
    _typed: list[str] = [""]

    async def _show(self, read: Read, *, arrived: bool = False) -> None:
        """Reads the page that the address names; `arrived`: one came to it just now, so the search box says what it
        names.
        """
        self.view = await look(_read, read, await actor_of(self), self._parameters())
        self.is_read = True
        if arrived:
            self.box, self._typed = box_for(self.box, self._typed, self.view.query)

    def _hear(self, of: KeysetList, text: str) -> None:
        """The search box leads to the list of `text` by itself: when that is read, the box is right as it is."""
        self._typed = heard(self._typed, of.parse({"q": str(text)}).q)

    def _leave(self, *, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._typed = left_with(self.view.query, gone=gone)

    def _chosen(self, of: KeysetList, form: Mapping[str, object]) -> EventSpec:
        """Leads to the list with the filters of the form."""
        texts = {str(name): str(value) for name, value in form.items()}
        return rx.redirect(chosen_in(of.parse(self._parameters()), texts))

    def _parameters(self) -> dict[str, object]:
        return dict(page_of(self).query_parameters)


def _read(read: Read, actor: Actor, parameters: Mapping[str, object]) -> ListView:
    with reading() as session:
        return read(session, parameters, actor)
