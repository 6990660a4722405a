"""Invoices: at once, once, without gap or double, frozen (INV-1, INV-2, INV-3)."""

import hashlib
import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from backoffice_app import db, printing
from backoffice_app.documents import missing_characters
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


def shown(number: str, language: str = "") -> tuple[str, bytes]:
    """Name and bytes of the file that `Print invoices` opens."""
    found = printing.find_invoices(BEN, number, language)
    return found.name, found.at_hand or found.draw()


def history(kind: str) -> list[History]:
    with Session(db.engine()) as session:
        return list(session.exec(select(History).where(History.kind == kind)).all())


def test_w3_print_invoices_prints_those_of_this_order_alone(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    name, data = shown(order.number, "de")
    assert name == f"{order.documents[0].number}.pdf"
    assert data == printing.file_of(first_version(order.documents[0].id or 0))
    assert data != shown(other.number, "de")[1]


def test_inv12_another_language_is_a_copy_that_the_history_notes(small_shop: TestShop) -> None:
    order = small_shop.order()
    printing.print_invoices(BEN, order.number, "fr")
    assert shown(order.number, "fr")[1].startswith(b"%PDF")
    assert len(history("InvoicesPrinted")) == 1
    with Session(db.engine()) as session:
        told = {language: history_of(session, order.id or 0, BEN, language, "UTC")[0].sentence for language in ("en", "de")}
    invoice = order.documents[0].number
    assert told["en"] == f"Ben Beier printed {invoice} as a translation (French)."
    assert told["de"] == f"Ben Beier hat {invoice} als Übersetzung gedruckt (Französisch)."


def test_inv12_a_language_that_no_document_speaks_leaves_nothing_in_the_history(small_shop: TestShop) -> None:
    order = small_shop.order()
    printing.print_invoices(BEN, order.number, "EVIL")
    assert shown(order.number, "EVIL") == shown(order.number)
    assert history("InvoicesPrinted") == []


def test_a11_the_same_copy_by_the_same_person_is_noted_once_an_hour(shop: TestShop) -> None:
    order, noon = shop.order(), datetime(2026, 11, 29, 12, tzinfo=UTC)
    for who, language, minutes in ((BEN, "fr", 0), (BEN, "fr", 59), (READER, "fr", 59), (BEN, "en", 59), (BEN, "fr", 61)):
        with clock.at(noon + timedelta(minutes=minutes)):
            printing.print_invoices(who, order.number, language)
    noted = [(fact.actor_name, json.loads(fact.data)["language"]) for fact in history("InvoicesPrinted")]
    assert noted == [("Ben Beier", "fr"), ("Rita Reader", "fr"), ("Ben Beier", "en"), ("Ben Beier", "fr")]


def test_a11_twenty_clicks_at_once_note_one_copy(shop: TestShop) -> None:
    order = shop.order()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _n: printing.print_invoices(BEN, order.number, "fr"), range(20)))
    assert len(history("InvoicesPrinted")) == 1


def test_a11_nobody_notes_more_than_twenty_copies_a_minute(shop: TestShop) -> None:
    orders = [shop.order() for _n in range(4)]
    copies = [(order.number, language) for order in orders for language in ("en", "fr", "nl", "es", "ja", "ar")]
    for number, language in copies[:20]:
        printing.print_invoices(READER, number, language)
    with pytest.raises(printing.PrintedTooOften):
        printing.print_invoices(READER, *copies[20])
    printing.print_invoices(BEN, *copies[20])
    assert len(history("InvoicesPrinted")) == 21


@pytest.mark.parametrize("name", ["Anna 😀 ❤️ 🇩🇪", "ბესო ✓ � 𠮷"])
def test_a2_an_order_with_any_name_is_drawn_mailed_and_told(shop: TestShop, name: str) -> None:
    order = shop.order(billing_address={"name": name, "country": "DE"})
    number = order.documents[0].number
    assert printing.file_of(first_version(order.documents[0].id or 0)).startswith(b"%PDF")
    slip = printing.find_packing_slip(WAREHOUSE, order.shipments[0].number)
    assert slip.draw().startswith(b"%PDF")
    with Session(db.engine()) as session:
        told = [fact.sentence for fact in history_of(session, order.id or 0, BEN, "en", "UTC") if "font" in fact.sentence]
    missing = missing_characters(name)
    assert missing
    assert len(told) == 1
    assert number in told[0]
    assert all(f"{c} (U+{ord(c):04X})" in told[0] for c in missing)


def test_a2_the_history_names_what_a_slip_lacks_once(shop: TestShop) -> None:
    policy("by hand")
    order = shop.order(billing_address={"name": "Anna 😀", "country": "DE"})
    for who in (READER, WAREHOUSE, BEN):
        printing.print_packing_slip(who, order.shipments[0].number)
    [fact] = history("CharactersReplaced")
    assert json.loads(fact.data) == {"number": order.shipments[0].number}
    assert fact.actor_name == WAREHOUSE.name


def test_a2_names_that_can_be_drawn_are_no_news(small_shop: TestShop) -> None:
    small_shop.order(billing_address={"name": "Ελένη Шевченко 山田 علي דוד 김민준", "country": "DE"})
    assert history("CharactersReplaced") == []


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
