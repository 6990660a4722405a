"""Lists that the shop keeps to choose from: each entry has a name per language, a place, and can be retired without
harm (RET-2, W-7).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlmodel import Session, func, select

from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.facts import Fact
from backoffice_app.domain.core.languages import name_among
from backoffice_app.domain.core.meanwhile import changes_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS
from backoffice_app.domain.core.work import Work, work
from backoffice_app.i18n import DOCUMENT_LANGUAGES, _

NAME = "name-"
"""Begins the field of the name in a language: "name-de"."""


class Entry(Protocol):
    """A row of such a list. `names`: JSON, by language; `rank`: its place, from 1."""

    id: int | None
    names: str
    rank: int
    retired_at: datetime | None


E = TypeVar("E", bound=Entry)
Values = Mapping[str, str]
"""A form: text by field."""


def in_use(entries: Iterable[E]) -> list[E]:
    """Those that can be chosen anew."""
    return [one for one in entries if one.retired_at is None]


def in_order(entries: Sequence[E]) -> list[E]:
    """As the page shows them: those in use, then the retired ones."""
    return [*in_use(entries), *(one for one in entries if one.retired_at is not None)]


def names_of(one: Entry) -> dict[str, str]:
    """The names by language."""
    return dict(json.loads(one.names or "{}"))


def name_in(one: Entry, language: str) -> str:
    """The name in `language`, else the English one, else any."""
    return name_among(names_of(one), language)


def name_texts(one: Entry) -> dict[str, str]:
    """The names as the form shows them, by field."""
    names = names_of(one)
    return {NAME + language: names.get(language, "") for language in DOCUMENT_LANGUAGES}


def is_called(one: Entry, words: str) -> bool:
    """Whether `words` are its name in whichever language."""
    return words.casefold() in {name.casefold() for name in names_of(one).values()}


def rename(one: Entry, given: Mapping[str, str], entries: Iterable[Entry], language: str) -> None:
    """Gives it the names of a form. `entries`: the list; `language`: of the shop.

    Raises Invalid where it would have no name, or the name of another one in use: what is typed must mean one of them.
    """
    names = {code: given[NAME + code] for code in DOCUMENT_LANGUAGES if given.get(NAME + code)}
    if not names:
        first = language if language in DOCUMENT_LANGUAGES else "en"
        raise Invalid(NAME + first, _("Write a name in one language at least."))
    for other in in_use(entries):
        if other.id != one.id and (
            twin := next((code for code, name in names.items() if is_called(other, name)), "")
        ):
            raise Invalid(NAME + twin, _("There is one with this name already."))
    one.names = json.dumps(names, ensure_ascii=False)


def move(entries: Sequence[E], one: E, by: int) -> None:
    """One place up (-1) or down (1) among those in use; at the end of the list nothing happens."""
    current = in_use(entries)
    at = current.index(one) if one in current else -1
    to = at + (1 if by > 0 else -1)
    if at < 0 or not 0 <= to < len(current):
        return
    current[at], current[to] = current[to], current[at]
    for rank, entry in enumerate(
        [*current, *(entry for entry in entries if entry.retired_at is not None)], 1
    ):
        entry.rank = rank


@dataclass(frozen=True, eq=False)
class ChoiceList(Generic[E]):
    """One of these lists, and how it is changed: each change is one transaction under the lock of the settings, told to
    the history.

    `table`: the class of its rows; `right`: who changes it; `most`: entries it may have. `checked`: the fields of a
    form as they are kept, raising Invalid. `texts`: what the form of an entry starts with, by field; `apply`: puts the
    fields besides the names into an entry. `told`: the fact that an entry of this name was changed in one field, from
    one text to another; the field is "added", "retired", "used again", or what `field_of` calls a field of the form.
    `touches`: topics that say that it changed.
    """

    table: Callable[..., E]
    right: Right
    most: int
    checked: Callable[[Values], dict[str, str]]
    texts: Callable[[E], dict[str, str]]
    apply: Callable[[E, Values], None]
    told: Callable[[str, str, str, str], Fact]
    field_of: Callable[[str], str] = lambda name: name.removeprefix(NAME)
    touches: tuple[str, ...] = ()

    def all_of(self, session: Session) -> Sequence[E]:
        """All entries in their order, retired ones among them; one query."""
        row: Any = self.table
        return session.exec(select(row).order_by(row.rank, row.id)).all()

    def add(self, actor: Actor, values: Values) -> None:
        """A new entry, last in its order. Raises Invalid without any name, or for a name that is there already."""
        actor.require(self.right)
        with work(actor) as w:
            w.lock(SETTINGS, 0)
            self.store(w, values)

    def store(self, w: Work, values: Values) -> E:
        """The same, in this transaction."""
        row: Any = self.table
        given = self.checked(values)
        if w.session.exec(select(func.count()).select_from(row)).one() >= self.most:
            raise Invalid("", _("There are {most} already. Rename one of them.").format(most=self.most))
        one = self.table(names="", rank=(w.session.exec(select(func.max(row.rank))).one() or 0) + 1)
        rename(one, given, self.all_of(w.session), w.shop.regional.language)
        self.apply(one, given)
        w.session.add(one)
        w.session.flush()
        self._record(w, name_in(one, w.shop.regional.language), "added")
        return one

    def save(self, actor: Actor, id_: str, values: Values, seen: Values) -> None:
        """Saves what was changed in the form over what is stored; `seen`: what the form showed.

        Raises Invalid naming the field, NotFound.
        """
        actor.require(self.right)
        given = self.checked(values)
        with work(actor) as w:
            w.lock(SETTINGS, 0)
            one = self._entry(w, id_)
            now, called = self.texts(one), name_in(one, w.shop.regional.language)
            changed = changes_of(given, seen, now)
            rename(one, now | changed, self.all_of(w.session), w.shop.regional.language)
            self.apply(one, now | changed)
            w.session.add(one)
            told = set()
            for name, new in changed.items():
                if (field := self.field_of(name)) not in told:
                    self._record(w, called, field, now[name], new)
                told.add(field)

    def move(self, actor: Actor, id_: str, by: int) -> None:
        """One place up (-1) or down (1) among those in use; at the end of the list nothing happens. Raises NotFound."""
        actor.require(self.right)
        with work(actor) as w:
            w.lock(SETTINGS, 0)
            move(self.all_of(w.session), self._entry(w, id_), by)

    def retire(self, actor: Actor, id_: str, *, retired: bool) -> None:
        """From now on it can't be chosen, or can be chosen again; what has it keeps it. Raises NotFound."""
        actor.require(self.right)
        with work(actor) as w:
            w.lock(SETTINGS, 0)
            one = self._entry(w, id_)
            if (one.retired_at is not None) == retired:
                return
            one.retired_at = w.at if retired else None
            w.session.add(one)
            self._record(w, name_in(one, w.shop.regional.language), "retired" if retired else "used again")

    def _record(self, w: Work, name: str, field: str, old: str = "", new: str = "") -> None:
        w.record((SETTINGS, 0), self.told(name, field, old, new))
        w.touch(*self.touches)

    def _entry(self, w: Work, id_: str) -> E:
        row: Any = self.table
        found: E | None = (
            w.session.get(row, int(id_)) if id_.isascii() and id_.isdecimal() and len(id_) < 19 else None
        )
        if found is None:
            raise NotFound(id_)
        return found
