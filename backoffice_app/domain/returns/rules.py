"""What may be done with the returns of an order now, and if not, why; nothing here reads the database (RET-1, RET-3,
ST-3).
"""

from collections.abc import Callable
from decimal import Decimal

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.order.states import IN_PROGRESS, RETURN_CLOSED, ReturnStep, missing
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine, OrderReturn, ReturnLine

STEP_NAMES: dict[str, LazyText] = {
    ReturnStep.REQUESTED: _("Requested"),
    ReturnStep.APPROVED: _("Approved"),
    IN_PROGRESS: _("In progress"),
    ReturnStep.RECEIVED: _("Received"),
    ReturnStep.COMPLETED: _("Completed"),
    ReturnStep.REJECTED: _("Rejected"),
    ReturnStep.CANCELLED: _("Cancelled"),
}
NONE_OPEN = _("No return of this order is open.")
_WHY_CLOSED: dict[str, LazyText] = {
    ReturnStep.COMPLETED: _("Return {number} is completed, so it can no longer be changed."),
    ReturnStep.REJECTED: _("Return {number} was rejected, so it can no longer be changed."),
    ReturnStep.CANCELLED: _("Return {number} was cancelled, so it can no longer be changed."),
}
"""Why nothing can be changed about a return in a state that closes it."""
WhyNot = Callable[[OrderReturn], LazyText | None]


def is_open(came_back: OrderReturn) -> bool:
    """Whether something of it is still waited for, or to be decided."""
    return came_back.state not in RETURN_CLOSED


def open_returns(order: Order) -> list[OrderReturn]:
    """The returns of an order that are not closed, oldest first."""
    return [came_back for came_back in order.returns if is_open(came_back)]


def announced(order: Order, line: OrderLine, besides: OrderReturn | None = None) -> Decimal:
    """How much of a line the open returns still wait for; `besides`: one that is left out."""
    others = (
        held for came_back in open_returns(order) if came_back is not besides for held in came_back.lines
    )
    return sum((missing(held) for held in others if held.order_line_id == line.id), Decimal(0))


def left_to_return(order: Order, line: OrderLine, besides: OrderReturn | None = None) -> Decimal:
    """How much of a line may still come back: shipped, not returned, and announced by no open return (RET-1).

    Never below 0.
    """
    return max(line.shipped - line.returned - announced(order, line, besides), Decimal(0))


def left_to_withdraw(order: Order, line: OrderLine) -> Decimal:
    """How much of a line a customer may still withdraw from: also what has not left yet, as they may do so at any time
    (RET-4).
    """
    return max(line.ordered - line.cancelled - line.returned - announced(order, line), Decimal(0))


def why_not_withdraw(order: Order) -> LazyText | None:
    """RET-4: something of the order is neither cancelled, nor back, nor announced."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(left_to_withdraw(order, line) for line in order.lines):
        return None
    return (
        _("All of the order came back, or an open return announces it.")
        if order.lines
        else _("There are no lines.")
    )


def why_not_create(order: Order) -> LazyText | None:
    """RET-1: something was shipped and neither came back nor is announced."""
    if not any(line.shipped for line in order.lines):
        return _("Nothing was shipped yet, so nothing can come back.")
    if any(left_to_return(order, line) for line in order.lines):
        return None
    if open_returns(order):
        return _("All that was shipped came back, or an open return announces it.")
    return _("All that was shipped came back already.")


def why_not_approve(order: Order) -> LazyText | None:
    """RET-3: a return is requested."""
    if any(came_back.state == ReturnStep.REQUESTED for came_back in order.returns):
        return None
    return _("No return waits for an approval.") if open_returns(order) else NONE_OPEN


def why_not_receive(order: Order) -> LazyText | None:
    """RET-3: a return is open, and goods of it may still arrive."""
    still_open = open_returns(order)
    if not still_open:
        return NONE_OPEN
    if any(why_not_receive_it(order, came_back) is None for came_back in still_open):
        return None
    return _("All that was shipped has arrived.")


def why_not_complete(order: Order) -> LazyText | None:
    """RET-3: of an open return something has arrived."""
    return _why_none(order, why_not_complete_it)


def why_not_reject(order: Order) -> LazyText | None:
    """RET-3: a return is open, and nothing of it was put back into stock."""
    return _why_none(order, why_not_reject_it)


def why_not_cancel(order: Order) -> LazyText | None:
    """RET-3: a return is open of which nothing has arrived."""
    return _why_none(order, why_not_cancel_it)


def why_not_approve_it(came_back: OrderReturn) -> LazyText | None:
    """What was asked for, and not answered yet."""
    if reason := why_closed(came_back):
        return reason
    if came_back.state != ReturnStep.REQUESTED:
        return _("Return {number} is approved already, or has arrived.").format(number=came_back.number)
    return None


def why_not_receive_it(order: Order, came_back: OrderReturn) -> LazyText | None:
    """As long as it is open, and something of the order is still out there: parcels come one by one, with more or less
    in them.
    """
    if reason := why_closed(came_back):
        return reason
    if any(left_to_return(order, line, besides=came_back) for line in order.lines):
        return None
    return _("Nothing that could arrive with return {number} is still out there.").format(
        number=came_back.number
    )


def why_not_complete_it(came_back: OrderReturn) -> LazyText | None:
    """What has arrived can be settled, also where a part is missing."""
    if reason := why_closed(came_back):
        return reason
    if came_back.state != ReturnStep.RECEIVED:
        return _("Nothing of return {number} has arrived. Receive it first, or reject or cancel it.").format(
            number=came_back.number
        )
    return None


def why_not_reject_it(came_back: OrderReturn) -> LazyText | None:
    """What was put back into stock can't go back to the customer."""
    if reason := why_closed(came_back):
        return reason
    if any(held.restocked for held in came_back.lines):
        return _(
            "A part of return {number} was put back into stock. Complete it, without a refund if there is to be none."
        ).format(number=came_back.number)
    return None


def why_not_cancel_it(came_back: OrderReturn) -> LazyText | None:
    """Only what never arrived did not happen."""
    if reason := why_closed(came_back):
        return reason
    if came_back.state == ReturnStep.RECEIVED:
        return _("Goods of return {number} have arrived. Complete or reject it.").format(
            number=came_back.number
        )
    return None


def why_closed(came_back: OrderReturn) -> LazyText | None:
    """Why nothing can be changed about a return any more; None while it is open (INV-6, RET-3)."""
    if came_back.is_locked:
        return _("Return {number} was credited, so it can no longer be changed.").format(
            number=came_back.number
        )
    return None if is_open(came_back) else _WHY_CLOSED[came_back.state].format(number=came_back.number)


def return_of(order: Order, number: str) -> OrderReturn:
    """The order's return of this number. Raises Invalid naming `return`."""
    found = next((came_back for came_back in order.returns if came_back.number == number), None)
    if found is None:
        raise Invalid("return", _("The order has no return {number}.").format(number=number))
    return found


def line_of(order: Order, held: ReturnLine) -> OrderLine:
    """The order line that a part of a stored return is of."""
    return next(line for line in order.lines if line.id == held.order_line_id)


def by_rank(order: Order, came_back: OrderReturn, amount: str = "received") -> dict[str, Decimal]:
    """How much of each line is in a return, by rank as text, without what is 0; `amount`: "quantity", "received" or
    "restocked".
    """
    found = {str(line_of(order, held).rank): getattr(held, amount) for held in came_back.lines}
    return {
        rank: quantity for rank, quantity in sorted(found.items(), key=lambda pair: int(pair[0])) if quantity
    }


def differs(came_back: OrderReturn) -> bool:
    """Whether something else arrived than was announced."""
    return any(held.received != held.quantity for held in came_back.lines)


def _why_none(order: Order, why_not: WhyNot) -> LazyText | None:
    """None where one open return may go on, else why the first may not."""
    reasons = [why_not(came_back) for came_back in open_returns(order)]
    if not reasons:
        return NONE_OPEN
    return None if None in reasons else reasons[0]
