"""For those who watch the process: alive, ready, and a few figures (RUN-4)."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlmodel import Session, col, select

from backoffice_app import web
from backoffice_app.api.probe import Probe
from backoffice_app.api.timing import SINCE_START
from backoffice_app.db import is_sqlite, probing_engine
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.series import is_dated_ahead
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.mail.queries import unsent_mails
from backoffice_app.marks import public
from backoffice_app.models import User, WorkerProcess
from backoffice_app.settings import settings

router = APIRouter(include_in_schema=False)
SILENCE = timedelta(seconds=30)
DEADLINE = 0.8
"""Seconds after which a part that does not answer counts as away."""
LEAST_ROOM = 50 * 1024 * 1024
"""Bytes; with less, mails and documents will soon not be written any more."""


@dataclass(frozen=True)
class Seen:
    """What the database said when it was asked."""

    answers: bool = False
    takes_changes: bool = False
    worker_lives: bool = False
    days_are_right: bool = True
    mails: dict[str, int] = field(default_factory=dict)


@router.get("/health")
@public
async def health() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/ready")
@public
async def ready() -> JSONResponse:
    """200 if every part is there and can work, else 503; each part is named. Answers within a second whatever hangs."""
    seen, room = await _look()
    parts = {
        "database": seen.answers,
        "database_writable": seen.takes_changes and has_room(room),
        "worker": seen.worker_lives,
        "ui": ui_is_there(),
        "clock": seen.days_are_right and clock.why_not_trusted() is None,
    }
    return JSONResponse({"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503)


@router.get("/metrics")
@public
async def metrics() -> PlainTextResponse:
    """Figures of this process, its outbox and its disks in Prometheus' text format.

    What could not be asked is left out.
    """
    seen, room = await _look()
    figures = CollectorRegistry()
    figures.register(Momentary(seen, room))
    text = generate_latest(figures) + generate_latest(SINCE_START)
    return PlainTextResponse(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)


class Momentary(Collector):
    """What is so at the moment of asking: the parts of `/ready`, mails by state, room in bytes by folder."""

    def __init__(self, seen: Seen, room: dict[str, int] | None) -> None:
        self.seen, self.room = seen, room

    def collect(self) -> Iterator[Metric]:
        """The figures, for Prometheus."""
        is_right = self.seen.days_are_right and clock.why_not_trusted() is None
        yield GaugeMetricFamily("kontor_database_up", "The database answers.", self.seen.answers)
        writable = self.seen.takes_changes and has_room(self.room)
        yield GaugeMetricFamily(
            "kontor_database_writable", "The database takes changes, and the disks have room.", writable
        )
        yield GaugeMetricFamily(
            "kontor_worker_up", "A worker gave a sign of life within half a minute.", self.seen.worker_lives
        )
        yield GaugeMetricFamily("kontor_clock_right", "The clock is right.", is_right)
        mails = GaugeMetricFamily(
            "kontor_mails", "Mails in the outbox that are not sent, by state.", labels=["state"]
        )
        for state, number in self.seen.mails.items():
            mails.add_metric([state], number)
        yield mails
        free = GaugeMetricFamily("kontor_free_bytes", "Room that is left, by folder.", labels=["folder"])
        for folder, left in (self.room or {}).items():
            free.add_metric([folder], left)
        yield free


async def _look() -> tuple[Seen, dict[str, int] | None]:
    """What database and disks say within `DEADLINE`; of a database that does not answer nothing is known, of the disks
    None.
    """
    seen, room = await asyncio.gather(DATABASE.answer(DEADLINE), DISKS.answer(DEADLINE))
    return seen or Seen(), room


def look_at_database() -> Seen:
    """Asks the database, on a connection of its own: a full pool or a lock elsewhere does not count as away."""
    with Session(probing_engine()) as session:
        session.exec(select(User.id).limit(1)).first()
        heard = session.exec(
            select(WorkerProcess).where(col(WorkerProcess.heard_at) > clock.now() - SILENCE)
        ).first()
        read_only = (
            not is_sqlite(session)
            and session.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
        )
        today = clock.today(load_shop(session).regional.zone)
        return Seen(
            True, not read_only, heard is not None, not is_dated_ahead(session, today), unsent_mails(session)
        )


def free_bytes() -> dict[str, int]:
    """How much room there is in the data folder, in its archive, and with SQLite beside the database; 0 where nothing
    can be written.

    The archive may be a mount of its own. It is made with the first document, so it need not be there.
    """
    folders = {"data": settings().data_dir}
    if settings().archive_dir.exists():
        folders["archive"] = settings().archive_dir
    url = probing_engine().url
    if url.get_backend_name() == "sqlite" and url.database:
        folders["database"] = Path(url.database).parent
    return {
        name: shutil.disk_usage(folder).free if os.access(folder, os.W_OK) else 0
        for name, folder in folders.items()
    }


def has_room(room: dict[str, int] | None) -> bool:
    """Whether there is enough room to go on in each folder; None: a disk did not answer."""
    return room is not None and all(free >= LEAST_ROOM for free in room.values())


def ui_is_there() -> bool:
    """Whether the exported UI that this process serves is whole."""
    return web.is_whole(Path(os.environ.get("REFLEX_WEB_WORKDIR") or web.ui_dir()))


DATABASE, DISKS = Probe(look_at_database), Probe(free_bytes)
