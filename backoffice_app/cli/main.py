"""The command `kontor`: each module adds its own commands.

Exit codes: 0 done, 1 refused or failed, 2 wrong call (RUN-3).
"""

import errno
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer
from pydantic import ValidationError

from backoffice_app import security_log
from backoffice_app.private_files import write_for_owner_only
from backoffice_app.settings import NoHome, settings

MODULES = {
    "serve": ("run", "demo"),
    "migrate": ("migrate",),
    "verify": ("verify",),
    "import_": ("import",),
    "generate": ("generate",),
    "bench": ("bench",),
    "people": ("user", "api-key"),
    "ui": ("ui",),
    "worker": ("worker",),
    "clock": ("clock",),
    "doctor": ("doctor",),
    "plugin": ("plugin",),
}
"""Each module of `cli` and its commands.

Only the module of the wanted command is imported, so a start takes no longer than it must.
"""
HAVE_NO_DATA = {
    "ui",
    "bench",
    "run",
    "demo",
    "user",
    "api-key",
    "verify",
    "clock",
    "worker",
    "doctor",
    "plugin",
}
"""Commands without a data folder, and those that look after it when they have read their options: some make none where
there isn't one.
"""
HAVE_NO_LOG = {"ui", "bench", "run", "demo", "worker", "doctor", "plugin"}
"""Commands that log nothing, and those whose process logs under a name of its own."""


def app() -> None:
    """Runs the command line of this process. What it writes is for its owner alone, as long as nothing says otherwise.

    A wrong setting ends it with exit code 2 and a sentence that names it; a database that can't work, or a disk, with
    exit code 1.
    """
    write_for_owner_only()
    security_log.come_from(f"command line of user {os.getuid()}")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if any(wanted in commands for commands in MODULES.values()) and wanted not in HAVE_NO_LOG:
            from backoffice_app import logs

            logs.start("command", terminal=False)
        command_line(wanted)()
    except NoHome as wrong:
        typer.echo(str(wrong), err=True)
        raise SystemExit(2) from None
    except ValidationError as wrong:
        if wrong.title != "Settings":
            raise
        for line in _wrong_settings(wrong):
            typer.echo(line, err=True)
        raise SystemExit(2) from None
    except Exception as error:
        if not (told := _trouble_with_the_database(error) or _trouble_with_files(error)):
            raise
        typer.echo(told, err=True)
        raise SystemExit(1) from None


def _wrong_settings(wrong: ValidationError) -> Iterator[str]:
    """A sentence for each wrong setting. What it was set to is not repeated: it may hold a password."""
    for error in wrong.errors():
        name, why = "_".join(map(str, error["loc"])).upper(), error["msg"].removeprefix("Value error, ")
        yield f"KONTOR_{name} is wrong: {why[:1].lower()}{why[1:]}."


def _trouble_with_files(error: Exception) -> str:
    """The sentence for a disk that is full or read-only, or a file that this user may not touch; "" for any other
    error.
    """
    if not isinstance(error, OSError) or error.errno not in {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
    }:
        return ""
    return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."


def _trouble_with_the_database(error: Exception) -> str:
    """The sentence for a database that can't work, and in brackets what it said itself; "" for any other error."""
    from backoffice_app import db_errors  # not at the start of each command
    from backoffice_app.domain.core.errors import Away, Busy, Unknown

    said = error if isinstance(error, Away | Busy | Unknown) else db_errors.trouble_of(error)
    if said is None:
        return ""
    cause = error if said is not error else error.__cause__
    lines = str(getattr(cause, "orig", None) or cause or "").splitlines()
    return said.reason.in_language("en") + (f" ({lines[0]})" if lines else "") + _where_the_database_is(said)


def _where_the_database_is(said: Exception) -> str:
    """The setting that names the database, unless it is merely busy."""
    from backoffice_app.domain.core.errors import Busy

    if isinstance(said, Busy):
        return ""
    given = settings()
    return (
        " KONTOR_DATABASE_URL names it."
        if given.database_url
        else f" It is in {given.data_dir} (KONTOR_DATA_DIR)."
    )


def command_line(wanted: str = "") -> typer.Typer:
    """The command line with the one command `wanted`, or with all if there isn't one of that name."""
    made = typer.Typer(
        name="kontor",
        help="Kontor, the order back office of a small web shop.",
        epilog=(
            "Settings come from the environment: KONTOR_DATA_DIR, KONTOR_DATABASE_URL and others. The "
            "README lists them all."
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    made.callback()(_kontor)
    needed = [module for module, commands in MODULES.items() if wanted in commands] or list(MODULES)
    for module in needed:
        import_module(f"backoffice_app.cli.{module}").register(made)
    return made


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kontor {version('kontor')}")
        raise typer.Exit


def _kontor(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", help="Show the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Kontor, the order back office of a small web shop."""
    if context.invoked_subcommand not in HAVE_NO_DATA and not {"-h", "--help"} & set(sys.argv):
        from backoffice_app.cli.data_folder import require_private_data_folder

        require_private_data_folder()


if __name__ == "__main__":
    app()
