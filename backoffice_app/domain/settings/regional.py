"""Settings > Languages: language, currency and time zone of the shop, and the languages an invoice can have (L-3)."""

from functools import cache
from zoneinfo import available_timezones

from babel.numbers import get_territory_currencies
from sqlmodel import Session, select

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import on
from backoffice_app.domain.core.shop import SETTINGS, Regional, save_section
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.people.facts import OwnerCreated
from backoffice_app.domain.settings.checks import one_of
from backoffice_app.domain.settings.section import SettingsChanged, Texts, section
from backoffice_app.i18n import _, countries
from backoffice_app.models import Order, Setting, User

_NO_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "posix/", "right/")


@cache
def currencies() -> tuple[str, ...]:
    """The currencies that some country pays with today."""
    return tuple(
        sorted({code for land in countries() for code in get_territory_currencies(land, tender=True)})
    )


@cache
def zones() -> tuple[str, ...]:
    """The time zones that are called after places, and UTC."""
    return (
        "UTC",
        *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)),
    )


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


@on(OwnerCreated)
def speak_as_the_owner(w: Work, owner: User, _happened: OwnerCreated) -> None:
    """The shop writes to its customers in the language in which it was set up, until somebody chooses another (L-3).

    What was chosen before the owner came stays.
    """
    regional = w.shop.regional
    if (
        owner.language == regional.language
        or owner.language not in LANGUAGES
        or w.session.get(Setting, REGIONAL.key) is not None
    ):
        return
    save_section(w.session, REGIONAL.key, regional.model_copy(update={"language": owner.language}))
    w.record((SETTINGS, 0), SettingsChanged(REGIONAL.key, "language", regional.language, owner.language))
