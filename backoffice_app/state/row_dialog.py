"""What the states of short lists share, whose rows are edited in a dialog (RET-2, W-7, PAY-0)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.choice_lists import ChoiceList
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.i18n import _
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, needs
from backoffice_app.state.reread import reread
from backoffice_app.state.together import name_who
from backoffice_app.state.unsaved import OF_SETTINGS

Answer = list[EventSpec] | EventSpec | None


class RowDialog(rx.State, mixin=True):
    """The dialog that is open, and what is wrong in it.

    Each list has a state of its own, which names its right at each handler.
    """

    form: str = ""
    """Which dialog is open; "" for none."""
    seen: dict[str, str] = {}
    """What its form showed, which a save brings along."""
    wrong: str = ""
    wrong_field: str = ""
    _since: datetime | None = None
    """When it was opened."""

    async def _read(self) -> None:
        """Reads the list anew."""
        raise NotImplementedError

    def _open(self, form: str, texts: Mapping[str, str]) -> None:
        """Opens a dialog whose form starts with `texts`."""
        self._close()
        self.form, self.seen, self._since = form, dict(texts), clock.now()

    def _close(self) -> None:
        self.form, self.wrong, self.wrong_field = "", "", ""

    async def _save_entry(
        self, entries: ChoiceList[Any], about: str, seen: Mapping[str, str], values: Mapping[str, str]
    ) -> Answer:
        """Saves the form of the entry that `about` names."""
        return await self._do(lambda actor: entries.save(actor, Shown.parse(about).number, values, seen))

    async def _change_entry(self, entries: ChoiceList[Any], about: str, what: str) -> Answer:
        """Moves the entry that `about` names one place "up" or "down", retires it ("retire"), or takes it into use
        again ("use").
        """
        id_ = Shown.parse(about).number
        if what in ("up", "down"):
            by = -1 if what == "up" else 1
            return await self._do(lambda actor: entries.move(actor, id_, by), said=False)
        if what in ("retire", "use"):
            return await self._do(lambda actor: entries.retire(actor, id_, retired=what == "retire"))
        return None

    async def _do(self, change: Callable[[Actor], object], *, said: bool = True) -> Answer:
        """One domain call, then the list anew; a refusal stands in the dialog, or in a notice where none is open."""
        actor = await actor_of(self)
        try:
            await act(change, actor)
        except NotFound:
            await self._read()
            return None
        except (Invalid, Refused) as no:
            await self._read()
            if not self.form:
                return notices.tell(no.reason, notices.REFUSED)
            await name_who(no, OF_SETTINGS, actor, self._since)
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            if isinstance(no, Meanwhile):
                self.seen = {**self.seen, no.field: no.stored}
            return None
        self._close()
        saved = notices.tell(_("Saved.")) if said else None
        return saved if await reread(self._read) else [*([saved] if saved else []), notices.unread("")]


class OwnersList(RowDialog, mixin=True):
    """A short list that the owner alone sees: it is read, and the dialog of one entry opens and closes.

    A state of it has `rows`, which have an `id` and `texts`, and `chosen`, the one whose dialog is open. What is
    changed stands there, since each change names what it is about.
    """

    FORM: ClassVar[str]
    """The name of the dialog of an entry; that of a new one is "add"."""
    EMPTY: ClassVar[Any]
    """What is chosen for a new entry."""
    ready: bool = False
    """Whether the list was read once; a skeleton stands in its place until then."""

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The list as it is now."""
        await self._read()

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """The list, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.SETTINGS)
    async def open(self, form: str, id_: str) -> None:
        """Opens a dialog; `id_`: the entry it is about, "" for a new one."""
        if form not in ("add", self.FORM):
            return
        await self._read()
        here: Any = self
        here.chosen = next((row for row in here.rows if row.id == id_), self.EMPTY)
        self._open(form, here.chosen.texts)

    @rx.event
    @needs(Right.SETTINGS)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open."""
        if stays is not True:
            self._close()
