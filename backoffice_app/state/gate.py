"""The gate: no event runs unless its handler is declared and this person may (SEC-2).

Any client can call any public method of any state with any arguments. So everything is refused by default, and each handler
says below `@rx.event` who may call it:

    @rx.event
    @needs(Right.SHIP)
    async def ship(self) -> None: ...
"""

import reflex as rx
from reflex.event import Event
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext

from backoffice_app import security_log
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.i18n import LazyText, _
from backoffice_app.marks import MARK, PUBLIC
from backoffice_app.security_log import log_event
from backoffice_app.state import notices
from backoffice_app.state.arguments import fits
from backoffice_app.state.base import RUNNING, actor_behind, address_behind, cookies_of

SIGNED_OUT = "/signed-out"
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
    """What the handler of this event name asks for: a right, "public", or None for one that is unknown or not marked."""
    known = RegistrationContext.get().event_handlers.get(event)
    return getattr(known.handler.fn, MARK, None) if known else None


def may_run(event: str, actor: Actor | None) -> bool:
    """The whole rule: internal and public events for everybody, else a declared right that the actor holds."""
    right = right_of(event)
    if event in INTERNAL or right == PUBLIC:
        return True
    return right is not None and actor is not None and actor.may(Right(right))


def refusal_of(event: str, actor: Actor | None) -> security_log.Event:
    """Why this event may not run, for the security log."""
    if actor is None:
        return security_log.Event.NOT_SIGNED_IN
    return security_log.Event.RIGHT_MISSING if right_of(event) else security_log.Event.NOT_DECLARED


class Guard(rx.Middleware):
    """Sees each event before its handler: also chained ones, page loads, background tasks and live refreshes."""

    async def preprocess(self, app: rx.App, state: rx.State, event: Event) -> StateUpdate | None:  # type: ignore[override]  # noqa: ARG002
        """Lets the event through (None), or answers in its handler's place.

        The session is looked up each time: signing out and revocation bite at once, also for open sockets.
        """
        security_log.come_from(address_behind(state))
        actor = await actor_behind(cookies_of(state))
        RUNNING.set(actor)
        if not may_run(event.name, actor):
            log_event(refusal_of(event.name, actor), actor, handler=event.name)
            if actor is None:
                return StateUpdate(events=Event.from_event_type(rx.redirect(SIGNED_OUT)))
            return _refusal(_("You do not have the right to do this. Ask the owner of the shop."))
        if not fits(RegistrationContext.get().event_handlers[event.name].handler.fn, event.payload):
            log_event(security_log.Event.ARGUMENTS_WRONG, actor, handler=event.name)
            return _refusal(_("This did not arrive as it should. Load the page anew and try again."))
        return None


def _refusal(reason: LazyText) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(notices.tell(reason, notices.REFUSED)))


def unmarked() -> list[str]:
    """Names of all handlers that nobody declared; they can't be called. A test asserts that there are none."""
    known = RegistrationContext.get().event_handlers.items()
    return sorted(n for n, r in known if n not in INTERNAL and not n.endswith(".setvar") and not getattr(r.handler.fn, MARK, None))


def declared() -> dict[str, str]:
    """Each handler's event name and what it asks for: the table of rights of all events (SEC-4)."""
    return {name: right for name in RegistrationContext.get().event_handlers if (right := right_of(name))}
