"""What happens to colleagues and API keys. No password, no token, no key is ever part of a fact (AUD-1)."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import ROLE_NAMES, Role
from backoffice_app.i18n import LazyText, _

PERSON = frozenset({"person", "email"})


class _OfUser(Fact):
    about: ClassVar[About] = About.USERS
    personal: ClassVar[frozenset[str]] = PERSON


class _OfKey(Fact):
    about: ClassVar[About] = About.USERS


def role_name(role: str) -> LazyText | str:
    """The name of a role as it is stored; one that is no more stays as it was written."""
    return ROLE_NAMES[Role(role)] if role in set(Role) else role


@fact
class OwnerCreated(_OfUser):
    """The first start made its owner (SEC-3)."""

    person: str
    email: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} set up Kontor as its owner.")


@fact
class UserAdded(_OfUser):
    """A colleague may sign in from now on."""

    person: str
    email: str
    role: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} added {person} ({email}) as {role}.")
        return text.format(person=self.person, email=self.email, role=role_name(self.role))


@fact
class UserRoleChanged(_OfUser):
    """A colleague has another role."""

    person: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} changed the role of {person} from {old} to {new}.")
        return text.format(person=self.person, old=role_name(self.old), new=role_name(self.new))


@fact
class UserChanged(_OfUser):
    """The owner changed a colleague's `field`: `name`, `email` or `language`. `person`: the name until then."""

    personal: ClassVar[frozenset[str]] = PERSON | {"old", "new"}
    person: str
    field: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.field == "name":
            return _("{actor} changed the name of {old} to {new}.").format(old=self.old, new=self.new)
        email = _("{actor} changed the e-mail of {person} from {old} to {new}.")
        language = _("{actor} changed the language of {person} from {old} to {new}.")
        return (email if self.field == "email" else language).format(
            person=self.person, old=self.old, new=self.new
        )


@fact
class UserRetired(_OfUser):
    """A colleague can't sign in any more; the history keeps the name."""

    person: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} retired {person}.").format(person=self.person)


@fact
class PasswordSet(_OfUser):
    """A colleague has a new password, and all sessions ended."""

    person: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} set a new password for {person}.").format(person=self.person)


@fact
class SignedOutEverywhere(_OfUser):
    """All sessions of a colleague ended."""

    person: str
    sessions: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} signed {person} out everywhere.").format(person=self.person)


@fact
class UserSettingChanged(_OfUser):
    """A colleague chose something else for themselves; `field` is `language`, `theme` or `single_keys`
    ("on" or "off").
    """

    field: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.field == "single_keys":
            on, off = (
                _("{actor} switched single-key shortcuts on."),
                _("{actor} switched single-key shortcuts off."),
            )
            return on if self.new == "on" else off
        language, look = (
            _("{actor} changed the language from {old} to {new}."),
            _("{actor} changed the look from {old} to {new}."),
        )
        text = language if self.field == "language" else look
        return text.format(old=self.old, new=self.new)


@fact
class ApiKeyCreated(_OfKey):
    """A program may use the API."""

    name: str
    scopes: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} created the API key {name} with the scopes {scopes}.").format(
            name=self.name, scopes=self.scopes
        )


@fact
class ApiKeyRevoked(_OfKey):
    """An API key is of no use any more."""

    name: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} revoked the API key {name}.").format(name=self.name)
