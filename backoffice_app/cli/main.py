"""The command `kontor`: every sub module adds its own commands. Exit codes: 0 done, 1 refused or failed, 2 wrong call (RUN-3)."""

import typer

from backoffice_app.cli import migrate, serve, ui, verify

app = typer.Typer(
    name="kontor",
    help="Kontor, the order back office of a small web shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (serve, migrate, verify, ui):
    module.register(app)


if __name__ == "__main__":
    app()
