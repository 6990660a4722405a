"""Colleagues to choose from, such as for a task or a note (W-9, W-11)."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.people.sessions import folded
from backoffice_app.i18n import _
from backoffice_app.models import User

ME = "me"
"""What stands for the colleague who fills in a form."""


@dataclass(frozen=True)
class Colleague:
    """Who was chosen: id and name."""

    id: int
    name: str


def choices_of_colleagues(session: Session, language: str) -> list[tuple[str, str]]:
    """Oneself, nobody, and all colleagues with access by name, each as (value, word); one statement."""
    found = session.exec(
        select(User.id, User.name).where(col(User.retired_at).is_(None)).order_by(User.name, col(User.id))
    ).all()
    first = [(ME, _("Me").in_language(language)), ("", _("Nobody in particular").in_language(language))]
    return first + [(str(id_), name) for id_, name in found]


def value_of(actor: Actor, id_: int | None) -> str:
    """The value of the choice that means this colleague, as `actor` chooses."""
    if id_ is None:
        return ""
    return ME if actor.kind is ActorKind.USER and actor.id == id_ else str(id_)


def colleague_of(session: Session, actor: Actor, text: str, field: str) -> Colleague | None:
    """Who is meant by "me", an id or an e-mail address; None for "".

    Raises Invalid naming `field` for nobody who has access.
    """
    if not text:
        return None
    if text == ME or text == str(actor.id):
        if actor.kind is ActorKind.USER:
            return Colleague(actor.id, actor.name)
        if text == ME:
            raise Invalid(field, _("Name a colleague: an API key is not one."))
    statement = select(User).where(col(User.retired_at).is_(None))
    is_id = text.isascii() and text.isdecimal() and len(text) < 19
    wanted = (
        statement.where(col(User.id) == int(text)) if is_id else statement.where(User.email == folded(text))
    )
    found = session.exec(wanted).first()
    if found is None:
        raise Invalid(field, _("No colleague with access has this id or e-mail address."))
    return Colleague(found.id or 0, found.name)
