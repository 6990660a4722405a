"""What is there on every tab: the header with the states, the lines that warn, and the bar at the bottom (W-13, W-16,
W-19).
"""

from dataclasses import dataclass, field

from backoffice_app.documents.fonts import missing_characters, named
from backoffice_app.domain.order.addressee import known_number
from backoffice_app.domain.order.paying import waits_for_money
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import PaymentState, ShippingState, Status, to_refund
from backoffice_app.domain.orders.actions import FIELDS
from backoffice_app.domain.orders.differing import differences_of
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    ABOVE,
    FOOT,
    HEAD,
    Block,
    Button,
    Dialog,
    Tab,
    add_block,
    add_dialog,
    add_tab,
    block,
)
from backoffice_app.domain.window.tones import custom_badge, payment_badge, shipping_badge, status_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.i18n import LazyDay, _, one_after_the_other
from backoffice_app.models import Order

HOLD = "hold"
"""The dialog, and the id of the button, whether it says `On hold` or `Resume`."""
MOST_NAMED = 20
"""Characters without a picture that are named."""


@dataclass(frozen=True)
class HeadView:
    """States, date, source, and for who may see prices the payment state and the total.

    `known`: the number that the customer knows the order by, if that is another one.
    `copied_from`, `copied_to`: the numbers of the order it is a copy of, and of its newest copy. `next_step`: the
    action that comes next, "" where nothing does or others are waited for; one button of the window stands out.
    """

    status: BadgeView = field(default_factory=BadgeView)
    payment_state: BadgeView = field(default_factory=BadgeView)
    shipping_state: BadgeView = field(default_factory=BadgeView)
    placed_at: str = ""
    known: str = ""
    source: str = ""
    total: str = ""
    is_draft: bool = False
    copied_from: str = ""
    copied_to: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class WarningsView:
    """`cancelled`: when and why the order was cancelled; `unprinted`: says which characters no font has.

    `not_placed`: that it is a draft, as the buttons would say it.
    `on_hold`: since when, by whom and why it waits; `differs`: sentences about what its shop sent differently later
    (API-1).

    `draft`: of the newest text this colleague typed into a dialog and did not save: the dialog, and the part it is of.
    """

    cancelled: str = ""
    not_placed: str = ""
    on_hold: str = ""
    differs: list[str] = field(default_factory=list)
    unprinted: str = ""
    draft: list[str] = field(default_factory=list)


add_tab(Tab("order", _("Order"), 10))


@block(key="head", tab=HEAD)
def head(look: Look) -> HeadView:
    """The states of the order, and when it came from where."""
    order = look.order
    return HeadView(
        status=_status_badge(look),
        payment_state=_payment_badge(look) if look.sees_prices else BadgeView(),
        shipping_state=shipping_badge(
            ShippingState(order.shipping_state),
            look.language,
            status=Status(order.status),
            is_fetched=is_pickup(order),
        ),
        placed_at=look.moment(order.placed_at, "weekday"),
        known=known_number(order),
        source=order.source,
        total=look.money(order.total),
        is_draft=order.is_draft,
        copied_from=order.copied_from,
        copied_to=look.beside.copy,
        next_step=next_step(look),
    )


def next_step(look: Look) -> str:
    """The action that a clerk does next: what was paid too much goes back, else the goods leave, else the
    money comes.
    """
    order = look.order
    if order.is_draft:
        return "place"
    if look.sees_prices and to_refund(order):
        return "refund"
    if order.on_hold_since is not None:
        return "resume"
    if order.cancelled_at is not None:
        return ""
    return _next_of_goods(order) or ("pay" if order.open_amount and look.sees_prices else "")


def _next_of_goods(order: Order) -> str:
    if order.status == Status.READY_FOR_PICKUP:
        return "picked-up"
    is_left = order.shipping_state in {ShippingState.NOT_SHIPPED, ShippingState.PART_SHIPPED}
    if not is_left or waits_for_money(order):
        return ""
    return "ready-for-pickup" if is_pickup(order) else "ship"


@block(key="warnings", tab=ABOVE, buttons=[Button("differences-seen")])
def warnings(look: Look) -> WarningsView:
    """What colleagues should know before they act."""
    differs = [look.text(one.told(sees_prices=look.sees_prices)) for one in differences_of(look.order)]
    return WarningsView(
        _cancelled(look), look.unready, _on_hold(look), differs, _unprinted(look), look.beside.draft
    )


add_block(
    Block(
        "bar",
        FOOT,
        0,
        10,
        buttons=(
            Button("notify"),
            Button("remind"),
            Button(HOLD, listed=_("On hold, or resume")),
            Button("resume", HOLD),
            Button("place"),
            Button("choose-customer"),
            Button("copy"),
            Button("delete-draft"),
            Button("cancel-rest"),
            Button("cancel"),
        ),
    )
)
add_dialog(
    Dialog(
        "copy",
        "copy",
        description=_("Makes a draft with the same customer, addresses and lines."),
        submit=_("Copy"),
    )
)
add_dialog(
    Dialog(
        "place",
        "place",
        description=_("The draft gets the next order number and is treated like any order that comes in."),
    )
)
add_dialog(
    Dialog(
        HOLD,
        HOLD,
        description=_("Nothing is shipped and no invoice is made by itself until the order is resumed."),
    )
)


def _status_badge(look: Look) -> BadgeView:
    """The custom status stands where the system status would (W-7)."""
    own = look.custom_status(look.order.custom_status_id)
    return (
        custom_badge(own, look.language)
        if own is not None
        else status_badge(Status(look.order.status), look.language)
    )


def _payment_badge(look: Look) -> BadgeView:
    """The payment state; a cancelled or credited order waits for no money, so nothing about it shouts."""
    order = look.order
    due = order.due_on if order.open_amount else None
    state, status = PaymentState(order.payment_state), Status(order.status)
    return payment_badge(state, look.language, due=due, today=look.today, status=status)


def _cancelled(look: Look) -> str:
    """When the order was cancelled, and why; "" for one that is not."""
    order = look.order
    if order.cancelled_at is None:
        return ""
    text = _("Cancelled on {moment}: {reason}") if order.cancel_reason else _("Cancelled on {moment}.")
    return look.text(text.format(moment=look.moment(order.cancelled_at), reason=order.cancel_reason))


def _on_hold(look: Look) -> str:
    """Since when the order is on hold, who put it there, and why; "" for one that is not (W-13)."""
    order = look.order
    if order.on_hold_since is None:
        return ""
    if order.held_by:
        text = (
            _("On hold since {moment}, by {name}: {reason}")
            if order.hold_reason
            else _("On hold since {moment}, by {name}.")
        )
    else:
        text = _("On hold since {moment}: {reason}") if order.hold_reason else _("On hold since {moment}.")
    said = text.format(moment=look.moment(order.on_hold_since), name=order.held_by, reason=order.hold_reason)
    if order.hold_until is None:
        return look.text(said)
    again = (
        _("To be looked at again on {day}.")
        if order.hold_until > look.today
        else _("It was to be looked at again on {day}.")
    )
    return look.text(one_after_the_other(said, again.format(day=LazyDay(order.hold_until))))


def _unprinted(look: Look) -> str:
    """A sentence about the characters of this order's papers that no font has; "" where all can be drawn (INV-7)."""
    missing = missing_characters("".join(_printed(look.order)))
    if not missing:
        return ""
    said = _("No font has these characters. Documents show a box with the code of each: {characters}.")
    return look.text(said.format(characters=named(missing[:MOST_NAMED])))


def _printed(order: Order) -> list[str]:
    """All texts of the order that its papers show."""
    texts = [order.payment_method_name, order.shipping_method_name, order.discount_name, known_number(order)]
    texts += [text for line in order.lines for text in (line.sku, line.name, line.unit)]
    for address in order.addresses:
        texts += address.model_dump(include=set(FIELDS)).values()
    return texts
