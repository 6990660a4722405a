"""One's own sessions: where one is signed in, and ending each of them (SEC-1)."""

import re
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people.accounts import TOPIC
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.domain.people.sessions import is_over, of_sessions
from backoffice_app.formats import format_moment
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import UserSession
from backoffice_app.security_log import Event, log_event

# Each browser also names those it descends from, so the order counts.
BROWSERS = {
    "Edge": r"Edg\w*/",
    "Opera": r"OPR/",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrom\w+/|CriOS/",
    "Safari": r"Safari/",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "macOS": "Mac OS X|Macintosh",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SessionRow:
    """A live session, ready to show. `key` names it to its owner and opens nothing; times are in the shop's zone."""

    key: str
    browser: str
    first_seen: str
    last_seen: str
    is_this: bool


def own_sessions(actor: Actor, token: str) -> list[SessionRow]:
    """The actor's live sessions, the one last used first. `token`: that of the session which asks."""
    here = digest_of(token)
    with reading() as session:
        zone = load_shop(session).regional.zone
        rows = session.exec(_live(actor).order_by(col(UserSession.last_seen_at).desc())).all()
        return [
            SessionRow(
                key=_key(row.id),
                browser=browser_name(row.user_agent).in_language(actor.language),
                first_seen=format_moment(row.created_at, actor.language, zone, "short"),
                last_seen=format_moment(row.last_seen_at, actor.language, zone, "short"),
                is_this=row.id == here,
            )
            for row in rows
            if not is_over(row.created_at, row.last_seen_at, clock.now())
        ]


def end_own_session(actor: Actor, key: str) -> None:
    """The actor's session with this key is over, also in open tabs.

    The key of nobody, or of somebody else, changes nothing.
    """
    with work(actor) as w:
        ended = [row.id for row in w.session.exec(_live(actor)).all() if _key(row.id) == key]
        w.connection.execute(
            update(UserSession).where(col(UserSession.id).in_(ended)).values(revoked_at=w.at)
        )
        w.touch(TOPIC, of_sessions(actor.id))
    if ended:
        log_event(Event.SIGNED_OUT, actor)


def browser_name(user_agent: str) -> LazyText:
    """What a person calls this browser: "Firefox on Linux"."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("{browser} on {system}").format(browser=browser, system=system)
    return LazyText("{name}", {"name": browser or system}) if browser or system else _("Unknown browser")


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for name, pattern in names.items() if re.search(pattern, user_agent)), "")


def _live(actor: Actor) -> SelectOfScalar[UserSession]:
    return select(UserSession).where(UserSession.user_id == actor.id, col(UserSession.revoked_at).is_(None))


def _key(session_id: str) -> str:
    return session_id[:16]
