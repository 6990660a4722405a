"""Runs begin, are ended early, and are done again for what was skipped (O-5)."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from backoffice_app.db import hold
from backoffice_app.domain.bulk.offers import MOST, BulkOffer, find_offer
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
from backoffice_app.i18n import UI_LANGUAGES, LazyNumber, LazyText, _, ngettext
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
        _begin(w, run, offer, _ids_of(w.session, chosen, sent_by), chosen)
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


def _run_of(w: Work, offer: BulkOffer, told: Mapping[str, object], chosen: Sequence[str]) -> BulkRun:
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


def _begin(w: Work, run: BulkRun, offer: BulkOffer, ids: Mapping[str, int], chosen: Sequence[str]) -> None:
    """Writes the chosen orders and puts the first turn into the queue; what only reads is over at once."""
    ready = ItemState.WAITING if offer.changes else ItemState.DONE
    ranked, run_id = enumerate(chosen, 1), run.id or 0
    items = [_item(run_id, rank, number, ids.get(number), ready) for rank, number in ranked]
    for begin in range(0, len(items), AT_ONCE):
        w.connection.execute(insert(BulkItem), items[begin : begin + AT_ONCE])
    w.record(run, BulkRunStarted(action=offer.key, count=len(chosen)))
    w.touch(topic_of_actor(run.actor_kind, run.actor_id))
    if offer.changes:
        go_on(w, run)


def _item(run_id: int, rank: int, number: str, order_id: int | None, ready: ItemState) -> dict[str, object]:
    row: dict[str, object] = {
        "run_id": run_id,
        "rank": rank,
        "order_id": order_id,
        "number": shortened(number, 100),
        "field": "",
        "error": "",
    }
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


def in_all_languages(sentence: LazyText) -> str:
    """A sentence as `BulkItem.said` keeps it: in each language of the screen, as it was on the day."""
    said = {language: sentence.in_language(language) for language in UI_LANGUAGES}
    return json.dumps(said, ensure_ascii=False)


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
        left = select(BulkItem.number).where(
            BulkItem.run_id == run_id,
            col(BulkItem.state).in_(again),
            col(BulkItem.order_id).is_not(None),
        )
        numbers = w.session.exec(left.order_by(col(BulkItem.rank))).all()
    if not numbers:
        raise Refused(_("There is nothing to do again."))
    return start(actor, run.action, numbers, json.loads(run.input), once=f"again-{run_id}")
