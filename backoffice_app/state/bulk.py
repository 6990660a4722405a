"""Which orders of the list are chosen, and the dialog of what is done to them all (O-5)."""

import secrets
from collections.abc import Collection, Mapping, Sequence

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.bulk import find_offer, in_list_order, matching_numbers, offers, start
from backoffice_app.domain.bulk.fitting import fitting
from backoffice_app.domain.bulk.prints import PRINTED
from backoffice_app.domain.bulk.views import ask
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import FormView
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.formats import format_number
from backoffice_app.i18n import LazyText, _
from backoffice_app.state import bulk_progress
from backoffice_app.state.base import act, actor_of, changes, look, needs, page_of
from backoffice_app.state.order_calls import given_of
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

CHOICE = subject("bulk-choice")
NEXT = {"to-ship": "ship", "to-pay": "pay"}
"""By view of the list: the action that is the next step of its orders."""


@with_dialog
class BulkChoice(rx.State):
    """The orders that this tab has chosen, on whichever pages of whichever lists, until they are put down.

    The numbers stay on the server: the page knows how many there are, and which of those in sight.
    """

    count: int = 0
    says: str = ""
    """ "3 chosen, 2 not on this page"."""
    ticked: list[str] = []
    """The numbers of the orders in sight that are chosen."""
    all_ticked: bool = False
    """Whether all orders in sight are chosen."""
    turns: dict[str, int] = {}
    """By order in sight: how often the server ticked or unticked a box that the browser did not: it is
    drawn anew then.
    """
    menu: list[list[str]] = []
    """What this colleague may do to many orders: key and word."""
    prints: list[list[str]] = []
    """Those of them that print."""
    fits: dict[str, list[str]] = {}
    """By what can be done: to how many of the chosen orders it applies, and why to none; empty while that
    is not known.
    """
    next_step: str = ""
    """The key of what is the next step of the orders of this view, "" for none."""
    next_word: str = ""
    form: FormView = FormView()
    """The open dialog; its `key` is "" while none is open."""
    about: str = ""
    """What the open dialog is about: a name that makes two presses one run."""
    wrong: str = ""
    wrong_field: str = ""
    _chosen: dict[str, bool] = {}
    _page: list[str] = []
    _last: str = ""
    """The order that was chosen or put down last: a range begins there."""

    @rx.event
    @needs(Right.READ)
    async def tick(self, number: str, on: bool, through: bool = False) -> None:
        """Chooses an order in sight, or puts it down; `through`: with all between it and the one before, if that is in
        sight too.
        """
        if number in self._page:
            self._choose(self._range(number) if through is True else [number], on=on is True)
            self._last = number
            self._count((await actor_of(self)).language, drawn=number)

    @rx.event
    @needs(Right.READ)
    async def tick_through(self, number: str) -> None:
        """Chooses or puts down an order in sight, whichever it is not, and with it all between it and the
        one before.
        """
        if number in self._page:
            self._choose(self._range(number), on=number not in self._chosen)
            self._last = number
            self._count((await actor_of(self)).language)

    @rx.event
    @needs(Right.READ)
    async def tick_page(self, on: bool) -> None:
        """Chooses all orders in sight, or puts them down."""
        self._choose(self._page, on=on is True)
        self._count((await actor_of(self)).language)

    @rx.event
    @needs(Right.READ)
    async def choose_all(self) -> None:
        """Chooses all orders that the list shows now on all its pages, and no others.

        What comes in later is not among them.
        """
        actor = await actor_of(self)
        self._chosen = dict.fromkeys(await look(_matching, actor, self._wanted()), True)
        self._count(actor.language)

    @rx.event
    @needs(Right.READ)
    async def clear(self) -> None:
        """Nothing is chosen."""
        self._chosen, self._last = {}, ""
        self._count((await actor_of(self)).language)

    @rx.event
    @needs(Right.READ)
    async def judge(self, opens: bool) -> None:
        """The menu is opened: it says to how many of the chosen orders each action applies now."""
        if opens is True:
            actor = await actor_of(self)
            found = await look(_fitting, actor, list(self._chosen))
            self.fits = {
                key: [format_number(fits, actor.language), why] for key, (fits, why) in found.items()
            }

    @rx.event
    @needs(Right.READ)
    async def open(self, key: str) -> None:
        """Opens the dialog of an action: it starts empty each time, and says for how many orders it is."""
        actor = await actor_of(self)
        if self._chosen:
            self._close()
            self.form = await look(_asked, actor, str(key), list(self._chosen))
            self.about = Shown(CHOICE, secrets.token_urlsafe(8), "", self.form.key).text

    @rx.event
    @needs(Right.READ)
    async def close(self, stays: bool) -> None:
        """Closes the dialog; nothing of what was typed is kept."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(CHOICE)
    async def do(self, about: str, values: dict[str, str]) -> None:
        """Begins the run for all that is chosen; right and input are judged there.

        The choice stays, for what is done next.
        """
        actor, shown = await actor_of(self), Shown.parse(about)
        try:
            await act(_start, actor, shown, list(self._chosen), given_of(values), self._wanted())
        except (Invalid, Refused) as no:
            self.wrong = no.reason.in_language(actor.language)
            self.wrong_field = no.field if isinstance(no, Invalid) else ""
            return
        self._close()
        await bulk_progress.follow(self, actor)

    def _show_page(self, numbers: Sequence[str], view: str, actor: Actor) -> None:
        """The list shows these orders now."""
        self._page = list(numbers)
        self.turns = {number: turn for number, turn in self.turns.items() if number in numbers}
        mine = [offer for offer in offers() if actor.may(offer.right)]
        words = {offer.key: offer.label.in_language(actor.language) for offer in mine}
        self.menu = [[key, word] for key, word in words.items()]
        self.prints = [[key, word] for key, word in words.items() if key in PRINTED]
        self.next_step = NEXT[view] if NEXT.get(view) in words else ""
        self.next_word = words.get(self.next_step, "")
        self._count(actor.language)

    def _choose(self, numbers: Collection[str], *, on: bool) -> None:
        others = {number: True for number in self._chosen if on or number not in numbers}
        self._chosen = others | dict.fromkeys(numbers, True) if on else others

    def _forget(self, numbers: Collection[str], view: str, actor: Actor) -> None:
        """These orders are gone, and neither chosen nor in sight any more."""
        self._choose(numbers, on=False)
        self._show_page([number for number in self._page if number not in numbers], view, actor)

    def _range(self, number: str) -> list[str]:
        """The orders in sight from the last one to this."""
        if self._last not in self._page:
            return [number]
        first, last = sorted((self._page.index(self._last), self._page.index(number)))
        return self._page[first : last + 1]

    def _count(self, language: str, drawn: str = "") -> None:
        """Says what is chosen now. `drawn`: the order whose box the browser drew already."""
        chosen, page, before = self._chosen, list(self._page), set(self.ticked)
        ticked, turns = [number for number in page if number in chosen], dict(self.turns)
        anew = before.symmetric_difference(ticked) - {drawn}
        self.count, self.ticked, self.fits = len(chosen), ticked, {}
        self.turns = turns | {number: turns.get(number, 0) + 1 for number in anew if number in page}
        self.all_ticked = bool(page) and len(ticked) == len(page)
        self.says = _said(self.count, self.count - len(ticked), language)

    def _close(self) -> None:
        self.form, self.about, self.wrong, self.wrong_field = FormView(), "", "", ""

    def _wanted(self) -> OrderFilter:
        parameters: Mapping[str, str] = page_of(self).query_parameters
        return OrderFilter.parse(parameters)


def _said(count: int, elsewhere: int, language: str) -> str:
    text: LazyText = _("{count} chosen, {elsewhere} not on this page") if elsewhere else _("{count} chosen")
    return text.format(
        count=format_number(count, language),
        elsewhere=format_number(elsewhere, language),
    ).in_language(language)


def _matching(actor: Actor, wanted: OrderFilter) -> list[str]:
    with reading() as session:
        return matching_numbers(session, wanted, actor)


def _fitting(actor: Actor, numbers: Sequence[str]) -> Mapping[str, tuple[int, str]]:
    with reading() as session:
        return fitting(session, actor, numbers)


def _asked(actor: Actor, key: str, numbers: Sequence[str]) -> FormView:
    with reading() as session:
        return ask(session, actor, key, numbers)


def _start(
    actor: Actor,
    shown: Shown,
    numbers: Sequence[str],
    values: Mapping[str, object],
    wanted: OrderFilter,
) -> int:
    actor.require(find_offer(shown.form).right)
    with reading() as session:
        listed = in_list_order(session, numbers, wanted)
    return start(actor, shown.form, listed, values, once=shown.number)
