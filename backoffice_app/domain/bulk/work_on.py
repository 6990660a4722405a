"""A turn of a run: each order in a transaction of its own, in which its result is written too (O-5)."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import text, update
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.bulk.offers import find_offer
from backoffice_app.domain.bulk.result import Result
from backoffice_app.domain.bulk.start import go_on
from backoffice_app.domain.bulk.subject import BULK_RUN, ItemState, topic_of_actor, topic_of_run
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import (
    Asks,
    Away,
    Busy,
    Invalid,
    NotFound,
    Refused,
    Unknown,
    WrongClock,
)
from backoffice_app.domain.core.jobs import each_minute
from backoffice_app.domain.core.rights import NO_RIGHT, WORKER, Actor, ActorKind, needs_scope
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.people.again import actor_again
from backoffice_app.i18n import LazyText, _, one_after_the_other
from backoffice_app.models import BulkItem, BulkRun

KEPT = timedelta(days=14)
"""For so long after a run the rows of its file can be looked at and done again."""
TURN = 4.0
"""Seconds after which a run lets others have their turn; a process that ends waits no longer for it."""
AT_ONCE = 20
"""So many orders are read ahead; a run that was ended early stops after as many at most."""
PATIENCE = (0.2, 0.5, 1, 2, 5)
"""Seconds between attempts while the database is away or somebody holds the order."""
log = logging.getLogger("kontor.bulk")
Answer = TypeVar("Answer")


class SettledAlready(Exception):  # noqa: N818
    """This order of the run was done, or left out, by another process: nothing is done a second time."""


def work_on(run_id: int, turn: int, seconds: float = TURN) -> None:
    """Does a part of the run; what is left is put into the queue again, or the run is over.

    May run twice, also at once and after a crash: the result of an order is written in the transaction that
    does it, and where it is
    there already, that transaction is rolled back. Raises Away where the database stays away.
    """
    with reading() as session:
        run = session.get(BulkRun, run_id)
    if run is None or run.ended_at is not None:
        return
    until = time.monotonic() + seconds
    actor = actor_again(run.actor_kind, run.actor_id, run.actor_name)
    if refusal := _why_not_at_all(run, actor):
        _patiently(lambda: _refuse_all(run, refusal))
    values = json.loads(run.input)
    while time.monotonic() < until and (items := _waiting(run_id)):
        for item in items:
            _do(run, actor, item, values)
            if time.monotonic() >= until:
                break
    _patiently(lambda: _end_turn(run_id, turn))


def _why_not_at_all(run: BulkRun, actor: Actor) -> LazyText | None:
    """Why no order of the run is acted upon: the right was lost, or a plug-in with the action is gone."""
    try:
        offer = find_offer(run.action)
    except NotFound:
        return _("There is no “{what}”.").format(what=run.action)
    if actor.may(offer.right):
        return None
    return needs_scope(offer.right) if actor.kind is ActorKind.API_KEY else NO_RIGHT


def _waiting(run_id: int, most: int = AT_ONCE) -> list[BulkItem]:
    with reading() as session:
        statement = select(BulkItem).where(
            BulkItem.run_id == run_id,
            BulkItem.state == ItemState.WAITING.value,
        )
        return list(session.exec(statement.order_by(col(BulkItem.rank)).limit(most)).all())


def _do(run: BulkRun, actor: Actor, item: BulkItem, values: dict[str, object]) -> None:
    """This order has its result afterwards, by whichever process."""
    try:
        _patiently(lambda: _do_once(run, actor, item, values))
    except SettledAlready:
        return
    except (Away, Unknown):
        raise
    except Invalid as wrong:
        _settle(run, item, Result(ItemState.SKIPPED, 422, wrong.reason, field=wrong.field))
    except Asks as asks:
        said = one_after_the_other(asks.reason, _("You answer this in the order itself."))
        _settle(run, item, Result(ItemState.SKIPPED, 409, said))
    except Refused as no:
        _settle(run, item, Result(ItemState.SKIPPED, 409, no.reason))
    except NotFound:
        _settle(
            run,
            item,
            Result(ItemState.SKIPPED, 404, _("There is no “{what}”.").format(what=item.number)),
        )
    except Exception:  # a bug of one order stops no other one
        number = secrets.token_hex(4)
        log.exception("Error %s in the bulk run %s at order %s", number, run.id, item.number)
        said = _("Something broke here. In the log it has the number {number}.").format(number=number)
        _settle(run, item, Result(ItemState.FAILED, 500, said, error=number))


def _do_once(run: BulkRun, actor: Actor, item: BulkItem, values: dict[str, object]) -> None:
    own, do = json.loads(item.input) if item.input else {}, find_offer(run.action).do
    if do is None:
        then = partial(_mark_done, run, item)
        perform(actor, run.action, item.order_id or 0, {**values, **own}, subject=ORDER, then=then)
        return
    result = do(actor, values, own, lambda w, result: _write(run, item, result, w))
    if result is not None:
        _settle(run, item, result)


def _patiently(do: Callable[[], Answer]) -> Answer:
    """What `do` returns; tried again while the database is away, or somebody holds what it needs."""
    for pause in PATIENCE:
        try:
            return do()
        except WrongClock:
            raise
        except (Away, Busy, Unknown) as error:
            log.warning("A bulk run waits: %s", error)
            time.sleep(pause)
    return do()


def _mark_done(run: BulkRun, item: BulkItem, w: Work, done: Done) -> None:
    """Writes the result in the transaction of the action.

    What was so already was not done now: it is skipped, and says why.
    """
    sentences = [sentence for sentence in (done.message, *w.also) if sentence.message]
    said = one_after_the_other(*sentences) if sentences else None
    _write(
        run,
        item,
        Result(ItemState.DONE, 200, said) if done.changed else Result(ItemState.SKIPPED, 409, said),
        w,
    )


def _settle(run: BulkRun, item: BulkItem, result: Result) -> None:
    """Writes a result of which no order changed, unless another process wrote one."""

    def write() -> None:
        with work(WORKER) as w:
            _write(run, item, result, w)

    try:
        _patiently(write)
    except SettledAlready:
        return


def _write(run: BulkRun, item: BulkItem, result: Result, w: Work) -> None:
    """Raises SettledAlready where the order has a result.

    Of two processes the second waits here until the first has committed.
    """
    still = (col(BulkItem.id) == item.id) & (col(BulkItem.state) == ItemState.WAITING.value)
    told = (
        {"input": ""}
        if result.state is ItemState.DONE and item.input and find_offer(run.action).forgets
        else {}
    )
    if w.connection.execute(update(BulkItem).where(still).values(**result.columns, **told)).rowcount != 1:
        raise SettledAlready
    w.touch(topic_of_run(run.id or 0), topic_of_actor(run.actor_kind, run.actor_id))


@each_minute("Forgetting what files said")
def forget_old_inputs() -> None:
    """What single orders were told two weeks ago is gone, if anything is left of it."""
    forget_inputs(clock.now() - KEPT)


def forget_inputs(before: datetime) -> None:
    """What was told of single orders is gone where the run ended before that moment: a file of orders holds personal
    data (AUD-2). The results stay.
    """
    ended = select(BulkRun.id).where(col(BulkRun.ended_at) < before)
    held = col(BulkItem.run_id).in_(ended) & text("bulk_item.input <> ''")
    with reading() as session:
        is_held = session.exec(select(BulkItem.id).where(held).limit(1)).first() is not None
    if is_held:
        with work(WORKER) as w:
            w.connection.execute(update(BulkItem).where(held).values(input=""))


def _refuse_all(run: BulkRun, said: LazyText) -> None:
    """Its author lost the right, or is no longer here: nothing more is done."""
    waiting = (col(BulkItem.run_id) == run.id) & (col(BulkItem.state) == ItemState.WAITING.value)
    with work(WORKER) as w:
        w.connection.execute(
            update(BulkItem).where(waiting).values(**Result(ItemState.SKIPPED, 403, said).columns),
        )


def _end_turn(run_id: int, turn: int) -> None:
    """The run is over if nothing waits.

    Else its next turn is in the queue, unless another process put it there.
    """
    with work(WORKER) as w:
        run = w.lock(BULK_RUN, run_id)
        if run.ended_at is not None or run.turn != turn:
            return
        if _waiting(run_id, 1):
            go_on(w, run)
        else:
            run.ended_at = w.at
        w.touch(topic_of_run(run_id), topic_of_actor(run.actor_kind, run.actor_id))


def stranded_runs(most: int) -> dict[str, int]:
    """Runs that are not over: the name of the job that works on each -> its id.

    The worker looks whether that job is alive.
    """
    with reading() as session:
        open_runs = select(BulkRun.id, BulkRun.turn).where(col(BulkRun.ended_at).is_(None))
        oldest = session.exec(open_runs.order_by(col(BulkRun.id)).limit(most)).all()
        return {f"bulk-{id_}-{turn}": id_ or 0 for id_, turn in oldest}


def pick_up(run_id: int, job: str) -> None:
    """A run whose `job` is gone gets another one."""
    with work(WORKER) as w:
        run = w.lock(BULK_RUN, run_id)
        if run.ended_at is None and job == f"bulk-{run.id}-{run.turn}":
            go_on(w, run)
