"""The command `kontor`: each module adds its own commands. Exit codes: 0 done, 1 refused or failed, 2 wrong call (RUN-3)."""

import os
import sys
from importlib import import_module

import typer
from pydantic import ValidationError

from backoffice_app import security_log
from backoffice_app.private_files import write_for_owner_only

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
}
"""Each module of `cli` and its commands. Only the module of the wanted command is imported, so a start takes no longer than it must."""
HAVE_NO_DATA = {"ui", "bench", "run", "demo"}
"""Commands without a data folder, and those that look after it when they have read their options."""
HAVE_NO_LOG = {*HAVE_NO_DATA, "worker"}
"""Commands that log nothing, and those whose process logs under a name of its own."""


def app() -> None:
    """Runs the command line of this process. What it writes is for its owner alone, as long as nothing says otherwise.

    A setting that can't be read, or a database that can't work, ends it with exit code 1 and a sentence.
    """
    write_for_owner_only()
    security_log.come_from(f"command line of user {os.getuid()}")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if any(wanted in commands for commands in MODULES.values()) and wanted not in HAVE_NO_LOG:
            from backoffice_app import logs

            logs.start("command", terminal=False)
        command_line(wanted)()
    except ValidationError as wrong:
        if wrong.title != "Settings":
            raise
        for error in wrong.errors():
            name, why = "_".join(map(str, error["loc"])).upper(), error["msg"].removeprefix("Value error, ")
            typer.echo(f"KONTOR_{name} can't be read: {why}.", err=True)
        raise SystemExit(1) from None
    except Exception as error:
        if not (told := _trouble_with_the_database(error)):
            raise
        typer.echo(told, err=True)
        raise SystemExit(1) from None


def _trouble_with_the_database(error: Exception) -> str:
    """The sentence for a database that can't work, and in brackets what it said itself; "" for any other error."""
    from backoffice_app import db_errors  # not at the start of each command
    from backoffice_app.domain.core.errors import Away, Busy, Unknown

    said = error if isinstance(error, Away | Busy | Unknown) else db_errors.trouble_of(error)
    if said is None:
        return ""
    cause = error if said is not error else error.__cause__
    lines = str(getattr(cause, "orig", None) or cause or "").splitlines()
    return said.reason.in_language("en") + (f" ({lines[0]})" if lines else "")


def command_line(wanted: str = "") -> typer.Typer:
    """The command line with the one command `wanted`, or with all if there is none of that name."""
    made = typer.Typer(
        name="kontor",
        help="Kontor, the order back office of a small web shop.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    made.callback()(_kontor)
    needed = [module for module, commands in MODULES.items() if wanted in commands] or list(MODULES)
    for module in needed:
        import_module(f"backoffice_app.cli.{module}").register(made)
    return made


def _kontor(context: typer.Context) -> None:
    """Kontor, the order back office of a small web shop."""
    if context.invoked_subcommand not in HAVE_NO_DATA and "--help" not in sys.argv:
        from backoffice_app.cli.data_folder import require_private_data_folder

        require_private_data_folder()


if __name__ == "__main__":
    app()
