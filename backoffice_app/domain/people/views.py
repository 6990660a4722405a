"""Settings > Users as it is shown: colleagues and API keys in the reader's language and the shop's zone
(SEC-1, L-3).
"""

from dataclasses import dataclass, field
from datetime import datetime

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import RIGHTS, ROLE_NAMES, Actor, Right, Role
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.people.accounts import users, usual_language
from backoffice_app.domain.people.keys import api_keys, scopes
from backoffice_app.formats import format_moment
from backoffice_app.i18n import UI_LANGUAGES, _, ngettext


@dataclass(frozen=True)
class PersonRow:
    """A colleague, ready to show.

    `role`, `language`: their keys, for the choice; `sessions`: "" where nobody is signed in.

    `about`: the colleague with the role as shown, which each event about them takes along (`Shown`).
    """

    id: int = 0
    about: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    role_name: str = ""
    language: str = ""
    seen: str = ""
    sessions: str = ""


@dataclass(frozen=True)
class KeyRow:
    """An API key, ready to show; `about` as of a colleague."""

    id: int = 0
    about: str = ""
    name: str = ""
    scopes: str = ""
    created: str = ""
    used: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """All of the page."""

    people: list[PersonRow] = field(default_factory=list)
    api_keys: list[KeyRow] = field(default_factory=list)
    scopes: list[list[str]] = field(default_factory=list)
    """What a key can be granted, as [value, what it allows], the rights of plug-ins last."""
    language: str = "en"
    """The language that a new colleague begins with, unless another is chosen."""


def people_page(actor: Actor, language: str) -> PeoplePage:
    """Colleagues by name and keys by age; those who are retired or revoked are left out.

    Refused for all but the owner.
    """
    actor.require(Right.USERS)
    with reading() as session:
        zone = load_shop(session).regional.zone

    def moment(at: datetime | None) -> str:
        return format_moment(at, language, zone, "short") if at else _("never").in_language(language)

    people = [
        PersonRow(
            id=user.id,
            about=Shown("user", str(user.id), user.role).text,
            name=user.name,
            email=user.email,
            role=user.role,
            role_name=ROLE_NAMES[Role(user.role)].in_language(language),
            language=user.language or UI_LANGUAGES[0],
            seen=moment(user.seen),
            sessions=ngettext("{count} session", "{count} sessions", user.sessions).in_language(language)
            if user.sessions
            else "",
        )
        for user in users()
    ]
    keys = [
        KeyRow(
            key.id,
            Shown("api-key", str(key.id)).text,
            key.name,
            ", ".join(key.scopes),
            moment(key.created),
            moment(key.used),
        )
        for key in api_keys()
    ]
    offered = [[scope, f"{RIGHTS[scope].label.in_language(language)} ({scope})"] for scope in scopes()]
    return PeoplePage(people, keys, offered, usual_language())
