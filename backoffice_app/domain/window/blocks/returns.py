"""Returns: the block, the tab, and the dialogs in which one is made, received, completed, rejected (W-10, T-5, RET-1,
RET-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypedDict

from backoffice_app.domain.core.choice_lists import name_in
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.forms import Filled, Quantity
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.order.refund_clock import clock_of
from backoffice_app.domain.order.states import missing, step_of
from backoffice_app.domain.returns.actions import CONDITION_NAMES
from backoffice_app.domain.returns.choices import (
    ACTION,
    PAYS_NAMES,
    REASON,
    Told,
    choices_in_use,
    is_settled_in_goods,
    told_in,
)
from backoffice_app.domain.returns.credit import Proposal, notes_of, proposal
from backoffice_app.domain.returns.period import return_period
from backoffice_app.domain.returns.rules import (
    WhyNot,
    by_rank,
    differs,
    is_open,
    left_to_return,
    left_to_withdraw,
    open_returns,
    why_not_approve_it,
    why_not_cancel_it,
    why_not_complete_it,
    why_not_receive_it,
    why_not_reject_it,
)
from backoffice_app.domain.returns.withdrawals import clock_text
from backoffice_app.domain.shipping.facts import by_unit
from backoffice_app.domain.window.blocks.shipments import TIMES
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    Block,
    Button,
    Dialog,
    Tab,
    Way,
    add_block,
    add_dialog,
    add_tab,
    block,
    ways,
)
from backoffice_app.domain.window.tones import return_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_day, format_quantity, is_measured, is_pieces
from backoffice_app.i18n import LazyQuantities, _, ngettext
from backoffice_app.models import OrderLine, OrderReturn

CREATE, APPROVE, RECEIVE, COMPLETE = "create-return", "approve-return", "receive-return", "complete-return"
REJECT, CANCEL, WITHDRAW = "reject-return", "cancel-return", "withdraw"
DIFFERS = _("What arrived is not what was announced: the refund is proposed from what arrived.")
MOST_CHOICES = 100
"""So many pieces are chosen from a list; of more, the number is typed."""


@dataclass(frozen=True)
class ReturnView:
    """A return.

    `what`: "2 × Mug", one a line; `arrived`: the same of what was received, where that differs; `can`: keys of its
    actions. `condition`: as it was found, and `restocked`: what of it is in stock again; "" before it arrived.

    `withdrawn`: when the customer withdrew, "" for another return; `clock`: until when its money goes back, "" once
    that is done; `is_late`: near that day or past it.
    """

    number: str = ""
    state: BadgeView = field(default_factory=BadgeView)
    date: str = ""
    by: str = ""
    reason: str = ""
    pays: str = ""
    action: str = ""
    what: list[str] = field(default_factory=list)
    summary: str = ""
    arrived: list[str] = field(default_factory=list)
    condition: str = ""
    restocked: str = ""
    quantity: str = ""
    credited: str = ""
    to_refund: str = ""
    document: str = ""
    comment: str = ""
    note: str = ""
    message: str = ""
    slip_url: str = ""
    can_approve: bool = False
    can_receive: bool = False
    can_complete: bool = False
    can_reject: bool = False
    can_cancel: bool = False
    withdrawn: str = ""
    clock: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class ReturnsView:
    """All returns, oldest first. `period`: until when goods may come back, or that this is over."""

    returns: list[ReturnView] = field(default_factory=list)
    period: str = ""
    is_over: bool = False
    tab_url: str = ""


@dataclass(frozen=True)
class PieceView:
    """A line of which some comes back.

    `choices`: (value, word) of how much, empty where the quantity is typed; `most`: "of 3".

    `value`: what the field starts with; `about`: what is known of the line, such as "3 shipped, 1 returned".
    """

    rank: str = ""
    sku: str = ""
    name: str = ""
    about: str = ""
    choices: list[list[str]] = field(default_factory=list)
    most: str = ""
    value: str = "0"


@dataclass(frozen=True)
class CreateReturnView:
    """What may come back, and what can be chosen as reason and action."""

    lines: list[PieceView] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    period: str = ""


@dataclass(frozen=True)
class ReceiveReturnView:
    """A return that arrives, and the lines of which something may be in the parcel."""

    number: str = ""
    lines: list[PieceView] = field(default_factory=list)
    conditions: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class DecideReturnView:
    """A return that is approved, rejected or cancelled, and what it is of."""

    number: str = ""
    what: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CompleteReturnView:
    """A return that is settled. `refund`: what was received is worth; `shipping_left`: of the shipping cost.

    `proposed`: whether a refund is ticked to begin with. `condition`, `restocked`: as of `ReturnView`.

    `differs`: that something else arrived than was announced, or ""; `why_not`: why nothing can be credited.
    """

    number: str = ""
    action: str = ""
    arrived: list[str] = field(default_factory=list)
    condition: str = ""
    restocked: str = ""
    refund: str = ""
    proposed: bool = True
    shipping_left: str = ""
    differs: str = ""
    why_not: str = ""


add_tab(Tab("returns", _("Returns"), 55, count=lambda look: len(look.order.returns)))


@block(
    key="returns",
    tab="order",
    column=3,
    rank=40,
    buttons=[
        Button(CREATE),
        Button(APPROVE),
        Button(RECEIVE),
        Button(COMPLETE),
        Button(REJECT),
        Button(CANCEL),
        Button(WITHDRAW),
    ],
)
def returns(look: Look) -> ReturnsView:
    """What comes back and why, and until when goods may come back."""
    period, is_over = _period(look)
    told = told_in(look.session, look.order.returns, look.language)
    return ReturnsView(
        [_return(one, look, told) for one in look.order.returns],
        period,
        is_over,
        f"/orders/{look.order.number}/returns{look.carried}",
    )


add_block(Block("return-list", "returns", 0, 10, shows="returns"))


def _created(look: Look, _which: str) -> CreateReturnView:
    parts = [(line, left_to_return(look.order, line)) for line in look.order.lines if line.shipped]
    return CreateReturnView(
        [_piece(line, left, "0", look) for line, left in parts if left],
        _names(REASON, look),
        _names(ACTION, look),
        _period(look)[0],
    )


def _received(look: Look, which: str) -> ReceiveReturnView:
    one = _found(look, which)
    if one is None or not is_open(one):
        return ReceiveReturnView()
    waited = {held.order_line_id: missing(held) for held in one.lines}
    parts = [(line, left_to_return(look.order, line, besides=one)) for line in look.order.lines]
    lines = [
        _piece(line, left, _plain(min(waited.get(line.id or 0, Decimal(0)), left)), look)
        for line, left in parts
        if left
    ]
    return ReceiveReturnView(
        one.number, lines, [[value, look.text(word)] for value, word in CONDITION_NAMES.items()]
    )


def _decided(look: Look, which: str) -> DecideReturnView:
    one = _found(look, which)
    return DecideReturnView(one.number, _contents(one, look, "quantity")) if one else DecideReturnView()


def _completed(look: Look, which: str) -> CompleteReturnView:
    one = _found(look, which)
    if one is None or not is_open(one):
        return CompleteReturnView()
    refund, told = proposal(look.session, look.order, one), told_in(look.session, [one], look.language)
    return CompleteReturnView(
        one.number,
        told.action(one),
        _contents(one, look, "received"),
        _condition(one, look),
        _restocked(one, look),
        look.money(refund.goods) if isinstance(refund, Proposal) else "",
        not any(map(is_settled_in_goods, (one.action, told.action(one)))),
        look.money(refund.shipping_left) if isinstance(refund, Proposal) and refund.shipping_left else "",
        look.text(DIFFERS) if differs(one) else "",
        "" if isinstance(refund, Proposal) else look.text(refund),
    )


add_dialog(Dialog(CREATE, CREATE, _created))
add_dialog(
    Dialog(
        RECEIVE,
        RECEIVE,
        _received,
        first=lambda look: _first(look, lambda one: why_not_receive_it(look.order, one)),
    )
)
add_dialog(Dialog(COMPLETE, COMPLETE, _completed, first=lambda look: _first(look, why_not_complete_it)))
add_dialog(Dialog(APPROVE, APPROVE, _decided, first=lambda look: _first(look, why_not_approve_it)))
add_dialog(Dialog(REJECT, REJECT, _decided, first=lambda look: _first(look, why_not_reject_it)))
add_dialog(Dialog(CANCEL, CANCEL, _decided, first=lambda look: _first(look, why_not_cancel_it)))


def _withdrawn(look: Look, which: str) -> Filled:  # noqa: ARG001
    """All lines that the customer may still withdraw from."""
    parts = [(line, left_to_withdraw(look.order, line)) for line in look.order.lines]
    return Filled(
        quantities=[
            Quantity(
                rank=str(line.rank),
                sku=line.sku or line.name,
                what=line.name,
                most=look.text(
                    _("of {quantity}").format(quantity=format_quantity(left, line.unit, look.language))
                ),
            )
            for line, left in parts
            if left
        ]
    )


add_dialog(
    Dialog(
        WITHDRAW,
        WITHDRAW,
        fill=_withdrawn,
        title=_("Withdrawal of the customer"),
        submit=_("Note withdrawal"),
        description=_(
            "Leave all quantities at 0 for the whole order. The customer gets the receipt by mail at once."
        ),
    )
)


@ways(APPROVE)
def approve_ways(look: Look) -> list[Way]:
    """Each that is requested."""
    return _ways(look, APPROVE, why_not_approve_it)


@ways(RECEIVE)
def receive_ways(look: Look) -> list[Way]:
    """Each that is open."""
    return _ways(look, RECEIVE, lambda one: why_not_receive_it(look.order, one))


@ways(COMPLETE)
def complete_ways(look: Look) -> list[Way]:
    """Each of which something arrived."""
    return _ways(look, COMPLETE, why_not_complete_it)


@ways(REJECT)
def reject_ways(look: Look) -> list[Way]:
    """Each that is open and not in stock."""
    return _ways(look, REJECT, why_not_reject_it)


@ways(CANCEL)
def cancel_ways(look: Look) -> list[Way]:
    """Each that has not arrived."""
    return _ways(look, CANCEL, why_not_cancel_it)


def _ways(look: Look, key: str, why_not: WhyNot) -> list[Way]:
    return [
        Way(one.number, one.number, dialog=key) for one in open_returns(look.order) if why_not(one) is None
    ]


def _first(look: Look, why_not: WhyNot) -> str:
    return next((one.number for one in open_returns(look.order) if why_not(one) is None), "")


def _found(look: Look, number: str) -> OrderReturn | None:
    return next((one for one in look.order.returns if one.number == number), None)


def _return(one: OrderReturn, look: Look, told: Told) -> ReturnView:
    what, announced = _contents(one, look, "quantity"), by_rank(look.order, one, "quantity")
    has_arrived = one.received_at is not None
    notes = [document for document in notes_of(look.order, one) if not asks_for_money(document.kind)]
    may_ship, may_bill = (is_open(one) and look.actor.may(right) for right in (Right.SHIP, Right.INVOICE))
    left_to_refund = sum(document.open_amount for document in notes)
    return ReturnView(
        number=one.number,
        state=return_badge(step_of(one), look.language),
        date=look.moment(one.created_at),
        by=one.created_by,
        reason=told.reason(one),
        pays=look.text(PAYS_NAMES.get(one.pays)) if one.pays else "",
        action=told.action(one),
        what=what,
        summary="\u00a0· ".join(
            filter(None, (", ".join(what or _contents(one, look, "received")), told.reason(one)))
        ),
        arrived=_contents(one, look, "received") if has_arrived and differs(one) else [],
        condition=_condition(one, look),
        restocked=_restocked(one, look),
        quantity=_total(announced or by_rank(look.order, one), look),
        credited=look.money(-sum(document.total for document in notes)) if notes else "",
        to_refund=look.money(left_to_refund) if left_to_refund else "",
        document=", ".join(document.number for document in notes) if look.sees_prices else "",
        comment=one.comment,
        note=one.note,
        message=one.message,
        slip_url=f"/return-slips/{one.number}.pdf",
        can_approve=may_ship and why_not_approve_it(one) is None,
        can_receive=may_ship and why_not_receive_it(look.order, one) is None,
        can_complete=may_bill and why_not_complete_it(one) is None,
        can_reject=may_ship and why_not_reject_it(one) is None,
        can_cancel=may_ship and why_not_cancel_it(one) is None,
        withdrawn=look.moment(one.withdrawn_at) if one.withdrawn_at else "",
        **_clock(one, left_to_refund, look),
    )


def _condition(one: OrderReturn, look: Look) -> str:
    """How it was found, "" where nobody said it; of a return that arrived in parts all that was said."""
    said = dict.fromkeys(held.condition for held in one.lines if held.received and held.condition)
    return ", ".join(look.text(CONDITION_NAMES[condition]) for condition in said)


def _restocked(one: OrderReturn, look: Look) -> str:
    """What of it can be sold again, "" before anything arrived."""
    if not any(held.received for held in one.lines):
        return ""
    return ", ".join(_contents(one, look, "restocked")) or look.text(_("nothing"))


def _clock(one: OrderReturn, left_to_refund: int, look: Look) -> "Clock":
    """Until when the money of a withdrawal goes back (RET-4)."""
    left = clock_of(one.withdrawn_at, one.state, left_to_refund, look.zone, look.today)
    text = look.text(clock_text(left)) if left else ""
    return {"clock": text, "is_late": left is not None and left.is_near}


class Clock(TypedDict):
    """The fields of `ReturnView` that tell of the clock."""

    clock: str
    is_late: bool


def _contents(one: OrderReturn, look: Look, amount: str) -> list[str]:
    lines = {str(line.rank): line for line in look.order.lines}
    return [
        _so_many(lines[rank], quantity, look) for rank, quantity in by_rank(look.order, one, amount).items()
    ]


def _so_many(line: OrderLine, quantity: Decimal, look: Look) -> str:
    """ "2 × Mug" or "1.5 m Cloth"."""
    number = format_quantity(quantity, line.unit, look.language)
    return f"{number}\u00a0{TIMES if is_pieces(line.unit) else ''}{line.name}"


def _total(quantities: Mapping[str, Decimal], look: Look) -> str:
    lines = {str(line.rank): line for line in look.order.lines}
    return LazyQuantities(
        by_unit((lines[rank].unit, quantity) for rank, quantity in quantities.items())
    ).in_language(look.language)


def _piece(line: OrderLine, most: Decimal, value: str, look: Look) -> PieceView:
    is_counted = not is_measured(line.unit) and most == int(most) and most <= MOST_CHOICES
    choices = [[str(n), str(n)] for n in range(int(most) + 1)] if is_counted else []
    shipped, back = (
        format_quantity(quantity, line.unit, look.language) for quantity in (line.shipped, line.returned)
    )
    about = _("{shipped} shipped, {returned} returned") if line.returned else _("{shipped} shipped")
    return PieceView(
        rank=str(line.rank),
        sku=line.sku or line.name,
        name=line.name,
        about=look.text(about.format(shipped=shipped, returned=back)),
        choices=choices,
        most=look.text(_("of {quantity}").format(quantity=format_quantity(most, line.unit, look.language))),
        value=value,
    )


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _names(kind: str, look: Look) -> list[str]:
    return [name_in(one, look.language) for one in choices_in_use(look.session, kind)]


def _period(look: Look) -> tuple[str, bool]:
    """Until when goods may come back, as a sentence, and whether that is over; "" while nothing has left."""
    period = return_period(look.shop, look.order, look.today)
    if period is None:
        return "", False
    day = format_day(period.until, look.language)
    if period.is_over:
        return look.text(_("The return period ended on {day}.").format(day=day)), True
    days = (period.until - look.today).days
    left = ngettext("Returns until {day}, {count} day left.", "Returns until {day}, {count} days left.", days)
    return look.text(left.format(day=day, count=days)), False
