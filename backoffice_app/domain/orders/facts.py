"""What happens to an order itself."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyText, _


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
    """The order waits."""

    about: ClassVar[About] = About.ORDER
    reason: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
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
