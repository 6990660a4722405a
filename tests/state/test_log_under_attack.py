"""What a colleague with a socket of their own can do to the log of a real server: nothing (security A-5)."""

import asyncio
import shlex
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest
from attacker import ME, ORDER, ROOT, Socket, order_window
from serving import Server, until
from socketio.exceptions import ConnectionError as Refused
from socketio.exceptions import SocketIOError

from backoffice_app.log_lines import CONTINUES, LONGEST

FORGED = "2026-11-29T00:00:00.000Z INFO kontor.security: event=signed-in id=1"
SECRET = "SECRET-IN-LOG-12345"
EXCEPTION = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"


@pytest.fixture
def said(server: Server) -> Iterator[Callable[[], str]]:
    """What came into the file and onto the terminal since the test began: nothing secret or long, no forged line."""
    files = (server.data_dir / "logs/kontor.log", server.log)
    before = [len(file.read_text()) if file.exists() else 0 for file in files]

    def read() -> str:
        return "".join(
            file.read_text()[start:] for file, start in zip(files, before, strict=True) if file.exists()
        )

    yield read
    text = read()
    assert SECRET not in text
    assert not [line for line in text.splitlines() if line.startswith(FORGED)]
    assert not [line for line in text.splitlines() if len(line.encode()) > LONGEST + 200]
    began = [line for line in text.splitlines() if not line.startswith(CONTINUES)]
    assert not [line for line in began if "Z " not in line[:30]], (
        "a line is neither a record nor a part of one"
    )


def lines(said: str, event: str) -> list[dict[str, str]]:
    """The security lines of one kind, each once for file and terminal."""
    found = [line.partition(": ")[2] for line in said.splitlines() if f": event={event} " in line]
    return [dict(pair.split("=", 1) for pair in shlex.split(line)) for line in found]


def as_colleague(
    server: Server, attack: Callable[[Socket], object], email: str = "reader@demo.test"
) -> Socket:
    """Lets `attack` do its work on a socket of this colleague."""

    async def run() -> Socket:
        async with Socket(server, server.cookie(email)) as socket:
            await attack(socket)  # type: ignore[misc]
        return socket

    return asyncio.run(run())


@pytest.mark.parametrize("way", ["event", "client_error"])
def test_a5_a_browser_forges_no_line_and_floods_nothing(
    server: Server, said: Callable[[], str], way: str
) -> None:
    async def attack(socket: Socket) -> None:
        for n in range(60):
            if way == "event":
                await socket.send(
                    EXCEPTION,
                    info=f"{n}\n{FORGED}\r{FORGED}\u2028{FORGED}" + "x" * 5_000,
                    component_stack=f"\n{FORGED}",
                )
            else:
                wrong = {"error_type": f"{n}\n{FORGED}", "message": f"\n{FORGED}" + "x" * 5_000}
                await socket.client.emit("client_error", wrong, namespace="/_event")
        await socket.settle()

    as_colleague(server, attack)

    until(lambda: "Error in the browser of" in said())
    assert (
        said().count("Error in the browser of") <= 12
    )  # five, in two places, and what was owed from the minute before
    assert len(said()) < 10_000


@pytest.mark.parametrize(
    "data",
    [
        f"no JSON\n{FORGED} {SECRET}",
        '{"name": "x", "payload": {"password": "SECRET-IN-LOG-12345"}}',
        [SECRET],
        {"payload": {"password": SECRET}},
        {"name": {"a": SECRET}, "payload": {"password": SECRET}},
        {"name": f"{ROOT}.unknown", "payload": {"password": SECRET}},
        {"name": f"{ME}.load", "payload": {"password": SECRET}},
        {
            "name": f"{ME}.load",
            "payload": {},
            "router_data": {"asPath": f"/\n{FORGED}", "query": {"q": f"\n{FORGED}"}},
        },
    ],
    ids=[
        "text",
        "JSON as text",
        "list",
        "no name",
        "name of another kind",
        "unknown handler",
        "arguments",
        "address",
    ],
)
def test_a5_no_event_forges_a_line_or_leaves_its_payload(
    server: Server, said: Callable[[], str], data: object
) -> None:
    async def attack(socket: Socket) -> None:
        for _n in range(3):
            await socket.client.emit("event", data, namespace="/_event")
        await socket.settle()

    socket = as_colleague(server, attack)

    assert socket.token not in said()
    assert server.cookie("reader@demo.test").partition("=")[2] not in said()


def test_a5_events_of_a_socket_without_a_tab_erase_nothing(server: Server, said: Callable[[], str]) -> None:
    """Reflex logs them whole: 34 of 800 kB pushed all former lines out of the five files."""

    async def attack(socket: Socket) -> None:
        await socket.client.emit("disconnect", namespace="/_event")
        payload = {"password": SECRET, "more": "x" * 800_000}
        for _n in range(34):
            with suppress(SocketIOError):  # closed already
                await socket.client.emit(
                    "event", {"name": f"{ME}.load", "payload": payload}, namespace="/_event"
                )
        await socket.until(lambda: not socket.client.connected)

    socket = as_colleague(server, attack)

    until(
        lambda: [line for line in lines(said(), "socket-refused") if line["why"] == "not what a tab sends"],
        what="its line",
    )
    assert SECRET not in said()
    assert len(said()) < 20_000
    assert socket.token not in said()


def test_a5_what_the_gate_refuses_is_noted_with_who_and_from_where(
    server: Server, said: Callable[[], str]
) -> None:
    async def attack() -> None:
        async with order_window(server, "reader@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            await tab.send(f"{ORDER}.act", key="hold", about=tab.about(), values={})
            await tab.send(f"{ORDER}.act", key=["hold"], about=tab.about(), values={"reason": SECRET})
            await tab.send(f"{ME}.setvar", var_name="name", value=SECRET)
            await tab.settle()

    asyncio.run(attack())

    for event in ("right-missing", "arguments-wrong", "handler-not-declared"):
        until(lambda event=event: lines(said(), event), what=event)  # type: ignore[misc]
        found = lines(said(), event)[0]
        assert (found["actor"], found["email"], found["from"]) == ("user", "reader@demo.test", "127.0.0.1")
    assert lines(said(), "arguments-wrong")[0]["handler"] == f"{ORDER}.act"


def test_a5_refused_handshakes_and_foreign_posts_are_noted(server: Server, said: Callable[[], str]) -> None:
    async def attack() -> None:
        for cookie, origin in (
            (server.cookie("reader@demo.test"), "http://evil.test"),
            ("kontor_session=" + SECRET, ""),
        ):
            with pytest.raises(Refused):
                async with Socket(server, cookie, origin=origin):
                    pass

    asyncio.run(attack())
    headers = {"origin": "http://evil.test"}
    assert (
        httpx.post(
            f"{server.url}/session", data={"email": "a@b.test", "password": SECRET}, headers=headers
        ).status_code
        == 403
    )

    until(lambda: lines(said(), "origin-foreign"))
    whys = {(line["why"], line.get("origin", "")) for line in lines(said(), "socket-refused")}
    assert whys == {("foreign origin", "http://evil.test"), ("no session", "")}
    assert lines(said(), "origin-foreign")[0] == {
        "event": "origin-foreign",
        "from": "127.0.0.1",
        "path": "/session",
        "origin": "http://evil.test",
    }


def test_a5_signing_in_and_out_is_noted(server: Server, said: Callable[[], str]) -> None:
    cookie = server.sign_in("staff@demo.test")
    httpx.post(f"{server.url}/session/end", headers={"cookie": cookie, "origin": server.url})
    httpx.post(
        f"{server.url}/session",
        data={"email": "eve@demo.test", "password": SECRET},
        headers={"origin": server.url},
    )

    until(lambda: lines(said(), "sign-in-failed"))
    for event, email in (
        ("signed-in", "staff@demo.test"),
        ("signed-out", "staff@demo.test"),
        ("sign-in-failed", "eve@demo.test"),
    ):
        found = lines(said(), event)[0]
        assert (found["email"], found["from"]) == (email, "127.0.0.1")
    assert cookie.partition("=")[2] not in said()
