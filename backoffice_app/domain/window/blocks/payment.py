"""Payment: the method, what is open, the bookings, and the invoices as one PDF (W-2, W-3)."""

import secrets
from dataclasses import dataclass, field

from backoffice_app.domain.charge_backs import chargeable
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.customer_credit import credit_bookings, no_credit, why_not_use
from backoffice_app.domain.moved_money import moved_away, other_orders
from backoffice_app.domain.order.states import (
    CHARGED_BACK,
    CREDIT,
    MOVED,
    charge_backs,
    is_refund,
    refundable,
    surplus,
    to_refund,
)
from backoffice_app.domain.payments import by_hand, number_of
from backoffice_app.domain.refunds import NEXT, STATE_NAMES, STEP_NAMES, number_of_refund
from backoffice_app.domain.window.beside import has_read
from backoffice_app.domain.window.foreseen import mail_of
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Way, add_dialog, block, ways
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_day, format_money, locale, with_minus
from backoffice_app.i18n import LazyDay, LazyMoney, LazyText, _, ngettext
from backoffice_app.models import Payment

DETAILS = "pay-with-details"
"""The id of the button that opens the dialog."""


MOVE, MOVE_BACK, CHARGE_BACK, WON = "move-payment", "move-back", "charge-back", "charge-back-won"
KEEP, USE, CREDIT_BACK = "keep-credit", "pay-from-credit", "credit-back"
BUTTONS = [
    Button(key)
    for key in (
        "pay",
        "not-paid",
        "refund",
        "settle-refund",
        MOVE,
        MOVE_BACK,
        CHARGE_BACK,
        WON,
        KEEP,
        USE,
        CREDIT_BACK,
    )
]
MOST_ORDERS = 50
"""So many orders of the customer are offered to move money to, the newest first."""
REFUND = "refund"
"""The dialog `Record refund`."""
REFUND_TONES = {
    "asked": ("info", "circle-dot"),
    "sent": ("info", "circle-dot"),
    "done": ("good", "check"),
    "failed": ("act", "triangle-alert"),
}


@dataclass(frozen=True)
class PaymentView:
    """One booking, signed.

    `taken_back`: when and by whom it was taken back, or ""; `id`: its number if `back` can be done to it, or "".

    `back`: the action that takes it back; `back_word`: what its button says. `about`: the order it moved to or from, or
    why it was charged back; `url`: of that order.
    """

    date: str = ""
    method: str = ""
    amount: str = ""
    by: str = ""
    taken_back: str = ""
    id: str = ""
    back: str = ""
    back_word: str = ""
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class RefundView:
    """Money that goes back.

    `steps`: (state, word) of what can be noted of it now; `can_end`: that it is done is one of them.
    """

    number: str = ""
    date: str = ""
    method: str = ""
    amount: str = ""
    by: str = ""
    reason: str = ""
    state: BadgeView = field(default_factory=BadgeView)
    steps: list[tuple[str, str]] = field(default_factory=list)
    can_end: bool = False


@dataclass(frozen=True)
class RefundForm:
    """What the dialog starts with; `key` works once.

    `beyond`: says that nothing was paid too much, "" where something was. `letter`: subject, text and language of the
    mail about `amount`; empty where that is "" or the customer gets none.
    """

    key: str = ""
    amount: str = ""
    most: str = ""
    method: str = ""
    states: list[tuple[str, str]] = field(default_factory=list)
    beyond: str = ""
    letter: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PaymentBlock:
    """`surplus`: what was paid too much; `languages`: (code, name) of what `Invoice language` offers; `prints`: there
    is an invoice.

    `payments`: those that stand; `taken`: those that were taken back, and `taken_word` how many; `advice`: what can be
    done with a surplus. `booked_word`: how many bookings there are, "" for one payment at most, which the block says
    already; `paid`: day and amount of the last payment where nothing is open, "" before that; `due`: until when what is
    open is to be paid. `credit`: what the customer could pay it with.
    """

    method: str = ""
    open_amount: str = ""
    surplus: str = ""
    is_cancelled: bool = False
    payments: list[PaymentView] = field(default_factory=list)
    taken: list[PaymentView] = field(default_factory=list)
    taken_word: str = ""
    refunds: list[RefundView] = field(default_factory=list)
    advice: str = ""
    prints: bool = False
    languages: list[tuple[str, str]] = field(default_factory=list)
    booked_word: str = ""
    paid: str = ""
    due: str = ""
    credit: str = ""


@block(key="payment", tab="order", column=1, rank=20, right=Right.PRICES, buttons=BUTTONS)
def payment(look: Look) -> PaymentBlock:
    """What is paid and what is open."""
    order = look.order
    over = surplus(order)
    names = locale(look.language).languages
    views = _payments(look)
    taken = [view for view in views if view.taken_back]
    is_special = any(one.kind for one in order.payments)  # what is no plain payment is taken back there
    booked = len(views) + len(taken)  # each that was taken back has its counter-entry
    word = ngettext("{count} booking was taken back", "{count} bookings were taken back", len(taken))
    return PaymentBlock(
        method=look.method.name_in(look.language),
        open_amount=look.money(order.open_amount) if order.open_amount else "",
        surplus=look.money(over) if over else "",
        is_cancelled=order.cancelled_at is not None,
        payments=[view for view in views if not view.taken_back],
        taken=taken,
        taken_word=look.text(word.format(count=len(taken))) if taken else "",
        refunds=_refunds(look),
        advice=_advice(look),
        prints=bool(order.documents),
        languages=[(code, names.get(code, code)) for code in look.shop.regional.document_languages],
        booked_word=look.text(ngettext("{count} booking", "{count} bookings", booked))
        if booked > 1 or is_special
        else "",
        paid=_paid(look),
        due=_due(look),
        credit=_credit(look),
    )


def _paid(look: Look) -> str:
    """When the last money came, and how much, where nothing is open; "" before that, and where nothing had
    to be paid.
    """
    back = {one.reverses_id for one in look.order.payments}
    came = [
        one for one in look.order.payments if one.amount > 0 and not one.reverses_id and one.id not in back
    ]
    if not came or look.order.open_amount:
        return ""
    return f"{format_day(came[-1].booked_on, look.language)}\u00a0· {look.money(came[-1].amount)}"


def _due(look: Look) -> str:
    """Until when what is open is to be paid; "" where nothing is, or no day is set."""
    due = look.order.due_on if look.order.open_amount else None
    return look.text(_("Due on {day}").format(day=LazyDay(due))) if due else ""


def _credit(look: Look) -> str:
    """The customer's credit where something is open that it can pay; "" for none."""
    credit = _credit_for(look)
    return look.money(credit) if credit else ""


def _credit_for(look: Look) -> int:
    """What the customer's credit has for this order, in minor units; 0 where nothing is open."""
    return 0 if why_not_use(look.order) else int(look.beside.credit)


add_dialog(Dialog("pay", "pay", element=DETAILS))


def read_refund(look: Look, which: str) -> RefundForm:  # noqa: ARG001
    """The amount that was paid too much, the order's method, and a key that works once (A23)."""
    order = look.order
    over = to_refund(order)
    beyond = _("Nothing was paid too much. Without a credit note it is a gift.")
    return RefundForm(
        key=secrets.token_urlsafe(16),
        amount=look.money(over) if over else "",
        most=look.money(refundable(order)),
        method=look.method.name_in(look.language),
        states=[(state, look.text(STATE_NAMES[state])) for state in ("done", "sent", "asked")],
        beyond="" if over else look.text(beyond),
        letter=mail_of(look, REFUND, {"amount": look.money(over)}) if over else [],
    )


add_dialog(Dialog(REFUND, REFUND, read=read_refund))


def fill_move(look: Look, which: str) -> Filled:  # noqa: ARG001
    """What is too much, the customer's other orders, and a key that works once."""
    return Filled(
        values={"amount": look.money(to_refund(look.order))},
        choices={"order": _other_orders(look)},
        hidden={"key": secrets.token_urlsafe(16)},
    )


def _other_orders(look: Look) -> list[tuple[str, str]]:
    """The customer's other orders that money can go to, those with something open first, each with what is open."""
    order = look.order
    word = _("{number}: {amount} open")
    found = []
    for number, left in look.session.exec(other_orders(order).limit(MOST_ORDERS)):
        open_there = format_money(left, order.currency, look.language)
        found.append((number, look.text(word.format(number=number, amount=open_there)) if left else number))
    return found


def fill_charge_back(look: Look, which: str) -> Filled:  # noqa: ARG001
    """The payments that can be charged back, the newest first, and a key that works once."""
    word = _("{amount} of {day} by {method}")
    payments = [
        (
            number_of(look.order, one),
            look.text(
                word.format(
                    amount=look.money(left),
                    day=format_day(one.booked_on, look.language),
                    method=_paid_by(one, look),
                )
            ),
        )
        for one, left in reversed(chargeable(look.order))
    ]
    return Filled(choices={"payment": payments}, hidden={"key": secrets.token_urlsafe(16)})


add_dialog(
    Dialog(
        MOVE,
        MOVE,
        fill=fill_move,
        description=_("The money goes to another order of the same customer. Both orders say so."),
    )
)


def fill_keep(look: Look, which: str) -> Filled:  # noqa: ARG001
    """What is too much, and a key that works once."""
    return Filled({"amount": look.money(to_refund(look.order))}, hidden={"key": secrets.token_urlsafe(16)})


def fill_use(look: Look, which: str) -> Filled:  # noqa: ARG001
    """As much as is open and the credit has, and a key that works once."""
    most = min(_credit_for(look), look.order.open_amount)
    return Filled({"amount": look.money(most)}, hidden={"key": secrets.token_urlsafe(16)})


_LATER = _("Other orders of the customer can be paid from it. What is not used comes back if need be.")
add_dialog(Dialog(KEEP, KEEP, fill=fill_keep, description=_LATER))
add_dialog(
    Dialog(USE, USE, fill=fill_use, description=_("What the customer paid too much before pays this order."))
)
add_dialog(
    Dialog(
        CHARGE_BACK,
        CHARGE_BACK,
        fill=fill_charge_back,
        submit=_("Note charge-back"),
        description=_("The provider has taken the money back from the shop. Its amount is open again."),
    )
)


@ways(MOVE_BACK)
def ways_to_move_back(look: Look) -> list[Way]:
    """Each amount that was moved to another order."""
    return [
        Way(number, f"{look.money(-one.amount)}: {one.reason}", values={"payment": number})
        for one in moved_away(look.order)
        for number in [number_of(look.order, one)]
    ]


@ways(USE)
def ways_to_use_credit(look: Look) -> list[Way]:
    """From the credit of the customer, if there is some."""
    return [Way(about=_credit(look), dialog=USE)] if _credit_for(look) else []


@has_read(USE)
def why_no_credit(look: Look) -> LazyText | None:
    """That the customer has no credit; the credit is read with all that stands beside the order."""
    return no_credit(look.order, int(look.beside.credit))


@ways(CREDIT_BACK)
def ways_to_take_credit_back(look: Look) -> list[Way]:
    """Each booking of credit that was not taken back."""
    return [
        Way(number, with_minus(look.money(one.amount)), values={"payment": number})
        for one in credit_bookings(look.order)
        for number in [number_of(look.order, one)]
    ]


@ways(WON)
def ways_to_win(look: Look) -> list[Way]:
    """Each charge-back that was not won yet."""
    return [
        Way(number, look.money(-one.amount), values={"payment": number})
        for one in charge_backs(look.order)
        for number in [number_of(look.order, one)]
    ]


@ways("settle-refund")
def ways_to_settle(look: Look) -> list[Way]:
    """Each refund that can still change, with each state it can get."""
    return [
        Way(
            f"{view.number} {state}", f"{view.amount}: {word}", values={"refund": view.number, "state": state}
        )
        for view in _refunds(look)
        for state, word in view.steps
    ]


def _refunds(look: Look) -> list[RefundView]:
    """All refunds, oldest first, each with the day of its booking, or of its record before that."""
    booked = {payment.id: payment.booked_on for payment in look.order.payments}
    return [
        RefundView(
            number=number_of_refund(look.order, one),
            date=format_day(
                booked.get(one.payment_id) or clock.day_of(one.asked_at, look.zone), look.language
            ),
            method=look.method.name_in(look.language)
            if one.method == look.order.payment_method_name
            else one.method,
            amount=look.money(one.amount),
            by=one.actor_name,
            reason=one.reason,
            state=BadgeView(*REFUND_TONES[one.state], look.text(STATE_NAMES[one.state])),
            steps=[(state, look.text(STEP_NAMES[state])) for state in NEXT[one.state]],
            can_end="done" in NEXT[one.state],
        )
        for one in look.order.refunds
    ]


def _advice(look: Look) -> str:
    """What can be done with what was paid too much; "" where nothing was, or all of it is under way back."""
    if not (over := to_refund(look.order)):
        return ""
    text = _(
        "{amount} can go back to the customer by “Record refund”, with no credit note, move to another "
        "order, or be kept as credit."
    )
    return look.text(text.format(amount=LazyMoney(over, look.order.currency)))


def _payments(look: Look) -> list[PaymentView]:
    """The bookings, oldest first; one that was taken back and its counter-entry are one line."""
    counters = {one.reverses_id: one for one in look.order.payments if one.reverses_id}
    open_to_take_back = {one.id for one in by_hand(look.order)}
    views = []
    refunded = {one.payment_id for one in look.order.refunds if one.payment_id}
    for one in look.order.payments:
        if one.reverses_id or (is_refund(one) and one.id in refunded):
            continue  # a refund is a line of its own
        taken_back = ""
        if counter := counters.get(one.id or 0):
            day = format_day(counter.booked_on, look.language)
            taken_back = look.text(
                _("taken back on {day} by {name}").format(day=day, name=counter.actor_name)
            )
        back = "" if taken_back else "not-paid" if one.id in open_to_take_back else _takes_back(one)
        views.append(
            PaymentView(
                format_day(one.booked_on, look.language),
                _paid_by(one, look),
                with_minus(look.money(one.amount)),
                one.actor_name,
                taken_back,
                number_of(look.order, one) if back else "",
                back,
                look.text(BACK_WORDS[back]) if back else "",
                *_about(one, look),
            )
        )
    return views


BACK_WORDS = {
    "not-paid": _("Take back the payment of"),
    MOVE_BACK: _("Take back from the other order:"),
    WON: _("Charge-back won:"),
    CREDIT_BACK: _("Take the credit back:"),
}


def _takes_back(one: Payment) -> str:
    """The action that takes a booking back that is not a colleague's payment; "" for none."""
    if one.kind == CREDIT:
        return CREDIT_BACK
    return "" if one.amount > 0 else {MOVED: MOVE_BACK, CHARGED_BACK: WON}.get(one.kind, "")


def _about(one: Payment, look: Look) -> tuple[str, str]:
    """What a booking that is no payment is about, and the address of the other order if it is about one."""
    if one.kind == MOVED:
        text = _("to order {number}") if one.amount < 0 else _("from order {number}")
        return look.text(text.format(number=one.reason)), f"/orders/{one.reason}"
    if one.kind != CHARGED_BACK:
        return "", ""
    parts = [one.reason, one.provider_reference]
    if one.fee:
        parts.append(look.text(_("fee {amount}").format(amount=LazyMoney(one.fee, look.order.currency))))
    return "\u00a0· ".join(filter(None, parts)), ""


def _paid_by(one: Payment, look: Look) -> str:
    """How a payment was made; the order's own method in the reader's language."""
    is_own = one.method in {"", look.order.payment_method_name}
    method = look.method.name_in(look.language) if is_own else one.method
    if one.kind == MOVED:
        return look.text(_("Moved", "money"))
    if one.kind == CREDIT:
        return look.text(_("Kept as credit") if one.amount < 0 else _("From the credit"))
    return f"{look.text(_('Charge-back'))}, {method}" if one.kind == CHARGED_BACK else method
