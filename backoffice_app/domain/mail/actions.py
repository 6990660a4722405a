"""The buttons of the outbox as actions: send again, note as sent, hold back, release (M-3)."""

from backoffice_app.domain.core.actions import Done, NoInput, action
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import outbox
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.mail.server import NONE_SET
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.i18n import _
from backoffice_app.models import OutboxMail


@action(
    subject=MAIL,
    key="send-again",
    label=_("Send again"),
    right=Right.MAIL,
    why_not=lambda mail: outbox.why_not_send_again(mail.state),
    input=NoInput,
)
def send_again(w: Work, mail: OutboxMail, data: NoInput) -> Done:  # noqa: ARG001
    """Send the mail once more, to the address the order has now.

    A mail that was sent since it was shown does not go twice.
    """
    again = outbox.send_again(w, mail)
    if again.state == MailState.NO_SERVER:
        return Done(NONE_SET)
    return Done(_("The mail to {recipient} is on its way.").format(recipient=again.recipient))


@action(
    subject=MAIL,
    key="was-sent",
    label=_("Was sent"),
    right=Right.MAIL,
    why_not=lambda mail: outbox.why_not_confirm(mail.state),
    input=NoInput,
    even_if_changed=True,
)
def was_sent(w: Work, mail: OutboxMail, data: NoInput) -> Done:  # noqa: ARG001
    """Note of an unclear mail that it arrived."""
    outbox.was_sent(w, mail)
    return Done(_("Noted as sent."))


@action(
    subject=MAIL,
    key="hold-back",
    label=_("Hold back"),
    right=Right.MAIL,
    why_not=lambda mail: outbox.why_not_hold_back(mail.state),
    input=NoInput,
    even_if_changed=True,
)
def hold_back(w: Work, mail: OutboxMail, data: NoInput) -> Done:  # noqa: ARG001
    """Keep the mail in the outbox until it is released."""
    outbox.hold_back(w, mail)
    return Done(_("The mail is held back."))


@action(
    subject=MAIL,
    key="release",
    label=_("Release"),
    right=Right.MAIL,
    why_not=lambda mail: outbox.why_not_release(mail.state),
    input=NoInput,
    even_if_changed=True,
)
def release(w: Work, mail: OutboxMail, data: NoInput) -> Done:  # noqa: ARG001
    """Let a mail go that was held back."""
    outbox.release(w, mail)
    return Done(_("The mail is released."))
