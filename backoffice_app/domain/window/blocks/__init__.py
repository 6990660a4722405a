"""The blocks of the order window, one file each.

Importing this registers what they read; how each looks is in `pages.order_window`.
"""

from backoffice_app.domain.window.blocks import (
    addresses,
    cancelling,
    customer,
    head,
    history,
    invoices,
    notes,
    payment,
    products,
    shipments,
    shipping,
    tags_and_files,
    tasks,
    telling,
    tickets,
)

__all__ = [
    "addresses",
    "cancelling",
    "customer",
    "head",
    "history",
    "invoices",
    "notes",
    "payment",
    "products",
    "shipments",
    "shipping",
    "tags_and_files",
    "tasks",
    "telling",
    "tickets",
]
