"""What a rendered page looks like: measured positions and extracted text (INV-7)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pypdfium2 as pdfium
import pytest
import segno
from pdf_pages import MM, place_of, text_of
from segno.helpers import make_epc_qr

from backoffice_app.documents import payment_code, render_pdf
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.snapshot import DocumentSnapshot, Party, Reference
from backoffice_app.domain.invoicing.totals import Cost, Goods

Invoice = Callable[..., DocumentSnapshot]


def many(count: int) -> list[tuple[str, str, Goods]]:
    return [
        (f"SKU-{i:03d}", f"Artikel {i}", Goods(Decimal(1), Decimal("10.00"), Decimal(19)))
        for i in range(1, count + 1)
    ]


def test_INV7_the_letter_stands_where_din_5008_form_b_wants_it(invoice: Invoice) -> None:
    data = render_pdf(invoice())
    x, y = place_of(data, "Ada Kovač")
    assert x == pytest.approx(25, abs=0.6)
    assert 62.7 <= y <= 66.5
    x, y = place_of(data, "Feldmann & Söhne GmbH ·")
    assert x == pytest.approx(25, abs=0.6)
    assert 57 <= y <= 62.7
    x, y = place_of(data, "Leistungsdatum")
    assert x == pytest.approx(125, abs=0.6)
    assert 50 + 2 * 4.5 <= y <= 53 + 2 * 4.5
    x, y = place_of(data, "Rechnung RE-2026-0001")
    assert x == pytest.approx(25, abs=0.8)
    assert 98.5 <= y <= 103


def test_INV7_fold_and_punch_marks_are_in_their_places(invoice: Invoice) -> None:
    scale = 10 / MM
    picture = pdfium.PdfDocument(render_pdf(invoice()))[0].render(scale=scale).to_pil().convert("L")
    column = [y / 10 for y in range(picture.height) if picture.getpixel((30, y)) < 160]
    assert column
    for mark in (105, 148.5, 210):
        assert any(abs(y - mark) < 0.3 for y in column), f"no mark at {mark} mm"
    assert all(min(abs(y - mark) for mark in (105, 148.5, 210)) < 0.4 for y in column)


@pytest.mark.parametrize("language", LANGUAGES)
def test_INV12_every_language_has_the_same_figures(invoice: Invoice, language: str) -> None:
    snapshot = invoice()
    text = text_of(render_pdf(snapshot, language))
    digits = set(re.findall(r"\d+[.,]\d\d", text))
    assert {figure.replace(",", ".") for figure in digits} >= {
        "77.80",
        "67.15",
        "9.43",
        "1.22",
        "39.90",
        "18.00",
        "20.00",
    }
    assert "RE-2026-0001" in text
    assert "MUG-01" in text


def test_INV12_another_language_is_marked_as_translation(invoice: Invoice) -> None:
    assert "Übersetzung" not in text_of(render_pdf(invoice()))
    assert "Translation of RE-2026-0001, issued on 24 Nov 2026 in this language: German." in text_of(
        render_pdf(invoice(), "en")
    )
    assert "Übersetzung von RE-2026-0001" in text_of(render_pdf(invoice(language="en"), "de"))


def test_INV12_the_language_of_issue_gives_the_archived_bytes(invoice: Invoice) -> None:
    assert render_pdf(invoice(), "de") == render_pdf(invoice())
    assert render_pdf(invoice(language="de-AT"), "de") == render_pdf(invoice(language="de-AT"))


@pytest.mark.parametrize("count", [8, 16, 17, 18, 19, 20, 21, 22, 23, 60])
def test_INV7_long_invoices_carry_their_sums_over(invoice: Invoice, count: int) -> None:
    data = render_pdf(invoice(goods=many(count), discount=0))
    pdf = pdfium.PdfDocument(data)
    pages, seen = len(pdf), 0
    for page in range(pages):
        text = text_of(data, page)
        assert f"Seite {page + 1} von {pages}" in text
        rows = len(re.findall(r"SKU-\d\d\d", text))
        carried = re.findall(r"Übertrag\s+([\d.,]+) €", text)
        expected = []
        if page and rows:
            expected.append(seen * 10)
        seen += rows
        if rows and seen < count:
            expected.append(seen * 10)
        assert [round(float(amount.replace(".", "").replace(",", "."))) for amount in carried] == expected
        if "Gesamtbetrag" in text:
            assert rows, "the sums stand without a line above them"
            assert seen == count
    assert seen == count
    assert pages == {8: 1, 60: 3}.get(count, pages)


def test_INV7_nothing_runs_into_the_footer(invoice: Invoice) -> None:
    data = render_pdf(invoice(goods=many(60), remarks=("Wort " * 3000,)))
    pdf = pdfium.PdfDocument(data)
    for page in pdf:
        words = page.get_textpage()
        bottoms = []
        for i in range(words.count_chars()):
            left, bottom, _right, _top = words.get_charbox(i)
            mm = 297 - bottom / MM
            if left / MM > 20 and words.get_text_range(i, 1).strip():
                bottoms.append(mm)
        assert not [mm for mm in bottoms if 261.5 < mm < 263], "text between body and page number"
        assert max(bottoms) < 292


def test_INV7_a_name_longer_than_a_page_goes_on_on_the_next(invoice: Invoice) -> None:
    name = " ".join(f"Wort{i}" for i in range(700))
    text = text_of(
        render_pdf(invoice(goods=[("A", name, Goods(Decimal(1), Decimal(10), Decimal(19)))], discount=0))
    )
    assert all(f"Wort{i}" in text for i in (0, 350, 699))
    assert text.count("10,00 €") >= 2


def test_INV7_addresses_of_six_and_more_lines_stay_in_the_window(invoice: Invoice) -> None:
    buyer = Party(
        company=("Bundesverband der Allgemeinen Handwebereien und Textilgestalter in Deutschland e. V., "
                "Landesgruppe Nord"),
        name="Dr. phil. Maximiliane-Charlotte von Hohenstein-Oberwaldenburg", addition="Hinterhaus, 3. Obergeschoss",
        street="Straße des 17. Juni 135", postcode="1010", city="Wien", country="AT",
    )  # fmt: skip
    data = render_pdf(invoice(buyer=buyer))
    text = text_of(data)
    for part in ("Landesgruppe Nord", "Oberwaldenburg", "Hinterhaus", "1010 Wien", "ÖSTERREICH"):
        assert part in text
    x, y = place_of(data, "ÖSTERREICH")
    assert x == pytest.approx(25, abs=0.6)
    assert y < 90


def test_INV7_the_country_is_named_only_abroad(invoice: Invoice) -> None:
    assert "DEUTSCHLAND" not in text_of(render_pdf(invoice()))


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("Zażółć Gęślą-Jaźń", "Łódź"),
        ("Ελένη Παπαδοπούλου", "Αθήνα"),
        ("Олена Шевченко", "Київ"),
        ("山田 太郎", "東京都"),
        ("김민준", "서울"),
        ("王小明", "北京"),
    ],
)
def test_INV7_buyers_of_any_script_are_written(invoice: Invoice, name: str, city: str) -> None:
    text = text_of(
        render_pdf(invoice(buyer=Party(name=name, street="1", postcode="123", city=city, country="DE")))
    )
    assert name in text
    assert city in text


@pytest.mark.parametrize(("name", "letter"), [("علي حسن", "ARABIC"), ("דוד כהן", "HEBREW")])
def test_INV7_right_to_left_names_are_written_in_any_document(
    invoice: Invoice, name: str, letter: str
) -> None:
    import unicodedata

    text = text_of(
        render_pdf(invoice(buyer=Party(name=name, street="Ring 1", postcode="1", city="Köln", country="DE")))
    )
    assert (
        sum(letter in unicodedata.name(c, "") for c in unicodedata.normalize("NFKC", text)) >= len(name) - 2
    )
    assert "1 Köln" in text


def test_INV7_arabic_pages_are_mirrored_but_the_window_stays(invoice: Invoice) -> None:
    german, arabic = render_pdf(invoice()), render_pdf(invoice(), "ar")
    assert place_of(arabic, "Ada Kovač")[0] == pytest.approx(place_of(german, "Ada Kovač")[0], abs=0.1)
    assert place_of(german, "MUG-01")[0] < 60
    assert place_of(arabic, "MUG-01")[0] > 150
    assert place_of(arabic, "39.90")[0] < 60


def test_INV7_decomposed_letters_and_invisible_marks_are_drawn(invoice: Invoice) -> None:
    text = text_of(
        render_pdf(
            invoice(buyer=Party(name="Ade\u0301le\u200b Kovac\u030c\ufeff", city="Köln", country="DE"))
        )
    )
    assert "Adéle Kovač" in text


def test_INV7_the_payment_code_is_the_one_segno_makes(invoice: Invoice) -> None:
    snapshot = invoice(paid=1003)
    text = payment_code.epc_text(snapshot, "Feldmann & Söhne GmbH")
    reference = make_epc_qr(
        name="Feldmann & Söhne GmbH", iban="DE89370400440532013000", bic="COBADEFFXXX",
        amount=Decimal("67.77"), text="RE-2026-0001",
        encoding="utf-8",
    )  # fmt: skip
    ours = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8")
    assert [bytes(row) for row in ours.matrix] == [bytes(row) for row in reference.matrix]


@pytest.mark.parametrize("others", [{"paid": 7780}, {"currency": "USD"}, {"kind": "credit note"}])
def test_INV7_without_an_open_amount_in_euro_there_is_no_code(
    invoice: Invoice, others: dict[str, object]
) -> None:
    assert "Banking-App" in text_of(render_pdf(invoice()))
    assert "Banking-App" not in text_of(render_pdf(invoice(**others)))


def test_INV4_net_shops_add_the_tax_and_name_the_reason(invoice: Invoice) -> None:
    goods = [("", "Beratung", Goods(Decimal(1), Decimal(100), Decimal(0), category="AE"))]
    text = text_of(
        render_pdf(
            invoice(
                prices="net",
                goods=goods,
                costs=(),
                discount=0,
                buyer=Party(name="ACME", vat_id="ATU12345678"),
            )
        )
    )
    assert "Steuerschuldnerschaft des Leistungsempfängers" in text
    assert "ATU12345678" in text
    assert "Artikelnr." not in text
    taxed = text_of(
        render_pdf(
            invoice(prices="net", goods=many(3), costs=(Cost("shipping", 500, Decimal(19)),), discount=0)
        )
    )
    assert taxed.index("Summe netto") < taxed.index("19 % USt. auf 35,00 €") < taxed.index("Gesamtbetrag")
    assert "41,65 €" in taxed


def test_INV6_a_credit_note_names_its_invoice(invoice: Invoice) -> None:
    refers_to = Reference(number="RE-2026-0001", issued_on=date(2026, 11, 24))
    text = text_of(render_pdf(invoice(kind="credit note", number="RK-2026-0001", refers_to=refers_to)))
    assert "Rechnungskorrektur RK-2026-0001" in text
    assert "berichtigt die Rechnung RE-2026-0001 vom 24.11.2026" in text
    text = text_of(render_pdf(invoice(kind="cancellation", number="RK-2026-0002", refers_to=refers_to)))
    assert "storniert die Rechnung RE-2026-0001 vom 24.11.2026 vollständig" in text


def test_INV13_a_new_version_says_what_it_replaces(invoice: Invoice) -> None:
    text = text_of(render_pdf(invoice(version=2, version_on=date(2026, 11, 30))))
    assert "Fassung 2 vom 30.11.2026, ersetzt Fassung 1, gleiche Rechnungsnummer." in text
