"""What looks wrong in addresses, who said that one is right, and what a geocoder found (W-1, W-20)."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
ADDRESS_COLUMNS = (
    sa.Column("findings", sa.Text(), server_default="", nullable=False),
    sa.Column("checked", sa.String(), server_default="", nullable=False),
    sa.Column("confirmed", sa.String(), server_default="", nullable=False),
)
WITH_A_MARK = ("orders", "order_facet")


def upgrade() -> None:
    """Adds columns and a table. The open orders that are there are checked by a job, when the worker starts."""
    for column in ADDRESS_COLUMNS:
        op.add_column("order_address", column.copy())
    for table in WITH_A_MARK:
        op.add_column(
            table, sa.Column("address_warning", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "geocoded_place",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("latitude", sa.BigInteger(), nullable=True),
        sa.Column("longitude", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    """Drops them: the next upgrade finds out again what looks wrong; that an address was said to be right stays in the
    history alone.

    An older Kontor has no facets with a warning; it derives the ones that it knows whenever an order changes.
    """
    op.drop_table("geocoded_place")
    for table in reversed(WITH_A_MARK):
        op.drop_column(table, "address_warning")
    for column in reversed(ADDRESS_COLUMNS):
        op.drop_column("order_address", column.name)
