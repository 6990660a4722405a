"""The mail that an action would write, for the dialog that asks about it (M-6)."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from backoffice_app.domain.core.actions import Done, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.window.look import Look
from backoffice_app.models import OutboxMail


def mail_of(look: Look, key: str, values: Mapping[str, object]) -> list[str]:
    """Subject, text and language of the first mail that the action `key` with these values writes; nothing is kept.

    Empty where it writes none, where it is refused, and for who may not see the amounts in it (SEC-4).
    """
    found: list[str] = []
    if look.sees_prices:
        with suppress(Refused, Invalid):  # said when it is sent
            preview(
                look.actor, key, look.order.id or 0, {**values, "mail": True}, then=first_mail_into(found)
            )
    return found


def first_mail_into(found: list[str]) -> Callable[[Work, Done], None]:
    """What `preview` is to do before it takes all back: add subject, text and language of the first mail to `found`."""

    def read(w: Work, _done: Done) -> None:
        for number in w.results.get("mails", ())[:1]:
            mail = w.session.get_one(OutboxMail, int(number))
            found.extend((mail.subject, mail.body, mail.language))

    return read
