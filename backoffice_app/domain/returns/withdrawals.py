"""A customer withdraws: a return is requested, its receipt leaves at once, the clock of the refund runs (RET-4)."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.refund_clock import RefundClock, refund_by
from backoffice_app.domain.returns.actions import LongText, Quantities, chosen_quantities
from backoffice_app.domain.returns.facts import WithdrawalReceived
from backoffice_app.domain.returns.make import new_return
from backoffice_app.domain.returns.rules import left_to_withdraw, why_not_withdraw
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.i18n import LazyDay, LazyText, _, ngettext
from backoffice_app.models import Order


class Withdraw(Input):
    """`quantities`: by rank of the order line, else all that can be withdrawn from. `text`: what the customer declared.

    `at`: when it was declared, else now. `reference`: what the shop knows it by: a second call with it does nothing.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"text"})
    quantities: Annotated[Quantities, Asked(_("Quantity of"), kind="quantities")] = Field(default={})
    text: Annotated[LongText, Asked(_("What the customer declared"), kind="long text")] = ""
    at: AwareDatetime | None = None
    reference: str = Field(default="", max_length=200)


def _known(w: Work, order: Order, data: Withdraw) -> LazyText | None:
    """One declaration is one return, however often the shop sends it."""
    found = next((one for one in order.returns if data.reference and one.reference == data.reference), None)
    if found is None:
        return None
    w.made("returns", found.number)
    return _("This withdrawal is known already: return {number}.").format(number=found.number)


@action(
    subject=ORDER,
    key="withdraw",
    label=_("Withdrawal"),
    right=Right.SHIP,
    why_not=why_not_withdraw,
    input=Withdraw,
    asks="must",  # the receipt that leaves at once can't be called back
    known=_known,
)
def withdraw(w: Work, order: Order, data: Withdraw) -> Done:
    """Take down a withdrawal: a requested return with its moment, and its receipt by mail at once.

    § 356a BGB, Directive (EU) 2023/2673.
    """
    at = data.at or w.at
    if at > w.at:
        raise Invalid("at", _("The moment is in the future."))
    if at < order.placed_at:
        raise Invalid("at", _("The moment lies before the order."))
    quantities = chosen_quantities(
        w.actor, order, data.quantities, lambda line: left_to_withdraw(order, line)
    )
    if not quantities:
        quantities = {line.rank: left for line in order.lines if (left := left_to_withdraw(order, line))}
    came_back = new_return(w, order, quantities)
    came_back.withdrawn_at, came_back.reference, came_back.comment = at, data.reference, data.text
    w.flush()
    lines = {line.rank: line for line in order.lines}
    told = by_unit((lines[rank].unit, quantity) for rank, quantity in quantities.items())
    w.record(
        order, WithdrawalReceived(number=came_back.number, quantities=told, at=at, reference=data.reference)
    )
    if any(quantity > lines[rank].shipped - lines[rank].returned for rank, quantity in quantities.items()):
        w.say(_("A part of it has not left yet: cancel the order or the rest, so that it is not shipped."))
    write(
        w,
        mail_kinds.WITHDRAWAL_RECEIVED,
        order,
        about=f"return-{came_back.id}",
        came_back=came_back,
        always=True,
    )
    until = LazyDay(refund_by(at, w.shop.regional.zone))
    return Done(
        _("Withdrawal {number} received. Its money goes back by {day}.").format(
            number=came_back.number, day=until
        )
    )


def clock_text(left: RefundClock) -> LazyText:
    """How long the money may still take, for a person."""
    if left.days_left < 0:
        return _("The refund was due on {day}.").format(day=LazyDay(left.until))
    text = ngettext(
        "Refund by {day}, {count} day left.", "Refund by {day}, {count} days left.", left.days_left
    )
    return text.format(day=LazyDay(left.until), count=left.days_left)
