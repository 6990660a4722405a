"""The palette behind Ctrl-K: orders, customers, the pages of this role, and what may be done now to the order in
sight.
"""

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.declared_pages import pages_for
from backoffice_app.domain.listing import OrderFilter, list_orders, locate
from backoffice_app.domain.listing.customers import customers_named
from backoffice_app.domain.listing.rows import CUSTOMER, NUMBER, STATUS, WHY
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.views import Offer
from backoffice_app.i18n import LazyText, _
from backoffice_app.state import notices
from backoffice_app.state.base import actor_of, concerns, look, needs
from backoffice_app.state.order import ORDER, OrderState
from backoffice_app.state.pages import menu_pages
from backoffice_app.state.subjects import path_part

ORDERS, CUSTOMERS = 5, 3
SHORTEST = 3
"""So many characters a customer is looked for by: with fewer all of them would be read."""
Found = list[str]
"""A row of the palette: key, word, what it is about, where it leads ("" for an action), why it can't be done now, the
order as shown.
"""


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
        customers = await look(_customers, actor, text) if len(text) >= SHORTEST else []
        offers, about = await self._offers()
        named = [
            _row(offer, about)
            for offer in offers
            if (text or not offer.reason) and _says(text, offer.label, offer.about)
        ]
        named += [page for page in _pages(actor) if _says(text, *page[1:3])]
        is_number = any(letter.isdigit() for letter in text)
        self.found = [*orders, *customers, *named] if is_number else [*named, *orders, *customers]
        self.answered, self.turn = text, self.turn + 1

    @rx.event(temporal=True)
    @needs(Right.READ)
    @concerns(ORDER)
    async def choose(self, key: str, about: str) -> EventSpec | None:
        """Does what the button of this action would, to the order that the row was shown for; the button's own event is
        judged anew.

        One that can't be done now says why.
        """
        actor, shown = await actor_of(self), Shown.parse(about)
        offers = await look(_offers, actor, shown.number)
        offer = next((offer for offer in offers if offer.key == key), None)
        if offer is None:
            return notices.tell(NOT_SHOWN, notices.REFUSED, about=shown.number)
        if offer.reason:
            return notices.tell(LazyText(offer.reason), notices.REFUSED, about=shown.number)
        if offer.dialog:
            return OrderState.open(offer.dialog, about, offer.part)
        return OrderState.act(offer.action, about, dict(offer.values))

    async def _offers(self) -> tuple[list[Offer], str]:
        """What may be done to the order that the address names, if it is the one in sight, and how that is shown."""
        order = await self.get_state(OrderState)
        is_window = path_part(self, 0) == "orders" and path_part(self, 1) == order.view.number != ""
        return (order._offers, order.view.about) if is_window else ([], "")


def _row(offer: Offer, about: str) -> Found:
    return [offer.key, offer.label, offer.reason or offer.about, "", offer.reason, about]


def _pages(actor: Actor) -> list[Found]:
    language = actor.language
    own = [
        [one.route, one.label.in_language(language), one.above(language), one.route, "", ""]
        for one in menu_pages()
        if actor.may(one.right)
    ]
    return own + [
        [one.route, one.label.in_language(language), "", one.route, "", ""] for one in pages_for(actor)
    ]


def _orders(actor: Actor, text: str) -> list[Found]:
    """The orders that the list's own search finds first; the one that a scanned code names on top (O-2)."""
    with reading() as session:
        exact = locate(session, text)
        rows = list_orders(session, OrderFilter(q=text), actor, actor.language, limit=ORDERS).rows
    found = {
        row[NUMBER]: " · ".join(filter(None, (row[CUSTOMER], row[STATUS + 2], row[WHY]))) for row in rows
    }
    numbers = [exact, *(number for number in found if number != exact)] if exact else list(found)
    return [
        [f"order {number}", number, found.get(number, ""), f"/orders/{number}", "", ""] for number in numbers
    ]


def _customers(actor: Actor, text: str) -> list[Found]:
    """The newest customers that the search of their list finds."""
    with reading() as session:
        found = customers_named(session, text, CUSTOMERS)
    word = _("Customer").in_language(actor.language)
    return [
        [f"customer {number}", name, f"{word} · {number}", f"/customers/{number}", "", ""]
        for number, name in found
    ]


def _offers(actor: Actor, number: str) -> list[Offer]:
    with reading() as session:
        return order_window(session, number, actor, actor.language).offers


def _says(text: str, *words: str) -> bool:
    """Whether each word of `text` is in these, whatever case and accents."""
    said = fold(" ".join(words))
    return all(word in said for word in fold(text).split())
