"""The return slip says what comes back, in the language of its reader, without prices (RET-3, INV-9)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from backoffice_app.documents import render_pdf
from backoffice_app.domain.core.return_slip import ReturnedLine, ReturnSlipSnapshot
from backoffice_app.domain.core.snapshot import Party, Seller
from backoffice_app.i18n import DOCUMENT_LANGUAGES


def a_slip(language: str) -> ReturnSlipSnapshot:
    return ReturnSlipSnapshot(
        number="R-2026-0001",
        issued_on=date(2026, 11, 20),
        issued_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        language=language,
        seller=Seller(
            company="Hafen GmbH", street="Am Hafen 1", postcode="20457", city="Hamburg", country="DE"
        ),
        customer=Party(
            name="Ada Kovač", street="Hauptstraße 12", postcode="10827", city="Berlin", country="DE"
        ),
        order_number="10001",
        reason="Passt nicht",
        action="Umtausch",
        pays="customer",
        lines=(
            ReturnedLine(position=1, sku="MUG-1", name="Becher", quantity=Decimal(2)),
            ReturnedLine(position=2, name="Stoff", options="blau", quantity=Decimal("1.5"), unit="m"),
        ),
    )


def text_of(snapshot: ReturnSlipSnapshot) -> str:
    return str(pdfium.PdfDocument(render_pdf(snapshot))[0].get_textpage().get_text_range())


def test_ret3_the_slip_names_the_return_what_is_in_it_and_why() -> None:
    said = text_of(a_slip("de"))
    for part in (
        "Retourenschein R-2026-0001",
        "MUG-1",
        "Becher",
        "1,5 m",
        "blau",
        "Grund der Rücksendung: Passt nicht",
        "Am Hafen 1",
    ):
        assert part in said
    assert "Bitte tragen Sie die Kosten der Rücksendung." in said
    assert "€" not in said


@pytest.mark.parametrize("language", DOCUMENT_LANGUAGES)
def test_ret3_the_slip_can_be_drawn_in_every_language_and_is_the_same_twice(language: str) -> None:
    assert render_pdf(a_slip(language)) == render_pdf(a_slip(language))
