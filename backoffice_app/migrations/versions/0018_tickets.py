"""Tickets with their messages, and what a mail answers (T-6, API-4, M-1)."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
INDEXES: "tuple[tuple[str, str, list[str], bool, str], ...]" = (
    ("ix_ticket_email", "ticket", ["email"], False, ""),
    ("ix_ticket_order_id", "ticket", ["order_id"], False, ""),
    ("ix_ticket_customer_id", "ticket", ["customer_id"], False, ""),
    ("ix_ticket_last", "ticket", ["last_at", "id"], False, ""),
    ("ix_ticket_state", "ticket", ["state", "last_at", "id"], False, ""),
    ("ix_ticket_assignee", "ticket", ["assignee_id", "last_at", "id"], False, ""),
    ("ix_ticket_open", "ticket", ["id"], False, "state = 'open'"),
    ("uq_ticket_reference", "ticket", ["source", "external_reference"], True, "external_reference <> ''"),
    ("uq_ticket_key", "ticket", ["sent_by", "idempotency_key"], True, "idempotency_key <> ''"),
    ("ix_ticket_message_ticket_id", "ticket_message", ["ticket_id"], False, ""),
    ("uq_ticket_message_id", "ticket_message", ["sent_by", "message_id"], True, "message_id <> ''"),
    ("uq_ticket_message_once", "ticket_message", ["ticket_id", "once"], True, "once <> ''"),
    ("ix_ticket_message_mail", "ticket_message", ["mail_id"], False, "mail_id IS NOT NULL"),
)
"""Name, table, columns, whether unique, and of which rows alone."""


def _word(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def upgrade() -> None:
    """Adds the two tables; mails that are there answer nothing."""
    op.add_column("outbox_mail", _word("in_reply_to"))
    op.add_column("outbox_mail", sa.Column("refers_to", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "ticket",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("mark"),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        _word("name"),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        _word("order_given"),
        sa.Column("customer_id", BIG, nullable=True),
        sa.Column("assignee_id", BIG, nullable=True),
        _word("source"),
        _word("external_reference"),
        sa.Column("sent_by", sa.BigInteger(), server_default="0", nullable=False),
        _word("idempotency_key"),
        _word("sent_digest"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state in ('open', 'answered', 'to do', 'closed')", name="ck_ticket_state"),
        sa.CheckConstraint("mark in ('', 'to do', 'closed')", name="ck_ticket_mark"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["assignee_id"], ["app_user.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "ticket_message",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        _word("author"),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        _word("language"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sent_by", sa.BigInteger(), server_default="0", nullable=False),
        _word("message_id"),
        _word("once"),
        sa.Column("mail_id", BIG, nullable=True),
        _word("mark_before"),
        sa.CheckConstraint("kind in ('in', 'out', 'memo')", name="ck_ticket_message_kind"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, table, columns, unique, where in INDEXES:
        some = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
        op.create_index(name, table, columns, unique=unique, **some)  # type: ignore[arg-type]


def downgrade() -> None:
    """Drops them: the mails that went out stay in the outbox, and the history tells of the tickets."""
    op.drop_table("ticket_message")
    op.drop_table("ticket")
    op.drop_column("outbox_mail", "refers_to")
    op.drop_column("outbox_mail", "in_reply_to")
