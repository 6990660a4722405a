"""The sentences of what looks wrong in an address (W-20)."""

from backoffice_app.domain.places import postcodes
from backoffice_app.domain.places.checks import Address, Finding
from backoffice_app.i18n import LazyText, _

SWAPPED = {
    "postcode-in-town": _("The postcode stands in the field for the town."),
    "postcode-and-town": _("Postcode and town are swapped."),
    "contact-in-street": _("The street holds an e-mail address or a phone number."),
    "town-in-street": _("Postcode and town stand in the field for the street."),
    "street-in-name": _("The street stands in the field for the name."),
    "street-in-company": _("The street stands in the field for the company."),
    "street-in-addition": _("The street stands in the field for the addition."),
    "name-in-street": _("The name stands in the field for the street."),
}
LOCKER = {
    "word": _("Packstation or Postfiliale is misspelled."),
    "number": _("The number of the Packstation or Postfiliale is missing; it has three figures."),
    "post-number": _("The customer’s post number is missing; it has 6 to 10 figures."),
    "place": _("The Packstation belongs into the field for the street."),
    "code": _("The code of the Paczkomat is missing, such as KRA012."),
}
INCOMPLETE = {
    "street": _("The street is missing."),
    "town": _("The town is missing."),
    "all": _("There is no address to ship to."),
}


def told(finding: Finding, address: Address, email: str = "") -> LazyText:
    """What looks wrong, for a person. `address` and `email` are those that it was found in."""
    kind, detail = finding.kind, finding.detail
    if kind == "house-number":
        return _("House number missing: “{street}”").format(street=address.street)
    if kind == "postcode":
        if detail == "missing":
            return _("The postcode is missing.")
        return _("“{postcode}” does not look like a postcode there, such as {example}.").format(
            postcode=address.postcode, example=postcodes.example_of(address.country)
        )
    if kind == "postcode-town":
        text = (
            _("{postcode} belongs to {towns}, not to {town}.")
            if detail
            else _("{postcode} and {town} are far apart.")
        )
        return text.format(postcode=address.postcode, towns=detail, town=address.city)
    if kind == "email-domain":
        domain = email.rpartition("@")[2]
        return _("E-mail: “{domain}” may be mistyped for {meant}.").format(domain=domain, meant=detail)
    known = {"swapped": SWAPPED, "parcel-locker": LOCKER, "incomplete": INCOMPLETE}.get(kind, {})
    return known.get(detail, _("Something in this address looks wrong."))
