"""Who began something that goes on without them, with the rights they hold now (O-5, SEC-2)."""

from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import RIGHTS, Actor, ActorKind, Right
from backoffice_app.domain.people.keys import scopes
from backoffice_app.domain.people.sessions import actor_of_user
from backoffice_app.models import ApiKey, User


def actor_again(kind: str, id_: int, name: str) -> Actor:
    """The colleague or API key with this id as it is now, without any right if it was retired or revoked.

    `kind`, `name`: as they were noted when it began. What a command or the worker began keeps all rights.
    """
    if kind == ActorKind.USER:
        with reading() as session:
            user = session.exec(select(User).where(User.id == id_, col(User.retired_at).is_(None))).first()
        return actor_of_user(user) if user else Actor(ActorKind.USER, name, frozenset(), id_)
    if kind == ActorKind.API_KEY:
        with reading() as session:
            key = session.exec(
                select(ApiKey).where(ApiKey.id == id_, col(ApiKey.revoked_at).is_(None)),
            ).first()
        granted = set(key.scopes.split()).intersection(scopes()) if key else set()
        return Actor(ActorKind.API_KEY, name, frozenset(RIGHTS[scope].right for scope in granted), id_)
    return Actor(ActorKind(kind), name, frozenset(Right), id_)
