"""Returns are made: announced by a person, or by the credit note that credits what was shipped (RET-1, INV-6)."""

from collections.abc import Mapping
from decimal import Decimal

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import ReturnStep
from backoffice_app.domain.orders.facts import PiecesRestocked
from backoffice_app.domain.returns.facts import ReturnMade
from backoffice_app.domain.returns.rules import by_rank
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.i18n import _
from backoffice_app.models import Document, Order, OrderLine, OrderReturn, ReturnLine


def new_return(w: Work, order: Order, quantities: Mapping[int, Decimal]) -> OrderReturn:
    """A requested return of these quantities by rank, with the next number. The caller has judged them."""
    lines = {line.rank: line for line in order.lines}
    number, _day = draw(w.session, "return", w.today)
    came_back = OrderReturn(number=number, order_id=order.id or 0, created_at=w.at, created_by=w.actor.name)
    came_back.lines = [
        _part(lines[rank], announced=quantity) for rank, quantity in sorted(quantities.items()) if quantity
    ]
    order.returns.append(came_back)
    w.session.flush()
    w.made("returns", number)
    return came_back


def part_of(came_back: OrderReturn, line: OrderLine) -> ReturnLine:
    """The part of a return that is of this line; a new one where nothing of it was announced, to be received at once
    (H4).
    """
    found = next((held for held in came_back.lines if held.order_line_id == line.id), None)
    if found is None:
        found = _part(line, announced=Decimal(0))
        came_back.lines.append(found)
    return found


def _part(line: OrderLine, *, announced: Decimal) -> ReturnLine:
    part = ReturnLine(order_line_id=line.id or 0, quantity=announced)
    part.line = line
    return part


def restock(w: Work, order: Order, quantities: Mapping[str, Decimal]) -> None:
    """Exactly these pieces can be sold again, by rank of the line; without any, nothing is recorded (H2, H3)."""
    if quantities:
        w.record(order, PiecesRestocked(quantities=dict(quantities)))


def completed_return(
    w: Work,
    order: Order,
    quantities: Mapping[int, Decimal],
    document: Document,
    *,
    restocked: Mapping[int, Decimal],
    reason: str,
) -> OrderReturn:
    """The locked return that a credit note makes of pieces that were shipped; it came and was settled at once (INV-6).

    `quantities`: by rank, above 0; `restocked`: how much of it can be sold again. Raises Refused where less of a line
    was shipped and is still with the customer.
    """
    lines = {line.rank: line for line in order.lines}
    for rank, quantity in quantities.items():
        if quantity > lines[rank].shipped - lines[rank].returned:
            raise Refused(
                _("So many pieces of “{name}” are not with the customer.").format(name=lines[rank].name)
            )
    came_back = new_return(w, order, quantities)
    for held in came_back.lines:
        held.received = held.quantity
        held.restocked = min(restocked.get(held.line.rank, Decimal(0)), held.quantity)
        held.line.returned += held.received
    came_back.state, came_back.reason = ReturnStep.COMPLETED.value, reason
    came_back.received_at = came_back.closed_at = w.at
    came_back.document_id, came_back.is_locked = document.id, True
    w.session.flush()
    arrived = by_unit((held.line.unit, held.received) for held in came_back.lines)
    w.record(order, ReturnMade(number=came_back.number, document=document.number, quantities=arrived))
    restock(w, order, by_rank(order, came_back, "restocked"))
    return came_back
