"""What the owner of the shop chooses, with types and defaults; one row of `setting` a section."""

from typing import Literal, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from backoffice_app.models import Setting


class Company(BaseModel):
    """The seller as it stands on every document (Settings > Company)."""

    name: str = ""
    owner: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    phone: str = ""
    email: str = ""
    website: str = ""
    vat_id: str = ""
    tax_number: str = ""
    registry: str = ""
    bank: str = ""
    iban: str = ""
    bic: str = ""


class Administration(BaseModel):
    """When invoices are made, and what they promise (INV-1)."""

    invoice_policy: Literal["at once", "when paid", "by hand"] = "at once"
    payment_days: int = 14
    small_business: bool = False


class Regional(BaseModel):
    """Language, currency and the one business time zone (L-3). `document_languages`: what `Invoice language` offers (W-3)."""

    language: str = "en"
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    document_languages: tuple[str, ...] = ("en", "de", "nl", "fr", "es", "ja", "ar")


class Mailing(BaseModel):
    """How mails leave (M-4): who they come from, and where answers go."""

    sender: str = ""
    reply_to: str = ""
    bcc: str = ""


class Shop(BaseModel):
    """All sections together."""

    company: Company = Company()
    administration: Administration = Administration()
    regional: Regional = Regional()
    mailing: Mailing = Mailing()


Section = TypeVar("Section", bound=BaseModel)


_SECTIONS = Setting.__table__.select()  # type: ignore[attr-defined]


def load_shop(session: Session) -> Shop:
    """The shop's settings as they are now: one query, never cached, so another process's change counts at once."""
    rows = session.connection().execute(_SECTIONS).all()
    return Shop.model_validate_json(
        "{" + ",".join(f'"{row.section}":{row.value}' for row in rows if row.section in Shop.model_fields) + "}"
    )


def save_section(session: Session, section: str, value: BaseModel) -> None:
    """Stores one section; the caller records the fact."""
    session.merge(Setting(section=section, value=value.model_dump_json()))
