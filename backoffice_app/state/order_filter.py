"""The filter of the order list: each tick leads to the address of the list that it means, so that Back takes it back
(O-3).
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import NOT_SHOWN
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.filter_view import PanelView, filter_panel, typed
from backoffice_app.domain.listing.parts import FILTERS
from backoffice_app.state.base import actor_of, look, needs, page_of


class OrderFilterState(rx.State):
    """What the filter of this tab shows while it is open."""

    panel: PanelView = PanelView()
    is_open: bool = False
    turns: dict[str, int] = {}
    """By filter: how often something else than its own field changed it; the browser draws the field anew then."""
    wrong: str = ""
    wrong_field: str = ""
    _others: str = ""
    """The filter of which all but the values are meant, though none is ticked yet."""
    _led: list[str] = []
    """The addresses that this filter led to, from the one where the list is now; ticks may be quicker than
    the browser.
    """

    @rx.event
    @needs(Right.READ)
    async def toggled(self, opens: bool) -> None:
        """The filter is opened or closed."""
        self.wrong, self.wrong_field, self._others = "", "", ""
        if opens is True:
            await self._draw(self._wanted(), await actor_of(self))
        self.is_open = opens is True

    @rx.event
    @needs(Right.READ)
    async def tick(self, key: str, value: str, on: bool) -> EventSpec | None:
        """A value of a filter is ticked, or no longer."""
        actor, wanted = await self._asked(key), self._wanted()
        others, chosen = wanted.values(key)
        others = others if chosen else key == self._others
        self._others = key if others else ""
        return await self._lead(wanted.ticked(key, str(value), on=on is True, others=others), actor, key)

    @rx.event
    @needs(Right.READ)
    async def mean(self, key: str, others: bool) -> EventSpec | None:
        """The values of a filter are meant, or all others."""
        actor = await self._asked(key)
        self._others = key if others is True else ""
        return await self._lead(self._wanted().meaning(key, others=others is True), actor, key)

    @rx.event
    @needs(Right.READ)
    async def put(self, key: str, text: str) -> EventSpec | None:
        """A filter of one value is set; what is wrong with it is said at its field."""
        return await self._put({key: str(text)})

    @rx.event
    @needs(Right.READ)
    async def enter(self, form: dict[str, str]) -> EventSpec | None:
        """The same for the fields of a form."""
        return await self._put({str(key): str(text) for key, text in form.items()})

    @rx.event
    @needs(Right.READ)
    async def clear(self) -> EventSpec | None:
        """Nothing is filtered by; search, view and sorting stay."""
        self._others = self.wrong = self.wrong_field = ""
        self._turn(*self.turns)
        return await self._lead(self._wanted().cleared(), await actor_of(self))

    async def _put(self, texts: Mapping[str, str]) -> EventSpec | None:
        wanted = self._wanted()
        for key, text in texts.items():
            actor = await self._asked(key)
            try:
                wanted = await look(_typed, wanted, key, text, actor)
            except Invalid as no:
                self.wrong, self.wrong_field = no.reason.in_language(actor.language), key
                return None
            if self.wrong_field == key:
                self.wrong = self.wrong_field = ""
        return await self._lead(wanted, await actor_of(self), *texts)

    async def _asked(self, key: str) -> Actor:
        """Who asks. Raises Refused for a filter that is not there, and without its right (SEC-4)."""
        actor, part = await actor_of(self), FILTERS.get(key)
        if part is None or not part.control:
            raise Refused(NOT_SHOWN)
        actor.require(part.right)
        return actor

    async def _lead(self, wanted: OrderFilter, actor: Actor, *own: str) -> EventSpec | None:
        """The panel shows the list `wanted` at once, and the browser goes there.

        `own`: the filters that were chosen by their fields.
        """
        before = self._wanted()
        self._turn(*(key for key in self.turns if key not in own and before.text(key) != wanted.text(key)))
        await self._draw(wanted, actor)
        if wanted.filters == before.filters:
            return None
        self._led = [*self._led, wanted.address()]
        return rx.redirect(wanted.address())

    async def _draw(self, wanted: OrderFilter, actor: Actor) -> None:
        self.panel = await look(_panel, wanted, actor, self._others)
        if not self.turns:
            self.turns = {part.key: 0 for part in FILTERS if part.control}

    async def _arrived(self, wanted: OrderFilter, actor: Actor) -> None:
        """The list shows what its address says: where that is not what this filter led to, the fields are
        drawn anew.
        """
        address = wanted.address()
        if address in self._led:
            self._led = self._led[self._led.index(address) :]
            return
        self._led = [address]
        if self.is_open:
            self._turn(*self.turns)
            await self._draw(wanted, actor)

    def _turn(self, *keys: str) -> None:
        self.turns = self.turns | {key: self.turns[key] + 1 for key in keys}

    def _wanted(self) -> OrderFilter:
        """The list that was led to last."""
        here: Mapping[str, str] = page_of(self).query_parameters
        return OrderFilter.parse(dict(parse_qsl(self._led[-1].partition("?")[2])) if self._led else here)


def _panel(wanted: OrderFilter, actor: Actor, others: str) -> PanelView:
    with reading() as session:
        return filter_panel(session, wanted, actor, actor.language, others)


def _typed(wanted: OrderFilter, key: str, text: str, actor: Actor) -> OrderFilter:
    with reading() as session:
        return typed(wanted, key, text, actor, load_shop(session).regional.currency)
