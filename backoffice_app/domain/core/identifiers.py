"""What a company is known by: VAT id, IBAN and BIC, each checked by its form and, where it has them, its check digits."""

import re

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

VAT_FORMS = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CH": r"E\d{9}(MWST|TVA|IVA)?",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"(\d{9}|\d{12}|(GD|HA)\d{3})",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{9}B\d{2}",
    "NO": r"\d{9}(MVA)?",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|(GD|HA)\d{3})",
}
"""Country prefix -> what follows it; Greece is EL, Northern Ireland XI. Others: letters and digits."""
ELSEWHERE = r"[A-Z0-9]{2,14}"


def vat_id(text: str) -> str:
    """A VAT id without blanks, dots and hyphens: "DE 136 695 976" -> "DE136695976"; "" stays. Invalid unless it has the right form."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    form = VAT_FORMS.get(plain[:2], ELSEWHERE)
    if plain and not (re.fullmatch(r"[A-Z]{2}", plain[:2]) and re.fullmatch(form, plain[2:], re.ASCII)):
        raise Invalid("vat_id", _("“{value}” is no VAT ID such as DE123456789: it begins with its country.").format(value=text))
    return plain


def iban(text: str) -> str:
    """An IBAN without blanks; "" stays. Raises Invalid if its form or its check digits are wrong (ISO 13616: modulo 97 gives 1)."""
    plain = "".join(text.split()).upper()
    if not plain:
        return ""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain, re.ASCII):
        raise Invalid("iban", _("“{value}” is no IBAN such as DE89 3704 0044 0532 0130 00.").format(value=text))
    if int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 != 1:
        raise Invalid("iban", _("This IBAN has a slip in it: its check digits do not fit. Compare it with your bank's."))
    return plain


def bic(text: str) -> str:
    """A BIC in capitals; "" stays. Raises Invalid unless it has 8 or 11 places in their form (ISO 9362)."""
    plain = "".join(text.split()).upper()
    if plain and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", plain, re.ASCII):
        raise Invalid("bic", _("“{value}” is no BIC such as COBADEFFXXX.").format(value=text))
    return plain
