"""A browser tab without a browser: an event comes in, passes the gate, is handled, and its answer is the JSON for the
socket.
"""

import asyncio
from inspect import isasyncgen
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.istate.data import RouterData
from reflex_base.utils.format import json_dumps

from backoffice_app.domain import people
from backoffice_app.domain.core.rights import COMMAND, Role
from backoffice_app.marks import COOKIE
from backoffice_app.state.arguments import takes_of
from backoffice_app.state.gate import Guard
from backoffice_app.state.order import OrderState


class Tab:
    """One tab of the owner.

    Times what the process does from the event to the bytes for the socket, without the network.
    """

    def __init__(self) -> None:
        from backoffice_app.backoffice_app import app

        self.app = app
        self.loop = asyncio.new_event_loop()
        self.cookie = f"{COOKIE}={open_session()}"
        self.root: Any = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # as Reflex itself makes it

    def load(
        self, state: type[rx.State], path: str, query: dict[str, str] | None = None, **parts: str
    ) -> int:
        """Runs `load` of the page's state at this address; returns the number of bytes that would go to the browser."""
        self._go(path, query or {}, parts)
        return self.loop.run_until_complete(self._event(state, "load"))

    def send(self, state: type[rx.State], handler: str, *given: object) -> int:
        """Runs another handler on the page that was loaded last."""
        return self.loop.run_until_complete(self._event(state, handler, *given))

    def about(self) -> str:
        """What the order window of this tab shows, as its buttons take it along."""
        window: Any = self.root.get_substate(OrderState.get_full_name().split("."))
        return str(window.view.about)

    def _go(self, path: str, query: dict[str, str], parts: dict[str, str]) -> None:
        address = path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
        data = {
            "pathname": path,
            "asPath": address,
            "query": query | parts,
            "headers": {"cookie": self.cookie},
            "token": "bench",
        }
        self.root.router_data = data
        self.root.router = RouterData.from_router_data(data)

    async def _event(self, state: type[rx.State], handler: str, *given: object) -> int:
        name = f"{state.get_full_name()}.{handler}"
        here = self.root.get_substate(state.get_full_name().split("."))
        does = type(here).event_handlers[handler].fn
        payload = dict(zip(takes_of(does)[0], given, strict=True))
        refused = await Guard().preprocess(self.app, self.root, Event(name=name, payload=payload))
        if refused is not None:
            raise AssertionError(f"the gate refused {name}")
        done = does(here, *given)
        if not isasyncgen(done):
            await done
            return self._sent()
        # What it yields is sent at once, the rest at its end.
        return sum([self._sent() async for _step in done]) + self._sent()

    def _sent(self) -> int:
        delta = self.root.get_delta()
        self.root._clean()
        return len(json_dumps(delta))


def open_session() -> str:
    """A new session of the owner who measures, made if not there."""
    email = "bench@mail.example"
    known = {user.email: user.id for user in people.users()}
    id_ = known.get(email) or people.add_user(
        COMMAND,
        email=email,
        name="Bench",
        role=Role.OWNER,
        password="long enough for a bench",  # noqa: S106
    )
    return people.open_session(int(id_), "bench")
