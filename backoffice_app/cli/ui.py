"""`kontor ui`: build the exported UI, or say that it is up to date."""

from typing import Annotated

import typer

from backoffice_app import web


def register(app: typer.Typer) -> None:
    """Adds `ui`."""
    app.command()(ui)


def ui(
    relock: Annotated[bool, typer.Option(help="Take newer npm packages and write reflex.lock.")] = False,
) -> None:
    """Build the user interface, unless the one at hand belongs to this code already."""
    try:
        folder = web.ensure_ui(typer.echo, relock=relock)
    except web.BuildFailed as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(1) from failed
    typer.echo(f"The user interface is in {folder}.")
