"""The job that sends one mail (M-3)."""

import logging
import time
from collections.abc import Callable

from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from backoffice_app import printing
from backoffice_app.domain.mail import delivery
from backoffice_app.domain.mail.write import EARLY, JOB
from backoffice_app.gateways.smtp import Outcome, deliver, server_of
from backoffice_app.settings import settings

log = logging.getLogger("kontor.mail")


@DBOS.workflow(name=JOB)
def send_mail(mail_id: int, stamp: int) -> None:
    """Sends the mail if it still may go. Run twice, by whomever, it is sent once; died in the dialogue, it is unclear.

    There are no steps in it: what has to survive stands in the row of the mail, committed before the dialogue begins.
    """
    due = delivery.due_mail(mail_id, stamp)
    if due is None:
        delivery.begin_sending(mail_id, stamp)  # was it left in the dialogue by an earlier run of this job?
        return
    if not settings().smtp_url:
        delivery.mark_no_server(mail_id, stamp)
        return
    contents: list[bytes] = []
    for version_id, name in due.files:
        content = file_or_reason(version_id)
        if isinstance(content, str):
            delivery.mark_failed(mail_id, stamp, f"attachment {name}: {content}")
            return
        contents.append(content)
    try:
        server, message = server_of(settings().smtp_url), due.message(contents)
    except ValueError as error:  # a wrong KONTOR_SMTP_URL, or an address in the settings that is none
        delivery.mark_failed(mail_id, stamp, str(error))
        return
    time.sleep(min(max(delivery.seconds_until(due.mail), 0), EARLY))
    if delivery.begin_sending(mail_id, stamp):
        answer = deliver(server, due.sender, due.recipients, message, due.copies)
        log.info("Mail %s: %s %s", mail_id, answer.outcome.value, answer.said)
        AFTER[answer.outcome](mail_id, stamp, answer.said)


AFTER: dict[Outcome, Callable[[int, int, str], None]] = {
    Outcome.SENT: delivery.mark_sent,
    Outcome.RETRY: delivery.put_off,
    Outcome.FAILED: delivery.mark_failed,
    Outcome.UNCLEAR: delivery.mark_unclear,
}


def file_or_reason(version_id: int) -> bytes | str:
    """The PDF of a document version from the archive, rendered if it is not there yet; or why it can't be made.

    Whatever is wrong with a document holds its mail back by name; trouble with the database does not: it is raised.
    """
    try:
        return printing.file_of(version_id)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.exception("The file of document version %s can't be made", version_id)
        return str(error) or type(error).__name__
