"""Browsers in which somebody has signed in before: the pause of an account does not keep them out (SEC-1)."""

import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from backoffice_app.db import hold
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.models import KnownBrowser, User, UserSession

KNOWN_FOR = timedelta(days=400)
"""After how long without a sign-in a browser is a new one again; browsers keep no cookie for longer."""
_NOBODY = Actor(ActorKind.USER, "", frozenset())


def remember_browser(session_token: str, former: str) -> str:
    """The browser's token, for its cookie: from now on it is known to the person whose session this is.

    `former`: the token that the browser sent; "" for none. It is kept if it is one of ours, so that several people can
    share a browser.
    """
    with work(_NOBODY) as w:
        user_id = w.session.scalars(
            select(UserSession.user_id).where(UserSession.id == digest_of(session_token))
        ).one()
        token = former if former and _is_ours(w.session, former) else secrets.token_urlsafe(32)
        hold(w.session, f"browser:{digest_of(token)}")
        w.session.merge(KnownBrowser(id=digest_of(token), user_id=user_id, seen_at=w.at))
        w.connection.execute(delete(KnownBrowser).where(col(KnownBrowser.seen_at) < w.at - KNOWN_FOR))
    return token


def is_known(session: Session, token: str, email: str) -> bool:
    """Whether the person with this e-mail has signed in with this browser before."""
    known = select(KnownBrowser.id).join(User, col(User.id) == col(KnownBrowser.user_id))
    mine = known.where(KnownBrowser.id == digest_of(token), User.email == email)
    return bool(token) and session.exec(mine).first() is not None


def forget_browsers(w: Work, user_id: int) -> None:
    """All browsers are new ones to this person again."""
    w.connection.execute(delete(KnownBrowser).where(col(KnownBrowser.user_id) == user_id))


def _is_ours(session: Session, token: str) -> bool:
    return (
        session.exec(select(KnownBrowser.id).where(KnownBrowser.id == digest_of(token))).first() is not None
    )
