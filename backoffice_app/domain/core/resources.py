"""What the REST API offers to act on: subjects with an address, such as orders, each registered where it belongs
(API-1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from sqlmodel import Session

from backoffice_app.domain.core.actions import Action, actions_of
from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.domain.core.subjects import Row, Subject, require_registered
from backoffice_app.registry import Registry


@dataclass(frozen=True)
class Resource(Generic[Row]):
    """A subject whose actions the API offers at `/api/v1/<path>/<number>/actions`.

    `right`: what a key needs to see one at all. `read`: the row of a number with all that the rules look at, without a
    lock; with the id of an API key, only one that this key brought in. Raises NotFound. `reads_all`: the right of a key
    that reads all of them, no matter who brought them in. `find`: as `read`, the id alone; what acts locks the row and
    reads it anew, so most of `read` is for nothing.
    """

    subject: Subject[Row]
    path: str
    right: AnyRight
    read: Callable[[Session, str, int | None], Row]
    reads_all: AnyRight = Right.ORDERS_READ
    find: Callable[[Session, str, int | None], int] | None = None

    def id_of(self, session: Session, number: str, sent_by: int | None) -> int:
        """The id of what has this number; `sent_by` as in `read`. Raises NotFound."""
        return (
            self.find(session, number, sent_by)
            if self.find
            else self.subject.id_of(self.read(session, number, sent_by))
        )

    def actions(self) -> list[Action[Row, Any]]:
        """All its actions, in the order in which they were registered."""
        return actions_of(self.subject)


RESOURCES: Registry[Resource[Any]] = Registry("resource")
"""By path."""


def offer(resource: Resource[Row]) -> Resource[Row]:
    """Makes the API offer a subject; returns what was given.

    Raises ValueError if its path or its subject is offered already.
    """
    require_registered(resource.subject, f"the resource {resource.path}")
    known = {known.subject.key: path for path, known in RESOURCES.items() if path != resource.path}
    if resource.subject.key in known:
        raise ValueError(
            f"the API offers the subject {resource.subject.key} already, as {known[resource.subject.key]}"
        )
    return RESOURCES.add(resource.path, resource)
