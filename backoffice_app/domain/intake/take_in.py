"""An order goes in once, whoever sends it how often (API-1); files of orders go in order by order (API-2)."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlalchemy import bindparam, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Away, Invalid, Refused, Unknown
from backoffice_app.domain.core.facts import as_json
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.work import Work, order_id, work
from backoffice_app.domain.intake.broken import broken
from backoffice_app.domain.intake.files import Format, Row, read_file
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.domain.orders.place import confirm_order, place_order
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import IdempotencyKey, Order

ATTEMPTS = 5
LONGEST_KEY = 255
CHUNK = 200
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class TakenIn:
    """Where an order went: its number, and whether this call made it. `order`: as it was committed, with all its parts, if it did."""

    order_id: int
    order_number: str
    created: bool
    order: Order | None = field(default=None, repr=False, compare=False)


class KeyReusedError(Invalid):
    """An `Idempotency-Key` that came with another order before."""

    def __init__(self) -> None:
        super().__init__(KEY, _("This key came with another order before. Send each order with a key of its own."))


class Outcome(StrEnum):
    """What became of one order of a file."""

    IMPORTED = "imported"
    WOULD_BE = "would be imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class ImportedRow:
    """One line of an import's report. `name`: as the shop calls the order; `number`: as Kontor does; `index` 0: the whole file."""

    file: str
    index: int
    name: str
    outcome: Outcome
    number: str = ""
    problems: tuple[Invalid, ...] = ()
    remarks: tuple[LazyText, ...] = ()


class _TriedOut(Exception):  # noqa: N818  # no error: it only ends a transaction that is not to be kept
    pass


def take_in(actor: Actor, new: NewOrder, idempotency_key: str = "", *, dry_run: bool = False) -> TakenIn:
    """The order is there exactly once: made by this call, or by an earlier or simultaneous one with the same reference or key.

    One transaction. The same external reference (per source) or `Idempotency-Key` (per API key) gives the same order; a key that came with
    another body raises KeyReusedError, after draft-ietf-httpapi-idempotency-key-header. With `dry_run` all is done and then rolled back.
    Raises Refused without the right, Invalid for what the database knows to be wrong.
    """
    if not actor.may(Right.ORDERS_WRITE):
        actor.require(Right.IMPORT)
    if len(idempotency_key) > LONGEST_KEY or not idempotency_key.isprintable():
        raise Invalid(KEY, _("A key has at most {longest} printable characters.").format(longest=LONGEST_KEY))
    digest = hashlib.sha256(as_json(new.as_json()).encode()).hexdigest()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _take_in_once(actor, new, idempotency_key, digest, dry_run=dry_run)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
            # Another process made the same order, key or customer in this instant: look again, it is committed now.
        except Invalid as problem:
            with reading() as session:  # a payment "of another order" may be the one of this very order, placed meanwhile
                found = find(session, new)
            if found is None or isinstance(problem, KeyReusedError):
                raise
    raise AssertionError(f"{new.source} {new.external_reference} is there and is not found")


HAS_REFERENCE = col(Order.external_reference) != ""
"""Said with each question by reference: the index holds only orders that have one, and the planners take it only when told so."""


_BY_REFERENCE = select(col(Order.id), col(Order.number)).where(
    col(Order.source) == bindparam("of_source"), col(Order.external_reference) == bindparam("reference"), HAS_REFERENCE
)
_BY_KEY = (
    select(col(Order.id), col(Order.number), col(IdempotencyKey.body_digest))
    .join(IdempotencyKey, col(IdempotencyKey.order_id) == col(Order.id))
    .where(col(IdempotencyKey.api_key_id) == bindparam("of_api_key"), col(IdempotencyKey.key) == bindparam("of_key"))
)
_NEW_KEY = insert(IdempotencyKey)


def find(session: Session, new: NewOrder) -> TakenIn | None:
    """Where an earlier call with the same external reference of the same source went; None without a reference."""
    if not new.external_reference:
        return None
    row = session.connection().execute(_BY_REFERENCE, {"of_source": new.source, "reference": new.external_reference}).first()
    return TakenIn(row[0] or 0, row[1], created=False) if row else None


def _take_in_once(actor: Actor, new: NewOrder, key: str, digest: str, *, dry_run: bool) -> TakenIn:
    with suppress(_TriedOut), work(actor) as w:
        known = _by_key(w.session, actor, key, digest)
        taken = known or find(w.session, new) or _place(w, new)
        if key and not known:
            _keep_key(w, key, digest, taken.order_id)
        if dry_run:
            w.finish()
            raise _TriedOut
    return taken


def _place(w: Work, new: NewOrder) -> TakenIn:
    order = place_order(w, new)
    # A file holds orders of the past: their customers were told by their shop.
    if w.actor.kind is ActorKind.API_KEY and not order.cancelled_at:
        confirm_order(w, order)
    w.flush()
    return TakenIn(order_id(order), order.number, created=True, order=order)


def _by_key(session: Session, actor: Actor, key: str, digest: str) -> TakenIn | None:
    if not key:
        return None
    row = session.connection().execute(_BY_KEY, {"of_api_key": actor.id, "of_key": key}).first()
    if row and row.body_digest != digest:
        raise KeyReusedError
    return TakenIn(row[0] or 0, row[1], created=False) if row else None


def _keep_key(w: Work, key: str, digest: str, order_id: int) -> None:
    row = {"api_key_id": w.actor.id, "key": key, "body_digest": digest, "order_id": order_id, "created_at": w.at}
    w.connection.execute(_NEW_KEY, row)


def import_files(
    actor: Actor,
    files: Iterable[Path],
    format: Format | None = None,  # noqa: A002  # the word the command line uses
    *,
    source: str = "",
    dry_run: bool = False,
) -> Iterator[ImportedRow]:
    """Takes in the orders of `files` one by one, each whole or not at all, and says of each what became of it (API-2).

    Orders that are there already are skipped, so that an import that stopped half-way is simply repeated. One that Kontor itself
    breaks on is refused under a number that stands in the log. A file that is no JSON is refused as a whole. `source` names the shop
    where several of one kind are imported. A dry run does all of it and keeps nothing. Raises Away or Unknown for a database that can't
    work, as each order behind it would fail too.
    """
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        try:
            rows = read_file(file, format)
        except Invalid as problem:
            yield ImportedRow(str(file), 0, "", Outcome.REFUSED, problems=(problem,))
            continue
        except OSError as error:
            reason = _("The file cannot be read: {why}.").format(why=error.strerror or str(error))
            yield ImportedRow(str(file), 0, "", Outcome.REFUSED, problems=(Invalid("", reason),))
            continue
        while chunk := [_of_source(row, source) for row in islice(rows, CHUNK)]:
            seen |= _known(row.order for row in chunk if row.order)
            for row in chunk:
                yield _import_row(actor, str(file), row, seen, dry_run=dry_run)


def _of_source(row: Row, source: str) -> Row:
    return replace(row, order=row.order.model_copy(update={"source": source})) if row.order and source else row


def _known(orders: Iterable[NewOrder]) -> dict[tuple[str, str], str]:
    """The numbers of those that are there already, by source and reference, in one query: a repeated import takes no lock."""
    references = [(new.source, new.external_reference) for new in orders if new.external_reference]
    if not references:
        return {}
    with reading() as session:
        statement = select(Order.source, Order.external_reference, Order.number).where(
            col(Order.source).in_({source for source, _reference in references}),
            col(Order.external_reference).in_({reference for _source, reference in references}),
            HAS_REFERENCE,
        )
        return {(source, reference): number for source, reference, number in session.exec(statement).all()}


def _import_row(actor: Actor, file: str, row: Row, seen: dict[tuple[str, str], str], *, dry_run: bool) -> ImportedRow:
    done = ImportedRow(file, row.index, row.name, Outcome.REFUSED, problems=row.problems, remarks=row.remarks)
    if row.order is None:
        return done
    reference = (row.order.source, row.order.external_reference)
    if row.order.external_reference and reference in seen:
        return replace(done, outcome=Outcome.SKIPPED, number=seen[reference], remarks=())
    try:
        taken = take_in(actor, row.order, dry_run=dry_run)
    except (Invalid, Refused) as no:
        return replace(done, problems=(no if isinstance(no, Invalid) else Invalid("", no.reason),))
    except (Away, Unknown):
        raise
    except Exception as error:  # a bug of ours, which must not cost the orders behind it
        return replace(done, problems=(broken(error, row.index),))
    seen[reference] = "" if dry_run else taken.order_number
    if not taken.created:
        return replace(done, outcome=Outcome.SKIPPED, number=taken.order_number, remarks=())
    outcome, number = (Outcome.WOULD_BE, "") if dry_run else (Outcome.IMPORTED, taken.order_number)
    return replace(done, outcome=outcome, number=number)
