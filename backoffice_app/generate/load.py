"""Bulk loading: one transaction a batch, numbers drawn under its lock, indexes and search built at the end (P-10)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Index, text
from sqlmodel import Session, SQLModel

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.number_series import SERIES
from backoffice_app.domain.core.payment_methods import Collects
from backoffice_app.domain.core.search_text import product_text
from backoffice_app.domain.core.shop import Company, Shop, load_shop, save_section
from backoffice_app.domain.invoicing.ready import is_set_up
from backoffice_app.generate.columns import COLUMNS
from backoffice_app.generate.maker import Batch, Counters, Maker
from backoffice_app.generate.pools import PAYMENT_METHODS, PRODUCTS, SHIPPING_METHODS
from backoffice_app.generate.rows import make_order

BATCH = 2_000
COMPANY = Company(
    name="Beispielhandel GmbH",
    street="Musterstraße 1",
    postcode="20457",
    city="Hamburg",
    vat_id="DE136695976",
    email="shop@example.com",
)
"""The seller of generated orders where the shop has none yet."""
MANY = 20_000
"""From this many orders into an empty database on, indexes are dropped for the time of loading."""
SEARCH_TRIGGERS = tuple(
    f"{table}_search_{verb}" for table in ("order", "customer") for verb in ("insert", "update", "delete")
)
SEARCHED = (("order_search", "doc"), ("customer_search", "search"))
"""PostgreSQL's search indexes, by the beginning of their names, and the columns they are on."""
NUMBERED = ("customer", "orders", "order_line", "payment", "shipment", "document")
"""Tables whose ids the rows give themselves, because other rows refer to them."""


def generate(
    engine: Engine, count: int, seed: int = 1, progress: Callable[[int], None] = lambda _done: None
) -> None:
    """Adds `count` orders with all that belongs to them; the same seed gives the same orders.

    `progress` is told after each batch.

    Every batch is one transaction: killed in between, what is there is whole. Orders are placed up to the present
    moment.
    """
    now = clock.now()
    sqlite = engine.dialect.name == "sqlite"
    with Session(engine) as session:
        shop = _shop(session)
        products = _prepare(session, now)
        is_many = (
            count >= MANY and not session.connection().execute(text("SELECT 1 FROM orders LIMIT 1")).first()
        )
        session.commit()
    maker = Maker(count, seed, shop, now=now, suffix="" if sqlite else "+00", products=products)
    with _fast(engine, is_many=is_many):
        for first in range(0, count, BATCH):
            _load(engine, maker, first, min(BATCH, count - first))
            progress(min(first + BATCH, count))


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction that keeps little in memory: SQLite neither maps the file nor sorts indexes there."""
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            for pragma in ("mmap_size=0", "temp_store=FILE"):
                raw.execute(f"PRAGMA {pragma}")
        with connection.begin():
            yield connection
        if engine.dialect.name == "sqlite":
            connection.invalidate()  # what follows gets a connection as `db.py` sets it up


def _load(engine: Engine, maker: Maker, first: int, count: int) -> None:
    with _transaction(engine) as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("LOCK TABLE orders IN EXCLUSIVE MODE"))
            _without_key_checks(connection)
        at = _counters(connection)
        batch = Batch()
        for index in range(first, first + count):
            make_order(maker, index, batch, at)
        _write(connection, batch)
        _move_on(connection, batch, at)


def _shop(session: Session) -> Shop:
    """The shop that the orders are for; a company whose data are missing gets some, as no invoice goes without."""
    shop = load_shop(session)
    if not is_set_up(shop.company):
        given = {name: value for name, value in shop.company.model_dump().items() if value}
        save_section(session, "company", Company.model_validate(COMPANY.model_dump() | given))
        shop = load_shop(session)
    return shop


def _prepare(session: Session, now: datetime) -> dict[str, int]:
    """Methods and products are there; returns the ids of the products by SKU."""
    connection = session.connection()
    payment = text(
        "INSERT INTO payment_method (key, names, collects) VALUES (:key, :names, :collects) ON CONFLICT DO NOTHING"
    )
    for key, names, by_provider, _weight in PAYMENT_METHODS:
        collects = Collects.PROVIDER if by_provider else Collects.TRANSFER
        connection.execute(
            payment, {"key": key, "names": json.dumps(names, ensure_ascii=False), "collects": collects.value}
        )
    shipping = text(
        "INSERT INTO shipping_method (key, names, carrier) VALUES (:key, :names, :carrier) ON CONFLICT DO NOTHING"
    )
    for key, names, carrier, _price, _weight in SHIPPING_METHODS:
        connection.execute(
            shipping, {"key": key, "names": json.dumps(names, ensure_ascii=False), "carrier": carrier}
        )
    table = SQLModel.metadata.tables["product"]
    known = {row.sku for row in connection.execute(table.select())}
    rows = [
        {
            "sku": sku,
            "name": name,
            "unit": "",
            "price": price,
            "vat_rate": rate,
            "created_at": now,
            "search": product_text(sku, name),
        }
        for sku, name, price, rate, _ships in PRODUCTS
        if sku not in known
    ]
    if rows:
        connection.execute(table.insert(), rows)
    return {row.sku: row.id for row in connection.execute(table.select())}


def _counters(connection: Connection) -> Counters:
    """Where numbers stand, read under the lock of the transaction."""
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    ids = {
        table: int(connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one())  # noqa: S608
        for table in NUMBERED
    }
    rows = connection.execute(
        text(f"SELECT kind, year, next_counter FROM number_series ORDER BY kind, year{lock}")  # noqa: S608
    ).all()
    series = {(row.kind, row.year): int(row.next_counter) for row in rows}
    series.setdefault(("customer", 0), 1_001)
    head = connection.execute(text(f"SELECT sequence, hash FROM chain_head WHERE id = 1{lock}")).one()  # noqa: S608
    return Counters(ids, series, {}, head.sequence, head.hash)


def _write(connection: Connection, batch: Batch) -> None:
    sqlite = connection.dialect.name == "sqlite"
    raw: Any = connection.connection.driver_connection
    for table, columns in COLUMNS.items():
        rows = batch.rows[table]
        if not rows:
            continue
        names = ", ".join(columns)
        if table == "order_facet":
            insert = (
                f"INSERT INTO order_facet ({names}) VALUES ({', '.join(f':{c}' for c in columns)}) ON "  # noqa: S608
                f"CONFLICT (key) DO NOTHING"
            )
            connection.execute(text(insert), [dict(zip(columns, row, strict=True)) for row in rows])
        elif sqlite:
            raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608
        else:
            with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _move_on(connection: Connection, batch: Batch, at: Counters) -> None:
    """Counts, series, chain and id sequences stand where the new rows end."""
    counts = [{"view": view, "n": n} for view, n in sorted(batch.tallies.items())]
    connection.execute(
        text(
            "INSERT INTO view_count (view, shard, n) VALUES (:view, 0, :n) "
            "ON CONFLICT (view, shard) DO UPDATE SET n = view_count.n + excluded.n"
        ),
        counts,
    )
    series = [
        {
            "kind": kind,
            "year": year,
            "prefix": SERIES[kind].prefix.format(year=year),
            "next": at.series[(kind, year)],
            "day": day,
        }
        for (kind, year), day in sorted(at.days.items())
    ]
    connection.execute(
        text(
            "INSERT INTO number_series (kind, year, prefix, next_counter, last_day) VALUES (:kind, :year, "
            ":prefix, :next, :day) "
            "ON CONFLICT (kind, year) DO UPDATE SET next_counter = excluded.next_counter, last_day = excluded.last_day"
        ),
        series,
    )
    connection.execute(
        text("UPDATE chain_head SET sequence = :sequence, hash = :hash WHERE id = 1"),
        {"sequence": at.sequence, "hash": at.chain},
    )
    if connection.dialect.name != "sqlite":
        for table, last in at.ids.items():
            if last:
                connection.execute(text(f"SELECT setval('{table}_id_seq', :last)"), {"last": last})


def _without_key_checks(connection: Connection) -> None:
    """Rows are made whole, so a superuser need not have each foreign key looked up."""
    if connection.execute(text("SELECT current_setting('is_superuser')")).scalar_one() == "on":
        connection.execute(text("SET LOCAL session_replication_role = replica"))


@contextmanager
def _fast(engine: Engine, *, is_many: bool) -> Iterator[None]:
    """While it lasts, loading needs keep no search index; afterwards all is built and as it was."""
    sqlite = engine.dialect.name == "sqlite"
    if not is_many:
        yield
        return
    indexes = [
        index for table in COLUMNS for index in SQLModel.metadata.tables[table].indexes if not index.unique
    ]
    triggers: list[str] = []
    with _transaction(engine) as connection:
        for index in indexes:
            index.drop(connection, checkfirst=True)
        if sqlite:
            triggers = [_trigger_sql(connection, name) for name in SEARCH_TRIGGERS]
            for name in SEARCH_TRIGGERS:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table, _column in SEARCHED:
                connection.execute(text(f"DROP INDEX {table}_trgm"))
    try:
        yield
    finally:
        _rebuild(engine, indexes, triggers)


def _trigger_sql(connection: Connection, name: str) -> str:
    return str(
        connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name"), {"name": name}
        ).scalar_one()
    )


def _rebuild(engine: Engine, indexes: list[Index], triggers: list[str]) -> None:
    with _transaction(engine) as connection:
        for index in indexes:
            index.create(connection, checkfirst=True)
        if engine.dialect.name == "sqlite":
            for table in ("order_fts", "customer_fts"):
                connection.execute(text(f"INSERT INTO {table}({table}) VALUES ('rebuild')"))  # noqa: S608
            for trigger in triggers:
                connection.exec_driver_sql(trigger)
            connection.exec_driver_sql("ANALYZE")
        else:
            for name, column in SEARCHED:
                table = "customer" if name == "customer_search" else name
                connection.execute(
                    text(f"CREATE INDEX {name}_trgm ON {table} USING gin ({column} gin_trgm_ops)")
                )
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
