"""What lists and search read."""

from sqlalchemy import BigInteger, Boolean, Column, Text, false
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import BIG, id_column, text_column


class ViewCount(SQLModel, table=True):
    """How many orders a built-in view holds, moved by each transaction; the shards are summed on reading (O-4, P-5)."""

    __tablename__ = "view_count"
    view: str = Field(primary_key=True)
    shard: int = Field(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))


class SavedView(SQLModel, table=True):
    """A list of orders that a colleague keeps, private or for everybody (O-4).

    `query`: its address, such as "?view=to-ship&country=AT".
    """

    __tablename__ = "saved_view"
    id: int | None = Field(default=None, sa_column=id_column())
    user_id: int = Field(sa_column=Column(BIG, nullable=False, index=True))
    is_shared: bool = Field(sa_column=Column(Boolean, nullable=False))
    name: str
    query: str = Field(sa_column=Column(Text, nullable=False))


class OrderColumns(SQLModel, table=True):
    """The columns of the order list that a colleague chose, and their order, as JSON (O-1)."""

    __tablename__ = "order_columns"
    user_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    data: str = Field(sa_column=Column(Text, nullable=False))


class OrderFacet(SQLModel, table=True):
    """A combination of all that a list filters by, which an order has or once had; `orders.facet` holds its `key`.

    Insert only (O-3).

    `seq` grows in the order of the commits, so anyone who has read up to one of them needs only the newer ones.
    """

    __tablename__ = "order_facet"
    seq: int | None = Field(default=None, sa_column=id_column())
    key: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    status: str
    payment_state: str
    shipping_state: str
    return_state: str
    owes: bool
    payment_method: str
    shipping_method: str
    country: str
    source: str
    printed: bool
    custom_status_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    invoice_waits: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    address_warning: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )


class OrderSearch(SQLModel, table=True):
    """All that an order is found by, folded to ASCII, under the order's `position` (O-2)."""

    __tablename__ = "order_search"
    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    doc: str = Field(sa_column=text_column())
