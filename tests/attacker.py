"""A hand-written socket.io client, as an attacker, or a test of live pages, would write one."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import socketio
from serving import Server

ROOT = "reflex___state____state"
ME = f"{ROOT}.backoffice_app___state___me____me"
NOTICES = f"{ROOT}.backoffice_app___state___notices____notices"
ORDER = f"{ROOT}.backoffice_app___state___order____order_state"
BLOCKS = f"{ROOT}.backoffice_app___state___order_blocks____blocks"
HERE = "/404"


class Socket:
    """A socket.io client of its own, as an attacker would write one."""

    def __init__(
        self,
        server: Server,
        cookie: str = "",
        *,
        origin: str | None = "",
        token: str = "",
        path: str = HERE,
        route: str = "",
        **query: str,
    ) -> None:
        self.server = server
        self.here = {"pathname": route or path, "asPath": path, "query": query}
        self.headers = {"Cookie": cookie} if cookie else {}
        if origin is not None:
            self.headers["Origin"] = origin or server.url
        self.token = token or str(uuid4())
        self.client = socketio.AsyncClient(reconnection=False)
        self.updates: list[dict[str, Any]] = []
        self.anew = False
        """Whether the server told this tab to load its page anew."""
        self.client.on("event", self._heard, namespace="/_event")
        self.client.on("state_mismatch", self._told_to_begin_anew, namespace="/_event")

    async def _told_to_begin_anew(self, _told: object) -> None:
        self.anew = True

    async def _heard(self, update: object) -> None:
        self.updates.append(json.loads(update) if isinstance(update, str) else update)  # type: ignore[arg-type]

    async def __aenter__(self) -> "Socket":
        await self.client.connect(
            f"{self.server.url}/_event?token={self.token}",
            headers=self.headers,
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
            auth={"event": {"name": f"{ROOT}.hydrate_and_load", "router_data": self.here}},
            wait_timeout=20,
        )
        await self.until(lambda: bool(self.updates))
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.client.disconnect()

    async def send(self, name: str, **payload: object) -> None:
        await self.client.emit(
            "event", {"name": name, "payload": payload, "router_data": self.here}, namespace="/_event"
        )

    async def settle(self) -> None:
        """Returns when the server has answered all that was sent before: it is asked for the whole state,
        and sends it.
        """
        before = len(self.updates)
        await self.send(f"{ROOT}.hydrate")
        await self.until(
            lambda: any(
                "code_rx_state_" in (update.get("delta") or {}).get(ME, {})
                for update in self.updates[before:]
            )
        )

    async def until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        for _ in range(round(seconds * 100)):
            if condition():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"it did not come; heard so far: {self.updates}")

    def said(self) -> str:
        """All that the server has sent to this socket, as text."""
        return json.dumps(self.updates, ensure_ascii=False)

    def events(self) -> list[str]:
        """Names of the events that the server told this client to run."""
        return [event["name"] for update in self.updates for event in update.get("events") or []]

    def value(self, state: str, var: str) -> Any:
        """The last value the server sent for a var; None if it never sent one."""
        sent = [
            update["delta"][state][var]
            for update in self.updates
            if var in (update.get("delta") or {}).get(state, {})
        ]
        return sent[-1] if sent else None

    def about(self) -> str:
        """What the order window of this tab is about, as its buttons take it along."""
        view = self.value(ORDER, "view_rx_state_")
        return str(view["about"]) if isinstance(view, dict) else ""

    async def press(self, key: str, **values: str) -> None:
        """Presses the button of an action in the order window, as it is shown."""
        await self.send(f"{ORDER}.act", key=key, about=self.about(), values=values)

    def status(self) -> str:
        """The status that the order window of this tab shows; "" before it shows one."""
        head = self.value(BLOCKS, "head_rx_state_")
        return str(head["status"]["label"]) if isinstance(head, dict) else ""


def order_window(server: Server, email: str, number: str = "") -> Socket:
    """A tab with the window of an order, of a new one that is open without a `number`, opened by a colleague."""
    number = number or server.open_order()
    return Socket(
        server,
        server.cookie(email),
        path=f"/orders/{number}",
        route="/orders/[number]/[[tab]]",
        number=number,
    )


async def change_role(server: Server, email: str, role: str) -> None:
    """The owner gives a colleague another role at Settings > Users."""
    users = f"{ROOT}.backoffice_app___state___settings_users____users_state"
    async with Socket(server, server.cookie("owner@demo.test")) as owner:

        def shown() -> dict[str, str]:
            page = owner.value(users, "page_rx_state_")
            people = page["people"] if isinstance(page, dict) else []
            return next((one for one in people if one["email"] == email), {})

        await owner.send(f"{users}.load")
        await owner.until(lambda: bool(shown()))
        await owner.send(f"{users}.change_person", about=shown()["about"], values={"role": role})
        await owner.until(lambda: shown()["role"] == role)
