"""The job that sends one mail (M-3)."""

import logging
import time
from collections.abc import Callable
from functools import partial

from backoffice_app import archive, drawing
from backoffice_app.domain.core.document_kinds import snapshot_from
from backoffice_app.domain.core.errors import Away, Busy, Unknown
from backoffice_app.domain.core.jobs import job
from backoffice_app.domain.mail import delivery
from backoffice_app.domain.mail.server import PasswordLost, chosen_server
from backoffice_app.domain.mail.shop_files import content_of
from backoffice_app.domain.mail.write import EARLY, JOB
from backoffice_app.gateways.smtp import Outcome, Server, deliver, server_of
from backoffice_app.models import ShopFile
from backoffice_app.settings import settings

log = logging.getLogger("kontor.mail")


@job(JOB)
def send_mail(mail_id: int, stamp: int) -> None:
    """Sends the mail if it still may go. Run twice, by whomever, it is sent once; died in the dialogue, it is unclear.

    There are no steps in it: what has to survive stands in the row of the mail, committed before the dialogue begins.
    """
    due = delivery.due_mail(mail_id, stamp)
    if due is None:
        delivery.begin_sending(mail_id, stamp)  # was it left in the dialogue by an earlier run of this job?
        return
    server = server_or_why_not(mail_id, stamp)
    if server is None:
        return
    contents: list[bytes] = []
    makers = [(name, partial(file_of, version_id)) for version_id, name in due.files]
    makers += [(name, partial(drawn, snapshot, name)) for snapshot, name in due.papers]
    makers += [(file.name, partial(kept, file)) for file in due.shop_files]
    for name, make in makers:
        try:
            contents.append(make())
        except TroubleOfOurOwn as trouble:
            delivery.put_off_at_home(mail_id, stamp, f"attachment {name}: {trouble}")
            return
        except CannotBeMade as broken:
            delivery.mark_failed(mail_id, stamp, f"attachment {name}: {broken}")
            return
    try:
        message = due.message(contents)
    except ValueError as error:  # an address in the settings that isn't one
        delivery.mark_failed(mail_id, stamp, str(error))
        return
    time.sleep(min(max(delivery.seconds_until(due.mail), 0), EARLY))
    if delivery.begin_sending(mail_id, stamp):
        answer = deliver(server, due.sender, due.recipients, message, due.copies)
        log.info("Mail %s: %s %s", mail_id, answer.outcome.value, answer.said)
        keep(lambda: AFTER[answer.outcome](mail_id, stamp, answer.said))


def server_or_why_not(mail_id: int, stamp: int) -> Server | None:
    """The server that the mail goes to now; None where it can't go, which is noted."""
    try:
        server = server_now()
    except PasswordLost as lost:
        delivery.put_off_at_home(mail_id, stamp, str(lost))
    except ValueError as error:  # a wrong KONTOR_SMTP_URL
        delivery.mark_failed(mail_id, stamp, str(error))
    else:
        if server is None:
            delivery.mark_no_server(mail_id, stamp)
        return server
    return None


def server_now() -> Server | None:
    """The server of the environment, else the one that the owner chose, as it is now; None for neither.

    Raises PasswordLost, Away, ValueError for a wrong KONTOR_SMTP_URL.
    """
    if settings().smtp_url:
        return server_of(settings().smtp_url)
    chosen, password = chosen_server()
    tls = {"STARTTLS": "starttls", "TLS": "tls"}.get(chosen.tls, "")
    return Server(chosen.host, chosen.at, chosen.user, password, tls, SILENCE) if chosen.host else None


SILENCE = 30.0
"""Seconds without an answer after which a server that the owner chose counts as gone."""
AFTER: dict[Outcome, Callable[[int, int, str], None]] = {
    Outcome.SENT: delivery.mark_sent,
    Outcome.RETRY: delivery.put_off,
    Outcome.FAILED: delivery.mark_failed,
    Outcome.UNCLEAR: delivery.mark_unclear,
}


def keep(answer: Callable[[], None]) -> None:
    """The server's answer is in the database, however long that takes: without it a mail that arrived would be unclear.

    May be done twice: what became of a mail is noted once. The last attempt's error is raised; the mail is unclear
    then.
    """
    for pause in PATIENCE:
        try:
            return answer()
        except (Away, Busy, Unknown) as error:
            log.warning("The answer of the mail server could not be noted and is tried again: %s", error)
            time.sleep(pause)
    return answer()


PATIENCE = (0.2, 1, 2, 5, 10, *[15] * 40)
"""Seconds between attempts to note an answer: some ten minutes in all."""


class TroubleOfOurOwn(Exception):  # noqa: N818
    """This machine could not make the file now: no room, no handles, a share that is away. It says which."""


class CannotBeMade(Exception):  # noqa: N818
    """The file can never be made as things are: a bug, or data that is wrong. It says why."""


def file_of(version_id: int) -> bytes:
    """The PDF of a document version from the archive, rendered if it is not there yet.

    Raises TroubleOfOurOwn, CannotBeMade.

    Trouble with the database is raised as it is: the mail waits, and another job takes it up.
    """
    return _made(f"the file of document version {version_id}", lambda: archive.file_of(version_id))


def drawn(snapshot: str, name: str) -> bytes:
    """The PDF of a paper that goes along as it was when the mail was written. Raises TroubleOfOurOwn, CannotBeMade."""
    return _made(f"the paper {name}", lambda: drawing.drawn(snapshot_from(snapshot)))


def kept(file: ShopFile) -> bytes:
    """A file that the shop keeps. Raises TroubleOfOurOwn, CannotBeMade."""
    return _made(f"the file {file.name}", lambda: content_of(file))


def _made(what: str, make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except (Away, Busy, Unknown):
        raise
    except Exception as error:
        if (cause := trouble_behind(error)) is not None:
            log.warning("%s can't be made now: %s", what, cause)
            raise TroubleOfOurOwn(_said(cause)) from error
        log.exception("%s can't be made", what)
        raise CannotBeMade(str(error) or type(error).__name__) from error


def trouble_behind(error: BaseException) -> OSError | MemoryError | None:
    """The system's own error that `error` is, or was raised from; None if there isn't one."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, OSError | MemoryError):
            return cause
        seen.add(id(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return None


def _said(error: OSError | MemoryError) -> str:
    """What it was, without the paths of this machine."""
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
