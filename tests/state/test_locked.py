"""Clicks that wait for a lock leave room for everybody who only looks, and end with a sentence."""

import asyncio
import sqlite3
import time
from contextlib import AsyncExitStack, closing

from attacker import NOTICES, ROOT, Socket, order_window
from serving import Server

from backoffice_app.db import POOL
from backoffice_app.state import base

ORDERS = f"{ROOT}.backoffice_app___state___orders____orders_state"


def test_r7_those_who_look_and_those_who_wait_for_a_lock_take_fewer_connections_than_there_are() -> None:
    """Thirty clicks on one locked order took all of them, and anyone who looked was told that the database does not
    answer.
    """
    assert base._LOOKING is not base._ACTING
    assert base._LOOKING._max_workers + base._ACTING._max_workers < POOL["pool_size"] + POOL["max_overflow"]


def test_r7_twelve_clicks_on_what_is_locked_stop_nobody_who_looks(server: Server) -> None:
    """Six threads served all, so six clicks on one locked order were the whole process: 24 s for everybody."""

    async def press() -> None:
        async with AsyncExitStack() as stack:
            order = server.open_order()
            tabs = [
                await stack.enter_async_context(order_window(server, "owner@demo.test", order))
                for _n in range(12)
            ]
            colleague = await stack.enter_async_context(
                Socket(server, server.cookie("staff@demo.test"), path="/orders", route="/orders")
            )
            for tab in tabs:
                await tab.until(lambda tab=tab: bool(tab.about()))  # type: ignore[misc]
            with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                for tab in tabs:
                    await tab.press("hold")
                await asyncio.sleep(0.5)
                for _n in range(5):
                    before, began = len(colleague.updates), time.monotonic()
                    await colleague.send(f"{ORDERS}.refresh")
                    await colleague.until(
                        lambda start=before: any(
                            ORDERS in (u.get("delta") or {}) for u in colleague.updates[start:]
                        )
                    )  # type: ignore[misc]
                    assert time.monotonic() - began < 1
                for tab in tabs:
                    await tab.until(
                        lambda tab=tab: (
                            "is just changing this order" in str(tab.value(NOTICES, "items_rx_state_"))
                        ),
                        20,
                    )  # type: ignore[misc]
                other.execute("ROLLBACK")
            assert tabs[0].status() != "On hold"

    asyncio.run(press())
