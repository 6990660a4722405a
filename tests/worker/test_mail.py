"""The worker sends mails: once, over real SMTP, on both databases (M-3)."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage

import pytest
from databases import BEN, OWNER, TestShop
from dbos import DBOS
from mailserver import MailServer, free_port, mail_server
from pictures import picture
from sqlalchemy import text, update
from sqlmodel import Session, col, select
from starting import started_worker

from backoffice_app import db, printing
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.jobs import enqueue
from backoffice_app.domain.core.shop import SETTINGS, Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import hold_back, release, send_again, was_sent, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.delivery import PAUSES, begin_sending, put_off
from backoffice_app.domain.mail.queries import mail_view
from backoffice_app.domain.mail.shop_files import keep_file
from backoffice_app.domain.mail.write import job_key, stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.models import ArchivedFile, DocumentVersion, History, OutboxMail, ShopFile, WorkerProcess
from backoffice_app.settings import settings
from backoffice_app.worker import Worker
from backoffice_app.worker.process import forget_old_jobs, pick_up_loose_mails


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def mail(mail_id: int) -> OutboxMail:
    with Session(db.reading_engine(), expire_on_commit=False) as session:
        return session.get_one(OutboxMail, mail_id)


def state(mail_id: int) -> str:
    return mail(mail_id).state


def text_of(got: EmailMessage) -> str:
    """The plain text of a mail that has HTML beside it."""
    part = got.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def facts(mail_id: int) -> list[str]:
    with Session(db.engine()) as session:
        of_order = select(History.kind).where(
            History.subject_id == mail(mail_id).order_id, History.subject == "order"
        )
        kinds = session.exec(of_order.order_by(col(History.sequence))).all()
    return [kind for kind in kinds if kind.startswith("Mail")]


def use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", url)
    settings.cache_clear()


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        use(found.url, monkeypatch)
        yield found


@contextmanager
def running(role: str = "worker") -> Iterator[Worker]:
    worker = Worker(role)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def process() -> "subprocess.Popen[str]":
    """A worker of its own, as `kontor worker` starts it, to be killed."""
    started = subprocess.Popen(
        [sys.executable, "-m", "backoffice_app.cli.main", "worker"], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    assert "runs" in started.stdout.readline()
    return started


def written(shop: TestShop, delay: float = 0, **wishes: object) -> int:
    """The id of a mail about a new order."""
    order = shop.order(**wishes)
    with work(OWNER) as w:
        mail = write(w, mail_kinds.SHIPPED, w.lock(ORDER, order.id or 0), about="test", delay=delay)
        assert mail is not None
        return mail.id or 0


def test_m3_a_mail_arrives_within_a_second_of_the_commit(shop: TestShop, server: MailServer) -> None:
    with running():
        written(shop)
        wait_for(lambda: len(server.got) == 1)
        id_ = written(shop, language="fr")
        began = time.monotonic()
        wait_for(lambda: len(server.got) == 2)
        assert time.monotonic() - began < 1.0
        wait_for(lambda: state(id_) == "sent")
    got = server.mails()[1]
    assert got["To"] == "ada.kovac@example.com"
    assert got["From"] == "Kontor Probe GmbH <shop@example.com>"
    assert got["Message-ID"] == mail(id_).message_id
    assert "est en route" in got["Subject"]
    assert text_of(got) == mail(id_).body
    assert server.envelopes[1] == ("shop@example.com", ["ada.kovac@example.com"])
    assert facts(id_) == ["MailWritten", "MailSent"]


def test_w21_a_delayed_mail_waits_and_leaves_within_a_second_of_its_time(
    shop: TestShop, server: MailServer
) -> None:
    with running():
        id_ = written(shop, delay=2)
        wait_for(lambda: state(id_) == "sent")
        sent_at = mail(id_).sent_at
        assert sent_at is not None
        assert timedelta(0) <= sent_at - mail(id_).send_after < timedelta(seconds=1)


FAULTS: dict[str, tuple[str, bool, list[str]]] = {
    "later": ("retrying", False, []),
    "refuse": ("failed", False, ["MailFailed"]),
    "full": ("failed", False, ["MailFailed"]),
    "silent": ("unclear", True, ["MailUnclear"]),
    "drop": ("unclear", True, ["MailUnclear"]),
}
"""What the server does -> the state of the mail, whether the server has it, what the history says."""


@pytest.mark.parametrize("mode", FAULTS)
def test_m3_each_fault_of_the_server_has_its_state(mode: str, shop: TestShop, server: MailServer) -> None:
    becomes, has_it, told = FAULTS[mode]
    server.mode = mode
    with running():
        id_ = written(shop)
        wait_for(lambda: state(id_) not in {"waiting", "sending"})
    assert state(id_) == becomes
    assert mail(id_).error
    assert bool(server.got) is has_it
    assert facts(id_) == ["MailWritten", *told]


def test_m3_a_server_that_is_away_is_tried_again_with_growing_pauses_then_it_failed(
    shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(f"smtp://127.0.0.1:{free_port()}", monkeypatch)
    with running():
        id_ = written(shop)
        wait_for(lambda: state(id_) == "retrying")
    waits = [mail(id_).send_after - clock.now()]
    for _attempt in PAUSES[1:]:
        assert begin_sending(id_, stamp_of(mail(id_)))
        put_off(id_, stamp_of(mail(id_)), "away")
        waits.append(mail(id_).send_after - clock.now())
    assert waits == sorted(waits)
    assert begin_sending(id_, stamp_of(mail(id_)))
    put_off(id_, stamp_of(mail(id_)), "away")
    assert state(id_) == "failed"
    use(server.url, monkeypatch)
    with work(OWNER) as w:
        send_again(w, mail(id_))
    with running():
        wait_for(lambda: state(id_) == "sent")
    assert [m["Message-ID"] for m in server.mails()] == [mail(id_).message_id]


@pytest.mark.parametrize("successor", ["worker", "web"])
def test_m3_killed_in_the_dialogue_a_mail_is_unclear_and_never_sent_again_by_itself(
    successor: str, shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The successor has the dead one's id (worker-0), or another and takes over."""
    use(server.url.replace("timeout=2", "timeout=60"), monkeypatch)
    server.mode = "silent"
    victim = process()
    id_ = written(shop)
    assert server.in_data.wait(20)
    assert state(id_) == "sending"
    victim.kill()
    victim.wait()
    server.mode = "ok"
    with running(successor):
        wait_for(lambda: state(id_) == "unclear")
        after = written(shop)
        wait_for(lambda: state(after) == "sent")
        assert state(id_) == "unclear"
    assert len(server.got) == 2
    assert facts(id_) == ["MailWritten", "MailUnclear"]


def test_m3_two_workers_at_one_row_send_it_once(shop: TestShop, server: MailServer) -> None:
    with started_worker(env=os.environ) as one, started_worker(env=os.environ) as other:
        ids = [written(shop) for _n in range(10)]
        with Session(db.engine()) as session:
            for id_ in ids:
                for n in range(3):
                    enqueue(session, "send_mail", (id_, stamp_of(mail(id_))), key=f"double-{id_}-{n}")
            session.commit()
        wait_for(lambda: all(state(id_) == "sent" for id_ in ids))
        with Session(db.engine()) as session:
            assert {w.executor_id for w in session.exec(select(WorkerProcess)).all()} == {
                "worker-0",
                "worker-1",
            }
        for worker in (one, other):
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in (one, other)] == [0, 0]
    assert sorted(m["Message-ID"] for m in server.mails()) == sorted(mail(id_).message_id for id_ in ids)


def test_m3_what_is_rolled_back_sends_nothing(shop: TestShop, server: MailServer) -> None:
    order = shop.order()

    def write_and_fail() -> None:
        with work(OWNER) as w:
            mail = write(w, mail_kinds.SHIPPED, w.lock(ORDER, order.id or 0), about="test")
            assert mail is not None
            was_sent(w, mail)

    with pytest.raises(Refused):
        write_and_fail()
    with running():
        after = written(shop)
        wait_for(lambda: state(after) == "sent")
    assert len(server.got) == 1


def test_w21_held_back_a_mail_stays_until_it_is_released(shop: TestShop, server: MailServer) -> None:
    with running():
        id_ = written(shop, delay=1)
        with work(OWNER) as w:
            hold_back(w, mail(id_))
        other = written(shop, delay=1)
        wait_for(lambda: state(other) == "sent")
        assert state(id_) == "withheld"
        with work(OWNER) as w:
            release(w, mail(id_))
        wait_for(lambda: state(id_) == "sent")
        with pytest.raises(Refused), work(OWNER) as w:
            hold_back(w, mail(id_))
    assert len(server.got) == 2
    assert facts(id_) == ["MailWritten", "MailHeldBack", "MailReleased", "MailSent"]


def test_m3_a_person_decides_about_an_unclear_mail(shop: TestShop, server: MailServer) -> None:
    server.mode = "drop"
    with running():
        arrived, again = written(shop), written(shop)
        wait_for(lambda: state(arrived) == state(again) == "unclear")
        server.mode = "ok"
        with work(OWNER) as w:
            was_sent(w, mail(arrived))
        with work(OWNER) as w:
            send_again(w, mail(again))
        wait_for(lambda: state(again) == "sent")
    assert state(arrived) == "sent"
    assert [m["Message-ID"] for m in server.mails()].count(
        mail(again).message_id
    ) == 2  # the same id: its receiver can tell
    assert [m["Message-ID"] for m in server.mails()].count(mail(arrived).message_id) == 1


def test_m3_a_sent_mail_goes_again_as_a_mail_beside_it_to_the_address_of_now(
    shop: TestShop, server: MailServer
) -> None:
    with running():
        id_ = written(shop)
        wait_for(lambda: state(id_) == "sent")
        with work(OWNER) as w:
            order = w.lock(ORDER, mail(id_).order_id or 0)
            order.email = "ada@new.example.com"
            copy = send_again(w, mail(id_)).id or 0
        wait_for(lambda: state(copy) == "sent")
    assert (mail(copy).again_of_id, mail(copy).body) == (id_, mail(id_).body)
    assert mail(copy).message_id != mail(id_).message_id
    assert [to for _from, to in server.envelopes] == [["ada.kovac@example.com"], ["ada@new.example.com"]]


def test_m3_a_mail_whose_job_was_lost_is_found_and_sent(shop: TestShop, server: MailServer) -> None:
    lost, in_dialogue = written(shop), written(shop)
    assert begin_sending(in_dialogue, stamp_of(mail(in_dialogue)))
    with db.engine().begin() as connection:
        schema = "" if connection.dialect.name == "sqlite" else "dbos."
        connection.execute(text(f"DELETE FROM {schema}workflow_status"))
        connection.execute(
            update(OutboxMail)
            .where(col(OutboxMail.id) == lost)
            .values(send_after=clock.now() - timedelta(minutes=2))
        )
    with running():
        pick_up_loose_mails()
        wait_for(lambda: state(lost) == "sent")
    assert state(in_dialogue) == "unclear"
    assert len(server.got) == 1


def test_m4_a_wrong_setting_fails_the_mail_and_names_it(
    shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        settings(), "smtp_url", "mail.example.com:25"
    )  # a start refuses it: no process should come to this
    with running():
        id_ = written(shop)
        wait_for(lambda: state(id_) == "failed")
    assert "KONTOR_SMTP_URL must begin with" in mail(id_).error


def jobs() -> set[str]:
    return {
        job.workflow_id for job in DBOS.list_workflows(name="send_mail", load_input=False, load_output=False)
    }


def test_run2_jobs_that_are_over_are_forgotten_after_a_while(shop: TestShop, server: MailServer) -> None:
    with running():
        done, waits = written(shop), written(shop, delay=60)
        wait_for(lambda: state(done) == "sent")
        forget_old_jobs()
        assert len(jobs()) == 2
        wait_for(lambda: not forget_old_jobs(timedelta(0)) and len(jobs()) == 1)
        assert jobs() == {job_key(waits, stamp_of(mail(waits)))}


def with_invoice(shop: TestShop, *, broken: bool = False) -> int:
    """The id of a mail with the order's invoice; `broken`: its newest version can't be rendered."""
    order = shop.order()
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        if broken:
            snapshot = DocumentVersion(
                document_id=locked.documents[0].id,
                version=2,
                snapshot="{}",
                snapshot_sha256="",
                created_at=w.at,
            )
            w.session.add(snapshot)
        mail = write(w, mail_kinds.INVOICE, locked, about="test", documents=locked.documents)
        assert mail is not None
        return mail.id or 0


def test_m3_the_invoice_goes_along_as_its_archived_file(shop: TestShop, server: MailServer) -> None:
    with running():
        id_ = with_invoice(shop)
        wait_for(lambda: state(id_) == "sent")
    [pdf] = list(server.mails()[0].iter_attachments())
    with Session(db.reading_engine()) as session:
        [archived] = session.exec(select(ArchivedFile)).all()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_filename() == "RE-2026-0001.pdf"
    assert hashlib.sha256(pdf.get_content()).hexdigest() == archived.sha256


def with_slip(shop: TestShop) -> tuple[int, str]:
    """The id of the mail about a return, and the number of the return."""
    order = shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0, {"mail": False})
    done = perform(OWNER, "create-return", order.id or 0, {"quantities": {"1": "1"}})
    return int(done.made["mails"][0]), done.made["returns"][0]


def test_ret3_the_return_slip_goes_along_as_it_was_when_the_mail_was_written(
    shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_UNDO_SECONDS", "0")
    settings.cache_clear()
    with running():
        id_, number = with_slip(shop)
        slip = printing.find_return_slip(number).draw()
        wait_for(lambda: state(id_) == "sent")
        with work(OWNER) as w:
            again = send_again(w, w.session.get_one(OutboxMail, id_)).id or 0
        wait_for(lambda: state(again) == "sent")
    for sent in server.mails():
        [pdf] = list(sent.iter_attachments())
        assert (pdf.get_content_type(), pdf.get_filename(), pdf.get_content()) == (
            "application/pdf",
            f"{number}.pdf",
            slip,
        )
    assert len(server.mails()) == 2
    with Session(db.reading_engine()) as session:
        [shown] = mail_view(session, id_, OWNER, "en").files
    assert (shown.name, shown.url) == (f"{number}.pdf", f"/return-slips/{number}.pdf")


def test_m3_a_promised_file_that_cannot_be_made_holds_the_mail_back_by_name(
    shop: TestShop, server: MailServer
) -> None:
    with running():
        id_ = with_invoice(shop, broken=True)
        wait_for(lambda: state(id_) == "failed")
    assert mail(id_).error.startswith("attachment RE-2026-0001.pdf: ")
    assert server.got == []
    assert facts(id_) == ["MailWritten", "MailFailed"]


def test_m4_without_a_server_mails_stay_and_can_be_sent_later(
    shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("", monkeypatch)
    id_ = written(shop)
    assert state(id_) == "no-server"
    use(server.url, monkeypatch)
    with work(OWNER) as w:
        send_again(w, mail(id_))
    with running():
        wait_for(lambda: state(id_) == "sent")
    assert len(server.got) == 1


def test_c1_the_worker_issues_the_invoice_that_a_payment_asked_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_UNDO_SECONDS", "1")
    settings.cache_clear()
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="when paid"))
    shop = TestShop()
    paid, undone = shop.order().id or 0, shop.order().id or 0
    perform(BEN, "pay", paid)
    taken_back = perform(BEN, "pay", undone).undo
    assert taken_back
    perform(BEN, taken_back.key, undone, taken_back.values)
    with running():
        wait_for(lambda: len(shop.load(paid).documents) == 1)
        time.sleep(1.5)
    assert shop.load(undone).documents == []


def test_m1_mails_leave_as_text_and_html_with_logo_and_files(shop: TestShop, server: MailServer) -> None:
    """A mail with all it can have, as a client on the other side reads it."""
    png, pdf = picture(), b"%PDF-1.7 terms"
    keep_file(OWNER, "logo", "logo.png", png)
    keep_file(OWNER, "attachment", "AGB.pdf", pdf)
    with db.reading() as session:
        file = session.exec(select(ShopFile.id).where(ShopFile.use == "attachment")).one()
    perform(
        OWNER, "save-mail-template", id_of("invoice"), {"language": "de", "files": [file]}, subject=TEMPLATE
    )
    order = shop.order()
    with running():
        with work(OWNER) as w:
            locked = w.lock(ORDER, order.id or 0)
            row = write(w, mail_kinds.INVOICE, locked, about="test", documents=locked.documents)
            assert row is not None
            id_ = row.id or 0
        wait_for(lambda: state(id_) == "sent")
    [got] = [one for one in server.mails() if "Rechnung" in one["Subject"]]
    assert got.get_content_type() == "multipart/mixed"
    alternative, invoice, terms = got.iter_parts()
    text, related = alternative.iter_parts()  # type: ignore[attr-defined]
    html, logo = related.iter_parts()
    assert [part.get_content_type() for part in (alternative, text, related, html, logo)] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    stored = mail(id_)
    assert text.get_content().replace("\r\n", "\n") == stored.body
    assert html.get_content().replace("\r\n", "\n").rstrip() == stored.html.rstrip()
    assert (logo["Content-ID"], logo.get_content()) == ("<logo>", png)
    assert invoice.get_filename() == f"{order.documents[0].number}.pdf"
    assert (terms.get_filename(), terms.get_content()) == ("AGB.pdf", pdf)
    assert got["Content-Language"] == "de"
    assert len(server.got[-1]) - len(invoice.get_content()) * 1.4 < 60_000


def test_m4_a_test_mail_says_what_became_of_it(shop: TestShop, server: MailServer) -> None:
    del shop
    with running():
        done = perform(OWNER, "send-test-mail", 0, {"recipient": "olga@example.com"}, subject=SETTINGS)
        id_ = int(done.made["mails"][0])
        wait_for(lambda: state(id_) == "sent")
        server.mode = "refuse"
        done = perform(OWNER, "send-test-mail", 0, {"recipient": "olga@example.com"}, subject=SETTINGS)
        refused = int(done.made["mails"][0])
        wait_for(lambda: state(refused) == "failed")
    assert "550" in mail(refused).error
    [got] = server.mails()
    assert (got["To"], got["Subject"]) == ("olga@example.com", "Test mail from Kontor Probe GmbH")
    with db.reading() as session:
        assert mail_view(session, id_, OWNER, "de").order_number == ""
