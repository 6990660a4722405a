"""Orders as rows of a file: what the columns of the list say, those that a colleague chose and in their order (O-1,
O-5).
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from backoffice_app.domain.core.choice_lists import name_in
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.listing.column_choice import choice_of
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import Column
from backoffice_app.domain.listing.queries import read_again
from backoffice_app.domain.listing.rows import NUMBER, layout
from backoffice_app.domain.order.states import STATE_NAMES, PaymentState, ShippingState, Status
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine

OWN_STATUS = _("Custom status")
HEADS: dict[str, tuple[LazyText, ...]] = {
    "customer": (_("Customer"), _("Company"), _("E-mail")),
    "total": (_("Total"), _("Amount paid"), _("Amount open"), _("Currency")),
    "status": (_("Status"), OWN_STATUS),
}
"""The columns of which a file tells more than the list."""
LINE_HEADS = (
    _("Line", "of an order"),
    _("SKU"),
    _("Product"),
    _("Options"),
    _("Unit"),
    _("Ordered"),
    _("Cancelled"),
    _("Shipped"),
    _("Returned"),
    _("Invoiced"),
    _("Credited"),
)
PRICE_HEADS = (_("Unit price"), _("Discount"), _("VAT rate"), _("Line total"))
VALUES: dict[str, Callable[[Order, str], list[object]]] = {
    "date": lambda order, _language: [order.placed_at],
    "customer": lambda order, _language: [order.customer_name, order.company, order.email],
    "total": lambda order, _language: [*_amounts(order), order.currency],
    "status": lambda order, language: [STATE_NAMES[Status(order.status)].in_language(language)],
    "payment": lambda order, language: [STATE_NAMES[PaymentState(order.payment_state)].in_language(language)],
    "shipping": lambda order, language: [
        STATE_NAMES[ShippingState(order.shipping_state)].in_language(language)
    ],
}
"""Plain values where a spreadsheet counts or sorts by them; all other columns say what the list says."""


class OrdersFile:
    """The rows of a file for `actor`. What the shop has no custom status for has no column of it."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor
        self.own = {one.id: name_in(one, actor.language) for one in all_statuses(session)}
        choice = choice_of(session, actor)
        self.columns = [column for column in choice.columns(actor) if choice.shows(column.key)]

    def heads(self) -> list[object]:
        """The first row."""
        heads = [head for column in self.columns for head in HEADS.get(column.key, (column.label,))]
        return [head.in_language(self.actor.language) for head in heads if self.own or head is not OWN_STATUS]

    def rows(self, orders: Sequence[Order]) -> Iterator[list[object]]:
        """A row for each order, as it is now; none for one that is gone since `orders` were read."""
        for _order, row in self._each(orders):
            yield row

    def _each(self, orders: Sequence[Order]) -> Iterator[tuple[Order, list[object]]]:
        """Each order that is still there, with its row; all are read at once."""
        read = read_again(
            self.session, [order.number for order in orders], OrderFilter(), self.actor, self.actor.language
        )
        texts = {row[NUMBER]: row for row in read}
        for order in orders:
            if row := texts.get(order.number):
                yield order, [value for column in self.columns for value in self._values(column, order, row)]

    def _values(self, column: Column, order: Order, row: Sequence[str]) -> list[object]:
        own: list[object] = (
            [self.own.get(order.custom_status_id, "")] if self.own and column.key == "status" else []
        )
        if column.key in VALUES:
            return [*VALUES[column.key](order, self.actor.language), *own]
        at = layout().places[column.key]
        pieces = row[at : at + column.pieces]
        return [", ".join(filter(None, pieces)) if column.kind == "marks" else pieces[-1]]


class LinesFile(OrdersFile):
    """A row for each line of the orders: what `OrdersFile` says of the order, and what the line says; prices only for
    who may see them. Quantities are in the unit of the line, "" for pieces.
    """

    def heads(self) -> list[object]:
        """The first row."""
        heads = [*LINE_HEADS, *(PRICE_HEADS if self.actor.may(Right.PRICES) else ())]
        return [*super().heads(), *(head.in_language(self.actor.language) for head in heads)]

    def rows(self, orders: Sequence[Order]) -> Iterator[list[object]]:
        """A row for each line, as it is now, in the order of the orders and of their lines."""
        wanted = select(OrderLine).where(col(OrderLine.order_id).in_([order.id for order in orders]))
        lines: dict[int, list[OrderLine]] = {}
        for line in self.session.exec(wanted.order_by(col(OrderLine.order_id), col(OrderLine.rank))):
            lines.setdefault(line.order_id, []).append(line)
        for order, row in self._each(orders):
            for line in lines.get(order.id or 0, []):
                yield [*row, *self._line(order, line)]

    def _line(self, order: Order, line: OrderLine) -> list[object]:
        quantities = (line.ordered, line.cancelled, line.shipped, line.returned, line.invoiced, line.credited)
        told = [line.rank, line.sku, line.name, line.options.replace("\n", ", ")]
        values: list[object] = [*told, line.unit, *map(_plain, quantities)]
        if self.actor.may(Right.PRICES):
            discount, total = (to_decimal(minor, order.currency) for minor in (line.discount, line.total))
            values += [_plain(line.unit_price), discount, _plain(line.vat_rate), total]
        return values


def _plain(number: Decimal) -> Decimal:
    """Without zeros at its end, as it is stored with six places."""
    return Decimal(f"{number.normalize():f}")


def _amounts(order: Order) -> list[Decimal]:
    return [to_decimal(minor, order.currency) for minor in (order.total, order.paid, order.open_amount)]
