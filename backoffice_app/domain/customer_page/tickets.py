"""What a customer asked, on their page; their tickets go over with them when two records become one (W-8, T-6)."""

from sqlmodel import col, select

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.customer.merge import belongs_to_customer
from backoffice_app.domain.customer_page.blocks import SHOWN
from backoffice_app.domain.customer_page.registry import CustomerLook, customer_block
from backoffice_app.domain.tickets.subject import STATE_NAMES, TONES, TicketState
from backoffice_app.domain.window.declared import Declared, Entry, declare, entries
from backoffice_app.i18n import _, ngettext
from backoffice_app.models import Ticket

belongs_to_customer(
    "tickets", Ticket, lambda count: ngettext("{count} ticket goes over.", "{count} tickets go over.", count)
)


@customer_block("tickets", _("Tickets"), column=3, rank=15, right=Right.TICKETS)
def tickets(look: CustomerLook) -> Declared:
    """Their questions, the one asked or answered last on top."""
    wanted = (
        select(Ticket)
        .where(Ticket.customer_id == look.customer.id)
        .order_by(col(Ticket.last_at).desc())
        .limit(SHOWN)
    )
    shown = []
    for one in look.session.exec(wanted).all():
        tone, icon = TONES[one.state]
        link, small = f"/tickets/{one.number}", look.moment(one.last_at)
        state = look.text(STATE_NAMES[TicketState(one.state)])
        shown.append(
            Entry(
                title=f"{one.number} · {one.subject}",
                link=link,
                small=small,
                tone=tone,
                icon=icon,
                state=state,
            )
        )
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No ticket.")))
