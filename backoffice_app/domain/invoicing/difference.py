"""What becomes of invoices where only quantities of an order changed: documents of the difference alone, exact to the
cent (W-17).
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.snapshot import RateTotal
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import (
    credits_of,
    issue_difference,
    newest_snapshots,
    why_not_credit_it,
)
from backoffice_app.domain.invoicing.credit_rows import NIL, Cents
from backoffice_app.domain.invoicing.credits import Credited, Credits
from backoffice_app.domain.invoicing.issue import issue_addition
from backoffice_app.domain.invoicing.lacks import reason_of
from backoffice_app.domain.invoicing.ready import Readiness, readiness
from backoffice_app.domain.invoicing.snapshot import Addition, added_totals_of, buyer_of
from backoffice_app.domain.invoicing.totals import Key, Totals
from backoffice_app.domain.order.addressee import customer_of
from backoffice_app.domain.order.states import invoices
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order

DISCOUNTED = _(
    "The discount of the order changes with its quantities, so the difference alone can't be invoiced."
)
LINE_DISCOUNTED = _("A line with a discount has fewer pieces, so the difference alone can't be credited.")
INEXACT = _("The difference alone would not come out to the cent.")
FREE = _("What is taken out cost nothing, so there is nothing to credit.")
OTHER_BUYER = _(
    "The billing address was changed after the invoice, so the difference alone can't be invoiced."
)


@dataclass(frozen=True)
class Difference:
    """What the documents of an order lack so that they say in all what it comes to: credit notes, newest invoice first,
    then an invoice.
    """

    credits: tuple[tuple[Document, Credited], ...]
    addition: Addition | None
    case: Readiness
    totals: Totals | None


def difference_of(w: Work, order: Order) -> Difference | LazyText:
    """The difference between what a locked order is invoiced and what it comes to now; or why it can't be documents of
    its own.

    In net, VAT and gross of each rate it is exact. What is credited is taken from the figures that invoices stored,
    what is added is calculated as any invoice is; where roundings of the parts and of the whole differ, the VAT of the
    last document of the rate bears it. Raises Refused where something is missing for an invoice that would be issued.
    """
    more = {line.rank: line.ordered - line.cancelled - line.invoiced for line in order.lines}
    fewer = {rank: -quantity for rank, quantity in more.items() if quantity < 0}
    added = {rank: quantity for rank, quantity in more.items() if quantity > 0}
    standing = invoices(order)
    if reason := _why_as_a_whole(w, order, fewer, standing if added else ()):
        return reason
    ready = readiness(w.shop, order)
    if added and (lack := reason_of(ready.lacks)):
        raise Refused(lack)
    known = {invoice.id: credits_of(w, order, invoice) for invoice in standing}
    try:
        taken = _taken(order, standing, known, fewer)
        return _exact(order, ready, known, taken, Addition(added, standing[0]) if added else None)
    except Refused:
        return FREE
    except ValueError:
        return INEXACT


def issue(w: Work, order: Order, found: Difference) -> list[Document]:
    """Issues the documents of the difference, credit notes first."""
    documents = [issue_difference(w, order, invoice, credited) for invoice, credited in found.credits]
    if found.addition and found.totals:
        documents.append(issue_addition(w, order, found.addition, found.case.case, found.totals))
    return documents


def _why_as_a_whole(
    w: Work, order: Order, fewer: Container[int], standing: Sequence[Document]
) -> LazyText | None:
    """Why the order is invoiced anew as a whole.

    `fewer`: ranks of the lines with fewer pieces; `standing`: what a new one would add to.
    """
    if order.discount:
        return DISCOUNTED
    if any(line.discount for line in order.lines if line.rank in fewer):
        return LINE_DISCOUNTED
    return None if _is_same_buyer(w, order, standing) else OTHER_BUYER


def _is_same_buyer(w: Work, order: Order, standing: Sequence[Document]) -> bool:
    """Whether a further invoice would go to whom these went."""
    if not standing:
        return True
    buyer = buyer_of(order, customer_of(w.session, order))
    return all(snapshot.buyer == buyer for snapshot in newest_snapshots(w.session, standing))


def _taken(
    order: Order,
    standing: Iterable[Document],
    known: Mapping[int | None, Credits],
    fewer: Mapping[int, Decimal],
) -> list[tuple[Document, dict[int, Decimal]]]:
    """The pieces that each invoice is credited, by rank, the newest first, as what was added last goes first.

    Raises ValueError where they hold too few.
    """
    rest, found = dict(fewer), []
    for invoice in sorted(standing, key=lambda one: one.id or 0, reverse=True):
        here = {}
        if why_not_credit_it(order, invoice):
            continue
        for one in known[invoice.id].lines:
            if quantity := min(rest.get(one.rank, NIL), one.left):
                here[one.rank] = quantity
                rest[one.rank] -= quantity
        if here:
            found.append((invoice, here))
    if any(rest.values()):
        raise ValueError("more pieces than were invoiced")
    return found


def _exact(
    order: Order,
    ready: Readiness,
    known: Mapping[int | None, Credits],
    taken: list[tuple[Document, dict[int, Decimal]]],
    addition: Addition | None,
) -> Difference:
    """The documents, with the cents that each rate lacks.

    Raises ValueError where these are more than roundings, Refused as `Credits`.
    """
    credited = [known[invoice.id].pieces(quantities) for invoice, quantities in taken]
    added = added_totals_of(order, ready.case, addition.quantities) if addition else None
    sums = {(rate.category, rate.rate): Cents(rate.net, rate.gross) for rate in ready.totals.rates}
    cents: dict[int, dict[Key, Cents]] = {}
    taxes: dict[Key, int] = {}
    for key in sums.keys() | {key for one in known.values() for key in one.rates}:
        goal = sums.get(key, Cents())
        so_far = [(rest.net_left()[key], rest.left()[key]) for rest in known.values() if key in rest.rates]
        less = [(-rate.net, -rate.gross) for one in credited for rate in _of(key, one.rates)]
        plus = [(rate.net, rate.gross) for rate in _of(key, added.rates if added else ())]
        net, gross = (
            want - sum(part[at] for part in so_far + less + plus)
            for at, want in enumerate((goal.net, goal.gross))
        )
        if not (net or gross):
            continue
        if max(abs(net), abs(gross), abs(gross - net)) > _roundings(key, credited, added):
            raise ValueError("more than roundings")
        last = next((at for at in reversed(range(len(credited))) if list(_of(key, credited[at].rates))), None)
        # What the prices state is right on a further invoice, gross or net; its VAT may be other by a cent.
        bears = (net, gross) if not plus else (0, gross) if order.prices == "gross" else (net, 0)
        if any(bears):
            if last is None:
                raise ValueError("what is added is not what the order comes to")
            cents.setdefault(last, {})[key] = Cents(-bears[0], -bears[1])
        if plus:
            [(plain_net, plain_gross)] = plus
            taxes[key] = plain_gross - plain_net + (gross - bears[1]) - (net - bears[0])
    for at, more in cents.items():
        invoice, quantities = taken[at]
        credited[at] = known[invoice.id].pieces(quantities, more)
    if addition and taxes:
        added = added_totals_of(order, ready.case, addition.quantities, taxes)
        if any(rate.tax < 0 for rate in added.rates) or any(
            line.net < 0 or line.tax < 0 for line in added.lines
        ):
            raise ValueError("VAT of less than nothing")
    pairs = tuple((invoice, figures) for (invoice, _quantities), figures in zip(taken, credited, strict=True))
    return Difference(pairs, addition, ready, added)


def _of(key: Key, rates: Iterable[RateTotal]) -> Iterator[RateTotal]:
    return (rate for rate in rates if (rate.category, rate.rate) == key)


def _roundings(key: Key, credited: Iterable[Credited], added: Totals | None) -> int:
    """How many cents the roundings of a rate can come to: one for each row, and one for the rate of each document."""
    rows = [1 for one in credited for line in one.lines if (line.vat_category, line.vat_rate) == key]
    rates = [1 for one in (*credited, *((added,) if added else ())) for _rate in _of(key, one.rates)]
    return len(rows) + len(rates)
