"""API keys: shown once, kept as a digest, with scopes and revocation (API-1, SEC-2)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from backoffice_app.db import next_id, note, reading, reading_plainly
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.resources import RESOURCES
from backoffice_app.domain.core.rights import RIGHTS, Actor, ActorKind, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people.accounts import TOPIC, good_name
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.domain.people.facts import ApiKeyCreated
from backoffice_app.domain.people.sessions import SEEN_EVERY
from backoffice_app.domain.people.subjects import API_KEY
from backoffice_app.i18n import _
from backoffice_app.models import ApiKey


def scopes() -> tuple[str, ...]:
    """What a key can be granted: to read and hand in orders, and each right that an action asks for which the API
    offers.
    """
    asked = {action.right for resource in RESOURCES.values() for action in resource.actions()}
    needed = {
        Right.ORDERS_READ,
        Right.ORDERS_WRITE,
        *asked,
        *(resource.right for resource in RESOURCES.values()),
    }
    return tuple(value for value, known in RIGHTS.items() if known.right in needed)


@dataclass(frozen=True)
class ApiKeyView:
    """An API key as the list shows it; the key itself is nowhere."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created: datetime
    used: datetime | None
    is_revoked: bool


def create_api_key(actor: Actor, name: str, wanted: Iterable[str]) -> str:
    """A new key, such as `kt_7_...`. It can't be read again: only its digest is stored.

    Raises Invalid for an unknown scope or none.
    """
    actor.require(Right.USERS)
    name, granted, known = good_name(name), sorted(set(wanted)), scopes()
    if not granted:
        raise Invalid("scopes", _("At least one scope is needed: {scopes}.").format(scopes=", ".join(known)))
    if unknown := [scope for scope in granted if scope not in known]:
        reason = _("There is no scope “{scope}”. There are: {scopes}.")
        raise Invalid("scopes", reason.format(scope=unknown[0], scopes=", ".join(known)))
    with work(actor) as w:
        id_ = next_id(w.session, "api_key")
        key = f"kt_{id_}_{secrets.token_urlsafe(32)}"
        w.session.add(
            ApiKey(id=id_, name=name, scopes=" ".join(granted), digest=digest_of(key), created_at=w.at)
        )
        w.record((API_KEY, id_), ApiKeyCreated(name=name, scopes=" ".join(granted)))
        w.touch(TOPIC)
    return key


def revoke_api_key(actor: Actor, key_id: int) -> str:
    """The key is of no use any more, from its next call on; its name. Twice is no error.

    NotFound if there isn't one.
    """
    perform(actor, "revoke-key", key_id)
    with reading() as session:
        return str(
            session.connection()
            .execute(select(col(ApiKey.name)).where(col(ApiKey.id) == key_id))
            .scalar_one()
        )


def api_keys(*, revoked: bool = False) -> list[ApiKeyView]:
    """All keys, oldest first; with `revoked` also those that are of no use any more."""
    statement = select(ApiKey).order_by(col(ApiKey.id))
    if not revoked:
        statement = statement.where(col(ApiKey.revoked_at).is_(None))
    with reading() as session:
        return [
            ApiKeyView(
                key.id or 0,
                key.name,
                tuple(key.scopes.split()),
                key.created_at,
                key.last_used_at,
                key.revoked_at is not None,
            )
            for key in session.scalars(statement)
        ]


_OF_KEY = select(col(ApiKey.id), col(ApiKey.name), col(ApiKey.scopes), col(ApiKey.last_used_at)).where(
    col(ApiKey.digest) == bindparam("of_digest"), col(ApiKey.revoked_at).is_(None)
)


def actor_of_api_key(key: str) -> Actor | None:
    """Anyone who holds this key, with the rights of its scopes; None if it is unknown or revoked.

    When it was last used is noted once a minute.
    """
    with reading_plainly() as connection:
        row = connection.execute(_OF_KEY, {"of_digest": digest_of(key)}).first()
    if row is None:
        return None
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY:
        note(update(ApiKey).where(col(ApiKey.id) == row.id).values(last_used_at=now))
    rights = frozenset(RIGHTS[scope].right for scope in set(row.scopes.split()).intersection(scopes()))
    return Actor(ActorKind.API_KEY, row.name, rights, row.id)
