"""Sessions: signing in, the colleague behind a cookie, signing out (SEC-1, SEC-2)."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from backoffice_app.db import note, reading, reading_plainly
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Role
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.people import passwords
from backoffice_app.domain.people.attempts import Guess, SignInPaused
from backoffice_app.domain.people.browsers import is_known
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.i18n import UI_LANGUAGES, _
from backoffice_app.models import User, UserSession
from backoffice_app.security_log import Event, come_from, log_event
from backoffice_app.settings import settings

SESSIONS = "sessions-"
NOBODY = Actor(ActorKind.USER, "", frozenset())
"""For transactions that record no fact."""
SEEN_EVERY = timedelta(minutes=1)
OF_THE_BROWSER = ""
"""The language of an account that nobody chose one for, such as those of the demo: that of the first browser it signs
in with.
"""

_BEHIND = (
    select(
        col(User.id),
        col(User.name),
        col(User.email),
        col(User.role),
        col(User.language),
        col(User.theme),
        col(User.single_keys),
        col(UserSession.created_at),
        col(UserSession.last_seen_at),
    )
    .join(User, col(User.id) == col(UserSession.user_id))
    .where(
        col(UserSession.id) == bindparam("digest"),
        col(UserSession.revoked_at).is_(None),
        col(User.retired_at).is_(None),
    )
)


def sign_in(
    email: str, password: str, address: str, user_agent: str, browser: str = "", *, language: str = "en"
) -> str:
    """The token of a new session, for the cookie. `browser`: the token of the browser's cookie; "" for none.

    `language`: of its pages.

    In a browser that knows this person failures are counted apart: anyone who fails elsewhere keeps nobody out of their
    own browser. Raises what `require_password` raises.
    """
    email = folded(email)
    with reading() as session:
        known = is_known(session, browser, email)
    guess = Guess.in_known_browser(digest_of(browser), email) if known else Guess.of(email, address)
    token, who = "", NOBODY

    def let_in(w: Work, user: User) -> None:
        nonlocal token, who
        if user.language == OF_THE_BROWSER:
            user.language = language if language in UI_LANGUAGES else UI_LANGUAGES[0]
        token, who = _open(w, user, user_agent), actor_of_user(user)

    come_from(address)
    require_password(email, password, guess, let_in)
    log_event(Event.SIGNED_IN, who)
    return token


def require_password(email: str, password: str, guess: Guess, then: Callable[[Work, User], None]) -> None:
    """Does `then` in the same transaction if this is the person's password; `guess` says what a failure counts against.

    Raises SignInPaused after too many failures, Refused for a wrong e-mail or password; both take as long for unknown
    e-mails.
    The pause is judged before the hash, which is dear, and again after it under a lock: of many guesses at once only
    the first few are answered, the others learn nothing.
    """
    with reading() as session:
        if wait := guess.seconds_left(session, clock.now()):
            log_event(Event.SIGN_IN_PAUSED, email=_shown(email), seconds=wait)
            raise SignInPaused(wait)
        user = _active(session, email)
        kept = user.password_hash if user else None
    is_right, renewed = passwords.check(password, kept)
    with work(NOBODY) as w:
        guess.hold(w.session)
        wait = guess.seconds_left(w.session, w.at)
        user = _active(w.session, email)
        # A password changed meanwhile counts as wrong. That of the demo is known to all (SEC-3).
        is_right = (
            is_right
            and user is not None
            and user.password_hash == kept
            and (password != passwords.DEMO_PASSWORD or settings().demo)
        )
        if not wait and user and is_right:
            guess.succeeded(w.session, w.at)
            user.password_hash = renewed or user.password_hash
            then(w, user)
        elif not wait:
            guess.failed(w.session, w.at)
    if wait:
        log_event(Event.SIGN_IN_PAUSED, email=_shown(email), seconds=wait)
        raise SignInPaused(wait)
    if not is_right:
        log_event(Event.SIGN_IN_FAILED, email=_shown(email))
        raise Refused(_("The e-mail or the password is wrong."))


def open_session(user_id: int, user_agent: str) -> str:
    """The token of a new session of a colleague who has just been made."""
    with work(NOBODY) as w:
        return _open(w, w.session.get_one(User, user_id), user_agent)


def actor_of_session(token: str) -> Actor | None:
    """The colleague whose live session this is; None if it is unknown, ended, too old or idle, or its owner is retired.

    One indexed query, made for every event and request. When it was last seen is noted once a minute.
    """
    digest, now = digest_of(token), clock.now()
    with reading_plainly() as connection:
        row = connection.execute(_BEHIND, {"digest": digest}).first()
    if row is None or is_over(row.created_at, row.last_seen_at, now):
        return None
    if now - row.last_seen_at >= SEEN_EVERY:
        note(update(UserSession).where(col(UserSession.id) == digest).values(last_seen_at=now))
    role = Role(row.role)
    return Actor(
        ActorKind.USER,
        row.name,
        RIGHTS_OF[role],
        row.id,
        row.language,
        role,
        row.email,
        row.theme,
        row.single_keys,
    )


def is_over(created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session has lasted, or has been idle, for too long."""
    return now - created_at > timedelta(days=settings().session_days) or now - last_seen_at > timedelta(
        hours=settings().session_idle_hours
    )


def of_sessions(user_id: int | str) -> str:
    """The topic that changes with the sessions, or the role, of this colleague: open tabs are asked whose they are."""
    return f"{SESSIONS}{user_id}"


def end_session(token: str) -> None:
    """This session is over, also for open tabs.

    An unknown token changes nothing, and opens no transaction that others wait for.
    """
    if actor_of_session(token) is None:
        return
    with work(NOBODY) as w:
        live = (col(UserSession.id) == digest_of(token)) & col(UserSession.revoked_at).is_(None)
        user = w.session.scalars(
            select(User).join(UserSession, col(UserSession.user_id) == col(User.id)).where(live)
        ).first()
        w.connection.execute(update(UserSession).where(live).values(revoked_at=w.at))
        if user:
            w.touch(of_sessions(user.id or 0))
    if user:
        log_event(Event.SIGNED_OUT, actor_of_user(user))


def end_all_sessions(w: Work, user_id: int) -> int:
    """All sessions of a colleague are over; how many there were."""
    live = (col(UserSession.user_id) == user_id) & col(UserSession.revoked_at).is_(None)
    w.touch(of_sessions(user_id))
    return w.connection.execute(update(UserSession).where(live).values(revoked_at=w.at)).rowcount


def folded(email: str) -> str:
    """An e-mail address as it is stored and compared: lower case, without blanks around it."""
    return email.replace("\0", "").strip().lower()[:254]


def actor_of_user(user: User) -> Actor:
    """A colleague as an actor, with the rights of the role."""
    role = Role(user.role)
    mine = (user.language, role, user.email, user.theme, user.single_keys)
    return Actor(ActorKind.USER, user.name, RIGHTS_OF[role], user.id or 0, *mine)


def _shown(email: str) -> str:
    """An e-mail for the log. What has no @ may be a password that was typed into the wrong field."""
    return email if "@" in email else "(no e-mail)"


def _active(session: Session, email: str) -> User | None:
    return session.scalars(
        select(User).where(col(User.email) == email, col(User.retired_at).is_(None))
    ).first()


def _open(w: Work, user: User, user_agent: str) -> str:
    token = secrets.token_urlsafe(32)
    agent = user_agent.replace("\0", "")[:200]
    w.session.add(
        UserSession(
            id=digest_of(token), user_id=user.id or 0, created_at=w.at, last_seen_at=w.at, user_agent=agent
        )
    )
    return token
