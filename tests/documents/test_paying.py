"""How an invoice says that nothing is to be transferred, and the legal sentence of each tax case (PAY-0, INV-4)."""

from collections.abc import Callable
from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from backoffice_app.documents import render_pdf
from backoffice_app.documents.texts import LANGUAGES, Texts
from backoffice_app.domain.core.snapshot import DocumentSnapshot, RateTotal
from backoffice_app.domain.invoicing.totals import Goods

Invoice = Callable[..., DocumentSnapshot]


def text_of(data: bytes) -> str:
    whole = " ".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data))
    return " ".join(whole.replace("\u00a0", " ").replace("\ufffe", "-").split())


@pytest.mark.parametrize(
    ("collects", "sentence"),
    [
        ("provider", "Sie zahlen 77,80 € über Klarna. Bitte überweisen Sie uns nichts."),
        ("debit", "Wir ziehen 77,80 € per Lastschrift von Ihrem Konto ein."),
        ("courier", "Sie zahlen 77,80 € bei der Lieferung an den Zusteller."),
        ("counter", "Sie zahlen 77,80 € bei der Abholung."),
    ],
)
def test_d5_an_invoice_that_others_collect_asks_for_no_transfer(
    invoice: Invoice, collects: str, sentence: str
) -> None:
    text = text_of(render_pdf(invoice(collects=collects, payment_method="Klarna", due_on=None)))
    assert sentence in text
    assert "Kontoinhaber" not in text
    assert "Banking-App" not in text
    assert "Fällig am" not in text


def test_d5_while_nobody_has_said_who_collects_nothing_is_asked_for(invoice: Invoice) -> None:
    text = text_of(render_pdf(invoice(collects="", due_on=None)))
    assert "Kontoinhaber" not in text
    assert "überweisen" not in text


def test_c30_a_translation_names_the_method_in_its_language(invoice: Invoice) -> None:
    snapshot = invoice(payment_method="Vorkasse", payment_method_names={"fr": "Paiement anticipé"})
    assert "Paiement anticipé" in text_of(render_pdf(snapshot, "fr"))
    assert "Vorkasse" in text_of(render_pdf(snapshot, "de"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_inv4_each_tax_case_has_one_sentence_and_what_costs_nothing_has_none(
    invoice: Invoice, language: str
) -> None:
    free = Goods(Decimal(1), Decimal(0), Decimal(0), "Z")
    sold = Goods(Decimal(1), Decimal(20), Decimal(0), "G")
    texts = Texts(language)
    text = text_of(
        render_pdf(
            invoice(goods=(("A", "Ware", sold), ("B", "Muster", free)), costs=(), discount=0), language
        )
    )
    assert texts.exemption("Z") not in text
    sentences = [
        texts.exemption("E"),
        texts.exemption("E", "exempt"),
        texts.exemption("E", "small business"),
        texts.exemption("Z", "zero"),
    ]
    assert len(set(sentences)) == 4


def test_inv4_the_reason_decides_which_sentence_prints(invoice: Invoice) -> None:
    exempt = invoice(
        goods=(("A", "Ware", Goods(Decimal(1), Decimal(20), Decimal(0), "E")),), costs=(), discount=0
    )
    rates = tuple(RateTotal.model_validate(rate.model_dump() | {"reason": "exempt"}) for rate in exempt.rates)
    assert "Kleinunternehmer" in text_of(render_pdf(exempt))
    assert "Kleinunternehmer" not in text_of(render_pdf(exempt.model_copy(update={"rates": rates})))


def test_inv4_a_small_business_names_its_price_in_one_sum_and_no_vat(invoice: Invoice) -> None:
    sold = (("A-1", "Ware", Goods(Decimal(2), Decimal(10), Decimal(0), "E")),)
    small = invoice(goods=sold, costs=(), discount=0)
    text = text_of(render_pdf(small))
    assert "Gesamtbetrag 20,00 €" in text
    assert "Kleinunternehmer" in text
    assert "USt." not in text
    assert "netto" not in text
    rates = tuple(rate.model_copy(update={"reason": "exempt"}) for rate in small.rates)
    assert "0 % USt. auf 20,00 € netto" in text_of(render_pdf(small.model_copy(update={"rates": rates})))
