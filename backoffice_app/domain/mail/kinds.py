"""The registry of kinds of mail, the states one can be in, and their names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from backoffice_app.formats import format_day, format_money, format_quantity, is_pieces
from backoffice_app.i18n import MAIL_LANGUAGES, LazyText, _
from backoffice_app.registry import Registry, require_takes

LANGUAGES = MAIL_LANGUAGES
"""Languages that have built-in texts for every kind of ours."""
TEXTS = Path(__file__).parent / "texts"
Texts = Path | Mapping[str, str]
"""Where the texts of a kind are: a folder with `<language>/<key>.txt`, or language -> text.

The first line is the subject.
"""
MoreValues = Callable[[Any, str], Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class MailKind:
    """What a mail is about; its key is the name of its template (M-1).

    `texts`: language -> text. `values(order, language)`: names that its texts may use besides those of `values.py`.
    `by_hand`: a colleague sends it, from a dialog that shows it first; it does not go by itself, and answering machines
    may answer it (RFC 3834).
    """

    key: str
    label: LazyText
    texts: Mapping[str, str]
    values: MoreValues | None = None
    by_hand: bool = False


MAIL_KINDS: Registry[MailKind] = Registry("mail kind")
"""Key -> kind of mail."""


def mail_kind(
    key: str,
    label: LazyText,
    *,
    texts: Texts = TEXTS,
    values: MoreValues | None = None,
    by_hand: bool = False,
) -> MailKind:
    """Registers a kind of mail; returns it.

    Raises ValueError for a key that is taken, a kind without an English text, a text without subject or body, and other
    `values`.
    """
    if values is not None:
        require_takes(f"The mail kind {key!r}", values, "order", "language")
    read = _read(key, texts) if isinstance(texts, Path) else dict(texts)
    if "en" not in read:
        raise ValueError(f"The mail kind {key!r} needs an English text.")
    for language, text in read.items():
        subject, _blank, body = text.partition("\n\n")
        if not subject.strip() or not body.strip():
            raise ValueError(
                f"The text of the mail kind {key!r} in {language!r} needs a subject, an empty line, and a body."
            )
    return MAIL_KINDS.add(key, MailKind(key, label, read, values, by_hand))


def _read(key: str, folder: Path) -> dict[str, str]:
    return {file.parent.name: file.read_text("utf-8") for file in sorted(folder.glob(f"*/{key}.txt"))}


def refund_values(order: Any, language: str) -> Mapping[str, object]:
    """What a mail says of the refund that was booked last: `refund.amount`, and `refund.method` where that says how it
    comes back.

    Where there isn't one, as in the preview of the template, it is of all that was paid. A method such as an invoice
    says how to pay, not how the money comes back.
    """
    done = [one for one in order.refunds if one.state == "done"]
    if not done:
        return {
            "refund": {
                "amount": format_money(order.paid or order.total, order.currency, language),
                "method": "",
            }
        }
    last = max(done, key=lambda one: (one.settled_at, one.id))
    says_how = order.payment_by_provider or last.method != order.payment_method_name
    method = " ".join(last.method.split()) if says_how else ""
    return {"refund": {"amount": format_money(last.amount, order.currency, language), "method": method}}


def rest_values(order: Any, language: str) -> Mapping[str, object]:
    """What a mail says of the rest that was cancelled: `rest.lines` with `quantity` and `name`; `rest.refund` or
    `rest.credit`, else "".

    These are of all that was cancelled as the order stands, or could be, as in the preview; anyone who cancels gives
    its own.
    """
    pieces = [(line, line.cancelled) for line in order.lines if line.cancelled]
    return {"rest": rest_of(pieces or [(line, line.ordered) for line in order.lines], language)}


def rest_of(
    pieces: Sequence[tuple[Any, Decimal]], language: str, *, refund: str = "", credit: str = ""
) -> Mapping[str, object]:
    """The values of `rest_values` for these quantities of lines; `refund`, `credit`: the amount that goes back or is
    kept.
    """
    lines = [
        {"quantity": _counted(line, quantity, language), "name": " ".join(line.name.split())}
        for line, quantity in pieces
    ]
    return {"lines": lines, "refund": refund, "credit": credit}


def _counted(line: Any, quantity: Decimal, language: str) -> str:
    """ "2 ×" or "1.5 m", as in all other mails."""
    number = format_quantity(quantity, line.unit, language)
    return f"{number} ×" if is_pieces(line.unit) else number


def reminder_values(order: Any, language: str) -> Mapping[str, object]:
    """What a reminder says besides: its `level` from "1", the `amount` that is open, since when it is `due`, and
    `pay_by`.

    These are of a first reminder as the order stands; the action that sends one gives its own.
    """
    amount = format_money(order.open_amount, order.currency, language)
    due = format_day(order.due_on, language) if order.due_on else ""
    return {"reminder": {"level": "1", "amount": amount, "due": due, "pay_by": ""}}


ORDER_CONFIRMATION = mail_kind("order-confirmation", _("Order confirmation"))
INVOICE = mail_kind("invoice", _("Invoice"))
CREDIT_NOTE = mail_kind("credit-note", _("Credit note"))
SHIPPED = mail_kind("shipped", _("Order shipped"))
TRACKING = mail_kind("tracking", _("Tracking"))
READY_FOR_PICKUP = mail_kind("ready-for-pickup", _("Ready for pick-up"))
PAYMENT_RECEIVED = mail_kind("payment-received", _("Payment received"))
RETURN_REGISTERED = mail_kind("return-registered", _("Return registered"))
RETURN_CHANGED = mail_kind("return-changed", _("Return status changed"))
REFUND_MADE = mail_kind("refund-made", _("Refund made"), values=refund_values)
WITHDRAWAL_RECEIVED = mail_kind("withdrawal-received", _("Withdrawal received"))
ORDER_CANCELLED = mail_kind("order-cancelled", _("Order cancelled"))
REST_CANCELLED = mail_kind("rest-cancelled", _("Rest of the order cancelled"), values=rest_values)
ORDER_STATUS = mail_kind("order-status", _("Order status"), by_hand=True)
REMINDER = mail_kind("reminder", _("Payment reminder"), values=reminder_values, by_hand=True)
CUSTOMER_MAIL = mail_kind("customer-mail", _("Customer mail"), by_hand=True)
TEST = "test"
"""The kind of a mail that only shows whether mails arrive (M-4)."""


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
    if kind == TEST:
        return _("Test mail")
    known = MAIL_KINDS.get(kind)
    return known.label if known else LazyText(kind)
