"""The colleague in front of this tab: language, name, and what may be shown to this role (SEC-2, L-1)."""

from collections.abc import Awaitable, Callable

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import people
from backoffice_app.domain.core.rights import RIGHTS, ROLE_NAMES, Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.declared_pages import GROUPS, pages_for
from backoffice_app.i18n import UI_LANGUAGES
from backoffice_app.lucide import outline
from backoffice_app.state import bulk_progress, hub, menu_count
from backoffice_app.state.base import RUNNING, act, actor_of, changes, needs, public, put
from backoffice_app.state.pages import SETTINGS, pages_of
from backoffice_app.state.subjects import subject

ME = subject("me", lambda _state, actor: str(actor.id))
"""Oneself: a page that still shows somebody else changes nothing."""
ARRIVALS: list[Callable[[rx.State], Awaitable[None]]] = []
"""What else happens in a tab that comes to a page, in the same event: one of its own would ask once more who it is."""


class Me(rx.State):
    """A view of the signed-in colleague. `load` is the first `on_load` of every page."""

    lang: int = 0
    """Place of the UI language in `UI_LANGUAGES`; components choose their texts by it."""
    ready: bool = False
    """Whether the language is known, so that the first painted word is in it."""
    about: str = ""
    """Who this page is for, as `Shown` says it; a change of their own settings takes it along."""
    name: str = ""
    email: str = ""
    role: str = ""
    """The name of the role in the UI language."""
    theme: str = "system"
    """How this colleague wants the UI to look: "system", "light" or "dark"."""
    single_keys: bool = True
    """Whether single keys do something (WCAG 2.1.4)."""
    more: list[list[str]] = []
    """The menu's entries of pages that plug-ins bring and that are in no group, as [label, route, outline of the icon,
    shortcut].
    """
    more_in: dict[str, list[list[str]]] = {name: [] for name in GROUPS}
    """Those in a group, by its name."""
    more_keys: list[list[str]] = []
    """The shortcuts of them all, as [key, label]."""
    _whose: str = ""
    """Whose tab this is, as `tabs.whose_is` says it: the session and the role that all of its state was made for."""
    _place: str = ""
    """The page that the last event came from, as `visits.place_of` says it."""
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
            await menu_count.follow(self, actor)
            await bulk_progress.follow(self, actor)
        for arrive in ARRIVALS:
            await arrive(self)

    @rx.event
    @needs(Right.READ)
    async def to_settings(self) -> EventSpec:
        """Leads to the first section of the settings that this colleague may see, or to the page that says
        whom to ask.
        """
        actor = await actor_of(self)
        sections = pages_of(SETTINGS)
        mine = next((page for page in sections if actor.may(page.right)), sections[0])
        return rx.redirect(mine.route, replace=True)

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ME)
    async def switch(self, about: str, code: str) -> None:  # noqa: ARG002  # the gate judges `about`
        """The UI is in language `code` at once, in this tab and from now on wherever this colleague signs in (L-1)."""
        if code in UI_LANGUAGES:
            await act(people.set_language, await actor_of(self), code)
            self._show(await actor_of(self), code)
            await menu_count.follow(self, await actor_of(self), code)
            await bulk_progress.follow(self, await actor_of(self), code)

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ME)
    async def choose_theme(self, about: str, theme: str) -> None:  # noqa: ARG002
        """The UI is light or dark wherever this colleague signs in."""
        await act(people.set_theme, await actor_of(self), str(theme))
        self.theme = str(theme)

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ME)
    async def choose_single_keys(self, about: str, on: bool) -> None:  # noqa: ARG002
        """Single keys do something, or nothing, for this colleague (WCAG 2.1.4)."""
        await act(people.set_single_keys, await actor_of(self), on is True)
        self.single_keys = on is True

    @rx.var
    def code(self) -> str:
        """The code of the UI language, such as "de"."""
        return UI_LANGUAGES[self.lang]

    def _show(self, actor: Actor, language: str = "") -> None:
        language = language or actor.language
        self.lang = UI_LANGUAGES.index(language) if language in UI_LANGUAGES else 0
        code = self.code
        put(  # most pages find all of it as it was, and send nothing
            self,
            {
                "about": Shown(ME, str(actor.id)).text,
                "name": actor.name,
                "email": actor.email,
                "theme": actor.theme,
                "single_keys": actor.single_keys,
                "role": ROLE_NAMES[actor.role].in_language(code) if actor.role else "",
                "may": {value: actor.may(known.right) for value, known in RIGHTS.items()},
                **_more(actor, code),
            },
        )


def _more(actor: Actor, language: str) -> dict[str, object]:
    """What the menu and the list of keys say of the pages that plug-ins bring."""
    pages = pages_for(actor)
    entries = [
        (one.group, [one.label.in_language(language), one.route, outline(one.icon), one.shortcut])
        for one in pages
    ]
    return {
        "more": [entry for group, entry in entries if not group],
        "more_in": {name: [entry for group, entry in entries if group == name] for name in GROUPS},
        "more_keys": [
            [f"g {one.shortcut}", one.label.in_language(language)] for one in pages if one.shortcut
        ],
    }
