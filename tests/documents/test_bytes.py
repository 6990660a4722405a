"""The same snapshot gives the same bytes, and both ways of fonts the same picture (INV-3, INV-7)."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pictures import picture
from PIL import Image, ImageChops

from backoffice_app.documents import RENDERER, fonts, render_in_order, render_pdf, render_together
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.snapshot import DocumentSnapshot, PackingSlipSnapshot, Party

Invoice = Callable[..., DocumentSnapshot]
Slip = Callable[..., PackingSlipSnapshot]
RENDER = """
import sys, hashlib
from backoffice_app.documents import RENDERER, render_pdf
from backoffice_app.domain.core.snapshot import DocumentSnapshot
snapshot = DocumentSnapshot.model_validate_json(sys.stdin.read())
print(RENDERER, *(hashlib.sha256(render_pdf(snapshot, language)).hexdigest() for language in ("de", "ja", "ar")))
"""


def pictures(data: bytes, scale: float = 2) -> list[Image.Image]:
    return [page.render(scale=scale).to_pil().convert("RGB") for page in pdfium.PdfDocument(data)]


def test_INV3_two_processes_give_the_same_bytes(invoice: Invoice) -> None:
    snapshot = invoice()
    ours = [
        RENDERER,
        *(hashlib.sha256(render_pdf(snapshot, language)).hexdigest() for language in ("de", "ja", "ar")),
    ]
    for seed in ("1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", RENDER], input=snapshot.model_dump_json(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert done.stdout.split() == ours


@pytest.mark.parametrize("language", ["de", "fr", "ar", "ja"])
def test_INV7_fast_and_stock_fonts_paint_the_same_pixels(invoice: Invoice, language: str) -> None:
    snapshot = invoice(
        buyer=Party(
            name="Ελένη Шевченко 山田", company="علي حسن 12", street="דוד 5", city="Łódź", country="PL"
        )
    )
    fast, stock = render_pdf(snapshot, language), render_pdf(snapshot, language, fast=False)
    assert fast != stock
    for ours, theirs in zip(pictures(fast), pictures(stock), strict=True):
        assert ImageChops.difference(ours, theirs).getbbox() is None
    texts = [pdfium.PdfDocument(data)[0].get_textpage().get_text_bounded() for data in (fast, stock)]
    assert texts[0] == texts[1]


def test_INV9_packing_slips_come_from_the_same_engine(slip: Slip) -> None:
    fast, stock = render_pdf(slip()), render_pdf(slip(), fast=False)
    text = pdfium.PdfDocument(fast)[0].get_textpage().get_text_bounded()
    assert "Lieferschein L-2026-0001" in text
    assert "00340434161094042557" in text
    assert "Folgt noch" in text
    assert "€" not in text
    assert fast == render_pdf(slip(), "de")
    assert ImageChops.difference(pictures(fast)[0], pictures(stock)[0]).getbbox() is None


def test_W3_documents_print_together_oldest_first(invoice: Invoice) -> None:
    old = invoice()
    new = invoice(number="RE-2026-0002", issued_at=datetime(2026, 11, 25, tzinfo=UTC), language="ja")
    data = render_together([new, old])
    assert data == render_together([old, new])
    pages = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(data)]
    assert ["RE-2026-0001" in pages[0], "RE-2026-0002" in pages[1]] == [True, True]
    assert "Seite 1 von 1" in pages[0]
    assert "1 / 1 ページ" in pages[1]
    french = [
        page.get_textpage().get_text_bounded()
        for page in pdfium.PdfDocument(render_together([old, new], "fr"))
    ]
    assert all("Traduction de" in page for page in french)


def test_W3_merging_changes_no_page(invoice: Invoice, slip: Slip) -> None:
    together = pictures(render_in_order([slip(), invoice(language="ar"), invoice()]))
    alone = [
        *pictures(render_pdf(slip())),
        *pictures(render_pdf(invoice(language="ar"))),
        *pictures(render_pdf(invoice())),
    ]
    for ours, theirs in zip(together, alone, strict=True):
        assert ImageChops.difference(ours, theirs).getbbox() is None


def test_INV12_a_single_document_prints_as_archived(invoice: Invoice) -> None:
    assert render_together([invoice()], "de") == render_pdf(invoice())


def test_O5_bulk_prints_keep_their_order_and_tell_their_progress(invoice: Invoice) -> None:
    heard: list[int] = []
    numbers = ["RE-2026-0003", "RE-2026-0001", "RE-2026-0002"]
    data = render_in_order([invoice(number=number) for number in numbers], progress=heard.append)
    pages = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(data)]
    assert all(number in page for number, page in zip(numbers, pages, strict=True))
    assert heard == [1, 2, 3]


def test_INV7_a_logo_takes_the_place_of_the_name(invoice: Invoice) -> None:
    logo = picture(size=(600, 200))
    named = invoice(seller=invoice().seller.model_copy(update={"logo": hashlib.sha256(logo).hexdigest()}))
    data = render_pdf(named, logo=logo)
    assert pictures(data, scale=72 / 25.4)[0].getpixel((30 * 8, 25 * 8)) == (0xC0, 0x20, 0x40)
    assert render_pdf(named, logo=logo) == data == render_together([named], logos={named.seller.logo: logo})


def test_INV3_another_logo_than_the_archived_one_is_refused(invoice: Invoice) -> None:
    with pytest.raises(ValueError, match="logo"):
        render_pdf(invoice(), logo=b"picture")
    with pytest.raises(ValueError, match="logo"):
        render_pdf(invoice(seller=invoice().seller.model_copy(update={"logo": "0" * 64})))


def test_INV7_fonts_are_found_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "Other.ttf"
    other.write_bytes(b"font")
    monkeypatch.setenv("KONTOR_FONTS", str(tmp_path))
    fonts.font_path.cache_clear()
    assert fonts.font_path("Other.ttf") == other
    assert fonts.font_path("NotoSans-Regular.ttf").is_file()
    with pytest.raises(NotFound):
        fonts.font_path("none.ttf")
    fonts.font_path.cache_clear()
