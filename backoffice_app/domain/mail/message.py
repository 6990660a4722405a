"""A row of the outbox as the bytes that go over the wire; the same row gives the same bytes (M-3)."""

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.mail.sender import from_header, read_sender, with_ascii_domain
from backoffice_app.domain.mail.shop_files import media_type_of
from backoffice_app.models import OutboxMail


def message_of(mail: OutboxMail, files: Sequence[tuple[str, bytes]], logo: bytes | None = None) -> bytes:
    """The whole mail: plain text, beside it the same as HTML where the row has it, and its PDFs.

    `files`: name and content of each, in order; `logo`: the picture that the HTML names as `cid:logo`.
    """
    recipients = [with_ascii_domain(address) for address in addresses(mail.recipient)]
    name, sender = read_sender(mail.sender)
    answers = with_ascii_domain(mail.reply_to)
    written = [sender, answers, *recipients]
    base = SMTP if all(address.isascii() for address in written) else SMTPUTF8
    message = EmailMessage(
        policy=base.clone(refold_source="none", cte_type="7bit")
    )  # not every server was told of 8-bit letters
    message.set_raw(
        "From", from_header(name, sender)
    )  # as it is: the policy would read encoded words in a name, and lose its quotes
    message["To"] = ", ".join(recipients)
    if answers:
        message["Reply-To"] = answers
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message.set_raw(
            "In-Reply-To", mail.in_reply_to
        )  # as they are: the policy would break a long one into encoded words
    if mail.refers_to:
        message.set_raw("References", "\r\n ".join(mail.refers_to.split()))
    kind = MAIL_KINDS.get(mail.kind)
    if kind is None or not kind.by_hand:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines keep still
    message.set_content(mail.body)
    if mail.html:
        _add_html(message, mail, logo)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    message["Content-Language"] = (
        mail.language
    )  # last: what sets and adds contents drops it, or takes it along into the first part
    several = [part for part in message.walk() if part.is_multipart()]
    for at, part in enumerate(several):  # the same row gives the same bytes
        part.set_boundary(f"kontor-{hashlib.sha256(f'{mail.key}/{at}'.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _add_html(message: EmailMessage, mail: OutboxMail, logo: bytes | None) -> None:
    """The mail as HTML beside its text, with the logo in it."""
    message.add_alternative(mail.html, subtype="html")
    if logo is None:
        return
    kind = media_type_of(logo).removeprefix("image/")
    _text, shown = message.iter_parts()
    shown.add_related(logo, "image", kind, cid="<logo>", filename=f"logo.{kind}", disposition="inline")
