"""What a mail server or the network said, in words that tell a person what to do (M-3, M-4)."""

import re

from backoffice_app.i18n import LazyText, _

_UNREACHED = _("The mail server can't be reached. Check server and port; a firewall may be in between.")
CAUSES: list[tuple[re.Pattern[str], LazyText]] = [
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in [
        (
            r"^\[Errno (61|111)\]",
            _("Nothing answers at this server and port. Check both; 587 and 465 are usual."),
        ),
        (
            r"^\[Errno (-2|-3|-5|8)\]",
            _("No server of this name is known right now. Check how it is written."),
        ),
        (r"^(timed out|\[Errno (60|101|110|113)\])", _UNREACHED),
        (
            r"^STARTTLS extension not supported",
            _("The mail server knows no STARTTLS. Choose TLS with port 465."),
        ),
        (
            r"WRONG_VERSION_NUMBER",
            _("The mail server speaks no TLS at this port. Choose STARTTLS, or port 465."),
        ),
        (
            r"CERTIFICATE_VERIFY_FAILED",
            _(
                "The certificate of the mail server is not valid for this server. Check how its name is written."
            ),
        ),
        (r"^535 ", _("The mail server does not take this user with this password.")),
        (r"^53[048] ", _("The mail server asks for a login or for encryption first.")),
        (r"^SMTP AUTH extension not supported", _("The mail server takes no login without encryption.")),
        (r"^5\d\d 5\.1\.[1236] ", _("The mail server knows no such recipient.")),
        (r"^Connection unexpectedly closed", _("The mail server hung up. Check port and encryption.")),
        (
            r"^The mail server can't handle letters beyond ASCII",
            _("The mail server can't handle letters beyond ASCII in an address."),
        ),
    ]
]


def in_words(said: str) -> LazyText | None:
    """What `said` means and what to do; None where it is not known. The words of the server stay beside it."""
    return next((sentence for pattern, sentence in CAUSES if pattern.search(said)), None)
