"""What happens to an order itself."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyDay, LazyText, _


@fact
class OrderPlaced(Fact):
    """An order came in. `reference`: the source's own; `lines`: how many."""

    about: ClassVar[About] = About.ORDER
    source: str
    reference: str
    lines: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.source:
            return _("The order came in from {source} with the reference {reference}.").format(
                source=self.source, reference=self.reference or "–"
            )
        return _("{actor} placed the order.")


@fact
class EmailDoubted(Fact):
    """The order came with a text for an e-mail address to which nothing can be sent."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("“{address}” is no e-mail address: no mail goes to this customer.").format(
            address=self.address
        )


@fact
class AddressChanged(Fact):
    """An address of the order was changed; `old` and `new` hold the changed fields, written out."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    kind: str
    fields: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} changed the billing address from {old} to {new}.")
            if self.kind == "billing"
            else _("{actor} changed the shipping address from {old} to {new}.")
        )
        return text.format(old=self.old, new=self.new)


@fact
class OrderHeld(Fact):
    """The order waits; `until`: the day on which it is to be looked at again."""

    about: ClassVar[About] = About.ORDER
    reason: str
    until: date | None = None

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.until is not None:
            text = _("{actor} put the order on hold until {day}.")
            if self.reason:
                text = _("{actor} put the order on hold until {day}: {reason}")
            return text.format(day=LazyDay(self.until), reason=self.reason)
        if self.reason:
            return _("{actor} put the order on hold: {reason}").format(reason=self.reason)
        return _("{actor} put the order on hold.")


@fact
class OrderResumed(Fact):
    """The order goes on."""

    about: ClassVar[About] = About.ORDER

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} resumed the order.")


@fact
class OrderCancelled(Fact):
    """The whole order was cancelled before anything left. `restock`: whether its pieces may be sold again (W-13)."""

    about: ClassVar[About] = About.ORDER
    reason: str
    restock: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.reason:
            return _("{actor} cancelled the order: {reason}").format(reason=self.reason)
        return _("{actor} cancelled the order.")


@fact
class PiecesCancelled(Fact):
    """Pieces that had not left will not be shipped. `quantities`: how many by rank of the line, from 1 (ST-2, W-13).

    `restock`: whether they may be sold again.
    """

    about: ClassVar[About] = About.ORDER
    quantities: dict[str, Decimal]
    restock: bool = True

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        lines = ", ".join(
            f"{rank}: {format(quantity.normalize(), 'f')}" for rank, quantity in self.quantities.items()
        )
        return _("{actor} cancelled what was not shipped yet (line: quantity): {lines}.").format(lines=lines)


@fact
class PiecesRestocked(Fact):
    """Pieces can be sold again. `quantities`: how many by rank of the line, from 1 (STK-1)."""

    about: ClassVar[About] = About.ORDER
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        lines = ", ".join(
            f"{rank}: {format(quantity.normalize(), 'f')}" for rank, quantity in self.quantities.items()
        )
        return _("{actor} put pieces back into the stock (line: quantity): {lines}.").format(lines=lines)


@fact
class AuthorisationLapsed(Fact):
    """What the customer's provider had promised is not collected any more."""

    about: ClassVar[About] = About.PAYMENT

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The authorised payment is not collected any more.")
