"""In what an order differs from what its shop sent later, kept on the order until a person says that it is dealt with
(API-1).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.actions import Done, NoInput, action
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.models import Order

NAMES: dict[str, LazyText] = {
    "currency": _("currency"),
    "prices": _("gross or net prices"),
    "total": _("total"),
    "customer": _("customer"),
    "billing_address": _("billing address"),
    "shipping_address": _("shipping address"),
    "lines": _("lines"),
    "discount": _("discount"),
    "shipping": _("shipping"),
    "payment": _("payment method"),
    "payments": _("payments"),
    "shipments": _("shipments"),
    "cancelled_at": _("cancellation"),
    "comment": _("comment"),
    "options": _("details from the checkout"),
    "tags": _("tags"),
}
"""What may differ, by the field of the order as it is sent."""
OF_A_LINE: dict[str, LazyText] = {
    "sku": _("SKU"),
    "name": _("Name"),
    "options": _("details"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "vat_rate": _("VAT rate"),
    "cancelled": _("cancelled"),
}
"""What may differ of a line, by its field."""
MONEY = re.compile(
    r"total|discount|discount\.amount|shipping\.price|payment.*|lines\[\d+\]\.(unit_price|vat_rate)"
)
"""Fields of which only those may read the values who see prices (SEC-4)."""
LINE = re.compile(r"lines\[(\d+)\]\.(\w+)")
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
NUMBERS = re.compile(
    r"total|discount\.amount|shipping\.price|payments|lines\[\d+\]\.(unit_price|vat_rate|quantity|cancelled)"
)
"""Fields whose values are numbers, which are written as the reader writes them."""


@dataclass(frozen=True)
class Difference:
    """`field` as the API names it, such as `lines[0].quantity`; what Kontor keeps there, and what was sent now, both as
    text.
    """

    field: str
    kept: str
    sent: str

    @property
    def sentence(self) -> LazyText:
        """For the answer to who sent it, who is to decide."""
        sentence = _("{field} differs: kept is “{kept}”, sent was “{sent}”. Nothing was changed.")
        return sentence.format(field=self.field, kept=self.kept or "–", sent=self.sent or "–")

    def told(self, *, sees_prices: bool) -> LazyText:
        """For a colleague who looks at the order; without the values of what tells of money for who sees no prices."""
        line = LINE.fullmatch(self.field)
        known = OF_A_LINE.get(line[2]) if line else NAMES.get(re.split(r"[.\[]", self.field)[0])
        given = {
            "field": known or self.field,
            "number": int(line[1]) + 1 if line else 0,
            "kept": self._value(self.kept),
        }
        given["sent"] = self._value(self.sent)
        if MONEY.fullmatch(self.field) and not sees_prices:
            return (_("Line {number}, {field}: differs.") if line else _("{field}: differs.")).format(**given)
        if line:
            return _("Line {number}, {field}: kept is “{kept}”, sent was “{sent}”.").format(**given)
        return _("{field}: kept is “{kept}”, sent was “{sent}”.").format(**given)

    def _value(self, text: str) -> LazyNumber | str:
        if NUMBERS.fullmatch(self.field) and NUMBER.fullmatch(text):
            return LazyNumber(Decimal(text))
        return text or "–"


@fact
class DifferencesSeen(Fact):
    """A person dealt with what differed when the order was sent again."""

    about: ClassVar[About] = About.ORDER

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} dealt with what differs from the order that was sent again.")


def keep_differences(order: Order, found: Iterable[Difference]) -> None:
    """The order bears what was found in place of what it bore; it is listed until a person says that it is
    dealt with.
    """
    kept = [astuple(one) for one in found]
    order.differing = json.dumps(kept, ensure_ascii=False) if kept else ""


def differences_of(order: Order) -> list[Difference]:
    """What the order bears, in the order of the fields."""
    return [Difference(*one) for one in json.loads(order.differing or "[]")]


def why_not_seen(order: Order) -> LazyText | None:
    """API-1: something differs."""
    return None if order.differing else _("Nothing differs from what was sent.")


@action(
    subject=ORDER,
    key="differences-seen",
    label=_("Differences dealt with"),
    right=Right.EDIT,
    why_not=why_not_seen,
    input=NoInput,
    bulk=True,
)
def differences_seen(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """What differed when the order was sent again is dealt with; the same body does not raise it again (API-1)."""
    order.differing = ""
    w.record(order, DifferencesSeen())
    return Done(_("The differences are dealt with."))
