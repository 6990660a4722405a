"""The colleague in front of this tab: language, name, and what may be shown to this role (SEC-2, L-1)."""

import asyncio

import reflex as rx

from backoffice_app.domain import people
from backoffice_app.domain.core.rights import ROLE_NAMES, Actor, Right
from backoffice_app.i18n import UI_LANGUAGES
from backoffice_app.state import hub, outbox_count
from backoffice_app.state.base import RUNNING, actor_of, needs, public


class Me(rx.State):
    """A view of the signed-in colleague. `load` is the first `on_load` of every page."""

    lang: int = 0
    """Place of the UI language in `UI_LANGUAGES`; components choose their texts by it."""
    ready: bool = False
    """Whether the language is known, so that the first painted word is in it."""
    name: str = ""
    email: str = ""
    role: str = ""
    """The name of the role in the UI language."""
    theme: str = "system"
    """How this colleague wants the UI to look: "system", "light" or "dark"."""
    single_keys: bool = True
    """Whether single keys do something (WCAG 2.1.4)."""
    may: dict[str, bool] = {}
    """For each right whether it is held: `Me.may["ship"]`. Only for what is drawn; the gate judges by itself."""

    @rx.event
    @public
    async def load(self) -> None:
        """Language, name and rights are those of the session as it is now; the tab watches no topic any more."""
        hub.forget(self)
        self.ready = True
        if actor := RUNNING.get():
            self._show(actor)
            await outbox_count.follow(self, actor)

    @rx.event
    @needs(Right.READ)
    async def switch(self, code: str) -> None:
        """The UI is in language `code` at once, in this tab and from now on wherever this colleague signs in (L-1)."""
        if code in UI_LANGUAGES:
            await asyncio.to_thread(people.set_language, await actor_of(self), code)
            self._show(await actor_of(self), code)
            await outbox_count.follow(self, await actor_of(self), code)

    @rx.event
    @needs(Right.READ)
    async def choose_theme(self, theme: str) -> None:
        """The UI is light or dark wherever this colleague signs in."""
        await asyncio.to_thread(people.set_theme, await actor_of(self), str(theme))
        self.theme = str(theme)

    @rx.event
    @needs(Right.READ)
    async def choose_single_keys(self, on: bool) -> None:
        """Single keys do something, or nothing, for this colleague (WCAG 2.1.4)."""
        await asyncio.to_thread(people.set_single_keys, await actor_of(self), on is True)
        self.single_keys = on is True

    @rx.var
    def code(self) -> str:
        """The code of the UI language, such as "de"."""
        return UI_LANGUAGES[self.lang]

    def _show(self, actor: Actor, language: str = "") -> None:
        language = language or actor.language
        self.lang = UI_LANGUAGES.index(language) if language in UI_LANGUAGES else 0
        self.name, self.email = actor.name, actor.email
        self.theme, self.single_keys = actor.theme, actor.single_keys
        self.role = ROLE_NAMES[actor.role].in_language(self.code) if actor.role else ""
        self.may = {right.value: actor.may(right) for right in Right}
