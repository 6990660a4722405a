"""Colleagues: made, changed, retired. Only the owner may, and one owner always stays (SEC-1, SEC-3)."""

from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session, col, func, select

from backoffice_app.db import hold, reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.core.visible import JOINER, NON_JOINER, visible
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.people import passwords
from backoffice_app.domain.people.attempts import Guess
from backoffice_app.domain.people.browsers import forget_browsers
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.domain.people.facts import (
    OwnerCreated,
    PasswordSet,
    SignedOutEverywhere,
    UserAdded,
)
from backoffice_app.domain.people.sessions import (
    actor_of_user,
    end_all_sessions,
    folded,
    open_session,
    require_password,
)
from backoffice_app.domain.people.setup_key import forget_setup_key
from backoffice_app.domain.people.subjects import EVERYBODY, USER
from backoffice_app.i18n import UI_LANGUAGES, _
from backoffice_app.models import User, UserSession

TOPIC = "people"


@dataclass(frozen=True)
class UserView:
    """A colleague as the list shows one. `role`: its key; `seen`: the last click of any session, aware UTC."""

    id: int
    email: str
    name: str
    role: str
    language: str
    seen: datetime | None
    sessions: int
    is_retired: bool


def has_users() -> bool:
    """Whether anybody was ever made; if not, the first start is still to come (SEC-3)."""
    with reading() as session:
        return session.exec(select(User.id).limit(1)).first() is not None


def users(*, retired: bool = False) -> list[UserView]:
    """All colleagues by name; with `retired` also those who are no more."""
    live = (
        select(
            UserSession.user_id,
            func.count().label("sessions"),
            func.max(UserSession.last_seen_at).label("seen"),
        )
        .where(col(UserSession.revoked_at).is_(None))
        .group_by(col(UserSession.user_id))
        .subquery()
    )
    statement = (
        select(User, live.c.sessions, live.c.seen)
        .outerjoin(live, live.c.user_id == col(User.id))
        .order_by(User.name, User.email)
    )
    if not retired:
        statement = statement.where(col(User.retired_at).is_(None))
    with reading() as session:
        return [
            UserView(
                user.id or 0,
                user.email,
                user.name,
                user.role,
                user.language,
                seen,
                sessions or 0,
                user.retired_at is not None,
            )
            for user, sessions, seen in session.exec(statement).all()
        ]


def usual_language() -> str:
    """The language of the UI that a new colleague begins with: that of the first owner, who chose it when Kontor was
    set up.
    """
    owners = (
        select(User.language)
        .where(User.role == Role.OWNER.value, col(User.retired_at).is_(None))
        .order_by(col(User.id))
        .limit(1)
    )
    with reading() as session:
        return session.exec(owners).first() or UI_LANGUAGES[0]


def user_id_of(email: str) -> int:
    """The id of the colleague with this e-mail, retired or not. NotFound if there isn't one."""
    with reading() as session:
        found = session.exec(select(User.id).where(User.email == folded(email))).first()
    if found is None:
        raise NotFound(email)
    return found


def create_owner(*, email: str, name: str, password: str, language: str = "en") -> int:
    """The first colleague, who owns the shop; the id.

    Refused once there is anybody, also for the one who comes second at the same moment.
    """
    email, name = good_email(email), good_name(name)
    passwords.require_good(password, email)
    if has_users():
        raise _already_set_up()
    password_hash = passwords.hashed(password)
    with work(Actor(ActorKind.USER, name, RIGHTS_OF[Role.OWNER])) as w:
        hold(w.session, EVERYBODY)
        if w.session.exec(select(User.id).limit(1)).first() is not None:
            raise _already_set_up()
        owner = _make(
            w, email=email, name=name, role=Role.OWNER, password_hash=password_hash, language=language
        )
        w.actor = actor_of_user(owner)
        w.record(owner, OwnerCreated(person=name, email=email))
    forget_setup_key()
    return _id(owner)


def add_user(actor: Actor, *, email: str, name: str, role: Role, password: str, language: str = "en") -> int:
    """A colleague who may sign in; the id. One who was retired comes back with the same e-mail.

    Raises Invalid naming the field.
    """
    actor.require(Right.USERS)
    email, name = good_email(email), good_name(name)
    passwords.require_good(password, email)
    password_hash = passwords.hashed(password)
    with work(actor) as w:
        return add_hashed(
            w, email=email, name=name, role=role, password_hash=password_hash, language=language
        )


def add_hashed(w: Work, *, email: str, name: str, role: Role, password_hash: str, language: str) -> int:
    """The same within a transaction, for a password that is hashed already and judged by the caller."""
    hold(w.session, EVERYBODY)
    user = w.session.exec(select(User).where(User.email == email)).first()
    if user is None:
        user = _make(w, email=email, name=name, role=role, password_hash=password_hash, language=language)
    elif user.retired_at is None:
        raise Invalid("email", _("There is a colleague with this e-mail already."))
    else:
        user.name, user.role, user.password_hash, user.language, user.retired_at = (
            name,
            role.value,
            password_hash,
            language,
            None,
        )
    w.record(user, UserAdded(person=name, email=email, role=role.value))
    w.touch(TOPIC)
    return _id(user)


def change_role(actor: Actor, user_id: int, role: Role, *, seen: str = "") -> None:
    """The colleague has this role from the next click on. Refused for the last owner.

    `seen`: the role that was shown, "" where nobody looked; Overtaken if it has changed since.
    """
    perform(actor, "change-role", user_id, {"role": role.value, "seen": seen})


def change_user(
    actor: Actor,
    user_id: int,
    *,
    name: str | None = None,
    email: str | None = None,
    language: str | None = None,
) -> None:
    """The colleague has this name, e-mail to sign in with, and language of the UI; what is None stays.

    Raises Invalid naming the field.

    Open tabs go on; they show it when their next page is loaded. The history keeps the former name where it stands.
    """
    perform(actor, "change-user", user_id, {"name": name, "email": email, "language": language})


def retire_user(actor: Actor, user_id: int) -> None:
    """The colleague is signed out everywhere and can't sign in any more; the history keeps the name.

    Refused for the last owner.
    """
    perform(actor, "retire-user", user_id)


def set_password(actor: Actor, user_id: int, password: str) -> None:
    """The colleague has this password and is signed out everywhere. Raises Invalid for one that is too short."""
    perform(actor, "set-password", user_id, {"password": password})


def change_own_password(actor: Actor, former: str, password: str, session_token: str, user_agent: str) -> str:
    """The actor has a new password and, of all sessions, only a new one, whose token is returned.

    No browser is known any more.

    Raises Invalid for a new one that is not good or is the former, and what `require_password` raises if the former is
    wrong: failures count against this session alone, so that anyone who fails elsewhere can't stop it.
    """
    passwords.require_good(password, actor.email)
    if passwords.are_same(former, password):
        raise Invalid("password", _("This is your password already. Choose another."))
    require_password(actor.email, former, Guess.in_session(digest_of(session_token)), lambda _w, _user: None)
    password_hash = passwords.hashed(password)
    with work(actor) as w:
        user = w.lock(USER, actor.id)
        user.password_hash = password_hash
        end_all_sessions(w, actor.id)
        forget_browsers(w, actor.id)
        w.record(user, PasswordSet(person=user.name))
        w.touch(TOPIC)
    return open_session(actor.id, user_agent)


def sign_out_everywhere(actor: Actor, user_id: int) -> int:
    """All sessions of the colleague are over; how many there were.

    Everybody may do it for themselves, the owner for all (SEC-1).
    """
    if not (actor.kind is ActorKind.USER and actor.id == user_id):
        actor.require(Right.USERS)
    with work(actor) as w:
        user = w.lock(USER, user_id)
        ended = end_all_sessions(w, user_id)
        if ended:
            w.record(user, SignedOutEverywhere(person=user.name, sessions=ended))
            w.touch(TOPIC)
    return ended


def good_email(email: str) -> str:
    """The address as it is stored. Raises Invalid if it isn't one; domains for tests are fine."""
    email = folded(email)
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("email", _("This is no e-mail address.")) from error
    return email


def good_language(language: str) -> str:
    """A language that the UI has. Raises Invalid for any other."""
    if language not in UI_LANGUAGES:
        raise Invalid("language", _("“{value}” is not one of the choices.").format(value=language))
    return language


def good_name(name: str) -> str:
    """The name as it is stored: without blanks around it, control characters and what nobody sees.

    Raises Invalid if nothing is left.
    """
    name = "".join(
        letter for letter in visible(name) if letter.isprintable() or letter in {NON_JOINER, JOINER}
    ).strip()[:100]
    if not name:
        raise Invalid("name", _("A name is needed."))
    return name


def _make(w: Work, *, email: str, name: str, role: Role, password_hash: str, language: str) -> User:
    user = User(
        email=email,
        name=name,
        role=role.value,
        password_hash=password_hash,
        language=language,
        created_at=w.at,
    )
    w.session.add(user)
    w.session.flush()
    return user


def require_another_owner(session: Session, user: User) -> None:
    """Raises Refused where `user` is the last owner (SEC-3)."""
    others = select(User.id).where(
        User.role == Role.OWNER.value, col(User.retired_at).is_(None), User.id != user.id
    )
    if user.role == Role.OWNER and session.exec(others.limit(1)).first() is None:
        raise Refused(_("This is the last owner. Make somebody else an owner first."))


def _already_set_up() -> Refused:
    return Refused(_("Kontor is set up already. Sign in."))


def _id(user: User) -> int:
    if user.id is None:
        raise AssertionError("a user without an id")
    return user.id
