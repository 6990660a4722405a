"""Service > Tickets: one page of them, the newest message first, and the same as a file (T-6)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, true
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.keyset import (
    CAP,
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_count,
    as_id,
    as_moment,
    list_view,
    read_all,
    read_page,
)
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.tickets.subject import STATE_NAMES, TONES, TicketState
from backoffice_app.formats import format_moment
from backoffice_app.i18n import _
from backoffice_app.models import Order, Ticket, User

ID, NUMBER, SUBJECT, CUSTOMER, EMAIL, ORDER, TONE, MARK, STATE, LAST, ASSIGNEE = range(11)
"""Where the texts of a row stand. `ORDER`, `ASSIGNEE`: "" for none."""
MINE = "mine"
_T, _O, _U = Ticket.__table__.c, Order.__table__.c, User.__table__.c  # type: ignore[attr-defined]
VIEWS = {
    "unanswered": (_("Unanswered"), TicketState.OPEN),
    "to-do": (_("To do"), TicketState.TO_DO),
    "answered": (_("Answered"), TicketState.ANSWERED),
    "closed": (_("Closed"), TicketState.CLOSED),
}


def _in_view(view: str, _shop: Shop) -> ColumnElement[bool]:
    """The state of a view. Whose a ticket is depends on who reads, so `_wanted` says that."""
    if view == MINE:
        return true()
    found: ColumnElement[bool] = _T.state == literal_column(f"'{VIEWS[view][1].value}'")  # one of the choices
    return found


def _since(day: str, shop: Shop) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _T.last_at >= clock.start_of_day(date.fromisoformat(day), shop.regional.zone)
    return found


def _until(day: str, shop: Shop) -> ColumnElement[bool]:
    after = date.fromisoformat(day) + timedelta(days=1)
    found: ColumnElement[bool] = _T.last_at < clock.start_of_day(after, shop.regional.zone)
    return found


TICKETS = KeysetList(
    path="/tickets",
    sorts={"last": Sort((_T.last_at, _T.id), (as_moment, as_id)), "number": Sort((_T.id,), (as_id,))},
    filters={
        "view": Filter(
            _("State"), _in_view, {MINE: _("Mine"), **{key: name for key, (name, _state) in VIEWS.items()}}
        ),
        "from": Filter(_("Date from"), _since),
        "to": Filter(_("Date to"), _until),
    },
    tabs="view",
)


def tickets_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of tickets that the address asks for. Raises Refused without the right to read them."""
    actor.require(Right.TICKETS)
    zone = load_shop(session).regional.zone
    asked = TICKETS.parse(parameters)
    page, asked = read_page(session, asked, _wanted(asked, actor))
    rows = [_row(row, zone, actor.language) for row in page.rows]
    return list_view(asked, page, rows, actor, counts=_counts(session, actor))


def tickets_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All tickets that the list shows on all its pages, as rows of a file: first the heads."""
    actor.require(Right.TICKETS)
    heads = (
        _("Ticket"),
        _("Subject"),
        _("State"),
        _("Customer"),
        _("E-mail"),
        _("Order"),
        _("Assigned to"),
        _("Language"),
        _("Created"),
        _("Last message"),
    )
    yield [head.in_language(actor.language) for head in heads]
    asked = TICKETS.parse(parameters)
    for rows in read_all(session, asked, _wanted(asked, actor)):
        for row in rows:
            state = STATE_NAMES[row.state].in_language(actor.language)
            who = [row.name, row.email, row.order_number or "", row.assignee or "", row.language]
            yield [row.number, row.subject, state, *who, row.created_at, row.last_at]


def unanswered(session: Session) -> int:
    """How many tickets wait for an answer, counted up to a cap."""
    some = select(_T.id).where(_T.state == literal_column("'open'")).limit(CAP + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def _wanted(asked: Asked, actor: Actor) -> Select[Any]:
    shown = (
        _T.id,
        _T.number,
        _T.subject,
        _T.name,
        _T.email,
        _T.state,
        _T.language,
        _T.created_at,
        _T.last_at,
    )
    tickets, orders, users = (table.__table__ for table in (Ticket, Order, User))  # type: ignore[union-attr]
    joined = tickets.outerjoin(orders, _O.id == _T.order_id).outerjoin(users, _U.id == _T.assignee_id)
    statement = select(*shown, _O.number.label("order_number"), _U.name.label("assignee")).select_from(joined)
    if asked.text("view") == MINE:
        statement = statement.where(_T.assignee_id == (actor.id if actor.kind is ActorKind.USER else 0))
    words = dict.fromkeys(fold(asked.q).split())
    return statement.where(*(_T.search.contains(word, autoescape=True) for word in words))


def _row(row: Row[Any], zone: str, language: str) -> list[str]:
    return [
        str(row.id),
        row.number,
        row.subject,
        row.name or row.email,
        row.email if row.name else "",
        row.order_number or "",
        *TONES[row.state],
        STATE_NAMES[row.state].in_language(language),
        format_moment(row.last_at, language, zone, "short"),
        row.assignee or "",
    ]


def _counts(session: Session, actor: Actor) -> dict[str, str]:
    """How many are unanswered and to do; of the others there is no count."""
    return {
        "unanswered": as_count(unanswered(session), actor.language),
        "to-do": as_count(_to_do(session), actor.language),
    }


def _to_do(session: Session) -> int:
    some = select(_T.id).where(_T.state == literal_column("'to do'")).limit(CAP + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())
