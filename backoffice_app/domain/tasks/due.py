"""When a task is due, and how that is said (W-9, L-3)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from backoffice_app.domain.core import clock
from backoffice_app.formats import format_day
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Task

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where tasks without a day stand: after all others."""
MORNING = time(8)
"""When colleagues are reminded of what is due on a day without a time."""


def moment_due(day: date | None, at: str, zone: str) -> datetime:
    """When a task is due, as aware UTC: at its time ("14:30") in `zone`, else in the morning of its day; `NEVER`
    without a day.
    """
    if day is None:
        return NEVER
    hour = time.fromisoformat(at) if at else MORNING
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def is_late(task: Task, now: datetime, today: date) -> bool:
    """Whether an open task is overdue: its time has passed, or without a time its day."""
    if task.due_on is None or task.done_at is not None:
        return False
    return task.comes_at < now if task.due_time else task.due_on < today


def due_badge(task: Task, zone: str) -> tuple[str, str, LazyText] | None:
    """Tone, icon and word of an open task that is due today or late; None for all others."""
    now, today = clock.now(), clock.today(zone)
    if is_late(task, now, today):
        return "act", "triangle-alert", _("Late")
    return ("look", "clock", _("Today")) if task.done_at is None and task.due_on == today else None


def due_text(task: Task, language: str) -> str:
    """The day and the time; "" without a day."""
    if task.due_on is None:
        return ""
    day = format_day(task.due_on, language)
    return f"{day}, {task.due_time}" if task.due_time else day
