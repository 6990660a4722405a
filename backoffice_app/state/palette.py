"""The palette behind Ctrl-K: orders, the pages of this role, and what may be done now to the order in sight."""

from dataclasses import dataclass, replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, NoInput
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.listing import OrderFilter, list_orders, locate
from backoffice_app.domain.listing.rows import CUSTOMER, NUMBER, STATUS
from backoffice_app.domain.window import OrderWindow, order_window
from backoffice_app.i18n import LazyText, _
from backoffice_app.state import notices
from backoffice_app.state.base import actor_of, concerns, look, needs
from backoffice_app.state.customer_mail import FORM as CUSTOMER_MAIL
from backoffice_app.state.customer_mail import CustomerMailState
from backoffice_app.state.order import FORMS, ORDER, OrderState
from backoffice_app.state.places import PLACES
from backoffice_app.state.subjects import path_part

ORDERS = 5
AT_ONCE = ("pay", "not-paid", "ship", "invoice")
"""Actions that could be told more, but whose button does them at once."""
Way = tuple[str, str, EventSpec]
"""What an action is done to, how that is called, and the event of its button there."""
Found = list[str]
"""A row of the palette: key, word, what it is about, where it leads ("" for an action), why it can't be done now, the order as shown."""


@dataclass(frozen=True)
class Offer:
    """An action in the palette, as its button would do it. `about`: which address, shipment or invoice; `reason`: why not now.

    `shown`: the order it is offered for, as `Shown` says it.
    """

    key: str
    label: str
    about: str
    reason: str
    shown: str
    does: EventSpec

    def row(self) -> Found:
        """As it is shown."""
        return [self.key, self.label, self.reason or self.about, "", self.reason, self.shown]


class PaletteState(rx.State):
    """What the palette of this tab found."""

    found: list[Found] = []
    answered: str = ""
    """The text that `found` is the answer to; Enter waits for it."""
    turn: int = 0
    """Grows with each answer."""

    @rx.event(supersedes=True)
    @needs(Right.READ)
    async def search(self, text: str) -> None:
        """Finds what a text names; without one, what may be done now, and the pages."""
        actor, text = await actor_of(self), OrderFilter.parse({"q": text}).q
        orders = await look(_orders, actor, text) if text else []
        offers = [offer for offer in await self._offers(actor.language) if text or not offer.reason]
        named = [offer.row() for offer in offers if _says(text, offer.label, offer.about)]
        named += [page for page in _pages(actor) if _says(text, *page[1:3])]
        is_number = any(letter.isdigit() for letter in text)
        self.found = [*orders, *named] if is_number else [*named, *orders]
        self.answered, self.turn = text, self.turn + 1

    @rx.event(temporal=True)
    @needs(Right.READ)
    @concerns(ORDER)
    async def choose(self, key: str, about: str) -> EventSpec | None:
        """Does what the button of this action would, to the order that the row was shown for; the button's own event is judged anew.

        One that can't be done now says why.
        """
        actor, shown = await actor_of(self), Shown.parse(about)
        view = replace(await look(_window, actor, shown.number), about=about)
        offer = next((offer for offer in offers_of(view, actor.language) if offer.key == key), None)
        if offer is None:
            return notices.tell(NOT_SHOWN, notices.REFUSED, about=shown.number)
        return offer.does if not offer.reason else notices.tell(LazyText(offer.reason), notices.REFUSED, about=shown.number)

    async def _offers(self, language: str) -> list[Offer]:
        """What may be done to the order that the address names, if it is the one in sight."""
        order = await self.get_state(OrderState)
        is_window = path_part(self, 0) == "orders" and path_part(self, 1) == order.view.number != ""
        return offers_of(order._whole(), language) if is_window else []


def offers_of(view: OrderWindow, language: str) -> list[Offer]:
    """The actions that this colleague may do to the order of the window, those that can be done now first."""
    made = [
        Offer(f"{action.key} {which}".strip(), action.label, about, action.reason, view.about, does)
        for action in view.actions.values()
        if action.shown
        for which, about, does in _ways(action.key, view, language)
    ]
    return sorted(made, key=lambda offer: bool(offer.reason))


def _ways(key: str, view: OrderWindow, language: str) -> list[Way]:
    """The ways to do an action; a new one whose dialog is not named like it gets its line here."""
    kinds = {"billing": _("Billing address"), "shipping": _("Shipping address")}
    kept = [one for one in view.shipments if not one.is_cancelled]
    ways: dict[str, list[Way]] = {
        "edit-address": [(kind, name.in_language(language), OrderState.open(kind, view.about, "")) for kind, name in kinds.items()],
        "edit-shipment": [(one.number, one.number, OrderState.open("shipment", view.about, one.number)) for one in kept],
        "merge-shipments": [
            (
                one.number,
                f"{one.number} → {one.merges_into}",
                OrderState.act(key, view.about, {"shipment": one.number, "into": one.merges_into}),
            )
            for one in kept
            if one.merges_into
        ],
        "send-invoice": [(one.number, one.number, OrderState.act(key, view.about, {"number": one.number})) for one in view.documents],
        CUSTOMER_MAIL: [("", view.customer.name, CustomerMailState.begin(view.about))],
    }
    if key in ways:
        return ways[key]
    if key in AT_ONCE or (key not in FORMS and ACTIONS[key].input is NoInput):
        return [("", "", OrderState.act(key, view.about, {}))]
    return [("", "", OrderState.open(key, view.about, ""))] if key in FORMS else []


def _pages(actor: Actor) -> list[Found]:
    return [
        [place.route, place.label.in_language(actor.language), place.group.in_language(actor.language), place.route, "", ""]
        for place in PLACES
        if actor.may(place.right)
    ]


def _orders(actor: Actor, text: str) -> list[Found]:
    """The orders that the list's own search finds first; the one that a scanned code names on top (O-2)."""
    with reading() as session:
        exact = locate(session, text)
        rows = list_orders(session, OrderFilter(q=text), actor, actor.language, limit=ORDERS).rows
    found = {row[NUMBER]: f"{row[CUSTOMER]} · {row[STATUS + 2]}" for row in rows}
    numbers = [exact, *(number for number in found if number != exact)] if exact else list(found)
    return [[f"order {number}", number, found.get(number, ""), f"/orders/{number}", "", ""] for number in numbers]


def _window(actor: Actor, number: str) -> OrderWindow:
    with reading() as session:
        return order_window(session, number, actor, actor.language)


def _says(text: str, *words: str) -> bool:
    """Whether each word of `text` is in these, whatever case and accents."""
    said = fold(" ".join(words))
    return all(word in said for word in fold(text).split())
