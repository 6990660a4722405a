"""`kontor run` and `kontor demo`: the web process, and with it the worker unless told otherwise."""

import errno
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backoffice_app import web
from backoffice_app.cli.data_folder import require_private_data_folder
from backoffice_app.settings import settings

DEMO_ORDERS = 200
PATIENCE = {"KONTOR_LOCK_SECONDS": "5", "KONTOR_STATEMENT_SECONDS": "30"}
"""How long people wait for the database at most; commands such as an import take the time they need."""
Port = Annotated[int | None, typer.Option(help="Port to listen on; KONTOR_PORT or 3000 without it.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder for database, archive and logs; KONTOR_DATA_DIR without it.")]
say = Console(highlight=False).print


def register(app: typer.Typer) -> None:
    """Adds `run` and `demo`."""
    app.command()(run)
    app.command()(demo)


def run(port: Port = None, data_dir: DataDir = None) -> None:
    """Serve Kontor. The database must be migrated; an empty one is set up."""
    configure(port, data_dir)
    require_free_port()
    ui = build_ui()
    from backoffice_app.cli.migrate import prepare

    prepare()
    say(f"Kontor answers at {settings().public_url}")
    serve(ui)


def demo(
    port: Port = None,
    data_dir: DataDir = None,
    orders: Annotated[int, typer.Option(min=1, help="How many orders a new demo shop is filled with.")] = DEMO_ORDERS,
) -> None:
    """Serve a demo shop with real-looking orders. Its passwords are known to all: never for real data."""
    os.environ["KONTOR_DEMO"] = "1"
    if data_dir is None and "KONTOR_DATA_DIR" not in os.environ:
        data_dir = settings().data_dir.with_name("kontor-demo")
    configure(port, data_dir)
    require_free_port()
    ui = build_ui()
    from backoffice_app.cli import demo as demo_shop
    from backoffice_app.cli.migrate import upgrade

    upgrade()
    demo_shop.fill(orders)
    announce_demo()
    serve(ui)


def configure(port: int | None, data_dir: Path | None) -> None:
    """Options become settings of this process and of those it starts."""
    if port is not None:
        os.environ["KONTOR_PORT"] = str(port)
    if data_dir is not None:
        os.environ["KONTOR_DATA_DIR"] = str(data_dir.expanduser().resolve())
    settings.cache_clear()
    require_private_data_folder()


def require_free_port() -> None:
    """Ends with exit code 1 and a plain sentence if somebody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"can't be used: {error.strerror}"
            say(f"[red]Port {settings().port} on {settings().host} {why}.[/red] Choose another with --port.")
            raise typer.Exit(1) from error


def build_ui() -> Path:
    """The folder of the UI that belongs to this code; ends with exit code 1 and the reason if it can't be built."""
    try:
        return web.ensure_ui(say)
    except web.BuildFailed as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(1) from failed


def announce_demo() -> None:
    """Says loudly that this is a demo, with its address and accounts (SEC-3)."""
    from backoffice_app.domain.people import DEMO_ACCOUNTS, DEMO_PASSWORD

    accounts = "\n".join(f"  {email}" for email in DEMO_ACCOUNTS)
    say("\n[bold reverse] THIS IS A DEMO. Its passwords are known to everybody: no real data in here. [/]\n")
    say(f"Sign in at [bold]{settings().public_url}/login[/] as one of\n{accounts}\n  password: [bold]{DEMO_PASSWORD}[/]\n")
    say(f"Its data lies in {settings().data_dir}. Stop it with Ctrl-C.\n")


def serve(ui: Path) -> None:
    """Becomes the server: granian in this very process, one worker, in a folder of its own. Does not return."""
    folder = run_folder()
    env = PATIENCE | os.environ | {
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_WEB_WORKDIR": str(ui),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "KONTOR_DATA_DIR": str(settings().data_dir.resolve()),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(web.ROOT), os.environ.get("PYTHONPATH")])),
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1", "--no-access-log"]
    command += ["--log-level", "warning", "--host", settings().host, "--port", str(settings().port), "backoffice_app.backoffice_app:app"]
    sys.stdout.flush()
    os.chdir(folder)
    os.execve(sys.executable, command, env)  # noqa: S606


def run_folder() -> Path:
    """The folder the server runs in. Reflex reads its configuration there and nowhere else, and leaves things there.

    Without the file it would silently take its defaults: state on disk, any origin, no Redis.
    """
    folder = settings().data_dir.resolve() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"rxconfig-{os.getpid()}.draft"
    shutil.copyfile(web.ROOT / "rxconfig.py", draft)
    draft.replace(folder / "rxconfig.py")
    return folder
