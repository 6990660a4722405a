"""Service > Automatic e-mails: the list of kinds, and the editor of one with its live preview (M-1)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import drafts
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Overtaken, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import Reference
from backoffice_app.domain.mail.templates import Text
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.domain.templates.view import (
    AUTOMATIC,
    BLOCKS,
    BY_HAND,
    Preview,
    TemplateRow,
    TemplateView,
    preview_text,
    template_list,
    template_view,
)
from backoffice_app.i18n import LazyText
from backoffice_app.state import notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, page_of
from backoffice_app.state.order_calls import object_of
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject
from backoffice_app.state.text_blocks import TextBlocksState
from backoffice_app.state.together import Together

KIND = subject(TEMPLATE.key, lambda state, _actor: path_part(state, 1))
notices.UNNUMBERED.add(TEMPLATE.key)
FILE = "file-"
"""Begins the name of the check box of a file that goes along."""
TEXTS = ("subject", "body")
"""The fields that stand in the form by themselves; what is wrong with another is said above all."""
FIRST = "first-"
"""Begins the name, in a draft, of what a text was when one began to change it."""
NOTHING = ("", "")
"""Texts that no form sends: it shows what is stored then."""
LOOKS = ("wide", "phone", "text")
Answer = list[EventSpec] | EventSpec | None


class TemplatesState(rx.State):
    """One tab of the list of kinds."""

    ready: bool = False
    tab: str = AUTOMATIC
    rows: list[TemplateRow] = []
    tabs: list[list[str]] = []

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The tab that the address asks for."""
        wanted = str(page_of(self).query_parameters.get("tab", ""))
        self.tab = wanted if wanted in (BY_HAND, BLOCKS) else AUTOMATIC
        await self._read()

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> Answer:
        """The same tab, read anew."""
        await self._read()
        return TextBlocksState.refresh if self.tab == BLOCKS else None  # type: ignore[return-value]  # the decorator makes it a handler

    async def _read(self) -> None:
        found = await look(template_list, await actor_of(self), self.tab)
        self.rows, self.tabs, self.ready = found.rows, found.tabs, True


class TemplateState(Together, rx.State):
    """The editor: what is stored, what is typed, and the mail that comes of it."""

    ready: bool = False
    missing: bool = False
    """Whether there is no kind of mail of this name."""
    view: TemplateView = TemplateView()
    subject: str = ""
    body: str = ""
    fresh: int = 0
    """Counts up when other texts came, so that the fields are drawn anew."""
    order: str = ""
    """The number of the order that the preview is about."""
    preview: Preview = Preview()
    shown_as: str = LOOKS[0]
    kept: bool = False
    """Whether the fields show what was typed before and not saved."""
    wrong: str = ""
    wrong_field: str = ""
    _reason: LazyText | None = None

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The kind and the language that the address asks for."""
        self._tell()
        await self._read(str(page_of(self).query_parameters.get("language", "")))
        if self.ready:
            self._start()
            await self._take_up_draft()
            known = [number for number, _name in self.view.orders]
            self.order = self.order if self.order in known else (known[0] if known else "")
            await self._preview()

    @rx.event
    @needs(Right.SETTINGS)
    async def refresh(self) -> None:
        """What is stored, read anew; what is typed stays."""
        if self.ready:
            await self._read(self.view.language)
            actor = await actor_of(self)
            self.wrong = self._reason.in_language(actor.language) if self._reason else ""
            await self._preview()

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def typed(self, about: str, language: str, field: str, text: str) -> None:
        """What is typed so far, and the mail that comes of it; it outlives the page until it is saved (W-16)."""
        if language != self.view.language:  # a text that is not there any more
            return
        if field == "subject":
            self.subject = str(text)[:1_000]
        if field == "body":
            self.body = str(text)[:50_000]
        await self._keep(Shown.parse(about))
        await self._preview()

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def insert(self, about: str, text: str) -> None:
        """Puts a name at the end of the text."""
        if any(text == what for _word, what in self.view.inserts):
            is_line = "\n" in text
            self.body = self.body.rstrip("\n") + ("\n\n" if is_line else " ") + text
            self.fresh += 1
            await self._keep(Shown.parse(about))
            await self._preview()

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def discard(self, about: str) -> None:
        """What was typed and not saved is gone; the fields show what is stored."""
        await self._drop_draft(Shown.parse(about))
        self._tell()
        self._start()
        await self._preview()

    @rx.event
    @needs(Right.SETTINGS)
    async def choose_order(self, number: str) -> None:
        """The preview is about another order."""
        self.order = str(number)[:100]
        await self._preview()

    @rx.event
    @needs(Right.SETTINGS)
    async def show_as(self, how: str) -> None:
        """The preview is as wide as a window or a phone, or plain text."""
        self.shown_as = how if how in LOOKS else LOOKS[0]

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def save(self, about: str, language: str, values: dict[str, str]) -> Answer:
        """Saves the text of this language, and what goes along with all mails of the kind."""
        given = {str(name): str(value) for name, value in values.items()}
        self.subject, self.body = given.get("subject", ""), given.get("body", "").replace("\r\n", "\n")
        files = sorted(name.removeprefix(FILE) for name in given if name.startswith(FILE))
        goes_along = {
            "files": " ".join(one for one in files if one.isdecimal()),
            "documents": "on" if "documents" in given else "",
        }

        async def save(shown: Shown, texts: Mapping[str, object]) -> Done:
            told = {
                **texts,
                "language": language,
                "files": str(texts["files"]).split(),
                "documents": bool(texts["documents"]),
            }
            return await self._perform("save-mail-template", shown, told)

        async def save_together() -> Done:
            return await self._do_together(
                Shown.parse(about), {"subject": self.subject, "body": self.body, **goes_along}, save
            )

        return await self._do(save_together, (self.subject, self.body))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def reset_text(self, about: str, language: str) -> Answer:
        """The text that Kontor brings is back."""
        return await self._do(
            lambda: self._perform("reset-mail-template", Shown.parse(about), {"language": language}), NOTHING
        )

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND)
    async def switch(self, about: str, on: bool) -> Answer:
        """Mails of this kind are sent from now on, or no more."""
        return await self._do(
            lambda: self._perform("switch-mail-template", Shown.parse(about), {"on": on is True})
        )

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(KIND, here=False)
    async def undo(self, key: str, about: str, action: str, values: str) -> EventSpec:
        """Takes back what the notice `key` told of, on whichever page it still stands; `values` as JSON."""
        shown = Shown.parse(about)
        notes = await self.get_state(notices.Notices)
        try:
            done = await self._perform(action, shown, object_of(values))
        except (Invalid, Refused) as no:
            notes._forget(key)
            return notices.tell(no.reason, notices.REFUSED)
        notes._forget(key)
        if self.ready and self.view.key == shown.number:
            await self._drop_draft(Shown.parse(self.view.about))
            await self._read(self.view.language)
            self._start()
            await self._preview()
        return notices.done(done, shown)

    async def _perform(self, key: str, shown: Shown, values: Mapping[str, object]) -> Done:
        return await act(
            perform, await actor_of(self), key, id_of(shown.number), values, subject=TEMPLATE, seen=shown.seen
        )

    def _row_asked(self) -> Reference:
        return TEMPLATE, id_of(self.view.key)

    async def _look_again(self, shown: Shown) -> None:  # noqa: ARG002  # the address says which
        await self._read(self.view.language)
        self.asked, self._stored = self.view.about, _stored(self.view)

    async def _do(self, do: Callable[[], Awaitable[Done]], texts: tuple[str, str] | None = None) -> Answer:
        """One action, then the kind anew; a refusal stands at its field.

        `texts`: what the form sent; it shows what else is stored.
        """
        actor = await actor_of(self)
        try:
            done = await do()
        except Invalid as no:
            self._tell(no.reason, no.field if no.field in TEXTS else "", actor.language)
            await self._preview()
            return None
        except Overtaken as no:
            await self._read(self.view.language)
            self._tell(no.reason, "", actor.language)
            return None
        except Refused as no:
            return notices.tell(no.reason, notices.REFUSED)
        self._tell()
        if texts:
            await self._drop_draft(Shown.parse(self.view.about))
        is_read = await reread(lambda: self._read(self.view.language))
        if texts == (self.view.subject, self.view.body):
            self._begin(self.view.about, _stored(self.view))
        elif texts:
            self._start()
        await self._preview()
        said = notices.done(done, Shown(TEMPLATE.key, self.view.key))
        return said if is_read else [said, notices.unread("")]

    def _tell(self, reason: LazyText | None = None, field: str = "", language: str = "en") -> None:
        self._reason, self.wrong_field = reason, field
        self.wrong = reason.in_language(language) if reason else ""

    async def _keep(self, shown: Shown) -> None:
        """What is typed is a draft, with what it was typed over; what is as stored is none."""
        typed = {"subject": self.subject, "body": self.body}
        if typed == {field: self._stored.get(field) for field in TEXTS}:
            await self._drop_draft(shown)
            return
        first = {f"{FIRST}{field}": self._first[field] for field in TEXTS if field in self._first}
        await act(drafts.keep, await actor_of(self), self._draft(shown), "", {**typed, **first})

    async def _take_up_draft(self) -> None:
        """The fields show what was typed before and not saved; what a colleague changed since is asked on saving."""
        shown = Shown.parse(self.view.about)
        draft = await look(drafts.draft_of, await actor_of(self), self._draft(shown))
        self.kept = bool(draft)
        if draft:
            self.subject, self.body = (draft.get(field, getattr(self, field)) for field in TEXTS)
            self._first = {**self._first, **{field: draft.get(f"{FIRST}{field}", "") for field in TEXTS}}

    async def _drop_draft(self, shown: Shown) -> None:
        self.kept = False
        await act(drafts.drop, await actor_of(self), self._draft(shown))

    def _draft(self, shown: Shown) -> Shown:
        """Each language has a draft of its own."""
        return replace(shown, form=self.view.language)

    def _start(self) -> None:
        """The fields hold what is stored."""
        self.subject, self.body, self.fresh = self.view.subject, self.view.body, self.fresh + 1
        self._begin(self.view.about, _stored(self.view))

    async def _read(self, language: str) -> None:
        key = path_part(self, 1)
        try:
            self.view = await look(template_view, await actor_of(self), key, language)
            self.ready, self.missing = True, False
        except NotFound:
            self.ready, self.missing = False, True

    async def _preview(self) -> None:
        view, actor = self.view, await actor_of(self)
        self.preview = await look(
            preview_text, actor, view.key, view.language, self.order, Text(self.subject, self.body)
        )


def _stored(view: TemplateView) -> dict[str, str]:
    """What is stored, by field, as `save` gives it."""
    files = " ".join(sorted(one.id for one in view.files if one.ticked))
    return {
        "subject": view.subject,
        "body": view.body,
        "files": files,
        "documents": "on" if view.documents else "",
    }
