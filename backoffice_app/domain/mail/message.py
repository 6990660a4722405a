"""A row of the outbox as the bytes that go over the wire; the same row gives the same bytes (M-3)."""

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr, parseaddr

from backoffice_app.domain.mail.kinds import MailKind
from backoffice_app.domain.mail.write import addresses, with_ascii_domain
from backoffice_app.models import OutboxMail


def message_of(mail: OutboxMail, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The whole mail as plain text with its PDFs. `files`: name and content of each, in order."""
    recipients = [with_ascii_domain(address) for address in addresses(mail.recipient)]
    name, sender = parseaddr(mail.sender)
    envelope = [sender, *recipients]
    message = EmailMessage(policy=SMTP if all(address.isascii() for address in envelope) else SMTPUTF8)
    message["From"] = formataddr((name, sender))  # encodes the name itself: the policy stumbles over letters in quotes
    message["To"] = ", ".join(recipients)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
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
