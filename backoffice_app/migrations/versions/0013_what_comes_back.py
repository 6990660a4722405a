"""Returns, refunds, the stock of products, drafts, and the day on which a hold ends (RET, PAY-2, STK-1, W-18, W-13)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEYED = sa.text("key <> ''")
COPIED = sa.text("copied_from <> ''")
ORDER_COLUMNS: "tuple[sa.Column[Any], ...]" = (
    sa.Column("hold_until", sa.Date(), nullable=True),
    sa.Column("is_draft", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("copied_from", sa.String(), nullable=False, server_default=""),
    sa.Column("return_count", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("refund_count", sa.BigInteger(), nullable=False, server_default="0"),
)
PRODUCT_COLUMNS: "tuple[sa.Column[Any], ...]" = (
    sa.Column("low_at", sa.BigInteger(), nullable=True),
    sa.Column("on_hand", sa.BigInteger(), nullable=True),
    sa.Column("reserved", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("search", sa.Text(), nullable=False, server_default=""),
)
OPEN, UNSENT, CREDITS = "open_amount <> 0", "sent_at IS NULL", "kind <> 'invoice'"
KEPT = "retired_at IS NULL"
INDEXES: "tuple[tuple[str, str, list[str], str], ...]" = (
    ("ix_document_list", "document", ["issued_on", "id"], ""),
    ("ix_document_total", "document", ["total", "id"], ""),
    ("ix_document_open", "document", ["issued_on", "id", "due_on"], OPEN),
    ("ix_document_open_total", "document", ["total", "id", "due_on"], OPEN),
    ("ix_document_unsent", "document", ["issued_on", "id"], UNSENT),
    ("ix_document_unsent_total", "document", ["total", "id"], UNSENT),
    ("ix_document_credits", "document", ["issued_on", "id"], CREDITS),
    ("ix_document_credits_total", "document", ["total", "id"], CREDITS),
    ("ix_shipment_state", "shipment", ["state", "id"], ""),
    ("ix_shipment_shipped_at", "shipment", ["shipped_at", "id"], "shipped_at IS NOT NULL"),
    (
        "ix_order_line_waits",
        "order_line",
        ["product_id"],
        "product_id IS NOT NULL AND shipped < ordered - cancelled",
    ),
    ("ix_product_kept", "product", ["sku"], KEPT),
    ("ix_product_name", "product", ["name", "id"], KEPT),
    ("ix_product_on_hand", "product", ["on_hand", "id"], f"{KEPT} AND on_hand IS NOT NULL"),
    ("ix_product_low", "product", ["sku"], f"{KEPT} AND on_hand - reserved <= low_at"),
    ("ix_product_out", "product", ["sku"], f"{KEPT} AND on_hand - reserved <= 0"),
    ("ix_product_retired", "product", ["sku"], "retired_at IS NOT NULL"),
)
"""What the lists of invoices, shipments and products are read along: name, table, columns, and of which rows alone."""
RESTOCKED = (
    "(SELECT coalesce(sum(on_hand), 0) FROM stock_movement WHERE order_line_id = {new}.order_line_id AND "
    "kind = 'restocked')"
    " + {new}.on_hand > (SELECT shipped FROM order_line WHERE id = {new}.order_line_id)"
)
"""More of a line would come back into stock than left the house."""
UNSHIPPED = (
    "(SELECT coalesce(sum(on_hand), 0) FROM stock_movement WHERE order_line_id = {new}.order_line_id AND "
    "kind IN ('shipped', 'unshipped'))"
    " + {new}.on_hand > 0"
)
"""More of a line would be put back as not shipped than was taken out of stock as shipped."""


def upgrade() -> None:
    """Adds them; orders that are there have no returns and no refunds of ours, and nobody counts their products yet."""
    for column in ORDER_COLUMNS:
        op.add_column("orders", column.copy())
    op.create_index(
        "ix_orders_copied_from", "orders", ["copied_from"], sqlite_where=COPIED, postgresql_where=COPIED
    )
    for column in PRODUCT_COLUMNS:
        op.add_column("product", column.copy())
    op.create_table(
        "return_reason",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("names", sa.Text(), server_default="", nullable=False),
        sa.Column("pays", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.CheckConstraint("pays in ('customer', 'shop')", name="ck_return_reason_pays"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "return_action",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("names", sa.Text(), server_default="", nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _create_returns()
    op.create_table(
        "refund",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("key", sa.String(), server_default="", nullable=False),
        sa.Column("document_id", BIG, nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_refund_amount"),
        sa.CheckConstraint("state in ('asked', 'sent', 'done', 'failed')", name="ck_refund_state"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("payment_id"),
    )
    op.create_index("ix_refund_order_id", "refund", ["order_id"])
    op.create_index("ix_refund_document_id", "refund", ["document_id"])
    op.create_index(
        "uq_refund_key",
        "refund",
        ["order_id", "key"],
        unique=True,
        sqlite_where=KEYED,
        postgresql_where=KEYED,
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("order_line_id", BIG, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind in ('reserved', 'released', 'shipped', 'unshipped', 'restocked', 'counted')",
            name="ck_stock_movement_kind",
        ),
        sa.CheckConstraint("on_hand <> 0 or reserved <> 0", name="ck_stock_movement_moves"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_stock_movement_product", "stock_movement", ["product_id", "id"])
    op.create_index("ix_stock_movement_order_line_id", "stock_movement", ["order_line_id"])
    op.execute("UPDATE product SET search = ' ' || lower(sku) || ' ' || lower(name)")
    for name, table, columns, where in INDEXES:
        some: dict[str, Any] = (
            {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
        )
        op.create_index(name, table, columns, **some)
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _guard_sqlite() -> None:
    """The index that products are searched in, and what keeps movements as they are and no piece from being restocked
    twice (STK-1).
    """
    how = "content='product', content_rowid='id', tokenize='trigram', detail=none"
    op.execute(f"CREATE VIRTUAL TABLE product_fts USING fts5(search, {how})")
    op.execute("INSERT INTO product_fts(product_fts) VALUES ('rebuild')")
    gone = "INSERT INTO product_fts(product_fts, rowid, search) VALUES ('delete', old.id, old.search);"
    come = "INSERT INTO product_fts(rowid, search) VALUES (new.id, new.search);"
    op.execute(f"CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN {come} END")
    op.execute(f"CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER product_search_update AFTER UPDATE OF search ON product BEGIN {gone} {come} END"
    )
    for verb in ("UPDATE", "DELETE"):
        refuse = "SELECT RAISE(ABORT, 'stock_movement is insert-only');"
        op.execute(
            f"CREATE TRIGGER stock_movement_no_{verb.lower()} BEFORE {verb} ON stock_movement BEGIN {refuse} END"
        )
    for kind, test in (("restocked", RESTOCKED), ("unshipped", UNSHIPPED)):
        when = f"new.kind = '{kind}' AND new.order_line_id IS NOT NULL AND {test.format(new='new')}"
        refuse = "SELECT RAISE(ABORT, 'more would come back than went out');"
        op.execute(
            f"CREATE TRIGGER stock_movement_{kind} BEFORE INSERT ON stock_movement WHEN {when} BEGIN {refuse} END"
        )


def _guard_postgres() -> None:
    """The same in the words of PostgreSQL."""
    op.execute("CREATE INDEX product_search_trgm ON product USING gin (search gin_trgm_ops)")
    op.execute(
        "CREATE TRIGGER stock_movement_insert_only BEFORE UPDATE OR DELETE ON stock_movement FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change()"
    )
    tests = (("restocked", RESTOCKED), ("unshipped", UNSHIPPED))
    when = " OR ".join(f"(NEW.kind = '{kind}' AND {test.format(new='NEW')})" for kind, test in tests)
    op.execute(
        "CREATE FUNCTION refuse_more_than_went_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.order_line_id IS NOT NULL AND ({when}) THEN "
        "RAISE EXCEPTION 'more would come back than went out' USING ERRCODE = "
        "'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER stock_movement_sum BEFORE INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION "
        "refuse_more_than_went_out()"
    )


def _create_returns() -> None:
    op.create_table(
        "order_return",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("action_id", BIG, nullable=True),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("pays", sa.String(), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("document_id", BIG, nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state in ('requested', 'approved', 'received', 'completed', 'rejected', 'cancelled')",
            name="ck_order_return_state",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.ForeignKeyConstraint(["reason_id"], ["return_reason.id"]),
        sa.ForeignKeyConstraint(["action_id"], ["return_action.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_order_return_order_id", "order_return", ["order_id"])
    op.create_index("ix_order_return_document_id", "order_return", ["document_id"])
    op.create_index("ix_order_return_state", "order_return", ["state", "id"])
    op.create_table(
        "return_line",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("return_id", BIG, nullable=False),
        sa.Column("order_line_id", BIG, nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("restocked", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("condition", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "quantity >= 0 and (quantity > 0 or received > 0)", name="ck_return_line_quantity"
        ),
        sa.CheckConstraint("0 <= restocked and restocked <= received", name="ck_return_line_restocked"),
        sa.ForeignKeyConstraint(["return_id"], ["order_return.id"]),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("return_id", "order_line_id", name="uq_return_line"),
    )
    op.create_index("ix_return_line_order_line_id", "return_line", ["order_line_id"])


def downgrade() -> None:
    """Drops them all.

    Drafts would be taken for orders, so they can't be kept; raises ValueError while there are some.
    """
    if op.get_bind().execute(sa.text("SELECT count(*) FROM orders WHERE is_draft")).scalar():
        raise ValueError(
            "There are drafts, which an older Kontor would take for orders: place or delete them first."
        )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("product_search_insert", "product_search_delete", "product_search_update"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE product_fts")
    else:
        op.execute("DROP TRIGGER stock_movement_sum ON stock_movement")
        op.execute("DROP FUNCTION refuse_more_than_went_out")
        op.execute("DROP INDEX product_search_trgm")
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table)
    for table in (
        "stock_movement",
        "refund",
        "return_line",
        "order_return",
        "return_action",
        "return_reason",
    ):
        op.drop_table(table)
    for column in reversed(PRODUCT_COLUMNS):
        op.drop_column("product", column.name)
    op.drop_index("ix_orders_copied_from", "orders")
    for column in reversed(ORDER_COLUMNS):
        op.drop_column("orders", column.name)
