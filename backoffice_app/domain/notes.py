"""Notes of colleagues on an order: for one another, never for the customer (W-11).

Nothing that reaches a customer reads this table: mails and documents are made of `values.py` and of snapshots, which
know no notes.
"""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field
from sqlmodel import Session, col, func, select

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.people.colleagues import Colleague, choices_of_colleagues, colleague_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderNote

ADD, EDIT, REMOVE, READ = "add-note", "edit-note", "remove-note", "note-read"
COUNT_TOPIC = "note-count"
"""What the count in the menu listens to, on each page."""
MOST = 200
LONGEST = 2_000
NOT_YOURS = _("Only who wrote a note may change or remove it.")
NOT_FOR_YOU = _("Only the colleague whom a note is for can mark it as read.")


@fact
class NoteAdded(Fact):
    """A note was written. `recipient`: the colleague it is for, "" for everybody."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"note"})
    note: str
    recipient: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} wrote a note for {name}: {note}")
            if self.recipient
            else _("{actor} wrote a note: {note}")
        )
        return text.format(note=self.note, name=self.recipient)


@fact
class NoteChanged(Fact):
    """A note was changed by its author."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} changed a note from “{old}” to “{new}”.").format(old=self.old, new=self.new)


@fact
class NoteRemoved(Fact):
    """A note was removed by its author."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"note"})
    note: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} removed the note “{note}”.").format(note=self.note)


@fact
class NoteRead(Fact):
    """The colleague a note is for has read it. `reader`: their name where a program said so for them."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"note"})
    note: str
    reader: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        by_program = _("{actor} marked the note “{note}” as read for {name}.")
        text = by_program if self.reader else _("{actor} has read the note “{note}”.")
        return text.format(note=self.note, name=self.reader)


For = Annotated[str, Asked(_("For", "note"), kind="choice", offers=choices_of_colleagues)]


class AddNote(Input):
    """`note`: a short text.

    `for`: "me", the id or the e-mail address of a colleague; without it the note is for everybody.
    """

    model_config = ConfigDict(populate_by_name=True)
    long_texts: ClassVar[frozenset[str]] = frozenset({"note"})
    note: Annotated[str, Asked(_("Note"), _("For colleagues; the customer never sees it."))] = Field(
        min_length=1, max_length=LONGEST
    )
    for_: For = Field(default="", alias="for", max_length=254)


class EditNote(Input):
    """`which`: the id of the note. What is left out stays as it is; `for` "" means everybody."""

    model_config = ConfigDict(populate_by_name=True)
    long_texts: ClassVar[frozenset[str]] = frozenset({"note"})
    which: Annotated[str, Asked(_("Note"))] = Field(max_length=20)
    note: Annotated[str | None, Asked(_("Note"), _("For colleagues; the customer never sees it."))] = Field(
        default=None, min_length=1, max_length=LONGEST
    )
    for_: Annotated[str | None, Asked(_("For", "note"), kind="choice", offers=choices_of_colleagues)] = Field(
        default=None, alias="for", max_length=254
    )


class OneNote(Input):
    """`which`: the id of the note."""

    which: Annotated[str, Asked(_("Note"))] = Field(max_length=20)


def why_not_note(order: Order) -> LazyText | None:  # noqa: ARG001
    """W-17: a note may be written on any order, also on a completed or a cancelled one."""
    return None


@action(
    subject=ORDER,
    key=ADD,
    label=_("Add note"),
    right=Right.TASKS,
    why_not=why_not_note,
    input=AddNote,
    even_if_changed=True,
)
def add_note(w: Work, order: Order, data: AddNote) -> Done:
    """Write a note on the order, to oneself or a colleague; it is no task, and never reaches the customer (W-11)."""
    reader = colleague_of(w.session, w.actor, data.for_, "for")
    if order.note_count >= MOST:
        raise Invalid("note", _("The order has {most} notes, and no more are taken.").format(most=MOST))
    note = OrderNote(
        order_id=order_id(order),
        note=data.note,
        author_kind=w.actor.kind.value,
        author_id=w.actor.id,
        author=w.actor.name,
        for_id=reader.id if reader else None,
        for_name=reader.name if reader else "",
        created_at=w.at,
        read_at=_read_by_writing(w, reader),
    )
    w.session.add(note)
    _recount(w, order)
    w.touch(COUNT_TOPIC)
    w.record(order, NoteAdded(note=data.note, recipient=note.for_name))
    w.made("notes", str(note.id))
    return Done(_("Note saved."), undo=Undo(REMOVE, {"which": str(note.id)}))


@action(
    subject=ORDER,
    key=EDIT,
    label=_("Edit note"),
    right=Right.TASKS,
    why_not=why_not_note,
    input=EditNote,
    even_if_changed=True,  # only its author changes it
)
def edit_note(w: Work, order: Order, data: EditNote) -> Done:
    """Change a note of the colleague's own; who it is for reads it anew (W-11)."""
    note = _own(w, order, data.which)
    if data.for_ is not None:
        reader = colleague_of(w.session, w.actor, data.for_, "for")
        is_other = note.for_id != (reader.id if reader else None)
        note.for_id, note.for_name = (reader.id, reader.name) if reader else (None, "")
    else:
        is_other = False
    old, note.note = note.note, data.note or note.note
    if old == note.note and not is_other:
        return Done(_("Nothing was changed."), changed=False)
    note.changed_at = w.at
    note.read_at = w.at if is_for(note, w.actor) else None
    w.session.add(note)
    w.touch(COUNT_TOPIC)
    w.record(order, NoteChanged(old=old, new=note.note))
    return Done(_("Note saved."))


@action(
    subject=ORDER,
    key=REMOVE,
    label=_("Remove note"),
    right=Right.TASKS,
    why_not=why_not_note,
    input=OneNote,
    even_if_changed=True,
)
def remove_note(w: Work, order: Order, data: OneNote) -> Done:
    """Remove a note of the colleague's own; the history keeps that it was there (W-11)."""
    if _found(w, order, data.which) is None:
        return Done(_("The note was removed already."), changed=False)
    note = _own(w, order, data.which)
    told, reader = note.note, note.for_id
    w.session.delete(note)
    _recount(w, order)
    w.touch(COUNT_TOPIC)
    w.record(order, NoteRemoved(note=told))
    return Done(_("Note removed."), undo=Undo(ADD, {"note": told, "for": str(reader or "")}))


@action(
    subject=ORDER,
    key=READ,
    label=_("Mark note as read"),
    right=Right.TASKS,
    why_not=why_not_note,
    input=OneNote,
    even_if_changed=True,
)
def note_read(w: Work, order: Order, data: OneNote) -> Done:
    """Take a note that is for oneself off what waits; its author sees that it was read (W-11).

    A program, such as a chat in which the colleague reads it, says so for them.
    """
    note = _found(w, order, data.which)
    if note is None:
        raise Invalid("which", _("The order has no such note."))
    speaks_for_reader = w.actor.kind is ActorKind.API_KEY and note.for_id is not None
    if not (is_for(note, w.actor) or speaks_for_reader):
        raise Refused(NOT_FOR_YOU)
    if note.read_at is not None:
        return Done(_("The note was marked as read already."), changed=False)
    note.read_at = w.at
    w.session.add(note)
    w.touch(COUNT_TOPIC)
    w.record(order, NoteRead(note=note.note, reader=note.for_name if speaks_for_reader else ""))
    return Done(_("Note marked as read."))


def notes_of(session: Session, order_id_: int) -> list[OrderNote]:
    """The notes of an order, the newest first; one statement."""
    mine = select(OrderNote).where(OrderNote.order_id == order_id_).order_by(col(OrderNote.id).desc())
    return list(session.exec(mine).all())


def is_author(note: OrderNote, actor: Actor) -> bool:
    """Whether `actor` wrote this note."""
    return (note.author_kind, note.author_id) == (actor.kind.value, actor.id)


def is_for(note: OrderNote, actor: Actor) -> bool:
    """Whether this note is for `actor`."""
    return actor.kind is ActorKind.USER and note.for_id == actor.id


def is_to_oneself(note: OrderNote) -> bool:
    """Whether its author wrote it to themselves: reading it says nothing."""
    return (note.author_kind, note.author_id) == (ActorKind.USER.value, note.for_id)


def waits_for(note: OrderNote) -> bool:
    """Whether the colleague it is for has still to read it."""
    return note.for_id is not None and note.read_at is None


def unread_by(session: Session, actor: Actor) -> int:
    """How many notes wait for this colleague to read them (W-11); none for who may not mark them as read."""
    if actor.kind is not ActorKind.USER or not actor.may(Right.TASKS):
        return 0
    waiting = (
        select(func.count())
        .select_from(OrderNote)
        .where(OrderNote.for_id == actor.id, col(OrderNote.read_at).is_(None))
    )
    return session.exec(waiting).one()


def _own(w: Work, order: Order, which: str) -> OrderNote:
    """A note of the order that the actor wrote.

    Raises Invalid where there is no such note, Refused for that of somebody else.
    """
    note = _found(w, order, which)
    if note is None:
        raise Invalid("which", _("The order has no such note."))
    if not is_author(note, w.actor):
        raise Refused(NOT_YOURS)
    return note


def _read_by_writing(w: Work, reader: Colleague | None) -> datetime | None:
    """A note to oneself waits for nobody."""
    return w.at if reader is not None and w.actor.kind is ActorKind.USER and reader.id == w.actor.id else None


def _found(w: Work, order: Order, which: str) -> OrderNote | None:
    known = int(which) if which.isascii() and which.isdecimal() and len(which) < 19 else 0
    return w.session.exec(
        select(OrderNote).where(OrderNote.id == known, OrderNote.order_id == order.id)
    ).first()


def _recount(w: Work, order: Order) -> None:
    w.session.flush()
    order.note_count = w.session.exec(
        select(func.count()).select_from(OrderNote).where(OrderNote.order_id == order.id)
    ).one()
