"""What happens to a mail, in the history of its order (M-5)."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.mail.kinds import kind_name
from backoffice_app.i18n import LazyText, _


@fact
class MailWritten(Fact):
    """A mail to the customer was put into the outbox. `mail`: its id."""

    about: ClassVar[About] = About.MAIL
    personal: ClassVar[frozenset[str]] = frozenset({"recipient"})
    mail: int
    kind: str
    recipient: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The mail “{kind}” to {recipient} was put into the outbox.").format(
            kind=kind_name(self.kind), recipient=self.recipient
        )


@fact
class MailNotWritten(Fact):
    """A mail was due, but the order has no usable e-mail address."""

    about: ClassVar[About] = About.MAIL
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("No mail “{kind}” was written: the order has no usable e-mail address.").format(
            kind=kind_name(self.kind)
        )


@fact
class MailSwitchedOff(Fact):
    """A mail was due, but the mails to the customer are switched off (M-6)."""

    about: ClassVar[About] = About.MAIL
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("No mail “{kind}” was written: the mails to this customer are switched off.").format(
            kind=kind_name(self.kind)
        )


@fact
class MailSent(Fact):
    """The mail server took the mail."""

    about: ClassVar[About] = About.MAIL
    personal: ClassVar[frozenset[str]] = frozenset({"recipient"})
    mail: int
    kind: str
    recipient: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The mail “{kind}” was sent to {recipient}.").format(
            kind=kind_name(self.kind), recipient=self.recipient
        )


@fact
class MailFailed(Fact):
    """The mail was refused for good, or a file that belongs to it can't be made.

    `reason`: as the server or the renderer said it.
    """

    about: ClassVar[About] = About.MAIL
    personal: ClassVar[frozenset[str]] = frozenset({"reason"})  # servers repeat the address in their answers
    mail: int
    kind: str
    reason: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The mail “{kind}” could not be sent: {reason}").format(
            kind=kind_name(self.kind), reason=self.reason
        )


@fact
class MailUnclear(Fact):
    """The mail was handed over and no answer came: nobody knows whether it arrived (M-3)."""

    about: ClassVar[About] = About.MAIL
    mail: int
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _(
            "Whether the mail “{kind}” was sent is unclear: the connection broke in the middle. Look at it "
            "in the outbox."
        )
        return text.format(kind=kind_name(self.kind))


@fact
class MailHeldBack(Fact):
    """A mail that still waited was held back."""

    about: ClassVar[About] = About.MAIL
    mail: int
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} held back the mail “{kind}”.").format(kind=kind_name(self.kind))


@fact
class MailReleased(Fact):
    """A mail that was held back may go after all."""

    about: ClassVar[About] = About.MAIL
    mail: int
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} released the mail “{kind}”.").format(kind=kind_name(self.kind))


@fact
class MailSentAgain(Fact):
    """A person asked for the mail to be sent again."""

    about: ClassVar[About] = About.MAIL
    personal: ClassVar[frozenset[str]] = frozenset({"recipient"})
    mail: int
    kind: str
    recipient: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} put the mail “{kind}” to {recipient} into the outbox again.")
        return text.format(kind=kind_name(self.kind), recipient=self.recipient)


@fact
class MailConfirmed(Fact):
    """A person said of an unclear mail that it was sent."""

    about: ClassVar[About] = About.MAIL
    mail: int
    kind: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} noted that the mail “{kind}” was sent.").format(kind=kind_name(self.kind))
