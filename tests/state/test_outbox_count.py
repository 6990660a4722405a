"""The menu says how many mails need a person: to those who see mails, at once, and without reading at each
page (R-5).
"""

import asyncio
import timeit
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import reflex as rx
from attacker import BLOCKS, ROOT, Socket
from databases import BEN, OWNER, READER, TestShop
from mailserver import MailServer, mail_server
from serving import Server, running, until
from sqlmodel import select
from substates import substate

from backoffice_app.db import reading
from backoffice_app.domain.core.work import AFTER_COMMIT, work
from backoffice_app.domain.mail import MAIL, delivery, send_again, was_sent, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.queries import needs_a_person, unsent_mails
from backoffice_app.domain.mail.write import NEEDS_A_PERSON, stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.models import OutboxMail
from backoffice_app.settings import settings
from backoffice_app.state import menu_count
from backoffice_app.state.menu_count import MenuCounts, follow
from backoffice_app.state.outbox_count import OUTBOX

COUNT = f"{ROOT}.backoffice_app___state___menu_count____menu_counts"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topics that commits tell of; the count is not known yet."""
    heard: list[str] = []
    monkeypatch.setattr(OUTBOX, "kept", {})
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    AFTER_COMMIT.append(heard.extend)
    yield heard
    AFTER_COMMIT.remove(heard.extend)


def written(shop: TestShop) -> int:
    order = shop.order()
    with work(OWNER) as w:
        mail = write(w, mail_kinds.SHIPPED, w.lock(ORDER, order.id or 0), about="test")
        assert mail is not None
        return mail.id or 0


def stamp(mail_id: int) -> int:
    with reading() as session:
        return stamp_of(session.get_one(OutboxMail, mail_id))


def count() -> int:
    with reading() as session:
        assert sum(unsent_mails(session)[state] for state in ("failed", "unclear")) == needs_a_person(session)
        return needs_a_person(session)


def test_r5_each_change_of_the_count_is_told_and_nothing_else(shop: TestShop, told: list[str]) -> None:
    failed, unclear, fine = written(shop), written(shop), written(shop)

    def after(*steps: object) -> tuple[int, bool]:
        told.clear()
        for step in steps:
            step()  # type: ignore[operator]
        return count(), NEEDS_A_PERSON in told

    def do(verb: object, id_: int) -> None:
        with work(OWNER) as w:
            verb(w, w.lock(MAIL, id_))  # type: ignore[operator]

    for id_ in (failed, unclear, fine):
        assert after(lambda id_=id_: delivery.begin_sending(id_, stamp(id_))) == (0, False)  # type: ignore[misc]
    assert after(lambda: delivery.mark_sent(fine, stamp(fine), "")) == (0, False)
    assert after(lambda: delivery.mark_failed(failed, stamp(failed), "no")) == (1, True)
    assert after(lambda: delivery.mark_unclear(unclear, stamp(unclear), "?")) == (2, True)
    assert after(lambda: do(was_sent, unclear)) == (1, True)
    assert after(lambda: do(send_again, failed)) == (0, True)


def test_r5_pages_read_the_count_once_in_five_seconds_and_after_each_change(
    shop: TestShop, told: list[str]
) -> None:
    id_ = written(shop)
    reads = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OUTBOX, "read", lambda session, _actor: reads.append(1) or needs_a_person(session))
        assert [asyncio.run(menu_count._numbers(BEN))["outbox"] for _page in range(10)] == [0] * 10
        assert len(reads) == 1
        delivery.mark_failed(id_, stamp(id_), "no")
        assert [asyncio.run(menu_count._numbers(BEN))["outbox"] for _page in range(10)] == [1] * 10
        assert len(reads) == 2


def test_r5_roles_without_mails_see_no_count(
    shop: TestShop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = written(shop)
    delivery.mark_failed(id_, stamp(id_), "no")
    monkeypatch.setattr(menu_count.hub, "watch", lambda *_told: None)
    tab = rx.State()
    shown = substate(tab, MenuCounts)
    asyncio.run(follow(tab, BEN))
    assert (shown.shown["outbox"], shown.label["outbox"]) == ("1", "1 needs a person")
    asyncio.run(follow(tab, BEN, "de"))
    assert shown.label["outbox"] == "1 Mail braucht eine Entscheidung"
    asyncio.run(follow(tab, READER))
    assert (shown.shown["outbox"], shown.label["outbox"]) == ("", "")


def test_r5_the_count_costs_little_more_than_the_least_a_statement_can_cost(
    small_shop: TestShop, told: list[str]
) -> None:
    """0.2 ms on a quiet machine: measured beside the least there is, as machines differ and this one may be busy."""
    written(small_shop)

    def once(what: Callable[[], object]) -> float:
        return timeit.timeit(what, number=5)

    with reading() as session:
        calls = [lambda: session.exec(select(1)).one(), lambda: needs_a_person(session)]
        rounds = [
            [once(call) for call in calls] for _round in range(40)
        ]  # side by side: a machine that is busy is so for both
    least, counted = (min(took) for took in zip(*rounds, strict=True))
    assert counted < 6 * least


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as found:
        found.known = "@demo.test"  # the demo's tasks remind colleagues, at whatever time of day
        yield found


def test_r5_a_mail_that_fails_is_counted_live_in_a_tab_of_another_page(
    mails: MailServer, tmp_path: Path
) -> None:
    with running(
        tmp_path / "shop", "demo", "--orders", "3", KONTOR_SMTP_URL=mails.url, KONTOR_UNDO_SECONDS="0"
    ) as server:
        number = server.open_order()
        until(lambda: any(to == ["ada.kovac@example.com"] for _from, to in mails.envelopes), 30, "the mail")
        mails.mode = "refuse"
        asyncio.run(watch(server, number))


def head_of(tab: Socket) -> dict[str, dict[str, str]]:
    """What the head of the order window shows; empty before it shows anything."""
    return tab.value(BLOCKS, "head_rx_state_") or {}


async def watch(server: Server, number: str) -> None:
    path = {"path": "/orders", "route": "/orders"}
    async with Socket(server, server.cookie("owner@demo.test"), **path) as tab:  # type: ignore[arg-type]
        await tab.until(lambda: (tab.value(COUNT, "shown_rx_state_") or {}).get("outbox") == "")
        window = {"path": f"/orders/{number}", "route": "/orders/[number]/[[tab]]", "number": number}
        async with Socket(server, server.cookie("staff@demo.test"), **window) as ben:  # type: ignore[arg-type]
            await ben.until(lambda: head_of(ben).get("shipping_state", {}).get("label") == "Not shipped")
            await ben.press("ship")
            await ben.until(lambda: head_of(ben)["shipping_state"]["label"] == "Shipped")
        await asyncio.to_thread(
            until, lambda: (tab.value(COUNT, "shown_rx_state_") or {}).get("outbox") == "1", 30, "the count"
        )
        assert (tab.value(COUNT, "label_rx_state_") or {}).get("outbox") == "1 needs a person"
