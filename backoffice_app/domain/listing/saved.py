"""Views of the order list that colleagues keep: for themselves, or for everybody (O-4)."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from sqlalchemy import bindparam
from sqlmodel import Session, or_, select

from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.i18n import _
from backoffice_app.models import SavedView

MOST = 20
"""Views that one colleague keeps: more tabs are no help to anybody."""
LONGEST_NAME = 40
KEPT = "saved-view"
"""The kind of subject that a kept view is, in the events of the page."""
TAB = "saved-"
"""Begins the key of the tab of such a view."""


@dataclass(frozen=True)
class Kept:
    """A view as its tab shows it. `may_delete`: whether this colleague may."""

    id: int
    name: str
    wanted: OrderFilter
    may_delete: bool

    @property
    def tab(self) -> str:
        """The key of its tab."""
        return f"{TAB}{self.id}"


_V = SavedView.__table__.c  # type: ignore[attr-defined]
_SEEN = (
    select(_V.id, _V.name, _V.query, _V.user_id)
    .where(or_(_V.user_id == bindparam("user"), _V.is_shared))
    .order_by(_V.id)
)  # made once: each list asks it


def kept_by(session: Session, actor: Actor) -> list[Kept]:
    """The views that this colleague sees: their own and those for everybody, the oldest first."""
    if actor.kind is not ActorKind.USER:
        return []
    found = session.execute(_SEEN, {"user": actor.id}).all()
    return [Kept(one.id, one.name, _wanted(one.query), _may_delete(actor, one.user_id)) for one in found]


def keep_view(actor: Actor, name: str, query: str, *, is_shared: bool = False) -> int:
    """Keeps the list of the address `query` under a name; returns its id.

    Raises Invalid naming `name`, and Refused for too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name", _("Write a name of at most {most} characters.").format(most=LONGEST_NAME))
    if actor.kind is not ActorKind.USER:
        raise Refused(_("Only a colleague who is signed in keeps views."))
    with work(actor) as w:
        mine = w.session.exec(select(SavedView.name).where(SavedView.user_id == actor.id)).all()
        if name.casefold() in {one.casefold() for one in mine}:
            raise Invalid("name", _("You have a view of this name already."))
        if len(mine) >= MOST:
            raise Refused(_("You keep {most} views already. Delete one first.").format(most=MOST))
        kept = SavedView(user_id=actor.id, is_shared=is_shared, name=name, query=_wanted(query).address(""))
        w.session.add(kept)
        w.session.flush()
        return kept.id or 0


def delete_view(actor: Actor, id_: int) -> str:
    """Deletes a view and returns its name.

    Raises NotFound, and Refused where it is a colleague's and this is not the owner.
    """
    with work(actor) as w:
        found = w.session.get(SavedView, id_)
        if found is None or not (found.is_shared or found.user_id == actor.id):
            raise NotFound(str(id_))
        if not _may_delete(actor, found.user_id):
            raise Refused(_("This view is a colleague's. They, or the owner of the shop, can delete it."))
        w.session.delete(found)
        return found.name


def _wanted(query: str) -> OrderFilter:
    """The list of an address, without its page: what is unknown by now is left out."""
    parameters = dict(parse_qsl(query.removeprefix("?")))
    return OrderFilter.parse({key: text for key, text in parameters.items() if key != "page"})


def _may_delete(actor: Actor, whose: int) -> bool:
    return whose == actor.id or actor.may(Right.SETTINGS)
