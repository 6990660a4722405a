"""The demo shop: its accounts and its orders, made at the first start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from backoffice_app.demo.fill import fill as fill_shop
from backoffice_app.domain.people import create_demo_accounts
from backoffice_app.settings import settings

MAIL_SERVER = "KONTOR_SMTP_URL"


def fill(orders: int) -> None:
    """An empty shop gets its demo accounts and `orders` orders, with a progress bar. A shop with orders is left as it is."""
    create_demo_accounts()
    with _no_mail_server(), Progress(transient=True) as progress:
        task = progress.add_task("Filling the demo shop", total=orders)
        for placed in fill_shop(orders):
            progress.update(task, completed=placed)


@contextmanager
def _no_mail_server() -> Iterator[None]:
    """A made-up past is not mailed: hundreds of mails would go to nobody, and the first real one would wait behind them (M-4)."""
    given = os.environ.pop(MAIL_SERVER, None)
    settings.cache_clear()
    try:
        yield
    finally:
        if given is not None:
            os.environ[MAIL_SERVER] = given
        settings.cache_clear()
