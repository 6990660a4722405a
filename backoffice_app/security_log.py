"""One line for each event that matters to security: what, who, from where.

Never a password, cookie, token, key or payload.

The lines are `name=value` pairs (logfmt) of the loggers `kontor.security`, for what was done, and
`kontor.security.refused`.
"""

import logging
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING

from structlog.processors import LogfmtRenderer

from backoffice_app.allowance import Allowance

if TYPE_CHECKING:
    from backoffice_app.domain.core.rights import Actor

LONGEST_VALUE = 200
REFUSALS_A_MINUTE = 20
"""Of one kind by one actor, or from one address where nobody is signed in."""


class Event(StrEnum):
    """What is noted."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    OWNER_MADE = "owner-made"
    COLLEAGUE_ADDED = "colleague-added"
    ROLE_CHANGED = "role-changed"
    COLLEAGUE_RETIRED = "colleague-retired"
    PASSWORD_SET = "password-set"  # noqa: S105  # what happened, no password
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    KEY_MADE = "api-key-made"
    KEY_REVOKED = "api-key-revoked"

    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_IN_PAUSED = "sign-in-paused"
    KEY_WRONG = "api-key-wrong"
    KEY_MISSING = "api-key-missing"
    SCOPE_MISSING = "scope-missing"
    RIGHT_MISSING = "right-missing"
    NOT_SIGNED_IN = "not-signed-in"
    NOT_DECLARED = "handler-not-declared"
    ARGUMENTS_WRONG = "arguments-wrong"
    SOCKET_REFUSED = "socket-refused"
    ORIGIN_FOREIGN = "origin-foreign"


DONE = frozenset({
    Event.OWNER_MADE, Event.COLLEAGUE_ADDED, Event.ROLE_CHANGED, Event.COLLEAGUE_RETIRED, Event.PASSWORD_SET,
    Event.SIGNED_OUT_EVERYWHERE,
    Event.KEY_MADE, Event.KEY_REVOKED,
})  # fmt: skip
"""Changes of colleagues and keys: each is noted, however many there are. All else is limited."""
HARMLESS = DONE | {Event.SIGNED_IN, Event.SIGNED_OUT}

log = logging.getLogger("kontor.security")
refused_log = logging.getLogger("kontor.security.refused")
_ADDRESS: ContextVar[str] = ContextVar("address", default="")
_write = LogfmtRenderer()


def come_from(address: str) -> None:
    """From here on what this request, event or command does is noted as coming from `address`."""
    _ADDRESS.set(address)


def log_event(event: Event, actor: "Actor | None" = None, *, address: str = "", **details: object) -> None:
    """Writes the line.

    `actor`: who, as far as known; `address`: where `come_from` does not know; `details`: what else, such as `about`.

    After twenty of one kind and actor in a minute the rest are counted, and a line says how many were left out.
    """
    address = address or _ADDRESS.get()
    who = (
        {"actor": actor.kind.value, "id": actor.id or None, "name": actor.name, "email": actor.email}
        if actor
        else {}
    )
    by = f"{actor.kind.value}:{actor.id}" if actor else address
    if event in DONE or _allowance.allows(f"{event.value} by {by}"):
        _log_of(event).log(
            logging.INFO if event in HARMLESS else logging.WARNING,
            "%s",
            _line(event.value, address, who | details),
        )


def _line(event: str, address: str, values: dict[str, object]) -> str:
    shown = {"event": event, "from": address, **values}
    return _write(
        None,
        "",
        {name: str(value)[:LONGEST_VALUE] for name, value in shown.items() if value not in (None, "")},
    )


def _log_of(event: Event) -> logging.Logger:
    return log if event in HARMLESS else refused_log


def _tell(kind: str, left_out: int) -> None:
    event, _blank, by = kind.partition(" by ")
    refused_log.warning("%s", _line("left-out", "", {"of": event, "by": by, "count": left_out}))


_allowance = Allowance(REFUSALS_A_MINUTE, REFUSALS_A_MINUTE, _tell)
