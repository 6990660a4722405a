"""Customers: what a colleague writes to them (W-8)."""

from typing import Annotated, ClassVar

from pydantic import Field

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, Input, Undo, action, parse_input
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.whole import order_of_number
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import LANGUAGES, MailKind, hold_back_about, write
from backoffice_app.domain.mail.templates import render, texts_of
from backoffice_app.domain.mail.values import values_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order
from backoffice_app.settings import settings

DialogKey = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""The key of an opened dialog: what it does is done once, however often it is pressed."""


class CustomerMail(Input):
    """`once`: the key of the opened dialog, which sends one mail however often it is pressed; `language`: one of LANGUAGES."""

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    once: DialogKey
    subject: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=20_000)
    language: str = Field(default="", max_length=10)


def why_not_customer_mail(order: Order) -> LazyText | None:
    """W-8: whatever has become of the order, its customer can be written to."""
    return None if order.email else _("The customer has no e-mail address.")


@action(key="customer-mail", label=_("Customer mail"), right=Right.EDIT, why_not=why_not_customer_mail, input=CustomerMail, shortcut="m")
def send_customer_mail(w: Work, order: Order, data: CustomerMail) -> Done:
    """The text goes into the template "Customer mail" and into the outbox; a second press of the same dialog sends nothing (W-8)."""
    _check(data)
    about = f"message-{data.once}"
    delay = settings().undo_seconds
    mail = write(
        w, MailKind.CUSTOMER_MAIL, order, about=about, subject=data.subject, message=data.message, language=data.language, delay=delay
    )
    if mail is None:
        return Done(_("The mail was written already."), changed=False)
    return Done(_("Mail written."), undo=Undo("hold-back-customer-mail", {"once": data.once}))


class HeldBack(Input):
    """`once`: the key of the dialog that wrote the mail."""

    once: DialogKey


@action(key="hold-back-customer-mail", label=_("Undo"), right=Right.EDIT, why_not=lambda _order: None, input=HeldBack)
def hold_back_customer_mail(w: Work, order: Order, data: HeldBack) -> Done:
    """The mail stays in the outbox while it still waits there (W-21)."""
    if not hold_back_about(w, order, MailKind.CUSTOMER_MAIL, f"message-{data.once}"):
        raise Refused(_("The mail is on its way or was sent. It can't be held back any more."))
    return Done(_("The mail is held back. It stays in the outbox."))


def preview_customer_mail(actor: Actor, number: str, values: dict[str, object]) -> tuple[str, str, str]:
    """Language, subject and text of the mail about the order `number`, which is not written. Raises Refused, Invalid, NotFound (W-8)."""
    actor.require(Right.EDIT)
    data = parse_input(CustomerMail, values)
    with reading() as session:
        order = order_of_number(session, number)
        texts = texts_of(session, MailKind.CUSTOMER_MAIL)
        wanted = next((code for code in (data.language, order.language, load_shop(session).regional.language) if code in texts), "en")
        shown = values_of(load_shop(session), order, wanted, documents=(), message=data.message, title=data.subject)
        rendered = render(texts[wanted], shown)
    return wanted, rendered.subject, rendered.body


def _check(data: CustomerMail) -> None:
    if not data.message:
        raise Invalid("message", _("Write a message first."))
    if data.language and data.language not in LANGUAGES:
        raise Invalid("language", _("There is no text in this language."))
