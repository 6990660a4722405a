"""What may be done with an order or the like, and what came of it, as the REST API tells it (API-1)."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Action, Done
from backoffice_app.domain.core.resources import Resource
from backoffice_app.domain.core.rights import Actor, needs_scope
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.subjects import Version
from backoffice_app.i18n import LazyText

Row = TypeVar("Row")


class ActionView(BaseModel):
    """Something that can be done.

    `may`: whether it may happen now, with this key; `why`: if not, why; `input`: the JSON schema.
    """

    key: str
    label: str
    may: bool
    why: str | None
    input: dict[str, Any]


class UndoView(BaseModel):
    """The action that takes something back, and its input."""

    key: str
    input: dict[str, Any]


class DoneView(BaseModel):
    """What was done. `changed`: false where it was so already. What came of it stands in the lists, by number.

    `undo`: how it can be taken back, for some seconds at least; null where it can't.
    """

    model_config = ConfigDict(extra="allow")  # a plug-in's actions may make what has a list of its own
    message: str
    changed: bool
    documents: list[str] = []
    mails: list[str] = []
    payments: list[str] = []
    shipments: list[str] = []
    returns: list[str] = []
    undo: UndoView | None = None


def offered_actions(
    actor: Actor, resource: Resource[Row], number: str, sent_by: int | None, language: str
) -> tuple[list[ActionView], Version | None]:
    """The actions that a person finds as buttons, judged now and for this actor, and the version they were judged at.

    Raises NotFound. `sent_by`: as in `Resource.read`.
    """
    with reading() as session:
        row, shop = resource.read(session, number, sent_by), load_shop(session)
        views = [
            _view(action, why_not(session, actor, shop, action, row), language)
            for action in resource.actions()
            if action.offered
        ]
        return views, resource.subject.version(row) if resource.subject.version else None


def id_of(resource: Resource[Row], number: str, sent_by: int | None) -> int:
    """The id of what has this number. Raises NotFound. `sent_by`: as in `Resource.read`."""
    with reading() as session:
        return resource.id_of(session, number, sent_by)


def done_view(done: Done, language: str) -> DoneView:
    """What was done, in this language."""
    undo = UndoView(key=done.undo.key, input=dict(done.undo.values)) if done.undo else None
    made = {kind: list(numbers) for kind, numbers in done.made.items()}
    return DoneView(message=done.message.in_language(language), changed=done.changed, undo=undo, **made)


def _view(action: Action[Row, Any], why: LazyText | None, language: str) -> ActionView:
    return ActionView(
        key=action.key,
        label=action.label.in_language(language),
        may=why is None,
        why=why.in_language(language) if why else None,
        input=action.input.model_json_schema(),
    )


def why_not(
    session: Session, actor: Actor, shop: Shop, action: Action[Row, Any], row: Row
) -> LazyText | None:
    """Why this actor may not do it now.

    A right that is missing is said first: the rule may tell of what the actor does not see.
    """
    return action.reason_beside(session, shop, row) if actor.may(action.right) else needs_scope(action.right)
