"""Sales > Invoices: all documents about money, each with what is open of it (W-4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy import func as sql
from sqlmodel import Session

from backoffice_app.domain.core.document_kinds import CANCELLATION, DOCUMENT_KINDS, INVOICE
from backoffice_app.domain.core.keyset import (
    CAP,
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_count,
    as_day,
    as_id,
    list_view,
    read_all,
    read_page,
    today_of,
)
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.listing.found import orders_of
from backoffice_app.domain.window.tones import document_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_day, format_moment, format_money, with_minus
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, Refund

ID, NUMBER, DAY, KIND, CUSTOMER, COMPANY, ORDER, TOTAL, OPEN, TONE, MARK, STATE, SENT, DUE = range(14)
"""Where the texts of a row stand.

`ID`: the random id of its file; `OPEN`: "" where nothing is; `SENT`: "" where it was not sent; `DUE`: until when what
is open is to be paid, else "".
"""
_D, _O, _R = Document.__table__.c, Order.__table__.c, Refund.__table__.c  # type: ignore[attr-defined]
_NONE: ColumnElement[int] = literal_column("0")
# The conditions are written as those of the indexes are: planners take these only when told so.
_IS_OPEN: ColumnElement[bool] = _D.open_amount != _NONE
_KINDS = tuple(kind for kind in DOCUMENT_KINDS.values() if kind.owes)
# Without a type: of a boolean SQLAlchemy makes `is_taken_back = 1` for SQLite, and the index is not taken.
_IS_TAKEN_BACK: ColumnElement[bool] = literal_column("is_taken_back")
STATES = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "paid": _("Paid"),
    "taken-back": _("Cancelled or credited"),
    "unsent": _("Not sent"),
}


FILES = {"/invoices-vat": _("VAT by rate"), "/payments": _("Payments and refunds")}
"""What a bookkeeper takes along besides the list itself: the address without its ending, and its name."""


def _in_state(state: str, shop: Shop) -> ColumnElement[bool]:
    conditions: dict[str, ColumnElement[bool]] = {
        "open": _IS_OPEN,
        "overdue": _IS_OPEN & (_D.due_on < today_of(shop)),
        "paid": (_D.open_amount == _NONE) & (_D.kind == literal_column(f"'{INVOICE.key}'")) & ~_IS_TAKEN_BACK,
        "taken-back": _IS_TAKEN_BACK,
        "unsent": _D.sent_at.is_(None),
    }
    return conditions[state]


def _of_kind(kind: str, _shop: Shop) -> ColumnElement[bool]:
    is_kind: ColumnElement[bool] = _D.kind == literal_column(
        f"'{kind}'"
    )  # one of the choices, so nothing else comes here
    return is_kind if kind == INVOICE.key else is_kind & (_D.kind != literal_column(f"'{INVOICE.key}'"))


INVOICES = KeysetList(
    path="/invoices",
    sorts={
        "date": Sort((_D.issued_on, _D.id), (as_day, as_id)),
        "total": Sort((_D.total, _D.id), (as_id, as_id)),
    },
    filters={
        "state": Filter(_("State"), _in_state, STATES),
        "kind": Filter(_("Kind"), _of_kind, {kind.key: kind.label for kind in _KINDS}),
        "from": Filter(_("Date from"), lambda day, _shop: _D.issued_on >= date.fromisoformat(day)),
        "to": Filter(_("Date to"), lambda day, _shop: _D.issued_on <= date.fromisoformat(day)),
    },
    tabs="state",
)


def invoices_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of documents that the address asks for. Raises Refused without the right to see prices."""
    actor.require(Right.PRICES)
    shop = load_shop(session)
    statement, note = wanted_documents(session, asked := INVOICES.parse(parameters), actor)
    page, asked = read_page(session, asked, statement)
    today = today_of(shop)
    beside = _beside(session, page.rows)
    rows = [_row(row, beside[row.id], shop.regional.zone, today, actor.language) for row in page.rows]
    view = list_view(
        asked,
        page,
        rows,
        actor,
        counts=_counts(session, today, actor.language),
        note=note.in_language(actor.language),
    )
    whole = replace(asked, page="")
    files = [
        (f"{word.in_language(actor.language)} · {kind.upper()}", whole.url(f"{path}.{kind}"))
        for path, word in FILES.items()
        for kind in ("csv", "xlsx")
    ]
    return replace(view, prints=asked.url("/invoices.pdf"), files=files)


def invoices_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All documents that the list shows on all its pages, as rows of a file: first the heads, then days and plain
    amounts.
    """
    actor.require(Right.PRICES)
    heads = (
        _("Number"),
        _("Kind"),
        _("Date"),
        _("Due on"),
        _("Customer"),
        _("Company"),
        _("Order"),
        _("Currency"),
        _("Net"),
        _("VAT"),
        _("Total"),
        _("Open"),
        _("State"),
        _("Sent"),
    )
    yield [head.in_language(actor.language) for head in heads]
    today = today_of(load_shop(session))
    statement, _note = wanted_documents(session, asked := INVOICES.parse(parameters), actor)
    for rows in read_all(session, asked, statement):
        beside = _beside(session, rows)
        for row in rows:
            amounts = [
                to_decimal(amount, row.currency) for amount in (row.net, row.vat, row.total, _open_of(row))
            ]
            state = _badge(row, beside[row.id], today, actor.language).label
            names = [row.customer_name, row.company, row.order_number, row.currency]
            kind = DOCUMENT_KINDS[row.kind].label.in_language(actor.language)
            yield [row.number, kind, row.issued_on, row.due_on, *names, *amounts, state, row.sent_at]


def ids_of_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> list[str]:
    """The random ids of the documents of one page, in its order: what is printed together."""
    return [row[ID] for row in invoices_page(session, parameters, actor).rows]


def wanted_documents(session: Session, asked: Asked, actor: Actor) -> tuple[Select[Any], LazyText]:
    """The documents that an address asks for, unordered, with what is to be said of a search."""
    shown = (
        _D.id,
        _D.public_id,
        _D.number,
        _D.issued_on,
        _D.due_on,
        _D.kind,
        _D.currency,
        _D.net,
        _D.vat,
        _D.total,
        _D.open_amount,
        _D.sent_at,
    )
    order = (_O.customer_name, _O.company, _O.number.label("order_number"))
    statement = select(*shown, *order).join_from(Document, Order, _O.id == _D.order_id)
    if not asked.q:
        return statement, LazyText("")
    ids, note = orders_of(session, asked.q, actor)
    return statement.where(_D.order_id.in_(ids)), note


@dataclass
class _Beside:
    """What the state of a document needs of others, as in the window of its order."""

    credited: int = 0
    is_cancelled: bool = False
    is_refunded: bool = False


def _beside(session: Session, rows: Sequence[Row[Any]]) -> dict[int, _Beside]:
    """By the id of these documents; two statements, as joined to the list they would be looked up for rows that are not
    shown.
    """
    found = {row.id: _Beside() for row in rows}
    if not found:
        return found  # SQLite reads the whole table for what is among nothing
    ids = list(found)
    for credits_id, kind, total in session.execute(
        select(_D.credits_id, _D.kind, _D.total).where(_D.credits_id.in_(ids))
    ):
        found[credits_id].credited -= total
        found[credits_id].is_cancelled |= kind == CANCELLATION.key
    for document_id in session.scalars(
        select(_R.document_id).where(_R.document_id.in_(ids), _R.state == "done")
    ):
        found[document_id].is_refunded = True
    return found


def _open_of(row: Row[Any]) -> int:
    """What is open of a document: negative where the shop still owes it to the customer, so that the column can be
    added up.
    """
    return int(row.open_amount) * DOCUMENT_KINDS[row.kind].owes


def _badge(row: Row[Any], beside: _Beside, today: date, language: str) -> BadgeView:
    return document_badge(row, today, language, **vars(beside))  # type: ignore[arg-type]  # it has all that the badge looks at


def _row(row: Row[Any], beside: _Beside, zone: str, today: date, language: str) -> list[str]:
    badge = _badge(row, beside, today, language)
    return [
        row.public_id,
        row.number,
        format_day(row.issued_on, language),
        DOCUMENT_KINDS[row.kind].label.in_language(language),
        row.customer_name,
        row.company if row.company != row.customer_name else "",
        row.order_number,
        with_minus(format_money(row.total, row.currency, language)),
        with_minus(format_money(_open_of(row), row.currency, language)) if row.open_amount else "",
        badge.tone,
        badge.icon,
        badge.label,
        format_moment(row.sent_at, language, zone, "short") if row.sent_at else "",
        format_day(row.due_on, language) if row.open_amount and row.due_on else "",
    ]


def _counts(session: Session, today: date, language: str) -> dict[str, str]:
    """How many are open, overdue and not sent, counted along their own indexes up to a cap; all and paid ones are not
    counted.
    """
    numbers = session.connection().execute(_COUNTS, {"today": today}).one()
    return {state: as_count(int(number), language) for state, number in zip(COUNTED, numbers, strict=True)}


def _counted(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(sql.count())
        .select_from(select(_D.id).where(condition).limit(literal_column(str(CAP + 1))).subquery())
        .scalar_subquery()
    )


COUNTED = ("open", "overdue", "unsent")
_COUNTS = select(
    _counted(_IS_OPEN),
    _counted(_IS_OPEN & (_D.due_on < bindparam("today", type_=Date()))),
    _counted(_D.sent_at.is_(None)),
)
"""Built once: building a statement takes longer than SQLite needs for it."""
