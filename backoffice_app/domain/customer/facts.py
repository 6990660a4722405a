"""What happens to a customer, and to the orders that follow (W-8, T-1, AUD-1)."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyText, _, ngettext, one_after_the_other


def changes(fields: list[str], old: list[str], new: list[str]) -> LazyText:
    """Which fields changed from what to what, as sentences: "E-mail: a@b.example → c@d.example." """
    each = _("{field}: {old} → {new}.")
    return one_after_the_other(
        *(
            each.format(
                field=FIELD_NAMES.get(field, LazyText(field)),
                old=was.replace("\n", "; ") or "–",
                new=now.replace("\n", "; ") or "–",
            )
            for field, was, now in zip(fields, old, new, strict=False)
        )
    )


FIELD_NAMES: dict[str, LazyText] = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "company": _("Company"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "vat_id": _("VAT ID"),
    "language": _("Language"),
    "own_fields": _("More fields"),
    "note": _("Note about the customer"),
    "comment": _("Comment"),
    "options": _("Details from the checkout"),
    "name": _("Name"),
}
"""What the fields of a customer, and of an order's copy of them, are called."""


@fact
class CustomerEdited(Fact):
    """The data of a customer were changed: `fields`, and what each was and is."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    fields: list[str]
    old: list[str]
    new: list[str]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} changed the customer: {changes}").format(
            changes=changes(self.fields, self.old, self.new)
        )


@fact
class OrderCustomerEdited(Fact):
    """The order's own copy of its customer's data was changed. `followed`: because the customer was."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    fields: list[str]
    old: list[str]
    new: list[str]
    followed: bool = False

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        follows = _("{actor} changed the customer, and this order follows: {changes}")
        text = follows if self.followed else _("{actor} changed the customer's data: {changes}")
        return text.format(changes=changes(self.fields, self.old, self.new))


@fact
class CustomerWarned(Fact):
    """What stands on all orders of the customer was changed; "" takes it away."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"warning"})
    warning: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not self.warning:
            return _("{actor} took the warning away.")
        return _("{actor} warns of this customer: {warning}").format(warning=self.warning)


@fact
class MailsSwitched(Fact):
    """The customer is mailed nothing by itself from now on, or is again (M-6)."""

    about: ClassVar[About] = About.MAIL
    off: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} switched the mails off.") if self.off else _("{actor} switched the mails on again.")


@fact
class CustomerMerged(Fact):
    """The customer was merged into another one, which is the same person.

    Listeners move what they keep of the customer.
    """

    about: ClassVar[About] = About.CUSTOMER
    into: str
    into_id: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} merged the customer into {number}.").format(number=self.into)


@fact
class CustomerTaken(Fact):
    """Another record of the same person was merged into this one."""

    about: ClassVar[About] = About.CUSTOMER
    number: str
    orders: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = ngettext(
            "{actor} merged customer {number} into this one; {count} order came along.",
            "{actor} merged customer {number} into this one; {count} orders came along.",
            self.orders,
        )
        return text.format(number=self.number)


@fact
class OrderMoved(Fact):
    """The order belongs to another record of the same person now."""

    about: ClassVar[About] = About.CUSTOMER
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} merged customer {old} into {new}: the order belongs to {new}.").format(
            old=self.old, new=self.new
        )
