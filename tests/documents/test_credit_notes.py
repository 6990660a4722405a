"""How credit notes and cancellations look: their own heading, signs, reason and reference (A27, INV-6, INV-13)."""

from collections.abc import Callable
from datetime import date

import pytest
from fontTools.ttLib import TTFont
from pdf_pages import text_of

from backoffice_app.documents import render_pdf
from backoffice_app.documents.fonts import FAMILIES, font_path
from backoffice_app.domain.core.snapshot import Adjustment, DocumentSnapshot, Reference

Invoice = Callable[..., DocumentSnapshot]
OF = Reference(number="RE-2026-0001", issued_on=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("language", "heading", "opening", "total"),
    [
        (
            "de",
            "Stornorechnung ST-1",
            "storniert die Rechnung RE-2026-0001 vom 24.11.2026 vollständig.",
            "−77,80 €",
        ),
        ("fr", "ST-1", "RE-2026-0001", "−77,80 €"),
        ("ja", "取消請求書 ST-1", "請求書RE-2026-0001の全額を取り消すものです。", "−€77.80"),
    ],
)
def test_a27_a_cancellation_is_its_invoice_with_the_sign_turned(
    invoice: Invoice, language: str, heading: str, opening: str, total: str
) -> None:
    drawn = text_of(
        render_pdf(
            invoice(kind="cancellation", number="ST-1", refers_to=OF, language=language, reason="Irrtum")
        )
    )
    for expected in (heading, opening, "Irrtum"):
        assert expected in drawn
    assert total in drawn or total.replace("−", "-") in drawn


def test_inv6_a_credit_note_shows_what_is_kept_back_and_why(invoice: Invoice) -> None:
    whole = invoice()
    kept = Adjustment(
        kind="kept fee", name="Rücksendung", vat_rate=whole.lines[0].vat_rate, net=100, tax=19, gross=119
    )
    [standard] = [rate for rate in whole.rates if rate.rate == kept.vat_rate]
    lessened = standard.model_copy(
        update={"net": standard.net - 100, "tax": standard.tax - 19, "gross": standard.gross - 119}
    )
    note = DocumentSnapshot.model_validate(
        whole.model_dump()
        | {
            "kind": "credit note", "number": "GS-1", "refers_to": OF, "reason": "Kratzer",
            "adjustments": (*whole.adjustments, kept),
            "rates": [lessened if rate is standard else rate for rate in whole.rates],
            "net": whole.net - 100, "tax": whole.tax - 19, "total": whole.total - 119, "open_amount": whole.total - 119,
        }
    )  # fmt: skip
    drawn = text_of(render_pdf(note))
    for expected in (
        "Rechnungskorrektur GS-1",
        "Wir schreiben Ihnen gut:",
        "Einbehalt (Rücksendung)",
        "−1,19 €",
        "Grund: Kratzer",
        "76,61 €",
    ):
        assert expected in drawn


def test_inv6_the_rest_of_an_invoice_says_that_it_is_the_rest(invoice: Invoice) -> None:
    drawn = text_of(render_pdf(invoice(kind="cancellation", number="ST-1", refers_to=OF, is_rest=True)))
    assert "storniert, was von der Rechnung RE-2026-0001 vom 24.11.2026 übrig war." in drawn


def test_w17_a_corrected_invoice_names_the_one_it_replaces(invoice: Invoice) -> None:
    assert "Ersetzt Rechnung" in text_of(render_pdf(invoice(number="RE-2", refers_to=OF)))


@pytest.mark.parametrize(("said", "language", "printed"),
    [("2026-12-24", "de", "24.12.2026"), ("2026-12-24", "fr", "24 déc. 2026"),
                                                          ("2–3 Werktage", "fr", "2–3 Werktage")])  # fmt: skip
def test_inv13_a_delivery_time_is_a_text_or_a_day_in_the_language_of_the_reader(
    invoice: Invoice, said: str, language: str, printed: str
) -> None:
    assert printed in text_of(render_pdf(invoice(delivery_time=said), language))


@pytest.mark.parametrize("style", ["regular", "bold"])
def test_inv7_the_font_of_amounts_has_a_minus_sign(style: str) -> None:
    """Text can be read out of a PDF though no font draws it: the invoices of before showed discounts without their
    minus.
    """
    assert 0x2212 in TTFont(font_path(getattr(FAMILIES[0], style))).getBestCmap()
