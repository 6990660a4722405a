"""Customers: what a colleague writes to them (W-8)."""

import secrets
from typing import Annotated, ClassVar

from pydantic import Field, field_validator
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import SAID, Done, Input, Undo, action, parse_input
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import LANGUAGES, undo_writing, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.shop_files import ShopFileView, files_of
from backoffice_app.domain.mail.templates import texts_of
from backoffice_app.domain.mail.values import values_of
from backoffice_app.domain.mail.write import letter_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.addressee import language_of
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.domain.order.whole import order_of_number
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, OutboxMail
from backoffice_app.settings import settings

DialogKey = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""The key of an opened dialog: what it does is done once, however often it is pressed."""


class CustomerMail(Input):
    """`message`: needed; `language`: one of LANGUAGES, the customer's if empty.

    `once`: the key of the opened dialog, which sends one mail however often it is pressed; a new one each time if it is
    left out. `attachments`: the numbers of the order's documents that go along, and the names of the shop's files.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    once: DialogKey = Field(default_factory=lambda: secrets.token_urlsafe(16))
    subject: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=20_000)
    language: str = Field(default="", max_length=10)
    attachments: tuple[str, ...] = Field(default=(), max_length=100)

    @field_validator("attachments", mode="before")
    @classmethod
    def _ticked(cls, value: object) -> object:
        """A form sends each box that is ticked by its name: {"RE-2026-0001": "on"}."""
        return [name for name, tick in value.items() if tick == "on"] if isinstance(value, dict) else value


def why_not_customer_mail(order: Order) -> LazyText | None:
    """W-8: whatever has become of the order, its customer can be written to."""
    return None if order.email else _("The customer has no e-mail address.")


@action(
    subject=ORDER,
    key="customer-mail",
    label=_("Customer mail"),
    right=Right.EDIT,
    why_not=why_not_customer_mail,
    input=CustomerMail,
    asks="must",
    shortcut="m",
)
def send_customer_mail(w: Work, order: Order, data: CustomerMail) -> Done:
    """The text goes into the template "Customer mail" and into the outbox; a second press of the same dialog sends
    nothing (W-8).
    """
    _check(data)
    documents, files = _attached(w, order, data.attachments)
    mail = write(
        w,
        mail_kinds.CUSTOMER_MAIL,
        order,
        about=f"message-{data.once}",
        documents=documents,
        files=files,
        subject=data.subject,
        message=data.message,
        language=data.language,
        delay=settings().undo_seconds,
        always=True,
    )
    if mail is None:
        _require_written(w, order, data)
        return Done(_("The mail was written already."), changed=False)
    return Done(SAID, undo=Undo("hold-back-customer-mail", {"once": data.once}))


def _require_written(w: Work, order: Order, data: CustomerMail) -> None:
    """Raises Refused where no press of this dialog has written a mail."""
    key = f"order/{order.id}/{mail_kinds.CUSTOMER_MAIL.key}/message-{data.once}"
    if w.session.exec(select(OutboxMail.id).where(OutboxMail.key == key)).first() is not None:
        return
    if not addresses(order.email):
        raise Refused(_("The customer's e-mail address can't be used: {email}").format(email=order.email))
    raise Refused(
        _(
            "The mail “{kind}” is switched off, so nothing was sent. "
            "It is switched on at Service > Automatic e-mails."
        ).format(kind=mail_kinds.CUSTOMER_MAIL.label)
    )


def _attached(w: Work, order: Order, names: tuple[str, ...]) -> tuple[list[Document], list[int]]:
    """The documents of these numbers, and the ids of the shop's files of these names.

    Raises Invalid for one that is neither.
    """
    known = {document.number: document for document in order.documents}
    others = [name for name in dict.fromkeys(names) if name not in known]
    files = {one.name: int(one.id) for one in files_of(w.session)} if others else {}
    if missing := next((name for name in others if name not in files), None):
        raise Invalid("attachments", _("The order has no invoice {number}.").format(number=missing))
    return [known[name] for name in dict.fromkeys(names) if name in known], [files[name] for name in others]


class HeldBack(Input):
    """`once`: the key of the dialog that wrote the mail."""

    once: DialogKey


@action(
    subject=ORDER,
    key="hold-back-customer-mail",
    label=_("Undo"),
    right=Right.EDIT,
    why_not=lambda _order: None,
    input=HeldBack,
    offered=False,
)
def hold_back_customer_mail(w: Work, order: Order, data: HeldBack) -> Done:
    """The mail stays in the outbox while it still waits there (W-21)."""
    return undo_writing(w, order, mail_kinds.CUSTOMER_MAIL, f"message-{data.once}")


def preview_customer_mail(actor: Actor, number: str, values: dict[str, object]) -> tuple[str, str, str]:
    """Language, subject and text of the mail about the order `number`, which is not written.

    Raises Refused, Invalid, NotFound (W-8).
    """
    actor.require(Right.EDIT)
    data = parse_input(CustomerMail, values)
    with reading() as session:
        order = order_of_number(session, number)
        texts = texts_of(session, mail_kinds.CUSTOMER_MAIL)
        shop = load_shop(session)
        wanted = data.language if data.language in texts else language_of(session, shop, order, texts)
        methods = methods_of_order(session, order)
        shown = values_of(
            shop, order, wanted, methods, documents=(), message=data.message, title=data.subject
        )
        rendered = letter_of(shop, mail_kinds.CUSTOMER_MAIL, texts[wanted], wanted, values=shown, more={})
    return wanted, rendered.subject, rendered.body


def files_for_mails(actor: Actor) -> list[ShopFileView]:
    """The shop's files that a colleague can send along."""
    actor.require(Right.EDIT)
    with reading() as session:
        return files_of(session)


def _check(data: CustomerMail) -> None:
    if not data.message:
        raise Invalid("message", _("Write a message first."))
    if data.language and data.language not in LANGUAGES:
        raise Invalid("language", _("There is no text in this language."))
