"""The demo shop: its accounts and its orders, made at the first start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from backoffice_app import db
from backoffice_app.cli.migrate import refusing_newer, upgrade
from backoffice_app.demo.fill import fill as fill_shop
from backoffice_app.demo.mark import NoDemo, claim, is_demo, is_untouched
from backoffice_app.domain.people import create_demo_accounts
from backoffice_app.migrate import is_empty
from backoffice_app.settings import settings

MAIL_SERVER = "KONTOR_SMTP_URL"
OF_A_SHOP = ("archive", "secret", "setup-key")
"""What is in the data folder of a shop that has been started, also where its database is elsewhere."""


def require_demo_data() -> None:
    """Ends with exit code 1, having changed nothing, unless folder and database are empty or a demo's."""
    with refusing_newer():
        has_tables = _is_there() and not is_empty(db.engine())
    if has_tables and is_demo(db.engine()):
        return
    if any((settings().data_dir / name).exists() for name in OF_A_SHOP):
        raise _refusal(f"The folder {settings().data_dir} belongs to a shop.")
    if has_tables and not is_untouched(db.engine()):
        raise _refusal("The database belongs to a shop.")


def _is_there() -> bool:
    """Whether there is a database to ask: a SQLite file is made by asking it."""
    kind, _colon, path = settings().database.partition(":///")
    return kind != "sqlite" or Path(path).exists()


def fill(orders: int) -> None:
    """An empty shop becomes a demo, with its accounts and `orders` orders, with a progress bar.

    A demo with orders is left as it is.
    """
    upgrade()
    try:
        claim()
    except NoDemo:
        raise _refusal("The database belongs to a shop.") from None
    create_demo_accounts()
    with _no_mail_server(), Progress(transient=True) as progress:
        task = progress.add_task("Filling the demo shop", total=orders)
        for placed in fill_shop(orders):
            progress.update(task, completed=placed)


def _refusal(why: str) -> typer.Exit:
    said = Console(highlight=False).print
    said(
        f"[red]{why}[/red] A demo would fill it with made-up orders and accounts; nothing was changed.",
        soft_wrap=True,
    )
    said("Choose another folder with --data-dir, and another database with --database-url.", soft_wrap=True)
    return typer.Exit(1)


@contextmanager
def _no_mail_server() -> Iterator[None]:
    """A made-up past is not mailed: hundreds of mails would go to nobody, and the first real one would wait behind them
    (M-4).
    """
    given = os.environ.pop(MAIL_SERVER, None)
    settings.cache_clear()
    try:
        yield
    finally:
        if given is not None:
            os.environ[MAIL_SERVER] = given
        settings.cache_clear()
