"""Tasks that colleagues give each other, with an order or without one (W-9)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    BIG,
    foreign_key,
    id_column,
    moment_column,
    optional_moment_column,
    text_column,
    word_column,
)

OPEN = text("done_at IS NULL AND deleted_at IS NULL")
TO_REMIND = text("reminded_at IS NULL AND assignee_id IS NOT NULL AND done_at IS NULL AND deleted_at IS NULL")
"""The tasks that are still to do, and of these the ones whose assignee was not reminded yet."""
DONE = text("done_at IS NOT NULL AND deleted_at IS NULL")


class Task(SQLModel, table=True):
    """Something to do. `assignee_id`: the colleague, None for nobody; `assignee`, `created_by`: names as they were.

    `due_on`, `due_time` ("14:30" or ""): in the shop's time zone. `comes_at`: when it is due and its assignee is
    reminded; a day far away where no day is set. `reminded_at`: when that was done, None again once another day or
    assignee is set.
    `deleted_at`: it is shown nowhere any more. `version`: counts its changes.
    """

    __tablename__ = "task"
    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int | None = Field(default=None, sa_column=foreign_key("orders.id", nullable=True))
    title: str
    description: str = Field(default="", sa_column=text_column())
    assignee_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    assignee: str = Field(default="", sa_column=word_column())
    due_on: date | None = None
    due_time: str = Field(default="", sa_column=word_column())
    comes_at: datetime = Field(sa_column=moment_column())
    state: str = "to do"
    priority: str = "normal"
    created_at: datetime = Field(sa_column=moment_column())
    created_by: str = ""
    reminded_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    done_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    done_by: str = Field(default="", sa_column=word_column())
    deleted_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    version: int = 1
    __table_args__ = (
        CheckConstraint("state in ('to do', 'in progress', 'done')", name="ck_task_state"),
        CheckConstraint("priority in ('low', 'normal', 'high')", name="ck_task_priority"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="ck_task_done"),
        Index("ix_task_open", "comes_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_task_mine", "assignee_id", "comes_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_task_done", "done_at", "id", sqlite_where=DONE, postgresql_where=DONE),
        Index("ix_task_remind", "comes_at", sqlite_where=TO_REMIND, postgresql_where=TO_REMIND),
    )
