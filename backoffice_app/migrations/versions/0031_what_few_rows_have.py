"""What few documents and payments name is found along an index of those alone (P-3).

An index over all rows says of a column that is nearly always empty that one value stands in nearly all of them: SQLite
then reads the table instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
INDEXES = (("ix_document_credits_id", "document", "credits_id"), ("ix_payment_of_id", "payment", "of_id"))


def upgrade() -> None:
    """Makes both indexes anew, without the rows that name nothing."""
    for name, table, column in INDEXES:
        op.drop_index(name, table)
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Makes them over all rows again."""
    for name, table, column in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, [column])
