"""What an import tells of itself: the sums, and a sentence for each order (API-2, INV-1)."""

from collections import Counter
from collections.abc import Mapping

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake.take_in import ImportedRow, Invoicing, Outcome
from backoffice_app.i18n import LazyText, _, one_after_the_other

OUTCOMES: dict[Outcome, LazyText] = {
    Outcome.IMPORTED: _("{count} imported"),
    Outcome.WOULD_BE: _("{count} would be imported"),
    Outcome.UPDATED: _("{count} brought up to date"),
    Outcome.WOULD_BE_UPDATED: _("{count} would be brought up to date"),
    Outcome.SKIPPED: _("{count} there already"),
    Outcome.REPEATED: _("{count} repeated in the file"),
    Outcome.REFUSED: _("{count} refused"),
}
"""How many orders had this outcome."""
WORDS: dict[Outcome, LazyText] = {
    Outcome.IMPORTED: _("Imported as order {number}."),
    Outcome.WOULD_BE: _("Would be imported."),
    Outcome.UPDATED: _("Order {number} is brought up to date."),
    Outcome.WOULD_BE_UPDATED: _("Order {number} would be brought up to date."),
    Outcome.SKIPPED: _("Is there already as order {number}."),
    Outcome.REPEATED: _("Comes before in this file already and would be taken in once."),
}
"""What became of one order."""


def counts_told(outcomes: Mapping[Outcome, int]) -> list[LazyText]:
    """How many orders had which outcome, without those that none had."""
    return [
        text.format(count=outcomes[outcome]) for outcome, text in OUTCOMES.items() if outcomes.get(outcome)
    ]


def about_invoices(invoices: Counter[Invoicing], *, dry_run: bool) -> list[LazyText]:
    """How many invoices were issued, wait, or were left out because their orders are of the past; a sentence each
    (INV-1).
    """
    kinds = (Invoicing.ISSUED, Invoicing.WAITS, Invoicing.PAST, Invoicing.PROVIDER)
    issued, waits, past, by_provider = (invoices[kind] for kind in kinds)
    lines = []
    if issued or dry_run:
        said = _("Invoices that would be issued: {count}.") if dry_run else _("Invoices issued: {count}.")
        lines.append(said.format(count=issued))
    if waits and dry_run:
        lines.append(
            _(
                "Invoices that would wait because something is missing: {count} (view “Invoice waits”)."
            ).format(count=waits)
        )
    elif waits:
        lines.append(
            _("Invoices that wait because something is missing: {count} (view “Invoice waits”).").format(
                count=waits
            )
        )
    if by_provider:
        lines.append(
            _("Orders whose payment provider issues the invoice: {count}.").format(count=by_provider)
        )
    if past:
        lines.append(_("Orders of the past, which get no invoice: {count}.").format(count=past))
    return lines


def sentence_of_row(row: ImportedRow) -> LazyText:
    """What became of one order, with each problem at its field, and the remarks."""
    first = [WORDS[row.outcome].format(number=row.number)] if row.outcome in WORDS else []
    return one_after_the_other(*first, *map(_said, row.problems), *row.remarks)


def _said(problem: Invalid) -> LazyText:
    """A problem at its field."""
    return (
        LazyText("{field}: {reason}", {"field": problem.field, "reason": problem.reason})
        if problem.field
        else problem.reason
    )
