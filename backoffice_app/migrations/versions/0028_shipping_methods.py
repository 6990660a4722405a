"""Which shipping methods the customer fetches, and their order among the choices (SHIP-2, W-5)."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, empty: of all methods and orders their words tell it, as before."""
    op.add_column("shipping_method", sa.Column("pickup", sa.String(), nullable=False, server_default=""))
    op.add_column("shipping_method", sa.Column("rank", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("orders", sa.Column("pickup", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops them: what the settings said of pick-up is lost, and the words of each method tell it again."""
    op.drop_column("orders", "pickup")
    op.drop_column("shipping_method", "rank")
    op.drop_column("shipping_method", "pickup")
