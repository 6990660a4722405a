"""Who collects the money of a payment method, which VAT shipping and payment cost have, and which invoices wait."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = ("invoicing", "shipping_vat_category", "payment_vat_category")
Row = Mapping[str, Any]


def upgrade() -> None:
    """Adds the columns; a provider stays a provider, every other method is taken for a transfer, as it was treated so
    far.
    """
    for name in WORDS:
        op.add_column("orders", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column(
        "order_facet", sa.Column("invoice_waits", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _replace_methods(
        sa.Column("collects", sa.String(), nullable=False),
        lambda row: "provider" if row["by_provider"] else "transfer",
    )


def downgrade() -> None:
    """Drops them: which invoices wait is forgotten, and so is who collects unless it is a provider."""
    _replace_methods(
        sa.Column("by_provider", sa.Boolean(), nullable=False), lambda row: row["collects"] == "provider"
    )
    op.execute(sa.text("DELETE FROM view_count WHERE view = 'invoice-waits'"))
    op.drop_column("order_facet", "invoice_waits")
    for name in reversed(WORDS):
        op.drop_column("orders", name)


def _replace_methods(column: "sa.Column[Any]", value: Callable[[Row], object]) -> None:
    """Makes the table of payment methods anew with `column` in the place of another; its few rows are kept."""
    rows = op.get_bind().execute(sa.text("SELECT * FROM payment_method")).mappings().all()
    op.drop_table("payment_method")
    made = op.create_table(
        "payment_method",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("names", sa.Text(), server_default="", nullable=False),
        column,
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    retired = sa.text("UPDATE payment_method SET retired_at = :retired_at WHERE key = :key")
    for row in rows:
        op.bulk_insert(made, [{"key": row["key"], "names": row["names"], column.name: value(dict(row))}])
        if row["retired_at"] is not None:
            op.get_bind().execute(retired, {"key": row["key"], "retired_at": row["retired_at"]})
