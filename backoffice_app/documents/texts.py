"""What documents say, in the languages of their readers (L-1, INV-7)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from unicodedata import bidirectional

from babel.numbers import format_percent

from backoffice_app.domain.core.snapshot import Party, VatCategory
from backoffice_app.i18n import catalog, format_day, format_money, format_number, format_quantity, locale, translation

LANGUAGES = ("en", "de", "nl", "fr", "es", "ja", "ar")
RIGHT_TO_LEFT = frozenset({"ar", "he"})
# Where the postcode follows the city, on its line; everywhere else it goes before.
CITY_FIRST = frozenset({"AU", "CA", "GB", "IE", "IN", "US", "NZ", "SA", "AE", "EG"})
# English days and amounts as the whole of Europe reads them: 24 Nov 2026.
FORMATS = {"en": "en-GB"}


def document_language(language: str) -> str:
    """The language a document is written in for a customer with `language`: it without its region, or English."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def isolated(value: str) -> str:
    """`value` between marks that keep its order in right-to-left text, if it has letters of left-to-right scripts."""
    return f"\u2066{value}\u2069" if any(c.isalpha() and bidirectional(c) == "L" for c in value) else value


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
        names = "".join(locale(self.formats).territories.values()) + "".join(locale(self.formats).languages.values())
        return "".join(s if isinstance(s, str) else "".join(s) for s in sentences) + (names if self.language in RIGHT_TO_LEFT else "")

    def say(self, message: str, **values: object) -> str:
        """The sentence in this language with its named places filled; the English one is the key."""
        pattern = translation(self.language, message, domain="documents")
        if self.is_rtl:
            # A value in Latin letters keeps its own order inside the sentence: "2–3 days", not "days 3–2".
            values = {name: isolated(str(value)) for name, value in values.items()}
        return pattern.format(**values) if values else pattern

    def money(self, amount: int, currency: str) -> str:
        """Minor units as people write them."""
        money = format_money(amount, currency, self.formats).replace("¥", "¥")
        return money.replace("-", "\u200e-") if self.is_rtl else money

    def price(self, price: Decimal, currency: str, digits: int) -> str:
        """A unit price in major units: as money, with all its decimals where it has more than the currency."""
        minor = price.scaleb(digits)
        if minor == minor.to_integral_value():
            return self.money(int(minor), currency)
        return f"{format_number(price.normalize(), self.formats)} {currency}"

    def day(self, day: date) -> str:
        return format_day(day, self.formats)

    def number(self, number: Decimal | int) -> str:
        return format_number(number, self.formats)

    def quantity(self, quantity: Decimal, unit: str) -> str:
        """A quantity with its unit; pieces go without."""
        return format_quantity(quantity, unit, self.formats)

    def percent(self, rate: Decimal) -> str:
        return format_percent(rate / 100, locale=locale(self.formats), decimal_quantization=False)

    def name_of(self, language: str) -> str:
        """The name of another language in this one."""
        name: str | None = locale(language).get_language_name(locale(self.formats).language)
        return name or language

    def country(self, code: str) -> str:
        """The country's name on an envelope: capitals; in English where the document's script is not Latin, for the post to read."""
        names = locale("en" if self.language in {"ja", "ar"} else self.formats).territories
        return str(names.get(code, code)).upper()

    def address(self, party: Party, home: str = "") -> list[str]:
        """The lines of an address, at most six, as its country writes them; the country only when it is not `home`."""
        place = [party.postcode, party.city]
        if party.country in CITY_FIRST:
            place = [party.city, party.region, party.postcode] if party.country in {"US", "CA", "AU"} else [party.city, party.postcode]
        lines = [party.company, party.name, party.addition, party.street, " ".join(part for part in place if part)]
        if party.country and party.country != home:
            lines.append(self.country(party.country))
        return [line.strip() for line in lines if line.strip()]

    def exemption(self, category: VatCategory) -> str:
        """The legal sentence of a VAT category; empty where the law asks for none (INV-4)."""
        sentences: dict[str, str] = {
            "Z": self.say("Zero rate under § 12 (3) of the German VAT Act."),
            "E": self.say("VAT-exempt under § 19 (1) of the German VAT Act (small business)."),
            "AE": self.say("Reverse charge"),
            "K": self.say("VAT-exempt intra-Community supply."),
            "G": self.say("VAT-exempt export."),
            "O": self.say("Not subject to VAT."),
        }
        return sentences.get(category, "")
