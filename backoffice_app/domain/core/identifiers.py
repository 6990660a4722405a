"""What a company is known by: VAT ID, IBAN and BIC, each checked with its check digits by python-stdnum."""

import re

from stdnum import bic as bic_number
from stdnum import get_cc_module
from stdnum import iban as iban_number
from stdnum.ch import uid as swiss_uid
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

MODULES = {"EL": "gr", "XI": "gb"}
"""Prefixes of VAT IDs that are no country codes: Greece, Northern Ireland."""
ELSEWHERE = re.compile(r"[A-Z]{2}[A-Z0-9]{2,14}", re.ASCII)
LONGEST = 30


def vat_id(text: str) -> str:
    """A VAT ID without spaces, dots and hyphens: "DE 136 695 976" -> "DE136695976"; "" stays "".

    Raises Invalid if its country or form is wrong, or its check digits where the country has them.
    """
    plain = re.sub(r"[\s.\-]", "", text).upper()
    if plain and not is_vat_id(plain):
        raise Invalid(
            "vat_id",
            _("“{value}” is no VAT ID such as DE136695976: country, form or check digits are wrong.").format(
                value=text
            ),
        )
    return plain


def is_vat_id(text: str) -> bool:
    """Whether `text` is a VAT ID with its country's prefix, in its country's form and with right check digits."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    if len(plain) > LONGEST or not ELSEWHERE.match(plain):
        return False
    prefix = plain[:2]
    if prefix == "GR":  # the EU's prefix of Greece is EL
        return False
    if prefix == "CH":  # with or without the word for VAT behind it: CHE-107.787.577 MWST
        return bool(swiss_vat.is_valid(plain) or swiss_uid.is_valid(plain))
    module = get_cc_module(MODULES.get(prefix, prefix.lower()), "vat")
    if module is None:
        return bool(ELSEWHERE.fullmatch(plain))
    try:
        module.validate(plain[2:])
    except ValidationError:
        return False
    return True


def is_eu_vat_id(text: str) -> bool:
    """Whether `text` is a valid VAT ID of an EU country, or of Northern Ireland, which counts as one for goods."""
    return bool(eu_vat.is_valid(text)) and is_vat_id(text)


def iban(text: str) -> str:
    """An IBAN without spaces; "" stays "".

    Raises Invalid if its form, its length or its check digits are wrong (ISO 13616).
    """
    plain = "".join(text.split()).upper()
    if not plain:
        return ""
    try:
        return str(iban_number.validate(plain))
    except InvalidChecksum:
        raise Invalid(
            "iban", _("This IBAN has a typo: its check digits don't match. Compare it with your bank's.")
        ) from None
    except ValidationError:
        raise Invalid(
            "iban", _("“{value}” is no IBAN such as DE89 3704 0044 0532 0130 00.").format(value=text)
        ) from None


def bic(text: str) -> str:
    """A BIC in capitals; "" stays "". Raises Invalid unless it has the form of 8 or 11 characters (ISO 9362)."""
    plain = "".join(text.split()).upper()
    if not plain:
        return ""
    try:
        return str(bic_number.validate(plain))
    except ValidationError:
        raise Invalid("bic", _("“{value}” is no BIC such as COBADEFFXXX.").format(value=text)) from None
