"""`kontor verify` names documents that have no file, and a file that is lost is made again (AUD-1, INV-3)."""

import hashlib
import json

import pytest
from databases import BEN, TestShop
from policies import invoice_by_hand
from sqlalchemy import text
from sqlmodel import col, select
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from backoffice_app import archive, db, printing
from backoffice_app.cli.main import command_line
from backoffice_app.cli.verify import without_file
from backoffice_app.db import reading
from backoffice_app.models import ArchivedFile, DocumentVersion


def kontor(*arguments: str) -> Result:
    return CliRunner().invoke(command_line("verify"), ["verify", *arguments])


def versions() -> list[int]:
    with reading() as session:
        return [
            id_ or 0
            for id_ in session.exec(select(DocumentVersion.id).order_by(col(DocumentVersion.id))).all()
        ]


def test_d1_documents_without_a_file_are_counted_and_named(shop: TestShop) -> None:
    for _ in range(3):
        shop.order()
    archive.file_of(versions()[1])

    said = " ".join(kontor().output.split())

    assert (
        "2 documents have no file yet: invoice RE-2026-0001 version 1, invoice RE-2026-0003 version 1."
        in said
    )
    assert "All is as it was written." in said


def test_d1_their_files_can_be_made_at_once(shop: TestShop) -> None:
    orders = [
        shop.order(billing_address={"name": name, "country": "DE"}) for name in ("Ada", "Ada 🎉", "ไทย")
    ]
    done = kontor("--make-files")

    assert (done.exit_code, without_file()) == (0, (0, []))
    assert "no file" not in done.output
    assert all(printing.find_document(order.documents[0].public_id).at_hand for order in orders)


def test_d1_a_lost_file_is_named_and_made_again_with_the_same_bytes(shop: TestShop) -> None:
    order = shop.order()
    shop.order()
    before = [archive.file_of(version) for version in versions()]
    lost = archive.archive_path(hashlib.sha256(before[0]).hexdigest())
    lost.unlink()

    broken = kontor()
    assert (broken.exit_code, "Broken: invoice RE-2026-0001 version 1" in broken.output) == (1, True)
    found = printing.find_invoices(BEN, order.number)
    assert (found.at_hand, found.draw()) == (None, before[0])
    assert lost.read_bytes() == before[0]
    lost.unlink()
    assert kontor("--make-files").exit_code == 0
    assert lost.read_bytes() == before[0]


def test_d1_a_lost_file_that_others_drew_is_shown_and_never_passed_off_as_archived(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.order()
    [version] = versions()
    archived = archive.archive_path(hashlib.sha256(archive.file_of(version)).hexdigest())
    archived.unlink()
    monkeypatch.setattr(archive, "drawn", lambda _snapshot: b"%PDF drawn by others")

    with capture_logs() as logged:
        assert archive.file_of(version) == b"%PDF drawn by others"

    assert [line["event"] for line in logged] == ["a lost file was drawn anew with other bytes"]
    assert not archived.exists()
    with reading() as session:
        assert len(session.exec(select(ArchivedFile)).all()) == 1
    assert kontor().exit_code == 1


def test_d1_a_damaged_file_is_kept_as_it_is_and_named(shop: TestShop) -> None:
    shop.order()
    [version] = versions()
    path = archive.archive_path(hashlib.sha256(archive.file_of(version)).hexdigest())
    path.write_bytes(b"%PDF something else")

    with pytest.raises(archive.DamagedArchive):
        archive.file_of(version)

    assert kontor("--make-files").exit_code == 1
    assert path.read_bytes() == b"%PDF something else"


def test_pay1_a_payment_that_was_changed_past_kontor_is_named(small_shop: TestShop) -> None:
    invoice_by_hand()
    order, other = small_shop.order(paid=True), small_shop.order(paid=True)
    assert kontor().exit_code == 0
    with db.engine().begin() as connection:
        connection.execute(text("DROP TRIGGER payment_no_update"))
        connection.execute(
            text("UPDATE payment SET amount = amount + 100 WHERE order_id = :id"), {"id": order.id}
        )
        connection.execute(text("DROP TRIGGER payment_no_delete"))
        connection.execute(text("DELETE FROM payment WHERE order_id = :id"), {"id": other.id})
    result = kontor("--json")

    assert result.exit_code == 1
    assert [(found["what"], found["why"]) for found in json.loads(result.stdout)] == [
        (f"payments of order {order.number}", "they come to 45.80 EUR, and the order says 44.80"),
        (f"payments of order {other.number}", "they come to 0.00 EUR, and the order says 44.80"),
    ]
