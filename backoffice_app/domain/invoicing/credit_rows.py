"""The rows of a credit note on their way: what is left of an invoice's rows, how cents are shared among them (INV-6).

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from backoffice_app.domain.core.money import allocate, round_half_up
from backoffice_app.domain.core.snapshot import Adjustment, AdjustmentKind, Line
from backoffice_app.domain.invoicing.totals import Key

CostKind = Literal["shipping", "payment cost"]
COSTS: tuple[CostKind, ...] = ("shipping", "payment cost")
NIL = Decimal(0)


@dataclass(frozen=True)
class Cents:
    """By how much the net and gross of one rate differ from what they come to by themselves, in minor units."""

    net: int = 0
    gross: int = 0


NO_CENTS = Cents()


@dataclass
class LineLeft:
    """A line of the invoice, and what credit notes took of it: `done` pieces worth `done_gross` minor units."""

    line: Line
    rank: int
    done: Decimal = NIL
    done_gross: int = 0

    @property
    def left(self) -> Decimal:
        """Pieces that no credit note took back."""
        return self.line.quantity - self.done

    @property
    def rest(self) -> int:
        """What is left of its gross, in minor units."""
        return self.line.effective_gross - self.done_gross

    def worth(self, quantity: Decimal) -> int:
        """The gross of some of what is left: differences of rounded sums, so the last piece takes exactly what is left
        of the row.
        """
        rest = self.rest
        if quantity == self.left:
            return rest
        whole, all_ = Fraction(self.line.effective_gross), Fraction(self.line.quantity)
        part = round_half_up(whole * Fraction(self.done + quantity) / all_) - round_half_up(
            whole * Fraction(self.done) / all_
        )
        return min(part, rest)


@dataclass
class CostLeft:
    """Shipping or payment cost of the invoice in one rate, and how much of it was credited."""

    kind: CostKind
    name: str
    key: Key
    gross: int
    done: int = 0


@dataclass
class Row:
    """A row of a credit note. `gross` is positive, also of a fee kept back, which `lessens`."""

    key: Key
    gross: int
    kind: AdjustmentKind | None = None
    name: str = ""
    of: LineLeft | None = None
    quantity: Decimal = NIL
    net: int = 0

    @property
    def lessens(self) -> bool:
        """Whether it takes something off the credit note."""
        return self.kind == "kept fee"


def cap(pieces: Sequence[Row], left: dict[Key, int]) -> None:
    """What pieces are worth, never more than is left of their rate: amounts without a line took some of it before.

    Takes it from `left`.
    """
    for key, there in left.items():
        mine = [row for row in pieces if row.key == key]
        if sum(row.gross for row in mine) > there:
            for row, share in zip(mine, allocate(there, [row.gross for row in mine]), strict=True):
                row.gross = share
        left[key] -= sum(row.gross for row in mine)


def shares_of(amount: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """`amount` split by `weights`; shares of 0 are left out."""
    if not amount:
        return {}
    shares = zip(weights, allocate(amount, list(weights.values())), strict=True)
    return {key: share for key, share in shares if share}


def even_out(rows: Sequence[Row], gross: int) -> None:
    """The rows come to `gross` in all: the largest ones bear the cents that are too many or too few, one each."""
    off = gross - sum(row.gross for row in rows)
    largest_first = sorted(rows, key=lambda row: -row.gross)
    for n in range(abs(off)):
        largest_first[n % len(rows)].gross += 1 if off > 0 else -1


def key_of(line: Line) -> Key:
    """Category and rate of a line."""
    return line.vat_category, line.vat_rate


def adjustment_of(row: Row, kind: AdjustmentKind) -> Adjustment:
    """A row beside the goods as a snapshot has it."""
    category, rate = row.key
    is_cost = kind in COSTS
    return Adjustment(
        kind=kind,
        name=row.name,
        vat_category=category,
        vat_rate=rate,
        net=row.net,
        tax=row.gross - row.net,
        gross=row.gross,
        effective_gross=row.gross if is_cost else 0,
    )
