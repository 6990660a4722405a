"""What the owner of the shop chooses, with types and defaults; one row of `setting` a section."""

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from backoffice_app.db import hold
from backoffice_app.domain.core.subjects import Subject, register
from backoffice_app.i18n import DOCUMENT_LANGUAGES
from backoffice_app.kept_secrets import Secret
from backoffice_app.models import Setting

if TYPE_CHECKING:
    from backoffice_app.domain.core.work import Work


class Company(BaseModel, frozen=True):
    """The seller as it stands on every document (Settings > Company).

    `registry`: court and number; `seat`: where it is registered, else its town; `directors`: by name, with commas (§
    35a GmbHG).
    """

    name: str = ""
    legal_form: str = ""
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
    seat: str = ""
    directors: str = ""
    bank: str = ""
    iban: str = ""
    bic: str = ""


class Administration(BaseModel, frozen=True):
    """When invoices are made, and what they promise (INV-1). `delivery_times`: texts with semicolons between.

    `return_days`: how long the customer may send goods back (RET-3). `reminder_days`: how long they have after a
    reminder to pay (W-14). `outside_map`: where the map of an address leads (W-1). `comment_on_slips`: whether packing
    slips print what the customer wrote (W-19).
    """

    invoice_policy: Literal["at once", "when paid", "at shipping", "by hand"] = "at once"
    payment_days: int = 14
    small_business: bool = False
    return_days: int = 14
    comment_on_slips: bool = True
    reminder_days: int = 7
    delivery_times: str = ""
    outside_map: Literal["OpenStreetMap", "Google Maps"] = "OpenStreetMap"

    @property
    def delivery_texts(self) -> tuple[str, ...]:
        """What an invoice can say of its delivery time, besides a day: the texts that the shop keeps, in its order
        (INV-5).
        """
        return tuple(dict.fromkeys(text for part in self.delivery_times.split(";") if (text := part.strip())))


class Regional(BaseModel, frozen=True):
    """Language, currency and the one business time zone (L-3).

    `document_languages`: what `Invoice language` offers (W-3).
    """

    language: str = "en"
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    document_languages: tuple[str, ...] = DOCUMENT_LANGUAGES


class Mailing(BaseModel, frozen=True):
    """How mails leave (M-4): who they come from, and where answers go."""

    sender: str = ""
    reply_to: str = ""
    bcc: str = ""


class MailServer(BaseModel, frozen=True):
    """The mail server that mails are handed to, unless the environment names one (M-4).

    `host`: "" for none; `port`: "" for the usual one.

    `password`: the name it is kept under (`kept_secrets.py`), "" for none.
    """

    host: str = ""
    port: str = ""
    tls: Literal["STARTTLS", "TLS", "none"] = "STARTTLS"
    user: str = ""
    password: Secret = ""

    @property
    def at(self) -> int:
        """The port: the one that was chosen, else the usual one."""
        return int(self.port) if self.port else USUAL_PORT[self.tls]


USUAL_PORT = {"STARTTLS": 587, "TLS": 465, "none": 25}


class MailLook(BaseModel, frozen=True):
    """What mails and documents look like. `logo`: the id of the shop file at their top, 0 for none; `logo_sha256`: the
    checksum of its bytes, "" for one that no document can show.
    """

    logo: int = 0
    logo_sha256: str = ""


class InvoiceFooter(BaseModel, frozen=True):
    """What stands at the end of each invoice, by its language (M-1)."""

    de: str = ""
    en: str = ""
    nl: str = ""
    fr: str = ""
    es: str = ""
    ja: str = ""
    ar: str = ""

    def text_in(self, language: str) -> str:
        """The text in one language, "" for none."""
        return str(getattr(self, language, ""))


class Shop(BaseModel, frozen=True):
    """All sections together."""

    company: Company = Company()
    administration: Administration = Administration()
    regional: Regional = Regional()
    mailing: Mailing = Mailing()
    mailserver: MailServer = MailServer()
    mail_look: MailLook = MailLook()
    footers: InvoiceFooter = InvoiceFooter()


Section = TypeVar("Section", bound=BaseModel)


_SECTIONS = Setting.__table__.select()  # type: ignore[attr-defined]


def load_shop(session: Session) -> Shop:
    """The shop's settings as they are now: one query, whose answer is never cached, so another process's change counts
    at once.
    """
    rows = session.connection().execute(_SECTIONS).all()
    return _understood(
        "{"
        + ",".join(f'"{row.section}":{row.value}' for row in rows if row.section in Shop.model_fields)
        + "}"
    )


@lru_cache(maxsize=16)
def _understood(text: str) -> Shop:
    """The settings that this JSON says. The same text is the same shop, which nobody can change."""
    return Shop.model_validate_json(text)


def save_section(session: Session, section: str, value: BaseModel) -> None:
    """Stores one section; the caller records the fact."""
    session.merge(Setting(section=section, value=value.model_dump_json()))


def _lock(w: "Work", _id: int) -> Shop:
    """The settings; nobody else changes them meanwhile."""
    hold(w.session, SETTINGS.key)
    return w.shop


SETTINGS: Subject[Shop] = register(Subject(key="setting", row=Shop, lock=_lock, id_of=lambda _shop: 0))
"""The settings as a subject of actions and facts; its id is 0."""
