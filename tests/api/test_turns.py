"""Drawing PDFs on request: a few at a time, a bounded queue, and nobody takes all places (SEC-5)."""

import threading
import time

import anyio
import pytest
from databases import BEN, OWNER, READER
from serving import until

from backoffice_app.api.turns import TooManyDrawn, Turns
from backoffice_app.domain.core.rights import Actor
from backoffice_app.kept_files import KeptFiles


class Slow:
    """A call that lasts until it is let go; knows who is in it."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.most = 0
        self.go_on = threading.Event()

    def of(self, actor: Actor) -> str:
        self.inside.append(actor.name)
        self.most = max(self.most, len(self.inside))
        self.go_on.wait(10)
        self.inside.remove(actor.name)
        return actor.name


def test_a7_one_colleague_never_takes_all_places() -> None:
    slow, done = Slow(), []

    async def ask(turns: Turns, actor: Actor) -> None:
        done.append(await turns.run(actor, lambda: slow.of(actor)))

    async def play() -> None:
        turns = Turns(at_once=2, queue=20, each=4)
        async with anyio.create_task_group() as tasks:
            for _n in range(5):
                tasks.start_soon(ask, turns, READER)
            await anyio.to_thread.run_sync(until, lambda: slow.inside == [READER.name])
            with pytest.raises(TooManyDrawn):
                await turns.run(READER, lambda: slow.of(READER))
            tasks.start_soon(ask, turns, BEN)
            await anyio.to_thread.run_sync(until, lambda: slow.inside == [READER.name, BEN.name])
            tasks.start_soon(ask, turns, OWNER)
            slow.go_on.set()

    anyio.run(play)
    assert sorted(done) == sorted([READER.name] * 5 + [BEN.name, OWNER.name])
    assert slow.most == 2


def test_a7_the_queue_has_an_end_and_places_come_back() -> None:
    slow = Slow()

    async def play() -> None:
        turns = Turns(at_once=1, queue=1, each=1)
        async with anyio.create_task_group() as tasks:
            for actor in (BEN, OWNER):
                tasks.start_soon(turns.run, actor, lambda actor=actor: slow.of(actor))  # type: ignore[misc]
            await anyio.to_thread.run_sync(until, lambda: slow.inside == [BEN.name])
            with pytest.raises(TooManyDrawn):
                await turns.run(READER, lambda: slow.of(READER))
            slow.go_on.set()
        assert await turns.run(READER, lambda: slow.of(READER)) == READER.name
        with pytest.raises(ZeroDivisionError):
            await turns.run(READER, lambda: str(1 // 0))
        assert await turns.run(READER, lambda: slow.of(READER)) == READER.name

    anyio.run(play)


def test_a7_kept_files_are_few_and_do_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, now = KeptFiles(most_bytes=10, seconds=60), [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kept.put("a", b"12345")
    kept.put("b", b"12345")
    assert kept.get("a") == b"12345"
    kept.put("c", b"12345")
    assert [kept.get(key) is not None for key in "abc"] == [True, False, True]
    assert kept.put("large", b"x" * 11) == b"x" * 11
    assert kept.get("large") is None
    now[0] = 61
    kept.put("d", b"1")
    assert [kept.get(key) for key in "acd"] == [None, None, b"1"]
