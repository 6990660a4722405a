"""The returns of the shop to look at: one page of them, newest first, and the filters by state (RET, Sales
> Returns).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, and_, func, or_, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.document_kinds import CREDIT_NOTE
from backoffice_app.domain.core.keyset import number_in
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.order.refund_clock import clock_of, near_since
from backoffice_app.domain.order.states import IN_PROGRESS, RETURN_CLOSED, RETURN_OPEN, ReturnStep
from backoffice_app.domain.returns.choices import told_in
from backoffice_app.domain.returns.rules import STEP_NAMES
from backoffice_app.domain.returns.withdrawals import clock_text
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.formats import format_moment, format_money
from backoffice_app.i18n import LazyQuantities, LazyText, _
from backoffice_app.models import Document, Order, OrderLine, OrderReturn, ReturnLine

PAGE = 50
CAP = 1_000
"""Returns of one state are counted up to here."""
AT_ONCE = 500
"""So many rows of a file are read at a time."""
OPEN = "open"
"""The filter that shows all that is not closed."""
DUE = "refund-due"
"""The filter that shows the withdrawals whose money is due within days, or overdue (RET-4)."""
FILTERS: dict[str, LazyText] = {
    OPEN: _("Open"),
    DUE: _("Refund due"),
    **{step.value: STEP_NAMES[step] for step in ReturnStep},
}
TABS = ("returns", "reasons", "actions")
HEADS = (
    _("Return"),
    _("Order"),
    _("Customer"),
    _("State"),
    _("Reason for return"),
    _("Return action"),
    _("Quantity"),
    _("Amount credited"),
    _("Currency"),
    _("Date"),
)
AMOUNTS = frozenset({7, 8})
"""Which of the heads are of an amount."""


@dataclass(frozen=True)
class ReturnsAddress:
    """What the address of the page says: the tab, a filter or "", a search text, and the id of the return above the
    page.
    """

    tab: str = "returns"
    state: str = ""
    text: str = ""
    before: int = 0

    def url(self, **changes: object) -> str:
        """The address itself, with some parts changed; only the tab `returns` has filters."""
        given: dict[str, object] = {
            "tab": self.tab,
            "state": self.state,
            "q": self.text,
            "before": self.before,
            **changes,
        }
        parts = {key: value for key, value in given.items() if value and (key, value) != ("tab", "returns")}
        return f"/returns?{urlencode(parts)}" if parts else "/returns"


def address_of(parameters: object) -> ReturnsAddress:
    """The parts of an address as they are meant; whatever does not fit is left out."""
    given = {str(key): str(value) for key, value in dict(parameters).items()}  # type: ignore[call-overload]
    tab, state, before = given.get("tab", ""), given.get("state", ""), given.get("before", "")
    return ReturnsAddress(
        tab=tab if tab in TABS else "returns",
        state=state if state in FILTERS else "",
        text=given.get("q", "")[:200].strip(),
        before=number_in(before),
    )


@dataclass(frozen=True)
class ReturnsPage:
    """`rows`: id, return, order, customer, step, state, reason, action, quantity, amount credited ("" without the
    right), time, clock.

    The clock says of a withdrawal until when its money goes back where that is near or over, else it is "".

    `older`: the address of the next page, or "".
    """

    rows: list[list[str]]
    older: str


def returns_page(session: Session, address: ReturnsAddress, actor: Actor, language: str) -> ReturnsPage:
    """Fifty returns, newest first, in three statements at any size. Raises Refused without the right."""
    actor.require(Right.READ)
    found = session.execute(_wanted(session, address).limit(PAGE + 1)).all()
    rows = _rows(session, found[:PAGE], actor, language)
    return ReturnsPage(rows, address.url(before=found[PAGE - 1].id) if len(found) > PAGE else "")


def returns_tabs(session: Session, address: ReturnsAddress, language: str) -> list[list[str]]:
    """The filters by state as [key, word, how many, address]; of what is over there is no count."""
    tabs = [["", _("All").in_language(language), "", ReturnsAddress(text=address.text).url()]]
    for state, word in FILTERS.items():
        number = 0 if state in RETURN_CLOSED else count_of(session, state)
        shown = f"{CAP}+" if number > CAP else str(number) if number else ""
        tabs.append(
            [state, word.in_language(language), shown, ReturnsAddress(state=state, text=address.text).url()]
        )
    return tabs


def returns_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All returns that the list shows on all its pages, as rows of a file: first the heads; amounts only for who may
    see them. Amounts and moments are values, as in the files of other lists, so that a spreadsheet can add and sort.
    """
    actor.require(Right.READ)
    address, sees = address_of(parameters), actor.may(Right.PRICES)
    yield [head.in_language(actor.language) for at, head in enumerate(HEADS) if sees or at not in AMOUNTS]
    while found := session.execute(_wanted(session, address).limit(AT_ONCE)).all():
        for one, row in zip(found, _rows(session, found, actor, actor.language), strict=True):
            _id, number, order, customer, _step, state, reason, action, quantity, *_shown = row
            amounts = _credited(one) if sees else []
            yield [number, order, customer, state, reason, action, quantity, *amounts, one.created_at]
        address = replace(address, before=found[-1].id)


def _credited(row: Any) -> list[object]:
    """What was credited and in which currency, empty where nothing was."""
    return ["", ""] if row.total is None else [to_decimal(abs(int(row.total)), row.currency), row.currency]


def _rows(session: Session, found: Any, actor: Actor, language: str) -> list[list[str]]:
    zone = load_shop(session).regional.zone
    today = clock.today(zone)
    ids = [row.id for row in found]
    parts: dict[int, list[tuple[str, Any]]] = {}
    is_part: set[int] = set()
    wanted = (
        select(
            col(ReturnLine.return_id), col(ReturnLine.quantity), col(ReturnLine.received), col(OrderLine.unit)
        )
        .join(OrderLine, col(OrderLine.id) == col(ReturnLine.order_line_id))
        .where(col(ReturnLine.return_id).in_(ids))
        .order_by(col(ReturnLine.id))
    )
    for return_id, quantity, received, unit in session.exec(wanted) if ids else ():
        parts.setdefault(return_id, []).append((unit, quantity or received))
        if received < quantity:
            is_part.add(return_id)
    told = told_in(session, found, language)
    rows = []
    for row in found:
        step = IN_PROGRESS if row.state == ReturnStep.RECEIVED and row.id in is_part else row.state
        amount = (
            format_money(abs(int(row.total)), row.currency, language)
            if row.total is not None and actor.may(Right.PRICES)
            else ""
        )
        quantities = LazyQuantities(by_unit(parts.get(row.id, [])))
        rows.append(
            [
                str(row.id),
                row.number,
                row.order_number,
                row.customer_name or row.company,
                step,
                STEP_NAMES[step].in_language(language),
                told.reason(row) or (_("Withdrawal").in_language(language) if row.withdrawn_at else ""),
                told.action(row),
                quantities.in_language(language),
                amount,
                format_moment(row.created_at, language, zone, "short"),
                _late(row, zone, today, language),
            ]
        )
    return rows


def _late(row: Any, zone: str, today: date, language: str) -> str:
    """Until when the money of a withdrawal goes back, if that is near or over; "" for others."""
    left = clock_of(row.withdrawn_at, row.state, int(row.left_to_refund or 0), zone, today)
    return clock_text(left).in_language(language) if left and left.is_near else ""


def _is_due(session: Session) -> Any:
    """Withdrawals that are not settled, and whose clock is near its end or over."""
    zone = load_shop(session).regional.zone
    runs = or_(col(OrderReturn.state).in_(RETURN_OPEN), col(Document.open_amount) > 0)
    return and_(col(OrderReturn.withdrawn_at) < near_since(zone, clock.today(zone)), runs)


def _wanted(session: Session, address: ReturnsAddress) -> Select[*tuple[Any, ...]]:
    """A state is read along its own index, everything else along the ids."""
    returns, orders, documents = OrderReturn.__table__, Order.__table__, Document.__table__  # type: ignore[attr-defined]
    one, order, document = returns.c, orders.c, documents.c
    chosen = (one.reason_id, one.reason, one.action_id, one.action)
    shown = (
        one.id,
        one.number,
        one.state,
        *chosen,
        one.created_at,
        one.withdrawn_at,
        order.number.label("order_number"),
    )
    amounts = (
        _of_notes(document, "total"),
        document.currency,
        _of_notes(document, "open_amount").label("left_to_refund"),
    )
    statement = sql_select(*shown, order.customer_name, order.company, *amounts).select_from(
        returns.join(orders, one.order_id == order.id).outerjoin(documents, one.document_id == document.id)
    )
    if address.text:
        statement = statement.where(_found_by(address.text))
    if address.state == OPEN:
        statement = statement.where(one.state.in_(RETURN_OPEN))
    elif address.state == DUE:
        statement = statement.where(_is_due(session))
    elif address.state:
        statement = statement.where(one.state == address.state)
    if address.before:
        statement = statement.where(tuple_(one.id) < tuple_(address.before))
    return statement.order_by(one.id.desc())


def _of_notes(named: Any, column: str) -> Any:
    """The sum over the credit notes of a return, of which `named` is the last: as `notes_of` has them, in SQL."""
    notes = Document.__table__.alias()  # type: ignore[attr-defined]
    one = notes.c
    together = and_(
        one.order_id == named.order_id,
        one.issued_at == named.issued_at,
        one.kind == CREDIT_NOTE.key,
        ~one.is_difference,
    )
    total = (
        sql_select(func.sum(one[column])).where(together).correlate(named.order_id.table).scalar_subquery()
    )
    return func.coalesce(total, named[column]).label(column)


def _found_by(text: str) -> Any:
    """By the number of the return or of its order, by the customer's name or company, or by the e-mail address."""
    if "\0" in text:  # PostgreSQL can't be asked for a NUL
        return OrderReturn.id == -1
    number = text.lstrip("#")
    inside = f"%{_escaped(fold(text))}%"
    return or_(
        func.lower(col(OrderReturn.number)).like(f"{_escaped(number.lower())}%", escape="\\"),
        col(Order.number) == number,
        col(Order.number_at_source).in_([text, f"#{number}"]),
        col(Order.sort_name).like(inside, escape="\\"),
        func.lower(col(Order.company)).like(f"%{_escaped(text.lower())}%", escape="\\"),
        func.lower(col(Order.email)) == text.lower(),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def count_of(session: Session, state: str) -> int:
    """How many returns a filter shows, up to just above `CAP`."""
    is_so = col(OrderReturn.state).in_(RETURN_OPEN) if state == OPEN else col(OrderReturn.state) == state
    some = select(OrderReturn.id).where(is_so).limit(CAP + 1).subquery()
    if state == DUE:
        credit = col(Document.id) == col(OrderReturn.document_id)
        some = (
            select(OrderReturn.id)
            .outerjoin(Document, credit)
            .where(_is_due(session))
            .limit(CAP + 1)
            .subquery()
        )
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())
