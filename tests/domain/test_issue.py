"""Invoices: at once, once, without gap or double, frozen (INV-1, INV-2, INV-3)."""

import hashlib
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from backoffice_app import db, printing
from backoffice_app.domain.core import clock, series
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Administration, Company, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.orders.place import place_order
from backoffice_app.models import Document, History, NumberSeries


def policy(name: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration.model_validate({"invoice_policy": name}))


def test_inv1_an_order_that_comes_in_has_its_invoice_at_once(shop: TestShop) -> None:
    order = shop.order(lines=2)
    [invoice] = order.documents
    assert (invoice.number, invoice.kind, invoice.total, invoice.language) == ("RE-2026-0001", "invoice", 8470, "de")
    assert [line.invoiced for line in order.lines] == [2, 2]


def test_inv1_when_paid_the_payment_that_settles_makes_the_invoice(shop: TestShop) -> None:
    policy("when paid")
    order = shop.order()
    assert order.documents == []
    perform(BEN, "pay", order.id or 0, {"amount": "1.00"})
    assert shop.load(order.id or 0).documents == []
    perform(BEN, "pay", order.id or 0)
    assert len(shop.load(order.id or 0).documents) == 1


def test_inv1_by_hand_only_the_button_makes_it_and_only_once(small_shop: TestShop) -> None:
    policy("by hand")
    order = small_shop.order(paid=True)
    assert order.documents == []
    perform(BEN, "invoice", order.id or 0)
    with pytest.raises(Refused, match="RE-2026-0001 was issued already"):
        perform(BEN, "invoice", order.id or 0)


def test_inv2_a_rollback_gives_the_number_back(shop: TestShop) -> None:
    policy("by hand")
    first, second = shop.order(), shop.order()

    def draw_and_fail() -> None:
        with work(BEN) as w:
            assert series.draw(w.session, "invoice", w.today)[0] == "RE-2026-0001"
            raise InterruptedError

    with pytest.raises(InterruptedError):
        draw_and_fail()
    for order in (first, second):
        perform(BEN, "invoice", order.id or 0)
    assert [shop.load(order.id or 0).documents[0].number for order in (first, second)] == ["RE-2026-0001", "RE-2026-0002"]


def test_inv2_no_number_is_dated_before_its_predecessor(small_shop: TestShop) -> None:
    with clock.at(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        later = small_shop.order()
    with clock.at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        earlier = small_shop.order()
    assert [d.issued_on for d in later.documents + earlier.documents] == [date(2026, 11, 25), date(2026, 11, 25)]


def test_inv2_the_start_of_a_series_is_set_once(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        series.set_start(w.session, "invoice", w.today.year, 4711)
    assert small_shop.order().documents[0].number.endswith("-4711")
    with pytest.raises(Invalid), work(OWNER) as w:
        series.set_start(w.session, "invoice", w.today.year, 1)


def test_inv2_two_orders_placed_at_once_by_ten_get_different_numbers(shop: TestShop) -> None:
    wishes = [shop.new_order() for _ in range(30)]

    def place(n: int) -> str:
        with work(BEN) as w:
            order = place_order(w, wishes[n])
        return order.documents[0].number

    with ThreadPoolExecutor(10) as threads:
        numbers = sorted(threads.map(place, range(30)))
    assert numbers == [f"RE-2026-{n:04d}" for n in range(1, 31)]


def issue(orders: list[int]) -> None:
    for order in orders:
        perform(COMMAND, "invoice", order)


def test_inv2_eight_processes_issue_500_invoices_without_gap_or_double(shop: TestShop) -> None:
    policy("by hand")
    orders = []
    for _ in range(500):
        with work(OWNER) as w:
            orders.append(place_order(w, shop.new_order()).id or 0)
    db.forget_engines()  # no connection is shared with the processes that are forked
    processes = [multiprocessing.get_context("fork").Process(target=issue, args=(orders[n::8],)) for n in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    assert [process.exitcode for process in processes] == [0] * 8
    with Session(db.engine()) as session:
        numbers = session.exec(select(Document.number).order_by(Document.number)).all()
        assert numbers == [f"RE-2026-{n:04d}" for n in range(1, 501)]
        assert session.get_one(NumberSeries, ("invoice", 2026)).next_counter == 501
        assert len(session.exec(select(History).where(History.kind == "InvoiceIssued")).all()) == 500


def test_inv3_the_snapshot_holds_everything_and_nothing_changes_it(shop: TestShop) -> None:
    order = shop.order()
    version = first_version(order.documents[0].id or 0)
    before = printing.file_of(version)
    with work(OWNER) as w:
        save_section(w.session, "company", Company(name="Ganz anders AG"))
    perform(BEN, "edit-address", order.id or 0, {"kind": "billing", "name": "Jemand anders", "country": "DE"})
    assert printing.file_of(version) == before
    snapshot = DocumentSnapshot.model_validate_json(snapshot_text(version))
    assert printing.render_invoice(snapshot) == before
    assert (snapshot.seller.company, snapshot.buyer.name) == ("Kontor Probe GmbH", "Ada Kovač")


def test_inv3_the_archive_keeps_each_file_under_its_checksum(small_shop: TestShop) -> None:
    order = small_shop.order()
    data = printing.file_of(first_version(order.documents[0].id or 0))
    path = printing.archive_path(hashlib.sha256(data).hexdigest())
    assert path.read_bytes() == data
    path.write_bytes(data[:-1])
    with pytest.raises(printing.DamagedArchive):
        printing.file_of(first_version(order.documents[0].id or 0))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE document SET total = total + 1, net = net + 1", "DELETE FROM document", "UPDATE document_version SET snapshot = ''"],
)
def test_inv2_the_database_lets_no_issued_document_be_changed(shop: TestShop, statement: str) -> None:
    shop.order()
    with pytest.raises(DBAPIError), db.engine().begin() as connection:
        connection.execute(text(statement))


def test_w3_print_invoices_prints_those_of_this_order_alone(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    name, data = printing.print_invoices(BEN, order.number, "de")
    assert name == f"{order.documents[0].number}.pdf"
    assert data == printing.file_of(first_version(order.documents[0].id or 0))
    assert data != printing.print_invoices(BEN, other.number, "de")[1]


def test_inv12_another_language_is_a_copy_that_the_history_notes(small_shop: TestShop) -> None:
    order = small_shop.order()
    _name, data = printing.print_invoices(BEN, order.number, "fr")
    assert data.startswith(b"%PDF")
    with Session(db.engine()) as session:
        assert len(session.exec(select(History).where(History.kind == "InvoicesPrinted")).all()) == 1
        told = {language: history_of(session, order.id or 0, BEN, language, "UTC")[0].sentence for language in ("en", "de")}
    invoice = order.documents[0].number
    assert told["en"] == f"Ben Beier printed {invoice} as a translation (French)."
    assert told["de"] == f"Ben Beier hat {invoice} als Übersetzung gedruckt (Französisch)."


def test_inv12_a_language_that_no_document_speaks_leaves_nothing_in_the_history(small_shop: TestShop) -> None:
    order = small_shop.order()
    assert printing.print_invoices(BEN, order.number, "EVIL") == printing.print_invoices(BEN, order.number)
    with Session(db.engine()) as session:
        assert session.exec(select(History).where(History.kind == "InvoicesPrinted")).all() == []


def first_version(document_id: int) -> int:
    with db.engine().connect() as connection:
        return int(connection.execute(text("SELECT id FROM document_version WHERE document_id = :id"), {"id": document_id}).scalar_one())


def snapshot_text(version_id: int) -> str:
    with db.engine().connect() as connection:
        return str(connection.execute(text("SELECT snapshot FROM document_version WHERE id = :id"), {"id": version_id}).scalar_one())


def test_inv3_what_was_refunded_before_the_invoice_is_not_asked_for_again(small_shop: TestShop) -> None:
    refund = {"amount": "-8.10", "method": "prepaid", "reason": "damaged"}
    order = small_shop.order(paid=True, payments=[refund])
    snapshot = DocumentSnapshot.model_validate_json(snapshot_text(first_version(order.documents[0].id or 0)))
    assert (snapshot.paid, snapshot.open_amount, order.open_amount) == (4480, 0, 0)


def test_o3_an_order_counts_as_printed_from_its_first_print_by_who_works_on_it(shop: TestShop) -> None:
    order = shop.order()
    printing.print_invoices(READER, order.number, "de")
    assert shop.load(order.id or 0).printed_at is None
    printing.print_packing_slip(WAREHOUSE, order.shipments[0].number)
    first = shop.load(order.id or 0).printed_at
    printing.print_invoices(BEN, order.number, "de")
    assert first is not None
    assert shop.load(order.id or 0).printed_at == first
