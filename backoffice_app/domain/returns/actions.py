"""Returns are announced, approved, received, and completed, rejected or cancelled (RET-1, RET-3)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.return_slip import RETURN_SLIP
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.typed import amount_of, quantity_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import Paper, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.addressee import customer_of, language_of
from backoffice_app.domain.order.states import ReturnStep
from backoffice_app.domain.returns.choices import ACTION, REASON, chosen
from backoffice_app.domain.returns.credit import Beside, credit
from backoffice_app.domain.returns.facts import (
    ReturnApproved,
    ReturnCancelled,
    ReturnCompleted,
    ReturnCreated,
    ReturnReceived,
    ReturnRejected,
)
from backoffice_app.domain.returns.make import new_return, part_of, restock
from backoffice_app.domain.returns.rules import (
    differs,
    left_to_return,
    line_of,
    return_of,
    why_not_approve,
    why_not_approve_it,
    why_not_cancel,
    why_not_cancel_it,
    why_not_complete,
    why_not_complete_it,
    why_not_create,
    why_not_receive,
    why_not_receive_it,
    why_not_reject,
    why_not_reject_it,
)
from backoffice_app.domain.returns.slip import return_slip_snapshot
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.domain.shipping.rules import smallest_part
from backoffice_app.i18n import LazyQuantities, LazyText, _
from backoffice_app.models import Document, Order, OrderLine, OrderReturn, ReturnReason
from backoffice_app.settings import settings

Words = Annotated[str, Field(max_length=200)]
LongText = Annotated[str, Field(max_length=2_000)]
Quantities = Annotated[dict[str, Annotated[str, Field(max_length=30)]], Field(max_length=1_000)]
Condition = Literal["", "as new", "used", "damaged"]
CONDITION_NAMES: dict[str, LazyText] = {
    "": _("Not said"),
    "as new": _("As new"),
    "used": _("Used"),
    "damaged": _("Damaged"),
}
Which = Annotated[str, Asked(_("Return")), Field(alias="return", max_length=100)]
NOTIFY = Asked(_("Notify customer"))
MESSAGE = Asked(
    _("Message to the customer"), _("Goes into the mail and is kept with the return."), kind="long text"
)


class CreateReturn(Input):
    """`quantities`: by rank of the order line. `reason`, `action`: a name of the shop's lists, or other words.

    `text`: what the customer wrote; `note`: for colleagues; `message`: to the customer, who is told of the return if
    `mail`.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"text", "note", "message"})
    quantities: Quantities
    reason: Words = ""
    action: Words = ""
    text: LongText = ""
    note: LongText = ""
    message: LongText = ""
    mail: bool = True


@action(
    subject=ORDER,
    key="create-return",
    label=_("Create return"),
    right=Right.SHIP,
    why_not=why_not_create,
    input=CreateReturn,
)
def create_return(w: Work, order: Order, data: CreateReturn) -> Done:
    """Goods of which the customer says that they come back are announced, once for each piece (RET-1)."""
    quantities = chosen_quantities(w.actor, order, data.quantities, lambda line: left_to_return(order, line))
    if not quantities:
        raise Invalid("quantities", _("Say of one line at least how much comes back."))
    reason, words = chosen(w.session, REASON, data.reason, order.language)
    doing, what = chosen(w.session, ACTION, data.action, order.language)
    came_back = new_return(w, order, quantities)
    came_back.reason_id, came_back.reason = reason.id if reason else None, words
    came_back.action_id, came_back.action = doing.id if doing else None, what
    came_back.pays = reason.pays if isinstance(reason, ReturnReason) else ""
    came_back.comment, came_back.note, came_back.message = data.text, data.note, data.message
    lines = {line.rank: line for line in order.lines}
    told = by_unit((lines[rank].unit, quantity) for rank, quantity in quantities.items())
    w.record(order, ReturnCreated(number=came_back.number, quantities=told, reason=words, action=what))
    if data.mail:
        _tell(w, order, came_back, mail_kinds.RETURN_REGISTERED, data.message)
    return Done(_("Return {number} created.").format(number=came_back.number))


class ApproveReturn(Input):
    """`return`: its number. `message`: to the customer, who is told if `mail`."""

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    return_: Which
    message: Annotated[LongText, MESSAGE] = ""
    mail: Annotated[bool, NOTIFY] = True


@action(
    subject=ORDER,
    key="approve-return",
    label=_("Approve return"),
    right=Right.SHIP,
    why_not=why_not_approve,
    input=ApproveReturn,
)
def approve_return(w: Work, order: Order, data: ApproveReturn) -> Done:
    """The customer may send it back (RET-3)."""
    came_back = _judged(order, data.return_, why_not_approve_it)
    came_back.state = ReturnStep.APPROVED.value
    w.record(order, ReturnApproved(number=came_back.number))
    _changed(w, order, came_back, data.message, mail=data.mail)
    return Done(_("Return {number} approved.").format(number=came_back.number))


class ReceiveReturn(Input):
    """What arrived of the return `return`: all that was announced and is missing, unless `quantities` say by rank what
    it is.

    `condition`: as it was found. `restock`: what of it can be sold again: all of it or nothing, or how much by rank.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    return_: Which
    quantities: Quantities = Field(default_factory=dict)
    condition: Condition = ""
    restock: bool | Quantities = False
    message: LongText = ""
    mail: bool = False


@action(
    subject=ORDER,
    key="receive-return",
    label=_("Receive return"),
    right=Right.SHIP,
    why_not=why_not_receive,
    input=ReceiveReturn,
)
def receive_return(w: Work, order: Order, data: ReceiveReturn) -> Done:
    """What arrived counts as returned, also where it is not what was announced.

    Condition and stock are asked once for each piece (RET-3).
    """
    came_back = return_of(order, data.return_)
    if reason := why_not_receive_it(order, came_back):
        raise Refused(reason)
    arrived = _arrived(w.actor, order, came_back, data)
    again = _restocked(w.actor, order, arrived, data)
    lines = {line.rank: line for line in order.lines}
    for rank, quantity in arrived.items():
        held = part_of(came_back, lines[rank])
        held.received += quantity
        held.restocked += again.get(rank, Decimal(0))
        held.condition = data.condition or held.condition
        lines[rank].returned += quantity
    came_back.state, came_back.received_at = ReturnStep.RECEIVED.value, w.at
    w.session.flush()
    told = by_unit((lines[rank].unit, quantity) for rank, quantity in arrived.items())
    as_announced = not differs(came_back)
    fact = ReturnReceived(
        number=came_back.number, quantities=told, condition=data.condition, as_announced=as_announced
    )
    w.record(order, fact)
    restock(w, order, {str(rank): quantity for rank, quantity in again.items()})
    if not as_announced:
        w.say(_("What arrived is not what was announced: the refund is proposed from what arrived."))
    _changed(w, order, came_back, data.message, mail=data.mail)
    return Done(
        _("{quantities} of return {number} received.").format(
            quantities=LazyQuantities(told), number=came_back.number
        )
    )


class CompleteReturn(Input):
    """The return `return` is settled.

    `refund`: whether what was received is credited, and `shipping` cost with it, as decimal text.

    `fee`: what is kept back of it, as decimal text, with its reason.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    return_: Which
    refund: bool = True
    shipping: Annotated[str, Field(max_length=30)] = ""
    fee: Annotated[str, Field(max_length=30)] = ""
    fee_reason: Words = ""
    message: LongText = ""
    mail: bool = True


@action(
    subject=ORDER,
    key="complete-return",
    label=_("Complete return"),
    right=Right.INVOICE,
    why_not=why_not_complete,
    input=CompleteReturn,
)
def complete_return(w: Work, order: Order, data: CompleteReturn) -> Done:
    """The return is settled: with a credit note over what was received, which locks it, or without a refund (RET-3,
    INV-6).
    """
    came_back = _judged(order, data.return_, why_not_complete_it)
    documents = credit(w, order, came_back, _beside(w, order, data)) if data.refund else []
    numbers = ", ".join(document.number for document in documents)
    came_back.state, came_back.closed_at = ReturnStep.COMPLETED.value, w.at
    w.record(order, ReturnCompleted(number=came_back.number, document=numbers))
    _changed(w, order, came_back, data.message, mail=data.mail, documents=documents)
    if numbers:
        credited = _("Return {number} completed. Credit note {document} issued.")
        return Done(credited.format(number=came_back.number, document=numbers))
    return Done(_("Return {number} completed without a refund.").format(number=came_back.number))


def _beside(w: Work, order: Order, data: CompleteReturn) -> Beside:
    """Shipping cost and fee as they were typed. Raises Invalid naming each field that is wrong."""
    typed = {"shipping": data.shipping, "fee": data.fee}
    amounts = {
        name: amount_of(w.actor, text, order.currency, name) if text.strip() else 0
        for name, text in typed.items()
    }
    wrong = [
        Invalid(name, _("The amount can't be less than 0.")) for name, amount in amounts.items() if amount < 0
    ]
    if amounts["fee"] > 0 and not data.fee_reason:
        wrong.append(Invalid("fee_reason", _("Say why an amount is kept back.")))
    all_at_once(wrong)
    return Beside(amounts["shipping"], amounts["fee"], data.fee_reason)


class RejectReturn(Input):
    """`return`: its number. `reason`: why, which the customer is told if `mail`."""

    long_texts: ClassVar[frozenset[str]] = frozenset({"reason"})
    return_: Which
    reason: Annotated[
        LongText,
        Asked(_("Reason of the rejection"), _("Goes into the mail to the customer."), kind="long text"),
    ] = ""
    mail: Annotated[bool, NOTIFY] = True


@action(
    subject=ORDER,
    key="reject-return",
    label=_("Reject return"),
    right=Right.SHIP,
    why_not=why_not_reject,
    input=RejectReturn,
)
def reject_return(w: Work, order: Order, data: RejectReturn) -> Done:
    """What was asked for is declined; what has arrived goes back to the customer, so it does not count as returned
    (RET-3).
    """
    came_back = _judged(order, data.return_, why_not_reject_it)
    for held in came_back.lines:
        line_of(order, held).returned -= held.received
    came_back.state, came_back.closed_at = ReturnStep.REJECTED.value, w.at
    w.record(order, ReturnRejected(number=came_back.number, reason=data.reason))
    _changed(w, order, came_back, data.reason, mail=data.mail)
    return Done(_("Return {number} rejected.").format(number=came_back.number))


class CancelReturn(Input):
    """`return`: its number."""

    return_: Which
    mail: Annotated[bool, NOTIFY] = False


@action(
    subject=ORDER,
    key="cancel-return",
    label=_("Cancel return"),
    right=Right.SHIP,
    why_not=why_not_cancel,
    input=CancelReturn,
)
def cancel_return(w: Work, order: Order, data: CancelReturn) -> Done:
    """It does not come back after all (RET-3)."""
    came_back = _judged(order, data.return_, why_not_cancel_it)
    came_back.state, came_back.closed_at = ReturnStep.CANCELLED.value, w.at
    w.record(order, ReturnCancelled(number=came_back.number))
    _changed(w, order, came_back, "", mail=data.mail)
    return Done(_("Return {number} cancelled.").format(number=came_back.number))


def _judged(order: Order, number: str, why_not: Callable[[OrderReturn], LazyText | None]) -> OrderReturn:
    """The return of this number. Raises Refused with the reason of its own rule."""
    came_back = return_of(order, number)
    if reason := why_not(came_back):
        raise Refused(reason)
    return came_back


def _arrived(actor: Actor, order: Order, came_back: OrderReturn, data: ReceiveReturn) -> dict[int, Decimal]:
    """What arrived now, by rank; all that is missing of what was announced where nothing is said."""

    def most(line: OrderLine) -> Decimal:
        return left_to_return(order, line, besides=came_back)

    if not data.quantities:
        parts = [(line_of(order, held), held.quantity - held.received) for held in came_back.lines]
        arrived = {
            line.rank: min(quantity, most(line)) for line, quantity in parts if min(quantity, most(line)) > 0
        }
    else:
        arrived = chosen_quantities(actor, order, data.quantities, most)
    if not arrived:
        raise Invalid("quantities", _("Say of one line at least how much has arrived."))
    return arrived


def _restocked(
    actor: Actor, order: Order, arrived: Mapping[int, Decimal], data: ReceiveReturn
) -> dict[int, Decimal]:
    """What of it can be sold again, by rank: never more than arrived just now (H1, H2)."""
    if isinstance(data.restock, dict):
        return chosen_quantities(
            actor, order, data.restock, lambda line: arrived.get(line.rank, Decimal(0)), "restock"
        )
    return dict(arrived) if data.restock else {}


def chosen_quantities(
    actor: Actor,
    order: Order,
    wishes: Mapping[str, str],
    most: Callable[[OrderLine], Decimal],
    field: str = "quantities",
) -> dict[int, Decimal]:
    """The quantities by rank, without what is 0. Raises Invalid naming each field that is wrong: `quantities.2`."""
    lines = {str(line.rank): line for line in order.lines}
    found, wrong = {}, list[Invalid]()
    for rank, text in wishes.items():
        with noting(wrong):
            if quantity := _quantity(actor, lines.get(rank), text, most, f"{field}.{rank}"):
                found[int(rank)] = quantity
    all_at_once(wrong)
    return found


def _quantity(
    actor: Actor, line: OrderLine | None, text: str, most: Callable[[OrderLine], Decimal], field: str
) -> Decimal:
    """How much of one line is meant; of pieces a whole number, unless it is all that is left (ST-2)."""
    if line is None:
        raise Invalid(field, _("The order has no such line."))
    there = most(line)
    quantity = quantity_of(actor, text, field, there) if text.strip() else Decimal(0)
    if quantity < 0:
        raise Invalid(field, _("The quantity can't be less than 0."))
    if quantity > there:
        left = LazyQuantities(by_unit([(line.unit, there)]))
        sentence = (
            _("No more than {quantity} of “{name}” arrived just now.")
            if field.startswith("restock.")
            else _(
                "No more than {quantity} of “{name}” can come back: the rest was not shipped, is back, or is "
                "in another return."
            )
        )
        raise Invalid(field, sentence.format(quantity=left, name=line.name))
    if quantity != there and quantity % smallest_part(line):
        raise Invalid(field, _("Only whole numbers: “{name}” can't be divided.").format(name=line.name))
    return quantity


def _changed(
    w: Work,
    order: Order,
    came_back: OrderReturn,
    message: str,
    *,
    mail: bool,
    documents: Sequence[Document] = (),
) -> None:
    """What each change of a return ends with: the answer names it, its message is kept, and the customer is told if
    wished, with the `documents` that came of it.
    """
    w.made("returns", came_back.number)
    came_back.message = message or came_back.message
    if mail:
        _tell(w, order, came_back, mail_kinds.RETURN_CHANGED, message, documents)


def _tell(  # noqa: PLR0917
    w: Work,
    order: Order,
    came_back: OrderReturn,
    kind: mail_kinds.MailKind,
    message: str,
    documents: Sequence[Document] = (),
) -> None:
    w.session.flush()
    about = f"return-{came_back.id}-{order.version}"
    papers = [_slip(w, order, came_back)] if kind is mail_kinds.RETURN_REGISTERED else []
    delay = settings().undo_seconds
    write(
        w,
        kind,
        order,
        about=about,
        message=message,
        came_back=came_back,
        documents=documents,
        papers=papers,
        delay=delay,
    )


def _slip(w: Work, order: Order, came_back: OrderReturn) -> Paper:
    """The return slip as it is now: what the customer puts into the parcel."""
    language = language_of(w.session, w.shop, order, LANGUAGES)
    slip = return_slip_snapshot(
        w.shop, order, came_back, language=language, customer=customer_of(w.session, order)
    )
    return Paper(RETURN_SLIP.key, f"{came_back.number}.pdf", slip.model_dump_json())
