"""What happens to returns, and to the lists of reasons and actions that the shop keeps for them."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyLanguage, LazyQuantities, LazyText, _


@fact
class ReturnCreated(Fact):
    """A return was announced.

    `quantities`: how much by unit, "" being pieces; `reason`, `action`: as chosen or typed, or "".
    """

    about: ClassVar[About] = About.RETURN
    number: str
    quantities: dict[str, Decimal]
    reason: str
    action: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        given = {
            "number": self.number,
            "quantities": LazyQuantities(self.quantities),
            "reason": self.reason,
            "action": self.action,
        }
        if self.reason and self.action:
            return _(
                "{actor} created return {number} of {quantities}. Reason: {reason}. Action: {action}."
            ).format(**given)
        if self.reason:
            return _("{actor} created return {number} of {quantities}. Reason: {reason}.").format(**given)
        if self.action:
            return _("{actor} created return {number} of {quantities}. Action: {action}.").format(**given)
        return _("{actor} created return {number} of {quantities}.").format(**given)


@fact
class WithdrawalReceived(Fact):
    """The customer withdrew from the contract.

    `quantities`: of how much, by unit, "" being pieces; `at`: when it came (RET-4).
    """

    about: ClassVar[About] = About.RETURN
    number: str
    quantities: dict[str, Decimal]
    at: datetime
    reference: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} received the customer's withdrawal from {quantities}: return {number}.")
        return text.format(number=self.number, quantities=LazyQuantities(self.quantities))


@fact
class ReturnApproved(Fact):
    """The customer may send it back."""

    about: ClassVar[About] = About.RETURN
    number: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} approved return {number}.").format(number=self.number)


@fact
class ReturnReceived(Fact):
    """Goods of a return arrived.

    `quantities`: how much by unit; `condition`: as found, or ""; `as_announced`: neither more nor less.
    """

    about: ClassVar[About] = About.RETURN
    number: str
    quantities: dict[str, Decimal]
    condition: str
    as_announced: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} received {quantities} of return {number}.")
            if self.as_announced
            else _("{actor} received {quantities} of return {number}, which is not what was announced.")
        )
        return text.format(quantities=LazyQuantities(self.quantities), number=self.number)


@fact
class ReturnCompleted(Fact):
    """A return was settled. `document`: the credit note, "" where nothing was credited."""

    about: ClassVar[About] = About.RETURN
    number: str
    document: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.document:
            return _("{actor} completed return {number} with credit note {document}.").format(
                number=self.number, document=self.document
            )
        return _("{actor} completed return {number} without a refund.").format(number=self.number)


@fact
class ReturnMade(Fact):
    """A credit note credited pieces that had been shipped, which made a return of them.

    `quantities`: how much by unit.
    """

    about: ClassVar[About] = About.RETURN
    number: str
    document: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("Credit note {document} made return {number} of {quantities}, which can't be changed.")
        return text.format(
            document=self.document, number=self.number, quantities=LazyQuantities(self.quantities)
        )


@fact
class ReturnRejected(Fact):
    """What was asked for was declined. `reason`: why, or ""."""

    about: ClassVar[About] = About.RETURN
    number: str
    reason: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.reason:
            return _("{actor} rejected return {number}: {reason}").format(
                number=self.number, reason=self.reason
            )
        return _("{actor} rejected return {number}.").format(number=self.number)


@fact
class ReturnCancelled(Fact):
    """It does not come back after all."""

    about: ClassVar[About] = About.RETURN
    number: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} cancelled return {number}.").format(number=self.number)


@fact
class ReturnChoiceChanged(Fact):
    """A reason for returns or a return action was changed.

    `kind`: "reason" or "action"; `field`: "added", "retired", "used again", "pays", or the language whose name it is.
    """

    about: ClassVar[About] = About.SETTINGS
    kind: str
    name: str
    field: str
    old: str = ""
    new: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        is_reason = self.kind == "reason"
        if self.field == "added":
            text = (
                _("{actor} added the reason for returns “{name}”.")
                if is_reason
                else _("{actor} added the return action “{name}”.")
            )
        elif self.field == "retired":
            text = (
                _("{actor} retired the reason for returns “{name}”.")
                if is_reason
                else _("{actor} retired the return action “{name}”.")
            )
        elif self.field == "used again":
            text = (
                _("{actor} takes the reason for returns “{name}” into use again.")
                if is_reason
                else _("{actor} takes the return action “{name}” into use again.")
            )
        elif self.field == "pays":
            text = (
                _("{actor} changed the reason for returns “{name}”: the shop pays the way back.")
                if self.new == "shop"
                else _("{actor} changed the reason for returns “{name}”: the customer pays the way back.")
            )
        else:
            text = (
                _("{actor} changed the reason for returns “{name}” ({language}) from {old} to {new}.")
                if is_reason
                else _("{actor} changed the return action “{name}” ({language}) from {old} to {new}.")
            )
        return text.format(
            name=self.name, language=LazyLanguage(self.field), old=self.old or "–", new=self.new or "–"
        )
