"""Which statuses of its own the shop has, in their order, and what they are called (W-7)."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from backoffice_app.domain.core.choice_lists import in_use, is_called, name_in
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import CustomStatus

COLOURS: dict[str, LazyText] = {
    "slate": _("Gray"),
    "indigo": _("Blue"),
    "green": _("Green"),
    "amber": _("Yellow"),
    "red": _("Red"),
    "orange": _("Orange"),
    "violet": _("Violet"),
}
"""The colours that a status can have."""
USUAL_COLOUR = "slate"
_ALL = select(CustomStatus).order_by(col(CustomStatus.rank), col(CustomStatus.id))


def all_statuses(session: Session) -> Sequence[CustomStatus]:
    """All statuses in their order, retired ones among them; one query."""
    return session.exec(_ALL).all()


def colour_of(colour: str) -> str:
    """One of `COLOURS`, whatever is stored."""
    return colour if colour in COLOURS else USUAL_COLOUR


def meant(statuses: Iterable[CustomStatus], typed: str) -> CustomStatus | None:
    """The status that an id or a name in whichever language means; None if there is no such one."""
    wanted = " ".join(typed.split())
    for one in statuses:
        if wanted == str(one.id) or is_called(one, wanted):
            return one
    return None


def choices(session: Session, language: str) -> list[tuple[str, str]]:
    """What a form offers: that an order has none, and each status in use, as (value, word)."""
    none = ("", NO_STATUS.in_language(language))
    return [none, *((str(one.id), name_in(one, language)) for one in in_use(all_statuses(session)))]


NO_STATUS = _("No custom status")
