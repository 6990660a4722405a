"""Files of orders as runs: first tried out, then taken in; each order in a transaction of its own (API-2)."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from backoffice_app.db import reading
from backoffice_app.domain.bulk.offers import BulkOffer, Then, each_offer
from backoffice_app.domain.bulk.result import Result, in_all_languages
from backoffice_app.domain.bulk.start import Each, each_of, start_each
from backoffice_app.domain.bulk.subject import ItemState
from backoffice_app.domain.bulk.views import RunView, of_actor
from backoffice_app.domain.core.actions import Input
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.intake.files import Row, read_file
from backoffice_app.domain.intake.report import about_invoices, counts_told, sentence_of_row
from backoffice_app.domain.intake.take_in import (
    How,
    ImportedRow,
    Invoicing,
    Outcome,
    TakenIn,
    first_day_of_shop,
    home_of,
    is_of_the_past,
    row_of,
    take_in,
)
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.i18n import LazyText, _, one_after_the_other
from backoffice_app.models import BulkItem, BulkRun

LARGEST = 20 * 2**20
"""Bytes of a file that is imported in the browser; the command line takes any."""
TRY, IMPORT = "try-import", "import-orders"
STATES = {
    Outcome.REFUSED: ItemState.FAILED,
    Outcome.SKIPPED: ItemState.SKIPPED,
    Outcome.REPEATED: ItemState.SKIPPED,
}
"""How a run counts an order, where it is not done."""


class HowToImport(Input):
    """`first_day`: when the shop's first day in Kontor began, "" where orders of the past are invoiced too.

    `notify`: customers are told that their order came in.
    """

    first_day: str = ""
    notify: bool = False


def try_file(
    actor: Actor, content: bytes, *, source: str = "", issue: bool = False, notify: bool = False
) -> int:
    """Begins a dry run of all orders in a file; returns the run's id.

    What can't be read is refused there, each with its place.

    `source`: a name for the shop they are from. Raises Invalid for a file that is no JSON or too large, Refused without
    the right.
    """
    actor.require(Right.IMPORT)
    if len(content) > LARGEST:
        raise Invalid(
            "file", _("The file is too large: at most {size} MB are taken.").format(size=LARGEST // 2**20)
        )
    rows = read_file(content, home=home_of(source))
    seen = set[tuple[str, str]]()
    items = [_each(row, source, seen) for row in rows]
    first_day = "" if issue else first_day_of_shop().isoformat()
    return start_each(actor, TRY, {"first_day": first_day, "notify": notify}, items)


def import_tried(actor: Actor, run_id: int) -> int:
    """Begins the import of what the dry run `run_id` tried out; returns its id. A second press returns the same run.

    Raises NotFound for a run of somebody else, Refused while it still goes on.
    """
    with reading() as session:
        run = of_actor(session, run_id, actor)
        if run.action != TRY:
            raise NotFound(str(run_id))
        if run.ended_at is None:
            raise Refused(_("This run still goes on. Wait until it is over."))
        told = HowToImport.model_validate_json(run.input)
        items = session.exec(
            select(BulkItem).where(BulkItem.run_id == run_id).order_by(col(BulkItem.rank))
        ).all()
        tried = [each_of(item) for item in items if item.input]
    begun = start_each(actor, IMPORT, told.model_dump(), tried, once=f"import-{run_id}")
    with work(actor) as w:  # the import has them now, and what personal data is in them is not kept twice
        w.connection.execute(update(BulkItem).where(col(BulkItem.run_id) == run_id).values(input=""))
    return begun


def summary_of(session: Session, run: BulkRun) -> list[LazyText]:
    """What an import did, or would do, in sums; nothing for other runs."""
    if run.action not in (TRY, IMPORT):
        return []
    counting = select(BulkItem.outcome, BulkItem.invoicing, func.count()).where(BulkItem.run_id == run.id)
    outcomes, invoices = Counter[Outcome](), Counter[Invoicing]()
    for outcome, invoicing, count in session.exec(
        counting.group_by(col(BulkItem.outcome), col(BulkItem.invoicing))
    ).all():
        if outcome:
            outcomes[Outcome(outcome)] += count
        if invoicing:
            invoices[Invoicing(invoicing)] += count
    return [*counts_told(outcomes), *about_invoices(invoices, dry_run=run.action == TRY)]


def with_import(session: Session, view: RunView, actor: Actor) -> RunView:
    """The page of a run with what an import has besides: its sums, and whether what was tried out can be
    imported now.
    """
    run = session.get(BulkRun, int(view.progress.id or 0))
    if run is None or run.action not in (TRY, IMPORT):
        return view
    told = [sentence.in_language(actor.language) for sentence in summary_of(session, run)]
    has_rows = select(BulkItem.id).where(BulkItem.run_id == run.id, BulkItem.input != "").limit(1)
    goes_on = run.action == TRY and run.ended_at is not None and session.exec(has_rows).first() is not None
    return replace(view, summary=told, goes_on=goes_on)


def _each(row: Row, source: str, seen: set[tuple[str, str]]) -> Each:
    """The row as an item of the run. `seen`: source and reference of each order before it, to which its own are
    added.
    """
    place, name = str(row.index), row.name or "–"
    if row.order is None:
        refused = ImportedRow(
            "", row.index, row.name, Outcome.REFUSED, problems=row.problems, remarks=row.remarks
        )
        return Each(name, place=place, result=_result(refused))
    order = row.order.model_copy(update={"source": source}) if source else row.order
    remarks = in_all_languages(one_after_the_other(*row.remarks)) if row.remarks else ""
    reference = (order.source, order.external_reference)
    is_repeat = reference in seen and bool(order.external_reference)
    seen.add(reference)
    own = {"order": order.as_json(), "name": name, "remarks": remarks, "is_repeat": is_repeat}
    return Each(name, input=own, place=place)


def _try(actor: Actor, values: Mapping[str, Any], own: Mapping[str, Any], then: Then) -> Result | None:  # noqa: ARG001
    return _take(actor, values, own, None)


def _import(actor: Actor, values: Mapping[str, Any], own: Mapping[str, Any], then: Then) -> Result | None:
    return _take(actor, values, own, then)


def _take(
    actor: Actor, values: Mapping[str, Any], own: Mapping[str, Any], then: Then | None
) -> Result | None:
    """Takes one order in and writes its result in the same transaction; without `then` it is tried out, and its result
    returned.
    """
    new, told = parse_order(own["order"]), HowToImport.model_validate(values)
    row = ImportedRow("", 0, own["name"], Outcome.REFUSED)
    is_past = bool(told.first_day) and is_of_the_past(new, datetime.fromisoformat(told.first_day))

    def write(w: Work, taken: TakenIn) -> None:
        if then is not None:
            then(w, _result(row_of(row, new, taken, dry_run=False), taken, own["remarks"]))

    how = How(dry_run=then is None, is_past=is_past, confirm=told.notify and not is_past, then=write)
    try:
        taken = take_in(actor, new, how=how)
    except Invalid as no:
        return _refused(row, no)
    except Refused as no:
        return _refused(row, Invalid("", no.reason))
    if then is not None:
        return None
    tried = row_of(row, new, taken, dry_run=True)
    if own.get("is_repeat") and tried.outcome is Outcome.WOULD_BE:  # nothing was kept of the one before it
        tried = replace(row, outcome=Outcome.REPEATED)
    return _result(tried, taken, own["remarks"])


def _refused(row: ImportedRow, problem: Invalid) -> Result:
    return _result(ImportedRow(row.file, row.index, row.name, Outcome.REFUSED, problems=(problem,)))


def _result(row: ImportedRow, taken: TakenIn | None = None, remarks: str = "") -> Result:
    state = STATES.get(row.outcome, ItemState.DONE)
    is_there = taken is not None and row.outcome not in (Outcome.WOULD_BE, Outcome.REPEATED)
    return Result(
        state,
        422 if row.outcome is Outcome.REFUSED else 200,
        sentence_of_row(row),
        field=row.problems[0].field if row.problems else "",
        number=row.number if is_there else "",
        order_id=taken.order_id if taken is not None and is_there else None,
        outcome=row.outcome.value,
        more=json.loads(remarks) if remarks and row.outcome in (Outcome.IMPORTED, Outcome.WOULD_BE) else {},
        invoicing=row.invoicing.value,
    )


each_offer(BulkOffer(TRY, _("Dry run of an import"), Right.IMPORT, HowToImport, do=_try, forgets=False))
each_offer(BulkOffer(IMPORT, _("Import orders"), Right.IMPORT, HowToImport, do=_import))
