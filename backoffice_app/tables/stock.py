"""The stock of products, as movements."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import BIG, foreign_key, id_column, micros_column, moment_column


class StockMovement(SQLModel, table=True):
    """One change of a product's stock, insert only: `on_hand` and `reserved` are what it adds to those of the product
    (STK-1).

    `kind`: reserved, released, shipped, unshipped, restocked, counted. `order_line_id`: whose pieces moved; None for a
    count. The line itself may have been taken out of its order since.
    """

    __tablename__ = "stock_movement"
    id: int | None = Field(default=None, sa_column=id_column())
    product_id: int = Field(sa_column=foreign_key("product.id", index=False))
    order_line_id: int | None = Field(default=None, sa_column=Column(BIG, index=True, nullable=True))
    kind: str
    on_hand: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    reserved: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    cause: str = ""
    at: datetime = Field(sa_column=moment_column())
    actor_name: str = ""
    __table_args__ = (
        CheckConstraint(
            "kind in ('reserved', 'released', 'shipped', 'unshipped', 'restocked', 'counted')",
            name="ck_stock_movement_kind",
        ),
        CheckConstraint("on_hand <> 0 or reserved <> 0", name="ck_stock_movement_moves"),
        Index("ix_stock_movement_product", "product_id", "id"),
    )
