"""Live pages: one word goes round, each tab refreshes itself, many words make few refreshes (O-6)."""

import asyncio
from types import SimpleNamespace

from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.state import hub
from backoffice_app.state.base import RUNNING
from backoffice_app.state.me import Me


class Tabs:
    """An app with connected tabs that notes which of them were told to refresh."""

    def __init__(self, *connected: str) -> None:
        self.told: list[tuple[str, str]] = []
        self.as_whom: list[Actor | None] = []
        self.event_namespace = SimpleNamespace(sid_to_token={f"sid-{token}": token for token in connected})
        self.event_processor = self

    def set_contexts(self) -> "Tabs":
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None: ...

    async def enqueue(self, token: str, event: object) -> None:
        self.told.append((token, event.name))  # type: ignore[attr-defined]
        self.as_whom.append(RUNNING.get())


def tab(token: str) -> SimpleNamespace:
    """As much of a state as the hub asks for."""
    root = SimpleNamespace(rx_router_session=SimpleNamespace(client_token=token))
    return SimpleNamespace(_get_root_state=lambda: root)


async def heard(app: Tabs, topic: str, times: int, pause: float = 0) -> list[str]:
    """The tokens that were told after `topic` changed `times` times and the hub came to rest."""
    hub.HUB.app, hub.HUB.loop = app, asyncio.get_running_loop()  # type: ignore[assignment]
    for _ in range(times):
        hub.publish(topic)
    await asyncio.sleep(pause or 2.5 * hub.PAUSE)
    return [token for token, _name in app.told]


def test_o6_only_who_watches_a_topic_refreshes() -> None:
    app = Tabs("ada", "ben")
    hub.watch(tab("ada"), "order-7", Me.load)
    hub.watch(tab("ben"), "order-8", Me.load)

    assert asyncio.run(heard(app, "order-7", 1)) == ["ada"]


def test_o6_the_first_change_is_told_at_once_and_many_more_as_one() -> None:
    app = Tabs("ada")
    hub.watch(tab("ada"), "orders", Me.load)

    async def burst() -> tuple[int, int]:
        at_once = len(await heard(app, "orders", 500, pause=0.02))
        await asyncio.sleep(3 * hub.PAUSE)
        return at_once, len(app.told)

    assert asyncio.run(burst()) == (1, 2)


def test_o6_a_tab_that_closed_or_went_to_another_page_is_not_told() -> None:
    app = Tabs("ada")
    hub.watch(tab("gone"), "orders", Me.load)
    hub.watch(tab("ada"), "orders", Me.load)
    hub.forget(tab("ada"))

    assert asyncio.run(heard(app, "orders", 1)) == []
    assert "orders" not in hub.HUB.watching


def test_o6_a_thread_may_publish() -> None:
    app = Tabs("ada")
    hub.watch(tab("ada"), "order-9", Me.load)

    async def from_thread() -> list[str]:
        hub.HUB.app, hub.HUB.loop = app, asyncio.get_running_loop()  # type: ignore[assignment]
        await asyncio.to_thread(hub.publish_all, {"order-9", "unwatched"})
        await asyncio.sleep(hub.PAUSE)
        return [token for token, _name in app.told]

    assert asyncio.run(from_thread()) == ["ada"]


def test_sec2_a_tab_refreshes_as_itself_and_not_as_whoever_made_the_change() -> None:
    app = Tabs("ada")
    hub.watch(tab("ada"), "order-11", Me.load)
    RUNNING.set(COMMAND)

    asyncio.run(heard(app, "order-11", 3))

    assert app.as_whom == [None, None]
