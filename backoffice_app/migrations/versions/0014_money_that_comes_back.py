"""Money that is moved or charged back, withdrawals, and papers that go along with a mail (PAY-2, RET-4, M-3)."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEYED = sa.text("key <> ''")
REFERRED = sa.text("reference <> ''")
WITHDRAWN = sa.text("withdrawn_at IS NOT NULL")


def upgrade() -> None:
    """Adds them; payments and returns that are there are none of these."""
    op.add_column("payment", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("payment", sa.Column("of_id", BIG, nullable=True))
    op.add_column("payment", sa.Column("fee", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("payment", sa.Column("key", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_payment_of_id", "payment", ["of_id"])
    op.create_index(
        "uq_payment_key",
        "payment",
        ["order_id", "key"],
        unique=True,
        sqlite_where=KEYED,
        postgresql_where=KEYED,
    )
    op.add_column("order_return", sa.Column("withdrawn_at", MOMENT, nullable=True))
    op.add_column("order_return", sa.Column("reference", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "uq_order_return_reference",
        "order_return",
        ["order_id", "reference"],
        unique=True,
        sqlite_where=REFERRED,
        postgresql_where=REFERRED,
    )
    op.create_index(
        "ix_order_return_withdrawn",
        "order_return",
        ["withdrawn_at", "id"],
        sqlite_where=WITHDRAWN,
        postgresql_where=WITHDRAWN,
    )
    op.create_table(
        "mail_paper",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mail_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("snapshot", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_paper_mail_id", "mail_paper", ["mail_id"])
    _allocations(unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            refuse = "SELECT RAISE(ABORT, 'mail_paper is insert-only');"
            op.execute(
                f"CREATE TRIGGER mail_paper_no_{verb.lower()} BEFORE {verb} ON mail_paper BEGIN {refuse} END"
            )
    else:
        refuse = "BEFORE UPDATE OR DELETE ON mail_paper FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER mail_paper_insert_only {refuse}")


def _allocations(*, unique: bool) -> None:
    """Whether a payment may be tied to an invoice only once: what was free of it may pay one that is open again."""
    if op.get_bind().dialect.name == "postgresql":
        if unique:
            op.create_unique_constraint("uq_allocation", "allocation", ["payment_id", "document_id"])
        else:
            op.drop_constraint("uq_allocation", "allocation")
        return
    # SQLite takes no constraint away, so the table is made anew; its triggers go with the old one.
    for column in ("payment_id", "document_id"):
        op.drop_index(f"ix_allocation_{column}", "allocation")
    op.rename_table("allocation", "allocation_before")
    op.create_table(
        "allocation",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name="ck_allocation_amount"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("id"),
        *([sa.UniqueConstraint("payment_id", "document_id", name="uq_allocation")] if unique else []),
    )
    rows = "SELECT id, payment_id, document_id, amount FROM allocation_before"
    op.execute("INSERT INTO allocation (id, payment_id, document_id, amount) " + rows)
    op.execute("DROP TABLE allocation_before")
    for column in ("document_id", "payment_id"):
        op.create_index(f"ix_allocation_{column}", "allocation", [column])
    for verb in ("UPDATE", "DELETE"):
        refuse = "SELECT RAISE(ABORT, 'allocation is insert-only');"
        op.execute(
            f"CREATE TRIGGER allocation_no_{verb.lower()} BEFORE {verb} ON allocation BEGIN {refuse} END"
        )


def downgrade() -> None:
    """Drops them.

    Raises ValueError while money was moved or charged back: an older Kontor would take it for refunds.
    """
    if op.get_bind().execute(sa.text("SELECT count(*) FROM payment WHERE kind <> ''")).scalar():
        raise ValueError(
            "Money was moved between orders or charged back, which an older Kontor would take for refunds."
        )
    double = (
        "SELECT count(*) FROM (SELECT 1 FROM allocation GROUP BY payment_id, document_id HAVING "
        "count(*) > 1) AS double"
    )
    if op.get_bind().execute(sa.text(double)).scalar():
        raise ValueError("A payment was tied to an invoice twice, which an older Kontor can't keep.")
    _allocations(unique=True)
    op.drop_table("mail_paper")
    op.drop_index("ix_order_return_withdrawn", "order_return")
    op.drop_index("uq_order_return_reference", "order_return")
    for column in ("reference", "withdrawn_at"):
        op.drop_column("order_return", column)
    op.drop_index("uq_payment_key", "payment")
    op.drop_index("ix_payment_of_id", "payment")
    for column in ("key", "fee", "of_id", "kind"):
        op.drop_column("payment", column)
