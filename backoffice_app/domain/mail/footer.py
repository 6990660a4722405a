"""The company's data at the end of each mail, as § 35a GmbHG and § 37a HGB want them on business letters (M-1)."""

from backoffice_app.documents.mail_words import company_words
from backoffice_app.domain.core.shop import Company
from backoffice_app.domain.mail.templates import Text

DOT = " · "


def footer_of(company: Company, language: str) -> tuple[str, ...]:
    """Line by line; empty for a shop that stands in no register."""
    if not (company.registry or company.directors):
        return ()
    name = (
        company.name
        if company.legal_form.casefold() in company.name.casefold()
        else f"{company.name} {company.legal_form}"
    )
    told = company_words(
        language,
        seat=company.seat or company.city,
        registry=company.registry,
        directors=company.directors,
        vat_id=company.vat_id,
    )
    place = f"{company.postcode} {company.city}".strip()
    address = DOT.join(part for part in (name, company.street, place) if part)
    return tuple(line for line in (address, DOT.join(told)) if line)


def with_footer(text: Text, footer: tuple[str, ...]) -> Text:
    """The text with the company's data below it, behind the line that parts a signature from a mail (RFC 3676)."""
    return Text(text.subject, f"{text.body}\n-- \n" + "\n".join(footer) + "\n") if footer else text
