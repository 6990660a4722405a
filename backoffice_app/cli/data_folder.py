"""The data folder before a command works in it: there where it must be, and private, or the command ends."""

import os
from pathlib import Path

import typer

from backoffice_app.private_files import NotPrivate, make_private
from backoffice_app.settings import settings


def require_private_data_folder() -> None:
    """The data folder is there, for its owner alone; ends the command with exit code 1 and the reason if it can't be
    made so.
    """
    try:
        make_private(settings().data_dir, settings().database)
    except NotPrivate as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason


def require_database_file() -> None:
    """Ends the command with exit code 1, having made nothing, if the database is a SQLite file that is not there."""
    kind, _colon, path = settings().database.partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        raise no_kontor_here()


def demo_folder() -> Path:
    """Where a demo has its data unless told otherwise: beside a shop's."""
    return settings().data_dir.with_name("kontor-demo")


def shops_place() -> str:
    """Where the shop is that a command is about, as the end of a sentence."""
    return (
        "in the database that KONTOR_DATABASE_URL names"
        if settings().database_url
        else f"in {settings().data_dir}"
    )


def no_kontor_here() -> typer.Exit:
    """The end of a command that found no shop: exit code 1, and where it looked."""
    typer.echo(f"There is no Kontor {shops_place()}. Nothing was made.", err=True)
    typer.echo(
        "Set KONTOR_DATA_DIR, and KONTOR_DATABASE_URL if the service has one, as the service has them.",
        err=True,
    )
    typer.echo("`kontor run` or `kontor migrate` makes a new shop.", err=True)
    demo = demo_folder()
    if "KONTOR_DATA_DIR" not in os.environ and demo.is_dir():
        typer.echo(f"The demo's shop is in {demo}: set KONTOR_DATA_DIR to this folder.", err=True)
    return typer.Exit(1)
