"""Tasks of colleagues, about an order or none: made, done, reminded of (W-9)."""

from backoffice_app.domain.tasks.changes import add_task
from backoffice_app.domain.tasks.subject import TASK, TASKS, TOPIC

__all__ = ["TASK", "TASKS", "TOPIC", "add_task"]
