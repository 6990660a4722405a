"""The few words of a mail that stand in no template: what its button says, and the lines with the company's data."""

from backoffice_app.documents.texts import Texts, document_language


def follow_word(language: str) -> str:
    """What the button says that leads to a parcel."""
    return _texts(language).say("Track the parcel")


def pay_word(language: str) -> str:
    """What the button says that leads to where one can pay."""
    return _texts(language).say("Pay now")


def company_words(language: str, *, seat: str, registry: str, directors: str, vat_id: str) -> list[str]:
    """What the law asks of letters of a company, each in the words of the language; what is empty is left out."""
    say = _texts(language).say
    told = (
        say("Registered office: {place}", place=seat) if seat else "",
        registry,
        say("Managing directors: {names}", names=directors) if directors else "",
        say("VAT ID: {number}", number=vat_id) if vat_id else "",
    )
    return [one for one in told if one]


def is_right_to_left(language: str) -> bool:
    """Whether a mail in this language is read from the right."""
    return _texts(language).is_rtl


def _texts(language: str) -> Texts:
    return Texts(document_language(language))
