"""An order goes in once, no matter who sends it and how often (API-1); files of orders go in order by order (API-2)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlalchemy import bindparam, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Away, Invalid, Refused, Unknown
from backoffice_app.domain.core.facts import as_json
from backoffice_app.domain.core.payment_methods import BY_PROVIDER
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.intake.again import Again, take_again
from backoffice_app.domain.intake.broken import broken
from backoffice_app.domain.intake.files import Format, Row, read_file
from backoffice_app.domain.intake.given import Home
from backoffice_app.domain.invoicing.lacks import OF_SELLER, Lack, sentences_of
from backoffice_app.domain.invoicing.ready import readiness
from backoffice_app.domain.invoicing.tax import tax_case
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.order.states import invoice_waits
from backoffice_app.domain.orders.doubts import doubts_of
from backoffice_app.domain.orders.new_order import NewOrder, PayState
from backoffice_app.domain.orders.place import ELSEWHERE, confirm_order, place_order
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import History, IdempotencyKey, Order

ATTEMPTS = 5
LONGEST_KEY = 255
CHUNK = 200
KEY = "Idempotency-Key"
FIRST_FACTS = 100
"""So many facts of the history are looked at for the shop's first day."""


@dataclass(frozen=True)
class TakenIn:
    """Where an order went: its number, and whether this call made it.

    `order`: as it was committed, with all its parts, if it did.

    `again`: of one that was there, what was booked now and what differs.
    `lacks`: what the invoice of an order that this call made still lacks; of an order of the past only what is not
    clear about its VAT.
    """

    order_id: int
    order_number: str
    created: bool
    order: Order | None = field(default=None, repr=False, compare=False)
    again: Again = field(default_factory=Again)
    lacks: tuple[Lack, ...] = field(default=(), compare=False)

    @property
    def invoicing(self) -> "Invoicing":
        """What became of the invoice of an order that this call made."""
        if self.order is None:
            return Invoicing.NONE
        if self.order.documents:
            return Invoicing.ISSUED
        if self.order.invoicing == ELSEWHERE:
            return Invoicing.PAST
        if self.order.invoicing == BY_PROVIDER:
            return Invoicing.PROVIDER
        return Invoicing.WAITS if invoice_waits(self.order) else Invoicing.NONE


class KeyReusedError(Invalid):
    """An `Idempotency-Key` that came with another order before."""

    def __init__(self) -> None:
        super().__init__(
            KEY, _("This key came with another order before. Send each order with a key of its own.")
        )


class Invoicing(StrEnum):
    """What became of the invoice of an order that came in (INV-1)."""

    NONE = "none"
    ISSUED = "issued"
    WAITS = "waits"
    PAST = "past"
    PROVIDER = "provider"


class Outcome(StrEnum):
    """What became of one order of a file. `REPEATED`: in a dry run, one that comes before in the file already."""

    IMPORTED = "imported"
    WOULD_BE = "would be imported"
    UPDATED = "updated"
    WOULD_BE_UPDATED = "would be updated"
    SKIPPED = "skipped"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True)
class ImportedRow:
    """One line of an import's report.

    `name`: as the shop calls the order; `number`: as Kontor does; `index` 0: the whole file.

    `lacks`: what its invoice lacks; the remarks say what it is, unless it is the company that lacks it.
    """

    file: str
    index: int
    name: str
    outcome: Outcome
    number: str = ""
    problems: tuple[Invalid, ...] = ()
    remarks: tuple[LazyText, ...] = ()
    invoicing: Invoicing = Invoicing.NONE
    lacks: tuple[Lack, ...] = ()


class _TriedOut(Exception):  # noqa: N818  # no error: it only ends a transaction that is not to be kept
    pass


@dataclass(frozen=True)
class How:
    """How an order is taken in. `dry_run`: all is done and then rolled back.

    `is_past`: the order gets no invoice by policy.

    `confirm`: whether the customer is told that it came in; None: if it comes by the API. `then`: runs in the
    transaction that takes it in, once for all attempts that commit.
    """

    dry_run: bool = False
    is_past: bool = False
    confirm: bool | None = None
    then: Callable[[Work, TakenIn], None] | None = None


def take_in(
    actor: Actor, new: NewOrder, idempotency_key: str = "", how: How = How()
) -> TakenIn:  # it is frozen
    """The order is there exactly once: made by this call, or by an earlier or simultaneous one with the same reference
    or key.

    One transaction. The same external reference (per source) or `Idempotency-Key` (per API key) gives the same order; a
    key that came with another body raises KeyReusedError, after draft-ietf-httpapi-idempotency-key-header. An order
    that is there and comes with another body: what happened to it since is booked, the rest is named.
    Raises Refused without the right, Invalid for what the database knows to be wrong.
    """
    if not actor.may(Right.ORDERS_WRITE):
        actor.require(Right.IMPORT)
    if len(idempotency_key) > LONGEST_KEY or not idempotency_key.isprintable():
        raise Invalid(KEY, _("A key has at most {longest} printable characters.").format(longest=LONGEST_KEY))
    digest = digest_of(new)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _take_in_once(actor, new, idempotency_key, digest, how)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
            # Another process made the same order, key or customer in this instant: look again, it is committed now.
        except Invalid as problem:
            with (
                reading() as session
            ):  # a payment "of another order" may be the one of this very order, placed meanwhile
                found = find(session, new)
            if found is None or isinstance(problem, KeyReusedError):
                raise
    raise AssertionError(f"{new.source} {new.external_reference} is there and is not found")


def digest_of(new: NewOrder) -> str:
    """Tells one body from another: SHA-256 of the order as it was read."""
    body = new.as_json()
    if not new.payment.invoiced_by:
        del body["payment"][
            "invoiced_by"
        ]  # so that orders that were sent before there was this field are the same as ever
    if not new.payment.link:
        del body["payment"]["link"]
    return hashlib.sha256(as_json(body).encode()).hexdigest()


HAS_REFERENCE = col(Order.external_reference) != ""
"""Said with each question by reference: the index holds only orders that have one, and the planners take it only when
told so.
"""


_BY_REFERENCE = select(col(Order.id), col(Order.number)).where(
    col(Order.source) == bindparam("of_source"),
    col(Order.external_reference) == bindparam("reference"),
    HAS_REFERENCE,
)
_BY_KEY = (
    select(col(Order.id), col(Order.number), col(IdempotencyKey.body_digest))
    .join(IdempotencyKey, col(IdempotencyKey.order_id) == col(Order.id))
    .where(
        col(IdempotencyKey.api_key_id) == bindparam("of_api_key"),
        col(IdempotencyKey.key) == bindparam("of_key"),
    )
)
_NEW_KEY = insert(IdempotencyKey)


def find(session: Session, new: NewOrder) -> TakenIn | None:
    """Where an earlier call with the same external reference of the same source went; None without a reference."""
    if not new.external_reference:
        return None
    row = (
        session.connection()
        .execute(_BY_REFERENCE, {"of_source": new.source, "reference": new.external_reference})
        .first()
    )
    return TakenIn(row[0] or 0, row[1], created=False) if row else None


def _take_in_once(actor: Actor, new: NewOrder, key: str, digest: str, how: How) -> TakenIn:
    with suppress(_TriedOut), work(actor) as w:
        known = _by_key(w.session, actor, key, digest)
        taken = known or _again(w, new, digest) or _place(w, new, digest, how)
        if key and not known:
            _keep_key(w, key, digest, taken.order_id)
        if how.dry_run:
            w.finish()
            raise _TriedOut
        if how.then is not None:
            how.then(w, taken)
    return taken


def _again(w: Work, new: NewOrder, digest: str) -> TakenIn | None:
    """The order that is there, with what was booked of what is new; None if there isn't one.

    A key that reads its own orders alone changes no others: anyone who guesses a reference could cancel them.
    """
    taken = find(w.session, new)
    if taken is None:
        return None
    sent, sent_by = w.session.exec(
        select(Order.sent_digest, Order.sent_by).where(Order.id == taken.order_id)
    ).one()
    is_foreign = (
        w.actor.kind is ActorKind.API_KEY and not w.actor.may(Right.ORDERS_READ) and sent_by != w.actor.id
    )
    if sent == digest or is_foreign:
        return taken
    return replace(taken, again=take_again(w, w.lock(ORDER, taken.order_id), new, digest))


def _place(w: Work, new: NewOrder, digest: str, how: How) -> TakenIn:
    order = place_order(w, new, digest, invoicing=ELSEWHERE if how.is_past else "")
    # A file holds orders of the past: their customers were told by their shop.
    confirms = w.actor.kind is ActorKind.API_KEY if how.confirm is None else how.confirm
    if confirms and not order.cancelled_at:
        confirm_order(w, order)
    w.flush()
    return TakenIn(order_id(order), order.number, created=True, order=order, lacks=_lacks(w, order))


def _lacks(w: Work, order: Order) -> tuple[Lack, ...]:
    if invoice_waits(order):
        return readiness(w.shop, order).lacks
    return tax_case(w.shop, order).lacks if order.invoicing == ELSEWHERE and not order.cancelled_at else ()


def _by_key(session: Session, actor: Actor, key: str, digest: str) -> TakenIn | None:
    if not key:
        return None
    row = session.connection().execute(_BY_KEY, {"of_api_key": actor.id, "of_key": key}).first()
    if row and row.body_digest != digest:
        raise KeyReusedError
    return TakenIn(row[0] or 0, row[1], created=False) if row else None


def _keep_key(w: Work, key: str, digest: str, order_id: int) -> None:
    row = {
        "api_key_id": w.actor.id,
        "key": key,
        "body_digest": digest,
        "order_id": order_id,
        "created_at": w.at,
    }
    w.connection.execute(_NEW_KEY, row)


def import_files(
    actor: Actor,
    files: Iterable[Path],
    format: Format | None = None,  # noqa: A002  # the word the command line uses
    *,
    source: str = "",
    dry_run: bool = False,
    issue: bool = False,
) -> Iterator[ImportedRow]:
    """Takes in the orders of `files` one by one, each whole or not at all, and says of each what became of it (API-2).

    Orders that are there already are skipped, so that an import that stopped half-way is simply repeated. One that
    Kontor itself breaks on is refused under a number that stands in the log. A file that is no JSON is refused as a
    whole. `source` names the shop where several of one kind are imported. A dry run does all of it and keeps nothing.
    Orders of the past get no invoice by policy unless `issue` (`is_of_the_past`, INV-1). Raises Away or Unknown for a
    database that can't work, as each order behind it would fail too.
    """
    seen: dict[tuple[str, str], _Seen] = {}
    home = home_of(source)
    first_day = None if issue else first_day_of_shop()
    for file in files:
        try:
            rows = read_file(file, format, home)
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
                yield _import_row(actor, str(file), row, seen, dry_run=dry_run, first_day=first_day)


def is_of_the_past(new: NewOrder, first_day: datetime) -> bool:
    """Whether an order was most likely invoiced before it came here: shipped, completed, cancelled, or older than the
    shop's first day.

    A second invoice of the same supply would owe its VAT again (§ 14c UStG). `first_day`: the moment when that day
    began.
    """
    is_completed = new.payment.state is PayState.PAID and not any(line.ships for line in new.lines)
    return bool(new.shipments or new.cancelled_at or is_completed or new.placed_at < first_day)


def first_day_of_shop() -> datetime:
    """When the day began on which Kontor noted its first fact; today in a shop where nothing has happened yet."""
    with reading() as session:
        zone = load_shop(session).regional.zone
        # A demo's accounts are made before its past is told, so the earliest of the first facts counts.
        earliest = session.exec(select(History.at).order_by(col(History.sequence)).limit(FIRST_FACTS)).all()
        return clock.start_of_day(clock.day_of(min(earliest, default=clock.now()), zone), zone)


def home_of(source: str = "") -> Home:
    """What orders of other shops leave unsaid, from the settings; `source`: the shop's name where there are several of
    one kind.
    """
    with reading() as session:
        shop = load_shop(session)
    return Home(shop.company.country or Home.country, shop.regional.zone, source)


def _of_source(row: Row, source: str) -> Row:
    return (
        replace(row, order=row.order.model_copy(update={"source": source})) if row.order and source else row
    )


_Seen = tuple[str, str]
"""The number of an order that is there, and the digest of what was sent."""


def _known(orders: Iterable[NewOrder]) -> dict[tuple[str, str], _Seen]:
    """Those that are there already, by source and reference, in one query: a repeated import takes no lock."""
    references = [(new.source, new.external_reference) for new in orders if new.external_reference]
    if not references:
        return {}
    with reading() as session:
        statement = select(Order.source, Order.external_reference, Order.number, Order.sent_digest).where(
            col(Order.source).in_({source for source, _reference in references}),
            col(Order.external_reference).in_({reference for _source, reference in references}),
            HAS_REFERENCE,
        )
        return {
            (source, reference): (number, sent)
            for source, reference, number, sent in session.exec(statement).all()
        }


def _import_row(
    actor: Actor,
    file: str,
    row: Row,
    seen: dict[tuple[str, str], _Seen],
    *,
    dry_run: bool,
    first_day: datetime | None,
) -> ImportedRow:
    done = ImportedRow(file, row.index, row.name, Outcome.REFUSED, problems=row.problems, remarks=row.remarks)
    if row.order is None:
        return done
    reference, digest = (row.order.source, row.order.external_reference), digest_of(row.order)
    number, sent = seen.get(reference, ("", "")) if row.order.external_reference else ("", "")
    if dry_run and sent and not number:
        return replace(done, outcome=Outcome.REPEATED, remarks=())
    if sent == digest:
        return replace(done, outcome=Outcome.SKIPPED, number=number, remarks=())
    try:
        is_past = first_day is not None and is_of_the_past(row.order, first_day)
        taken = take_in(actor, row.order, how=How(dry_run=dry_run, is_past=is_past))
    except (Invalid, Refused) as no:
        return replace(done, problems=(no if isinstance(no, Invalid) else Invalid("", no.reason),))
    except (Away, Unknown):
        raise
    except Exception as error:  # a bug of ours, which must not cost the orders behind it
        return replace(done, problems=(broken(error, row.index),))
    if taken.created:
        seen[reference] = ("" if dry_run else taken.order_number, digest)
    return row_of(done, row.order, taken, dry_run=dry_run)


def row_of(row: ImportedRow, new: NewOrder, taken: TakenIn, *, dry_run: bool) -> ImportedRow:
    """What the report says of an order that was taken in, or would be. `row`: what is known of it before."""
    if not taken.created:
        updated = Outcome.WOULD_BE_UPDATED if dry_run else Outcome.UPDATED
        remarks = (*taken.again.booked, *(one.sentence for one in taken.again.differs))
        outcome = updated if taken.again.booked else Outcome.SKIPPED
        return replace(row, outcome=outcome, number=taken.order_number, remarks=remarks)
    doubts = tuple(doubts_of(new))
    outcome, number = (Outcome.WOULD_BE, "") if dry_run else (Outcome.IMPORTED, taken.order_number)
    own = [lack for lack in taken.lacks if lack not in OF_SELLER]
    remarks = (*row.remarks, *doubts, *sentences_of(own))
    return replace(
        row, outcome=outcome, number=number, remarks=remarks, invoicing=taken.invoicing, lacks=taken.lacks
    )
