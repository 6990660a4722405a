"""The gate: no event runs unless its handler is declared and this person may (SEC-2).

Any client can call any public method of any state with any arguments. So everything is refused by default, and each
handler says below `@rx.event` who may call it:

    @rx.event
    @needs(Right.SHIP)
    async def ship(self) -> None: ...
"""

import reflex as rx
from reflex.event import Event, EventHandler
from reflex.state import OnLoadInternalState, StateUpdate
from reflex_base.registry import RegistrationContext

from backoffice_app import security_log
from backoffice_app.db_errors import NOTHING_DONE
from backoffice_app.domain.core.errors import Away, Refused
from backoffice_app.domain.core.rights import Actor, right_named
from backoffice_app.domain.core.work import MAY_WRITE
from backoffice_app.i18n import LazyText, _, one_after_the_other
from backoffice_app.marks import ABOUT, MARK, PUBLIC, WRITES
from backoffice_app.security_log import log_event
from backoffice_app.state import notices, tabs
from backoffice_app.state.arguments import fits
from backoffice_app.state.base import RUNNING, actor_behind, address_behind, cookies_of, socket_of
from backoffice_app.state.me import Me
from backoffice_app.state.subjects import require_shown
from backoffice_app.state.tabs import whose_is
from backoffice_app.state.visits import leave, place_of

ROOT = "reflex___state____state"
INTERNAL = frozenset(
    {  # all that Reflex 0.10.1 registers itself, besides <state>.setvar
        f"{ROOT}.hydrate",
        f"{ROOT}.hydrate_and_load",
        f"{ROOT}.set_is_hydrated",
        f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal",
        f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
        f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal",
        f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }
)


def right_of(event: str) -> str | None:
    """What the handler of this event name asks for: a right, "public", or None for one that is unknown or
    not marked.
    """
    known = RegistrationContext.get().event_handlers.get(event)
    return getattr(known.handler.fn, MARK, None) if known else None


def writes(event: str) -> bool:
    """Whether the handler of this event name is declared to change something."""
    known = RegistrationContext.get().event_handlers.get(event)
    return bool(known and getattr(known.handler.fn, WRITES, False))


def may_run(event: str, actor: Actor | None) -> bool:
    """The whole rule: nothing for nobody; internal and public events for anyone who is signed in, else a declared right
    that is held.
    """
    right = right_of(event)
    if actor is None:
        return False
    return (
        event in INTERNAL
        or right == PUBLIC
        or (right is not None and (asked := right_named(right)) is not None and actor.may(asked))
    )


def refusal_of(event: str, actor: Actor | None) -> security_log.Event:
    """Why this event may not run, for the security log."""
    if actor is None:
        return security_log.Event.NOT_SIGNED_IN
    return security_log.Event.RIGHT_MISSING if right_of(event) else security_log.Event.NOT_DECLARED


class Guard(rx.Middleware):
    """Sees each event before its handler: also chained ones, page loads, background tasks and live refreshes."""

    async def preprocess(self, app: rx.App, state: rx.State, event: Event) -> StateUpdate | None:  # type: ignore[override]  # noqa: ARG002
        """Lets the event through (None), or answers in its handler's place.

        The session is looked up each time: signing out and revocation bite at once, also for open sockets. What the
        event is about must be what its page shows: where it is not, nothing is done and the page is read anew.
        """
        security_log.come_from(address_behind(state))
        RUNNING.set(None)
        MAY_WRITE.set(False)
        try:
            actor = await actor_behind(cookies_of(state))
        except Away as away:
            if right_of(event.name) == PUBLIC:
                return None
            return await _tell_at_once(
                state, one_after_the_other(away.reason, NOTHING_DONE) if writes(event.name) else away.reason
            )
        RUNNING.set(actor)
        me = await state.get_state(Me)
        whose = whose_is(actor, cookies_of(state)) if actor else ""
        if not whose or me._whose not in {"", whose}:
            tabs.begin_anew(socket_of(state).session_id)
            return StateUpdate()
        me._whose = whose
        if me._place != (place := place_of(state)):
            me._place = place
            await leave(state)
        if not may_run(event.name, actor):
            log_event(refusal_of(event.name, actor), actor, handler=event.name)
            return _refusal(_("You do not have the right to do this. Ask the owner of the shop."))
        handler = RegistrationContext.get().event_handlers[event.name].handler.fn
        if not fits(handler, event.payload):
            log_event(security_log.Event.ARGUMENTS_WRONG, actor, handler=event.name)
            return _refusal(_("This did not arrive as it should. Load the page anew and try again."))
        refused = _not_shown(state, actor, event)
        MAY_WRITE.set(refused is None and writes(event.name))
        return refused


def _not_shown(state: rx.State, actor: Actor | None, event: Event) -> StateUpdate | None:
    """The refusal of what is about something else than its page shows; the page is read anew."""
    kind, here = getattr(RegistrationContext.get().event_handlers[event.name].handler.fn, ABOUT, ("", False))
    if not kind or actor is None:
        return None
    try:
        require_shown(state, actor, kind, event.payload["about"], here=here)
    except Refused as no:
        log_event(security_log.Event.ARGUMENTS_WRONG, actor, handler=event.name)
        return _refusal(no.reason, OnLoadInternalState.on_load_internal)
    return None


async def _tell_at_once(state: rx.State, reason: LazyText) -> StateUpdate:
    """A notice that needs no session and no event of its own, while the database is away."""
    await (await state.get_state(notices.Notices))._add(reason, notices.ERROR)
    delta = await state._get_resolved_delta()
    state._clean()  # type: ignore[no-untyped-call]
    return StateUpdate(delta=delta)


def _refusal(reason: LazyText, *then: EventHandler) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type([*then, notices.tell(reason, notices.REFUSED)]))


def unmarked() -> list[str]:
    """Names of all handlers that nobody declared; they can't be called. A test asserts that there are none."""
    known = RegistrationContext.get().event_handlers.items()
    return sorted(
        n
        for n, r in known
        if n not in INTERNAL and not n.endswith(".setvar") and not getattr(r.handler.fn, MARK, None)
    )


def declared() -> dict[str, str]:
    """Each handler's event name and what it asks for: the table of rights of all events (SEC-4)."""
    return {name: right for name in RegistrationContext.get().event_handlers if (right := right_of(name))}
