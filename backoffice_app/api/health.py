"""For whoever watches the process: alive, ready, and a few figures (RUN-4)."""

import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from backoffice_app import web
from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.marks import public
from backoffice_app.models import User, WorkerProcess

router = APIRouter(include_in_schema=False)
STARTED = time.time()
SILENCE = timedelta(seconds=30)


@router.get("/health")
@public
async def health() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/ready")
@public
def ready() -> JSONResponse:
    """200 if database, worker and UI are there, else 503; each part is named."""
    parts = {"database": database_answers(), "worker": worker_lives(), "ui": ui_is_there()}
    return JSONResponse({"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503)


@router.get("/metrics")
@public
def metrics() -> PlainTextResponse:
    """Figures of this process in Prometheus' text format."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    figures = {
        "kontor_database_up gauge": int(database_answers()),
        "kontor_worker_up gauge": int(worker_lives()),
        "process_start_time_seconds gauge": STARTED,
        "process_cpu_seconds_total counter": usage.ru_utime + usage.ru_stime,
        "process_max_resident_memory_bytes gauge": peak,
        "process_pid gauge": os.getpid(),
    }
    lines = [f"# TYPE {name}\n{name.split()[0]} {value}" for name, value in figures.items()]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def database_answers() -> bool:
    """Whether the database takes a query and holds Kontor's tables."""
    try:
        with reading() as session:
            session.exec(select(User.id).limit(1)).first()
    except SQLAlchemyError:
        return False
    return True


def worker_lives() -> bool:
    """Whether some worker gave a sign of life within the last half minute."""
    try:
        with reading() as session:
            return session.exec(select(WorkerProcess).where(col(WorkerProcess.heard_at) > clock.now() - SILENCE)).first() is not None
    except SQLAlchemyError:
        return False


def ui_is_there() -> bool:
    """Whether the exported UI that this process serves is whole."""
    return web.is_whole(Path(os.environ.get("REFLEX_WEB_WORKDIR") or web.ui_dir()))
