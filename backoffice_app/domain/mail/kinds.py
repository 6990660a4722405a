"""The kinds of mail, the states one can be in, and their names."""

from enum import StrEnum

from backoffice_app.i18n import LazyText, _

LANGUAGES = ("en", "de", "nl", "fr")
"""Languages that have built-in texts for every kind."""


class MailKind(StrEnum):
    """What a mail is about; also the name of its template (M-1)."""

    ORDER_CONFIRMATION = "order-confirmation"
    INVOICE = "invoice"
    SHIPPED = "shipped"
    TRACKING = "tracking"
    PAYMENT_RECEIVED = "payment-received"
    CUSTOMER_MAIL = "customer-mail"


KIND_NAMES: dict[str, LazyText] = {
    MailKind.ORDER_CONFIRMATION: _("Order confirmation"),
    MailKind.INVOICE: _("Invoice"),
    MailKind.SHIPPED: _("Order shipped"),
    MailKind.TRACKING: _("Tracking"),
    MailKind.PAYMENT_RECEIVED: _("Payment received"),
    MailKind.CUSTOMER_MAIL: _("Customer mail"),
}


class MailState(StrEnum):
    """How far a mail has come (M-3, M-4)."""

    WAITING = "waiting"  # for the worker, and for the time in which it can be held back
    SENDING = "sending"  # the dialogue with the mail server may be going on
    SENT = "sent"  # the mail server said yes
    RETRYING = "retrying"  # nothing was handed over; it is tried again
    FAILED = "failed"  # the mail server said no, or a promised file can't be made
    UNCLEAR = "unclear"  # handed over and no answer came: a person decides
    WITHHELD = "withheld"  # held back by a person
    NO_SERVER = "no-server"  # there was no mail server to hand it to


STATE_NAMES: dict[str, LazyText] = {
    MailState.WAITING: _("Waiting"),
    MailState.SENDING: _("Being sent"),
    MailState.SENT: _("Sent"),
    MailState.RETRYING: _("Retrying"),
    MailState.FAILED: _("Failed"),
    MailState.UNCLEAR: _("Unclear"),
    MailState.WITHHELD: _("Held back"),
    MailState.NO_SERVER: _("Not sent, no mail server"),
}


def kind_name(kind: str) -> LazyText:
    """The name of a kind for a person; one that is no longer known reads as it was stored."""
    return KIND_NAMES.get(kind) or LazyText(kind)
