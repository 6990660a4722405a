"""A text block as it is put into a mail that is being written: in the mail's language, its names filled in
(W-8, T-6).
"""

from dataclasses import replace

from jinja2 import TemplateError
from sqlmodel import Session, select

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.mail.templates import Text, render_names
from backoffice_app.domain.mail.values import Values, values_of, values_of_shop
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.domain.order.whole import order_of_id, order_of_number
from backoffice_app.domain.templates.blocks import blocks_offered, text_in
from backoffice_app.i18n import _
from backoffice_app.models import Order, Ticket


def offered(actor: Actor) -> list[list[str]]:
    """[id, title] of each text block, for who writes mails."""
    actor.require(Right.READ)
    with reading() as session:
        return blocks_offered(session)


def text_for_order(actor: Actor, block: str, number: str, language: str) -> str:
    """The text of a block for a mail about the order `number`. Raises NotFound, Refused."""
    actor.require(Right.EDIT)
    with reading() as session:
        return _filled(
            session, block, language, _of_order(session, order_of_number(session, number), language)
        )


def text_for_ticket(actor: Actor, block: str, number: str, language: str) -> str:
    """The same for an answer to the ticket `number`, which may be about no order. Raises NotFound, Refused."""
    actor.require(Right.ANSWER)
    with reading() as session:
        ticket = session.exec(select(Ticket).where(Ticket.number == number)).first()
        if ticket is None:
            raise NotFound(number)
        if ticket.order_id:
            values = _of_order(session, order_of_id(session, ticket.order_id), language)
        else:
            values = values_of_shop(load_shop(session), message="", title="")
            values = replace(values, order=replace(values.order, name=" ".join(ticket.name.split())))
        return _filled(session, block, language, values)


def put_at_end(typed: str, text: str) -> str:
    """What was typed, and under it the text."""
    return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text


def _of_order(session: Session, order: Order, language: str) -> Values:
    methods = methods_of_order(session, order)
    return values_of(load_shop(session), order, language, methods, documents=(), message="", title="")


def _filled(session: Session, block: str, language: str, values: Values) -> str:
    source = text_in(session, block, language)
    try:
        return render_names(Text("", source), {"order": values.order, "company": values.company}).body.strip()
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise Refused(
            _("This text can't be filled in for this order: {why}").format(why=str(error))
        ) from error
