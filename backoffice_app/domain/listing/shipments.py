"""Sales > Shipments: all shipments, open and gone, each with its parcels (W-6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, not_, select
from sqlmodel import Session, col

from backoffice_app.domain.core.carriers import carrier_name, tracking_url
from backoffice_app.domain.core.keyset import (
    CAP,
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_count,
    as_id,
    as_moment,
    list_view,
    read_all,
    read_page,
)
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shipping_methods import is_pickup_method, shipping_among, shippings_of
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.listing.found import orders_of
from backoffice_app.domain.order.states import ShipmentState, Status
from backoffice_app.domain.window.tones import SHIPMENT_TONES, WAITING, shipment_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_moment
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, Parcel, Shipment

NUMBER, CREATED, CUSTOMER, COMPANY, ORDER, TONE, MARK, STATE, TRACKING, MORE, URL, CARRIER, SHIPPED = range(
    13
)
"""Where the texts of a row stand.

`TRACKING`: of the first parcel, `URL`: its carrier's page, `MORE`: "+2" for two parcels besides.
"""
_S, _O = Shipment.__table__.c, Order.__table__.c  # type: ignore[attr-defined]
NOT_READY = "not-ready"
"""The tab of open shipments that may not leave yet."""
_WAITS: ColumnElement[bool] = _O.status.in_(sorted(WAITING))
_IS_OPEN: ColumnElement[bool] = _S.state == literal_column("'open'")


def _in_state(state: str, _shop: Shop) -> ColumnElement[bool]:
    """`open`: what may leave, so that nobody packs what is on hold or waits for its money; `NOT_READY`: the others."""
    if state == NOT_READY:
        return and_(_IS_OPEN, _WAITS)
    if state == ShipmentState.OPEN:
        return and_(_IS_OPEN, not_(_WAITS))
    found: ColumnElement[bool] = _S.state == literal_column(
        f"'{state}'"
    )  # one of the choices, so nothing else comes here
    return found


def _choices() -> dict[str, LazyText]:
    """The states in the order of the tabs."""
    names = {state.value: SHIPMENT_TONES[state][2] for state in ShipmentState}
    to_ship = names.pop(ShipmentState.OPEN.value)
    return {ShipmentState.OPEN.value: to_ship, NOT_READY: _("Not ready to ship"), **names}


SHIPMENTS = KeysetList(
    path="/shipments",
    sorts={
        "number": Sort((_S.id,), (as_id,)),
        "shipped": Sort(
            (_S.shipped_at, _S.id),
            (as_moment, as_id),
            only=_S.shipped_at.is_not(None),
            within=("state", "shipped"),
        ),
    },
    filters={"state": Filter(_("State"), _in_state, _choices())},
    tabs="state",
)


def shipments_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of shipments that the address asks for. Raises Refused without the right to read."""
    actor.require(Right.READ)
    zone = load_shop(session).regional.zone
    statement, note = _wanted(session, asked := SHIPMENTS.parse(parameters), actor)
    page, asked = read_page(session, asked, statement)
    parcels = _parcels(session, [row.id for row in page.rows])
    rows = [_row(row, parcels.get(row.id, []), zone, actor.language) for row in page.rows]
    view = list_view(
        asked,
        page,
        rows,
        actor,
        counts=_counts(session, actor.language),
        note=note.in_language(actor.language),
    )
    return replace(view, prints=asked.url("/shipments.pdf"))


def shipments_file(
    session: Session, parameters: Mapping[str, object], actor: Actor
) -> Iterator[list[object]]:
    """All shipments that the list shows on all its pages, as rows of a file: first the heads."""
    actor.require(Right.READ)
    heads = (
        _("Number"),
        _("Date"),
        _("State"),
        _("Customer"),
        _("Company"),
        _("Order"),
        _("Shipping method"),
        _("Carrier"),
        _("Tracking number"),
        _("Shipped on"),
    )
    yield [head.in_language(actor.language) for head in heads]
    statement, _note = _wanted(session, asked := SHIPMENTS.parse(parameters), actor)
    known = shippings_of(session)
    for rows in read_all(session, asked, statement):
        parcels = _parcels(session, [row.id for row in rows])
        for row in rows:
            numbers = ", ".join(number for number, _carrier in parcels.get(row.id, []))
            state = _badge(row, actor.language).label
            method = shipping_among(known, row.shipping_method, row.shipping_method_name).name_in(
                actor.language
            )
            names = [row.customer_name, row.company, row.order_number, method]
            yield [
                row.number,
                row.created_at,
                state,
                *names,
                carrier_name(row.carrier),
                numbers,
                row.shipped_at,
            ]


def numbers_of_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> list[str]:
    """The numbers of the shipments of one page that have a packing slip, in its order: what is printed together."""
    actor.require(Right.READ)
    statement, _note = _wanted(session, asked := SHIPMENTS.parse(parameters), actor)
    page, _asked = read_page(session, asked, statement)
    return [row.number for row in page.rows if row.state != ShipmentState.CANCELLED]


def _wanted(session: Session, asked: Asked, actor: Actor) -> tuple[Select[Any], LazyText]:
    shown = (_S.id, _S.number, _S.state, _S.carrier, _S.created_at, _S.shipped_at, _S.merged_into)
    order = (_O.customer_name, _O.company, _O.number.label("order_number"), _O.status)
    method = (_O.shipping_method, _O.shipping_method_name, _O.pickup)
    statement = select(*shown, *order, *method).join_from(Shipment, Order, _O.id == _S.order_id)
    if not asked.q:
        return statement, LazyText("")
    ids, note = orders_of(session, asked.q, actor)
    return statement.where(_S.order_id.in_(ids)), note


def _parcels(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Tracking numbers and carriers of the parcels of these shipments."""
    found: dict[int, list[tuple[str, str]]] = {}
    parts = (Parcel.shipment_id, Parcel.tracking_number, Parcel.carrier)
    for shipment_id, number, carrier in session.execute(
        select(*parts).where(col(Parcel.shipment_id).in_(ids)).order_by(col(Parcel.id))  # type: ignore[call-overload]
    ):
        found.setdefault(shipment_id, []).append((number, carrier))
    return found


def _badge(row: Row[Any], language: str) -> BadgeView:
    is_fetched = is_pickup_method(row.shipping_method, row.shipping_method_name, row.pickup)
    return shipment_badge(
        row.state, language, is_fetched=is_fetched, merged_into=row.merged_into, status=Status(row.status)
    )


def _row(row: Row[Any], parcels: Sequence[tuple[str, str]], zone: str, language: str) -> list[str]:
    badge = _badge(row, language)
    number, carrier = parcels[0] if parcels else ("", "")
    carrier = carrier or row.carrier
    return [
        row.number,
        format_moment(row.created_at, language, zone, "short"),
        row.customer_name,
        row.company if row.company != row.customer_name else "",
        row.order_number,
        badge.tone,
        badge.icon,
        badge.label,
        number,
        f"+{len(parcels) - 1}" if len(parcels) > 1 else "",
        tracking_url(carrier, number, language),
        carrier_name(carrier),
        format_moment(row.shipped_at, language, zone, "short") if row.shipped_at else "",
    ]


def _counts(session: Session, language: str) -> dict[str, str]:
    """How many may leave of the newest `CAP` that are open, with "+" where there are more; of the others there is no
    count.
    """
    newest = select(_S.order_id).where(_IS_OPEN).order_by(_S.id.desc()).limit(CAP + 1).cte("newest")
    # A value for each row: joined, PostgreSQL reads all orders instead of these.
    may_leave = select(not_(_WAITS)).where(_O.id == newest.c.order_id).scalar_subquery()
    counted = select(func.count(), func.count().filter(may_leave)).select_from(newest)
    are_open, to_ship = session.execute(counted).one()
    more = "+" if are_open > CAP >= to_ship else ""
    return {"open": as_count(int(to_ship), language) + more}
