"""The data folder before a command works in it: private, or the command ends."""

import typer

from backoffice_app.private_files import NotPrivate, make_private
from backoffice_app.settings import settings


def require_private_data_folder() -> None:
    """The data folder is there, for its owner alone; ends the command with exit code 1 and the reason if it can't be made so."""
    try:
        make_private(settings().data_dir, settings().database)
    except NotPrivate as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason
