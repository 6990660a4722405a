"""The demo shop: its accounts and its orders, made at the first start."""

from rich.progress import Progress

from backoffice_app.demo.fill import fill as fill_shop
from backoffice_app.domain.people import create_demo_accounts


def fill(orders: int) -> None:
    """An empty shop gets its demo accounts and `orders` orders, with a progress bar. A shop with orders is left as it is."""
    create_demo_accounts()
    with Progress(transient=True) as progress:
        task = progress.add_task("Filling the demo shop", total=orders)
        for placed in fill_shop(orders):
            progress.update(task, completed=placed)
