"""The lock-out: whoever guesses passwords waits longer and longer (SEC-1)."""

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


LIMITS = {"account": Limit(5, timedelta(days=1)), "address": Limit(30, timedelta(hours=1))}
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
    """Who is being tried, from where: the two things that failures are counted by."""

    account: str
    address: str

    @classmethod
    def of(cls, email: str, address: str) -> "Guess":
        """`address`: an IP address; of IPv6 the /64, which one customer has whole."""
        return cls(f"account:{email}", f"address:{_network(address)}")

    def hold(self, session: Session) -> None:
        """Nobody else judges or counts the same account or address until this transaction ends."""
        hold(session, self.account)
        hold(session, self.address)

    def seconds_left(self, session: Session, now: datetime) -> int:
        """How long to wait before the next try; 0 if now is fine."""
        return max(self._left(session, self.account, now), self._left(session, self.address, now))

    def _left(self, session: Session, key: str, now: datetime) -> int:
        limit = LIMITS[key.partition(":")[0]]
        recent = select(func.count(), func.max(SignInAttempt.at)).where(SignInAttempt.key == key, SignInAttempt.at > now - limit.window)
        failures, last = session.exec(recent).one()
        if failures < limit.failures or last is None:
            return 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - limit.failures, 10))
        left: timedelta = last + pause - now
        return max(0, ceil(left.total_seconds()))

    def failed(self, session: Session, now: datetime) -> None:
        """This one counts."""
        session.add_all(SignInAttempt(key=key, at=now) for key in (self.account, self.address))

    def succeeded(self, session: Session, now: datetime) -> None:
        """The account starts anew. The address does not: whoever has one account could go on guessing at others."""
        old = (col(SignInAttempt.key) == self.account) | (col(SignInAttempt.at) < now - FORGOTTEN_AFTER)
        session.connection().execute(delete(SignInAttempt).where(old))


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:45].replace("\0", "")
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ip_network(f"{ip.compressed.partition('%')[0]}/64", strict=False))
