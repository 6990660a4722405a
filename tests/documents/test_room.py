"""What is long has room: figures, names of sellers, addresses, rows; and what belongs together is read together
(INV-7).
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pypdfium2 as pdfium
import pytest
from pdf_pages import MM, boxes, place_of, text_of

from backoffice_app.documents import render_pdf
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.texts import LANGUAGES, Texts
from backoffice_app.domain.core.money import digits
from backoffice_app.domain.core.snapshot import DocumentSnapshot, Party
from backoffice_app.domain.invoicing.totals import Cost, Goods

Invoice = Callable[..., DocumentSnapshot]
LONG = (
    "Tee- und Kaffeehandelsgesellschaft Nordfriesland mbH & Co. Kommanditgesellschaft auf Aktien, "
    "Zweigniederlassung Husum"
)
CURRENCIES = ("EUR", "HUF", "CHF", "JPY", "KWD", "SEK", "RSD")


def one(price: str, quantity: str = "1", name: str = "Becher") -> list[tuple[str, str, Goods]]:
    return [("MUG-01", name, Goods(Decimal(quantity), Decimal(price), Decimal(19)))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_d8_amounts_of_any_size_stand_on_one_line(invoice: Invoice, language: str, currency: str) -> None:
    price, texts = Decimal("9875999876.5") if digits(currency) else Decimal(9875999876), Texts(language)
    snapshot = invoice(goods=one(str(price), "12345.678912"), costs=(), discount=0, currency=currency)
    data = render_pdf(snapshot, language)

    said = blanks(text_of(data))
    for figure in (
        texts.price(price, currency),
        texts.money(snapshot.total, currency),
        texts.number(Decimal("12345.678912")),
    ):
        shown = (
            blanks(figure) if language != "ar" else re.findall(r"\d[\d.,]*", figure)[0]
        )  # the sign stands on the other side there
        assert shown in said
    assert max(right for *_rest, right, _bottom in boxes(data)) < 191


def blanks(text: str) -> str:
    """`text` with all sorts of blanks as one, without marks of direction."""
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", re.sub("[\xa0\u202f]", " ", text))


def test_d8_figures_take_room_from_the_texts_and_leave_them_some(invoice: Invoice) -> None:
    usual, large = (
        render_pdf(invoice()),
        render_pdf(invoice(goods=one("9875999876.55"), costs=(), discount=0)),
    )
    assert place_of(usual, "Menge")[0] - place_of(large, "Menge")[0] > 5
    assert place_of(large, "Menge")[0] - place_of(large, "Bezeichnung")[0] > 36


def test_d12_the_data_of_the_seller_stay_on_the_page(invoice: Invoice) -> None:
    plain = invoice()
    seller = plain.seller.model_copy(update={
        "company": LONG * 2, "name": "Dr. " + LONG, "street": LONG,
        "website": "www." + "sehrlang" * 20 + ".example", "bank": LONG,
        "registry": LONG + ", " + LONG, "email": "x" * 60 + "@" + "y" * 60 + ".example",
    })  # fmt: skip
    goods = [
        (f"SKU-{i:03d}", f"Artikel {i}", Goods(Decimal(1), Decimal("10.00"), Decimal(19))) for i in range(60)
    ]
    data = render_pdf(invoice(seller=seller, goods=goods, discount=0))

    for page in range(len(pdfium.PdfDocument(data))):
        letters = boxes(data, page)
        assert min(left for _letter, left, *_rest in letters) > 19
        assert max(right for *_rest, right, _bottom in letters) < 191
        assert max(bottom for *_rest, bottom in letters) < 292
    said = re.sub(r"\s", "", text_of(data))
    assert re.sub(r"\s", "", LONG * 2) in said


def test_d12_account_and_payment_code_stand_side_by_side(invoice: Invoice) -> None:
    plain = invoice()
    seller = plain.seller.model_copy(update={"company": LONG, "bank": LONG})
    data = render_pdf(invoice(seller=seller))
    top = place_of(data, "Kontoinhaber")[1]
    caption = place_of(data, "Mit der Banking-App")[1]
    beside = [right for _letter, _left, upper, right, _bottom in boxes(data) if top - 1 < upper < caption - 1]
    assert max(beside) < 190 - 24


def test_d12_the_name_of_the_seller_leaves_room_for_the_heading_of_later_pages(invoice: Invoice) -> None:
    goods = [
        (f"SKU-{i:03d}", f"Artikel {i}", Goods(Decimal(1), Decimal("10.00"), Decimal(19))) for i in range(60)
    ]
    data = render_pdf(
        invoice(seller=invoice().seller.model_copy(update={"company": LONG}), goods=goods, discount=0)
    )
    heads = [letter for letter in boxes(data, 1) if letter[2] < 20]
    left = [right for _letter, _left, _top, right, _bottom in heads if right < 107]
    assert max(left) < place_of(data, "Rechnung RE-2026-0001", 1)[0]
    assert "…" in text_of(data, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d13_each_label_of_the_sums_is_written_before_its_amount(
    invoice: Invoice, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    put = Sheet.put

    def record(sheet: Sheet, text: str, *places: float, **others: Any) -> None:
        written.append(text)
        put(sheet, text, *places, **others)

    monkeypatch.setattr(Sheet, "put", record)
    snapshot, texts = invoice(paid=1000), Texts(language)
    render_pdf(snapshot, language)

    for amount in (490, -500, snapshot.total, snapshot.open_amount):
        place = written.index(texts.money(amount, "EUR"), written.index("Stoff, Meterware"))
        assert not any(c.isdigit() for c in written[place - 1].replace("WELCOME5", "")), written[
            place - 1 : place + 1
        ]
    assert "DHL Paket" in written[written.index(texts.money(490, "EUR")) - 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_d24_sums_stand_in_line_with_the_amounts_above(invoice: Invoice, language: str) -> None:
    data = render_pdf(
        invoice(goods=one("20.00"), costs=(Cost("shipping", 490, Decimal(19)),), discount=0), language
    )
    letters = [letter for letter in boxes(data) if letter[0].isdigit()]
    ends = {}
    for digit, _left, _top, right, bottom in letters:
        is_amount = right > 160 if language != "ar" else right < 50
        if is_amount and 110 < bottom < 190:
            ends.setdefault(round(bottom), []).append((right, digit))
    lasts = [max(found)[0] for found in ends.values()]
    assert len(lasts) >= 4
    assert max(lasts) - min(lasts) < 1.5


def test_d25_a_tall_last_row_goes_on_on_the_next_page_with_the_sums(invoice: Invoice) -> None:
    goods = [("A", "Kurz", Goods(Decimal(1), Decimal(10), Decimal(19)))]
    goods.append(
        ("B", " ".join(f"Wort{i:02d}" for i in range(100)), Goods(Decimal(1), Decimal(10), Decimal(19)))
    )
    data = render_pdf(invoice(goods=goods, discount=0))

    assert len(pdfium.PdfDocument(data)) == 2
    assert (
        max(bottom for _letter, left, _top, _right, bottom in boxes(data) if bottom < 261 and left > 20) > 230
    )
    text = text_of(data)
    assert [text.count(f"Wort{i:02d}") for i in range(100)] == [1] * 100
    assert "Wort99" in text_of(data, 1)
    assert text.count("10,00 €") == 4


def test_d25_a_long_address_keeps_letters_that_machines_read(invoice: Invoice) -> None:
    buyer = Party(
        company=("Bundesverband der Allgemeinen Handwebereien in Deutschland e. V., Landesgruppe Nord, "
                "Sektion Textilgestaltung"),
        name="Dr. phil. Maximiliane-Charlotte von Hohenstein-Oberwaldenburg", addition=("Hinterhaus, 3. "
                                                                                       "Obergeschoss, Eingang B"),
        street="Straße des 17. Juni 135", postcode="1010", city="Wien", country="AT",
    )  # fmt: skip
    data = render_pdf(invoice(buyer=buyer))
    page = pdfium.PdfDocument(data)[0].get_textpage()
    found = page.search("Straße des 17. Juni").get_next()
    assert found
    left, bottom, _right, top = page.get_charbox(found[0], loose=True)
    assert top - bottom > 8 * 1.3  # ascent and descent of Noto Sans
    assert left / MM > 24
    assert 45 < place_of(data, "Bundesverband")[1] < place_of(data, "ÖSTERREICH")[1] < 90
