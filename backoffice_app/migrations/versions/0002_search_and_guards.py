"""The search index, the end of the hash chain, and the guards that keep rows insert-only."""

import hashlib

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PREFIXED = (
    ("orders", "number"),
    ("document", "number"),
    ("shipment", "number"),
    ("parcel", "tracking_number"),
)
INSERT_ONLY = ("payment", "history", "document_version", "archived_file", "allocation", "mail_attachment")
ISSUED = (
    "public_id",
    "order_id",
    "kind",
    "number",
    "language",
    "issued_on",
    "issued_at",
    "due_on",
    "currency",
    "net",
    "vat",
    "total",
    "credits_id",
)


def upgrade() -> None:
    """Makes the index and the guards, each in the words of its database."""
    genesis = hashlib.sha256(b"Kontor history").hexdigest()
    op.execute(
        "INSERT INTO chain_head (id, sequence, hash) SELECT 1, sequence, hash FROM history ORDER BY sequence "
        "DESC LIMIT 1"
    )
    first = f"SELECT 1, 0, '{genesis}' WHERE NOT EXISTS (SELECT 1 FROM chain_head)"  # noqa: S608
    op.execute(f"INSERT INTO chain_head (id, sequence, hash) {first}")
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgres()


def _upgrade_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE order_fts USING fts5(doc, content='order_search', content_rowid='id', "
        "tokenize='trigram', detail=none)"
    )
    op.execute("INSERT INTO order_fts(order_fts) VALUES ('rebuild')")
    gone = "INSERT INTO order_fts(order_fts, rowid, doc) VALUES ('delete', old.id, old.doc);"
    come = "INSERT INTO order_fts(rowid, doc) VALUES (new.id, new.doc);"
    op.execute(f"CREATE TRIGGER order_search_insert AFTER INSERT ON order_search BEGIN {come} END")
    op.execute(f"CREATE TRIGGER order_search_delete AFTER DELETE ON order_search BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER order_search_update AFTER UPDATE ON order_search BEGIN {gone} {come} END")
    for table in INSERT_ONLY:
        for verb in ("UPDATE", "DELETE"):
            refuse = f"SELECT RAISE(ABORT, '{table} is insert-only');"
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN {refuse} END"
            )
    op.execute(
        "CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'document is "
        "never deleted'); END"
    )
    op.execute(
        f"CREATE TRIGGER document_no_update BEFORE UPDATE OF {', '.join(ISSUED)} ON document "
        "BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END"
    )


def _upgrade_postgres() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX order_search_trgm ON order_search USING gin (doc gin_trgm_ops)")
    for (
        table,
        column,
    ) in PREFIXED:  # found by their beginning in any collation; SQLite's own indexes can do that
        op.execute(f"CREATE INDEX {table}_{column}_prefix ON {table} ({column} text_pattern_ops)")
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = "
        "'integrity_constraint_violation'; END $$"
    )
    for table in INSERT_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE "
            f"FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER document_no_delete BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER document_no_update BEFORE UPDATE OF {', '.join(ISSUED)} ON document FOR EACH ROW "
        f"EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Takes index and guards away; the rows stay."""
    if op.get_bind().dialect.name == "sqlite":
        for trigger in (
            "order_search_insert",
            "order_search_delete",
            "order_search_update",
            "document_no_delete",
            "document_no_update",
        ):
            op.execute(f"DROP TRIGGER {trigger}")
        for table in INSERT_ONLY:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        op.execute("DROP TABLE order_fts")
    else:
        for table in INSERT_ONLY:
            op.execute(f"DROP TRIGGER {table}_insert_only ON {table}")
        for trigger in ("document_no_delete", "document_no_update"):
            op.execute(f"DROP TRIGGER {trigger} ON document")
        op.execute("DROP FUNCTION refuse_change")
        op.execute("DROP INDEX order_search_trgm")
        for table, column in PREFIXED:
            op.execute(f"DROP INDEX {table}_{column}_prefix")
    op.execute("DELETE FROM chain_head")
