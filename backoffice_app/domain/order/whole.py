"""An order with all its parts, read in a fixed number of statements however many lines it has (P-6)."""

from typing import TypeVar

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.subjects import LARGEST_ID
from backoffice_app.models import (
    Document,
    Order,
    OrderAddress,
    OrderLine,
    OrderReturn,
    Parcel,
    Payment,
    Refund,
    ReturnLine,
    Shipment,
    ShipmentLine,
)

Part = TypeVar("Part", OrderLine, OrderAddress, Payment, Document, Refund)
WHOLE = (
    selectinload(Order.lines),  # type: ignore[arg-type]
    selectinload(Order.addresses),  # type: ignore[arg-type]
    selectinload(Order.payments),  # type: ignore[arg-type]
    selectinload(Order.documents),  # type: ignore[arg-type]
    selectinload(Order.shipments).selectinload(Shipment.lines),  # type: ignore[arg-type]
    selectinload(Order.shipments).joinedload(Shipment.parcels),  # type: ignore[arg-type]
    selectinload(Order.returns).selectinload(OrderReturn.lines),  # type: ignore[arg-type]
    selectinload(Order.refunds),  # type: ignore[arg-type]
)
"""Options that load many orders with all their parts, in as many statements as for one."""

# One order is read by statements built once: the options above build and name theirs anew at each call, 40 % of opening
# an order.
_BY_NUMBER = select(Order).where(Order.number == bindparam("number"))
_ID = select(col(Order.id)).where(Order.number == bindparam("number"))
_BY_ID = select(Order).where(Order.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update(of=Order)
_OF_ORDER: BindParameter[int] = bindparam("id")
_LINES = select(OrderLine).where(OrderLine.order_id == _OF_ORDER).order_by(col(OrderLine.rank))
_ADDRESSES = select(OrderAddress).where(OrderAddress.order_id == _OF_ORDER).order_by(col(OrderAddress.id))
_PAYMENTS = select(Payment).where(Payment.order_id == _OF_ORDER).order_by(col(Payment.id))
_DOCUMENTS = select(Document).where(Document.order_id == _OF_ORDER).order_by(col(Document.id))
_SHIPMENTS = (
    select(Shipment, Parcel)
    .outerjoin(Parcel, col(Parcel.shipment_id) == Shipment.id)
    .where(Shipment.order_id == _OF_ORDER)
    .order_by(col(Shipment.id), col(Parcel.id))
)
_PACKED = (
    select(ShipmentLine)
    .join(Shipment, col(Shipment.id) == ShipmentLine.shipment_id)
    .where(Shipment.order_id == _OF_ORDER)
    .order_by(col(ShipmentLine.id))
)
# Most orders have none of these, and say so: they are not asked for.
_REFUNDS = select(Refund).where(Refund.order_id == _OF_ORDER).order_by(col(Refund.id))
_RETURNS = (
    select(OrderReturn, ReturnLine)
    .outerjoin(ReturnLine, col(ReturnLine.return_id) == OrderReturn.id)
    .where(OrderReturn.order_id == _OF_ORDER)
    .order_by(col(OrderReturn.id), col(ReturnLine.id))
)


def order_of_number(session: Session, number: str) -> Order:
    """The order `number` with all its parts. Raises NotFound."""
    found = None if "\0" in number else session.exec(_BY_NUMBER, params={"number": number}).first()
    return _whole(session, found, number)


def id_of_number(session: Session, number: str) -> int:
    """The id of the order `number`. Raises NotFound."""
    found = None if "\0" in number else session.connection().execute(_ID, {"number": number}).scalar()
    if found is None:
        raise NotFound(number)
    return found


def order_of_id(session: Session, id_: int) -> Order:
    """The order with this id, with all its parts. Raises NotFound."""
    found = session.exec(_BY_ID, params={"id": id_}).first() if 0 < id_ <= LARGEST_ID else None
    return _whole(session, found, str(id_))


def locked_order(session: Session, id_: int) -> Order:
    """The order with this id, locked to the end of the transaction; it and all its parts are read after the lock.

    Raises NotFound.
    """
    options = {"populate_existing": True}
    found = (
        session.exec(_LOCKED, params={"id": id_}, execution_options=options).first()
        if 0 < id_ <= LARGEST_ID
        else None
    )
    return _whole(session, found, str(id_), fresh=True)


def _whole(session: Session, order: Order | None, name: str, *, fresh: bool = False) -> Order:
    if order is None:
        raise NotFound(name)
    given, options = {"id": order.id}, {"populate_existing": fresh}

    def part(attribute: str, statement: SelectOfScalar[Part]) -> None:
        set_committed_value(
            order, attribute, list(session.exec(statement, params=given, execution_options=options))
        )

    part("lines", _LINES)
    part("addresses", _ADDRESSES)
    part("payments", _PAYMENTS)
    part("documents", _DOCUMENTS)
    if order.refund_count:
        part("refunds", _REFUNDS)
    else:
        set_committed_value(order, "refunds", [])
    returns: dict[int, tuple[OrderReturn, list[ReturnLine]]] = {}
    for came_back, line in (
        session.exec(_RETURNS, params=given, execution_options=options) if order.return_count else ()
    ):
        announced = returns.setdefault(came_back.id or 0, (came_back, []))[1]
        if line is not None:
            announced.append(line)
    for came_back, its_lines in returns.values():
        set_committed_value(came_back, "lines", its_lines)
    set_committed_value(order, "returns", [came_back for came_back, _lines in returns.values()])
    shipments: dict[int, tuple[Shipment, list[Parcel], list[ShipmentLine]]] = {}
    for shipment, parcel in session.exec(_SHIPMENTS, params=given, execution_options=options):
        parcels = shipments.setdefault(shipment.id or 0, (shipment, [], []))[1]
        if parcel is not None:
            parcels.append(parcel)
    if shipments:
        for packed in session.exec(_PACKED, params=given, execution_options=options):
            shipments[packed.shipment_id][2].append(packed)
    for shipment, parcels, lines in shipments.values():
        set_committed_value(shipment, "parcels", parcels)
        set_committed_value(shipment, "lines", lines)
    set_committed_value(order, "shipments", [shipment for shipment, _parcels, _lines in shipments.values()])
    return order
