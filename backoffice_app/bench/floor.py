"""The floor: hand-written SQL on the same database in the same process, through the bare driver, nothing formatted."""

import re
from collections.abc import Callable
from typing import Any

from backoffice_app import db


class Floor:
    """A connection of its own to the shop that is measured."""

    def __init__(self) -> None:
        self._pooled: Any = db.engine().raw_connection()
        self.raw: Any = self._pooled.driver_connection
        self.sqlite = db.engine().dialect.name == "sqlite"
        self.rows_written = 0

    def close(self) -> None:
        """Gives the connection back."""
        self._pooled.close()

    def read(self, *statements: str, **values: object) -> Callable[[], object]:
        """Runs the statements, fetches all rows and ends the transaction. Values stand in them as `:name`."""
        if self.sqlite:
            return lambda: [self.raw.execute(statement, values).fetchall() for statement in statements]
        asked = [
            re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", statement.replace("%", "%%"))
            for statement in statements
        ]

        def run() -> object:
            with self.raw.cursor() as cursor:
                found = [cursor.execute(statement, values).fetchall() for statement in asked]
            self.raw.rollback()
            return found

        return run

    def write(self, rows: int) -> Callable[[], object]:
        """Writes so many small rows durably in one transaction."""
        self._execute("CREATE TABLE IF NOT EXISTS bench_floor (id bigint PRIMARY KEY, doc text)")
        self.rows_written = int(self._execute("SELECT coalesce(max(id), 0) FROM bench_floor").fetchone()[0])
        self._commit()

        def run() -> None:
            if self.sqlite:
                self.raw.execute("BEGIN IMMEDIATE")
            mark = "?" if self.sqlite else "%s"
            for _n in range(rows):
                self.rows_written += 1
                insertion = f"INSERT INTO bench_floor VALUES ({mark}, {mark})"  # noqa: S608
                self._execute(insertion, (self.rows_written, "x" * 300))
            self._commit()

        return run

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        return self.raw.execute(statement, values)

    def _commit(self) -> None:
        self.raw.execute("COMMIT") if self.sqlite and self.raw.in_transaction else self.raw.commit()
