"""Sales > Returns: the list, whose state is the address, and the reasons and actions that the shop keeps (RET-2)."""

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.listing.views import searched
from backoffice_app.domain.returns import choices
from backoffice_app.domain.returns.choices import ACTION, KIND, REASON, ChoiceRow, choices_page
from backoffice_app.domain.returns.queries import (
    TABS,
    ReturnsAddress,
    ReturnsPage,
    address_of,
    returns_page,
    returns_tabs,
)
from backoffice_app.domain.window.tones import RETURN_TONES
from backoffice_app.i18n import _
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, changes, look, needs, page_of
from backoffice_app.state.row_dialog import Answer, RowDialog
from backoffice_app.state.search_box import box_for, heard, left_with
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

ONE = {kind: subject(name) for kind, name in KIND.items()}
LISTS = subject("return-choices")


@with_dialog
class ReturnsState(RowDialog, rx.State):
    """One page of the returns as the address says, or the list of reasons or actions, and the entry whose dialog is
    open.
    """

    ready: bool = False
    """Whether the list was read once; skeletons stand in its place until then."""
    tab: str = "returns"
    pages: list[list[str]] = []
    """The tabs of the page: key, word, count, address."""
    rows: list[list[str]] = []
    """As `ReturnsPage.rows`, with tone and mark of the state behind."""
    tabs: list[list[str]] = []
    """The filters by state: key, word, how many, address."""
    state: str = ""
    text: str = ""
    box: int = 0
    find: str = "/returns?q="
    all_of_it: str = "/returns"
    first: str = ""
    older: str = ""
    csv: str = "/returns.csv"
    xlsx: str = "/returns.xlsx"
    """The addresses of the same returns as files."""
    reasons: list[ChoiceRow] = []
    actions: list[ChoiceRow] = []
    chosen: ChoiceRow = ChoiceRow()
    """The entry whose dialog is open."""
    _address: ReturnsAddress = ReturnsAddress()
    _typed: list[str] = [""]

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """What the address asks for; from now on the tab follows what happens to orders, and so to their returns."""
        self._address = address_of(page_of(self).query_parameters)
        self.tab, self.state, self.text = self._address.tab, self._address.state, self._address.text
        self.first = self._address.url(before=0) if self._address.before else ""
        self.all_of_it = self._address.url(q="", before=0)
        self.find = searched(self.all_of_it)
        listed = self._address.url(before=0)
        self.csv, self.xlsx = (listed.replace("/returns", f"/returns.{kind}", 1) for kind in ("csv", "xlsx"))
        self.box, self._typed = box_for(self.box, self._typed, self.text)
        await self._read()
        hub.watch(self, "orders", ReturnsState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same page, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """The search box leads to the list of `text` by itself: when that is read, the box is right as it is."""
        self._typed = heard(self._typed, address_of({"q": str(text)}).text)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._typed = left_with(self.text, gone=gone is True)

    @rx.event
    @needs(Right.EDIT)
    async def open(self, form: str, id_: str) -> None:
        """Opens a dialog; `id_`: the entry it is about, "" for a new one."""
        if form not in ("add-reason", "add-action", REASON, ACTION):
            return
        await self._read()
        known = {REASON: self.reasons, ACTION: self.actions}.get(form, [])
        self.chosen = next((row for row in known if row.id == id_), ChoiceRow())
        self._open(form, self.chosen.texts)

    @rx.event
    @needs(Right.EDIT)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(LISTS)
    async def add(self, about: str, kind: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """A new reason or action."""
        return await self._do(lambda actor: choices.LISTS[_kind(kind)].add(actor, values))

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(LISTS)
    async def add_usual(self, about: str, kind: str) -> Answer:  # noqa: ARG002  # the gate judges it
        """The usual reasons or actions, in a list that is empty."""
        return await self._do(lambda actor: choices.add_usual(actor, _kind(kind)))

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE[REASON])
    async def save_reason(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the reason of the dialog."""
        return await self._save_entry(choices.LISTS[REASON], about, seen, values)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE[ACTION])
    async def save_action(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the action of the dialog."""
        return await self._save_entry(choices.LISTS[ACTION], about, seen, values)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE[REASON])
    async def change_reason(self, about: str, what: str) -> Answer:
        """One place "up" or "down", "retire", or "use" again."""
        return await self._change_entry(choices.LISTS[REASON], about, what)

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(ONE[ACTION])
    async def change_action(self, about: str, what: str) -> Answer:
        """One place "up" or "down", "retire", or "use" again."""
        return await self._change_entry(choices.LISTS[ACTION], about, what)

    async def _read(self) -> None:
        actor = await actor_of(self)
        page, self.tabs, self.pages = await look(_look, actor, self._address)
        self.rows = [[*row, *RETURN_TONES[row[4]]] for row in page.rows]
        self.older = page.older
        if self.tab != "returns":
            self.reasons = await look(choices_page, actor, REASON, actor.language)
            self.actions = await look(choices_page, actor, ACTION, actor.language)
        self.ready = True


def _look(actor: Actor, address: ReturnsAddress) -> tuple[ReturnsPage, list[list[str]], list[list[str]]]:
    words = {"returns": _("Returns"), "reasons": _("Reasons for return"), "actions": _("Return actions")}
    pages = [[tab, words[tab].in_language(actor.language), "", ReturnsAddress(tab=tab).url()] for tab in TABS]
    if address.tab != "returns":
        return ReturnsPage([], ""), [], pages
    with reading() as session:
        return (
            returns_page(session, address, actor, actor.language),
            returns_tabs(session, address, actor.language),
            pages,
        )


def _kind(kind: str) -> str:
    return ACTION if kind == ACTION else REASON
