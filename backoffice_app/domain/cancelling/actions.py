"""`Cancel order` and `Cancel the rest`: goods, documents, money and mail in one transaction (W-13)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from sqlmodel import col, select

from backoffice_app.domain.cancelling.documents import credit_pieces, reverse_invoices
from backoffice_app.domain.cancelling.rules import the_rest, why_not_cancel, why_not_cancel_rest
from backoffice_app.domain.core.actions import SAID, Done, Input, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Figure, Work
from backoffice_app.domain.customer_credit import NOBODY, book_credit, hold_credit
from backoffice_app.domain.mail import MailState, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ShipmentState, surplus, to_refund
from backoffice_app.domain.orders.facts import AuthorisationLapsed, OrderCancelled, PiecesCancelled
from backoffice_app.domain.orders.recompute import lessen, recompute
from backoffice_app.domain.refunds import record_refund
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.formats import format_money
from backoffice_app.i18n import LazyMoment, LazyMoney, LazyQuantities, LazyText, _, ngettext
from backoffice_app.models import Document, History, Order, OrderLine, OutboxMail, Shipment

_SAID = _("The order was cancelled already.")


def cancelled_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, one of them reads who was first; that is no error."""
    if order.cancelled_at is None:
        return None
    facts = select(History.actor_name).where(History.subject == ORDER.key, History.subject_id == order.id)
    name = w.session.exec(
        facts.where(History.kind == OrderCancelled.__name__).order_by(col(History.sequence).desc())
    ).first()
    if not name:
        return _SAID
    at = LazyMoment(order.cancelled_at, w.shop.regional.zone, w.at)
    return _("Cancelled already, by {name} at {time}.").format(name=name, time=at)


class Cancel(Input):
    """`reason`: why, as the mail to the customer says it. `restock`: its pieces may be sold again.

    `mail`: the customer is told.
    """

    reason: Annotated[str, Asked(_("Reason"), _("Goes into the mail to the customer."))] = Field(
        default="", max_length=500
    )
    restock: Annotated[bool, Asked(_("Put the goods back for sale"))] = True
    mail: Annotated[bool, Asked(_("Notify customer"))] = True


@action(
    subject=ORDER,
    key="cancel",
    label=_("Cancel order"),
    right=Right.EDIT,
    why_not=why_not_cancel,
    already=cancelled_already,
    input=Cancel,
    asks="must",  # it can't be taken back, so a dialog shows first what will happen
    bulk=True,
)
def cancel(w: Work, order: Order, data: Cancel) -> Done:
    """End an order of which nothing has left: nothing ships, invoices are reversed, what was paid is to be refunded
    (W-13).
    """
    waiting = [
        (line, line.ordered - line.cancelled)
        for line in order.lines
        if line.ships and line.ordered > line.cancelled
    ]
    held = by_unit((line.unit, quantity) for line, quantity in waiting)
    _close_shipments(w, [shipment for shipment in order.shipments if shipment.state == ShipmentState.OPEN])
    documents = reverse_invoices(w, order, data.reason)
    for line in order.lines:
        line.cancelled = line.ordered
    order.cancelled_at, order.cancel_reason = w.at, data.reason
    order.on_hold_since, order.hold_reason, order.held_by, order.hold_until = None, "", "", None
    order.invoicing = ""
    w.flush()
    w.record(order, OrderCancelled(reason=data.reason, restock=data.restock))
    if order.authorised_at:
        order.authorised_at = None
        w.record(order, AuthorisationLapsed())
        w.say(
            _("The authorised payment is not collected any more."),
            Figure("credit-card", _("The authorised payment is not collected")),
        )
    if held:
        told = LazyQuantities(held)
        w.say(
            _("Not shipped any more: {quantities}.").format(quantities=told), _not_shipped(len(waiting), told)
        )
    _say_restock(w, waiting, restock=data.restock)
    _say_surplus(w, order)
    if order.open_task_count:
        stay = ngettext("{count} open task stays", "{count} open tasks stay", order.open_task_count)
        w.say(
            ngettext("{count} open task stays.", "{count} open tasks stay.", order.open_task_count),
            Figure("circle-check", stay),
        )
    if data.mail:
        mail = write(
            w, mail_kinds.ORDER_CANCELLED, order, about="cancelled", documents=documents, message=data.reason
        )
        _went_along(w, mail, documents)
    return Done(_("The order is cancelled."))


class CancelRest(Input):
    """`reason`: why, as the mail to the customer says it. `restock`: the pieces may be sold again.

    `mail`: the customer is told.

    `money`: what becomes of what was paid for them: "refund" asks for its refund, "credit" makes it credit of the
    customer, "lines" leaves it on the order, from where it moves to another one of the customer, such as a copy with
    the lines that are wanted instead.
    """

    reason: Annotated[str, Asked(_("Reason"), _("Goes into the mail to the customer."))] = Field(
        default="", max_length=500
    )
    restock: Annotated[bool, Asked(_("Put the goods back for sale"))] = True
    mail: Annotated[bool, Asked(_("Notify customer"))] = True
    money: Annotated[
        Literal["lines", "refund", "credit"],
        Asked(
            _("What was paid for it"),
            choices={
                "lines": _("Stays on the order, for other lines"),
                "refund": _("Is to be refunded"),
                "credit": _("Becomes credit of the customer"),
            },
        ),
    ] = "lines"


@action(
    subject=ORDER,
    key="cancel-rest",
    label=_("Cancel the rest"),
    right=Right.EDIT,
    why_not=why_not_cancel_rest,
    input=CancelRest,
    asks="must",  # what was invoiced is credited, which can't be taken back
)
def cancel_rest(w: Work, order: Order, data: CancelRest) -> Done:
    """What has not left never will: invoiced pieces are credited, of others the order's sums fall (W-13, ST-2).

    Raises Invalid naming `money` for credit where there is no customer to have it.
    """
    if data.money == "credit":
        if order.customer_id is None:
            raise Invalid("money", NOBODY)
        hold_credit(w, order)  # before the number of the credit note: series are locked last
    rest = the_rest(order)
    quantities = {line.rank: quantity for line, quantity in rest}
    before, issued = surplus(order), len(order.documents)
    told = LazyQuantities(by_unit((line.unit, quantity) for line, quantity in rest))
    w.say(_("Cancelled: {quantities}.").format(quantities=told), _not_shipped(len(rest), told))
    were_open = [shipment for shipment in order.shipments if shipment.state == ShipmentState.OPEN]
    is_invoiced = credit_pieces(w, order, quantities, data.reason, releases=data.restock)
    _close_shipments(w, were_open)
    still = the_rest(order)  # the credit note has cancelled what it credits
    for line, quantity in still:
        if is_invoiced:
            line.cancelled += quantity
        else:
            lessen(line, quantity, order.currency)
    if not is_invoiced:
        recompute(order)
    w.flush()
    if still:
        w.record(
            order,
            PiecesCancelled(
                quantities={str(line.rank): quantity for line, quantity in still}, restock=data.restock
            ),
        )
    _say_restock(w, rest, restock=data.restock)
    more = max(min(surplus(order) - before, to_refund(order)), 0)
    _settle_surplus(w, order, more, data)
    if data.mail:
        mail = write(
            w,
            mail_kinds.REST_CANCELLED,
            order,
            about=f"rest-{order.version}",
            documents=order.documents[issued:],
            message=data.reason,
            more=lambda language: {
                "rest": mail_kinds.rest_of(
                    rest, language, **_amounts(data.money, more, order.currency, language)
                )
            },
        )
        _went_along(w, mail, order.documents[issued:])
    return Done(SAID)


def _amounts(money: str, more: int, currency: str, language: str) -> dict[str, str]:
    """What the mail says of the money that is too much: none of what stays on the order."""
    return {money: format_money(more, currency, language)} if more and money != "lines" else {}


def _went_along(w: Work, mail: OutboxMail | None, documents: Sequence[Document]) -> None:
    """The documents that go along with the mail are sent by it."""
    if mail is not None and mail.state != MailState.NO_SERVER:
        for document in documents:
            document.sent_at = w.at


def _close_shipments(w: Work, shipments: Sequence[Shipment]) -> None:
    """These shipments do not leave any more; their numbers were given out, so they stay."""
    for shipment in shipments:
        shipment.state = ShipmentState.CANCELLED.value
        w.say(
            _("Shipment {number} is cancelled.").format(number=shipment.number),
            Figure("truck", _("Shipment {number} will be cancelled").format(number=shipment.number)),
        )


def _settle_surplus(w: Work, order: Order, more: int, data: CancelRest) -> None:
    """What is too much by the cancelling, `more` minor units, is refunded or stays; said in figures to who may see
    them.
    """
    if more <= 0:
        return
    amount = LazyMoney(more, order.currency)
    if data.money == "refund":
        record_refund(w, order, more, state="asked", reason=data.reason)
    if data.money == "credit":
        book_credit(w, order, more)
    if w.actor.may(Right.PRICES):
        refund = _("A refund of {amount} is asked for.")
        credit = _("{amount} become credit of the customer: other orders can be paid from it.")
        lines = _(
            "{amount} stay on the order: they can move to another order of the customer, with the lines that "
            "are wanted instead."
        )
        w.say({"refund": refund, "credit": credit, "lines": lines}[data.money].format(amount=amount))


def _say_restock(w: Work, pieces: Sequence[tuple[OrderLine, Decimal]], *, restock: bool) -> None:
    """Says of pieces that can't be sold again that they go out of the stock; a dialog lists what both answers do."""
    if not pieces:
        return
    told = LazyQuantities(by_unit((line.unit, quantity) for line, quantity in pieces))
    again = ngettext("Back for sale: {count} line", "Back for sale: {count} lines", len(pieces))
    lost = ngettext("Not back for sale: {count} line", "Not back for sale: {count} lines", len(pieces))
    w.foresee(Figure("warehouse", again, told, when="restock"))
    out = Figure("package-x", lost, told, when="no-restock")
    if restock:
        w.foresee(out)
    else:
        w.say(_("Not put back for sale: {quantities}.").format(quantities=told), out)


def _not_shipped(lines: int, told: LazyQuantities) -> Figure:
    """How many lines are not shipped any more, and how much that is in all."""
    return Figure("package", ngettext("Not shipped: {count} line", "Not shipped: {count} lines", lines), told)


def _say_surplus(w: Work, order: Order) -> None:
    """What the customer has paid too much now and no refund is under way for; only to who may see amounts."""
    if w.actor.may(Right.PRICES) and (over := to_refund(order)):
        amount = LazyMoney(over, order.currency)
        by = _("To refund by {method}") if order.payment_method_name else _("To refund")
        figure = Figure("undo", by.format(method=order.payment_method_name), amount)
        w.say(_("To refund: {amount}.").format(amount=amount), figure)
