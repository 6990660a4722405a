"""What an owner does to a colleague or an API key, as actions (SEC-1, API-1)."""

from typing import ClassVar

from pydantic import Field, PrivateAttr, field_validator, model_validator
from sqlmodel import select

from backoffice_app.domain.core.actions import Done, Input, NoInput, action
from backoffice_app.domain.core.errors import Invalid, Overtaken
from backoffice_app.domain.core.rights import Right, Role
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.people import passwords
from backoffice_app.domain.people.accounts import (
    TOPIC,
    good_email,
    good_language,
    good_name,
    require_another_owner,
)
from backoffice_app.domain.people.browsers import forget_browsers
from backoffice_app.domain.people.facts import (
    ApiKeyRevoked,
    PasswordSet,
    UserChanged,
    UserRetired,
    UserRoleChanged,
)
from backoffice_app.domain.people.sessions import end_all_sessions, of_sessions
from backoffice_app.domain.people.subjects import API_KEY, USER
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import ApiKey, User


def no_reason(_row: object) -> LazyText | None:
    """Nothing in the row speaks against it."""
    return None


class ChangeUser(Input):
    """What is None stays as it is."""

    name: str | None = None
    email: str | None = None
    language: str | None = None


@action(
    subject=USER,
    key="change-user",
    label=_("Edit"),
    right=Right.USERS,
    why_not=no_reason,
    input=ChangeUser,
)
def change_user(w: Work, user: User, data: ChangeUser) -> Done:
    """Give a colleague another name, e-mail to sign in with, or language of the UI.

    The history keeps the former name.
    """
    wanted = {
        "name": None if data.name is None else good_name(data.name),
        "email": None if data.email is None else good_email(data.email),
        "language": None if data.language is None else good_language(data.language),
    }
    changes = {
        field: value for field, value in wanted.items() if value is not None and value != getattr(user, field)
    }
    if (
        "email" in changes
        and w.session.exec(select(User.id).where(User.email == changes["email"])).first() is not None
    ):
        raise Invalid("email", _("There is a colleague with this e-mail already."))
    for field, value in changes.items():
        w.record(user, UserChanged(person=user.name, field=field, old=getattr(user, field), new=value))
        setattr(user, field, value)
    if "email" in changes:
        forget_browsers(w, USER.id_of(user))
    if changes:
        w.touch(TOPIC)
    return Done(_("{person} is changed.").format(person=user.name), changed=bool(changes))


class ChangeRole(Input):
    """`seen`: the role that was shown, "" where nobody looked."""

    role: Role
    seen: str = ""


@action(
    subject=USER, key="change-role", label=_("Role"), right=Right.USERS, why_not=no_reason, input=ChangeRole
)
def change_role(w: Work, user: User, data: ChangeRole) -> Done:
    """Give a colleague another role, from the next click on. One owner always stays (SEC-3)."""
    done = _("{person} is changed.").format(person=user.name)
    if user.role == data.role:
        return Done(done, changed=False)
    if data.seen and user.role != data.seen:
        raise Overtaken(
            _("The role was changed meanwhile, so nothing was done. Look at it, then save again.")
        )
    if data.role is not Role.OWNER:
        require_another_owner(w.session, user)
    w.record(user, UserRoleChanged(person=user.name, old=user.role, new=data.role.value))
    user.role = data.role.value
    w.touch(TOPIC, of_sessions(USER.id_of(user)))
    return Done(done)


class NewPassword(Input):
    """It is hashed before the transaction begins, which takes a while."""

    model_config = {"str_strip_whitespace": False}
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})
    password: str = Field(repr=False)
    _hash: str = PrivateAttr("")

    @field_validator("password")
    @classmethod
    def _is_good(cls, value: str) -> str:
        passwords.require_good(value)
        return value

    @model_validator(mode="after")
    def _hashed(self) -> "NewPassword":
        self._hash = passwords.hashed(self.password)
        return self


@action(
    subject=USER,
    key="set-password",
    label=_("Set password"),
    right=Right.USERS,
    why_not=no_reason,
    input=NewPassword,
)
def set_password(w: Work, user: User, data: NewPassword) -> Done:
    """Give a colleague another password and sign them out everywhere."""
    passwords.require_good(data.password, user.email)
    user.password_hash = data._hash
    end_all_sessions(w, USER.id_of(user))
    forget_browsers(w, USER.id_of(user))
    w.record(user, PasswordSet(person=user.name))
    w.touch(TOPIC)
    return Done(_("{person} has a new password and is signed out everywhere.").format(person=user.name))


@action(
    subject=USER, key="retire-user", label=_("Retire"), right=Right.USERS, why_not=no_reason, input=NoInput
)
def retire_user(w: Work, user: User, data: NoInput) -> Done:  # noqa: ARG001
    """Sign a colleague out for good; the history keeps the name. One owner always stays (SEC-3)."""
    require_another_owner(w.session, user)
    user.retired_at = w.at
    end_all_sessions(w, USER.id_of(user))
    forget_browsers(w, USER.id_of(user))
    w.record(user, UserRetired(person=user.name))
    w.touch(TOPIC)
    return Done(_("{person} is retired.").format(person=user.name))


def is_revoked(_w: Work, key: ApiKey) -> LazyText | None:
    """A key is revoked once; twice is no error."""
    return _("The API key {name} is revoked.").format(name=key.name) if key.revoked_at else None


@action(
    subject=API_KEY,
    key="revoke-key",
    label=_("Revoke"),
    right=Right.USERS,
    why_not=no_reason,
    already=is_revoked,
    input=NoInput,
)
def revoke_key(w: Work, key: ApiKey, data: NoInput) -> Done:  # noqa: ARG001
    """Make an API key useless, from its next call on."""
    key.revoked_at = w.at
    w.record(key, ApiKeyRevoked(name=key.name))
    w.touch(TOPIC)
    return Done(_("The API key {name} is revoked.").format(name=key.name))
