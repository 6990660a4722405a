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
from sqlmodel import Session, col, select

from backoffice_app import archive, db, printing
from backoffice_app.documents import missing_characters
from backoffice_app.domain.core import clock, series
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Administration, Company, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.invoicing.policy import issue_when_due
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import confirm_order, place_order
from backoffice_app.models import Document, History, NumberSeries, OutboxMail
from backoffice_app.settings import settings


def policy(name: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration.model_validate({"invoice_policy": name}))


def test_inv1_an_order_that_comes_in_has_its_invoice_at_once(shop: TestShop) -> None:
    order = shop.order(lines=2)
    [invoice] = order.documents
    assert (invoice.number, invoice.kind, invoice.total, invoice.language) == (
        "RE-2026-0001",
        "invoice",
        8470,
        "de",
    )
    assert [line.invoiced for line in order.lines] == [2, 2]


def test_inv1_when_paid_the_payment_that_settles_makes_the_invoice(shop: TestShop) -> None:
    policy("when paid")
    order = shop.order()
    assert order.documents == []
    perform(BEN, "pay", order.id or 0, {"amount": "1.00"})
    assert shop.load(order.id or 0).documents == []
    done = perform(BEN, "pay", order.id or 0)
    assert "The invoice follows in 10 seconds." in done.message.in_language("en")
    assert shop.load(order.id or 0).documents == []
    assert issue_when_due(order.id or 0) == "RE-2026-0001"
    assert issue_when_due(order.id or 0) == ""
    assert len(shop.load(order.id or 0).documents) == 1


def test_c1_a_payment_that_is_undone_draws_no_number(shop: TestShop) -> None:
    policy("when paid")
    order_id = shop.order().id or 0
    done = perform(BEN, "pay", order_id)
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert issue_when_due(order_id) == ""
    assert shop.load(order_id).documents == []
    with Session(db.engine()) as session:
        assert session.exec(select(NumberSeries).where(NumberSeries.kind == "invoice")).all() == []


def test_inv1_at_shipping_the_first_shipment_that_leaves_makes_the_one_invoice(shop: TestShop) -> None:
    policy("at shipping")
    order_id = shop.order(lines=2).id or 0
    perform(BEN, "pay", order_id)
    assert issue_when_due(order_id) == "", "it is paid, and nothing has left"
    packed = shop.load(order_id).shipments[0]
    perform(BEN, "part-shipment", order_id, {"shipment": packed.number, "quantities": {"1": "1"}})

    done = perform(BEN, "ship", order_id)

    assert done.message.in_language("en").count("The invoice follows in 10 seconds.") == 1, (
        "two shipments leave by one click"
    )
    assert shop.load(order_id).documents == []
    assert issue_when_due(order_id) == "RE-2026-0001"
    assert issue_when_due(order_id) == ""


def test_inv1_at_shipping_what_is_taken_back_draws_no_number_and_the_next_time_does(shop: TestShop) -> None:
    policy("at shipping")
    order_id = shop.order().id or 0
    done = perform(BEN, "ship", order_id, answers=[f"unpaid-{shop.load(order_id).open_amount}"])
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert issue_when_due(order_id) == ""
    perform(BEN, "ship", order_id, answers=[f"unpaid-{shop.load(order_id).open_amount}"])
    assert issue_when_due(order_id) == "RE-2026-0001"


def test_inv1_at_shipping_what_lacks_something_waits_until_it_is_taken_back(shop: TestShop) -> None:
    policy("at shipping")
    with work(OWNER) as w:
        save_section(w.session, "company", Company())
    order_id = shop.order().id or 0
    assert shop.load(order_id).invoicing == ""
    done = perform(BEN, "ship", order_id, answers=[f"unpaid-{shop.load(order_id).open_amount}"])
    assert shop.load(order_id).invoicing == "waits"
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert shop.load(order_id).invoicing == ""


def test_inv1_at_shipping_what_never_ships_is_invoiced_when_it_comes_in(shop: TestShop) -> None:
    policy("at shipping")
    line = {
        "sku": "PDF",
        "name": "Schnittmuster",
        "quantity": "1",
        "unit_price": "5.00",
        "vat_rate": "19",
        "ships": False,
    }
    wish = shop.new_order().as_json() | {
        "lines": [line],
        "shipping": {"method": "", "name": "", "price": "0.00"},
        "total": "5.00",
    }
    order = shop.load(take_in(OWNER, parse_order(wish)).order_id)
    assert [document.number for document in order.documents] == ["RE-2026-0001"]


def test_c1_an_invoice_that_is_open_again_keeps_its_due_date_and_prints_none(shop: TestShop) -> None:
    order_id = (
        shop.order(provider=False, payment={"method": "transfer", "name": "Überweisung", "state": "open"}).id
        or 0
    )
    invoice = shop.load(order_id).documents[0]
    assert invoice.due_on == invoice.issued_on + timedelta(days=14)
    policy("when paid")
    later = shop.order().id or 0
    perform(BEN, "pay", later)
    issue_when_due(later)
    assert shop.load(later).due_on is None
    assert (
        DocumentSnapshot.model_validate_json(
            snapshot_text(first_version(shop.load(later).documents[0].id or 0))
        ).due_on
        is None
    )
    perform(BEN, "not-paid", later)
    after = shop.load(later)
    assert after.due_on == after.documents[0].due_on == after.documents[0].issued_on + timedelta(days=14)


def test_inv1_an_order_whose_pieces_are_all_cancelled_has_nothing_to_invoice(small_shop: TestShop) -> None:
    policy("by hand")
    order_id = small_shop.order(lines=2).id or 0
    with work(OWNER) as w:
        for line in w.lock(ORDER, order_id).lines:
            line.cancelled = line.ordered
    with pytest.raises(Refused, match="nothing to invoice"):
        perform(BEN, "invoice", order_id)
    assert small_shop.load(order_id).documents == []


def test_inv3_the_snapshot_holds_a_delivery_address_only_where_it_is_another(small_shop: TestShop) -> None:
    elsewhere = {
        "name": "Bo Kovač",
        "street": "Am Markt 3",
        "postcode": "20095",
        "city": "Hamburg",
        "country": "DE",
    }
    snapshots = [
        DocumentSnapshot.model_validate_json(snapshot_text(first_version(order.documents[0].id or 0)))
        for order in (small_shop.order(), small_shop.order(shipping_address=elsewhere))
    ]
    assert [s.delivery.street if s.delivery else None for s in snapshots] == [None, "Am Markt 3"]
    assert [s.buyer.street for s in snapshots] == ["Hauptstraße 12", "Hauptstraße 12"]


def test_c8_an_invoice_that_is_sent_can_be_held_back_and_says_to_whom_it_goes(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    number = shop.load(order_id).documents[0].number
    done = perform(BEN, "send-invoice", order_id, {"number": number})
    assert "ada.kovac@example.com" in done.message.in_language("en")
    assert shop.load(order_id).documents[0].sent_at
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert shop.load(order_id).documents[0].sent_at is None
    with Session(db.engine()) as session:
        [mail] = session.exec(select(OutboxMail).where(OutboxMail.kind == "invoice")).all()
        assert (mail.state, (mail.send_after - mail.created_at).total_seconds()) == ("withheld", 10)


def test_c8_a_second_sending_that_is_held_back_leaves_the_first(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    number = small_shop.load(order_id).documents[0].number
    perform(BEN, "send-invoice", order_id, {"number": number})
    first = small_shop.load(order_id).documents[0].sent_at
    done = perform(BEN, "send-invoice", order_id, {"number": number})
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert small_shop.load(order_id).documents[0].sent_at == first


def test_t3_the_invoice_of_a_confirmation_is_sent_with_it(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads "not sent yet" sends it once more."""
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    order_id = small_shop.order().id or 0
    with work(OWNER) as w:
        confirm_order(w, w.lock(ORDER, order_id))
    [document] = small_shop.load(order_id).documents
    confirmed = document.sent_at
    assert confirmed
    done = perform(BEN, "send-invoice", order_id, {"number": document.number})
    assert small_shop.load(order_id).documents[0].sent_at != confirmed
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    assert small_shop.load(order_id).documents[0].sent_at == confirmed


def test_t3_a_confirmation_that_nothing_sends_does_not_send_the_invoice(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    with work(OWNER) as w:
        confirm_order(w, w.lock(ORDER, order_id))
    assert small_shop.load(order_id).documents[0].sent_at is None


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
    assert [shop.load(order.id or 0).documents[0].number for order in (first, second)] == [
        "RE-2026-0001",
        "RE-2026-0002",
    ]


def test_inv2_no_number_is_dated_before_its_predecessor(small_shop: TestShop) -> None:
    with clock.at(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        later = small_shop.order()
    with clock.at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        earlier = small_shop.order()
    assert [d.issued_on for d in later.documents + earlier.documents] == [
        date(2026, 11, 25),
        date(2026, 11, 25),
    ]


def test_inv2_the_start_of_a_series_is_set_once(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        series.set_next(w.session, "invoice", w.today, "RE-2026-4711")
    assert small_shop.order().documents[0].number.endswith("-4711")
    with pytest.raises(Invalid), work(OWNER) as w:
        series.set_next(w.session, "invoice", w.today, "RE-2026-0001")


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


@pytest.mark.twins
def test_inv2_eight_processes_issue_500_invoices_without_gap_or_double(shop: TestShop) -> None:
    policy("by hand")
    orders = []
    for _ in range(500):
        with work(OWNER) as w:
            orders.append(place_order(w, shop.new_order()).id or 0)
    db.forget_engines()  # no connection is shared with the processes that are forked
    processes = [
        multiprocessing.get_context("fork").Process(target=issue, args=(orders[n::8],)) for n in range(8)
    ]
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
    before = archive.file_of(version)
    with work(OWNER) as w:
        save_section(w.session, "company", Company(name="Ganz anders AG"))
    perform(BEN, "edit-address", order.id or 0, {"kind": "billing", "name": "Jemand anders", "country": "DE"})
    assert archive.file_of(version) == before
    snapshot = DocumentSnapshot.model_validate_json(snapshot_text(version))
    assert printing.drawn(snapshot) == before
    assert (snapshot.seller.company, snapshot.buyer.name) == ("Kontor Probe GmbH", "Ada Kovač")


def test_inv3_the_archive_keeps_each_file_under_its_checksum(small_shop: TestShop) -> None:
    order = small_shop.order()
    data = archive.file_of(first_version(order.documents[0].id or 0))
    path = archive.archive_path(hashlib.sha256(data).hexdigest())
    assert path.read_bytes() == data
    path.write_bytes(data[:-1])
    with pytest.raises(archive.DamagedArchive):
        archive.file_of(first_version(order.documents[0].id or 0))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET total = total + 1, net = net + 1",
        "DELETE FROM document",
        "UPDATE document_version SET snapshot = ''",
    ],
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
        return list(
            session.exec(select(History).where(History.kind == kind).order_by(col(History.sequence))).all()
        )


def test_w3_print_invoices_prints_those_of_this_order_alone(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    name, data = shown(order.number, "de")
    assert name == f"{order.documents[0].number}.pdf"
    assert data == archive.file_of(first_version(order.documents[0].id or 0))
    assert data != shown(other.number, "de")[1]


def test_inv12_another_language_is_a_copy_that_the_history_notes(small_shop: TestShop) -> None:
    order = small_shop.order()
    printing.print_invoices(BEN, order.number, "fr")
    assert shown(order.number, "fr")[1].startswith(b"%PDF")
    assert len(history("InvoicesPrinted")) == 1
    with Session(db.engine()) as session:
        told = {
            language: history_of(session, (ORDER, order.id or 0), BEN, language, "UTC")[0].sentence
            for language in ("en", "de")
        }
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
    for who, language, minutes in (
        (BEN, "fr", 0),
        (BEN, "fr", 59),
        (READER, "fr", 59),
        (BEN, "en", 59),
        (BEN, "fr", 61),
    ):
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
    copies = [
        (order.number, language) for order in orders for language in ("en", "fr", "nl", "es", "ja", "ar")
    ]
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
    assert archive.file_of(first_version(order.documents[0].id or 0)).startswith(b"%PDF")
    slip = printing.find_packing_slip(WAREHOUSE, order.shipments[0].number)
    assert slip.draw().startswith(b"%PDF")
    with Session(db.engine()) as session:
        told = [
            fact.sentence
            for fact in history_of(session, (ORDER, order.id or 0), BEN, "en", "UTC")
            if "font" in fact.sentence
        ]
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
        return int(
            connection.execute(
                text("SELECT id FROM document_version WHERE document_id = :id"), {"id": document_id}
            ).scalar_one()
        )


def snapshot_text(version_id: int) -> str:
    with db.engine().connect() as connection:
        return str(
            connection.execute(
                text("SELECT snapshot FROM document_version WHERE id = :id"), {"id": version_id}
            ).scalar_one()
        )


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


def test_w13_no_slip_is_printed_of_what_waits_on_hold(small_shop: TestShop) -> None:
    order, sent = small_shop.order(), small_shop.order()
    slip, left = order.shipments[0].number, sent.shipments[0].number
    perform(OWNER, "ship", sent.id or 0)
    for one in (order, sent):
        perform(OWNER, "hold", one.id or 0)
    for printed in (printing.find_packing_slip, printing.print_packing_slip):
        with pytest.raises(Refused, match="The order is on hold"):
            printed(WAREHOUSE, slip)
    with pytest.raises(Refused, match="There is nothing to print"):
        printing.find_listed_slips(WAREHOUSE, [slip])
    printing.print_listed_slips(WAREHOUSE, [slip, left])
    assert (small_shop.load(order.id or 0).printed_at, bool(small_shop.load(sent.id or 0).printed_at)) == (
        None,
        True,
    )
    with pytest.raises(Refused, match="The order is on hold"):
        perform(OWNER, "print-packing-slips", order.id or 0)
    perform(OWNER, "resume", order.id or 0)
    assert printing.find_packing_slip(WAREHOUSE, slip).draw().startswith(b"%PDF")
