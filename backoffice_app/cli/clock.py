"""`kontor clock`: what to do after the clock of the machine was wrong (INV-2)."""

from typing import Annotated

import typer

from backoffice_app.cli.migrate import require_shop
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.invoicing.days import confirm_clock


def register(app: typer.Typer) -> None:
    """Adds `clock`."""
    app.command("clock")(show)


def show(
    is_right: Annotated[
        bool, typer.Option("--is-right", help="The clock is right now: invoices bear the day of today again.")
    ] = False,
) -> None:
    """Say what time it is here. After a clock that was ahead, `--is-right` lets invoices be issued again."""
    require_shop()
    typer.echo(f"It is {clock.now():%Y-%m-%d %H:%M} UTC.")
    if not is_right:
        return
    found = confirm_clock(COMMAND)
    for kind, was in found:
        typer.echo(f"The last {kind} bears {was.isoformat()}; the next one bears the day of today.")
    if not found:
        typer.echo("No document bears a day in the future. Nothing was changed.")
