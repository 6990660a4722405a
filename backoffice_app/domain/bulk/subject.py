"""The subject "bulk-run", the facts of its history, and what a result can be (O-5)."""

from enum import StrEnum
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.i18n import LazyText, _, ngettext
from backoffice_app.models import BulkRun


class ItemState(StrEnum):
    """What became of one order of a run."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


RESULT_NAMES: dict[ItemState, LazyText] = {
    ItemState.WAITING: _("Waiting", "result"),
    ItemState.DONE: _("Done", "result"),
    ItemState.SKIPPED: _("Skipped", "result"),
    ItemState.FAILED: _("Failed", "result"),
    ItemState.CANCELLED: _("Left out", "result"),
}


def topic_of_run(run_id: int) -> str:
    """What changes with each result of this run."""
    return f"bulk-run-{run_id}"


def topic_of_actor(kind: str, id_: int) -> str:
    """What changes with each run of this colleague or key: their open tabs show the progress."""
    return f"bulk-of-{kind}-{id_}"


BULK_RUN: Subject[BulkRun] = register(
    Subject(key="bulk-run", row=BulkRun, lock=lock_row(BulkRun), topic=topic_of_run),
)


def is_of(run: BulkRun, actor: Actor) -> bool:
    """Whether `actor` began this run."""
    return (run.actor_kind, run.actor_id) == (actor.kind.value, actor.id)


@fact
class BulkRunStarted(Fact):
    """An action began on many orders. `action`: its key; `count`: how many orders were chosen."""

    about: ClassVar[About] = About.ORDER
    action: str
    count: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = ngettext(
            "{actor} began “{action}” for {count} order.",
            "{actor} began “{action}” for {count} orders.",
            self.count,
        )
        return text.format(action=self.action)


@fact
class BulkRunCancelled(Fact):
    """Orders of a run that still waited were left out. `count`: how many."""

    about: ClassVar[About] = About.ORDER
    count: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return ngettext(
            "{actor} left the rest out: {count} order.",
            "{actor} left the rest out: {count} orders.",
            self.count,
        )
