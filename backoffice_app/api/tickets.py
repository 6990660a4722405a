"""`/api/v1/tickets`: a question of a customer comes in, and is read with its answers (API-4)."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.body import MIB, body_of, fields_of
from backoffice_app.api.problem import Problem, language_of
from backoffice_app.domain.core.actions import parse_input
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.tickets.rest import (
    TakenTicketView,
    ThreadView,
    TicketPage,
    thread_view,
    ticket_page,
)
from backoffice_app.domain.tickets.take_in import NewTicket, take_in_ticket
from backoffice_app.marks import needs

BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewTicket"}}},
    }
}
KEY_HELP = (
    "Makes a repeated call safe: the same key gives the same ticket. A key that came with another "
    "body before is refused with 422."
)
REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422)
}
router = APIRouter(prefix="/v1/tickets", tags=["Tickets"])


@router.post("", status_code=201, openapi_extra=BODY, responses={200: {"model": TakenTicketView}, **REFUSALS})
@needs(Right.TICKETS_WRITE)
async def create_ticket(
    request: Request, response: Response, idempotency_key: Annotated[str, Header(description=KEY_HELP)] = ""
) -> TakenTicketView:
    """Hand in a question: 201 with the new ticket; 200 with the same one for a repeated key or external reference.

    The customer gets a receipt by mail at once. An order number that is unknown here is taken, and `notes` says so.
    What the customer writes later goes to the action `receive-reply`.
    """
    fields = fields_of(await body_of(request, MIB))
    if isinstance(who := fields.get("customer"), dict):
        fields["customer"] = {name: value for name, value in who.items() if value is not None}

    def take() -> tuple[TakenTicketView, bool]:
        taken = take_in_ticket(actor_of(request), parse_input(NewTicket, fields), idempotency_key.strip())
        view = thread_view(taken.number, _only_of(actor_of(request)))
        notes = [sentence.in_language(language_of(request)) for sentence in taken.said]
        return TakenTicketView(**dict(view), notes=notes), taken.created

    ticket, created = await run_in_threadpool(take)
    response.status_code = 201 if created else 200
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/v1/tickets/{ticket.number}"
    return ticket


@router.get("", responses=REFUSALS)
@needs(Right.TICKETS)
def list_tickets(
    request: Request,
    *,
    limit: Annotated[int, Query(description="How many, at most 200.")] = 50,
    after: Annotated[str, Query(description="`next` of the page before.")] = "",
    state: Annotated[str, Query(description="Only those that are open, answered, to_do or closed.")] = "",
    email: Annotated[str, Query(description="Only those of this e-mail address.")] = "",
    order: Annotated[str, Query(description="Only those about the order of this number.")] = "",
) -> TicketPage:
    """Read tickets, newest first, page by page. With `tickets:write` alone: those that this key handed in."""
    wanted = {"state": state, "email": email, "order": order}
    return ticket_page(limit, after, _only_of(actor_of(request)), wanted)


@router.get("/{number}", responses=REFUSALS)
@needs(Right.TICKETS)
def read_ticket(request: Request, number: str) -> ThreadView:
    """Read one ticket with its questions and answers. With `tickets:write` alone: one that this key handed in."""
    return thread_view(number, _only_of(actor_of(request)))


def _only_of(actor: Actor) -> int | None:
    return only_of(actor, Right.TICKETS)
