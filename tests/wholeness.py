"""What must always be true of the whole database, counted anew from its rows: what is wrong, as sentences."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from backoffice_app import db
from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.core.series import PATTERNS
from backoffice_app.domain.core.states import derive
from backoffice_app.domain.core.views import tallies_of
from backoffice_app.domain.core.whole import WHOLE
from backoffice_app.domain.history import Break, verify_chain
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
    OrderSearch,
    OutboxMail,
    Shipment,
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
        yield from (f"order {order.number}: {wrong}" for wrong in _of_order(order, facts.get(order.id or 0, Counter())))
        if docs.pop(order.position, None) != order_text(order):
            yield f"order {order.number}: its search text is not what it says"
        if order.facet not in facets:
            yield f"order {order.number}: its facet is unknown"
    yield from (f"search text {position} of no order" for position in docs)
    yield from _counts(session, orders)
    yield from _documents(session)
    yield from _mails(session, facts)
    yield from _numbers(session)
    yield from (f"{step.what}: {step.why}" for step in verify_chain(session) if isinstance(step, Break))


def _facts(session: Session) -> dict[int, Counter[str]]:
    """How many facts of which kind each order has."""
    found: dict[int, Counter[str]] = {}
    for subject_id, kind in session.exec(select(History.subject_id, History.kind).where(History.subject == "order")):
        found.setdefault(subject_id, Counter())[kind] += 1
    return found


def _of_order(order: Order, facts: Counter[str]) -> Iterator[str]:
    states = derive(order)
    derived = (states.status, states.payment, states.shipping, states.returns, states.paid, states.open_amount)
    stored = (order.status, order.payment_state, order.shipping_state, order.return_state, order.paid, order.open_amount)
    if derived != stored:
        yield f"stored {stored}, derived {derived}"
    if [line.rank for line in order.lines] != list(range(1, len(order.lines) + 1)):
        yield f"its lines have the ranks {[line.rank for line in order.lines]}"
    if Counter(a.kind for a in order.addresses)["billing"] != 1:
        yield "it has no billing address"
    packed, gone = _quantities(order, "open", "shipped"), _quantities(order, "shipped")
    for line in order.lines:
        goods = 0 <= line.returned <= line.shipped <= line.ordered - line.cancelled
        if not goods or not 0 <= line.credited <= line.invoiced <= line.ordered:
            yield f"line {line.rank} breaks ST-2"
        if line.shipped != gone.get(line.id or 0, 0):
            yield f"line {line.rank}: {line.shipped} are shipped, its shipments say {gone.get(line.id or 0, 0)}"
        if line.ships and packed.get(line.id or 0, 0) != line.ordered - line.cancelled:
            yield f"line {line.rank}: {packed.get(line.id or 0, 0)} of {line.ordered} lie in shipments"
    placed_shipped = sum(s.state == "shipped" and s.shipped_by == order.source for s in order.shipments)
    shipped = sum(s.state == "shipped" for s in order.shipments) - placed_shipped
    if facts["OrderShipped"] - facts["ShippingUndone"] != shipped:
        yield f"{shipped} shipments are shipped, its history says {facts['OrderShipped']} - {facts['ShippingUndone']}"
    if facts["OrderPlaced"] != 1:
        yield f"placed {facts['OrderPlaced']} times"
    if facts["InvoiceIssued"] != len(order.documents):
        yield f"{len(order.documents)} documents, its history says {facts['InvoiceIssued']}"


def _quantities(order: Order, *states: str) -> dict[int, Decimal]:
    """What lies in the order's shipments of these states, by line."""
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


def _documents(session: Session) -> Iterator[str]:
    tied = dict(session.exec(select(Allocation.document_id, func.sum(Allocation.amount)).group_by(col(Allocation.document_id))).all())
    versions: dict[int, list[DocumentVersion]] = {}
    for version in session.exec(select(DocumentVersion)):
        versions.setdefault(version.document_id, []).append(version)
    for document in session.exec(select(Document)):
        if document.open_amount != document.total - int(tied.get(document.id, 0)):
            yield f"{document.number}: {document.open_amount} are open, {document.total} less {tied.get(document.id, 0)} is not"
        if document.open_amount < 0:
            yield f"{document.number}: more was allocated than it asks for"
        found = versions.get(document.id or 0, [])
        if not found or any(hashlib.sha256(v.snapshot.encode()).hexdigest() != v.snapshot_sha256 for v in found):
            yield f"{document.number}: a version is missing or damaged"


def _mails(session: Session, facts: dict[int, Counter[str]]) -> Iterator[str]:
    mails = session.exec(select(OutboxMail)).all()
    written: Counter[int] = Counter(mail.order_id or 0 for mail in mails if mail.again_of_id is None)
    for order_id in written.keys() | facts.keys():
        if written[order_id] != facts.get(order_id, Counter())["MailWritten"]:
            yield f"order id {order_id}: {written[order_id]} mails, its history says {facts.get(order_id, Counter())['MailWritten']}"
    ids = {mail.id for mail in mails}
    yield from (f"a file of no mail {file.mail_id}" for file in session.exec(select(MailAttachment)) if file.mail_id not in ids)
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
    kinds = {"order": Order, "invoice": Document, "shipment": Shipment, "customer": Customer}
    for series in session.exec(select(NumberSeries)):
        table = kinds.get(series.kind)
        if table is None:
            continue
        numbers = [n for n in session.exec(select(table.number)).all() if n.startswith(series.prefix)]
        counters = sorted(int(n.removeprefix(series.prefix)) for n in numbers)
        first = PATTERNS[series.kind][3]
        if counters != list(range(first, int(series.next_counter))):
            yield f"the series {series.kind} has gaps or doubles: {len(counters)} numbers, the next is {series.next_counter}"
    head = session.get_one(ChainHead, 1)
    if head.sequence != session.exec(select(func.count()).select_from(History)).one():
        yield f"the chain's head says {head.sequence} facts"


def stored_counts(session: Session) -> dict[str, int]:
    """How many orders each counted view holds now, and under `sum-EUR` and its like the sum of all orders in minor units."""
    return {view: int(n) for view, n in session.exec(select(ViewCount.view, func.sum(ViewCount.n)).group_by(ViewCount.view)).all()}
