"""Payment methods: who collects the money, and what each is called in the reader's language (PAY-0)."""

import json
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.documents.paying import how_to_pay, method_name
from backoffice_app.documents.payment_code import code
from backoffice_app.documents.texts import LANGUAGES, Texts
from backoffice_app.domain import collecting
from backoffice_app.domain.collecting import follow_method
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.payment_methods import Collects, known_method, method_of, methods_of
from backoffice_app.domain.core.shop import Company, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.methods import payment as methods
from backoffice_app.domain.order.views import views_of
from backoffice_app.domain.window import order_window
from backoffice_app.models import DocumentVersion, History, Order, OutboxMail


def pay_by(method: str, name: str = "", **more: str) -> dict[str, str]:
    return {"method": method, "name": name, "state": "open", **more}


def snapshot(order: Order) -> DocumentSnapshot:
    with Session(db.engine()) as session:
        text = session.exec(
            select(DocumentVersion.snapshot).where(DocumentVersion.document_id == order.documents[0].id)
        ).one()
    return DocumentSnapshot.model_validate_json(text)


def with_account() -> None:
    with work(OWNER) as w:
        company = Company(
            name="Probe",
            street="Am Hafen 1",
            city="Hamburg",
            tax_number="1",
            iban="DE89370400440532013000",
            bic="COBADEFFXXX",
        )
        save_section(w.session, "company", company)


def mail_of(order: Order) -> OutboxMail:
    perform(BEN, "send-invoice", order.id or 0, {"number": order.documents[0].number})
    with Session(db.engine()) as session:
        return session.exec(
            select(OutboxMail).where(OutboxMail.kind == "invoice").order_by(col(OutboxMail.id).desc())
        ).all()[0]


@pytest.mark.parametrize(
    ("method", "name", "collects"),
    [
        ("invoice", "Rechnung", Collects.TRANSFER),
        ("bacs", "Direct bank transfer", Collects.TRANSFER),
        ("", "Vorkasse", Collects.TRANSFER),
        ("", "", Collects.TRANSFER),
        ("klarna_payments", "Rechnung", Collects.PROVIDER),
        ("invoice", "Rechnung mit Klarna", Collects.PROVIDER),
        ("mollie_wc_gateway_paypal", "PayPal", Collects.PROVIDER),
        ("sepa_debit", "SEPA-Lastschrift", Collects.DEBIT),
        ("german_market_sepa_direct_debit", "SEPA Direct Debit", Collects.DEBIT),
        ("cod", "Nachnahme", Collects.COURIER),
        ("pickup", "Barzahlung bei Abholung", Collects.COUNTER),
        ("xyz", "Zauberei", Collects.UNKNOWN),
    ],
)
def test_pay0_who_collects_is_known_of_what_shops_use(method: str, name: str, collects: Collects) -> None:
    assert known_method(method, name).collects is collects


@pytest.mark.parametrize(
    "payment",
    [
        pay_by("klarna", "Klarna", state="authorised"),
        pay_by("sepa_debit", "SEPA-Lastschrift"),
        pay_by("cod", "Nachnahme"),
        pay_by("pos", "Bar"),
        pay_by("xyz", "Zauberei"),
    ],
)
def test_d5_nobody_is_asked_to_transfer_what_somebody_else_collects(
    shop: TestShop, payment: dict[str, str]
) -> None:
    with_account()
    order = shop.order(payment=payment)
    said, mail = snapshot(order), mail_of(order)
    assert (said.open_amount, said.due_on, order.documents[0].due_on, order.due_on) == (
        4480,
        None,
        None,
        None,
    )
    assert code(said, "Probe") == []
    assert "DE89" not in mail.body
    assert "zahlen Sie bis" not in mail.body
    sentence = how_to_pay(Texts("de"), said.collects, "44,80 €", method_name(said, Texts("de")))
    assert sentence.replace("\u00a0", " ") in mail.body.replace("\u00a0", " ")
    assert bool(sentence) == (payment["method"] != "xyz")


def test_d5_a_transfer_gets_account_due_date_and_code(shop: TestShop) -> None:
    with_account()
    order = shop.order()
    said, mail = snapshot(order), mail_of(order)
    assert order.documents[0].due_on is not None
    assert code(said, "Probe") != []
    assert "DE89 3704 0044 0532 0130 00" in mail.body
    assert "zahlen Sie bis" in mail.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("collects", [Collects.PROVIDER, Collects.DEBIT, Collects.COURIER, Collects.COUNTER])
def test_d5_each_has_its_own_sentence_in_each_language(language: str, collects: Collects) -> None:
    texts = Texts(language)
    sentences = {kind: how_to_pay(texts, kind.value, "44.80", "PayPal") for kind in Collects}
    assert "44.80" in sentences[collects]
    assert len(set(sentences.values())) == len(Collects) - 1  # a transfer and what is unknown have none


def test_d5_what_the_owner_says_holds_for_the_next_invoice(shop: TestShop) -> None:
    methods.save_method(OWNER, "xyz", {"collects": "debit", "name-de": "Abbuchung", "name-fr": "Débit"}, {})
    order = shop.order(payment=pay_by("xyz", "Zauberei"))
    said = snapshot(order)
    assert (said.collects, method_name(said, Texts("fr")), method_name(said, Texts("en"))) == (
        "debit",
        "Débit",
        "Zauberei",
    )


def test_c30_the_method_is_named_in_the_language_of_document_and_reader(small_shop: TestShop) -> None:
    order = small_shop.order(payment=pay_by("prepaid", "Vorkasse"), language="fr")
    assert method_name(snapshot(order), Texts("fr")) == "Paiement anticipé par virement"
    with db.reading() as session:
        seen = {
            at: str(order_window(session, order.number, BEN, at, tab="customer").declared)
            for at in ("en", "de")
        }
    assert "'Prepayment by bank transfer'" in seen["en"]
    assert "'Vorkasse'" in seen["de"]


def test_pay0_the_page_lists_what_orders_came_with_and_marks_what_is_unknown(shop: TestShop) -> None:
    shop.order(payment=pay_by("xyz", "Zauberei"))
    shop.order(payment=pay_by("invoice", "Rechnung"))
    rows = {row.id: row for row in methods.methods_page(OWNER, "de")}
    assert (rows["xyz"].name, rows["xyz"].is_unknown) == ("Zauberei", True)
    assert (rows["invoice"].name, rows["invoice"].collects) == ("Rechnung", "transfer")
    with pytest.raises(Refused):
        methods.methods_page(BEN, "de")
    with pytest.raises(Refused):
        methods.save_method(BEN, "xyz", {}, {})


def test_pay0_the_page_lists_methods_as_a_person_sorts_them(shop: TestShop) -> None:
    for key, name in (("z", "Zauberei"), ("u", "Überweisung per Brief"), ("v", "vor Ort")):
        shop.order(payment=pay_by(key, name))
    assert [row.id for row in methods.methods_page(OWNER, "de") if row.id in "uvz"] == ["u", "v", "z"]


def test_pay0_open_orders_follow_who_collects_and_others_keep_what_they_said(shop: TestShop) -> None:
    methods.save_method(OWNER, "xyz", {"collects": "courier"}, {})
    waiting, shipped, cancelled = (shop.order(payment=pay_by("xyz", "Zauberei")) for _n in range(3))
    other = shop.order(payment=pay_by("cod", "Nachnahme"))
    perform(OWNER, "pay", shipped.id or 0)
    perform(OWNER, "ship", shipped.id or 0)
    perform(OWNER, "cancel", cancelled.id or 0)
    assert "to-ship" in views_of(shop.load(waiting.id or 0))

    methods.save_method(OWNER, "xyz", {"collects": "provider"}, {"collects": "courier"})
    assert follow_method("xyz") == 1
    assert follow_method("xyz") == 0, "begun again it finds nothing to do"

    now = {order.number: shop.load(order.id or 0) for order in (waiting, shipped, cancelled, other)}
    assert [order.payment_collects for order in now.values()] == ["provider", "courier", "courier", "courier"]
    mine = now[waiting.number]
    assert (mine.status, "to-ship" in views_of(mine)) == ("awaiting_payment", False)
    assert wrongs() == []
    with Session(db.engine()) as session:
        row = session.exec(select(History).where(History.kind == "CollectorChanged")).one()
    sentence = sentence_of(row.kind, json.loads(row.data)).in_language("en")
    assert sentence == (
        "The order follows the settings of payment method xyz. Who collects the money: A payment provider "
        "collects it."
    )


def test_pay0_many_orders_follow_in_chunks(small_shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [small_shop.order(payment=pay_by("xyz", "Zauberei")) for _n in range(5)]
    monkeypatch.setattr(collecting, "CHUNK", 2)
    methods.save_method(OWNER, "xyz", {"collects": "debit"}, {})
    assert follow_method("xyz") == 5
    assert {small_shop.load(order.id or 0).payment_collects for order in orders} == {"debit"}


def test_pay0_the_job_is_asked_for_only_where_somebody_else_collects(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        "backoffice_app.domain.core.jobs.enqueue",
        lambda _s, job, arguments, **_how: asked.append((job, *arguments)),
    )
    methods.save_method(OWNER, "cod", {"name-de": "Per Nachnahme"}, {})
    methods.save_method(OWNER, "cod", {"name-de": "Nachnahme"}, {})
    methods.save_method(OWNER, "cod", {"collects": "debit"}, {})
    assert asked == [("follow_method", "cod")] * 2, "when it is set first, and when the collector changes"


def test_pay0_mails_of_an_order_that_is_there_say_who_collects_now(shop: TestShop) -> None:
    with_account()
    order = shop.order(payment=pay_by("xyz", "Zauberei"))
    methods.save_method(OWNER, "xyz", {"collects": "debit"}, {})
    assert how_to_pay(Texts("de"), "debit", "44,80 €", "Zauberei").replace("\u00a0", " ") in mail_of(
        order
    ).body.replace("\u00a0", " ")


def told() -> list[str]:
    with Session(db.engine()) as session:
        rows = session.exec(
            select(History).where(History.kind == "PaymentMethodChanged").order_by(col(History.sequence))
        ).all()
        return [
            sentence_of(row.kind, json.loads(row.data)).format(actor=row.actor_name).in_language("en")
            for row in rows
        ]


def test_aud1_each_changed_field_of_a_method_is_told(shop: TestShop) -> None:
    methods.save_method(OWNER, "cod", {"collects": "provider", "name-de": "Nachnahme Plus"}, {})
    methods.save_method(
        OWNER, "cod", {"collects": "provider", "name-de": "Nachnahme Plus"}, {"collects": "provider"}
    )
    assert told() == [
        "Olga Owner changed who collects the money of payment method cod from “The courier collects it on delivery” to "
        "“A payment provider collects it”.",
        "Olga Owner changed the name of payment method cod (German) from Nachnahme to Nachnahme Plus.",
    ]


def test_w16_two_owners_do_not_overwrite_each_other(shop: TestShop) -> None:
    seen = next(row for row in [methods._row(known_method("cod"), "en")]).texts
    methods.save_method(OWNER, "cod", seen | {"collects": "provider"}, seen)
    methods.save_method(OWNER, "cod", seen | {"name-de": "Per Nachnahme"}, seen)
    with pytest.raises(Meanwhile):
        methods.save_method(OWNER, "cod", seen | {"collects": "transfer"}, seen)
    with db.reading() as session:
        stored = method_of(session, "cod")
    assert (stored.collects, stored.names["de"]) == (Collects.PROVIDER, "Per Nachnahme")


@pytest.mark.parametrize(
    ("code_", "values", "field"),
    [
        ("a b", {}, "code"),
        ("", {}, "code"),
        ("xyz", {"collects": "nobody"}, "collects"),
        ("xyz", {"name-de": "x" * 201}, "name-de"),
    ],
)
def test_what_is_wrong_with_a_method_names_its_field(
    small_shop: TestShop, code_: str, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        methods.add_method(OWNER, code_, values)
    assert wrong.value.field == field


def test_pay0_a_usual_method_that_is_added_keeps_who_collects_unless_the_owner_says(
    small_shop: TestShop,
) -> None:
    """The form starts with "not said yet", and invoices of "bacs" then bore neither account nor due date."""
    del small_shop
    as_the_form_starts = {"collects": "", "name-de": "", "name-en": ""}
    methods.add_method(OWNER, "bacs", as_the_form_starts)
    methods.add_method(OWNER, "prepaid", as_the_form_starts | {"collects": "debit"})
    methods.add_method(OWNER, "coins", as_the_form_starts | {"name-de": "Münzen"})
    with db.reading() as session:
        found = methods_of(session)
    assert {code: one.collects for code, one in found.items()} == {
        "bacs": Collects.TRANSFER,
        "prepaid": Collects.DEBIT,
        "coins": Collects.UNKNOWN,
    }
    assert found["bacs"].names["de"] == "Überweisung"


def test_a_method_is_added_once(small_shop: TestShop) -> None:
    methods.add_method(OWNER, "own", {"collects": "transfer", "name-en": "Our own"})
    with pytest.raises(Invalid) as wrong:
        methods.add_method(OWNER, "own", {"collects": "debit"})
    assert wrong.value.field == "code"


def test_st1_what_the_owner_says_of_a_method_decides_which_orders_the_warehouse_finds(shop: TestShop) -> None:
    methods.save_method(OWNER, "xyz", {"collects": "courier"}, {})
    before = shop.order(payment={"method": "prepaid", "name": "Vorkasse", "state": "open"})
    mine = shop.order(payment={"method": "xyz", "name": "Zauberei", "state": "open"})
    assert (mine.payment_collects, mine.status, "to-ship" in views_of(mine)) == (
        "courier",
        "awaiting_shipment",
        True,
    )
    assert (before.status, "to-ship" in views_of(before)) == ("awaiting_payment", False)
    with Session(db.engine()) as session:
        found = list_orders(session, OrderFilter(view="to-ship"), OWNER, "de")
    assert [row[0] for row in found.rows] == [mine.number]
    methods.save_method(OWNER, "xyz", {"collects": "provider"}, {"collects": "courier"})
    perform(OWNER, "hold", mine.id or 0)
    perform(OWNER, "resume", mine.id or 0)
    assert shop.load(mine.id or 0).status == "awaiting_shipment"
    assert wrongs() == []
