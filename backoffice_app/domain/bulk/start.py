"""Runs begin, are ended early, and are done again for what was skipped (O-5)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from backoffice_app.db import hold
from backoffice_app.domain.bulk.offers import MOST, BulkOffer, find_offer, is_of_rows
from backoffice_app.domain.bulk.result import Result, in_all_languages
from backoffice_app.domain.bulk.subject import (
    BULK_RUN,
    BulkRunCancelled,
    BulkRunStarted,
    ItemState,
    is_of,
    topic_of_actor,
)
from backoffice_app.domain.core.actions import parse_input
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused, shortened
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.work import Work, work
from backoffice_app.i18n import LazyNumber, LazyText, _, ngettext
from backoffice_app.models import BulkItem, BulkRun, Order

JOB = declare_job("bulk_run", queue=queue("bulk", at_once=2))
"""Its arguments: the id of the run, and which turn of it."""
AT_ONCE = 1_000
KEY = "Idempotency-Key"
LONGEST_KEY = 255


def start(
    actor: Actor,
    key: str,
    numbers: Sequence[str],
    values: Mapping[str, object],
    *,
    once: str = "",
    sent_by: int | None = None,
    most: int = MOST,
) -> int:
    """Begins the action `key` on the orders with these `numbers`, in this order, each once; returns the run's id.

    `values`: what the action is told, for all orders alike. `once`: a second start by the same actor with it
    returns the first run.
    `sent_by`: with the id of an API key, only orders that this key brought in are known. An unknown number
    becomes a skipped result.
    Raises NotFound for an action that can't be done to many, Refused without its right or without an order,
    Invalid naming the field.
    """
    offer = find_offer(key)
    actor.require(offer.right)
    told = parse_input(offer.input, values).model_dump(mode="json", by_alias=True, exclude_unset=True)
    chosen = list(dict.fromkeys(numbers))
    if not chosen:
        raise Refused(_("Choose at least one order."))
    if len(chosen) > (most := min(most, offer.most)):
        raise Invalid("numbers", _("At most {most} orders at once.").format(most=LazyNumber(Decimal(most))))
    if len(once) > LONGEST_KEY or not once.isprintable():
        raise Invalid(KEY, _("A key has at most {longest} printable characters.").format(longest=LONGEST_KEY))
    with work(actor) as w:
        hold(w.session, f"bulk-{actor.kind.value}-{actor.id}")
        known = _begun(w.session, actor, once)
        if known is not None:
            _require_same(w.session, known, key, told, chosen)
            return known.id or 0
        run = _run_of(w, offer, told, chosen)
        run.key = once
        w.add(run)
        ids, ready = (
            _ids_of(w.session, chosen, sent_by),
            ItemState.WAITING if offer.changes else ItemState.DONE,
        )
        _begin(w, run, offer, [_item(number, ids.get(number), ready) for number in chosen])
        return run.id or 0


@dataclass(frozen=True)
class Each:
    """One row of a file: what its order is told.

    `number`: of the order, as the row says it; `place`: where it stands in the file.

    `order_id`: of the order; None for one that the run makes. `result`: what became of it already, such as that the row
    can't be read.
    """

    number: str
    order_id: int | None = None
    input: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    result: Result | None = None

    @property
    def columns(self) -> dict[str, object]:
        """The values of the row."""
        told = json.dumps(self.input, ensure_ascii=False) if self.input else ""
        there = _item(self.number, self.order_id or 0, ItemState.WAITING) | {
            "order_id": self.order_id,
            "input": told,
            "place": self.place,
        }
        return there | (self.result.columns if self.result is not None else {})


def start_each(
    actor: Actor, key: str, values: Mapping[str, object], items: Sequence[Each], *, once: str = ""
) -> int:
    """Begins what `each_offer` registered under `key` on the rows of a file; returns the run's id.

    `once`: as of `start`.

    Raises Refused without the right or for a file without rows, Invalid for too many.
    """
    offer = find_offer(key)
    actor.require(offer.right)
    told = parse_input(offer.input, values).model_dump(mode="json", by_alias=True, exclude_unset=True)
    if len(items) > offer.most:
        raise Invalid("", _("At most {most} orders at once.").format(most=LazyNumber(Decimal(offer.most))))
    with work(actor) as w:
        hold(w.session, f"bulk-{actor.kind.value}-{actor.id}")
        if (known := _begun(w.session, actor, once)) is not None:
            return known.id or 0
        if not items:
            raise Refused(_("There is nothing in it."))
        run = _run_of(w, offer, told, items)
        run.key = once
        w.add(run)
        _begin(w, run, offer, [one.columns for one in items])
        return run.id or 0


def _begun(session: Session, actor: Actor, once: str) -> BulkRun | None:
    mine = select(BulkRun).where(BulkRun.actor_kind == actor.kind.value, BulkRun.actor_id == actor.id)
    return session.exec(mine.where(BulkRun.key == once, col(BulkRun.key) != "")).first() if once else None


def _require_same(
    session: Session,
    run: BulkRun,
    key: str,
    told: Mapping[str, object],
    chosen: Sequence[str],
) -> None:
    """Raises Invalid where the run that this key began is another one."""
    numbers = session.exec(
        select(BulkItem.number).where(BulkItem.run_id == run.id).order_by(col(BulkItem.rank)),
    ).all()
    if (run.action, json.loads(run.input), list(numbers)) != (key, told, list(chosen)):
        raise Invalid(KEY, _("This key began another run before. Send each run with a key of its own."))


def _run_of(w: Work, offer: BulkOffer, told: Mapping[str, object], chosen: Sequence[object]) -> BulkRun:
    return BulkRun(
        action=offer.key,
        input=json.dumps(told, ensure_ascii=False),
        actor_kind=w.actor.kind.value,
        actor_id=w.actor.id,
        actor_name=w.actor.name,
        size=len(chosen),
        started_at=w.at,
        ended_at=None if offer.changes else w.at,
    )


def _begin(w: Work, run: BulkRun, offer: BulkOffer, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes the chosen orders and puts the first turn into the queue; what only reads is over at once."""
    items = [{"run_id": run.id or 0, "rank": rank, **_FRESH, **row} for rank, row in enumerate(rows, 1)]
    for begin in range(0, len(items), AT_ONCE):
        w.connection.execute(insert(BulkItem), items[begin : begin + AT_ONCE])
    w.record(run, BulkRunStarted(action=offer.key, count=len(rows)))
    w.touch(topic_of_actor(run.actor_kind, run.actor_id))
    if offer.changes:
        go_on(w, run)


_FRESH = {"field": "", "error": "", "input": "", "place": "", "outcome": "", "invoicing": ""}


def _item(number: str, order_id: int | None, ready: ItemState) -> dict[str, object]:
    row: dict[str, object] = {"order_id": order_id, "number": shortened(number, 100)}
    if order_id is None:
        gone = _("There is no “{what}”.").format(what=shortened(number))
        return row | {"state": ItemState.SKIPPED.value, "status": 404, "said": in_all_languages(gone)}
    return row | {"state": ready.value, "status": 200 if ready is ItemState.DONE else 0, "said": ""}


def _ids_of(session: Session, numbers: Sequence[str], sent_by: int | None) -> dict[str, int]:
    """Number -> id of the orders that are there, and that this key may know."""
    found: dict[str, int] = {}
    asked = [number for number in numbers if "\0" not in number]
    for begin in range(0, len(asked), AT_ONCE):
        statement = select(Order.number, Order.id).where(
            col(Order.number).in_(asked[begin : begin + AT_ONCE]),
        )
        if sent_by is not None:
            statement = statement.where(Order.sent_by == sent_by)
        found |= {number: id_ or 0 for number, id_ in session.exec(statement).all()}
    return found


def go_on(w: Work, run: BulkRun) -> None:
    """Puts the next turn of a locked run into the queue."""
    run.turn += 1
    w.session.flush()
    w.enqueue(JOB, run.id, run.turn, key=f"bulk-{run.id}-{run.turn}")


def cancel_run(actor: Actor, run_id: int) -> LazyText:
    """Leaves out the orders of the run that still wait and returns how many, as a sentence.

    Raises NotFound for a run of somebody else, Refused where it is over. (O-5)
    """
    with work(actor) as w:
        run = _lock_own(w, run_id)
        if run.ended_at is not None:
            raise Refused(_("This run is over."))
        waiting = (col(BulkItem.run_id) == run_id) & (col(BulkItem.state) == ItemState.WAITING.value)
        left = w.connection.execute(
            update(BulkItem).where(waiting).values(state=ItemState.CANCELLED.value),
        ).rowcount
        run.ended_at = run.cancelled_at = w.at
        w.record(run, BulkRunCancelled(count=left))
        w.touch(topic_of_actor(run.actor_kind, run.actor_id))
    return ngettext("{count} order was left out.", "{count} orders were left out.", left)


def _lock_own(w: Work, run_id: int) -> BulkRun:
    """The run, locked. Raises NotFound for one of somebody else."""
    run = w.lock(BULK_RUN, run_id)
    if not is_of(run, w.actor):
        raise NotFound(str(run_id))
    return run


def do_again(actor: Actor, run_id: int) -> int:
    """Begins a run of the same action and input for what was skipped, failed or left out; returns its id.

    A second press returns the same new run. Raises NotFound for a run of somebody else, Refused where there
    is nothing to do again.
    """
    with work(actor) as w:
        run = _lock_own(w, run_id)
        if run.ended_at is None:
            raise Refused(_("This run still goes on. Wait until it is over."))
        again = [ItemState.SKIPPED.value, ItemState.FAILED.value, ItemState.CANCELLED.value]
        left = select(BulkItem).where(BulkItem.run_id == run_id, col(BulkItem.state).in_(again))
        items = w.session.exec(left.order_by(col(BulkItem.rank))).all()
        numbers = [item.number for item in items if item.order_id is not None]
        rows = [each_of(item) for item in items if item.input]
    once, values = f"again-{run_id}", json.loads(run.input)
    if is_of_rows(run.action) and rows:
        return start_each(actor, run.action, values, rows, once=once)
    if not numbers or is_of_rows(run.action):
        raise Refused(_("There is nothing to do again."))
    return start(actor, run.action, numbers, values, once=once)


def each_of(item: BulkItem) -> Each:
    """The row of the file that this result is about, to be done anew."""
    return Each(item.number, item.order_id, json.loads(item.input), item.place)
