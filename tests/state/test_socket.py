"""What a hand-written socket client reaches past the UI: nothing (SEC-2)."""

import asyncio
import json
from collections.abc import Awaitable

import httpx
import pytest
from attacker import ME, NOTICES, ORDER, ROOT, Socket, order_window
from serving import Server, until
from socketio.exceptions import ConnectionError as Refused

from backoffice_app.state.gate import declared


def run(work: Awaitable[None]) -> None:
    asyncio.run(work)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cookie", "origin"),
    [
        ("", ""),
        ("kontor_session=guessed", ""),
        ("owner", "http://evil.test"),
        ("owner", "null"),
        ("owner", None),
    ],
    ids=["no cookie", "guessed cookie", "foreign origin", "null origin", "no origin"],
)
def test_sec2_no_socket_without_a_session_and_our_own_origin(
    server: Server, cookie: str, origin: str | None
) -> None:
    async def attack() -> None:
        sent = server.cookie("owner@demo.test") if cookie == "owner" else cookie
        with pytest.raises(Refused):
            async with Socket(server, sent, origin=origin):
                pass

    run(attack())


def test_sec2_what_a_socket_is_sent_at_connect_holds_nothing_of_the_shop(server: Server) -> None:
    async def listen() -> None:
        cookie = server.cookie("reader@demo.test")
        async with Socket(server, cookie) as socket:
            said = socket.said()
        assert cookie.removeprefix("kontor_session=") not in said
        assert "@demo.test" not in said.replace("reader@demo.test", "")
        assert "10001" not in said

    run(listen())


def test_sec2_another_sessions_client_token_opens_an_empty_state(server: Server) -> None:
    async def attack() -> None:
        async with Socket(server, server.cookie("owner@demo.test")) as owner:
            await owner.until(lambda: owner.value(ME, "email_rx_state_") == "owner@demo.test")
        async with Socket(server, server.cookie("warehouse@demo.test"), token=owner.token) as thief:
            await thief.settle()
            assert "owner@demo.test" not in thief.said()

    run(attack())


def test_sec2_a_live_refresh_leaves_each_tab_its_own_session(server: Server) -> None:
    """A colleague's change refreshes this tab; what this tab does afterwards it still does as itself."""

    async def watch() -> None:
        order = server.open_order()
        async with (
            order_window(server, "owner@demo.test", order) as owner,
            order_window(server, "reader@demo.test", order) as reader,
        ):
            for tab in (owner, reader):
                await tab.until(lambda tab=tab: bool(tab.status()))  # type: ignore[misc]
            before = len(reader.updates)
            for action in ("hold", "resume"):
                await owner.press(action)
                await reader.until(lambda held=action == "hold": (reader.status() == "On hold") is held)  # type: ignore[misc]
            await reader.send(f"{ME}.load")
            await reader.press("hold")
            await reader.until(lambda: "You do not have the right" in str(reader.updates[before:]))
            assert "owner@demo.test" not in reader.said()
            assert "rx_router_headers" not in str(reader.updates[before:])

    run(watch())


def test_sec2_a_handler_needs_its_right(server: Server) -> None:
    """The read-only colleague calls, one after the other, every handler for which the role lacks the right."""
    from backoffice_app import backoffice_app as _app  # noqa: F401  # all handlers are declared then
    from backoffice_app.domain.core.rights import RIGHTS_OF, Right, Role

    held = RIGHTS_OF[Role.READ_ONLY]
    ours = {
        name: right for name, right in declared().items() if "backoffice_app___" in name
    }  # other tests declare handlers of their own
    forbidden = [name for name, right in ours.items() if right != "public" and Right(right) not in held]
    assert len(forbidden) > 10

    async def attack() -> None:
        async with Socket(server, server.cookie("reader@demo.test")) as socket:
            await socket.settle()
            for name in forbidden:
                before = len(socket.updates)
                await socket.send(name)
                await socket.until(lambda start=before: "refused" in json.dumps(socket.updates[start:]))  # type: ignore[misc]

    run(attack())


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (f"{ME}._show", {"actor": None}),
        (f"{ME}.reset", {}),
        (f"{ME}.get_state", {"path": []}),
        (f"{ME}.setvar", {"var_name": "name", "value": "Mallory"}),
        (f"{ME}.set_name", {"value": "Mallory"}),
        (f"{NOTICES}.setvar", {"var_name": "items", "value": [{"text": "Mallory"}]}),
        (f"{NOTICES}._staying", {"key": "x"}),
        (f"{ROOT}.setvar", {"var_name": "is_hydrated", "value": "Mallory"}),
        ("os.system", {"command": "true"}),
    ],
)
def test_sec2_a_method_that_is_no_declared_handler_does_nothing(
    server: Server, name: str, payload: dict[str, object]
) -> None:
    async def attack() -> None:
        async with Socket(server, server.cookie("reader@demo.test")) as socket:
            await socket.send(name, **payload)
            await socket.settle()
            assert "Mallory" not in socket.said()

    run(attack())


def test_sec2_ending_the_session_ends_an_open_socket(server: Server) -> None:
    async def sign_out() -> None:
        cookie = server.sign_in("staff@demo.test")
        async with Socket(server, cookie) as socket:
            async with httpx.AsyncClient() as http:
                ended = await http.post(
                    f"{server.url}/session/end", headers={"cookie": cookie, "origin": server.url}
                )
            assert ended.status_code == 303
            await socket.until(lambda: socket.anew and not socket.client.connected)

    run(sign_out())


@pytest.fixture(scope="module")
def clumsy(server: Server) -> str:
    """A colleague whom no other test refuses anything: one is named in the log only so often in a minute."""
    email, password = "clumsy@demo.test", "long enough for all of us"
    server.kontor_says("user", "add", email, "--name", "Clumsy", "--role", "owner", typed=f"{password}\n")
    server.cookie(email, password)
    return email


MADE_UP: list[tuple[str, dict[str, object]]] = [
    (f"{ORDER}.act", {"key": ["hold"], "about": "order/10001/1/", "values": {}}),
    (f"{ORDER}.act", {"key": "hold", "about": "order/10001/1/", "values": "reason"}),
    (f"{ORDER}.act", {"key": "hold", "about": "order/10001/1/", "values": {"reason": {"a": 1}}}),
    (f"{ORDER}.act", {"key": "hold", "values": {}}),
    (f"{ORDER}.load", {"bogus": "x"}),
    (f"{ORDER}.undo", {"key": {}, "about": "", "action": "", "values": ""}),
    (f"{ME}.choose_theme", {"about": "me/1//", "theme": None}),
    (f"{ROOT}.set_is_hydrated", {}),
]


def test_sec2_made_up_arguments_are_refused_with_one_line_in_the_log(server: Server, clumsy: str) -> None:
    def told(tab: Socket) -> bool:
        return "did not arrive as it should" in str(tab.value(NOTICES, "items_rx_state_"))

    async def attack() -> None:
        async with order_window(server, clumsy) as tab:
            await tab.until(lambda: bool(tab.status()))
            await tab.settle()
            for name, payload in MADE_UP:
                logged = len(server.log.read_text())
                await tab.send(name, **payload)
                await tab.until(lambda: told(tab))
                said = server.log.read_text()[logged:].splitlines()
                lines = [line for line in said if "event=arguments-wrong" in line or "Traceback" in line]
                assert len(lines) == 1, (name, payload)
                assert tab.status() != "On hold", (name, payload)
                await tab.send(f"{NOTICES}.clear_errors")
                await tab.until(lambda: not told(tab))

    run(attack())


@pytest.mark.parametrize(
    "wrong", [{"asPath": None}, {"asPath": 1}, {"pathname": []}, {"query": "x"}], ids=str
)
def test_sec2_an_address_that_is_none_makes_no_endless_errors(
    server: Server, wrong: dict[str, object]
) -> None:
    """The notice of an error came with the same address, failed at it too, and so did the notice of that."""

    async def attack() -> None:
        async with order_window(server, "reader@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            logged = len(server.log.read_text())
            sent = {"name": f"{ORDER}.load", "payload": {}, "router_data": {**tab.here, **wrong}}
            await tab.client.emit("event", sent, namespace="/_event")
            await tab.settle()
            await asyncio.sleep(0.3)
            assert server.log.read_text()[logged:].count("Error ") <= 3

    run(attack())


def test_sec2_the_cookie_of_whoever_calls_an_unknown_handler_is_not_logged(server: Server) -> None:
    async def attack() -> None:
        async with Socket(server, server.cookie("staff@demo.test")) as socket:
            await socket.send(f"{ROOT}.unknown_handler")
            await socket.settle()

    run(attack())

    until(lambda: "Refused an event without a handler." in server.log.read_text())
    assert server.cookie("staff@demo.test").removeprefix("kontor_session=") not in server.log.read_text()
