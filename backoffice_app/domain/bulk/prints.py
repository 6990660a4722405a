"""Printing for many orders: each counts as printed, and the run knows what its file holds (O-5, O-3)."""

from backoffice_app.domain.core.actions import Done, NoInput, action
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.issue import note_missing
from backoffice_app.domain.invoicing.snapshot import packing_slip_snapshot
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.addressee import customer_of, language_of
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.slip_remarks import slip_remarks
from backoffice_app.domain.shipping.rules import why_not_print_slip, why_not_print_slips
from backoffice_app.i18n import DOCUMENT_LANGUAGES, LazyText, _
from backoffice_app.models import Order, Shipment

INVOICES, SLIPS = "print-invoices", "print-packing-slips"
PRINTED = (INVOICES, SLIPS)
"""Runs of these have a file."""
MOST_PRINTED = 500
"""Orders of one file: it is drawn while a person waits for it."""


def slips_of(order: Order) -> list[Shipment]:
    """The shipments of an order that have a packing slip to print."""
    return [shipment for shipment in order.shipments if why_not_print_slip(order, shipment) is None]


def why_not_print_invoices(order: Order) -> LazyText | None:
    """W-3."""
    return None if order.documents else _("The order has no invoice yet.")


@action(
    subject=ORDER,
    key=INVOICES,
    label=_("Print invoices"),
    right=Right.INVOICE,
    why_not=why_not_print_invoices,
    input=NoInput,
    offered=False,
    bulk=True,
)
def print_invoices(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """Count the order as printed; the file with its documents is fetched from the run (O-3, O-5)."""
    _mark_printed(w, order)
    return Done(_("Ready to print."))


@action(
    subject=ORDER,
    key=SLIPS,
    label=_("Print packing slips"),
    right=Right.SHIP,
    why_not=why_not_print_slips,
    input=NoInput,
    offered=False,
    bulk=True,
)
def print_slips(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """Count the order as printed; the file with its packing slips is fetched from the run (O-3, O-5)."""
    if order.printed_at is None:
        _note_replaced(w, order)
    _mark_printed(w, order)
    return Done(_("Ready to print."))


def _mark_printed(w: Work, order: Order) -> None:
    if order.printed_at is None:
        order.printed_at = w.at
        w.touch("orders")


def _note_replaced(w: Work, order: Order) -> None:
    """What no font has of a slip stands in the history (INV-7)."""
    language = language_of(w.session, w.shop, order, DOCUMENT_LANGUAGES)
    customer, remarks = customer_of(w.session, order), list(slip_remarks(w.session, order, language))
    shipping = shipping_of_order(w.session, order)
    for shipment in slips_of(order):
        snapshot = packing_slip_snapshot(
            w.shop,
            order,
            shipment,
            shipping,
            language=language,
            customer=customer,
            remarks=remarks,
        )
        note_missing(w, order, shipment.number, snapshot.model_dump_json())
