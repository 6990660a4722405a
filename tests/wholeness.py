"""What must always be true of the whole database, counted anew from its rows: what is wrong, as sentences."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from backoffice_app import db
from backoffice_app.domain.core.number_series import SERIES
from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.history import Break, verify_chain
from backoffice_app.domain.invoicing.credit import newest_snapshots
from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.domain.order.address_findings import has_warning
from backoffice_app.domain.order.states import (
    charge_backs,
    derive,
    gave_back,
    invoices,
    left_to_ship,
    open_amount,
    surplus,
)
from backoffice_app.domain.order.views import tallies_of
from backoffice_app.domain.order.whole import WHOLE
from backoffice_app.models import (
    Allocation,
    ChainHead,
    Customer,
    Document,
    DocumentVersion,
    History,
    MailAttachment,
    NumberSeries,
    Order,
    OrderFacet,
    OrderReturn,
    OrderSearch,
    OutboxMail,
    Product,
    Shipment,
    StockMovement,
    Ticket,
    ViewCount,
)


def wrongs() -> list[str]:
    """Everything that is not as it must be in the database of the settings; empty where all is well."""
    with Session(db.engine()) as session:
        found = list(_wrongs(session))
        session.rollback()
    return found


def _wrongs(session: Session) -> Iterator[str]:
    orders = session.exec(select(Order).options(*WHOLE).order_by(col(Order.id))).all()
    facts = _facts(session)
    docs = {row.id: row.doc for row in session.exec(select(OrderSearch))}
    facets = set(session.exec(select(OrderFacet.key)).all())
    for order in orders:
        yield from (
            f"order {order.number}: {wrong}"
            for wrong in _of_order(order, facts.get(order.id or 0, Counter()))
        )
        yield from (f"order {order.number}: {wrong}" for wrong in _sums(session, order))
        if docs.pop(order.position, None) != order_text(order):
            yield f"order {order.number}: its search text is not what it says"
        if order.facet not in facets:
            yield f"order {order.number}: its facet is unknown"
    yield from (f"search text {position} of no order" for position in docs)
    yield from _counts(session, orders)
    yield from _moves(orders)
    yield from _credit(orders)
    yield from _documents(session)
    yield from _mails(session, facts)
    yield from _numbers(session)
    yield from _stock(session, orders)
    yield from (f"{step.what}: {step.why}" for step in verify_chain(session) if isinstance(step, Break))


def _facts(session: Session) -> dict[int, Counter[str]]:
    """How many facts of which kind each order has."""
    found: dict[int, Counter[str]] = {}
    for subject_id, kind in session.exec(
        select(History.subject_id, History.kind).where(History.subject == "order")
    ):
        found.setdefault(subject_id, Counter())[kind] += 1
    return found


def _of_order(order: Order, facts: Counter[str]) -> Iterator[str]:
    states = derive(order)
    derived = (
        states.status,
        states.payment,
        states.shipping,
        states.returns,
        states.paid,
        states.open_amount,
    )
    stored = (
        order.status,
        order.payment_state,
        order.shipping_state,
        order.return_state,
        order.paid,
        order.open_amount,
    )
    if derived != stored:
        yield f"stored {stored}, derived {derived}"
    if [line.rank for line in order.lines] != list(range(1, len(order.lines) + 1)):
        yield f"its lines have the ranks {[line.rank for line in order.lines]}"
    if Counter(a.kind for a in order.addresses)["billing"] != 1:
        yield "it has no billing address"
    if order.address_warning != has_warning(order):
        yield "its mark of an address warning is not what its addresses say"
    packed, gone = _quantities(order, "open", "shipped"), _quantities(order, "shipped")
    for line in order.lines:
        goods = 0 <= line.returned <= line.shipped <= line.ordered - line.cancelled
        if not goods or not 0 <= line.credited <= line.invoiced <= line.ordered:
            yield f"line {line.rank} breaks ST-2"
        if line.shipped != gone.get(line.id or 0, 0):
            yield f"line {line.rank}: {line.shipped} are shipped, its shipments say {gone.get(line.id or 0, 0)}"
        if line.ships and not order.is_draft and packed.get(line.id or 0, 0) != line.ordered - line.cancelled:
            yield f"line {line.rank}: {packed.get(line.id or 0, 0)} of {line.ordered} lie in shipments"
    placed_shipped = sum(s.state == "shipped" and s.shipped_by == order.source for s in order.shipments)
    shipped = sum(s.state == "shipped" for s in order.shipments) - placed_shipped
    left = facts["OrderShipped"] + facts["OrderPickedUp"]
    if left - facts["ShippingUndone"] != shipped:
        yield f"{shipped} shipments are shipped, its history says {left} - {facts['ShippingUndone']}"
    yield from _of_returns(order, facts)
    yield from _of_money(order)
    if facts["OrderPlaced"] != (not order.is_draft):
        yield f"placed {facts['OrderPlaced']} times"
    issued = facts["InvoiceIssued"] + facts["CreditNoteIssued"] + facts["InvoiceCancelled"]
    if issued != len(order.documents):
        yield f"{len(order.documents)} documents, its history says {issued}"


def _of_money(order: Order) -> Iterator[str]:
    """No refund without its booking and none booked twice, no payment charged back beyond itself, never open and too
    much (PAY-2).
    """
    payments = {payment.id: payment for payment in order.payments}
    reversed_ids = {payment.reverses_id for payment in order.payments if payment.reverses_id}
    for refund in order.refunds:
        booked = payments.get(refund.payment_id)
        if (refund.state == "done") != (booked is not None and booked.id not in reversed_ids):
            yield f"a refund of {refund.amount} is {refund.state}, its booking is {booked and booked.amount}"
        if booked is not None and booked.amount != -refund.amount:
            yield f"a refund of {refund.amount} is booked as {booked.amount}"
    for payment in order.payments:
        gone = -sum(
            one.amount for one in charge_backs(order) if one.of_id == payment.id and payment.kind != "moved"
        )
        if payment.amount > 0 and gone > payment.amount:
            yield f"{gone} of a payment of {payment.amount} were charged back"
        if payment.reverses_id and payments[payment.reverses_id].amount != -payment.amount:
            yield f"a counter-entry of {payment.amount} takes back {payments[payment.reverses_id].amount}"
    if open_amount(order) and surplus(order):
        yield f"{open_amount(order)} are open beside {surplus(order)} too much"


def _of_returns(order: Order, facts: Counter[str]) -> Iterator[str]:
    """What came back by returns is counted as returned, and a locked return has its credit note (RET-1, RET-3)."""
    back: dict[int, Decimal] = {}
    for came_back in order.returns:
        if came_back.is_locked != (came_back.document_id is not None):
            yield f"return {came_back.number} is locked: {came_back.is_locked}, its credit note {came_back.document_id}"
        for held in came_back.lines:
            if held.restocked > held.received or (
                came_back.state in {"requested", "approved", "cancelled"} and held.received
            ):
                yield (
                    f"return {came_back.number}: {held.received} of {held.quantity} received, "
                    f"{held.restocked} in stock"
                )
            if came_back.state != "rejected":
                back[held.order_line_id] = back.get(held.order_line_id, Decimal(0)) + held.received
    for line in order.lines:
        if back.get(line.id or 0, Decimal(0)) > line.returned:
            yield f"line {line.rank}: {line.returned} are returned, its returns say {back[line.id or 0]}"
    begun = facts["ReturnCreated"] + facts["ReturnMade"] + facts["WithdrawalReceived"]
    if begun != len(order.returns):
        yield f"{len(order.returns)} returns, its history says {begun}"


def _quantities(order: Order, *states: str) -> dict[int, Decimal]:
    """What is in the order's shipments of these states, by line."""
    found: dict[int, Decimal] = {}
    for part in (part for shipment in order.shipments if shipment.state in states for part in shipment.lines):
        found[part.order_line_id] = found.get(part.order_line_id, Decimal(0)) + part.quantity
    return found


def _counts(session: Session, orders: Sequence[Order]) -> Iterator[str]:
    counted: Counter[str] = Counter()
    for order in orders:
        counted.update(tallies_of(order))
    stored = {view: n for view, n in stored_counts(session).items() if n}
    if stored != {view: n for view, n in counted.items() if n}:
        yield f"the counts say {stored}, counted anew {dict(counted)}"


def _moves(orders: Sequence[Order]) -> Iterator[str]:
    """What was moved left one order and came to another, the same amount, and both name each other (PAY-2)."""
    numbers = {order.id: order.number for order in orders}
    payments = {p.id: p for order in orders for p in order.payments}
    halves = [p for p in payments.values() if p.kind == "moved" and not p.reverses_id]
    came_from = {p.of_id: p for p in halves if p.amount > 0}
    for away in (p for p in halves if p.amount < 0):
        here = came_from.pop(away.id, None)
        if here is None or here.amount != -away.amount:
            yield f"payment {away.id}: {away.amount} were moved away, {here and here.amount} arrived"
        elif (away.reason, here.reason) != (numbers[here.order_id], numbers[away.order_id]):
            yield f"payment {away.id}: moved to {away.reason}, from {here.reason}"
    yield from (f"payment {id_}: it came from nowhere" for id_ in came_from)
    back = Counter(p.kind for p in payments.values() if p.reverses_id and p.kind == "moved")
    if back["moved"] % 2:
        yield "half of a move was taken back"


def _credit(orders: Sequence[Order]) -> Iterator[str]:
    """Nobody's credit is overdrawn, and what came in less what went back is what orders were paid and what customers
    have (PAY-2).
    """
    left: Counter[tuple[int | None, str]] = Counter()
    came: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for order in orders:
        there[order.currency] += order.paid
        for payment in order.payments:
            if payment.kind == "credit":
                left[order.customer_id, order.currency] -= payment.amount
            elif payment.kind != "moved":
                came[order.currency] += payment.amount
    for (customer, currency), amount in left.items():
        there[currency] += amount
        if amount < 0 or (amount and customer is None):
            yield f"customer {customer}: the credit in {currency} is {amount}"
    if came != there:
        yield f"{came} came in and stayed, orders and credits have {there}"


def _documents(session: Session) -> Iterator[str]:
    tied = dict(
        session.exec(
            select(Allocation.document_id, func.sum(Allocation.amount)).group_by(col(Allocation.document_id))
        ).all()
    )
    versions: dict[int, list[DocumentVersion]] = {}
    for version in session.exec(select(DocumentVersion)):
        versions.setdefault(version.document_id, []).append(version)
    by_order: dict[int, list[Document]] = {}
    for document in session.exec(select(Document)):
        by_order.setdefault(document.order_id, []).append(document)
        if document.open_amount < 0:
            yield f"{document.number}: more was allocated than it asks for"
        found = versions.get(document.id or 0, [])
        if not found or any(
            hashlib.sha256(v.snapshot.encode()).hexdigest() != v.snapshot_sha256 for v in found
        ):
            yield f"{document.number}: a version is missing or damaged"
    for documents in by_order.values():
        yield from _open_amounts(documents, tied)
        for one in documents:
            taken = [other.total for other in documents if other.credits_id == one.id]
            if one.is_taken_back != (bool(taken) and one.total + sum(taken) == 0):
                yield f"{one.number}: whether it was taken back is not what its credit notes say"


def _sums(session: Session, order: Order) -> Iterator[str]:
    """All documents together say what the order comes to, in net, VAT and gross of each rate, until something was given
    back (W-17).
    """
    is_behind = any(
        line.invoiced != line.ordered - line.cancelled for line in order.lines
    )  # the shop cancelled pieces
    if order.cancelled_at or not invoices(order) or gave_back(order) or is_behind:
        return
    asked = sum(d.open_amount for d in order.documents if d.kind == "invoice")
    if asked != open_amount(order) and not any(payment.kind for payment in order.payments):
        yield f"its invoices ask for {asked}, {open_amount(order)} are open"
    said: dict[Decimal, list[int]] = {}
    for snapshot in newest_snapshots(session, order.documents):
        sign = 1 if snapshot.kind == "invoice" else -1
        for rate in snapshot.rates:
            figures = said.setdefault(rate.rate, [0, 0, 0])
            figures[:] = (
                old + sign * new for old, new in zip(figures, (rate.net, rate.tax, rate.gross), strict=True)
            )
    wanted = {rate.rate: [rate.net, rate.tax, rate.gross] for rate in placed_totals_of(order).rates}
    if any(said.get(rate, [0, 0, 0]) != wanted.get(rate, [0, 0, 0]) for rate in said | wanted):
        yield f"its documents come to {said}, it comes to {wanted}"


def _open_amounts(documents: Sequence[Document], tied: dict[int | None, Decimal]) -> Iterator[str]:
    """What is open of an order's documents is their totals less the money tied to them; credit notes are set off
    against invoices.
    """
    owed = sum(d.open_amount for d in documents if d.kind == "invoice")
    to_refund = sum(d.open_amount for d in documents if d.kind != "invoice")
    due = sum(d.total - int(tied.get(d.id, 0)) for d in documents)
    if owed - to_refund != due:
        yield (
            f"{documents[0].number}: {owed} are open and {to_refund} to refund, the documents less the "
            f"money come to {due}"
        )
    if owed and to_refund:
        yield f"{documents[0].number}: {owed} are open beside {to_refund} to refund"
    room = {
        d.number: d.total + sum(c.total for c in documents if c.credits_id == d.id)
        for d in documents
        if d.kind == "invoice"
    }
    for invoice in (d for d in documents if d.kind == "invoice"):
        if room[invoice.number] < 0:
            yield f"{invoice.number}: more was credited than it asks for"
        others = [d.number for d in documents if d.kind == "invoice" and d.open_amount < room[d.number]]
        if invoice.open_amount > room[invoice.number] and others:
            yield f"{invoice.number}: asks for what was credited, while {others} could ask for it"


def _mails(session: Session, facts: dict[int, Counter[str]]) -> Iterator[str]:
    mails = session.exec(select(OutboxMail)).all()
    written: Counter[int] = Counter(mail.order_id or 0 for mail in mails if mail.again_of_id is None)
    for order_id in written.keys() | facts.keys():
        if written[order_id] != facts.get(order_id, Counter())["MailWritten"]:
            yield (
                f"order id {order_id}: {written[order_id]} mails, its history says "
                f"{facts.get(order_id, Counter())['MailWritten']}"
            )
    ids = {mail.id for mail in mails}
    yield from (
        f"a file of no mail {file.mail_id}"
        for file in session.exec(select(MailAttachment))
        if file.mail_id not in ids
    )
    table = "workflow_status" if db.is_sqlite(session) else "dbos.workflow_status"
    jobs = Counter(session.execute(text(f"SELECT name FROM {table}")).scalars())
    issued = session.exec(select(func.count()).select_from(DocumentVersion)).one()
    if jobs["render_document"] != issued:
        yield f"{jobs['render_document']} jobs for {issued} documents"
    waiting = sum(mail.state == "waiting" for mail in mails)
    if jobs["send_mail"] < waiting:
        yield f"{waiting} mails wait, {jobs['send_mail']} jobs send them"


def _numbers(session: Session) -> Iterator[str]:
    """Each series without gap and double, and its counter where the next number is."""
    kinds: dict[str, Any] = {
        "order": Order,
        "shipment": Shipment,
        "return": OrderReturn,
        "customer": Customer,
        "ticket": Ticket,
    }
    kinds |= dict.fromkeys(("invoice", "credit note", "cancellation"), Document)
    for series in session.exec(select(NumberSeries)):
        table = kinds.get(series.kind)
        if table is None:
            continue
        drafts = set(session.exec(select(Order.number).where(col(Order.is_draft))).all())
        numbers = [
            n
            for n in session.exec(select(table.number)).all()
            if n.startswith(series.prefix) and n not in drafts
        ]
        counters = sorted(int(n.removeprefix(series.prefix)) for n in numbers)
        first = SERIES[series.kind].first
        if counters != list(range(first, int(series.next_counter))):
            yield (
                f"the series {series.kind} has gaps or doubles: {len(counters)} numbers, the next is "
                f"{series.next_counter}"
            )
    head = session.get_one(ChainHead, 1)
    if head.sequence != session.exec(select(func.count()).select_from(History)).one():
        yield f"the chain's head says {head.sequence} facts"


def stored_counts(session: Session) -> dict[str, int]:
    """How many orders each counted view holds now, and under `sum-EUR` and its like the sum of all orders in minor
    units.
    """
    return {
        view: int(n)
        for view, n in session.exec(
            select(ViewCount.view, func.sum(ViewCount.n)).group_by(ViewCount.view)
        ).all()
    }


def _stock(session: Session, orders: Sequence[Order]) -> Iterator[str]:
    """A product's stock is the sum of its movements; of a counted one, what waits is what open orders have left to ship
    (STK-1).
    """
    on_hand: Counter[int] = Counter()
    reserved: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for moved in session.exec(select(StockMovement)):
        on_hand[moved.product_id] += moved.on_hand  # type: ignore[assignment]
        reserved[moved.product_id] += moved.reserved  # type: ignore[assignment]
    for order in orders:
        for line in order.lines if not order.cancelled_at and not order.is_draft else ():
            waiting[line.product_id or 0] += left_to_ship(line)  # type: ignore[assignment]
    for product in session.exec(select(Product)):
        id_ = product.id or 0
        if (product.on_hand or 0, product.reserved) != (on_hand[id_], reserved[id_]):
            yield f"product {product.sku}: its stock is not the sum of its movements"
        if product.on_hand is not None and product.reserved != waiting[id_]:
            yield f"product {product.sku}: {product.reserved} are reserved, {waiting[id_]} are left to ship"
