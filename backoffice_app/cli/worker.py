"""`kontor worker`: a process that only runs jobs, beside web processes that need not (RUN-2)."""

import signal
import threading

import typer
from rich.console import Console

from backoffice_app import logs
from backoffice_app.settings import settings

say = Console(highlight=False).print


def register(app: typer.Typer) -> None:
    """Adds `worker`."""
    app.command()(worker)


def worker() -> None:
    """Run jobs until Ctrl-C: send mails and whatever else must survive. Any number of these may run."""
    from backoffice_app.cli.migrate import refusing_newer
    from backoffice_app.db import engine
    from backoffice_app.migrate import is_current
    from backoffice_app.worker import Worker

    with refusing_newer():
        current = is_current(engine())
    if not current:
        say("[red]The database is not of this version.[/red] Run `kontor migrate` first.")
        raise typer.Exit(1)
    logs.start("worker")
    asked_to_end = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: asked_to_end.set())
    running = Worker("worker")
    say(f"Worker {running.start()} runs.")
    if not settings().smtp_url:
        say("KONTOR_SMTP_URL is not set: mails stay in the outbox.")
    asked_to_end.wait()
    say("Ending after the jobs that run now ...")
    running.stop()
