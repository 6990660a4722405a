"""Settings > Company: the seller as it stands on every document."""

from backoffice_app.domain.core import identifiers
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import Company, load_shop
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.places import postcodes
from backoffice_app.domain.settings.checks import one_of, public_email, website
from backoffice_app.domain.settings.section import Texts, section
from backoffice_app.i18n import _, countries


def require_postcode(w: Work, changed: Texts) -> None:
    """Raises Invalid where the postcode does not have the form of its country, once one of the two changes."""
    if not changed.keys() & {"postcode", "country"}:
        return
    stored = load_shop(w.session).company
    postcode, country = (changed.get(name, getattr(stored, name)) for name in ("postcode", "country"))
    if postcode and not postcodes.fits(country, postcode):
        reason = _("“{postcode}” does not look like a postcode there, such as {example}.")
        example = postcodes.example_of(country)
        raise Invalid("postcode", reason.format(postcode=postcode, example=example))


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
        "email": public_email,
        "website": website,
        "vat_id": identifiers.vat_id,
        "iban": identifiers.iban,
        "bic": identifiers.bic,
    },
    judge=require_postcode,
)
