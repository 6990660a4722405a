"""The menu says how many mails need a person: to those who see mails, at once, and without reading at each page (R-5)."""

import asyncio
import timeit
from collections.abc import Callable, Iterator

import pytest
import reflex as rx
from attacker import ROOT, Socket
from databases import BEN, OWNER, READER, TestShop
from mailserver import MailServer, mail_server
from serving import Server, running, until
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.domain.core.work import AFTER_COMMIT, work
from backoffice_app.domain.mail import MailKind, delivery, send_again, was_sent, write
from backoffice_app.domain.mail.outbox import lock_mail
from backoffice_app.domain.mail.queries import needs_a_person, unsent_mails
from backoffice_app.domain.mail.write import NEEDS_A_PERSON, stamp_of
from backoffice_app.models import OutboxMail
from backoffice_app.settings import settings
from backoffice_app.state import outbox_count
from backoffice_app.state.outbox_count import KEPT_COUNT, OutboxCount, follow

COUNT = f"{ROOT}.backoffice_app___state___outbox_count____outbox_count"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topics that commits tell of; the count is not known yet."""
    heard: list[str] = []
    monkeypatch.setattr(KEPT_COUNT, "until", 0.0)
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    AFTER_COMMIT.append(heard.extend)
    yield heard
    AFTER_COMMIT.remove(heard.extend)


def written(shop: TestShop) -> int:
    order = shop.order()
    with work(OWNER) as w:
        mail = write(w, MailKind.SHIPPED, w.lock(order.id or 0), about="test")
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
            verb(w, lock_mail(w, id_))  # type: ignore[operator]

    for id_ in (failed, unclear, fine):
        assert after(lambda id_=id_: delivery.begin_sending(id_, stamp(id_))) == (0, False)  # type: ignore[misc]
    assert after(lambda: delivery.mark_sent(fine, stamp(fine), "")) == (0, False)
    assert after(lambda: delivery.mark_failed(failed, stamp(failed), "no")) == (1, True)
    assert after(lambda: delivery.mark_unclear(unclear, stamp(unclear), "?")) == (2, True)
    assert after(lambda: do(was_sent, unclear)) == (1, True)
    assert after(lambda: do(send_again, failed)) == (0, True)


def test_r5_pages_read_the_count_once_in_five_seconds_and_after_each_change(shop: TestShop, told: list[str]) -> None:
    id_ = written(shop)
    reads = []
    real = outbox_count.needs_a_person
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox_count, "needs_a_person", lambda session: reads.append(1) or real(session))
        assert [asyncio.run(outbox_count._number()) for _page in range(10)] == [0] * 10
        assert len(reads) == 1
        delivery.mark_failed(id_, stamp(id_), "no")
        assert [asyncio.run(outbox_count._number()) for _page in range(10)] == [1] * 10
        assert len(reads) == 2


def test_r5_roles_without_mails_see_no_count(shop: TestShop, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = written(shop)
    delivery.mark_failed(id_, stamp(id_), "no")
    monkeypatch.setattr(outbox_count.hub, "watch", lambda *_told: None)
    tab = rx.State()
    shown = tab.get_substate(OutboxCount.get_full_name().split("."))
    asyncio.run(follow(tab, BEN))
    assert (shown.shown, shown.label) == ("1", "1 needs a person")
    asyncio.run(follow(tab, BEN, "de"))
    assert shown.label == "1 Mail braucht eine Entscheidung"
    asyncio.run(follow(tab, READER))
    assert (shown.shown, shown.label) == ("", "")


def test_r5_the_count_costs_little_more_than_the_least_a_statement_can_cost(small_shop: TestShop, told: list[str]) -> None:
    """0.2 ms on a quiet machine: measured beside the least there is, as machines differ and this one may be busy."""
    written(small_shop)

    def fastest(what: Callable[[], object]) -> float:
        what()
        return min(timeit.repeat(what, number=5, repeat=20))

    with reading() as session:
        least = fastest(lambda: session.exec(select(1)).one())
        assert fastest(lambda: needs_a_person(session)) < 6 * least


@pytest.fixture
def refusing() -> Iterator[MailServer]:
    with mail_server() as found:
        found.mode = "refuse"
        yield found


def test_r5_a_mail_that_fails_is_counted_live_in_a_tab_of_another_page(refusing: MailServer, tmp_path: object) -> None:
    with running(tmp_path / "shop", "demo", "--orders", "3", KONTOR_SMTP_URL=refusing.url, KONTOR_UNDO_SECONDS="0") as server:  # type: ignore[operator]
        asyncio.run(watch(server))


async def watch(server: Server) -> None:
    number = server.open_order()
    path = {"path": "/orders", "route": "/orders"}
    async with Socket(server, server.cookie("owner@demo.test"), **path) as tab:  # type: ignore[arg-type]
        await tab.until(lambda: tab.value(COUNT, "shown_rx_state_") == "")
        window = {"path": f"/orders/{number}", "route": "/orders/[number]/[[tab]]", "number": number}
        async with Socket(server, server.cookie("staff@demo.test"), **window) as ben:  # type: ignore[arg-type]
            await ben.until(lambda: bool(ben.status()))
            await ben.press("ship")
            await ben.until(lambda: ben.status() == "Completed")
        await asyncio.to_thread(until, lambda: tab.value(COUNT, "shown_rx_state_") == "1", 30, "the count")
        assert tab.value(COUNT, "label_rx_state_") == "1 needs a person"
