"""The shop: settings, number series, statuses, methods of payment and shipping."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    id_column,
    money_column,
    optional_moment_column,
    text_column,
    word_column,
)


class Setting(SQLModel, table=True):
    """One section of the shop's settings, as JSON (`domain/core/shop.py` gives it types)."""

    section: str = Field(primary_key=True)
    value: str = Field(sa_column=text_column())


class NumberSeries(SQLModel, table=True):
    """The next number of one kind in one year, or of all years (`year` 0); drawn in the transaction of what gets the
    number (INV-2).

    `width`: digits the counter is filled up to; None: as many as is usual for the kind.
    """

    __tablename__ = "number_series"
    kind: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    prefix: str
    next_counter: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_day: date | None = None
    width: int | None = None
    __table_args__ = (
        UniqueConstraint("prefix", name="uq_number_series_prefix"),
        CheckConstraint("next_counter > 0", name="ck_number_series_counter"),
    )


class CustomStatus(SQLModel, table=True):
    """A status of the shop's own that stands where the system status would (W-7). `names`: JSON, language -> name.

    `clears_on`: what takes it off an order by itself: "paid", "shipped", "cancelled", with blanks between. `mails`:
    whether the customer is told when an order gets it.
    """

    __tablename__ = "custom_status"
    id: int | None = Field(default=None, sa_column=id_column())
    names: str = Field(sa_column=text_column())
    colour: str = "gray"
    rank: int = 0
    clears_on: str = ""
    mails: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class PaymentMethod(SQLModel, table=True):
    """A way to pay. `names`: JSON, language -> name.

    `collects`: who collects the money (`domain/core/payment_methods.py`, PAY-0).

    `invoiced_by`: "provider" where the provider issues the invoice itself, else "".
    """

    __tablename__ = "payment_method"
    key: str = Field(primary_key=True)
    names: str = Field(sa_column=text_column())
    collects: str = ""
    invoiced_by: str = Field(default="", sa_column=word_column())
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class ShippingMethod(SQLModel, table=True):
    """A way to ship.

    `names`: JSON, language -> name; `carrier`: key of `domain/core/carriers.py`, or "" where its words tell it.

    `pickup`: whether the customer comes for the goods, a value of `shipping_methods.Pickup`. `rank`: its place among
    the choices.
    """

    __tablename__ = "shipping_method"
    key: str = Field(primary_key=True)
    names: str = Field(sa_column=text_column())
    carrier: str = ""
    pickup: str = Field(default="", sa_column=word_column())
    rank: int = Field(default=0, sa_column=money_column())
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
