"""The processes that run jobs."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import moment_column


class WorkerProcess(SQLModel, table=True):
    """A live process that runs jobs, and when it was last heard of; a dead one's jobs are taken over."""

    __tablename__ = "worker_process"
    executor_id: str = Field(primary_key=True)
    heard_at: datetime = Field(sa_column=moment_column())
