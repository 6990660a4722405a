"""Who calls the API: a key as bearer token, and the gate that reads the mark of each route (SEC-2)."""

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from backoffice_app.caller import address_of
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Actor, ActorKind, AnyRight, Right, needs_scope
from backoffice_app.marks import MARK, PUBLIC
from backoffice_app.security_log import Event, log_event

HANDED_IN: dict[AnyRight, Right] = {Right.ORDERS_READ: Right.ORDERS_WRITE, Right.TICKETS: Right.TICKETS_WRITE}
"""The right to read all of a kind -> the right to hand some in, which reads these."""


async def gate(request: Request) -> None:
    """Default deny: 403 for a route that declares no right, 401 without a live key, 403 for a key that does not hold
    the right.
    """
    right = getattr(request.scope.get("endpoint"), MARK, None)
    if right == PUBLIC:
        return
    if not isinstance(right, AnyRight):
        log_event(Event.NOT_DECLARED, address=address_of(request), path=request.url.path)
        raise HTTPException(403)
    actor = await run_in_threadpool(actor_behind, request)
    if actor is None:
        note_no_key(request)
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="Kontor"'})
    require_scope(request, actor, right)
    request.state.actor = actor


def require_scope(request: Request, actor: Actor, right: AnyRight) -> None:
    """403 naming the scope for a caller that does not hold it."""
    if not holds(actor, right):
        log_event(Event.SCOPE_MISSING, actor, scope=right.value, path=request.url.path)
        raise HTTPException(403, needs_scope(right))  # translated by the handler


def note_no_key(request: Request) -> None:
    """Notes that somebody came without a key, or with one that opens nothing; never the key."""
    event = Event.KEY_WRONG if "authorization" in request.headers else Event.KEY_MISSING
    log_event(event, address=address_of(request), path=request.url.path)


def holds(actor: Actor, right: AnyRight) -> bool:
    """Whether the caller may; who may hand in orders, or tickets, may read those it sent itself (`only_of`)."""
    handing_in = HANDED_IN.get(right)
    return actor.may(right) or (handing_in is not None and actor.may(handing_in))


def only_of(actor: Actor, reads_all: AnyRight = Right.ORDERS_READ) -> int | None:
    """The id of a key that reads no other orders, or tickets, than those it sent; None for anyone who reads all."""
    return actor.id if actor.kind is ActorKind.API_KEY and not actor.may(reads_all) else None


def actor_behind(request: Request) -> Actor | None:
    """The API key in the `Authorization` header as an actor; None if there isn't one, or it is revoked."""
    scheme, _blank, key = request.headers.get("authorization", "").partition(" ")
    return people.actor_of_api_key(key.strip()) if scheme.lower() == "bearer" and key.strip() else None


def actor_of(request: Request) -> Actor:
    """The caller, whom the gate has let in."""
    actor: Actor = request.state.actor
    return actor
