"""Who calls the API: a key as bearer token, and the gate that reads the mark of each route (SEC-2)."""

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from backoffice_app.caller import address_of
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.i18n import _
from backoffice_app.marks import MARK, PUBLIC
from backoffice_app.security_log import Event, log_event


async def gate(request: Request) -> None:
    """Default deny: 403 for a route that declares no right, 401 without a live key, 403 for a key that does not hold the right."""
    right = getattr(request.scope.get("endpoint"), MARK, None)
    if right == PUBLIC:
        return
    if not isinstance(right, Right):
        log_event(Event.NOT_DECLARED, address=address_of(request), path=request.url.path)
        raise HTTPException(403)
    actor = await run_in_threadpool(actor_behind, request)
    if actor is None:
        note_no_key(request)
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="Kontor"'})
    if not holds(actor, right):
        log_event(Event.SCOPE_MISSING, actor, scope=right.value, path=request.url.path)
        detail = _("This needs the scope {scope}.").format(scope=right.value)
        raise HTTPException(403, detail)  # translated by the handler
    request.state.actor = actor


def note_no_key(request: Request) -> None:
    """Notes that somebody came without a key, or with one that opens nothing; never the key."""
    event = Event.KEY_WRONG if "authorization" in request.headers else Event.KEY_MISSING
    log_event(event, address=address_of(request), path=request.url.path)


def holds(actor: Actor, right: Right) -> bool:
    """Whether the caller may; who may write orders may read those it sent itself (`only_of`)."""
    return actor.may(right) or (right is Right.ORDERS_READ and actor.may(Right.ORDERS_WRITE))


def only_of(actor: Actor) -> int | None:
    """The id of a key that reads no other orders than those it sent; None for whoever reads all."""
    return actor.id if actor.kind is ActorKind.API_KEY and not actor.may(Right.ORDERS_READ) else None


def actor_behind(request: Request) -> Actor | None:
    """The API key in the `Authorization` header as an actor; None if there is none, or it is revoked."""
    scheme, _blank, key = request.headers.get("authorization", "").partition(" ")
    return people.actor_of_api_key(key.strip()) if scheme.lower() == "bearer" and key.strip() else None


def actor_of(request: Request) -> Actor:
    """The caller, whom the gate has let in."""
    actor: Actor = request.state.actor
    return actor
