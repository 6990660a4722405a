"""A new order goes in with one plain insert a table: the session's own way sorts and compares it all first, a third of
an intake (P-9).
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

from backoffice_app.db import next_ids
from backoffice_app.models import (
    Document,
    DocumentVersion,
    Order,
    OrderAddress,
    OrderLine,
    Parcel,
    Payment,
    Shipment,
    ShipmentLine,
)

_TABLES = (Order, OrderAddress, OrderLine, Payment, Shipment, ShipmentLine, Parcel, Document, DocumentVersion)
"""Of an order and its parts, each after those it points to."""
_INSERT = {table: insert(table) for table in _TABLES}
_COLUMNS = {table: tuple(inspect(table).columns.keys()) for table in _TABLES}


def insert_order(session: Session, order: Order) -> None:
    """Writes a new order, which has its id, with all its parts; afterwards they have theirs and belong to `session`,
    unchanged.

    It has no returns and no refunds yet. None of its parts may be in a session before.
    """
    order_id, shipments, documents = order.id or 0, order.shipments, order.documents
    parts: dict[type[SQLModel], Sequence[SQLModel]] = {
        OrderAddress: order.addresses,
        OrderLine: order.lines,
        Payment: order.payments,
        Shipment: shipments,
        ShipmentLine: [packed for shipment in shipments for packed in shipment.lines],
        Parcel: [parcel for shipment in shipments for parcel in shipment.parcels],
        Document: documents,
        DocumentVersion: [version for document in documents for version in document.versions],
    }
    ids = next_ids(session, {str(table.__tablename__): len(rows) for table, rows in parts.items()})
    for table, rows in parts.items():
        for row, id_ in zip(rows, ids[str(table.__tablename__)], strict=True):
            set_committed_value(row, "id", id_)
    for table in (OrderAddress, OrderLine, Payment, Shipment, Document):
        _point(parts[table], "order_id", order_id)
    for shipment in shipments:
        _point(shipment.lines, "shipment_id", shipment.id)
        _point(shipment.parcels, "shipment_id", shipment.id)
        for packed in shipment.lines:
            _point([packed], "order_line_id", packed.line.id)
    for document in documents:
        _point(document.versions, "document_id", document.id)
    parts[Order] = [order]
    set_committed_value(order, "returns", [])
    set_committed_value(order, "refunds", [])
    connection = session.connection()
    for table in _TABLES:
        if parts[table]:
            columns = _COLUMNS[table]
            connection.execute(
                _INSERT[table], [{name: row.__dict__[name] for name in columns} for row in parts[table]]
            )
    for rows in parts.values():
        for row in rows:
            make_transient_to_detached(row)
    session.add(order)


def _point(rows: Iterable[SQLModel], column: str, id_: int | None) -> None:
    for row in rows:
        set_committed_value(row, column, id_)
