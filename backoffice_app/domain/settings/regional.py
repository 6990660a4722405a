"""Settings > Languages: language, currency and time zone of the shop, and the languages an invoice can have (L-3)."""

from functools import cache
from zoneinfo import available_timezones

from babel.numbers import get_territory_currencies
from sqlmodel import Session, select

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.settings.checks import one_of
from backoffice_app.domain.settings.section import Texts, section
from backoffice_app.i18n import _, countries
from backoffice_app.models import Order

_NO_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "posix/", "right/")


@cache
def currencies() -> tuple[str, ...]:
    """The currencies that some country pays with today."""
    return tuple(sorted({code for land in countries() for code in get_territory_currencies(land, tender=True)}))


@cache
def zones() -> tuple[str, ...]:
    """The time zones that are called after places, and UTC."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)))


def languages(value: str) -> str:
    """Codes of languages of documents, with commas between."""
    chosen = [code for code in LANGUAGES if code in value.split(",")]
    if not chosen:
        raise Invalid("", _("At least one language is needed."))
    return ",".join(chosen)


def keep_currency(w: Work, changed: Texts) -> None:
    """Raises Invalid where the currency would change while there are orders in it."""
    if "currency" in changed and has_orders(w.session):
        raise Invalid("currency", _("The currency can't change any more: there are orders in it."))


def has_orders(session: Session) -> bool:
    """Whether there is any order."""
    return session.exec(select(Order.id).limit(1)).first() is not None


REGIONAL = section(
    "regional",
    _("Languages"),
    Regional,
    labels={
        "language": _("Language of the shop"),
        "currency": _("Currency"),
        "zone": _("Time zone"),
        "document_languages": _("Languages offered for an invoice"),
    },
    checks={
        "language": one_of(LANGUAGES),
        "currency": one_of(currencies()),
        "zone": one_of(zones()),
        "document_languages": languages,
    },
    judge=keep_currency,
)
