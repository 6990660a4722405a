"""What happens to tasks. A task about an order tells in the history of the order, another one in its own."""

from datetime import date
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.tasks.inputs import PRIORITY_NAMES, STATE_NAMES
from backoffice_app.i18n import LazyDay, LazyText, _

FIELD_NAMES: dict[str, LazyText] = {
    "title": _("Title"),
    "assignee": _("Assignee"),
    "due": _("Date"),
    "status": _("Status"),
    "priority": _("Priority"),
    "description": _("Description"),
}
NAMES_OF = {"status": STATE_NAMES, "priority": PRIORITY_NAMES}


@fact
class TaskAdded(Fact):
    """A task was given. `assignee`: "" for nobody; `due`: None without a day."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title"})
    title: str
    assignee: str = ""
    due: date | None = None

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} added the task “{title}”.")
        if self.assignee and self.due:
            text = _("{actor} added the task “{title}” for {assignee}, due on {day}.")
        elif self.assignee:
            text = _("{actor} added the task “{title}” for {assignee}.")
        elif self.due:
            text = _("{actor} added the task “{title}”, due on {day}.")
        return text.format(
            title=self.title, assignee=self.assignee, day=LazyDay(self.due) if self.due else ""
        )


@fact
class TaskChanged(Fact):
    """A task was changed; `old`, `new`: what changed by field, as it is stored."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title", "old", "new"})
    title: str
    old: dict[str, str]
    new: dict[str, str]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not isinstance(self.old, dict) or not isinstance(self.new, dict):  # erased
            return _("{actor} changed the task “{title}”.").format(title=self.title)
        parts = {
            f"p{at}": _("{field} from {old} to {new}").format(
                field=FIELD_NAMES.get(name, LazyText(name)),
                old=_said(name, self.old.get(name, "")),
                new=_said(name, new),
            )
            for at, (name, new) in enumerate(self.new.items())
        }
        listed = LazyText(", ".join(f"{{{name}}}" for name in parts), parts)
        return _("{actor} changed the task “{title}”: {changes}.").format(title=self.title, changes=listed)


def _said(name: str, value: str) -> LazyText | LazyDay | str:
    """A stored value of a field as a person reads it."""
    if name in NAMES_OF:
        return NAMES_OF[name].get(value, LazyText(value or "–"))
    if name == "due" and value:
        day, _blank, at = value.partition(" ")
        shown = LazyDay(date.fromisoformat(day))
        return LazyText("{day}, {at}", {"day": shown, "at": at}) if at else shown
    return value or "–"


@fact
class TaskDone(Fact):
    """A task was ticked off."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title"})
    title: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} finished the task “{title}”.").format(title=self.title)


@fact
class TaskReopened(Fact):
    """A task that was done is to do again."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title"})
    title: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} opened the task “{title}” again.").format(title=self.title)


@fact
class TaskDeleted(Fact):
    """A task was deleted; `says`: its description, which is kept here alone."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title", "says"})
    title: str
    says: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} deleted the task “{title}”.").format(title=self.title)


@fact
class TaskRestored(Fact):
    """A task that was deleted is there again."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title"})
    title: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} brought the task “{title}” back.").format(title=self.title)


@fact
class TaskReminded(Fact):
    """The assignee of a task that is due was reminded by mail."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"title", "recipient"})
    title: str
    recipient: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("A reminder of the task “{title}” goes to {recipient}.").format(
            title=self.title, recipient=self.recipient
        )
