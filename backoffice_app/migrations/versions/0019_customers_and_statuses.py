"""What the shop keeps of its customers, who two records are one person, and statuses that tell the customer (W-7, W-8,
W-19, T-1).
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CUSTOMER: tuple[sa.Column[object], ...] = (
    sa.Column("note", sa.Text(), server_default="", nullable=False),
    sa.Column("own_fields", sa.Text(), server_default="", nullable=False),
    sa.Column("mails_off", sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column("merged_into_id", BIG, nullable=True),
    sa.Column("search", sa.Text(), server_default="", nullable=False),
    sa.Column("sort_name", sa.String(), server_default="", nullable=False),
)
INDEXES = (
    ("ix_customer_sort_name", ["sort_name", "id"], ""),
    ("ix_customer_warned", ["id"], "warning <> ''"),
    ("ix_customer_mails_off", ["id"], "mails_off"),
    ("ix_customer_merged_into", ["merged_into_id"], "merged_into_id IS NOT NULL"),
)
AT_ONCE = 5_000
WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def upgrade() -> None:
    """Adds the columns; customers that are there are found by what is known of them."""
    for column in CUSTOMER:
        op.add_column("customer", column.copy())
    op.add_column("orders", sa.Column("own_fields", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "custom_status", sa.Column("mails", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _fill()
    for name, columns, where in INDEXES:
        some = sa.text(where) if where else None
        op.create_index(name, "customer", columns, sqlite_where=some, postgresql_where=some)
    if op.get_bind().dialect.name == "sqlite":
        _search_sqlite()
    else:
        op.execute("CREATE INDEX customer_search_trgm ON customer USING gin (search gin_trgm_ops)")


def _search_sqlite() -> None:
    how = "content='customer', content_rowid='id', tokenize='trigram', detail=none"
    op.execute(f"CREATE VIRTUAL TABLE customer_fts USING fts5(search, {how})")
    op.execute("INSERT INTO customer_fts(customer_fts) VALUES ('rebuild')")
    gone = "INSERT INTO customer_fts(customer_fts, rowid, search) VALUES ('delete', old.id, old.search);"
    come = "INSERT INTO customer_fts(rowid, search) VALUES (new.id, new.search);"
    op.execute(f"CREATE TRIGGER customer_search_insert AFTER INSERT ON customer BEGIN {come} END")
    op.execute(f"CREATE TRIGGER customer_search_delete AFTER DELETE ON customer BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER customer_search_update AFTER UPDATE OF search ON customer BEGIN {gone} {come} END"
    )


def _fill() -> None:
    """Search text and name to sort by, as the program writes them from now on."""
    connection = op.get_bind()
    page = sa.text(
        "SELECT id, number, external_reference, email, first_name, last_name, company, phone FROM customer "
        "WHERE id > :last "
        "ORDER BY id LIMIT :most"
    )
    write = sa.text("UPDATE customer SET search = :search, sort_name = :sort_name WHERE id = :id")
    last = 0
    while rows := connection.execute(page, {"last": last, "most": AT_ONCE}).all():
        connection.execute(write, [_derived(row) for row in rows])
        last = rows[-1].id


def _derived(row: sa.Row[tuple[str, ...]]) -> dict[str, object]:
    name = f"{row.first_name} {row.last_name}".strip()
    words = f"{_folded(name)} {_folded(row.company)}".split()
    for long, short in UMLAUTS:
        words += [word.replace(long, short) for word in words if long in word]
    numbers = [_folded(text) for text in (row.number, row.external_reference, row.email) if text]
    digits = "".join(character for character in row.phone if character.isdigit())
    text = " ".join(dict.fromkeys([*words, *numbers, *([digits] if digits else [])]))
    return {
        "id": row.id,
        "search": f" {text} ",
        "sort_name": _folded(f"{row.last_name} {row.first_name}".strip() or row.company)[:60],
    }


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold().translate(WHOLE)
    return "".join(c if c < "\x80" else f"u{ord(c):04x}" for c in letters if not unicodedata.combining(c))


def downgrade() -> None:
    """Drops them. Raises ValueError while customers are merged: an older Kontor would take them for two."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM customer WHERE merged_into_id IS NOT NULL")).scalar():
        raise ValueError("Customers were merged, whom an older Kontor would take for two.")
    if connection.dialect.name == "sqlite":
        for trigger in ("customer_search_insert", "customer_search_delete", "customer_search_update"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE customer_fts")
    else:
        op.execute("DROP INDEX customer_search_trgm")
    for name, _columns, _where in INDEXES:
        op.drop_index(name, "customer")
    op.drop_column("custom_status", "mails")
    op.drop_column("orders", "own_fields")
    for column in reversed(CUSTOMER):
        op.drop_column("customer", column.name)
