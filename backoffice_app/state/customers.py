"""Customers: the list, whose state is the address, and the page of one customer (W-8)."""

from collections.abc import Mapping

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, Done, perform
from backoffice_app.domain.core.errors import Asks, Invalid, NotFound, Refused
from backoffice_app.domain.core.forms import FormView, stored_in
from backoffice_app.domain.core.keyset import ListView
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import Reference
from backoffice_app.domain.customer.subject import CUSTOMER, TOPIC, id_of_customer
from backoffice_app.domain.customer_page.view import CustomerPageView, customer_form, customer_page
from backoffice_app.domain.listing.customers import CUSTOMERS, customers_page
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs
from backoffice_app.state.keyset import Listed, unread
from backoffice_app.state.order_calls import SURE, given_of
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject
from backoffice_app.state.together import Together
from backoffice_app.state.visits import with_dialog

ONE = subject(CUSTOMER.key, lambda state, _actor: path_part(state, 1))
Answer = list[EventSpec] | EventSpec | None


class CustomersState(Listed, rx.State):
    """One page of the list, made for who looks at it."""

    view: ListView = unread(CUSTOMERS)

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others do."""
        await self._show(customers_page, arrived=True)
        hub.watch(self, TOPIC, CustomersState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler
        hub.watch(self, "orders", CustomersState.refresh)  # type: ignore[arg-type]  # they come with the orders

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._show(customers_page)

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(CUSTOMERS, text)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)

    @rx.event
    @needs(Right.READ)
    async def apply(self, values: dict[str, str]) -> EventSpec:
        """Leads to the list with the filters of the form."""
        return self._chosen(CUSTOMERS, values)


@with_dialog
class CustomerState(Together, rx.State):
    """One customer, and the dialog that is open."""

    view: CustomerPageView = CustomerPageView()
    is_read: bool = False
    missing: str = ""
    """The number that was asked for and does not exist."""
    form: FormView = FormView()
    """The dialog that is open; none where its key is ""."""
    question: str = ""
    """What is asked before the dialog does what it says."""
    sure: str = ""
    """The questions that its next press says yes to."""
    wrong: str = ""
    wrong_field: str = ""
    errors: dict[str, str] = {}
    _done: tuple[str, str, dict[str, str]] | None = None
    """What this tab did last: the second press of a double click is the same once more."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The customer that the address names; from now on the tab follows what happens to them and their orders."""
        self.view, self.is_read, self.missing = CustomerPageView(), False, ""
        await self._read()
        hub.watch(self, TOPIC, CustomerState.refresh)  # type: ignore[arg-type]
        hub.watch(self, "orders", CustomerState.refresh)  # type: ignore[arg-type]

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same customer, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.EDIT)
    @concerns(ONE)
    async def open(self, key: str, about: str) -> None:
        """Opens the dialog of an action with what is known now."""
        await self._read()
        self._close()
        try:
            self.form = await look(_form, await actor_of(self), Shown.parse(about).number, key)
        except NotFound:
            return
        self._done = None
        self._begin(self.view.about, stored_in(self.form))

    @rx.event
    @needs(Right.EDIT)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE)
    async def act(self, key: str, about: str, values: dict[str, str]) -> Answer:
        """Does the action `key` to the customer that `about` says; what speaks against it stands in the dialog, else in
        a notice.
        """
        if self._done == (key, about, dict(values)):
            return None
        actor, shown, given = await actor_of(self), Shown.parse(about), dict(values)
        answers = str(given.pop(SURE, "")).split()
        try:
            done = await self._do_together(
                shown, given_of(given), lambda shown, wishes: act(_do, actor, key, shown, wishes, answers)
            )
        except Asks as asks:
            self.question, self.wrong, self.wrong_field, self.errors = (
                asks.reason.in_language(actor.language),
                "",
                "",
                {},
            )
            self.sure = " ".join([*answers, asks.answer])
            return None
        except (Invalid, Refused) as no:
            if not self.form.key:
                await self._read()
                return notices.tell(no.reason, notices.REFUSED)
            self._show_wrong(no, actor.language)
            return None
        self._done = (key, about, dict(values))
        self._close()
        said = notices.tell(done.message, about=shown.number, subject=CUSTOMER.key)
        if into := done.made.get("customers"):
            return [said, rx.redirect(f"/customers/{into[0]}")]
        return said if await reread(self._read) else [said, notices.unread("")]

    def _row_asked(self) -> Reference:
        return CUSTOMER, self.view.id

    async def _look_again(self, shown: Shown) -> None:
        if self.form.key:
            await self._read()
            form = await look(_form, await actor_of(self), shown.number, self.form.key)
            self.asked, self._stored = self.view.about, stored_in(form)

    def _show_wrong(self, no: Invalid | Refused, language: str) -> None:
        self.wrong, self.wrong_field, self.errors = no.reason.in_language(language), "", {}
        self.question, self.sure = "", ""
        if isinstance(no, Invalid):
            self.wrong_field = no.field
            self.errors = {one.field: one.reason.in_language(language) for one in (*no.others, no)}

    def _close(self) -> None:
        self.form, self.asked, self.question, self.sure = FormView(), "", "", ""
        self.wrong, self.wrong_field, self.errors = "", "", {}

    async def _read(self) -> None:
        number = path_part(self, 1)
        try:
            self.view, self.missing = await look(_page, await actor_of(self), number), ""
        except NotFound:
            self.view, self.missing = CustomerPageView(), number
        self.is_read = True


def _page(actor: Actor, number: str) -> CustomerPageView:
    with reading() as session:
        return customer_page(session, number, actor)


def _form(actor: Actor, number: str, key: str) -> FormView:
    with reading() as session:
        return customer_form(session, number, actor, key)


def _do(actor: Actor, key: str, shown: Shown, values: Mapping[str, object], answers: list[str]) -> Done:
    with reading() as session:
        id_ = id_of_customer(session, shown.number)
    action = ACTIONS.get(key)
    seen = shown.seen if action is not None and action.overwrites else None
    return perform(actor, key, id_, values, subject=CUSTOMER, seen=seen, answers=answers)
