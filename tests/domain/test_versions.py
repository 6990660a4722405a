"""What an invoice says besides its figures: delivery time and own text, in a new version with the same number (INV-5,
INV-13).
"""

import pytest
from databases import BEN, OWNER, TestShop
from pdf_pages import text_of
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db, printing
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import document_versions
from backoffice_app.domain.mail import MailState
from backoffice_app.domain.window import order_window
from backoffice_app.models import Document, DocumentVersion, OutboxMail


def versions(number: str = "RE-2026-0001") -> list[DocumentSnapshot]:
    with Session(db.engine()) as session:
        rows = session.exec(
            select(DocumentVersion)
            .join(Document)
            .where(Document.number == number)
            .order_by(col(DocumentVersion.id))
        ).all()
    return [
        DocumentSnapshot.model_validate_json(row.snapshot)
        for row in sorted(rows, key=lambda row: row.version)
    ]


def edit(order_id: int, **values: object) -> str:
    return perform(BEN, "edit-invoice", order_id, {"number": "RE-2026-0001"} | values).message.in_language(
        "en"
    )


def test_s24_before_it_is_sent_a_new_version_takes_the_place_of_the_old_one(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    assert edit(order_id, delivery_time="2–3 Werktage") == "Invoice RE-2026-0001 saved."
    assert edit(order_id, own_text="Danke für Ihre Treue!\nBis bald.") == "Invoice RE-2026-0001 saved."
    assert edit(order_id, delivery_time="2–3 Werktage") == "Nothing was changed."
    first, second, third = versions()
    assert (first.delivery_time, second.delivery_time, third.delivery_time) == (
        "",
        "2–3 Werktage",
        "2–3 Werktage",
    )
    assert (second.remarks, third.remarks) == ((), ("Danke für Ihre Treue!\nBis bald.",))
    assert {one.version for one in (first, second, third)} == {1}, "nobody has seen another one"
    [document] = shop.load(order_id).documents
    text = text_of(printing.find_document(document.public_id).draw())
    assert "Lieferzeit: 2–3 Werktage" in text
    assert "Danke für Ihre Treue!" in text
    assert "Fassung" not in text
    assert wrongs() == []


def test_inv13_after_it_was_sent_it_says_which_version_it_is_and_figures_parties_and_number_stay(
    shop: TestShop,
) -> None:
    order_id = shop.order().id or 0
    perform(BEN, "send-invoice", order_id, {"number": "RE-2026-0001"})
    said = edit(order_id, delivery_day="2026-12-24")
    assert (
        said
        == "Saved as version 2 of invoice RE-2026-0001. The customer has the version before: send it again."
    )
    edit(order_id, own_text="Frohe Feiertage")
    first, second, third = versions()
    assert (second.version, third.version) == (2, 2), "version 2 was not sent yet, so it is replaced"
    alike = {"delivery_time", "version", "version_on", "remarks"}
    assert first.model_dump(exclude=alike) == third.model_dump(exclude=alike)
    [document] = shop.load(order_id).documents
    text = text_of(printing.find_document(document.public_id).draw())
    assert "Fassung 2 vom" in text
    assert "ersetzt Fassung 1, gleiche Rechnungsnummer." in text
    assert "Lieferzeit: 24.12.2026" in text
    assert "RE-2026-0001" in text
    perform(BEN, "send-invoice", order_id, {"number": "RE-2026-0001"})
    edit(order_id, delivery_time="")
    assert versions()[-1].version == 3
    with Session(db.engine()) as session:
        assert len(list(document_versions(session))) == 4, "the old ones are kept"
    assert wrongs() == []


def test_t3_the_tab_says_when_and_to_whom_each_document_was_sent(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "credit-note", order.id or 0, {"invoice": "RE-2026-0001", "amount": "1.00"})
    perform(BEN, "send-invoice", order.id or 0, {"number": "RE-2026-0001"})
    with reading() as session:
        shown = order_window(
            session, order.number, BEN, "en", tab="invoices", dialog="invoice", which="RE-2026-0001"
        )
    invoice, note = shown.blocks["invoices"].documents
    assert (invoice.sent_to, invoice.sent) == ("ada.kovac@example.com", "Not sent, no mail server")
    assert (note.sent_to, note.kind, note.credits, note.total) == (
        "",
        "Credit note",
        "RE-2026-0001",
        "−€1.00",
    )
    assert shown.dialog.document.sent_to == "ada.kovac@example.com"

    with work(BEN) as w:
        w.session.exec(select(OutboxMail).where(OutboxMail.kind == "invoice")).one().state = MailState.SENT
    with reading() as session:
        sent, _note = (
            order_window(session, order.number, BEN, "en", tab="invoices").blocks["invoices"].documents
        )
    assert "2026" in sent.sent


def test_inv13_a_mail_that_is_held_back_was_not_sent(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    done = perform(BEN, "send-invoice", order_id, {"number": "RE-2026-0001"})
    assert done.undo
    perform(BEN, done.undo.key, order_id, done.undo.values)
    edit(order_id, delivery_time="morgen")
    assert versions()[-1].version == 1


def test_inv13_what_is_wrong_names_its_field_and_a_cancelled_invoice_stays(small_shop: TestShop) -> None:
    order_id = small_shop.order().id or 0
    for field, value in (("number", "RE-1"), ("delivery_day", "Weihnachten"), ("total", "1.00")):
        with pytest.raises(Invalid) as no:
            edit(order_id, **{field: value})
        assert no.value.field == field
    perform(
        BEN, "cancel-invoice", order_id, {"invoice": "RE-2026-0001"}, answers=["cancel-RE-2026-0001-4480"]
    )
    with pytest.raises(Refused, match="cancelled"):
        edit(order_id, delivery_time="morgen")


def test_inv5_the_shop_keeps_a_list_of_delivery_times_and_what_an_invoice_says_stays_in_it(
    small_shop: TestShop,
) -> None:
    with work(OWNER) as w:
        save_section(
            w.session, "administration", Administration(delivery_times="2–3 Werktage; 1 Woche;; 2–3 Werktage")
        )
    order = small_shop.order()
    edit(order.id or 0, delivery_time="Mitte Januar")
    with reading() as session:
        dialog = order_window(session, order.number, BEN, "en", dialog="invoice", which="RE-2026-0001").dialog
    assert [value for value, _word in dialog.texts] == ["", "2–3 Werktage", "1 Woche", "Mitte Januar"]
    assert (dialog.delivery_time, dialog.day) == ("Mitte Januar", "")
