"""What people see of their runs: progress, results order by order, and the same as a file (O-5)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session, col, func, or_, select

from backoffice_app.domain.bulk.fitting import JUDGED, orders_of, reasons_against
from backoffice_app.domain.bulk.offers import EXPORT, EXPORT_LINES, find_offer, is_of_rows
from backoffice_app.domain.bulk.prints import INVOICES, PRINTED
from backoffice_app.domain.bulk.subject import RESULT_NAMES, ItemState, is_of
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.forms import Filled, FormView, fields_of, with_offers
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.column_file import LinesFile, OrdersFile
from backoffice_app.formats import format_moment, format_number
from backoffice_app.i18n import LazyText, _, ngettext
from backoffice_app.models import BulkItem, BulkRun, Order

PAGE = 100
SHOWN = 50
"""Runs that the list of them shows, the newest first."""
FRESH = timedelta(minutes=2)
"""A run that ended shows its progress so long."""
MOST_REASONS = 3
AT_ONCE = 500
KIND = "bulk-run"
TONES = {"waiting": "neutral", "done": "good", "skipped": "look", "failed": "act", "cancelled": "ended"}
MARKS = {
    "waiting": "clock",
    "done": "check",
    "skipped": "circle",
    "failed": "triangle-alert",
    "cancelled": "ban",
}
NUMBER, STATE, TONE, MARK, SAID, PLACE, LINK, RANK = range(8)
"""Where the texts of a result stand."""


@dataclass(frozen=True)
class ProgressView:
    """A run of the person who looks, as each of their tabs shows it.

    `about`: what an event about it is about.
    """

    id: str = ""
    label: str = ""
    says: str = ""
    done: int = 0
    size: int = 1
    is_over: bool = False
    file: str = ""
    file_label: str = ""
    xlsx: str = ""
    about: str = ""


@dataclass(frozen=True)
class RunView:
    """The page of a run.

    `tabs`: by result [key, word, count, address]; `rows`: number, word, tone, mark, sentence.

    `again`: how many orders a press on the button does again; `missing`: there is no such run. Of an import `summary`
    has its sums, and `goes_on` says that what was tried out can be imported now. `has_places`: its rows came from a
    file.
    """

    progress: ProgressView = field(default_factory=ProgressView)
    title: str = ""
    began: str = ""
    tabs: list[list[str]] = field(default_factory=list)
    tab: str = ""
    rows: list[list[str]] = field(default_factory=list)
    newer: str = ""
    older: str = ""
    csv: str = ""
    xlsx: str = ""
    again: int = 0
    missing: bool = False
    summary: list[str] = field(default_factory=list)
    goes_on: bool = False
    has_places: bool = False


def of_actor(session: Session, run_id: int, actor: Actor) -> BulkRun:
    """A run that `actor` began, and whose results they may still see. Raises NotFound."""
    run = session.get(BulkRun, run_id) if 0 < run_id < 2**63 else None
    if run is None or not is_of(run, actor) or not _may_see(run, actor):
        raise NotFound(str(run_id))
    return run


def _may_see(run: BulkRun, actor: Actor) -> bool:
    """Sentences of results may name amounts: who lost the right to act lost the right to read them too."""
    known = ACTIONS.get(run.action)
    if known is None and is_of_rows(run.action):
        return actor.may(find_offer(run.action).right)
    return actor.may(known.right if known else Right.READ)


def counts_of(session: Session, run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By run how many orders have which result."""
    if not run_ids:
        return {}
    counting = select(BulkItem.run_id, BulkItem.state, func.count()).where(col(BulkItem.run_id).in_(run_ids))
    found: dict[int, dict[str, int]] = {id_: {} for id_ in run_ids}
    for run_id, state, count in session.exec(
        counting.group_by(col(BulkItem.run_id), col(BulkItem.state)),
    ).all():
        found[run_id][state] = count
    return found


def progress_of(session: Session, actor: Actor, language: str) -> list[ProgressView]:
    """The runs of `actor` that go on or ended a moment ago, the newest first."""
    mine = select(BulkRun).where(BulkRun.actor_kind == actor.kind.value, BulkRun.actor_id == actor.id)
    fresh = mine.where(or_(col(BulkRun.ended_at).is_(None), col(BulkRun.ended_at) > clock.now() - FRESH))
    newest = session.exec(fresh.order_by(col(BulkRun.id).desc()).limit(10)).all()
    shown = [run for run in newest if _may_see(run, actor)]
    counts = counts_of(session, [run.id or 0 for run in shown])
    return [_progress(run, counts[run.id or 0], language) for run in shown]


def _progress(run: BulkRun, counts: Mapping[str, int], language: str) -> ProgressView:
    done = run.size - counts.get(ItemState.WAITING.value, 0)
    is_over = run.ended_at is not None
    file, label = _file_of(run, counts) if is_over else ("", LazyText(""))
    return ProgressView(
        id=str(run.id),
        label=label_of(run.action).in_language(language),
        says=_said(run, counts, done).in_language(language),
        done=done,
        size=run.size,
        is_over=is_over,
        file=file,
        file_label=label.in_language(language) if file else "",
        xlsx=file.removesuffix("csv") + "xlsx" if file.endswith(".csv") else "",
        about=Shown(KIND, str(run.id)).text,
    )


def label_of(action: str) -> LazyText:
    """What an action on many is called; its key where it is there no more."""
    try:
        return find_offer(action).label
    except NotFound:
        return LazyText("{key}", {"key": action})


def _said(run: BulkRun, counts: Mapping[str, int], done: int) -> LazyText:
    """ "12 of 40", and when it is over what became of them: "37 of 40 done, 3 skipped"."""
    if run.ended_at is None:
        return _("{done} of {size}").format(done=done, size=run.size)
    parts: list[LazyText] = []
    number = counts.get(ItemState.DONE.value, 0)
    parts.append(_("{done} of {size} done").format(done=number, size=run.size))
    words = {
        ItemState.SKIPPED: _("{count} skipped"),
        ItemState.FAILED: _("{count} failed"),
        ItemState.CANCELLED: _("{count} left out"),
    }
    there = {state: counts[state.value] for state in words if counts.get(state.value)}
    parts += [words[state].format(count=count) for state, count in there.items()]
    listed = ", ".join(f"{{p{n}}}" for n in range(len(parts)))
    return LazyText(listed, {f"p{n}": part for n, part in enumerate(parts)})


def _file_of(run: BulkRun, counts: Mapping[str, int]) -> tuple[str, LazyText]:
    """Address and name of the file that the run made; "" where it made none."""
    if not counts.get(ItemState.DONE.value):
        return "", LazyText("")
    exported = {EXPORT.key: "orders", EXPORT_LINES.key: "lines"}.get(run.action)
    if exported:
        return f"/bulk/{run.id}/{exported}.csv", LazyText("CSV")
    return (f"/bulk/{run.id}.pdf", _("Open the file")) if run.action in PRINTED else ("", LazyText(""))


def runs_of(session: Session, actor: Actor, language: str) -> list[ProgressView]:
    """The newest runs of `actor`, for the list of them; `label` says when each began, too."""
    mine = select(BulkRun).where(BulkRun.actor_kind == actor.kind.value, BulkRun.actor_id == actor.id)
    found = session.exec(mine.order_by(col(BulkRun.id).desc()).limit(SHOWN)).all()
    newest = [run for run in found if _may_see(run, actor)]
    counts = counts_of(session, [run.id or 0 for run in newest])
    return [_progress(run, counts[run.id or 0], language) for run in newest]


def began_at(session: Session, ids: Sequence[int], language: str) -> list[str]:
    """When these runs began, in the zone of the shop, in the order of `ids`."""
    zone = load_shop(session).regional.zone
    found = dict(session.exec(select(BulkRun.id, BulkRun.started_at).where(col(BulkRun.id).in_(ids))).all())
    return [format_moment(found[id_], language, zone, "short") for id_ in ids]


def run_view(
    session: Session,
    run_id: int,
    actor: Actor,
    language: str,
    *,
    result: str = "",
    after: int = 0,
) -> RunView:
    """The page of a run: results of one kind, or all, from the rank `after` on.

    Raises NotFound for a run of somebody else.
    """
    run = of_actor(session, run_id, actor)
    counts = counts_of(session, [run_id])[run_id]
    result = result if result in counts else ""
    wanted = select(BulkItem).where(BulkItem.run_id == run_id, BulkItem.rank > after)
    wanted = wanted.where(BulkItem.state == result) if result else wanted
    items = session.exec(wanted.order_by(col(BulkItem.rank)).limit(PAGE + 1)).all()
    tabs = [["", _("All").in_language(language), format_number(run.size, language), _address(run_id)]]
    for state, name in RESULT_NAMES.items():
        if counts.get(state.value):
            number = format_number(counts[state.value], language)
            tabs.append([state.value, name.in_language(language), number, _address(run_id, state.value)])
    again = sum(counts.get(state, 0) for state in ("skipped", "failed", "cancelled"))
    progress = _progress(run, counts, language)
    return RunView(
        progress=progress,
        title=progress.label,
        began=format_moment(run.started_at, language, load_shop(session).regional.zone, "short"),
        tabs=tabs,
        tab=result,
        rows=[_row(item, language) for item in items[:PAGE]],
        newer=_address(run_id, result) if after else "",
        older=_address(run_id, result, items[PAGE - 1].rank) if len(items) > PAGE else "",
        csv=f"/bulk/{run_id}/results.csv",
        xlsx=f"/bulk/{run_id}/results.xlsx",
        again=again if run.ended_at is not None and acts(run.action) else 0,
        has_places=bool(items and items[0].place),
    )


def acts(action: str) -> bool:
    """Whether a run of this action acts upon orders, and may begin again."""
    try:
        return find_offer(action).changes and find_offer(action).forgets
    except NotFound:
        return False


def _address(run_id: int, result: str = "", after: int = 0) -> str:
    asked = [f"result={result}"] if result else []
    asked += [f"after={after}"] if after else []
    return f"/bulk/{run_id}" + ("?" + "&".join(asked) if asked else "")


def _row(item: BulkItem, language: str) -> list[str]:
    word = RESULT_NAMES[ItemState(item.state)].in_language(language)
    link = f"/orders/{item.number}" if item.order_id is not None else ""
    in_file = [item.place, link, f"{item.run_id}-{item.rank}"]
    return [item.number, word, TONES[item.state], MARKS[item.state], said_of(item, language), *in_file]


def said_of(item: BulkItem, language: str) -> str:
    """The sentence of a result in `language`; "" where there isn't one."""
    said: dict[str, str] = json.loads(item.said) if item.said else {}
    return said.get(language) or said.get("en", "")


def results_file(session: Session, run_id: int, actor: Actor) -> Iterator[list[object]]:
    """The results of a run as rows of a file: first the heads. Raises NotFound for a run of somebody else."""
    of_actor(session, run_id, actor)
    heads = (_("Order"), _("Result"), _("Reason"), _("Error number"), _("Row in the file"))
    yield [head.in_language(actor.language) for head in heads]
    for items in _in_chunks(session, run_id):
        for item in items:
            yield [
                item.number,
                RESULT_NAMES[ItemState(item.state)].in_language(actor.language),
                said_of(item, actor.language),
                item.error,
                item.place,
            ]


def orders_file(session: Session, run_id: int, actor: Actor) -> Iterator[list[object]]:
    """The orders of a run as rows of a file, as they are now and in the order of the list.

    It has the columns that the actor chose for the list.
    """
    return _of_orders(session, run_id, OrdersFile(session, actor))


def lines_file(session: Session, run_id: int, actor: Actor) -> Iterator[list[object]]:
    """The lines of the orders of a run as rows of a file: of each order the columns that the actor chose for the list,
    and then what the line says (O-5).
    """
    return _of_orders(session, run_id, LinesFile(session, actor))


def _of_orders(session: Session, run_id: int, file: OrdersFile) -> Iterator[list[object]]:
    of_actor(session, run_id, file.actor)
    yield file.heads()
    for items in _in_chunks(session, run_id, done=True):
        ids = [item.order_id for item in items]
        found = session.exec(select(Order).where(col(Order.id).in_(ids))).all()
        orders = {order.id: order for order in found}
        yield from file.rows([orders[id_] for id_ in ids if id_ in orders])
        session.expunge_all()


def _in_chunks(session: Session, run_id: int, *, done: bool = False) -> Iterator[Sequence[BulkItem]]:
    last = 0
    while True:
        wanted = select(BulkItem).where(BulkItem.run_id == run_id, BulkItem.rank > last)
        wanted = wanted.where(BulkItem.state == ItemState.DONE.value) if done else wanted
        items = session.exec(wanted.order_by(col(BulkItem.rank)).limit(AT_ONCE)).all()
        if not items:
            return
        last = items[-1].rank
        yield items


def ask(session: Session, actor: Actor, key: str, numbers: Sequence[str]) -> FormView:
    """The dialog of an action on many: what it asks once for all, for how many, what can be said beforehand.

    Nothing is filled in from an earlier one. Raises NotFound, and Refused without the right.
    """
    offer, language = find_offer(key), actor.language
    actor.require(offer.right)
    said = [ngettext("For {count} order.", "For {count} orders.", len(numbers))]
    if offer.changes and len(numbers) <= JUDGED:
        said += _beforehand(session, actor, key, numbers)
    return FormView(
        action=key,
        title=offer.label.in_language(language),
        submit=offer.label.in_language(language),
        fields=fields_of(offer.input, with_offers(session, offer.input, Filled(), language), language),
        description=" ".join(sentence.in_language(language) for sentence in said),
        key=key,
    )


def _beforehand(session: Session, actor: Actor, key: str, numbers: Sequence[str]) -> list[LazyText]:
    """How many would be skipped now, and why, by the rule of the action."""
    reasons = reasons_against(load_shop(session), key, orders_of(session, numbers), actor.language)
    if not reasons:
        return []
    told = [ngettext("{count} will be skipped:", "{count} will be skipped:", reasons.total())]
    return [
        *told,
        *(LazyText("{text}", {"text": text}) for text, _count in reasons.most_common(MOST_REASONS)),
    ]


def printed(session: Session, run_id: int, actor: Actor) -> tuple[bool, list[int]]:
    """Whether the file of a run is of invoices, and the ids of its orders in the order of the list.

    Raises NotFound.
    """
    run = of_actor(session, run_id, actor)
    if run.action not in PRINTED:
        raise NotFound(str(run_id))
    done = select(BulkItem.order_id).where(BulkItem.run_id == run_id, BulkItem.state == ItemState.DONE.value)
    return run.action == INVOICES, [id_ or 0 for id_ in session.exec(done.order_by(col(BulkItem.rank))).all()]
