"""A window on an order without a browser: its handlers run as the events of a tab would."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.actions import Undo
from backoffice_app.domain.core.rights import Actor
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Actions, Blocks, Dialogs


class Tab:
    """A window on an order, opened by `actor`; handlers run as the events of that tab would."""

    def __init__(self, actor: Actor, number: str) -> None:
        RUNNING.set(actor)
        self.actor = actor
        self.root = rx.State()
        self.state: Any = substate(self.root, OrderState)
        self.blocks, self.actions, self.dialogs = (self._part(part) for part in (Blocks, Actions, Dialogs))
        self.number = number
        self.leaving = ""

    def _part(self, part: type[rx.State]) -> Any:
        """The state that holds the views of this kind of part of the window."""
        return substate(self.root, part)

    def go(self, tab: str = "", number: str = "", **query: str) -> "Tab":
        """The address changes, the page is loaded, and then its place in the list is found, as the events of the tab
        would do it.
        """
        number = number or self.number
        address = f"/orders/{number}{tab}" + ("?" + urlencode(query) if query else "")
        parts = {"number": number, "tab": tab.strip("/")}
        self.root.router = RouterData.from_router_data(
            {
                "pathname": "/orders/[number]/[[tab]]",
                "asPath": address,
                "query": query | parts,
                "token": "t",
                "headers": {},
            }
        )
        RUNNING.set(self.actor)
        self.then(asyncio.run(self._load()))
        return self

    async def _load(self) -> EventSpec | None:
        """What the handler that loads the page sends after itself; `leaving`: the order that was shown while the other
        one was read.
        """
        self.leaving = ""
        events: list[EventSpec | None] = []
        async for event in self.state.load():
            events.append(event)
            self.leaving += self.state.view.number if self.state.is_leaving else ""
        return events[-1]

    def then(self, event: EventSpec | None) -> None:
        """Runs the event that a handler sent after itself."""
        assert event is not None
        assert event.handler.fn.__name__ == "find_place"
        self.do("find_place")

    def show(self, number: str = "") -> "Tab":
        asyncio.run(self.state._read(number or self.number))
        return self

    def about(self) -> str:
        """What a button, or the open dialog, takes along as it is shown now."""
        return self.state.asked if self.state.form else self.state.view.about

    def do(self, handler: str, *arguments: object) -> EventSpec | None:
        """Runs a handler; `act` and `open` take along what is shown."""
        if handler in {"act", "open"}:
            arguments = (arguments[0], self.about(), *arguments[1:])
        return self.press(handler, *arguments)

    def press(self, handler: str, *arguments: object) -> EventSpec | None:
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.state, handler)(*arguments))

    def sent(self) -> str:
        """All that the browser of this tab was sent."""
        return json.dumps(self.root.get_delta(), default=lambda value: value.__dict__, ensure_ascii=False)


def key_of(answer: EventSpec) -> str:
    """What the event is given to find its notice by."""
    given: Any = answer.args[0][1]
    return str(given._var_value)


def told(answer: EventSpec | None) -> tuple[str, str, Undo | None]:
    """What a notice says, of which kind it is, and what takes it back."""
    assert answer is not None
    text, kind, reverse, about = notices._WAITING[key_of(answer)]
    assert about
    return text.in_language("en"), kind, reverse
