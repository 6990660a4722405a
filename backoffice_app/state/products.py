"""Products: the list, whose state is the address, and the page of one product (STK-1)."""

from collections.abc import Mapping

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.keyset import ListView, number_in
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import Reference
from backoffice_app.domain.listing.products import PRODUCTS, ProductView, product_view, products_page
from backoffice_app.domain.stock.subject import CATALOGUE, PRODUCT, TOPIC
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.keyset import Listed, unread
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject
from backoffice_app.state.together import Together
from backoffice_app.state.visits import with_dialog

ONE = subject(PRODUCT.key, lambda state, _actor: str(number_in(path_part(state, 1))))
ALL = subject(CATALOGUE.key)
FORMS = {"edit": "edit-product", "count": "count-stock"}
"""Dialog -> what its button does."""
Answer = list[EventSpec] | EventSpec | None


class ProductsState(Listed, rx.State):
    """One page of the list, made for who looks at it, and the dialog that adds a product."""

    view: ListView = unread(PRODUCTS)
    adding: bool = False
    wrong: str = ""
    wrong_field: str = ""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what happens to the stock."""
        self.adding, self.wrong, self.wrong_field = False, "", ""
        await self._show(products_page, arrived=True)
        hub.watch(self, TOPIC, ProductsState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._again()

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(PRODUCTS, text)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)

    @rx.event
    @needs(Right.EDIT)
    async def open(self) -> None:
        """Opens the dialog that adds a product."""
        self.adding, self.wrong, self.wrong_field = True, "", ""

    @rx.event
    @needs(Right.EDIT)
    async def close(self, stays: bool) -> None:
        """Closes it."""
        if stays is not True:
            self.adding = False

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ALL)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """Adds the product of the form."""
        actor = await actor_of(self)
        try:
            done = await act(perform, actor, "new-product", 0, values, subject=CATALOGUE)
        except (Invalid, Refused) as no:
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            return None
        self.adding = False
        said = notices.tell(done.message)
        return said if await reread(self._again) else [said, notices.unread("")]

    async def _again(self) -> None:
        await self._show(products_page)


@with_dialog
class ProductState(Together, rx.State):
    """One product with its movements, and the dialog that is open."""

    view: ProductView = ProductView()
    is_read: bool = False
    is_missing: bool = False
    form: str = ""
    """Which dialog is open: one of `FORMS`, or none."""
    wrong: str = ""
    wrong_field: str = ""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The product that the address names; from now on the tab follows its stock."""
        self.view, self.is_read, self.is_missing = ProductView(), False, False
        await self._read()
        hub.watch(self, f"product-{self._id()}", ProductState.refresh)  # type: ignore[arg-type]

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same product, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.READ)
    async def open(self, form: str) -> None:
        """Opens a dialog."""
        if form in FORMS:
            self._close()
            await self._read()
            self.form = form
            self._begin(self.view.about, self.view.texts if form == "edit" else {})

    @rx.event
    @needs(Right.READ)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE)
    async def edit(self, about: str, values: dict[str, str]) -> Answer:
        """Saves what the form says of the product."""
        return await self._do("edit-product", about, values)

    @rx.event(temporal=True)
    @needs(Right.SHIP)
    @changes(ONE)
    async def count(self, about: str, values: dict[str, str]) -> Answer:
        """Sets what is in stock."""
        return await self._do("count-stock", about, values)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE)
    async def retire(self, about: str) -> Answer:
        """Takes the product off the list."""
        return await self._do("retire-product", about, {})

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE)
    async def restore(self, about: str) -> Answer:
        """Puts it back. Which of both is meant is what the page shows, never what this tab remembers."""
        return await self._do("restore-product", about, {})

    async def _do(self, key: str, about: str, values: Mapping[str, str]) -> Answer:
        """Does it; a refusal stands in the dialog that is open, else in a notice."""
        actor, shown = await actor_of(self), Shown.parse(about)

        async def do(shown: Shown, wishes: Mapping[str, object]) -> Done:
            return await act(
                perform, actor, key, number_in(shown.number), wishes, subject=PRODUCT, seen=shown.seen
            )

        try:
            done = await self._do_together(shown, values, do)
        except (Invalid, Refused) as no:
            if not self.form:
                return notices.tell(no.reason, notices.REFUSED)
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            return None
        self._close()
        said = notices.tell(done.message)
        return said if await reread(self._read) else [said, notices.unread("")]

    def _row_asked(self) -> Reference:
        return PRODUCT, self._id()

    async def _look_again(self, shown: Shown) -> None:  # noqa: ARG002  # the address says which product
        if self.form:
            await self._read()
            self.asked, self._stored = self.view.about, self.view.texts if self.form == "edit" else {}

    def _close(self) -> None:
        self.form, self.asked, self.wrong, self.wrong_field = "", "", "", ""

    def _id(self) -> int:
        return number_in(path_part(self, 1))

    async def _read(self) -> None:
        try:
            self.view = await look(_product, await actor_of(self), self._id())
        except NotFound:
            self.view, self.is_missing = ProductView(), True
        self.is_read = True


def _product(actor: Actor, product_id: int) -> ProductView:
    with reading() as session:
        return product_view(session, product_id, actor)
