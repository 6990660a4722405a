"""What was credited of an invoice, what is left of it, and what a credit note comes to: all of it from stored figures
(INV-6). Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.money import allocate, round_half_up, times
from backoffice_app.domain.core.snapshot import Adjustment, AdjustmentKind, DocumentSnapshot, Line, RateTotal
from backoffice_app.domain.invoicing.credit_rows import (
    COSTS,
    NIL,
    NO_CENTS,
    Cents,
    CostKind,
    CostLeft,
    LineLeft,
    Row,
    adjustment_of,
    cap,
    even_out,
    key_of,
    shares_of,
)
from backoffice_app.domain.invoicing.totals import Key, unit_price
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyText, _

FIELD_OF: Mapping[CostKind, str] = {"shipping": "shipping", "payment cost": "payment_cost"}
"""The field of the input that asks for a cost."""


@dataclass(frozen=True)
class CreditAsked:
    """What a credit note is to take back; amounts in minor units with VAT, 0 for nothing of it.

    `quantities`: by rank of the order's line, from 1. `amount`: one without a line, spread over the VAT rates of what
    is left, and so is `reduction`, a price reduction. `fee`: kept back, so it lessens the credit; `fee_reason`: what
    for. `restock`: the ranks of the lines of which what had left the house can be sold again; `releases`: whether what
    had not left can be.
    `of_shipped`: how many of the pieces had left, by rank; without it see `credit.pieces_that_left`.
    """

    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    shipping: int = 0
    payment_cost: int = 0
    reduction: int = 0
    fee: int = 0
    fee_reason: str = ""
    amount: int = 0
    restock: frozenset[int] = frozenset()
    reason: str = ""
    of_shipped: Mapping[int, Decimal] | None = None
    releases: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (
            any(self.quantities.values())
            or self.shipping
            or self.payment_cost
            or self.reduction
            or self.amount
        )


@dataclass(frozen=True)
class Credited:
    """The figures of a credit note, as its snapshot takes them; amounts in minor units, positive."""

    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    rates: tuple[RateTotal, ...]
    net: int
    tax: int
    total: int


class Credits:
    """An invoice with what its credit notes took of it.

    (INV-6; `gross` per VAT category and rate decides, net and tax follow)
    """

    def __init__(
        self,
        invoice: DocumentSnapshot,
        issued: Iterable[DocumentSnapshot] = (),
        ranks: Mapping[int, int] | None = None,
    ) -> None:
        """`issued`: what credits it, oldest first.

        `ranks`: position of a line -> rank of the order's, where the snapshot does not say.
        """
        known = ranks or {}
        self.invoice = invoice
        self.rates: dict[Key, RateTotal] = {(rate.category, rate.rate): rate for rate in invoice.rates}
        self.done: dict[Key, int] = dict.fromkeys(self.rates, 0)
        self.done_net: dict[Key, int] = dict.fromkeys(self.rates, 0)
        self.lines = [
            LineLeft(line, line.rank or known.get(line.position, line.position)) for line in invoice.lines
        ]
        self.costs = [
            CostLeft(kind, one.name, (one.vat_category, one.vat_rate), one.effective_gross)
            for kind in COSTS
            for one in invoice.adjustments
            if one.kind == kind
        ]
        for document in issued:
            self._take(document)

    def _take(self, document: DocumentSnapshot) -> None:
        for rate in document.rates:
            self.done[rate.category, rate.rate] += rate.gross
            self.done_net[rate.category, rate.rate] += rate.net
        of = {one.line.position: one for one in self.lines}
        for line in document.lines:
            if line.credits_line is not None and (taken := of.get(line.credits_line)):
                taken.done += line.quantity
                taken.done_gross += line.gross
        for other in document.adjustments:
            for cost in self.costs:
                if (cost.kind, cost.name, *cost.key) == (
                    other.kind,
                    other.name,
                    other.vat_category,
                    other.vat_rate,
                ):
                    cost.done += other.gross

    def left(self) -> dict[Key, int]:
        """What is left by category and rate, in minor units with VAT."""
        return {key: rate.gross - self.done[key] for key, rate in self.rates.items()}

    def net_left(self) -> dict[Key, int]:
        """As `left`, without VAT."""
        return {key: rate.net - self.done_net[key] for key, rate in self.rates.items()}

    @property
    def total_left(self) -> int:
        """What is left in all, in minor units."""
        return sum(self.left().values())

    def cost_left(self, kind: CostKind) -> int:
        """How much of a cost can still be credited, in minor units: never more than is left of its rate."""
        return sum(self._of_costs(kind, self.left()).values())

    def _of_costs(self, kind: CostKind, left: Mapping[Key, int]) -> dict[Key, int]:
        found: dict[Key, int] = {}
        for cost in self.costs:
            if cost.kind == kind:
                found[cost.key] = min(found.get(cost.key, 0) + cost.gross - cost.done, left[cost.key])
        return found

    def of_rank(self, rank: int) -> LineLeft | None:
        """The invoice's line for the order's line of this rank."""
        return next((one for one in self.lines if one.rank == rank), None)

    def credit(self, asked: CreditAsked) -> Credited:
        """The figures of the credit note that is asked for.

        Costs are taken as they are asked for; pieces are never worth more than is left of their rate beside them.
        Raises Invalid naming each field that asks for more than is left, Refused where nothing is asked for.
        """
        if asked.is_empty:
            raise Refused(_("Say what is credited: pieces, a cost or an amount."))
        left, wrong = self.left(), list(self._wrong_quantities(asked.quantities))
        rows: list[Row] = []
        costs: dict[CostKind, int] = {"shipping": asked.shipping, "payment cost": asked.payment_cost}
        for kind, amount in costs.items():
            with noting(wrong):
                rows += self._cost_rows(kind, amount, left)
        all_at_once(wrong)
        pieces = [
            Row(key_of(one.line), one.worth(quantity), of=one, quantity=quantity)
            for one in self.lines
            if (quantity := asked.quantities.get(one.rank, NIL)) > 0
        ]
        cap(pieces, left)
        rows = pieces + rows
        rows += self._spread("reduction", "reduction", asked.reduction, asked.reason, left)
        rows += self._spread("amount", "amount", asked.amount, asked.reason, left)
        return self._issue(rows + self._kept(asked, rows))

    def pieces(self, quantities: Mapping[int, Decimal], cents: Mapping[Key, Cents] | None = None) -> Credited:
        """The figures of a credit note on pieces alone, by rank, that were taken out of the order (W-17).

        `cents`: by how much its net and gross differ by rate from what the stored figures come to, so that what the
        documents say in all is what the order comes to. Raises as `credit`; ValueError where so many cents can't be.
        """
        plain = self.credit(CreditAsked(quantities))
        aims = {
            (rate.category, rate.rate): (rate.net + more.net, rate.gross + more.gross)
            for rate in plain.rates
            if (more := (cents or {}).get((rate.category, rate.rate), NO_CENTS)) != NO_CENTS
        }
        if not aims:
            return plain
        left, net_left = self.left(), self.net_left()
        for key, (net, gross) in aims.items():
            if not (0 <= net <= gross and 0 <= net_left[key] - net <= left[key] - gross):
                raise ValueError(f"no credit of {net} net, {gross} gross")
        rows = [
            Row(key_of(line), line.gross, of=self._at(line.credits_line), quantity=line.quantity)
            for line in plain.lines
        ]
        for key, (_net, gross) in aims.items():
            even_out([row for row in rows if row.key == key], gross)
        if any(not 0 <= row.gross <= (row.of.rest if row.of else 0) for row in rows):
            raise ValueError("a row of less than nothing, or of more than is left of it")
        return self._issue(rows, {key: net for key, (net, _gross) in aims.items()})

    def _at(self, position: int | None) -> LineLeft | None:
        return next((one for one in self.lines if one.line.position == position), None)

    def rest(self) -> Credited:
        """The figures of what is left, exactly by rate.

        Of an invoice of which nothing was credited: its own figures, line by line.
        """
        if not any(self.done.values()) and not any(one.done for one in self.lines):
            lines = tuple(
                line.model_copy(update={"credits_line": line.position}) for line in self.invoice.lines
            )
            return Credited(
                lines,
                self.invoice.adjustments,
                self.invoice.rates,
                self.invoice.net,
                self.invoice.tax,
                self.invoice.total,
            )
        left = self.left()
        pieces = [
            Row(key_of(one.line), one.worth(one.left), of=one, quantity=one.left)
            for one in self.lines
            if one.left
        ]
        cap(pieces, left)
        costs = [
            row
            for kind in COSTS
            for row in self._cost_rows(kind, sum(self._of_costs(kind, left).values()), left)
        ]
        others = [Row(key, amount, "amount") for key, amount in left.items() if amount]
        return self._issue(pieces + costs + others)

    def _wrong_quantities(self, quantities: Mapping[int, Decimal]) -> Iterable[Invalid]:
        for rank, quantity in quantities.items():
            one, name = self.of_rank(rank), f"quantities.{rank}"
            if one is None:
                yield Invalid(
                    name, _("Invoice {number} has no such line.").format(number=self.invoice.number)
                )
            elif quantity < 0:
                yield Invalid(name, _("The quantity can't be less than 0."))
            elif quantity > one.left:
                yield Invalid(name, more_pieces(one, quantity))

    def _cost_rows(self, kind: CostKind, amount: int, left: dict[Key, int]) -> list[Row]:
        """The rows of a cost that is credited, one a rate and name; takes them from `left`."""
        there = self._of_costs(kind, left)
        if not 0 <= amount <= sum(there.values()):
            raise Invalid(FIELD_OF[kind], _more(amount, sum(there.values()), self.invoice.currency))
        rows = []
        for key, share in shares_of(amount, there).items():
            left[key] -= share
            for cost in self.costs:
                part = min(share, cost.gross - cost.done) if (cost.kind, cost.key) == (kind, key) else 0
                if part:
                    rows.append(Row(key, part, kind, cost.name))
                    share -= part  # noqa: PLW2901  # what is left of it goes to the next row of the same rate
        return rows

    def _spread(
        self, kind: AdjustmentKind, name: str, amount: int, reason: str, left: dict[Key, int]
    ) -> list[Row]:
        """An amount without a line, over the rates of what is left; takes it from `left`."""
        if not 0 <= amount <= sum(left.values()):
            raise Invalid(name, _more(amount, sum(left.values()), self.invoice.currency))
        shares = shares_of(amount, left)
        for key, share in shares.items():
            left[key] -= share
        return [Row(key, share, kind, reason) for key, share in shares.items()]

    def _kept(self, asked: CreditAsked, rows: Sequence[Row]) -> list[Row]:
        """The fee that is kept back, over the rates of what is credited: always less than that."""
        if not asked.fee:
            return []
        credited: dict[Key, int] = {}
        for row in rows:
            credited[row.key] = credited.get(row.key, 0) + row.gross
        if not 0 < asked.fee < sum(credited.values()):
            most = LazyMoney(sum(credited.values()), self.invoice.currency)
            raise Invalid(
                "fee",
                _("The fee must be more than 0 and less than what is credited, {amount}.").format(
                    amount=most
                ),
            )
        return [
            Row(key, share, "kept fee", asked.fee_reason)
            for key, share in shares_of(asked.fee, credited).items()
        ]

    def _issue(self, rows: Sequence[Row], nets: Mapping[Key, int] | None = None) -> Credited:
        """Net and tax by rate follow from the gross credited before and with this one, unless `nets` says them; the
        rows share them.
        """
        groups: dict[Key, list[Row]] = {}
        for row in rows:
            groups.setdefault(row.key, []).append(row)
        rates = []
        for key in sorted(groups):
            gross = sum(-row.gross if row.lessens else row.gross for row in groups[key])
            net = (nets or {}).get(key, self._net_of(key, gross))
            self._share_net(key, groups[key], net)
            rates.append(self.rates[key].model_copy(update={"net": net, "tax": gross - net, "gross": gross}))
        total = sum(rate.gross for rate in rates)
        if total <= 0:
            raise Refused(_("The credit note would come to 0."))
        net = sum(rate.net for rate in rates)
        lines = [row for row in rows if row.of is not None]
        others = tuple(adjustment_of(row, row.kind) for row in rows if row.kind is not None)
        return Credited(
            tuple(self._line(i, row) for i, row in enumerate(lines, 1)),
            others,
            tuple(rates),
            net,
            total - net,
            total,
        )

    def _net_of(self, key: Key, gross: int) -> int:
        """The net of a credit of `gross`: the last one takes exactly what is left, and VAT is never less than 0 in it
        or after it.
        """
        left, net_left = self.left()[key] - gross, self.net_left()[key]
        net = self._net_so_far(key, self.done[key] + gross) - self.done_net[key]
        return max(0, net_left - left, min(net, gross, net_left))

    def _net_so_far(self, key: Key, gross: int) -> int:
        whole = self.rates[key]
        return round_half_up(Fraction(gross * whole.net, whole.gross)) if whole.gross else 0

    def _share_net(self, key: Key, rows: Sequence[Row], net: int) -> None:
        """The rows of one rate share its net by their gross; a fee kept back has its own share, which the others add to
        theirs.
        """
        whole = self.rates[key]
        for row in rows:
            if row.lessens:
                row.net = round_half_up(Fraction(row.gross * whole.net, whole.gross))
                net += row.net
        adding = [row for row in rows if not row.lessens]
        if any(row.gross for row in adding):
            for row, share in zip(adding, allocate(net, [row.gross for row in adding]), strict=True):
                row.net = share

    def _line(self, position: int, row: Row) -> Line:
        """A line as it is printed: at the invoice's price where that goes, what it was cheaper as a discount."""
        one, currency = row.of, self.invoice.currency
        if one is None:
            raise AssertionError("a row of no line")
        stated = row.gross if self.invoice.prices == "gross" else row.net
        before = times(one.line.unit_price, row.quantity, currency)
        is_cheaper = before >= stated
        return one.line.model_copy(
            update={
                "position": position,
                "quantity": row.quantity,
                "unit_price": one.line.unit_price
                if is_cheaper
                else unit_price(stated, row.quantity, currency),
                "discount": before - stated if is_cheaper else 0,
                "net": row.net,
                "tax": row.gross - row.net,
                "gross": row.gross,
                "effective_gross": row.gross,
                "net_unit_price": unit_price(row.net, row.quantity, currency),
                "net_discount": 0,
                "credits_line": one.line.position,
                "rank": one.rank,
            }
        )


def more_pieces(one: LineLeft, asked: Decimal) -> LazyText:
    """Why so many pieces can't be credited: line, asked, invoiced, credited, left (A19)."""
    text = _("“{name}”: {asked} asked for; {invoiced} invoiced, {credited} credited already, {left} left.")
    figures = {"asked": asked, "invoiced": one.line.quantity, "credited": one.done, "left": one.left}
    return text.format(name=one.line.name, **{name: LazyNumber(figure) for name, figure in figures.items()})


def _more(asked: int, left: int, currency: str) -> LazyText:
    if asked < 0:
        return _("The amount must be more than 0.")
    text = _("{asked} asked for; only {left} are left to credit.")
    return text.format(asked=LazyMoney(asked, currency), left=LazyMoney(left, currency))
