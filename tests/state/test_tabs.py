"""Open tabs: what a socket may say, whose a tab is, and when what it remembers goes (SEC-1, SEC-2)."""

import asyncio
import re
import time
from collections.abc import Awaitable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import reflex as rx
import socketio
from attacker import ME, ROOT, Socket, change_role, order_window
from reflex.app import EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.registry import RegistrationContext
from serving import Server
from substates import substate

from backoffice_app import backoffice_app as whole
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Role
from backoffice_app.state import tabs as tabs_module
from backoffice_app.state.me import Me
from backoffice_app.state.tabs import KEPT, whose_is

USERS = f"{ROOT}.backoffice_app___state___settings_users____users_state"


def run(test: Awaitable[None]) -> None:
    asyncio.run(test)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "connect",
        "disconnect",
        "connect_error",
        "emit",
        "trigger_event",
        "event ",
        "",
        None,
        7,
        ["event"],
        {"a": 1},
    ],
)
def test_a1_a_socket_takes_only_what_a_tab_sends(server: Server, name: Any) -> None:
    """An event named `connect` wrote the handshake of its own socket anew: another tab's token, another session's
    cookie.
    """

    async def attack() -> None:
        stolen = server.cookie("owner@demo.test")
        forged = {
            "QUERY_STRING": "token=" + "f" * 36,
            "asgi.scope": {"headers": [["cookie", stolen]], "client": ["192.0.2.1", 1]},
        }
        async with order_window(server, "warehouse@demo.test") as thief:
            await thief.until(lambda: bool(thief.status()))
            await thief.client._send_packet(
                thief.client.packet_class(2, namespace="/_event", data=[name, forged])
            )
            await thief.until(lambda: not thief.client.connected)
        async with order_window(server, "warehouse@demo.test") as thief:
            await thief.send(f"{USERS}.load")
            await thief.until(lambda: "You do not have the right" in thief.said())
            assert "staff@demo.test" not in thief.said()

    run(attack())


def test_a1_a_second_handshake_of_the_same_socket_is_none(server: Server) -> None:
    async def attack() -> None:
        async with Socket(server, server.cookie("reader@demo.test")) as socket:
            await socket.client._send_packet(
                socket.client.packet_class(0, namespace="/_event", data={"token": "other"})
            )
            await socket.settle()
            assert "owner@demo.test" not in socket.said()

    run(attack())


@pytest.mark.parametrize("token", ["", "short", "a" * 65, "with blank in it", "a-b&token=c", "x'y" * 8])
def test_a1_a_socket_names_its_tab(server: Server, token: str) -> None:
    async def attack() -> None:
        client = socketio.AsyncClient(reconnection=False)
        headers = {"Cookie": server.cookie("reader@demo.test"), "Origin": server.url}
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(
                f"{server.url}/_event?" + httpx.QueryParams({"token": token}).__str__()
                if token
                else f"{server.url}/_event",
                headers=headers,
                transports=["websocket"],
                namespaces=["/_event"],
                socketio_path="/_event",
            )

    run(attack())


@pytest.mark.parametrize("handler", ["hydrate", "hydrate_and_load"])
def test_a4_after_signing_out_an_open_socket_answers_nothing(server: Server, handler: str) -> None:
    async def attack() -> None:
        cookie = server.sign_in("staff@demo.test")
        number = server.open_order()
        window = Socket(
            server, cookie, path=f"/orders/{number}", route="/orders/[number]/[[tab]]", number=number
        )
        async with window as tab:
            await tab.until(lambda: bool(tab.status()))
            heard = len(tab.updates)
            async with httpx.AsyncClient() as http:
                await http.post(f"{server.url}/session/end", headers={"cookie": cookie, "origin": server.url})
            with suppress(socketio.exceptions.SocketIOError):  # closed already
                await tab.send(f"{ROOT}.{handler}")
            await tab.until(lambda: tab.anew and not tab.client.connected)
            assert number not in str(tab.updates[heard:])

    run(attack())


def test_a4_what_a_tab_remembers_goes_with_its_session(server: Server) -> None:
    """The same browser, the same tab, after signing in again: an empty state."""

    async def attack() -> None:
        first = server.sign_in("staff@demo.test")
        number = server.open_order()
        here = {"path": f"/orders/{number}", "route": "/orders/[number]/[[tab]]", "number": number}
        async with Socket(server, first, **here) as tab:
            await tab.until(lambda: bool(tab.status()))
            async with httpx.AsyncClient() as http:
                await http.post(f"{server.url}/session/end", headers={"cookie": first, "origin": server.url})
            await tab.until(lambda: not tab.client.connected)
        async with Socket(server, server.sign_in("warehouse@demo.test"), token=tab.token) as after:
            await after.settle()
            assert number not in after.said()

    run(attack())


def test_a4_a_session_that_one_ends_elsewhere_ends_in_its_open_tab(server: Server) -> None:
    """At "Where you are signed in", such as for a laptop that was lost."""

    async def watch() -> None:
        lost, here = server.sign_in("staff@demo.test"), server.sign_in("staff@demo.test")
        number = server.open_order()
        async with Socket(
            server, lost, path=f"/orders/{number}", route="/orders/[number]/[[tab]]", number=number
        ) as tab:
            await tab.until(lambda: bool(tab.status()))
            async with httpx.AsyncClient(headers={"origin": server.url}) as http:
                page = (await http.get(f"{server.url}/sessions", headers={"cookie": lost})).text
                [mine] = re.findall(
                    r'id="session-(\w+)">\s*<strong>[^<]*</strong> <span class="quiet-text">\(This', page
                )
                await http.post(
                    f"{server.url}/sessions/end", data={"session": mine}, headers={"cookie": here}
                )
            await tab.until(lambda: tab.anew and not tab.client.connected)

    run(watch())


def test_a4_a_tab_that_was_closed_while_the_role_changed_shows_nothing_of_before(server: Server) -> None:
    """Nobody told it: its own first event finds that it is another's."""

    async def come_back() -> None:
        try:
            async with order_window(server, "bookkeeper@demo.test") as tab:
                await tab.until(lambda: bool(tab.status()))
            await change_role(server, "bookkeeper@demo.test", "warehouse")
            again = Socket(server, server.cookie("bookkeeper@demo.test"), token=tab.token)
            with suppress(AssertionError):  # it may be closed before it was sent anything
                await again.__aenter__()
            await again.until(lambda: again.anew and not again.client.connected)
            assert "€" not in again.said()
        finally:
            await change_role(server, "bookkeeper@demo.test", "bookkeeper")

    run(come_back())


@pytest.mark.parametrize(
    "address",
    [{"asPath": "/orders?q=" + "x" * 20_000}, {"query": {str(n): "x" * 1_000 for n in range(20)}}],
    ids=["path", "query"],
)
def test_a1_an_address_that_no_page_has_costs_the_socket(server: Server, address: dict[str, object]) -> None:
    """It would stay in memory for as long as the tab does."""

    async def attack() -> None:
        async with order_window(server, "reader@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            sent = {"name": f"{ROOT}.hydrate", "payload": {}, "router_data": {**tab.here, **address}}
            await tab.client.emit("event", sent, namespace="/_event")
            await tab.until(lambda: not tab.client.connected)

    run(attack())


def test_a1_of_what_a_socket_sends_as_its_address_only_an_address_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[dict[str, Any]] = []

    async def keep(_namespace: object, _sid: str, data: dict[str, Any]) -> None:
        kept.append(data)

    monkeypatch.setattr(EventNamespace, "on_event", keep)
    address = {"pathname": "/orders", "asPath": "/orders?q=a", "query": {"q": "a"}}
    sent = {
        "name": "x",
        "payload": {},
        "router_data": {**address, "headers": {"cookie": "kontor_session=other"}, "junk": "x" * 900_000},
    }
    asyncio.run(whole.open_tabs.namespace.on_event("1", sent))
    assert kept == [{"name": "x", "payload": {}, "router_data": address}]


def test_a4_more_closed_tabs_than_people_have_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    tabs, states = whole.open_tabs, StateManagerMemory(token_expiration=400 * 86_400)
    monkeypatch.setattr(tabs.app, "_state_manager", states)
    monkeypatch.setattr(tabs_module, "MOST_CLOSED", 2)

    async def live() -> set[str]:
        for n in range(4):
            async with states.modify_state(_token(f"closed-{n}")) as state:
                (await state.get_state(Me)).name = f"closed-{n}"
            key = next(
                key for key, (_at, token) in states._token_expires_at.items() if token.ident == f"closed-{n}"
            )
            states._token_expires_at[key] = (
                states._token_expires_at[key][0] - 100 + n,
                states._token_expires_at[key][1],
            )
        tabs.forget(time.time() - KEPT)
        return {substate(state, Me).name for state in states.states.values()}

    assert asyncio.run(live()) == {"closed-2", "closed-3"}


def colleague(role: Role, id_: int = 1) -> Actor:
    return Actor(ActorKind.USER, "Ada", RIGHTS_OF[role], id_, "en", role)


def test_a4_a_tab_is_of_one_session_and_one_role() -> None:
    mine = whose_is(colleague(Role.STAFF), "kontor_session=a")

    assert mine == whose_is(colleague(Role.STAFF), "other=1; kontor_session=a")
    assert mine != whose_is(colleague(Role.WAREHOUSE), "kontor_session=a")
    assert mine != whose_is(colleague(Role.STAFF), "kontor_session=b")


def test_a4_no_handler_at_all_runs_for_nobody() -> None:
    from backoffice_app.state.gate import may_run

    assert [name for name in RegistrationContext.get().event_handlers if may_run(name, None)] == []


def test_a4_a_closed_tab_is_forgotten_after_an_hour_and_an_open_one_never() -> None:
    """Not even after days without a click: the state lives as long as the session (r2)."""
    tabs, states = whole.open_tabs, StateManagerMemory(token_expiration=400 * 86_400)
    before = tabs.app._state_manager

    async def live() -> list[str]:
        tabs.app._state_manager = states
        for token in ("open-tab", "closed-tab", "closed-now"):
            async with states.modify_state(_token(token)) as state:
                (await state.get_state(Me)).name = token
        now = time.time()
        for key, (expires, of) in list(states._token_expires_at.items()):
            if of.ident != "closed-now":
                states._token_expires_at[key] = (expires - 3 * 86_400, of)
        tabs.namespace._token_manager.token_to_socket["open-tab"] = SimpleNamespace(sid="1", instance_id="x")  # type: ignore[assignment]
        tabs.forget(now - KEPT)
        return sorted(substate(state, Me).name for state in states.states.values())

    try:
        assert asyncio.run(live()) == ["closed-now", "open-tab"]
    finally:
        tabs.app._state_manager = before
        tabs.namespace._token_manager.token_to_socket.clear()


def _token(name: str) -> Any:
    from reflex.istate.manager.token import BaseStateToken

    return BaseStateToken(ident=name, cls=rx.State)


def test_a4_a_new_role_empties_an_open_tab_and_the_next_has_no_prices(server: Server) -> None:
    async def watch() -> None:
        async with order_window(server, "bookkeeper@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            assert "€" in tab.said()
            try:
                await change_role(server, "bookkeeper@demo.test", "warehouse")
                await tab.until(lambda: tab.anew and not tab.client.connected)
                number = str(tab.here["query"]["number"])  # type: ignore[index]
                here = {"path": f"/orders/{number}", "route": "/orders/[number]/[[tab]]", "number": number}
                async with Socket(
                    server, server.cookie("bookkeeper@demo.test"), token=tab.token, **here
                ) as again:
                    await again.until(lambda: bool(again.status()))
                    assert "€" not in again.said()
                    assert again.value(ME, "role_rx_state_") == "Warehouse"
            finally:
                await change_role(server, "bookkeeper@demo.test", "bookkeeper")

    run(watch())
