"""Reads an order for the window: a fixed number of statements, however many lines it has (P-6)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, true
from sqlmodel import Session, col

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import ACTIONS, Action
from backoffice_app.domain.core.carriers import tracking_url
from backoffice_app.domain.core.facts import ABOUT_NAMES, About, about_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.states import STATE_NAMES, PaymentState, ShippingState, Status
from backoffice_app.domain.core.whole import order_of_number
from backoffice_app.domain.history import facts_of_order, history_of, kinds_of
from backoffice_app.domain.invoicing.snapshot import addresses_of
from backoffice_app.domain.orders.actions import FIELDS, Kind, what_stays
from backoffice_app.domain.shipping.rules import can_be_parted, open_shipments
from backoffice_app.domain.window.lines import line_views, sum_views
from backoffice_app.domain.window.tones import document_badge, payment_badge, shipment_badge, shipping_badge, status_badge
from backoffice_app.domain.window.views import (
    ActionView,
    AddressView,
    BadgeView,
    CustomerView,
    DocumentView,
    HistoryTab,
    HistoryView,
    OrderWindow,
    OtherOrderView,
    PackedView,
    ParcelView,
    PaymentView,
    ShipmentView,
)
from backoffice_app.i18n import _, format_day, format_moment, format_money, format_quantity, locale, ngettext
from backoffice_app.models import Customer, Draft, Order, OrderAddress, OrderLine, Shipment, ViewCount

ALWAYS_SHOWN = (
    "pay",
    "not-paid",
    "invoice",
    "ship",
    "part-shipment",
    "merge-shipments",
    "edit-address",
    "edit-shipment",
    "send-invoice",
    "hold",
    "resume",
    "customer-mail",
)

IN_SUMMARY = 3
"""Lines that tell a shipment from the others of its order."""


def order_window(session: Session, number: str, actor: Actor, language: str) -> OrderWindow:
    """The order `number` as `actor` may see it, in `language`. Raises NotFound. (W, SEC-4)"""
    order = order_of_number(session, number)
    shop = load_shop(session)
    zone, sees = shop.regional.zone, actor.may(Right.PRICES)
    today = clock.today(zone)
    billing, delivery = addresses_of(order)

    def money(amount: int) -> str:
        return format_money(amount, order.currency, language) if sees else ""

    happened, shop_total, draft = _beside(session, order, actor)
    return OrderWindow(
        id=order.id or 0,
        version=order.version,
        number=order.number,
        about=Shown("order", order.number, str(order.version)).text,
        placed_at=format_moment(order.placed_at, language, zone, "weekday"),
        source=order.source,
        reference=order.external_reference,
        total=money(order.total),
        open_amount=money(order.open_amount) if order.open_amount else "",
        paid=money(order.paid) if order.paid else "",
        comment=order.comment,
        hold_reason=order.hold_reason,
        tags=order.tags.split(),
        sees_prices=sees,
        status=status_badge(Status(order.status), language),
        payment_state=payment_badge(PaymentState(order.payment_state), _is_overdue(order, today), language) if sees else BadgeView(),
        shipping_state=shipping_badge(ShippingState(order.shipping_state), language),
        billing=_address(order, billing, "billing", actor, language, is_same=False),
        shipping=_address(order, delivery, "shipping", actor, language, is_same=delivery is billing),
        payment_method=order.payment_method_name,
        shipping_method=order.shipping_method_name,
        payments=[
            PaymentView(format_day(p.booked_on, language), p.method or order.payment_method_name, money(p.amount), p.actor_name)
            for p in order.payments
        ]
        if sees
        else [],
        documents=_documents(order, today, language, zone) if sees else [],
        shipments=[_shipment(order, shipment, language, zone) for shipment in order.shipments],
        to_part=[(s.number, s.number) for s in order.shipments if can_be_parted(order, s)],
        lines=line_views(order, language, sees_prices=sees),
        sums=sum_views(order, language) if sees else [],
        shop_total=money(shop_total),
        customer=_customer(session, order, language, zone, sees_prices=sees),
        actions={key: _action(ACTIONS[key], order, actor, language) for key in ALWAYS_SHOWN},
        languages=_languages(shop, language) if sees else [],
        language=order.language,
        happened=happened,
        draft=draft.split("\n") if draft else [],
    )


def history_tab(session: Session, order: OrderWindow, actor: Actor, language: str, kind: str = "", *, carried: str = "") -> HistoryTab:
    """The tab `History`: newest first, with `kind`, a value of `About`, only what is about that; any other `kind` is none (T-7).

    `carried`: what its addresses take along, such as "?view=to-ship".
    """
    zone = load_shop(session).regional.zone
    found = kinds_of(session, order.id, actor)
    chosen = About(kind) if kind in set(About) else None
    kinds = None if chosen is None else [name for name in found if about_of(name) is chosen]
    entries = history_of(session, order.id, actor, language, zone, kinds=kinds)
    return HistoryTab(
        [HistoryView(e.sequence, e.at, e.actor, e.sentence) for e in entries],
        _kinds(found, chosen, f"/orders/{order.number}/history{carried}", language),
        chosen.value if chosen else "",
    )


def _kinds(found: Mapping[str, int], chosen: About | None, address: str, language: str) -> list[list[str]]:
    """The kinds that occur, and the one that is chosen, as [key, word, how many, address]."""
    numbers = dict.fromkeys(About, 0)
    for name, number in found.items():
        numbers[about_of(name)] += number
    narrowed = address + ("&" if "?" in address else "?") + "kind="
    everything = ["", _("All").in_language(language), str(sum(found.values())), address]
    return [everything] + [
        [about.value, ABOUT_NAMES[about].in_language(language), str(number), narrowed + about.value]
        for about, number in numbers.items()
        if number or about is chosen
    ]


def _is_overdue(order: Order, today: date) -> bool:
    return bool(order.due_on and order.due_on < today and order.open_amount)


def _action(known: Action[Any], order: Order, actor: Actor, language: str) -> ActionView:
    if not actor.may(known.right):
        return ActionView(known.key)  # not even the reason: it may tell of money (SEC-4)
    reason = known.why_not(order)
    return ActionView(
        known.key,
        known.label.in_language(language),
        shown=True,
        enabled=reason is None,
        reason=reason.in_language(language) if reason else "",
        shortcut=known.shortcut,
    )


def address_lines(address: OrderAddress, language: str) -> list[str]:
    """An address as it is written on a letter, the country in the reader's language."""
    town = f"{address.postcode} {address.city}".strip()
    country = locale(language).territories.get(address.country, address.country)
    return [line for line in (address.company, address.name, address.street, address.addition, town, address.region, country) if line]


def _address(order: Order, address: OrderAddress | None, kind: Kind, actor: Actor, language: str, *, is_same: bool) -> AddressView:
    if address is None:
        return AddressView(kind=kind)
    fields = address.model_dump(include=set(FIELDS))
    stays = [sentence.in_language(language) for sentence in what_stays(order, kind) if actor.may(Right.EDIT)]
    return AddressView(kind=kind, lines=address_lines(address, language), is_same=is_same, stays=stays, **fields)


def _documents(order: Order, today: date, language: str, zone: str) -> list[DocumentView]:
    kinds = {"invoice": _("Invoice"), "credit note": _("Credit note"), "cancellation": _("Cancellation")}
    return [
        DocumentView(
            number=document.number,
            kind=kinds[document.kind].in_language(language),
            date=format_day(document.issued_on, language),
            due=format_day(document.due_on, language) if document.due_on and document.open_amount else "",
            total=format_money(document.total, document.currency, language),
            state=document_badge(document, today, language),
            sent=format_moment(document.sent_at, language, zone, "short") if document.sent_at else "",
            pdf_url=f"/documents/{document.public_id}.pdf",
        )
        for document in order.documents
    ]


def _shipment(order: Order, shipment: Shipment, language: str, zone: str) -> ShipmentView:
    is_open = shipment.state == "open"
    parts = [(packed.line, format_quantity(packed.quantity, packed.line.unit, language)) for packed in shipment.lines]
    contents = [f"{quantity}\u00a0×\u00a0{line.name}" for line, quantity in parts]
    others = [other.number for other in open_shipments(order) if is_open and other is not shipment]
    return ShipmentView(
        number=shipment.number,
        state=shipment_badge(shipment.state, language),
        is_open=is_open,
        is_cancelled=shipment.state == "cancelled",
        date=format_moment(shipment.shipped_at or shipment.created_at, language, zone, "short"),
        tracking=", ".join(parcel.tracking_number for parcel in shipment.parcels),
        parcels=[ParcelView(p.tracking_number, tracking_url(p.carrier or shipment.carrier, p.tracking_number)) for p in shipment.parcels],
        contents=contents,
        summary="\u00a0· ".join(contents[:IN_SUMMARY]) + " …" * (len(contents) > IN_SUMMARY) if len(order.shipments) > 1 else "",
        packed=[_packed(line, quantity, language) for line, quantity in parts] if is_open else [],
        merges_into=others[0] if others else "",
        slip_url=f"/packing-slips/{shipment.number}.pdf",
    )


def _packed(line: OrderLine, quantity: str, language: str) -> PackedView:
    most = _("of {quantity}").format(quantity=quantity).in_language(language)
    return PackedView(rank=str(line.rank), sku=line.sku or line.name, name=line.name, most=most)


_ORDERS, _CUSTOMERS = Order.__table__, Customer.__table__  # type: ignore[attr-defined]
_OF_CUSTOMER = _ORDERS.c.customer_id == bindparam("customer")
_SUMS = select(func.count(), func.sum(_ORDERS.c.total)).where(_OF_CUSTOMER, _ORDERS.c.cancelled_at.is_(None)).subquery()
_WHO = (
    select(_CUSTOMERS.c.number, _CUSTOMERS.c.warning, *_SUMS.c)
    .select_from(_CUSTOMERS.join(_SUMS, true()))
    .where(_CUSTOMERS.c.id == bindparam("customer"))
)
_OTHERS = (
    select(_ORDERS.c.number, _ORDERS.c.placed_at, _ORDERS.c.status, _ORDERS.c.total, _ORDERS.c.currency)
    .where(_OF_CUSTOMER, _ORDERS.c.id != bindparam("order"))
    .where(_ORDERS.c.status.in_([Status.AWAITING_PAYMENT.value, Status.AWAITING_SHIPMENT.value, Status.ON_HOLD.value]))
    .order_by(_ORDERS.c.position.desc())
    .limit(5)
)


def _customer(session: Session, order: Order, language: str, zone: str, *, sees_prices: bool) -> CustomerView:
    if order.customer_id is None:
        return CustomerView(name=order.customer_name, company=order.company, email=order.email, phone=order.phone, vat_id=order.vat_id)
    connection, given = session.connection(), {"customer": order.customer_id, "order": order.id}
    number, warning, count, total = connection.execute(_WHO, given).one()
    return CustomerView(
        number=number,
        name=order.customer_name,
        company=order.company,
        email=order.email,
        phone=order.phone,
        vat_id=order.vat_id,
        orders=ngettext("{count} order", "{count} orders", count).in_language(language),
        total=format_money(int(total or 0), order.currency, language) if sees_prices else "",
        warning=warning,
        others=[
            OtherOrderView(
                row.number,
                format_moment(row.placed_at, language, zone, "short"),
                STATE_NAMES[Status(row.status)].in_language(language),
                format_money(row.total, row.currency, language) if sees_prices else "",
            )
            for row in connection.execute(_OTHERS, given).all()
        ],
    )


def _beside(session: Session, order: Order, actor: Actor) -> tuple[int, int, str]:
    """How many facts of the order this actor may read, the sum of all the shop's orders in its currency, their draft (T-7, W-12, W-16)."""
    given = {"order": order.id, "sum": f"sum-{order.currency}", "whose": actor.id, "about": f"order/{order.number}"}
    happened, total, draft = session.connection().execute(_facts_and_sum(actor.may(Right.PRICES)), given).one()
    return happened, total or 0, draft or ""


@cache
def _facts_and_sum(sees_prices: bool) -> Select[int, int, str]:
    total = select(func.sum(ViewCount.n)).where(col(ViewCount.view) == bindparam("sum"))
    mine = select(col(Draft.form) + "\n" + col(Draft.which)).where(
        col(Draft.user_id) == bindparam("whose"), col(Draft.subject) == bindparam("about")
    )
    return select(facts_of_order(sees_prices), total.scalar_subquery(), mine.order_by(col(Draft.at).desc()).limit(1).scalar_subquery())


def _languages(shop: Shop, language: str) -> list[tuple[str, str]]:
    names = locale(language).languages
    return [(code, names.get(code, code)) for code in shop.regional.document_languages]
