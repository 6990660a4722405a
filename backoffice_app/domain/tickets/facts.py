"""What happens to tickets, in their history and that of their order (T-6, T-7)."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyText, _


@fact
class TicketOpened(Fact):
    """A customer asked something."""

    about: ClassVar[About] = About.TICKET
    personal: ClassVar[frozenset[str]] = frozenset({"subject"})
    ticket: str
    subject: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The customer asked “{subject}”: ticket {ticket}.").format(
            subject=self.subject, ticket=self.ticket
        )


@fact
class TicketMessageReceived(Fact):
    """The customer wrote again."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The customer wrote again in ticket {ticket}.").format(ticket=self.ticket)


@fact
class TicketAnswered(Fact):
    """A colleague answered the customer."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} answered ticket {ticket}.").format(ticket=self.ticket)


@fact
class AnswerStopped(Fact):
    """An answer did not go out: it was held back, or the mail failed."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The answer in ticket {ticket} did not go out.").format(ticket=self.ticket)


@fact
class AnswerReleased(Fact):
    """An answer that had not gone out goes after all."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The answer in ticket {ticket} goes out after all.").format(ticket=self.ticket)


@fact
class MemoAdded(Fact):
    """A colleague noted something for colleagues."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} added a memo to ticket {ticket}.").format(ticket=self.ticket)


@fact
class TicketClosed(Fact):
    """A colleague closed a ticket."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} closed ticket {ticket}.").format(ticket=self.ticket)


@fact
class TicketReopened(Fact):
    """A colleague took up a ticket again that was closed, or marked as to do."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} reopened ticket {ticket}.").format(ticket=self.ticket)


@fact
class TicketToDo(Fact):
    """A colleague marked that something is to be done for a ticket."""

    about: ClassVar[About] = About.TICKET
    ticket: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} marked ticket {ticket} as to do.").format(ticket=self.ticket)


@fact
class TicketAssigned(Fact):
    """A ticket was given to a colleague. `to`: their name, "" where nobody has it any more."""

    about: ClassVar[About] = About.TICKET
    ticket: str
    to: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not self.to:
            return _("{actor} took the assignment of ticket {ticket} away.").format(ticket=self.ticket)
        return _("{actor} assigned ticket {ticket} to {name}.").format(ticket=self.ticket, name=self.to)
