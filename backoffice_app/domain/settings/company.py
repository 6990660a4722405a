"""Settings > Company: the seller as it stands on every document."""

from backoffice_app.domain.core import identifiers
from backoffice_app.domain.core.shop import Company
from backoffice_app.domain.settings.checks import email, one_of, website
from backoffice_app.domain.settings.section import section
from backoffice_app.i18n import _, countries

COMPANY = section(
    "company",
    _("Company"),
    Company,
    labels={
        "name": _("Company name"),
        "legal_form": _("Legal form"),
        "owner": _("Owner"),
        "street": _("Street and number"),
        "postcode": _("Postcode"),
        "city": _("Town"),
        "country": _("Country"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "website": _("Website"),
        "vat_id": _("VAT ID"),
        "tax_number": _("Tax number"),
        "registry": _("Entry in the register"),
        "seat": _("Registered office"),
        "directors": _("Managing directors"),
        "bank": _("Bank"),
        "iban": _("IBAN"),
        "bic": _("BIC"),
    },
    checks={
        "country": one_of(countries()),
        "email": email,
        "website": website,
        "vat_id": identifiers.vat_id,
        "iban": identifiers.iban,
        "bic": identifiers.bic,
    },
)
