"""The form of a page of the settings: what is typed and not saved is counted and kept, and all that is wrong stands at
its field (W-16).
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

import reflex as rx

from backoffice_app.domain import drafts
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Away, Invalid, Refused, Unknown
from backoffice_app.domain.core.meanwhile import SINCE, Meanwhile
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import SETTINGS as SUBJECT
from backoffice_app.domain.core.shown import Shown
from backoffice_app.i18n import LazyText, ngettext
from backoffice_app.state.base import act, actor_of, look, put
from backoffice_app.state.together import name_who

TICKED = "on"
"""What a ticked box is sent as; one that is not ticked is ""."""
FORM = "page"
FIRST = "first "
"""Begins the name under which a draft keeps what the form showed in a field before something was typed."""
OF_SETTINGS = SUBJECT, 0
"""What the history has the changes of settings and of short lists under."""
log = logging.getLogger("kontor.unsaved")


class Unsaved(rx.State, mixin=True):
    """What the page's form says and what is wrong with it. Each page has handlers of its own, which name its right."""

    page: str = ""
    """The page that the form is of, as events say it that are about it; "" before it was read."""
    typed: dict[str, str] = {}
    """Field -> what is typed into it and not saved.

    Fields start with it, so that it is there again when one comes back.
    """
    unsaved: str = ""
    """How many changes are not saved, as a sentence; "" for none."""
    errors: dict[str, str] = {}
    """Field -> what the rules or the input object to; "" for what is wrong with no field of the form."""
    wrong: str = ""
    """The first of them."""
    tries: int = 0
    """Counts up when something was wrong, so that the first wrong field gets the focus."""
    fresh: int = 0
    """Counts up when other values came, so that the fields are drawn anew."""
    _hidden_typed: list[str] = []
    """The secret fields into which something is typed: that is neither kept nor sent back."""
    _reasons: dict[str, LazyText] = {}
    _first: dict[str, str] = {}
    """By field that is typed into: what the form showed there before."""
    _said: dict[str, str] = {}
    """Field -> how it was written when it was saved last: the field still says it so."""
    _since: datetime | None = None
    """When the form was read."""

    def _stored(self) -> Mapping[str, str]:
        """What is stored in each field of the page's form, as the form says it."""
        raise NotImplementedError

    def _shown(self) -> Mapping[str, str]:
        """What the fields of the page's form showed when it was read."""
        return self._stored()

    def _hidden(self) -> Collection[str]:
        """The fields of the page's form that hold secrets; they are not among the stored ones."""
        return ()

    async def _begin(self, page: str) -> None:
        """The page was opened: what was typed and not saved when it was left is there again.

        Where a colleague saved another value since, that is told at the field; a save then overwrites it.
        """
        actor = await actor_of(self)
        found = await look(drafts.draft_of, actor, _draft_of(page)) if page else {}
        self.page, self.typed, self._said, self._hidden_typed, self._since = page, {}, {}, [], clock.now()
        self._first = {
            field.removeprefix(FIRST): text for field, text in found.items() if field.startswith(FIRST)
        }
        self._take(
            {field: text for field, text in found.items() if not field.startswith(FIRST)}, actor.language
        )
        if overtaken := self._overtaken():
            self._object(actor, overtaken)

    async def _keep(self, about: str, drawn: int, field: str, text: str) -> None:
        """Keeps what a field says now, if that is not what is saved.

        `drawn`: the `fresh` of the fields; others are gone by now.
        """
        if Shown.parse(about).number != self.page or drawn != self.fresh:
            return
        if field in self._hidden():
            others = [one for one in self._hidden_typed if one != field]
            self._hidden_typed = [*others, field] if text else others
            self._say((await actor_of(self)).language)
            return
        if field not in self._stored():
            return
        actor, before = await actor_of(self), dict(self.typed)
        if field not in self.typed:
            self._first = {**self._first, field: self._shown()[field]}
        self._take({field: str(text)[: drafts.LONGEST]}, actor.language)
        if self.typed == before:
            return
        if field in self.typed:
            await act(drafts.keep, actor, _draft_of(self.page), "", self._kept(field))
        else:
            await self._put_draft(actor)

    async def _discard(self) -> None:
        """The fields say again what is stored."""
        actor = await actor_of(self)
        self.typed, self._said, self._hidden_typed = {}, {}, []
        await self._put_draft(actor)
        self._say(actor.language)
        self._clear(list(self._reasons), actor.language)
        self.fresh += 1

    async def _is_saved(self, values: Mapping[str, str], hidden: Collection[str] = ()) -> None:
        """What these fields say is saved, and the `hidden` ones are emptied.

        Trouble with the draft may never hide that.
        """
        actor = await actor_of(self)
        left = [field for field in self._hidden_typed if field not in hidden]
        self.fresh += left != self._hidden_typed
        self._hidden_typed = left
        self._said = {**self._said, **values}
        self.typed = {field: text for field, text in self.typed.items() if field not in values}
        self._say(actor.language)
        try:
            await self._put_draft(actor)
        except (Away, Refused, Unknown):
            log.warning("A draft outlives what was saved")

    async def _told_by(self, actor: Actor, no: Invalid | Refused) -> dict[str, LazyText]:
        """All that a save was refused for, by field; a colleague who changed the same is named."""
        await name_who(no, OF_SETTINGS, actor, self._since)
        return _wrong_of(no)

    def _object(self, actor: Actor, found: Mapping[str, LazyText]) -> None:
        """These fields are wrong; what was wrong with others stays."""
        self._reasons = {**self._reasons, **found}
        self._say_wrong(actor.language)
        self.tries += 1

    def _clear(self, fields: Collection[str], language: str) -> None:
        """Nothing is wrong with these fields any more."""
        gone = {*fields, ""}
        self._reasons = {field: reason for field, reason in self._reasons.items() if field not in gone}
        self._say_wrong(language)

    def _say(self, language: str) -> None:
        count = len(self.typed) + len(self._hidden_typed)
        told = ngettext("{count} change not saved", "{count} changes not saved", count).in_language(language)
        put(self, {"unsaved": told if count else ""})

    def _say_wrong(self, language: str) -> None:
        said = {field: reason.in_language(language) for field, reason in self._reasons.items()}
        put(self, {"errors": said, "wrong": next(iter(said.values()), "")})

    def _take(self, texts: Mapping[str, str], language: str) -> None:
        """The fields say this now; what is saved so is no change."""
        stored = self._stored()
        known = {field: text for field, text in {**self.typed, **texts}.items() if field in stored}
        put(
            self,
            {
                "typed": {
                    field: text
                    for field, text in known.items()
                    if text not in {stored[field], self._said.get(field)}
                }
            },
        )
        self._first = {field: text for field, text in self._first.items() if field in self.typed}
        self._say(language)

    def _overtaken(self) -> dict[str, LazyText]:
        """What is told of the fields that a colleague saved otherwise since something was typed into them (W-16)."""
        stored = self._stored()
        return {
            field: Meanwhile(field, stored[field], SINCE).reason
            for field, first in self._first.items()
            if first != stored[field]
        }

    def _kept(self, *fields: str) -> dict[str, str]:
        """What a draft keeps of these fields."""
        first = {FIRST + field: self._first[field] for field in fields if field in self._first}
        return {field: self.typed[field] for field in fields} | first

    async def _put_draft(self, actor: Actor) -> None:
        """What is typed and not saved is the draft, and nothing else."""
        shown = _draft_of(self.page)
        await act(drafts.drop, actor, shown)
        if self.typed:
            await act(drafts.keep, actor, shown, "", self._kept(*self.typed))


def _wrong_of(no: Invalid | Refused) -> dict[str, LazyText]:
    """All that a refusal objects to, by field; "" where it names none."""
    return {one.field: one.reason for one in (no, *no.others)} if isinstance(no, Invalid) else {"": no.reason}


def _draft_of(page: str) -> Shown:
    return Shown(SUBJECT.key, page, "", FORM)
