"""The types of columns, the same on both databases: money, quantities, moments, keys."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

# SQLite numbers rows by itself only in a column of exactly the type INTEGER.
BIG = BigInteger().with_variant(Integer(), "sqlite")


class Micros(TypeDecorator[Decimal]):
    """An exact decimal of six places, stored as whole millionths, so that both databases compare and add it exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Raises ValueError for more than six decimals: nothing is rounded silently."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(6)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than six decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Without trailing zeros: 1500000 -> 1.5."""
        if value is None:
            return None
        whole, rest = divmod(value, 1_000_000)
        return Decimal(whole) if not rest else Decimal(value).scaleb(-6).normalize()


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in, UTC out; SQLite gets it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def foreign_key(target: str, *, index: bool = True, nullable: bool = False) -> Column[int]:
    return Column(BIG, ForeignKey(target), index=index, nullable=nullable)


def index_of_some(name: str, *columns: str, where: str) -> Index:
    """An index of those rows alone for which `where` holds: what is asked for is few."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def id_column() -> Column[int]:
    return Column(BIG, primary_key=True, autoincrement=True)


def money_column() -> Column[int]:
    return Column(BigInteger, nullable=False, server_default="0")


def micros_column() -> Column[Decimal]:
    return Column(Micros, nullable=False, server_default="0")


def text_column() -> Column[str]:
    return Column(Text, nullable=False, server_default="")


def word_column() -> Column[str]:
    return Column(String, nullable=False, server_default="")


def moment_column() -> Column[datetime]:
    return Column(Moment, nullable=False)


def optional_moment_column() -> Column[datetime]:
    return Column(Moment, nullable=True)
