"""`kontor run` and `kontor demo`: the web process, and with it the worker unless told otherwise."""

import errno
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backoffice_app import web
from backoffice_app.cli.data_folder import demo_folder, require_private_data_folder
from backoffice_app.settings import settings

DEMO_ORDERS = 200
THEIRS = ("REFLEX_", "REDIS_URL", "DB_URL", "ASYNC_DB_URL")
"""Names by which Reflex would be set past `rxconfig.py`."""
PATIENCE = {"KONTOR_LOCK_SECONDS": "5", "KONTOR_STATEMENT_SECONDS": "30"}
"""How long people wait for the database at most; commands such as an import take the time they need."""
Port = Annotated[
    int | None, typer.Option(help="Port to listen on; KONTOR_PORT or 3000 without it.", min=1, max=65535)
]
Host = Annotated[str | None, typer.Option(help="Address to listen on; KONTOR_HOST or 127.0.0.1 without it.")]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder for database, archive and logs; KONTOR_DATA_DIR without it.")
]
CONSOLE = Console(highlight=False)
say = CONSOLE.print


def register(app: typer.Typer) -> None:
    """Adds `run` and `demo`."""
    app.command()(run)
    app.command()(demo)


def run(port: Port = None, host: Host = None, data_dir: DataDir = None) -> None:
    """Serve Kontor. The database must be migrated; an empty one is set up."""
    os.environ.pop("KONTOR_DEMO", None)  # it lets the demo's passwords in
    configure(port, host, data_dir)
    require_free_port()
    from backoffice_app.cli.migrate import prepare

    prepare()
    refuse_demo()
    serve(build_ui(), announce_run)


def demo(
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    orders: Annotated[
        int, typer.Option(min=1, help="How many orders a new demo shop is filled with.")
    ] = DEMO_ORDERS,
    database_url: Annotated[
        str, typer.Option(help="An empty PostgreSQL database, or a demo's; SQLite in its folder without it.")
    ] = "",
) -> None:
    """Serve a demo shop with real-looking orders. Its passwords are known to all: never for real data."""
    os.environ["KONTOR_DEMO"] = "1"
    if os.environ.pop("KONTOR_DATABASE_URL", database_url) != database_url:
        say(
            "KONTOR_DATABASE_URL is set but not used: a demo has a database of its own. `--database-url` names another."
        )
    if database_url:
        os.environ["KONTOR_DATABASE_URL"] = database_url
    if data_dir is None and "KONTOR_DATA_DIR" not in os.environ:
        data_dir = demo_folder()
    configure(port, host, data_dir)
    from backoffice_app.cli import demo as demo_shop

    demo_shop.require_demo_data()
    require_free_port()
    ui = build_ui()
    demo_shop.fill(orders)
    serve(ui, announce_demo)


def configure(port: int | None, host: str | None, data_dir: Path | None) -> None:
    """Options become settings of this process and of those it starts."""
    if port is not None:
        os.environ["KONTOR_PORT"] = str(port)
    if host is not None:
        os.environ["KONTOR_HOST"] = host
    if data_dir is not None:
        os.environ["KONTOR_DATA_DIR"] = str(data_dir.expanduser().resolve())
    settings.cache_clear()
    require_private_data_folder()


def require_free_port() -> None:
    """Ends with exit code 1 and a plain sentence if another program listens on the port, or the address is not this
    machine's.
    """
    with socket.socket(socket.AF_INET6 if ":" in settings().host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError as error:
            why = (
                "is taken by another program"
                if error.errno == errno.EADDRINUSE
                else f"can't be used: {error.strerror}"
            )
            say(f"[red]Port {settings().port} on {settings().host} {why}.[/red] Choose another with --port.")
            raise typer.Exit(1) from error


def build_ui() -> Path:
    """The folder of the UI that belongs to this code; ends with exit code 1 and the reason if it can't be built."""
    try:
        return web.ensure_ui(say)
    except web.BuildFailed as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(1) from failed


def refuse_demo() -> None:
    """Ends with exit code 1 if the database is a demo's: everybody knows how to sign in there."""
    from backoffice_app.db import engine
    from backoffice_app.demo.mark import is_demo

    if is_demo(engine()):
        say("[red]This is the data of a demo[/red], whose passwords are known to everybody.")
        say("Start it with `kontor demo`, or choose another folder with --data-dir.")
        raise typer.Exit(1)


def announce_run() -> None:
    """Says where Kontor answers.

    While there is no user, also the address at which the owner is made: on the terminal alone (SEC-3).
    """
    from backoffice_app.domain import people

    say(f"Kontor answers at {settings().public_url}")

    if people.has_users():
        people.forget_setup_key()
        return
    say("Nobody uses this Kontor yet. Its owner is made at this address:")
    say(f"{settings().public_url}/setup?key={people.setup_key()}", soft_wrap=True)


def announce_demo() -> None:
    """Says loudly that this is a demo, with its address and accounts (SEC-3)."""
    from backoffice_app.domain.people import DEMO_ACCOUNTS, DEMO_PASSWORD

    accounts = "\n".join(f"  {email}" for email in DEMO_ACCOUNTS)
    say(
        "\n[bold reverse] THIS IS A DEMO. Its passwords are known to everybody: no real data in here. [/]\n",
        soft_wrap=True,
    )
    say(
        f"Sign in at [bold]{settings().public_url}/login[/] as one of\n{accounts}\n  password: "
        f"[bold]{DEMO_PASSWORD}[/]\n",
        soft_wrap=True,
    )
    say(f"Its data is in {settings().data_dir}. Stop it with Ctrl-C.\n", soft_wrap=True)


def serve(ui: Path, announce: Callable[[], None]) -> None:
    """Becomes the server: granian in this very process, one worker, in a folder of its own. Does not return.

    What `announce` says is printed when the server answers: a person who clicks on the address then gets a page.
    """
    folder = run_folder()
    if settings().redis_url:
        say("KONTOR_REDIS_URL is set but not used: Kontor needs no Redis any more.")
    env = (
        PATIENCE
        | {name: value for name, value in os.environ.items() if not name.startswith(THEIRS)}
        | paths_from_here()
        | {
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_WEB_WORKDIR": str(ui),
            "REFLEX_TELEMETRY_ENABLED": "false",
            "KONTOR_DATA_DIR": str(settings().data_dir.resolve()),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(web.ROOT), os.environ.get("PYTHONPATH")])),
        }
    )
    text = _kept_for_later(announce)
    say("Starting Kontor ...")
    command = [
        sys.executable,
        "-m",
        "backoffice_app.server",
        settings().host,
        str(settings().port),
        str(text),
    ]
    sys.stdout.flush()
    os.chdir(folder)
    os.execve(sys.executable, command, env)  # noqa: S606


def paths_from_here() -> dict[str, str]:
    """The environment variables that name files from this folder, with whole paths: the server runs in a folder of its
    own.
    """
    found = {
        name: str(Path(os.environ[name]).absolute()) for name in ("KONTOR_FONTS",) if os.environ.get(name)
    }
    given = settings()
    if given.plugin_paths:
        found["KONTOR_PLUGINS"] = os.pathsep.join(str(path.absolute()) for path in given.plugin_paths)
    kind, sign, file = given.database_url.partition(":///")
    if kind == "sqlite" and not file.startswith(("/", ":")):
        found["KONTOR_DATABASE_URL"] = f"{kind}{sign}{Path(file).absolute()}"
    return found


def _kept_for_later(announce: Callable[[], None]) -> int:
    """The number of an open file with what `announce` prints.

    A pipe: the text has a key in it that belongs into no list of processes.
    """
    with CONSOLE.capture() as said:
        announce()
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as text:
        text.write(said.get())
    os.set_inheritable(read, True)
    return read


def run_folder() -> Path:
    """The folder the server runs in. Reflex reads its configuration there and nowhere else, and leaves things there.

    Without the file it would silently take its defaults: state on disk, any origin.
    """
    folder = settings().data_dir.resolve() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"rxconfig-{os.getpid()}.draft"
    shutil.copyfile(web.ROOT / "rxconfig.py", draft)
    draft.replace(folder / "rxconfig.py")
    return folder
