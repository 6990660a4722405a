"""What became of the pieces of a Shopify order: taken out by an edit, cancelled before they were shipped, returned
after it (ST-2).
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from backoffice_app.domain.intake.given import Given

SHIPPED = {"success"}  # pending, open, cancelled, error, failure: nothing has left the house
CAME_BACK = {"return", "legacy_restock"}
NONE = Decimal(0)


@dataclass(frozen=True)
class Pieces:
    """Of one line: `edited` away; `cancelled`, of what was `ordered` in the end; `returned`, of what was shipped.

    `value_kept`: what was refunded of pieces that are not cancelled, with tax where prices are net.
    """

    line: Given
    edited: Decimal = NONE
    cancelled: Decimal = NONE
    returned: Decimal = NONE
    value_kept: Decimal = NONE

    @property
    def ordered(self) -> Decimal:
        """How much stands in the order after all edits."""
        return self.line.number("quantity") - self.edited

    @property
    def is_gone(self) -> bool:
        """Whether none of it is left to ship or was shipped."""
        return self.edited + self.cancelled >= self.line.number("quantity")


def pieces_of(given: Given) -> list[Pieces]:
    """What became of each line.

    What was refunded and never shipped is cancelled, whatever the shop calls the restocking.
    """
    shipped = _shipped(given)
    refunded: dict[str, list[Given]] = defaultdict(list)
    for refund in given.parts("refunds"):
        for part in refund.parts("refund_line_items"):
            refunded[part.text("line_item_id") or part.part("line_item").text("id")].append(part)
    return [
        _pieces(given, line, shipped[line.text("id")], refunded[line.text("id")])
        for line in given.parts("line_items")
    ]


def _shipped(given: Given) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for fulfilment in given.parts("fulfillments"):
        if fulfilment.text("status") in SHIPPED:
            for part in fulfilment.parts("line_items"):
                found[part.text("id")] += part.number("quantity")
    return found


def _pieces(given: Given, line: Given, shipped: Decimal, refunds: list[Given]) -> Pieces:
    ordered = line.number("quantity")
    refunded = sum((part.number("quantity") for part in refunds), NONE)
    came_back = sum(
        (part.number("quantity") for part in refunds if part.text("restock_type") in CAME_BACK), NONE
    )
    returned = min(came_back, shipped)
    edited = NONE
    if line.data.get("current_quantity") is not None:
        edited = ordered - line.number("current_quantity") - refunded
        edited = min(max(edited, NONE), max(ordered - shipped, NONE))
    cancelled = min(max(refunded - returned, NONE), max(ordered - edited - shipped, NONE))
    value = sum((_value(given, part) for part in refunds), NONE)
    kept = value * (refunded - cancelled) / refunded if refunded else NONE
    return Pieces(line, edited, cancelled, returned, kept)


def _value(given: Given, part: Given) -> Decimal:
    gross = given.data.get("taxes_included") is True
    return part.number("subtotal") + (NONE if gross else part.number("total_tax"))
