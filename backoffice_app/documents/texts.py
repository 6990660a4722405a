"""What documents say, in the languages of their readers (L-1, INV-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from unicodedata import bidirectional

from babel.lists import format_list
from babel.numbers import format_percent

from backoffice_app.domain.core.languages import spoken
from backoffice_app.domain.core.postal import postal_lines
from backoffice_app.domain.core.snapshot import Party, Reason, VatCategory
from backoffice_app.formats import (
    format_day,
    format_money,
    format_number,
    format_price,
    format_quantity,
    locale,
    with_minus,
)
from backoffice_app.i18n import DOCUMENT_LANGUAGES, catalog, translation

LANGUAGES = DOCUMENT_LANGUAGES
RIGHT_TO_LEFT = frozenset({"ar", "he"})
# English days and amounts as the whole of Europe reads them: 24 Nov 2026.
FORMATS = {"en": "en-GB"}


def document_language(language: str) -> str:
    """The language a document is written in for a customer with `language`: it without its region, or English."""
    return spoken(LANGUAGES, language)


def isolated(value: str) -> str:
    """`value` between marks that keep its order in right-to-left text, if it has letters of left-to-right scripts."""
    return f"\u2066{value}\u2069" if any(c.isalpha() and bidirectional(c) == "L" for c in value) else value


@cache
def _formatted(language: str) -> str:
    """Every character that the formats of a language add to numbers: signs, separators, blanks, and its own digits if
    it has any.
    """
    texts = Texts(language)
    amounts = "".join(
        texts.money(sign * 1_234_567_890, currency) for sign in (1, -1) for currency in ("EUR", "JPY", "KWD")
    )
    days = "".join(texts.day(date(2026, month, 28)) for month in range(1, 13))
    return amounts + days + texts.percent(Decimal("-5.5")) + texts.number(Decimal("-9876543210.125"))


@dataclass(frozen=True)
class Texts:
    """The words and formats of one document language."""

    language: str

    @cached_property
    def formats(self) -> str:
        return FORMATS.get(self.language, self.language)

    @property
    def is_rtl(self) -> bool:
        return self.language in RIGHT_TO_LEFT

    def vocabulary(self) -> str:
        """Every character this language's texts and formats may bring along."""
        sentences = catalog(self.language, "documents").values()
        names = "".join(locale(self.formats).territories.values()) + "".join(
            locale(self.formats).languages.values()
        )
        words = "".join(s if isinstance(s, str) else "".join(s) for s in sentences) + (
            names if self.language in RIGHT_TO_LEFT else ""
        )
        return words + _formatted(self.language)

    def say(self, message: str, **values: object) -> str:
        """The sentence in this language with its named places filled; the English one is the key."""
        pattern = translation(self.language, message, domain="documents")
        if self.is_rtl:
            # A value in Latin letters keeps its own order inside the sentence: "2–3 days", not "days 3–2".
            values = {name: isolated(str(value)) for name, value in values.items()}
        return pattern.format(**values) if values else pattern

    def money(self, amount: int, currency: str) -> str:
        """Minor units as people write them."""
        return self._shaped(format_money(amount, currency, self.formats))

    def _shaped(self, money: str) -> str:
        """An amount with the sign of the yen that our fonts have, and its minus kept before it in
        right-to-left text.
        """
        money = money.replace("\uffe5", "\u00a5")
        money = with_minus(money)
        return money.replace("\N{MINUS SIGN}", "\u200e\N{MINUS SIGN}") if self.is_rtl else money

    def price(self, price: Decimal, currency: str) -> str:
        """A unit price in major units: as money, with all its decimals where it has more than the currency."""
        return self._shaped(format_price(price, currency, self.formats))

    def day(self, day: date) -> str:
        return format_day(day, self.formats)

    def number(self, number: Decimal | int) -> str:
        return format_number(number, self.formats)

    def quantity(self, quantity: Decimal, unit: str) -> str:
        """A quantity with its unit; pieces go without."""
        written = format_quantity(quantity, unit, self.formats)
        return self._shaped(written) if quantity < 0 else written

    def percent(self, rate: Decimal) -> str:
        return format_percent(rate / 100, locale=locale(self.formats), decimal_quantization=False)

    def enumerate(self, names: Sequence[str]) -> str:
        """Several names in a sentence: "PayPal and a voucher"."""
        return str(format_list(list(names), locale=locale(self.formats)))

    def name_of(self, language: str) -> str:
        """The name of another language in this one."""
        name: str | None = locale(language).get_language_name(locale(self.formats).language)
        return name or language

    def country(self, code: str) -> str:
        """The country's name on an envelope: capitals; in English where the document's script is not Latin, for the
        post to read.
        """
        names = locale("en" if self.language in {"ja", "ar"} else self.formats).territories
        return str(names.get(code, code)).upper()

    def address(self, party: Party, home: str = "") -> list[str]:
        """The lines of an address as its country writes them; the country only when it is not `home`."""
        lines = postal_lines(**party.model_dump(exclude={"vat_id"}))
        return [*lines, self.country(party.country)] if party.country and party.country != home else lines

    def exemption(self, category: VatCategory, reason: Reason = "") -> str:
        """The legal sentence of a VAT category, or of the other `reason` there is; empty where the law asks for none
        (INV-4).
        """
        others: dict[str, str] = {
            "exempt": self.say("VAT-exempt supply."),
            "small business": self.say("VAT-exempt: the seller is a small business."),
            "zero": self.say("Zero-rated supply."),
        }
        if reason:
            return others[reason]
        sentences: dict[str, str] = {
            "Z": self.say("Zero rate under § 12 (3) of the German VAT Act."),
            "E": self.say("VAT-exempt under § 19 (1) of the German VAT Act (small business)."),
            "AE": self.say("Reverse charge"),
            "K": self.say("VAT-exempt intra-Community supply."),
            "G": self.say("VAT-exempt export."),
            "O": self.say("Not subject to VAT."),
        }
        return sentences.get(category, "")
