"""Tracking numbers of many orders, pasted, typed or from a CSV: read, matched with orders, and begun as a run (O-8)."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.bulk.fitting import orders_of
from backoffice_app.domain.bulk.offers import BulkOffer, each_offer
from backoffice_app.domain.bulk.result import Result
from backoffice_app.domain.bulk.start import Each, start_each
from backoffice_app.domain.bulk.subject import ItemState
from backoffice_app.domain.core.actions import ACTIONS, NoInput
from backoffice_app.domain.core.errors import Invalid, shortened
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.drafts import draft_of, drop, keep
from backoffice_app.domain.shipping.leaving import as_scanned
from backoffice_app.domain.shipping.tracking import KEY, why_not_these
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, Shipment

MOST = 500
"""Rows of one grid."""
LARGEST = 80_000
"""Characters of a file: with more a clerk would not see what they do."""
PIECE = 10_000
KIND = "tracking-numbers"
"""The kind of subject that the page's events are about."""
HEADS: Mapping[str, tuple[str, ...]] = {
    "tracking": ("tracking", "sendung", "paket", "colis", "suivi", "zending", "parcel", "barcode", "track"),
    "carrier": (
        "carrier",
        "versanddienst",
        "versender",
        "dienstleister",
        "vervoerder",
        "transporteur",
        "spediteur",
        "shipper",
    ),
    "order": (
        "order",
        "bestell",
        "auftrag",
        "bestelling",
        "commande",
        "reference",
        "referenz",
        "nummer",
        "number",
    ),
}
"""Words in the head of a column that say what is in it, the surest first."""


@dataclass(frozen=True)
class Typed:
    """A row as it was given. `place`: its line in what was pasted, from 1."""

    place: int
    order: str = ""
    tracking: str = ""
    carrier: str = ""


@dataclass(frozen=True)
class TrackingRow:
    """A row of the grid.

    `who`: the customer of the order; `problem`: why nothing will come of it as it stands, "" for none.
    """

    place: str = ""
    order: str = ""
    tracking: str = ""
    carrier: str = ""
    who: str = ""
    problem: str = ""


def text_in(content: bytes) -> str:
    """The text of a CSV, whichever program wrote it. Raises Invalid for what is too large or no text."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Invalid("file", _("This is no text. Save the table as CSV first."))
    if len(text) > LARGEST:
        raise Invalid("file", _("The file is too large: at most {most} rows are taken.").format(most=MOST))
    return text


def rows_in(text: str) -> list[Typed]:
    """The rows of a pasted table or a CSV: order number, tracking number, carrier, in this order or as its head says.

    Semicolons, tabs or commas part the cells. Raises Invalid for more than `MOST` rows.
    """
    text, mark = text.removeprefix("\ufeff"), _delimiter(text)
    # Line by line: a quote that is never closed costs its own row alone.
    cells_of = (
        (at, next(csv.reader([line], delimiter=mark)))
        for at, line in enumerate(text.splitlines(), 1)
        if line.strip()
    )
    lines = [(at, cells) for at, cells in cells_of if any(map(str.strip, cells))]
    if not lines:
        return []
    columns = _columns(lines[0][1])
    if columns:
        lines = lines[1:]
    places = columns or {"order": 0, "tracking": 1, "carrier": 2}
    if len(lines) > MOST:
        raise Invalid(
            "text",
            _("These are {count} rows; at most {most} are taken at once.").format(
                count=len(lines), most=MOST
            ),
        )

    def cell(cells: Sequence[str], name: str) -> str:
        place = places.get(name, -1)
        return (
            shortened(" ".join(cells[place].split()).strip("\u200b'"), 100) if 0 <= place < len(cells) else ""
        )

    return [
        _row(at, cell(cells, "order"), cell(cells, "tracking"), cell(cells, "carrier")) for at, cells in lines
    ]


def judged(actor: Actor, typed: Sequence[Typed]) -> list[TrackingRow]:
    """The rows with their customers, and what is wrong with each now. Raises Refused without the right to ship."""
    actor.require(Right.SHIP)
    with reading() as session:
        found, action, shop = _found(session, [one.order for one in typed]), ACTIONS[KEY], load_shop(session)
        whole = {
            order.id: order for order in orders_of(session, [number for number, _id, _name in found.values()])
        }
        rows = []
        for one, problem in zip(typed, _problems(typed, found), strict=True):
            number, order_id, who = found.get(one.order, (one.order, 0, ""))
            order = whole.get(order_id)
            reason = problem
            if reason is None and order is not None:
                reason = action.reason_unasked(shop, order) or why_not_these(order, [one.tracking])
            said = reason.in_language(actor.language) if reason else ""
            rows.append(TrackingRow(str(one.place), number, one.tracking, one.carrier, who, said))
    return rows


def start_tracking(actor: Actor, typed: Sequence[Typed], *, mail: bool, once: str) -> int:
    """Begins the run that adds these numbers to their orders, each order once; returns its id. `once`: as of `start`.

    A row that says too little or names no order is skipped in it and says why. Raises Refused without the right or
    without rows.
    """
    actor.require(Right.SHIP)
    with reading() as session:
        found = _found(session, [one.order for one in typed])
    by_order: dict[int, list[Typed]] = {}
    wrong: list[Each] = []
    for one, problem in zip(typed, _problems(typed, found), strict=True):
        if problem is None:
            by_order.setdefault(found[one.order][1], []).append(one)
        else:
            wrong.append(
                Each(one.order or "–", place=str(one.place), result=Result(ItemState.SKIPPED, 422, problem))
            )
    good = [_each(found[rows[0].order][0], order_id, rows, mail=mail) for order_id, rows in by_order.items()]
    return start_each(actor, KEY, {}, [*good, *wrong], once=once)


def typed_in(values: Mapping[str, str]) -> list[Typed]:
    """The rows of the grid: fields "order-3", "tracking-3" and "carrier-3" of the row in line 3.

    Empty ones are left out.
    """
    places = sorted({int(name.rpartition("-")[2]) for name in values if name.rpartition("-")[2].isdecimal()})[
        :MOST
    ]

    def cell(name: str, place: int) -> str:
        return shortened(" ".join(values.get(f"{name}-{place}", "").split()), 100)

    rows = [_row(at, cell("order", at), cell("tracking", at), cell("carrier", at)) for at in places]
    return [one for one in rows if one.order or one.tracking]


def _row(place: int, order: str, tracking: str, carrier: str) -> Typed:
    return Typed(place, order.removeprefix("#"), as_scanned(tracking), carrier)


def keep_text(actor: Actor, text: str) -> None:
    """The text of a file waits for this person until the page takes it (`kept_text`)."""
    drop(actor, _FILE)
    keep(
        actor,
        _FILE,
        "",
        {f"{at:03}": text[at * PIECE : (at + 1) * PIECE] for at in range(len(text) // PIECE + 1)},
    )


def kept_text(actor: Actor) -> str:
    """The text of the file that was sent last and not used yet, "" for none."""
    pieces = draft_of(actor, _FILE)
    return "".join(pieces[name] for name in sorted(pieces))


def forget_text(actor: Actor) -> None:
    """The file was used, or is not wanted."""
    drop(actor, _FILE)


_FILE = Shown(KIND, "", "", "file")


def _each(number: str, order_id: int, rows: Sequence[Typed], *, mail: bool) -> Each:
    told = {
        "numbers": list(dict.fromkeys(one.tracking for one in rows)),
        "carrier": next((one.carrier for one in rows if one.carrier), ""),
    }
    return Each(number, order_id, {**told, "mail": mail}, ", ".join(str(one.place) for one in rows))


def _problems(typed: Sequence[Typed], found: Mapping[str, tuple[str, int, str]]) -> Iterable[LazyText | None]:
    """What is wrong with each row by itself, None for nothing."""
    seen: dict[tuple[int, str], int] = {}
    for one in typed:
        known = found.get(one.order)
        if not one.order:
            yield _("The order number is missing.")
        elif not one.tracking:
            yield _("The tracking number is missing.")
        elif known is None:
            yield _("There is no order “{number}”.").format(number=one.order)
        elif (first := seen.setdefault((known[1], one.tracking), one.place)) != one.place:
            yield _("Is in row {row} already.").format(row=first)
        else:
            yield None


def _found(session: Session, numbers: Iterable[str]) -> dict[str, tuple[str, int, str]]:
    """By what a row calls it: number, id and customer of the order.

    Its own number counts first, then the shop's, then a shipment's.
    """
    asked = [number for number in dict.fromkeys(numbers) if number and "\0" not in number]
    found: dict[str, tuple[str, int, str]] = {}
    wanted = [*asked, *(f"#{number}" for number in asked)]
    for known_by in (Shipment.number, Order.external_reference, Order.number_at_source, Order.number):
        statement = select(col(known_by), col(Order.number), col(Order.id), col(Order.customer_name)).where(
            col(known_by).in_(wanted)
        )
        if known_by is Shipment.number:
            statement = statement.join(Shipment, col(Shipment.order_id) == col(Order.id))
        rows = [
            (text.removeprefix("#"), number, id_ or 0, who)
            for text, number, id_, who in session.exec(statement).all()
        ]
        meant = Counter(text for text, _number, _id, _who in rows)
        found |= {text: (number, id_, who) for text, number, id_, who in rows if meant[text] == 1}
    return found


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in "\t;," if mark in first), ";")


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where the order number, the tracking number and the carrier stand, where the first line is a head;
    else nothing.
    """
    found: dict[str, int] = {}
    if any(any(letter.isdigit() for letter in cell) for cell in cells):
        return {}
    for name, words in HEADS.items():
        at = next(
            (
                n
                for n, cell in enumerate(cells)
                if n not in found.values() and any(word in fold(cell) for word in words)
            ),
            -1,
        )
        if at >= 0:
            found[name] = at
    return found if {"order", "tracking"} <= found.keys() else {}


each_offer(BulkOffer(KEY, _("Add tracking numbers"), Right.SHIP, NoInput, forgets=False))
