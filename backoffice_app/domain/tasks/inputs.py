"""What a task is told: the fields of its dialog (S47)."""

import re
from datetime import date as Day  # noqa: N812  # a field is called `date`
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from backoffice_app.domain.core.actions import Input
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.people.colleagues import choices_of_colleagues
from backoffice_app.i18n import LazyText, _

State = Literal["to do", "in progress", "done"]
Priority = Literal["high", "normal", "low"]
TO_DO: State = "to do"
IN_PROGRESS: State = "in progress"
DONE: State = "done"
STATE_NAMES: dict[str, LazyText] = {TO_DO: _("To do"), IN_PROGRESS: _("In progress"), DONE: _("Done")}
PRIORITY_NAMES: dict[str, LazyText] = {"high": _("High"), "normal": _("Normal"), "low": _("Low", "priority")}
NO_DAY: Literal[""] = ""
LONGEST = 5_000
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", re.ASCII)
_DATE_ASKED = Asked(_("Date"), kind="date")
_TIME_ASKED = Asked(_("Time", "of day"), kind="time", hint=_("Without one it is due on this day."))
_ASSIGNEE_ASKED = Asked(_("Assignee"), kind="choice", offers=choices_of_colleagues)
_STATUS_ASKED = Asked(_("Status"), choices=STATE_NAMES)
_PRIORITY_ASKED = Asked(_("Priority"), choices=PRIORITY_NAMES)
_DESCRIPTION_ASKED = Asked(_("Description"))


def _hour_and_minute(value: object) -> object:
    """ "9:05" and "09:05:00" as "09:05". Raises Invalid for what is no time of day."""
    if not isinstance(value, str) or not value.strip():
        return "" if isinstance(value, str) else value
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise Invalid(
            "time", _("“{value}” is no time of day such as 14:30.").format(value=value.strip()[:20])
        )
    return f"{int(found[1]):02d}:{found[2]}"


class NewTask(Input):
    """`assignee`: "me", the id or the e-mail address of a colleague; `time`: such as "14:30", in the shop's
    time zone.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"description"})
    title: Annotated[str, Asked(_("Title"))] = Field(min_length=1, max_length=200)
    assignee: Annotated[str, _ASSIGNEE_ASKED] = Field(default="", max_length=254)
    date: Annotated[Day | Literal[""], _DATE_ASKED] = NO_DAY
    time: Annotated[str, _TIME_ASKED] = ""
    status: Annotated[State, _STATUS_ASKED] = TO_DO
    priority: Annotated[Priority, _PRIORITY_ASKED] = "normal"
    description: Annotated[str, _DESCRIPTION_ASKED] = Field(default="", max_length=LONGEST)

    _time = field_validator("time", mode="before")(_hour_and_minute)

    @field_validator("title")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        return " ".join(value.split())


class ChangedTask(Input):
    """As `NewTask`; what is left out stays as it is, and "" clears it."""

    long_texts: ClassVar[frozenset[str]] = frozenset({"description"})
    title: Annotated[str | None, Asked(_("Title"))] = Field(default=None, min_length=1, max_length=200)
    assignee: Annotated[str | None, _ASSIGNEE_ASKED] = Field(default=None, max_length=254)
    date: Annotated[Day | Literal[""] | None, _DATE_ASKED] = None
    time: Annotated[str | None, _TIME_ASKED] = None
    status: Annotated[State | None, _STATUS_ASKED] = None
    priority: Annotated[Priority | None, _PRIORITY_ASKED] = None
    description: Annotated[str | None, _DESCRIPTION_ASKED] = Field(default=None, max_length=LONGEST)

    _time = field_validator("time", mode="before")(_hour_and_minute)

    @field_validator("title")
    @classmethod
    def _on_one_line(cls, value: str | None) -> str | None:
        return None if value is None else " ".join(value.split())


TaskId = Annotated[str, Asked(_("Task"))]


class OneTask(Input):
    """`task`: the id of a task of this order."""

    task: TaskId = Field(max_length=20)


class ChangedTaskOfOrder(ChangedTask):
    """`task`: the id of a task of this order; for the rest as `ChangedTask`."""

    task: TaskId = Field(max_length=20)
