"""How many digits the numbers of a series have, where a shop goes on with its own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; no value: as many digits as is usual."""
    op.add_column("number_series", sa.Column("width", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drops it: numbers of a shop's own width have the usual one from then on."""
    op.drop_column("number_series", "width")
