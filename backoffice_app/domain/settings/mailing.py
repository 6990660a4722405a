"""Settings > Mail: who mails come from and where answers go (M-4)."""

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import Mailing
from backoffice_app.domain.mail.sender import comes_back, read_sender, with_ascii_domain, written_sender
from backoffice_app.domain.settings.checks import email, emails, public_email
from backoffice_app.domain.settings.section import section
from backoffice_app.i18n import _


def sender(value: str) -> str:
    """An address, or a name with its address: "Hafen & Haus <shop@example.com>".

    Only what mails will really be from is taken, and no address that customers could not answer to.
    """
    name, address = read_sender(value)
    if not name and "<" not in value:
        return public_email(value)
    several = any("@" in part and _is_email(part.strip()) for part in name.replace(";", ",").split(","))
    if several or set(name) & set("<>") or not comes_back(name, with_ascii_domain(public_email(address))):
        raise Invalid("", _("Write an address, or a name and the address: My shop <shop@example.com>."))
    return written_sender(name, public_email(address))


def reply_to(value: str) -> str:
    """One address; before the @ in ASCII, which every mail server takes in a header."""
    address = public_email(value)
    if not address.rpartition("@")[0].isascii():
        raise Invalid(
            "", _("“{value}” has letters before the @ that not every mail server knows.").format(value=value)
        )
    return address


def _is_email(value: str) -> bool:
    try:
        return bool(email(value))
    except Invalid:
        return False


MAILING = section(
    "mailing",
    _("Mail"),
    Mailing,
    labels={"sender": _("Sender"), "reply_to": _("Answers go to"), "bcc": _("Blind copy of every mail")},
    checks={"sender": sender, "reply_to": reply_to, "bcc": emails},
)
