"""A row of the outbox as the bytes that go over the wire; the same row gives the same bytes (M-3)."""

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from backoffice_app.domain.mail.kinds import MailKind
from backoffice_app.domain.mail.sender import from_header, read_sender, with_ascii_domain
from backoffice_app.domain.mail.write import addresses
from backoffice_app.models import OutboxMail


def message_of(mail: OutboxMail, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The whole mail as plain text with its PDFs. `files`: name and content of each, in order."""
    recipients = [with_ascii_domain(address) for address in addresses(mail.recipient)]
    name, sender = read_sender(mail.sender)
    answers = with_ascii_domain(mail.reply_to)
    written = [sender, answers, *recipients]
    message = EmailMessage(policy=(SMTP if all(address.isascii() for address in written) else SMTPUTF8).clone(refold_source="none"))
    message.set_raw("From", from_header(name, sender))  # as it is: the policy would read encoded words in a name, and lose its quotes
    message["To"] = ", ".join(recipients)
    if answers:
        message["Reply-To"] = answers
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Content-Language"] = mail.language
    if mail.kind != MailKind.CUSTOMER_MAIL:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines keep still
    message.set_content(mail.body)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    if files:
        message.set_boundary(f"kontor-{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}")
    return message.as_bytes()
