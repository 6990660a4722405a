"""Mails with HTML, files and templates of the shop's own; reminders; links to pay (M-1, M-3, W-14)."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds them; mails that are there stay plain text."""
    op.add_column(
        "mail_template", sa.Column("documents", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("mail_template", sa.Column("files", sa.Text(), nullable=False, server_default=""))
    op.add_column("mail_template", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("outbox_mail", sa.Column("html", sa.Text(), nullable=False, server_default=""))
    op.add_column("orders", sa.Column("payment_link", sa.Text(), nullable=False, server_default=""))
    op.add_column("orders", sa.Column("reminder_level", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("orders", sa.Column("reminded_of", sa.String(), nullable=False, server_default=""))
    op.add_column("orders", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.create_table(
        "shop_file",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mail_file",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mail_id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["shop_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_file_mail_id", "mail_file", ["mail_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            refuse = "SELECT RAISE(ABORT, 'mail_file is insert-only');"
            op.execute(
                f"CREATE TRIGGER mail_file_no_{verb.lower()} BEFORE {verb} ON mail_file BEGIN {refuse} END"
            )
    else:
        refuse = "BEFORE UPDATE OR DELETE ON mail_file FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER mail_file_insert_only {refuse}")


def downgrade() -> None:
    """Drops them: mails keep their text, without HTML and without the files of the shop.

    The files stay in the archive.
    """
    op.drop_table("mail_file")
    op.drop_table("shop_file")
    for column in ("reminded_on", "reminded_of", "reminder_level", "payment_link"):
        op.drop_column("orders", column)
    op.drop_column("outbox_mail", "html")
    op.execute("DELETE FROM mail_template WHERE language = ''")
    for column in ("version", "files", "documents"):
        op.drop_column("mail_template", column)
