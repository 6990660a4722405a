"""When invoices are made by themselves: at once, when paid, or when shipped (INV-1)."""

from decimal import Decimal

from backoffice_app.domain.charge_backs import ChargeBackWon, PaymentChargedBack
from backoffice_app.domain.core.facts import Fact, on
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.rights import WORKER, ActorKind
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.customer_credit import CreditTakenBack, CreditUsed
from backoffice_app.domain.invoicing.choose import TaxCaseChosen
from backoffice_app.domain.invoicing.issue import (
    InvoiceWaits,
    is_left_to_others,
    issue_ready,
    why_not_invoice,
)
from backoffice_app.domain.invoicing.ready import readiness
from backoffice_app.domain.moved_money import PaymentMovedBack, PaymentMovedHere
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import WAITS, ShippingState, invoices, open_amount, shipping_state
from backoffice_app.domain.orders.facts import AddressChanged, OrderPlaced, OrderResumed
from backoffice_app.domain.payments import PaymentBooked, PaymentReversed
from backoffice_app.domain.shipping.facts import OrderPickedUp, OrderShipped, ShippingUndone
from backoffice_app.i18n import LazyNumber, _
from backoffice_app.models import Order
from backoffice_app.settings import settings

JOB = declare_job("issue_invoice", queue=queue("invoices", at_once=2))
"""The job that issues the invoice of an order that was paid or shipped some seconds ago; its argument is the order's
id.
"""
INVOICING = 20
"""After money was booked and noted: what listens to the same facts in `payments` comes first."""


@on(OrderPlaced, order=INVOICING)
def invoice_when_placed(w: Work, order: Order, placed: OrderPlaced) -> None:  # noqa: ARG001
    """INV-1: with the policy "at once" an order that comes in has its invoice in the same transaction."""
    invoice_by_policy(w, order)


@on(PaymentBooked, order=INVOICING)
@on(PaymentMovedHere, order=INVOICING)
@on(CreditUsed, order=INVOICING)
@on(ChargeBackWon, order=INVOICING)
def invoice_when_paid(w: Work, order: Order, booked: Fact) -> None:  # noqa: ARG001
    """INV-1: with the policy "when paid" the payment that settles an order makes its invoice, once it can't be undone
    any more.

    A number that was drawn is never given back, and nothing but a cancellation takes an invoice back.
    """
    if w.shop.administration.invoice_policy != "when paid":
        return
    last = max(order.payments, key=lambda payment: payment.id or 0)
    delay = (
        settings().undo_seconds if last.by_hand or last.kind else 0
    )  # what a provider or the shop says is not undone
    invoice_by_policy(w, order, delay)


@on(OrderShipped, order=INVOICING)
@on(OrderPickedUp, order=INVOICING)
def invoice_when_shipped(w: Work, order: Order, left: OrderShipped | OrderPickedUp) -> None:  # noqa: ARG001
    """INV-1: with the policy "at shipping" the first shipment that leaves makes the order's invoice, once it can't be
    undone any more.
    """
    if w.shop.administration.invoice_policy == "at shipping":
        invoice_by_policy(w, order, settings().undo_seconds if w.actor.kind is ActorKind.USER else 0)


def issue_when_due(order_id: int) -> str:
    """Issues the invoice that a payment or shipment asked for some seconds ago, unless that was taken back.

    Its number, or "".
    """
    with work(WORKER) as w:
        order = w.lock(ORDER, order_id)
        before = invoices(order)
        invoice_by_policy(w, order)
        return next((found.number for found in invoices(order) if found not in before), "")


@on(PaymentReversed)
@on(PaymentMovedBack)
@on(CreditTakenBack)
@on(PaymentChargedBack)
@on(ShippingUndone)
def wait_no_longer(w: Work, order: Order, happened: Fact) -> None:  # noqa: ARG001
    """The invoice of an order that is open again, or not shipped after all, no longer waits where the policy does not
    want it now.
    """
    if order.invoicing == WAITS and not is_wanted(w, order):
        order.invoicing = ""


@on(AddressChanged)
@on(OrderResumed)
@on(TaxCaseChosen)
def invoice_that_waited(w: Work, order: Order, happened: Fact) -> None:  # noqa: ARG001
    """An invoice that waited is issued as soon as nothing is missing any more (INV-1)."""
    if order.invoicing == WAITS:
        invoice_by_policy(w, order)


def is_wanted(w: Work, order: Order) -> bool:
    """Whether the shop's policy wants the order's invoice now."""
    match w.shop.administration.invoice_policy:
        case "at once":
            return True
        case "when paid":
            return open_amount(order) == 0
        case "at shipping":  # also where nothing will ever ship
            return shipping_state(order) is not ShippingState.NOT_SHIPPED
        case _:
            return False


def invoice_by_policy(w: Work, order: Order, delay: float = 0) -> None:
    """Issues the invoice of a locked order if the policy wants it; it waits if something is missing or the order is on
    hold (INV-1).

    `delay`: seconds after which a job issues it instead. An order of the past is left to people, and one whose payment
    provider issues the invoice to that (PAY-0). Why an invoice waits is told once.
    """
    if is_left_to_others(order) or not is_wanted(w, order) or why_not_invoice(order):
        return
    ready = readiness(w.shop, order)
    if not ready.lacks and not order.on_hold_since:
        if delay:
            _issue_later(w, order, delay)
        else:
            issue_ready(w, order, ready)
    elif order.invoicing != WAITS:
        order.invoicing = WAITS
        if ready.lacks:
            w.record(order, InvoiceWaits(lacks=" ".join(ready.lacks)))


def _issue_later(w: Work, order: Order, delay: float) -> None:
    """A job issues the invoice when the payment or shipment that asks for it can't be undone any more.

    Two shipments ask once.
    """
    follows = _("The invoice follows in {seconds} seconds.").format(seconds=LazyNumber(Decimal(delay)))
    if follows not in w.also:
        w.enqueue(JOB, order.id, key=f"invoice-{order.id}-at-{order.version}", delay=delay)
        w.say(follows)
