"""The history can't be changed unseen, and its personal parts can be erased (T-7, AUD-1, AUD-3, INV-3)."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import typer
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from backoffice_app import archive, db, printing
from backoffice_app.cli.verify import find_breaks, verify
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.history import history_of, verify_chain
from backoffice_app.domain.order import ORDER
from backoffice_app.models import ArchivedFile, History, HistoryPersonal


@contextmanager
def without_guards() -> Iterator[Connection]:
    """The hand of someone who may do everything to the database: its guards are gone."""
    with db.engine().begin() as connection:
        if db.engine().dialect.name == "sqlite":
            for name in (
                connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_%'")
                )
                .scalars()
                .all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def tamper(statement: str) -> None:
    """Runs one statement past all guards; it changes at least one row."""
    with without_guards() as connection:
        assert connection.execute(text(statement)).rowcount >= 1


def breaks() -> list[tuple[str, str]]:
    return [(found.what, found.why) for found in find_breaks()]


@pytest.fixture
def told(shop: TestShop) -> TestShop:
    """A shop in which three orders were placed, paid and shipped, an address changed, and an invoice printed."""
    for _ in range(3):
        order = shop.order()
        perform(BEN, "pay", order.id or 0)
        perform(BEN, "edit-address", order.id or 0, {"kind": "billing", "name": "Ada Neu", "country": "DE"})
        perform(BEN, "ship", order.id or 0, {"tracking": "T-1"})
    printing.print_invoices(OWNER, order.number)
    printing.find_invoices(OWNER, order.number).draw()
    assert breaks() == []
    return shop


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("data = replace(data, '4480', '4481')", "its content is not what its hash says"),
        ("actor_name = 'Somebody else'", "its content is not what its hash says"),
        ("actor_id = actor_id + 1", "its content is not what its hash says"),
        ("subject_id = subject_id + 1", "its content is not what its hash says"),
        ("kind = 'OrderHeld'", "its content is not what its hash says"),
        ("personal_digest = 'x'", "its content is not what its hash says"),
        ("hash = 'x'", "its content is not what its hash says"),
        ("previous_hash = 'x'", "it does not follow the fact before it"),
    ],
)
def test_aud1_a_changed_fact_is_named(told: TestShop, change: str, why: str) -> None:
    with Session(db.engine()) as session:
        sequence = session.exec(select(History.sequence).where(History.kind == "PaymentBooked")).first()
    tamper(f"UPDATE history SET {change} WHERE sequence = {sequence}")
    assert breaks() == [(f"history {sequence}", why)]


def test_aud1_a_moved_moment_is_named(told: TestShop) -> None:
    later = (
        "datetime(at, '+1 second')"
        if db.engine().dialect.name == "sqlite"
        else "at + interval '1 microsecond'"
    )
    tamper(f"UPDATE history SET at = {later} WHERE sequence = 5")
    assert breaks() == [("history 5", "its content is not what its hash says")]


@pytest.mark.parametrize("sequence", [1, 7])
def test_aud1_a_fact_that_is_missing_in_the_middle_is_named(told: TestShop, sequence: int) -> None:
    with without_guards() as connection:
        connection.execute(text(f"DELETE FROM history_personal WHERE sequence = {sequence}"))
        connection.execute(text(f"DELETE FROM history WHERE sequence = {sequence}"))
    assert breaks() == [(f"history {sequence}", f"fact {sequence} is missing")]


def test_aud1_facts_that_are_missing_at_the_end_are_named(told: TestShop) -> None:
    with Session(db.engine()) as session:
        last = session.exec(select(History.sequence).order_by(col(History.sequence).desc())).first() or 0
    with without_guards() as connection:
        connection.execute(text(f"DELETE FROM history_personal WHERE sequence = {last}"))
        connection.execute(text(f"DELETE FROM history WHERE sequence = {last}"))
    [(what, why)] = breaks()
    assert what == f"history {last}"
    assert f"the chain ends at {last - 1}, its head says {last}" in why


def test_aud1_a_fact_pushed_in_and_two_that_changed_places_are_named(told: TestShop) -> None:
    with without_guards() as connection:
        for old, new in ((4, -4), (5, 4), (-4, 5)):
            connection.execute(text("DELETE FROM history_personal WHERE sequence IN (4, 5)"))
            connection.execute(text(f"UPDATE history SET sequence = {new} WHERE sequence = {old}"))
    assert breaks() == [("history 4", "it does not follow the fact before it")]


def test_aud3_a_changed_personal_part_is_named(told: TestShop) -> None:
    with Session(db.engine()) as session:
        sequence = session.exec(select(History.sequence).where(History.kind == "AddressChanged")).first()
    tamper(
        f"UPDATE history_personal SET data = replace(data, 'Ada Neu', 'Eva Neu') WHERE sequence = {sequence}"
    )
    assert breaks() == [(f"history {sequence}", "its personal part is not what its digest says")]


def test_aud3_a_personal_part_given_to_a_fact_without_one_is_named(told: TestShop) -> None:
    with Session(db.engine()) as session:
        sequence = session.exec(select(History.sequence).where(History.kind == "OrderShipped")).first()
    tamper(f"INSERT INTO history_personal (sequence, salt, data) VALUES ({sequence}, '', '{{}}')")
    assert breaks() == [(f"history {sequence}", "its personal part is not what its digest says")]


def test_aud3_personal_parts_are_erased_and_the_chain_still_verifies(told: TestShop) -> None:
    with db.engine().begin() as connection:
        connection.execute(text("DELETE FROM history_personal"))
    assert breaks() == []
    with Session(db.engine()) as session:
        sentences = [
            entry.sentence for entry in history_of(session, (ORDER, 1), OWNER, "en", "Europe/Berlin")
        ]
    assert "Ben Beier changed the billing address from (erased) to (erased)." in sentences


def test_aud3_the_chain_itself_holds_no_personal_word(told: TestShop) -> None:
    with Session(db.engine()) as session:
        rows = session.exec(select(History)).all()
        assert session.exec(select(HistoryPersonal)).first()
        chained = " ".join(
            json.dumps([row.data, row.actor_name, row.kind], ensure_ascii=False) for row in rows
        )
    assert not {word for word in ("Ada", "Kovač", "example.com", "Hauptstraße", "10827") if word in chained}


@pytest.mark.parametrize(
    "change", ["snapshot = replace(snapshot, 'Becher 1', 'Becher 2')", "snapshot_sha256 = 'x'"]
)
def test_inv3_a_changed_document_is_named(told: TestShop, change: str) -> None:
    tamper(f"UPDATE document_version SET {change} WHERE id = 2")
    assert ("invoice RE-2026-0002 version 1", "its snapshot is not what its checksum says") in breaks()


def test_inv3_a_document_changed_together_with_its_checksum_is_named(told: TestShop) -> None:
    with without_guards() as connection:
        said = (
            connection.execute(text("SELECT snapshot FROM document_version WHERE id = 2"))
            .scalar_one()
            .replace("Becher 1", "Becher 2")
        )
        new = {"snapshot": said, "sha256": hashlib.sha256(said.encode()).hexdigest()}
        connection.execute(
            text("UPDATE document_version SET snapshot = :snapshot, snapshot_sha256 = :sha256 WHERE id = 2"),
            new,
        )
    assert breaks() == [("document RE-2026-0002", "its checksum is not the one it was issued with")]


@pytest.mark.parametrize(
    "change", ["total = total + 1, net = net + 1", "net = net - 1, vat = vat + 1", "issued_on = '2026-01-01'"]
)
def test_inv2_a_changed_row_of_an_issued_document_is_named(told: TestShop, change: str) -> None:
    tamper(f"UPDATE document SET {change} WHERE number = 'RE-2026-0003'")
    assert breaks() == [("document RE-2026-0003", "its row is not what it says itself")]


def test_inv2_an_issued_document_that_is_missing_is_named(told: TestShop) -> None:
    tamper("UPDATE document SET number = 'RE-2026-9999' WHERE number = 'RE-2026-0001'")
    assert breaks() == [
        ("document RE-2026-0001", "the history says it was issued, and it is missing"),
        ("document RE-2026-9999", "the history does not say that it was issued"),
    ]


def test_inv2_an_invoice_that_was_never_issued_is_named(told: TestShop) -> None:
    columns = "order_id, kind, language, issued_on, issued_at, due_on, currency, net, vat, total, open_amount"
    forged = f"SELECT 'x', 'RE-2026-0099', {columns} FROM document WHERE number = 'RE-2026-0001'"
    tamper(f"INSERT INTO document (public_id, number, {columns}) {forged}")
    assert breaks() == [("document RE-2026-0099", "the history does not say that it was issued")]


def test_inv3_a_changed_byte_in_the_archive_is_named(told: TestShop) -> None:
    with Session(db.engine()) as session:
        [sha256] = session.exec(select(ArchivedFile.sha256)).all()
    path = archive.archive_path(sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert breaks() == [
        ("invoice RE-2026-0003 version 1", f"the archived file {sha256} is damaged or missing")
    ]
    path.unlink()
    assert breaks() == [
        ("invoice RE-2026-0003 version 1", f"the archived file {sha256} is damaged or missing")
    ]


def test_aud1_the_command_says_what_is_broken_and_ends_with_1(
    told: TestShop, capsys: pytest.CaptureFixture[str]
) -> None:
    verify()
    assert "All is as it was written." in capsys.readouterr().out
    tamper("UPDATE history SET actor_name = 'Nobody' WHERE sequence = 3")
    with pytest.raises(typer.Exit) as ended:
        verify()
    assert ended.value.exit_code == 1
    assert "history 3: its content is not what its hash says" in capsys.readouterr().out


def test_aud1_verifying_a_shop_at_work_finds_no_break(shop: TestShop) -> None:
    shop.order()
    with db.reading() as session:
        steps = verify_chain(session)
        assert next(steps)
        shop.order()  # a colleague goes on while it is verified
        assert all(isinstance(step, int) for step in steps)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET data = '{}'",
        "DELETE FROM history",
        "UPDATE payment SET amount = 1",
        "DELETE FROM payment",
    ],
)
def test_aud1_the_database_itself_refuses_to_change_what_happened(told: TestShop, statement: str) -> None:
    with pytest.raises(DBAPIError, match="insert-only"), db.engine().begin() as connection:
        connection.execute(text(statement))


def test_t7_the_history_reads_as_sentences_newest_first(told: TestShop) -> None:
    with Session(db.engine()) as session:
        entries = history_of(session, (ORDER, 1), OWNER, "en", "Europe/Berlin")
    assert entries[0].sentence == "The order is completed."
    booked = re.compile(r"Ben Beier booked a payment of €44\.80 by Rechnung, dated \d+ \w+ \d{4}\.")
    assert any(booked.fullmatch(entry.sentence) for entry in entries)
    assert [entry.sequence for entry in entries] == sorted(
        (entry.sequence for entry in entries), reverse=True
    )


@pytest.mark.parametrize(("actor", "sees"), [(WAREHOUSE, False), (READER, True)])
def test_sec4_who_may_not_see_prices_reads_no_amount(told: TestShop, actor: Actor, sees: bool) -> None:
    with Session(db.engine()) as session:
        sentences = " ".join(
            entry.sentence for entry in history_of(session, (ORDER, 1), actor, "en", "Europe/Berlin")
        )
    assert ("44.80" in sentences) is sees
