"""Passwords: how they are kept, checked and judged (SEC-1)."""

import unicodedata
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

SHORTEST, LONGEST = 12, 1000
DEMO_PASSWORD = "kontor-demo"  # noqa: S105  # shorter than any real one may be, and good for nothing outside the demo
AT_ONCE = 4
"""How many are hashed at the same time: each takes 64 MiB and all cores for a fifth of a second or more."""

_ARGON2 = PasswordHash.recommended()
_SLOTS = BoundedSemaphore(AT_ONCE)
# The hash of a random text that nobody knows: checked where there is no such colleague, so that both take the same
# time.
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$4cEKAewYC85HLSsn93J6ug$BCnSLCoXcAbUNH19awqhs37SjAhTSDjJyBiqMclECUk"


def require_good(password: str, email: str = "") -> None:
    """Raises Invalid for a password that is too short, too long, or the e-mail itself. No rules about its letters."""
    if len(password) < SHORTEST:
        raise Invalid("password", _("The password needs at least {count} characters.").format(count=SHORTEST))
    if len(password) > LONGEST:
        raise Invalid(
            "password", _("The password may have at most {count} characters.").format(count=LONGEST)
        )
    if password.strip().lower() in {email.lower(), password[0] * len(password)}:
        raise Invalid("password", _("This password is too easy to guess."))


def are_same(one: str, other: str) -> bool:
    """Whether both open the same account: they differ at most in how letters are composed."""
    return _normal(one) == _normal(other)


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    with _SLOTS:
        return _ARGON2.hash(_normal(password))


def check(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether this is the password of the hash `kept`, and a new hash where that one is of an older make.

    None (there is no such colleague) is never right, and takes as long.
    """
    too_long = len(password) > LONGEST
    with _SLOTS:
        is_right, renewed = _ARGON2.verify_and_update("" if too_long else _normal(password), kept or NOBODYS)
    return is_right and kept is not None and not too_long, renewed


def _normal(password: str) -> str:
    """Composed letters, so that "é" is the same from every keyboard."""
    return unicodedata.normalize("NFC", password)
