"""Plain SQL for the list, straight through the driver: what lists read is few rows very often, where each layer in
between shows.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlmodel import Session

from backoffice_app.db import is_sqlite
from backoffice_app.domain.order.facets import DIMENSIONS, FacetValues
from backoffice_app.domain.order.views import ListView

Values = Mapping[str, object]


@dataclass
class Known:
    """The facets of one database that this process has read: key -> values, and dimension -> value -> keys."""

    seen: int = 0
    values: dict[int, FacetValues] = field(default_factory=dict)
    keys: dict[str, dict[Any, set[int]]] = field(default_factory=lambda: {name: {} for name in DIMENSIONS})
    names: dict[str, tuple[dict[str, str], float]] = field(default_factory=dict)
    """By dimension of a method: what its codes are called, and when that was read."""
    views: dict[ListView, tuple[int, set[int]]] = field(default_factory=dict)
    """How many facets were looked at for a view, and the keys of those that belong to it."""

    def add(self, key: int, values: FacetValues) -> None:
        """One more facet."""
        self.values[key] = values
        for dimension, value in zip(DIMENSIONS, values, strict=True):
            self.keys[dimension].setdefault(value, set()).add(key)

    def with_value(self, dimension: str, value: Any) -> set[int]:
        """The keys of the facets that have this value."""
        return self.keys[dimension].get(value, set())

    def in_view(self, view: ListView) -> set[int]:
        """The keys of the facets whose orders belong to the view; each facet is looked at once."""
        looked_at, found = self.views.get(view, (0, set()))
        if looked_at < len(self.values):
            newest = islice(reversed(self.values.items()), len(self.values) - looked_at)
            found |= {key for key, values in newest if view.has(values)}
            self.views[view] = len(self.values), found
        return found


class Reader:
    """Reads within the transaction of a session. Statements name their values `:name` for both databases."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sqlite = is_sqlite(session)
        self.facets: Known | None = None
        self._raw: Any = session.connection().connection.driver_connection

    def rows(self, statement: str, values: Values, *, planned_anew: bool = False) -> list[tuple[Any, ...]]:
        """All rows of `statement`.

        `planned_anew`: PostgreSQL plans with these very values, for patterns that one plan does not fit.
        """
        if self.sqlite:
            found: list[tuple[Any, ...]] = self._raw.execute(statement, values).fetchall()
            return found
        with self._raw.cursor() as cursor:
            return list(
                cursor.execute(
                    _for_psycopg(statement), values, prepare=False if planned_anew else None
                ).fetchall()
            )

    def estimate(self, statement: str, values: Values) -> int:
        """How many rows PostgreSQL's planner expects."""
        plan = self.rows(f"EXPLAIN (FORMAT JSON) {statement}", values, planned_anew=True)[0][0]
        return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])


@lru_cache(maxsize=2048)
def _for_psycopg(statement: str) -> str:
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", statement.replace("%", "%%"))
