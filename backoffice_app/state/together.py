"""Two colleagues with the same form open: what they change in different fields goes together, the rest is
asked (W-16).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done
from backoffice_app.domain.core.errors import Invalid, Overtaken, Refused
from backoffice_app.domain.core.meanwhile import Meanwhile, merged
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import Reference
from backoffice_app.domain.history import others_since
from backoffice_app.i18n import _, one_after_the_other
from backoffice_app.state.base import actor_of, look

TRIES = 3
"""How often it is brought together anew, where others go on changing what the form is about."""
THEIRS_STAYS = _("What a colleague changed meanwhile stays.")
Doing = Callable[[Shown, Mapping[str, object]], Awaitable[Done]]


class Together(rx.State, mixin=True):
    """The form of a state that is open: what it is about, what it showed, what is stored."""

    asked: str = ""
    """What the open form is about, as `Shown` says it: the version it was filled from, too. A save brings it along."""
    _first: dict[str, str] = {}
    """What its fields showed when it was opened; what is stored, of those that a colleague changed and one
    was told of.
    """
    _stored: dict[str, str] = {}
    """What is stored in these fields at the version of `asked`; nothing where two who save can't both be right."""

    _since: datetime | None = None

    def _row_asked(self) -> Reference | None:
        """The row that the open form is about, for who asks its history; None where that is not known."""
        return None

    async def _look_again(self, shown: Shown) -> None:
        """Reads anew what the form is about: `asked` and `_stored` are as it stands now; what is typed stays."""
        raise NotImplementedError

    def _begin(self, asked: str, stored: Mapping[str, str]) -> None:
        """A form was opened that is about `asked` and shows what is `stored`."""
        self.asked, self._first, self._stored, self._since = asked, dict(stored), dict(stored), clock.now()

    async def _do_together(self, shown: Shown, given: Mapping[str, object], do: Doing) -> Done:
        """What `do` answers for what the form said about `shown`, brought together with what colleagues saved since.

        Raises what `do` raises: Overtaken where it can't be told who changed what. Raises Meanwhile for fields that
        both changed; by then `asked` is as it stands now, and anyone who has read it may overwrite it by another press.
        """
        for again in range(TRIES):
            try:
                values = self._with_theirs(shown, given)
            except Meanwhile as no:
                await self._name_who(no)
                raise
            try:
                done = await do(shown, values)
            except Overtaken:
                was_open = bool(self._first) and shown.text == self.asked
                await self._look_again(shown)
                if not was_open or again == TRIES - 1:
                    raise
                shown = Shown.parse(self.asked)
            else:
                return (
                    done
                    if values == given
                    else replace(done, message=one_after_the_other(done.message, THEIRS_STAYS))
                )
        raise AssertionError("the last try answers or raises")

    async def _name_who(self, no: Meanwhile) -> None:
        if (row := self._row_asked()) is not None:
            await name_who(no, row, await actor_of(self), self._since)

    def _with_theirs(self, shown: Shown, given: Mapping[str, object]) -> dict[str, object]:
        if shown.text != self.asked:
            return dict(given)
        try:
            return merged(given, self._first, self._stored)
        except Meanwhile as no:
            told = [one for one in (no, *no.others) if isinstance(one, Meanwhile)]
            self._first = {**self._first, **{one.field: one.stored for one in told}}
            raise


async def name_who(no: Invalid | Refused, row: Reference, actor: Actor, since: datetime | None) -> None:
    """What both changed is told with the name of the other, where nobody else changed anything of the `row` since its
    form was opened.
    """
    both = [one for one in (no, *getattr(no, "others", ())) if isinstance(one, Meanwhile)]
    names = await look(_others, row, actor, since) if both and since else []
    if len(names) == 1:
        for one in both:
            one.name(names[0])


def _others(row: Reference, actor: Actor, moment: datetime) -> list[str]:
    with reading() as session:
        return others_since(session, row, actor, moment)
