"""A bulk run as the REST API takes and tells it (O-5, API-1)."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.bulk.offers import find_offer, is_of_rows
from backoffice_app.domain.bulk.views import counts_of, of_actor, said_of
from backoffice_app.domain.core.actions import Input
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor
from backoffice_app.models import BulkItem, BulkRun

MOST_BY_API = 5_000
"""Orders of one call."""


class NewBulkRun(Input):
    """`action`: the key of an action that can be done to many; `numbers`: of the orders, in their order.

    `input`: what the action is told, once for all, as in a call for one order.
    """

    action: str = Field(max_length=100)
    numbers: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=MOST_BY_API)
    input: dict[str, Any] = {}


class BulkResultView(BaseModel):
    """What became of one order. `result`: waiting, done, skipped, failed or cancelled (left out).

    `status`: what a call for this order alone would have answered, such as 409; null while it waits.
    `detail`: the sentence; `field`: of
    the input, with 422; `error`: its number in the log, with 500.
    """

    number: str
    result: str
    status: int | None
    detail: str | None
    field: str | None
    error: str | None


class BulkRunView(BaseModel):
    """A run.

    `state`: running, ended or cancelled. `counts`: how many orders have which result. `results`: in the
    order of the call.
    """

    id: int
    action: str
    state: str
    size: int
    counts: dict[str, int]
    started_at: datetime
    ended_at: datetime | None
    results: list[BulkResultView]


def require_action(key: str) -> None:
    """Raises NotFound for what can't be done to many orders by a call: an export changes nothing."""
    if not find_offer(key).changes or is_of_rows(key):
        raise NotFound(key)


def bulk_run_view(run_id: int, actor: Actor, language: str) -> BulkRunView:
    """A run that `actor` began, with the result of each order in `language`.

    Raises NotFound for one of somebody else.
    """
    with reading() as session:
        run = of_actor(session, run_id, actor)
        return _view(session, run, language)


def _view(session: Session, run: BulkRun, language: str) -> BulkRunView:
    items = session.exec(select(BulkItem).where(BulkItem.run_id == run.id).order_by(col(BulkItem.rank))).all()
    return BulkRunView(
        id=run.id or 0,
        action=run.action,
        state="cancelled" if run.cancelled_at else "ended" if run.ended_at else "running",
        size=run.size,
        counts=counts_of(session, [run.id or 0])[run.id or 0],
        started_at=run.started_at,
        ended_at=run.ended_at,
        results=[_result(item, language) for item in items],
    )


def _result(item: BulkItem, language: str) -> BulkResultView:
    return BulkResultView(
        number=item.number,
        result=item.state,
        status=item.status or None,
        detail=said_of(item, language) or None,
        field=item.field or None,
        error=item.error or None,
    )
