"""A press is answered when its event is over, however that ended (ui: buttons that wait)."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from attacker import NOTICES, ORDER, ROOT, Socket, order_window
from serving import Server

ANSWERS = f"{ROOT}.backoffice_app___state___answers____answers"


def answered(tab: Socket) -> object:
    return tab.value(ANSWERS, "last_rx_state_")


@pytest.mark.parametrize(
    ("who", "payload", "said"),
    [
        ("owner", {"key": "resume", "values": {}}, "not on hold"),
        ("reader", {"key": "hold", "values": {}}, "You do not have the right"),
        ("owner", {"key": "hold", "values": {"reason": "x" * 501}}, "500"),
        ("owner", {"key": "hold", "values": 1}, "did not arrive as it should"),
    ],
    ids=["refused by the rules", "refused by the rights", "invalid", "made up"],
)
def test_ui_a_press_is_answered_also_when_it_was_refused_or_failed(
    server: Server, who: str, payload: dict[str, object], said: str
) -> None:
    async def press() -> None:
        async with order_window(server, f"{who}@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            await tab.send(f"{ORDER}.act", about=tab.about(), **payload)
            await tab.send(f"{ANSWERS}.reach", press=77)
            await tab.until(
                lambda: answered(tab) == 77 and said in str(tab.value(NOTICES, "items_rx_state_"))
            )

    asyncio.run(press())


def test_ui_a_press_is_answered_also_after_a_bug(server: Server) -> None:
    """An order in a state that the code does not know."""

    async def press() -> None:
        async with order_window(server, "owner@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3", isolation_level=None)) as other:
                number = tab.here["query"]["number"]  # type: ignore[index]
                [(known,)] = other.execute("SELECT shipping_state FROM orders WHERE number = ?", [number])
                change = "UPDATE orders SET shipping_state = ? WHERE number = ?"
                other.execute(change, ["unheard-of", number])
                await tab.send(f"{ORDER}.refresh")
                await tab.send(f"{ANSWERS}.reach", press=79)
                await tab.until(
                    lambda: answered(tab) == 79 and "went wrong" in str(tab.value(NOTICES, "items_rx_state_"))
                )
                other.execute(change, [known, number])

    asyncio.run(press())


def test_ui_a_press_is_not_answered_before_its_event_is_over(server: Server) -> None:
    async def press() -> None:
        async with order_window(server, "owner@demo.test") as tab:
            await tab.until(lambda: bool(tab.status()))
            with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await tab.press("hold")
                await tab.send(f"{ANSWERS}.reach", press=78)
                await asyncio.sleep(0.3)
                assert answered(tab) != 78
                other.execute("ROLLBACK")
            await tab.until(lambda: answered(tab) == 78)
            assert tab.status() == "On hold"
            await tab.press("resume")
            await tab.until(lambda: tab.status() != "On hold")

    asyncio.run(press())


@pytest.mark.parametrize("press", ["1", 1.5, True, -1, 2**60, None, [1], {"a": 1}])
def test_sec2_a_press_is_a_whole_number(server: Server, press: object) -> None:
    async def attack() -> None:
        async with Socket(server, server.cookie("reader@demo.test")) as tab:
            await tab.send(f"{ANSWERS}.reach", press=press)
            await tab.settle()
            assert answered(tab) == 0

    asyncio.run(attack())
