"""The tab `Tickets`: what the customer asked about this order, and whether it was answered (T-6, S67 to S69)."""

from sqlmodel import col, select

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.tickets.subject import STATE_NAMES, TONES, TicketState
from backoffice_app.domain.window.declared import Declared, Entry, EntryButton, declare, entries
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Tab, add_tab, block
from backoffice_app.i18n import _
from backoffice_app.models import Ticket

MOST = 100
"""So many of the newest are listed."""
add_tab(
    Tab(
        "tickets",
        _("Tickets"),
        55,
        right=Right.TICKETS,
        count=lambda look: look.beside.tickets,
        waits=lambda look: look.beside.unanswered > 0,
    )
)


@block(key="tickets", tab="tickets", right=Right.TICKETS, title=_("Tickets"))
def tickets(look: Look) -> Declared:
    """Subject, state and day of each, those with news first, and the magnifier that leads to its thread."""
    mine = (
        select(Ticket)
        .where(Ticket.order_id == look.order.id)
        .order_by(col(Ticket.last_at).desc(), col(Ticket.id).desc())
    )
    found = look.session.exec(mine.limit(MOST)).all()
    listed = [_entry(look, ticket) for ticket in found]
    empty = look.text(
        _("No ticket. Questions that the customer asks about this order in their shop account stand here.")
    )
    return declare(*([entries(*listed)] if listed else []), empty=empty)


def _entry(look: Look, ticket: Ticket) -> Entry:
    tone, icon = TONES[ticket.state]
    address = f"/tickets/{ticket.number}"
    label = look.text(_("Read ticket {number}").format(number=ticket.number))
    return Entry(
        title=ticket.subject,
        link=address,
        small=f"{ticket.number} · {look.moment(ticket.last_at)}",
        tone=tone,
        icon=icon,
        state=look.text(STATE_NAMES[ticket.state]),
        is_over=ticket.state == TicketState.CLOSED,
        buttons=[EntryButton(icon="search", label=label, which=ticket.number, href=address)],
    )
