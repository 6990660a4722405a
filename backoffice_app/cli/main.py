"""The command `kontor`: each module adds its own commands. Exit codes: 0 done, 1 refused or failed, 2 wrong call (RUN-3)."""

import sys
from importlib import import_module

import typer

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


def app() -> None:
    """Runs the command line of this process."""
    command_line(sys.argv[1] if len(sys.argv) > 1 else "")()


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


def _kontor() -> None:
    """Kontor, the order back office of a small web shop."""


if __name__ == "__main__":
    app()
