"""The way out after a wrong clock: a person says that it is right now, and numbers bear the day of today
again (INV-2).
"""

from datetime import date
from typing import ClassVar

from sqlmodel import col, select

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.number_series import dated_series
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS
from backoffice_app.domain.core.work import work
from backoffice_app.i18n import LazyDay, LazyText, _
from backoffice_app.models import NumberSeries


@fact
class ClockConfirmed(Fact):
    """A person said that the clock is right.

    `was`: the day, as ISO 8601, that the last number of `series` had run ahead to.
    """

    about: ClassVar[About] = About.INVOICE
    series: str
    was: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        said = _("{actor} confirmed the clock: after {was} numbers bear the day of today again.")
        return said.format(was=LazyDay(date.fromisoformat(self.was)))


def confirm_clock(actor: Actor) -> list[tuple[str, date]]:
    """From now on dated numbers bear the day of today, though the last ones bear a later day.

    Returns those series and their days.

    The documents that were dated ahead stay as they are; cancelling them is for a person to decide.
    """
    actor.require(Right.SETTINGS)
    with work(actor) as w:
        ahead = select(NumberSeries).where(
            col(NumberSeries.kind).in_(dated_series()), col(NumberSeries.last_day) > w.today
        )
        found = []
        for series in w.session.exec(
            ahead.order_by(col(NumberSeries.kind), col(NumberSeries.year)).with_for_update()
        ).all():
            was = series.last_day or w.today
            found.append((series.kind, was))
            series.last_day = w.today
            w.record((SETTINGS, 0), ClockConfirmed(series=series.kind, was=was.isoformat()))
    return found
