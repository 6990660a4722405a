"""What can be acted on: an order, a mail, a user. Each kind says once how it is locked and brought to rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, select

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Registry

if TYPE_CHECKING:
    from backoffice_app.domain.core.work import Work

Row = TypeVar("Row")
Version = int | str
"""What tells one state of a row from another: a number that counts up, or the name of a state."""
LARGEST_ID = 2**63 - 1
OVERTAKEN = _("This was changed meanwhile, so nothing was done. Look at it, then press again.")
OVERTAKEN_FORM = _("This was changed meanwhile. Your text is kept: look at the change, then save again.")


def _number_of_row(row: Any) -> int:
    """The `id` of a row. It must have one."""
    if row.id is None:
        raise AssertionError(f"a {type(row).__name__} without an id")
    return int(row.id)


def _decimal(_session: Session, number: str) -> int:
    """The id that an address names as a plain number. Raises NotFound for anything else."""
    if not (number.isascii() and number.isdecimal() and len(number) < 20):
        raise NotFound(number)
    return int(number)


@dataclass(frozen=True, eq=False)
class Subject(Generic[Row]):
    """One kind of thing that actions change and facts tell of. Its `key` stands in the history, so it never changes.

    `row`: the class of its rows. A kind without rows, such as the settings, gives the class that `lock` returns; its id
    is 0. `lock`: the row, locked to the end of the transaction and read after the lock; raises NotFound. `lock_row`
    makes the usual one. `before`: what `settle` must know of a row as it was when it was locked.
    `settle`: called once, before the commit, with all rows of this kind that were locked or added, each with its
    `before`, which is None for a new row. It writes what follows from the rows: derived columns, search text, counts, a
    version.
    `insert`: writes a new row, which has its id already, when the transaction is flushed. Without it the session does,
    at once. `topic`: what open pages that show the row listen to; told after the commit when a fact was recorded about
    it.
    `version`: what tells that a row changed since it was shown (W-16). Without it nobody is overtaken.
    `find`: the id for what an address or a form calls it, such as the number of an order. Raises NotFound.
    `unready`: why nothing is done with a row yet but by actions that say `even_unready`, such as with a draft; None for
    any other row. `overtaken`, `overtaken_form`: what a person reads whose button or filled form is refused because the
    row changed meanwhile.
    """

    key: str
    row: type[Row]
    lock: Callable[["Work", int], Row]
    before: Callable[[Row], Any] | None = None
    settle: Callable[["Work", Sequence[tuple[Row, Any]]], None] | None = None
    insert: Callable[["Work", Row], None] | None = None
    topic: Callable[[int], str] | None = None
    version: Callable[[Row], Version] | None = None
    find: Callable[[Session, str], int] = _decimal
    id_of: Callable[[Row], int] = _number_of_row
    unready: Callable[[Row], LazyText | None] | None = None
    overtaken: LazyText = OVERTAKEN
    overtaken_form: LazyText = OVERTAKEN_FORM


Reference = tuple[Subject[Any], int]
"""A row of a subject, by the subject and its id."""
About = SQLModel | Reference
"""A row of a subject, or a reference where no row is at hand."""
_OF_ROW: dict[type, Subject[Any]] = {}


def _by_row() -> None:
    _OF_ROW.clear()
    _OF_ROW.update({subject.row: subject for subject in SUBJECTS.values()})


SUBJECTS: Registry[Subject[Any]] = Registry("subject", _by_row)


def register(subject: Subject[Row]) -> Subject[Row]:
    """Makes a kind of subject known; returns it. Raises ValueError if its key or its class of rows is taken."""
    if subject.row in _OF_ROW and subject.key not in SUBJECTS:
        raise ValueError(
            f"rows of {subject.row.__name__} belong to two subjects: {_OF_ROW[subject.row].key} and {subject.key}"
        )
    SUBJECTS.add(subject.key, subject)
    return subject


def require_registered(subject: Subject[Any], what: str) -> None:
    """Raises ValueError unless `subject` is registered. `what` needs it: "the action ship"."""
    if SUBJECTS.get(subject.key) is not subject:
        raise ValueError(
            f"{what} is about {subject.key!r}, which is not registered: call register(Subject(...)) before it"
        )


def subject_of(row: object) -> Subject[Any]:
    """The subject whose row this is. Raises ValueError for rows of no subject."""
    found = _OF_ROW.get(type(row))
    if found is None:
        raise ValueError(
            f"{type(row).__name__} is no subject: call register(Subject(...)) for it, or record about (subject, id)"
        )
    return found


def reference(about: About) -> Reference:
    """The subject and the id of a row; a reference is returned unchanged."""
    if isinstance(about, tuple):
        return about
    subject = subject_of(about)
    return subject, subject.id_of(about)


Table = TypeVar("Table", bound=SQLModel)


def lock_row(table: type[Table]) -> Callable[["Work", int], Table]:
    """The usual `lock` of a subject: its row by id, locked and read after the lock. It raises NotFound."""
    statement = select(table).where(col(table.id) == bindparam("id")).with_for_update()  # type: ignore[attr-defined]

    def lock(w: "Work", id_: int) -> Table:
        fresh = {"populate_existing": True}
        found = (
            w.session.exec(statement, params={"id": id_}, execution_options=fresh).first()
            if 0 < id_ <= LARGEST_ID
            else None
        )
        if found is None:
            raise NotFound(str(id_))
        return found

    return lock
