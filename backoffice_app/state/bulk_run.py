"""The page of one bulk run, and the list of the colleague's own runs (O-5)."""

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.bulk import cancel_run, do_again
from backoffice_app.domain.bulk.imports import import_tried, with_import
from backoffice_app.domain.bulk.subject import topic_of_actor, topic_of_run
from backoffice_app.domain.bulk.views import KIND, RunView, began_at, run_view, runs_of
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, page_of
from backoffice_app.state.bulk_progress import BulkProgress
from backoffice_app.state.subjects import path_part, subject

RUN = subject(KIND, lambda state, _actor: path_part(state, 1))


class BulkRunState(rx.State):
    """What the page of a run shows; the kind of results in sight stands in its address."""

    view: RunView = RunView()
    is_read: bool = False

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The run of the address; its progress shows live."""
        number = str(self.bulk_run)  # type: ignore[attr-defined]  # a part of the route
        self.is_read = False
        await self._read(number)
        if not self.view.missing:
            topic = topic_of_run(int(number))
            hub.watch(self, topic, BulkRunState.refresh)  # type: ignore[arg-type]  # a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same results, read anew."""
        await self._read(str(self.bulk_run))  # type: ignore[attr-defined]

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(RUN, here=False)
    async def cancel(self, about: str) -> EventSpec:
        """What still waits of this run is left out."""
        return notices.tell(await act(cancel_run, await actor_of(self), _number_in(about)))

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(RUN)
    async def do_again(self, about: str) -> EventSpec:
        """Begins a run for what was skipped, failed or left out, and leads to it."""
        return rx.redirect(f"/bulk/{await act(do_again, await actor_of(self), _number_in(about))}")

    @rx.event(temporal=True)
    @needs(Right.IMPORT)
    @changes(RUN)
    async def import_tried(self, about: str) -> EventSpec:
        """Begins the import of what this run tried out, and leads to it."""
        return rx.redirect(f"/bulk/{await act(import_tried, await actor_of(self), _number_in(about))}")

    async def _read(self, number: str) -> None:
        asked = page_of(self).query_parameters
        after = str(asked.get("after", ""))
        rank = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
        self.view = await look(_view, await actor_of(self), number, str(asked.get("result", "")), rank)
        self.is_read = True


class BulkRunsState(rx.State):
    """The newest runs of this colleague."""

    rows: list[list[str]] = []
    """Id, what was done, when it began, what became of it."""
    is_read: bool = False

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list as it is now; it follows what goes on."""
        actor = await actor_of(self)
        await self._read()
        topic = topic_of_actor(actor.kind.value, actor.id)
        hub.watch(self, topic, BulkRunsState.refresh)  # type: ignore[arg-type]  # as above

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> EventSpec:
        """The list, read anew, and what every page shows of the runs: a tab hears of a topic once."""
        await self._read()
        return BulkProgress.refresh  # type: ignore[return-value]  # the decorator makes it an event

    async def _read(self) -> None:
        self.rows = await look(_rows, await actor_of(self))
        self.is_read = True


def _number_in(about: str) -> int:
    """The id of the run that an event is about. Raises NotFound for anything else."""
    number = Shown.parse(about).number
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise NotFound(number)
    return int(number)


def _view(actor: Actor, number: str, result: str, after: int) -> RunView:
    known = number.isascii() and number.isdecimal() and len(number) < 19
    with reading() as session:
        try:
            view = run_view(
                session,
                int(number) if known else 0,
                actor,
                actor.language,
                result=result,
                after=after,
            )
            return with_import(session, view, actor)
        except NotFound:
            return RunView(missing=True)


def _rows(actor: Actor) -> list[list[str]]:
    with reading() as session:
        runs = runs_of(session, actor, actor.language)
        began = began_at(session, [int(run.id) for run in runs], actor.language)
        return [[run.id, run.label, at, run.says] for run, at in zip(runs, began, strict=True)]
