"""Every sentence of a document is there in every language, and can be drawn (L-1)."""

import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from fontTools.ttLib import TTFont

from backoffice_app import documents
from backoffice_app.documents import missing_characters
from backoffice_app.documents.fonts import FAMILIES, UNSEEN, _families, font_path
from backoffice_app.documents.texts import LANGUAGES, Texts, document_language
from backoffice_app.domain.core.snapshot import Party
from backoffice_app.i18n import catalog

FOREIGN = [language for language in LANGUAGES if language != "en"]


def sentences() -> set[str]:
    found = extract_from_dir(Path(documents.__file__).parent, [("**.py", "python")], keywords={"say": None})
    return {message for _file, _line, message, _comments, _context in found}


def places(sentence: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", FOREIGN)
def test_L1_document_texts_are_complete(language: str) -> None:
    translated = catalog(language, "documents")
    assert sentences() - set(translated) == set()
    assert set(translated) - sentences() == set()
    for sentence, text in translated.items():
        assert isinstance(text, str)
        assert places(text) == places(sentence), sentence
        assert missing_characters(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_INV7_what_formats_add_to_amounts_and_days_is_in_the_fonts_of_the_language_in_bold_too(
    language: str,
) -> None:
    texts = Texts(language)
    written = (
        texts.money(-123_456, "EUR")
        + texts.price(Decimal("-1234.5"), "CHF")
        + texts.percent(Decimal("5.5"))
        + texts.day(date(2026, 3, 1))
    )
    assert set(written) <= set(texts.vocabulary()) | set(string.printable)
    needed, missing = _families(texts.vocabulary())
    assert missing == set()
    for style in ("regular", "bold"):
        known = {
            code for family in needed for code in TTFont(font_path(getattr(family, style))).getBestCmap()
        }
        assert {c for c in written if ord(c) not in known and c not in UNSEEN} == set(), style


OF_MAILS = ("Managing directors: {names}", "Pay now", "Registered office: {place}")
"""Mails are drawn with the fonts of who reads them."""


def test_L1_japanese_texts_have_bold_letters() -> None:
    bold = next(family.bold for family in FAMILIES if family.name == "notosanscjk")
    known = TTFont(font_path(bold)).getBestCmap()
    printed = [str(text) for key, text in catalog("ja", "documents").items() if key not in OF_MAILS]
    letters = {c for text in printed for c in text if ord(c) > 0x2E7F}
    assert {c for c in letters if ord(c) not in known} == set()


@pytest.mark.parametrize(
    ("language", "written"), [("de-AT", "de"), ("pt-BR", "en"), ("ja", "ja"), ("", "en"), ("nl_BE", "nl")]
)
def test_L1_documents_are_written_in_a_language_they_have(language: str, written: str) -> None:
    assert document_language(language) == written


def test_INV7_addresses_are_written_as_their_country_does() -> None:
    german = Party(company="ACME", name="Ada", street="Ring 1", postcode="10827", city="Berlin", country="DE")
    american = Party(
        name="Bob", street="1 Main St", postcode="62701", city="Springfield", region="IL", country="US"
    )
    assert Texts("de").address(german, "DE") == ["ACME", "Ada", "Ring 1", "10827 Berlin"]
    assert Texts("fr").address(german, "FR")[-1] == "ALLEMAGNE"
    assert Texts("ar").address(american, "DE")[-2:] == ["Springfield IL 62701", "UNITED STATES"]
