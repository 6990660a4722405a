"""What the owner chooses: checked, saved field by field and told to the history (INV-1, INV-2, L-3, M-4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar, get_args
from unicodedata import category, normalize
from zoneinfo import available_timezones

from babel.numbers import get_territory_currencies
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel
from sqlmodel import Session, col, select

from backoffice_app.db import hold, reading
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core import clock, identifiers, series
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Administration, Shop, load_shop, save_section
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.mail.sender import comes_back, read_sender, with_ascii_domain, written_sender
from backoffice_app.i18n import LazyText, _, locale
from backoffice_app.models import NumberSeries, Order

SUBJECT = ("setting", 0)
SERIES = "series"
LONGEST = 200
"""Letters of a text field."""
LONGEST_COUNTER = 9
"""Digits of a first number."""
LONGEST_TERM = 365
"""Days until payment is due, at most."""
_OURS = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # two letters, and no country
_NO_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "posix/", "right/")
POLICIES: tuple[str, ...] = get_args(Administration.model_fields["invoice_policy"].annotation)
SECTION_NAMES: dict[str, LazyText] = {
    "company": _("Company"),
    "administration": _("Administration"),
    "regional": _("Languages"),
    "mailing": _("Mail"),
    SERIES: _("Number series"),
}
FIELD_NAMES: dict[str, dict[str, LazyText]] = {
    "company": {
        "name": _("Company name"),
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
        "bank": _("Bank"),
        "iban": _("IBAN"),
        "bic": _("BIC"),
    },
    "administration": {"invoice_policy": _("Make invoices"), "payment_days": _("Days until payment is due")},
    "regional": {
        "language": _("Language of the shop"),
        "currency": _("Currency"),
        "zone": _("Time zone"),
        "document_languages": _("Languages offered for an invoice"),
    },
    "mailing": {"sender": _("Sender"), "reply_to": _("Answers go to"), "bcc": _("Blind copy of every mail")},
    SERIES: {
        "order": _("Orders"),
        "customer": _("Customers"),
        "shipment": _("Packing slips"),
        "invoice": _("Invoices"),
        "credit note": _("Credit notes"),
        "cancellation": _("Cancellation invoices"),
    },
}
Texts = dict[str, str]
Given = Mapping[str, str]
Check = Callable[[str], str]


@fact
class SettingsChanged(Fact):
    """The owner changed one field of a section; `old` and `new` as text, "" for none (AUD-1)."""

    about: ClassVar[About] = About.SETTINGS
    subject: ClassVar[str] = "setting"
    section: str
    field: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        entered, removed = _("{actor} entered {field} ({section}): {new}."), _("{actor} removed {field} ({section}): {old}.")
        text = _("{actor} changed {field} ({section}) from {old} to {new}.")
        return (entered if not self.old else removed if not self.new else text).format(
            field=FIELD_NAMES.get(self.section, {}).get(self.field, self.field),
            section=SECTION_NAMES.get(self.section, self.section),
            old=self.old,
            new=self.new,
        )


class Meanwhile(Invalid):
    """A colleague saved another value of this field while it was open here. `stored`: that value."""

    def __init__(self, name: str, stored: str) -> None:
        super().__init__(name, _("A colleague changed this to “{value}” just now. To overwrite it, save again.").format(value=stored))
        self.stored = stored


@dataclass(frozen=True)
class SettingsPage:
    """All sections as texts, field by field; of the number series those not begun. `following`: each one's next number."""

    forms: dict[str, Texts]
    following: Texts = field(default_factory=dict)
    has_orders: bool = False


@cache
def currencies() -> tuple[str, ...]:
    """The currencies that some country pays with today."""
    return tuple(sorted({code for land in countries() for code in get_territory_currencies(land, tender=True)}))


@cache
def countries() -> tuple[str, ...]:
    """The codes of all countries: ISO 3166 alpha-2."""
    codes = map(str, locale("en").territories)
    return tuple(sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in _OURS))


@cache
def zones() -> tuple[str, ...]:
    """The time zones that are called after places, and UTC."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)))


def first_forms() -> dict[str, Texts]:
    """The forms of a shop that chose nothing yet."""
    return {name: _as_texts(getattr(Shop(), name)) for name in Shop.model_fields} | {SERIES: {}}


def settings_page(actor: Actor) -> SettingsPage:
    """All that Settings shows. Refused for all but the owner."""
    actor.require(Right.SETTINGS)
    with reading() as session:
        shop = load_shop(session)
        today = clock.today(shop.regional.zone)
        begun = {kind: _start_of(session, kind, today.year) for kind in series.PATTERNS}
        forms = {name: _as_texts(getattr(shop, name)) for name in Shop.model_fields}
        starts = {kind: str(start) for kind, start in begun.items() if start is not None}
        following = {kind: series.preview(session, kind, today) for kind in series.PATTERNS}
        return SettingsPage(forms | {SERIES: starts}, following, _has_orders(session))


def save_company(actor: Actor, values: Given, seen: Given) -> Texts:
    """Saves the seller's data as they stand on every document; the values in the form they are kept in.

    `seen`: what the form showed; a field that still says it is left alone. Raises Refused for all but the owner, Invalid naming the field.
    """
    checks: dict[str, Check] = dict.fromkeys(FIELD_NAMES["company"], _line)
    checks |= {"country": _one_of(countries()), "email": _email, "website": _website}
    checks |= {"vat_id": identifiers.vat_id, "iban": identifiers.iban, "bic": identifiers.bic}
    return _save(actor, "company", values, seen, checks)


def save_administration(actor: Actor, values: Given, seen: Given) -> Texts:
    """Saves when invoices are made and what they promise (INV-1). As `save_company`."""
    checks: dict[str, Check] = {"invoice_policy": _one_of(POLICIES), "payment_days": _days}
    return _save(actor, "administration", values, seen, checks)


def save_regional(actor: Actor, values: Given, seen: Given) -> Texts:
    """Saves language, currency and time zone (L-3); the currency stays once there are orders. As `save_company`.

    `document_languages`: codes with commas between.
    """
    checks: dict[str, Check] = {
        "language": _one_of(LANGUAGES),
        "currency": _one_of(currencies()),
        "zone": _one_of(zones()),
        "document_languages": _languages,
    }

    def judge(w: Work, changed: Texts) -> None:
        if "currency" in changed and _has_orders(w.session):
            raise Invalid("currency", _("The currency can't change any more: there are orders in it."))

    return _save(actor, "regional", values, seen, checks, judge=judge)


def save_mailing(actor: Actor, values: Given, seen: Given) -> Texts:
    """Saves who mails come from and where answers go (M-4). As `save_company`."""
    return _save(actor, "mailing", values, seen, {"sender": _sender, "reply_to": _reply_to, "bcc": _emails})


def save_starts(actor: Actor, values: Given, seen: Given) -> Texts:
    """Sets the first number of series of which none was drawn yet, by kind (INV-2); as `save_company`."""
    actor.require(Right.SETTINGS)
    given = {kind: _checked(kind, _counter, values[kind]) for kind in series.PATTERNS if kind in values}
    with work(actor) as w:
        hold(w.session, SUBJECT[0])
        for kind, wanted in given.items():
            old = str(_start_of(w.session, kind, w.today.year) or "")
            if wanted in {seen.get(kind), old}:
                continue
            if old and old != seen.get(kind):
                raise Meanwhile(kind, old)
            try:
                series.set_start(w.session, kind, w.today.year if series.PATTERNS[kind][2] else 0, int(wanted))
            except Invalid as no:
                raise Invalid(kind, no.reason) from None
            w.record(SUBJECT, SettingsChanged(SERIES, kind, old, wanted))
    return given


def _save(
    actor: Actor, section: str, values: Given, seen: Given, checks: dict[str, Check], *, judge: Callable[[Work, Texts], None] | None = None
) -> Texts:
    """One section: what was changed in the form goes over what is stored now, and nothing else does."""
    actor.require(Right.SETTINGS)
    given = {name: _checked(name, check, values[name]) for name, check in checks.items() if name in values}
    with work(actor) as w:
        hold(w.session, SUBJECT[0])
        stored: BaseModel = getattr(w.shop, section)
        now = _as_texts(stored)
        changed = {name: new for name, new in given.items() if new not in {seen.get(name), now[name]}}
        for name in changed:
            if now[name] != seen.get(name):
                raise Meanwhile(name, now[name])
        if judge:
            judge(w, changed)
        values_now = stored.model_dump() | {name: new.split(",") if name == "document_languages" else new for name, new in changed.items()}
        if changed:
            save_section(w.session, section, type(stored).model_validate(values_now))
        for name, new in changed.items():
            w.record(SUBJECT, SettingsChanged(section, name, now[name], new))
    return given


def _as_texts(section: BaseModel) -> Texts:
    values = section.model_dump(mode="json", include=set(FIELD_NAMES[_name_of(section)]))
    return {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in values.items()}


def _name_of(section: BaseModel) -> str:
    return next(name for name, kept in Shop.model_fields.items() if kept.annotation is type(section))


def _start_of(session: Session, kind: str, year: int) -> int | None:
    """The first number of a series, as it is set so far; None once a number was drawn."""
    _prefix, _width, yearly, first = series.PATTERNS[kind]
    wanted = select(NumberSeries.next_counter, col(NumberSeries.last_day)).where(
        col(NumberSeries.kind) == kind, col(NumberSeries.year) == (year if yearly else 0)
    )
    row = session.exec(wanted).one_or_none()
    return first if row is None else row[0] if row[1] is None else None


def _has_orders(session: Session) -> bool:
    return session.exec(select(Order.id).limit(1)).first() is not None


def _checked(name: str, check: Check, value: str) -> str:
    try:
        return check(_line(value))
    except Invalid as no:
        raise Invalid(name, no.reason) from None


def _line(value: str) -> str:
    """One line of text: blanks as one, nothing that can't be printed or seen."""
    line = " ".join(visible(normalize("NFC", value)).split())
    if not all(letter.isprintable() or category(letter) == "Cf" for letter in line):  # Cf: joiners, which Arabic and Hindi need
        raise Invalid("", _("Holds a character that can't be printed."))
    if len(line) > LONGEST:
        raise Invalid("", _("Has {count} characters; at most {longest} are taken.").format(count=len(line), longest=LONGEST))
    return line


def _one_of(known: tuple[str, ...]) -> Check:
    def check(value: str) -> str:
        if value not in known:
            raise Invalid("", _("“{value}” is none of the choices.").format(value=value))
        return value

    return check


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, globally_deliverable=False).normalized if value else ""
    except EmailNotValidError:
        raise Invalid("", _("“{value}” is no e-mail address.").format(value=value)) from None


def _emails(value: str) -> str:
    """Several addresses with commas between."""
    return ", ".join(_email(part.strip()) for part in value.replace(";", ",").split(",") if part.strip())


def _sender(value: str) -> str:
    """An address, or a name with its address: "Hafen & Haus <shop@example.com>". Only what mails will really be from is taken."""
    name, address = read_sender(value)
    if not name and "<" not in value:
        return _email(value)
    several = any("@" in part and _is_email(part.strip()) for part in name.replace(";", ",").split(","))
    if several or set(name) & set("<>") or not comes_back(name, with_ascii_domain(_email(address))):
        raise Invalid("", _("Write an address, or a name and the address: My shop <shop@example.com>."))
    return written_sender(name, _email(address))


def _reply_to(value: str) -> str:
    """One address; before the @ in ASCII, which every mail server takes in a header."""
    address = _email(value)
    if not address.rpartition("@")[0].isascii():
        raise Invalid("", _("“{value}” has letters before the @ that not every mail server knows.").format(value=value))
    return address


def _is_email(value: str) -> bool:
    try:
        return bool(_email(value))
    except Invalid:
        return False


def _website(value: str) -> str:
    if value and (" " in value or "." not in value):
        raise Invalid("", _("“{value}” is no address of a website such as www.example.com.").format(value=value))
    return value


def _days(value: str) -> str:
    if not _is_number(value, 3) or int(value) > LONGEST_TERM:
        raise Invalid("", _("Write a number of days from 0 to {longest}.").format(longest=LONGEST_TERM))
    return str(int(value))


def _counter(value: str) -> str:
    if not _is_number(value, LONGEST_COUNTER) or int(value) < 1:
        raise Invalid("", _("Write a number from 1 to {longest}.").format(longest="9" * LONGEST_COUNTER))
    return str(int(value))


def _is_number(value: str, digits: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= digits


def _languages(value: str) -> str:
    chosen = [code for code in LANGUAGES if code in value.split(",")]
    if not chosen:
        raise Invalid("", _("At least one language is needed."))
    return ",".join(chosen)
