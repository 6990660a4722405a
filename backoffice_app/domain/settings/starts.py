"""Where number series begin: set until the first number of a series is drawn (INV-2)."""

from datetime import date

from pydantic import Field
from sqlmodel import Session

from backoffice_app.domain.core import number_series, series
from backoffice_app.domain.core.actions import Done, Input, action, perform
from backoffice_app.domain.core.errors import Invalid, all_at_once
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS, Shop
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.settings.checks import line
from backoffice_app.domain.settings.section import (
    Given,
    SettingsChanged,
    Texts,
    all_checked,
    nothing_against,
    section,
)
from backoffice_app.i18n import LazyText, _

SERIES = "series"


def _labels() -> dict[str, LazyText]:
    return {key: one.label for key, one in number_series.SERIES.items()}


section(SERIES, _("Number series"), None, labels=_labels)


class SaveStarts(Input):
    """`starts`: kind of series -> the first number, such as {"invoice": "2026-04711"}; `seen`: what was
    shown of them, if anything was.
    """

    starts: dict[str, str]
    seen: dict[str, str] = Field(default_factory=dict)


@action(
    subject=SETTINGS,
    key="save-series",
    label=_("Save {section}").format(section=_("Number series")),
    right=Right.SETTINGS,
    why_not=nothing_against,
    input=SaveStarts,
)
def save_series(w: Work, _shop: Shop, data: SaveStarts) -> Done:
    """Set the first numbers of series of which none was drawn yet (INV-2). What a colleague set meanwhile is
    not overwritten.
    """
    if unknown := sorted(data.starts.keys() - number_series.SERIES.keys()):
        raise Invalid("starts", _("“{value}” is not one of the choices.").format(value=unknown[0]))
    has_changed, wrong = False, list[Invalid]()
    for kind, wanted in _checked(data.starts).items():
        old = start_of(w.session, kind, w.today)
        if wanted in {data.seen.get(kind), old}:
            continue
        if old and old != data.seen.get(kind, old):
            wrong.append(Meanwhile(kind, old))
            continue
        try:
            series.set_next(w.session, kind, w.today, wanted)
        except Invalid as no:
            wrong.append(Invalid(kind, no.reason))
            continue
        w.record((SETTINGS, 0), SettingsChanged(SERIES, kind, old, wanted))
        has_changed = True
    all_at_once(wrong)
    return Done(_("Saved."), changed=has_changed)


def save_starts(actor: Actor, values: Given, seen: Given) -> Texts:
    """Does the action with the fields of its form, by kind; the numbers in the form they are kept in. Raises
    as the action.
    """
    starts = {kind: values[kind] for kind in number_series.SERIES if kind in values}
    perform(actor, "save-series", 0, {"starts": starts, "seen": dict(seen)}, subject=SETTINGS)
    return _checked(starts)


def _checked(starts: Given) -> Texts:
    return all_checked(
        {kind: starts[kind] for kind in number_series.SERIES if kind in starts}, lambda _kind: line
    )


def start_of(session: Session, kind: str, today: date) -> str:
    """The first number of a series, as it is set so far; "" once a number was drawn."""
    found = series.find(session, kind, today)
    return "" if found and found.last_day else series.preview(session, kind, today)
