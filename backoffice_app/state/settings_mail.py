"""Settings > Mail: the test mail with what became of it, mails that did not leave yet, and the files of the shop (M-1,
M-4).
"""

from dataclasses import dataclass, field

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS as SUBJECT
from backoffice_app.domain.mail.queries import mail_view
from backoffice_app.domain.mail.shop_files import LOGO, ShopFileView, files_of
from backoffice_app.domain.mail.unsent import count_unsent, send_unsent
from backoffice_app.i18n import _
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.settings_shop import SETTINGS, ShopState

Answer = list[EventSpec] | EventSpec | None


@dataclass(frozen=True)
class Sent:
    """What became of the test mail: tone and mark of its badge, its state, what went wrong and what the server said,
    where it stands in the outbox.
    """

    id: int = 0
    tone: str = "neutral"
    mark: str = "circle"
    state: str = ""
    cause: str = ""
    said: str = ""
    url: str = ""


@dataclass(frozen=True)
class MailFiles:
    """The files of the shop."""

    logo: list[ShopFileView] = field(default_factory=list)
    files: list[ShopFileView] = field(default_factory=list)


class MailSettingsState(rx.State):
    """What stands on the page beside the form."""

    kept: MailFiles = MailFiles()
    unsent: int = 0
    """How many mails no server took yet."""
    sent: Sent = Sent()
    wrong: str = ""
    """Why no test mail was written."""

    @rx.event
    @needs(Right.SETTINGS)
    async def load(self) -> None:
        """The files as they are now."""
        self.sent, self.wrong = Sent(), ""
        await self._read()
        hub.watch(self, "outbox", MailSettingsState.follow)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.SETTINGS)
    async def follow(self) -> None:
        """Something became of a mail; maybe of the test mail."""
        self.unsent = await look(_unsent, await actor_of(self))
        if self.sent.id:
            self.sent = await look(_sent, await actor_of(self), self.sent.id)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def try_it(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """Writes a test mail; what becomes of it is shown as soon as it is known."""
        actor, given = await actor_of(self), {"recipient": str(values.get("recipient", ""))}
        if (await self.get_state(ShopState)).unsaved:
            first = _("Save your changes first: the test mail goes by what is saved.")
            self.sent, self.wrong = Sent(), first.in_language(actor.language)
            return None
        try:
            done = await act(perform, actor, "send-test-mail", 0, given, subject=SUBJECT)
        except (Invalid, Refused) as no:
            self.sent, self.wrong = Sent(), no.reason.in_language(actor.language)
            return None
        self.wrong = ""
        self.sent = await look(_sent, actor, int(done.made["mails"][0]))
        return None

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def send_unsent(self, about: str) -> Answer:  # noqa: ARG002
        """The mails that no server took yet go now."""
        try:
            sent, left = await act(send_unsent, await actor_of(self))
        except Refused as no:
            return notices.tell(no.reason, notices.REFUSED)
        await self._read()
        return notices.tell(
            _("Mails on their way: {sent}. Not sent yet: {left}.").format(sent=sent, left=left)
        )

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(SETTINGS)
    async def remove(self, about: str, file: str) -> Answer:  # noqa: ARG002
        """A file goes along with no mail any more."""
        try:
            done = await act(
                perform, await actor_of(self), "retire-shop-file", 0, {"file": str(file)}, subject=SUBJECT
            )
        except (Invalid, NotFound, Refused):
            await self._read()
            return None
        await self._read()
        return notices.tell(done.message)

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.kept, self.unsent = await look(_files, actor), await look(_unsent, actor)


def _files(actor: Actor) -> MailFiles:
    actor.require(Right.SETTINGS)
    with reading() as session:
        return MailFiles(files_of(session, LOGO), files_of(session))


def _unsent(actor: Actor) -> int:
    actor.require(Right.SETTINGS)
    with reading() as session:
        return count_unsent(session)


def _sent(actor: Actor, id_: int) -> Sent:
    with reading() as session:
        mail = mail_view(session, id_, actor, actor.language)
    return Sent(id_, mail.tone, mail.mark, mail.state, mail.cause, mail.error, f"/outbox?mail={id_}")
