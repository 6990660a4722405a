"""The notes of colleagues on the order: text, author, when, for whom (W-11, S55 to S57)."""

from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.notes import (
    ADD,
    EDIT,
    READ,
    REMOVE,
    is_author,
    is_for,
    is_to_oneself,
    notes_of,
    waits_for,
)
from backoffice_app.domain.people.colleagues import value_of
from backoffice_app.domain.window.declared import Declared, Entry, EntryButton, declare, entries
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Way, add_dialog, block, ways
from backoffice_app.i18n import _
from backoffice_app.models import OrderNote

LONGEST_SHOWN = 40


@block(
    key="notes",
    tab="order",
    column=3,
    rank=50,
    title=_("Note"),
    buttons=[
        Button(ADD, in_head=True),
        Button(EDIT, in_part=True),
        Button(REMOVE, in_part=True),
        Button(READ, in_part=True),
    ],
)
def notes(look: Look) -> Declared:
    """All notes, the newest first; only its author can change one, and only the colleague it is for mark it as read."""
    shown = [_entry(note, look) for note in _notes(look)]
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No note.")))


def _notes(look: Look) -> list[OrderNote]:
    """The notes of the order, read once; an order without any is not asked for them."""
    return (
        look.once("notes", lambda: notes_of(look.session, look.order.id or 0))
        if look.order.note_count
        else []
    )


def _entry(note: OrderNote, look: Look) -> Entry:
    says = [note.author, look.moment(note.created_at)]
    says += (
        [look.text(_("changed {time}").format(time=look.moment(note.changed_at)))] if note.changed_at else []
    )
    says += [look.text(_("for {name}").format(name=note.for_name))] if note.for_name else []
    says += (
        [look.text(_("read {time}").format(time=look.moment(note.read_at)))]
        if note.read_at and not is_to_oneself(note)
        else []
    )
    is_mine = is_for(note, look.actor) and waits_for(note)
    return Entry(
        title=note.note if "\n" not in note.note else note.note.partition("\n")[0],
        text=note.note.partition("\n")[2].strip(),
        small=" · ".join(says),
        tone="look",
        icon="clock",
        state=look.text(_("For you")) if is_mine else "",
        first=[_tick(note, look)] if is_mine else [],
        buttons=_buttons(note, look) if is_author(note, look.actor) else [],
    )


def _tick(note: OrderNote, look: Look) -> EntryButton:
    says = look.text(_("Mark note {note} as read").format(note=_about(note)))
    return EntryButton("circle", says, READ, which=str(note.id), sends={"which": str(note.id)})


def _buttons(note: OrderNote, look: Look) -> list[EntryButton]:
    about, which = _about(note), str(note.id)
    return [
        EntryButton(
            "pencil", look.text(_("Edit note {note}").format(note=about)), EDIT, opens=EDIT, which=which
        ),
        EntryButton(
            "trash-2",
            look.text(_("Remove note {note}").format(note=about)),
            REMOVE,
            which=which,
            sends={"which": which},
        ),
    ]


def _about(note: OrderNote) -> str:
    text = " ".join(note.note.split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _edited(look: Look, which: str) -> Filled:
    """What the note says, for its author alone."""
    note = next((one for one in _own(look) if str(one.id) == which), None)
    values = {"note": note.note, "for": value_of(look.actor, note.for_id)} if note is not None else {}
    return Filled(values, hidden={"which": which})


def _own(look: Look) -> list[OrderNote]:
    return (
        [note for note in _notes(look) if is_author(note, look.actor)] if look.actor.may(Right.TASKS) else []
    )


add_dialog(Dialog(ADD, ADD, submit=_("Save note"), kept=True))
add_dialog(
    Dialog(
        EDIT,
        EDIT,
        fill=_edited,
        submit=_("Save note"),
        kept=True,
        first=lambda look: next((str(one.id) for one in _own(look)), ""),
    )
)


@ways(EDIT)
def ways_to_edit(look: Look) -> list[Way]:
    """One for each note of the colleague's own, by its dialog."""
    return [Way(str(note.id), _about(note), dialog=EDIT) for note in _own(look)]


@ways(REMOVE)
def ways_to_remove(look: Look) -> list[Way]:
    """One for each note of the colleague's own."""
    return [Way(str(note.id), _about(note), values={"which": str(note.id)}) for note in _own(look)]


@ways(READ)
def ways_to_mark_as_read(look: Look) -> list[Way]:
    """One for each note that waits for who looks."""
    mine = [note for note in _notes(look) if is_for(note, look.actor) and waits_for(note)]
    return [Way(str(note.id), _about(note), values={"which": str(note.id)}) for note in mine]
