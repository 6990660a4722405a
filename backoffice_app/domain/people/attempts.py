"""The lock-out: anyone who guesses passwords waits longer and longer (SEC-1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from backoffice_app.db import hold
from backoffice_app.domain.core.errors import Refused
from backoffice_app.i18n import ngettext
from backoffice_app.models import SignInAttempt

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """From `failures` within `window` on, each failure is followed by a pause twice as long as the one before."""

    failures: int
    window: timedelta


LIMITS = {
    "account": Limit(5, timedelta(days=1)),
    "address": Limit(30, timedelta(hours=1)),
    "browser": Limit(5, timedelta(days=1)),
    "session": Limit(5, timedelta(days=1)),
}
FORGOTTEN_AFTER = max(limit.window for limit in LIMITS.values())


class SignInPaused(Refused):
    """Too many failures: nobody is let in for `seconds`, not even with the right password."""

    def __init__(self, seconds: int) -> None:
        minutes = ceil(seconds / 60)
        super().__init__(
            ngettext(
                "Too many wrong passwords. Try again in {count} minute.",
                "Too many wrong passwords. Try again in {count} minutes.",
                minutes,
            )
        )
        self.seconds = seconds


@dataclass(frozen=True)
class Guess:
    """What the failures of one try are counted by: `keys`, each with a limit of its own, such as
    `account:ada@example.com`.
    """

    keys: tuple[str, ...]

    @classmethod
    def of(cls, email: str, address: str) -> "Guess":
        """A try of a stranger. `address`: an IP address; of IPv6 the /64, which one customer has whole."""
        return cls((f"account:{email}", f"address:{_network(address)}"))

    @classmethod
    def in_known_browser(cls, browser: str, email: str) -> "Guess":
        """A try in a browser that knows this person; `browser`: its digest.

        What strangers try elsewhere does not pause it.
        """
        return cls((f"browser:{browser}:{email}",))

    @classmethod
    def in_session(cls, session: str) -> "Guess":
        """A try of somebody who is signed in; `session`: its digest."""
        return cls((f"session:{session}",))

    def hold(self, session: Session) -> None:
        """Nobody else judges or counts the same keys until this transaction ends."""
        for key in self.keys:
            hold(session, key)

    def seconds_left(self, session: Session, now: datetime) -> int:
        """How long to wait before the next try; 0 if now is fine."""
        return max(self._left(session, key, now) for key in self.keys)

    def _left(self, session: Session, key: str, now: datetime) -> int:
        limit = LIMITS[key.partition(":")[0]]
        recent = select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.key == key, SignInAttempt.at > now - limit.window
        )
        failures, last = session.exec(recent).one()
        if failures < limit.failures or last is None:
            return 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - limit.failures, 10))
        left: timedelta = last + pause - now
        return max(0, ceil(left.total_seconds()))

    def failed(self, session: Session, now: datetime) -> None:
        """This one counts."""
        session.add_all(SignInAttempt(key=key, at=now) for key in self.keys)

    def succeeded(self, session: Session, now: datetime) -> None:
        """Account, browser or session start anew.

        An address does not: an attacker with an account of their own could go on guessing at others. Neither does the
        account after a sign-in in a known browser: its owner's daily sign-in would give a stranger five more tries.
        """
        anew = [key for key in self.keys if not key.startswith("address:")]
        old = col(SignInAttempt.key).in_(anew) | (col(SignInAttempt.at) < now - FORGOTTEN_AFTER)
        session.connection().execute(delete(SignInAttempt).where(old))


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:45].replace("\0", "")
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ip_network(f"{ip.compressed.partition('%')[0]}/64", strict=False))
