"""Nothing that is issued can fail to be drawn: what no font has is a box with its code (INV-7)."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any
from unicodedata import normalize

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from backoffice_app.documents import missing_characters, render_pdf
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.snapshot import DocumentSnapshot, PackingSlipSnapshot, Party

Invoice = Callable[..., DocumentSnapshot]
Slip = Callable[..., PackingSlipSnapshot]
FIXED = {"kind", "prices", "vat_category", "category", "reason", "logo"}
"""Fields whose values are words of a fixed list, and the checksum of the logo."""
ODD = (
    "😀❤️🇩🇪✓★�𠮷𝓐⅓㈱髙﨑뷁ﬁ", "ไทย", "हिन्दी", "বাংলা", "தமிழ்", "ქართული", "Հայերեն", "አማርኛ", "ܐܒܓ", "علي", "דוד",
    "\u202e", "\u200d", "\u0301",
    "\uffff", "\U000e0041", "\u2028", "{number}", "%s", "\\", "\n", "\t", "\0",
)  # fmt: skip
SOME_TEXT = st.one_of(
    st.text(max_size=30), st.lists(st.sampled_from([*ODD, "Ada", " ", "12"]), max_size=8).map("".join)
)


def filled(values: Any, draw: Callable[[], str], name: str = "") -> Any:
    """`values` with another text in each of its text fields."""
    if isinstance(values, dict):
        return {key: filled(value, draw, key) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [filled(value, draw, name) for value in values]
    return draw() if isinstance(values, str) and name not in FIXED else values


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(SOME_TEXT, min_size=1, max_size=12), language=st.sampled_from([None, *LANGUAGES]))
def test_a2_any_text_in_any_field_is_drawn(
    invoice: Invoice, slip: Slip, texts: list[str], language: str | None
) -> None:
    text = partial(next, cycle(texts))
    issued = DocumentSnapshot.model_validate(
        filled(invoice(remarks=("Ein Gruß",), delivery=Party(name="Ben")).model_dump(), text)
    )
    packed = PackingSlipSnapshot.model_validate(filled(slip(remarks=("Ein Gruß",)).model_dump(), text))

    for drawn in (render_pdf(issued, language), render_pdf(packed, language)):
        assert len(pdfium.PdfDocument(drawn)) >= 1


@pytest.mark.parametrize("text", ODD[:9])
def test_a2_what_no_font_has_is_a_box_and_can_still_be_copied(invoice: Invoice, text: str) -> None:
    snapshot = invoice(remarks=(f"Ein Geschenk {text} für Ada",))
    fast, stock = render_pdf(snapshot), render_pdf(snapshot, fast=False)

    assert fast == render_pdf(snapshot)
    pages = [pdfium.PdfDocument(data)[0] for data in (fast, stock)]
    copied = normalize("NFKC", pages[0].get_textpage().get_text_bounded())
    assert all(normalize("NFKC", c) in copied for c in missing_characters(text))
    pictures = [page.render(scale=2).to_pil().convert("RGB") for page in pages]
    assert ImageChops.difference(*pictures).getbbox() is None


def test_a2_each_missing_character_has_a_picture_of_its_own(invoice: Invoice) -> None:
    pictures = [
        pdfium.PdfDocument(render_pdf(invoice(buyer=Party(name=name))))[0]
        .render(scale=4)
        .to_pil()
        .convert("RGB")
        for name in ("\U0001f600", "\U0001f601", "\u0d05", "Ada")
    ]

    boxes = [ImageChops.difference(picture, pictures[-1]).getbbox() for picture in pictures[:-1]]
    assert all(boxes)
    assert ImageChops.difference(pictures[0], pictures[1]).getbbox() is not None


def test_a2_the_caller_can_ask_what_no_font_has() -> None:
    assert missing_characters("Ada Kovač, Ελένη, 山田, علي\u200d\n") == []
    assert missing_characters("b😀a😀 \U0001f381") == ["\U0001f381", "😀"]
