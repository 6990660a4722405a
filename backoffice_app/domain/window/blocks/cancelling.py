"""What cancelling an order, or the rest of it, will do, in numbers and before it is done (W-13)."""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from backoffice_app.domain.core.actions import Done, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Dialog, add_dialog
from backoffice_app.i18n import _
from backoffice_app.models import OutboxMail

CANCEL, REST = "cancel", "cancel-rest"


@dataclass(frozen=True)
class CancelView:
    """`will`: what will happen, a sentence each, found out by doing it and taking it back; `refused`: why it can't, or
    "".

    `choices`: (value, what it does in figures) of what becomes of the money that is too much then; none where nothing
    is.
    `letter`: subject, text and language of the mail as it would go without a reason; empty where none goes.
    """

    number: str = ""
    will: list[str] = field(default_factory=list)
    refused: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    letter: list[str] = field(default_factory=list)


def read_cancel(look: Look, which: str) -> CancelView:  # noqa: ARG001
    """What `Cancel order` will do."""
    return replace(_foreseen(look, CANCEL, {"mail": False}), letter=_letter(look, CANCEL, {}))


def read_cancel_rest(look: Look, which: str) -> CancelView:  # noqa: ARG001
    """What `Cancel the rest` will do, and by each choice of what becomes of the money, in figures."""
    offered = ("refund", "credit", "lines") if look.order.customer_id is not None else ("refund", "lines")
    by_choice = {money: _foreseen(look, REST, {"money": money, "mail": False}) for money in offered}
    always = [one for one in by_choice["refund"].will if one in by_choice["lines"].will]
    says = {
        money: " ".join(one for one in view.will if one not in always) for money, view in by_choice.items()
    }
    choices = [(money, text) for money, text in says.items() if text]
    return replace(
        by_choice["lines"], will=always, choices=choices, letter=_letter(look, REST, {"money": "refund"})
    )


def _foreseen(look: Look, key: str, values: dict[str, object]) -> CancelView:
    try:
        done = preview(look.actor, key, look.order.id or 0, values)
    except (Refused, Invalid) as no:
        return CancelView(look.order.number, refused=look.text(no.reason))
    return CancelView(look.order.number, [look.text(one) for one in done.told])


def _letter(look: Look, key: str, values: dict[str, object]) -> list[str]:
    """The mail that the action writes when the dialog is sent as it opens; none for who may not see the amounts in it
    (SEC-4).
    """
    found: list[str] = []

    def read(w: Work, _done: Done) -> None:
        for number in w.results.get("mails", ())[:1]:
            mail = w.session.get_one(OutboxMail, int(number))
            found.extend((mail.subject, mail.body, mail.language))

    if look.sees_prices:
        with suppress(Refused, Invalid):  # said above it
            preview(look.actor, key, look.order.id or 0, {**values, "mail": True}, then=read)
    return found


add_dialog(Dialog(CANCEL, CANCEL, read=read_cancel))
add_dialog(Dialog(REST, REST, read=read_cancel_rest, title=_("Cancel the rest")))
