"""How far the bulk runs of this colleague are: in each of their tabs, on each page, and live (O-5)."""

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.bulk.subject import topic_of_actor
from backoffice_app.domain.bulk.views import ProgressView, progress_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, look, needs


class BulkProgress(rx.State):
    """The runs that go on, or ended a moment ago and were not put away in this tab."""

    runs: list[ProgressView] = []
    _away: list[str] = []

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The runs as they are now."""
        actor = await actor_of(self)
        self._show(await look(_progress, actor, actor.language))

    @rx.event
    @needs(Right.READ)
    async def put_away(self, run: str) -> None:
        """A run that is over leaves this tab; its page stays."""
        self._away = [*self._away[-20:], str(run)]
        self._show(self.runs)

    def _show(self, runs: list[ProgressView]) -> None:
        self.runs = [run for run in runs if run.id not in self._away]


async def follow(tab: rx.State, actor: Actor, language: str = "") -> None:
    """This tab shows the runs and hears when they go on. `Me` calls it with each page and language."""
    progress = await tab.get_state(BulkProgress)
    progress._show(await look(_progress, actor, language or actor.language))
    topic = topic_of_actor(actor.kind.value, actor.id)
    hub.watch(tab, topic, BulkProgress.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler


def _progress(actor: Actor, language: str) -> list[ProgressView]:
    with reading() as session:
        return progress_of(session, actor, language)
