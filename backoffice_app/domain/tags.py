"""Tags of orders: put on and taken off by colleagues, suggested from those in use (W-21)."""

from typing import Annotated, ClassVar

from pydantic import Field, field_validator
from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order

MOST = 50
LONGEST = 255
LOOKED_AT = 500
SUGGESTED = 50
TAG, UNTAG = "tag", "untag"


@fact
class OrderTagged(Fact):
    """A tag was put on the order."""

    about: ClassVar[About] = About.ORDER
    tag: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} tagged the order “{tag}”.").format(tag=self.tag)


@fact
class OrderUntagged(Fact):
    """A tag was taken off the order."""

    about: ClassVar[About] = About.ORDER
    tag: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} took the tag “{tag}” off the order.").format(tag=self.tag)


def tags_of(order: Order) -> list[str]:
    """The tags of an order, in the order in which they came."""
    return order.tags.split("\n") if order.tags else []


def suggestions(session: Session, _language: str) -> list[tuple[str, str]]:
    """The tags of the newest orders that have some, the most frequent first; one statement along their own index."""
    newest = (
        select(Order.tags)
        .where(literal_column("tags <> ''"))
        .order_by(col(Order.position).desc())
        .limit(LOOKED_AT)
    )
    counted: dict[str, int] = {}
    for tags in session.exec(newest).all():
        for tag in tags.split("\n"):
            counted[tag] = counted.get(tag, 0) + 1
    return [
        (tag, tag) for tag in sorted(counted, key=lambda tag: (-counted[tag], tag.casefold()))[:SUGGESTED]
    ]


class Tag(Input):
    """`tag`: a few words on one line."""

    tag: Annotated[str, Asked(_("Tag"), kind="suggested", offers=suggestions)] = Field(
        min_length=1, max_length=LONGEST
    )

    @field_validator("tag")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        return " ".join(value.split()).lstrip("#").strip()


def why_not_tag(order: Order) -> LazyText | None:  # noqa: ARG001
    """W-17: a tag says nothing of what was ordered or invoiced, so any order takes one."""
    return None


@action(
    subject=ORDER,
    key=TAG,
    label=_("Tag", "button"),
    right=Right.TASKS,
    why_not=why_not_tag,
    input=Tag,
    even_if_changed=True,
    bulk=True,
)
def tag(w: Work, order: Order, data: Tag) -> Done:
    """Put a tag on the order; the list finds it by its tags (W-21, O-3)."""
    if not data.tag:
        raise Invalid("tag", _("Write the tag."))
    if _known(order, data.tag):
        return Done(_("The order has this tag already."), changed=False)
    if len(tags_of(order)) >= MOST:
        raise Invalid("tag", _("The order has {most} tags, and no more are taken.").format(most=MOST))
    order.tags = "\n".join([*tags_of(order), data.tag])
    w.record(order, OrderTagged(tag=data.tag))
    return Done(_("Order tagged."), undo=Undo(UNTAG, {"tag": data.tag}))


@action(
    subject=ORDER,
    key=UNTAG,
    label=_("Remove tag"),
    right=Right.TASKS,
    why_not=why_not_tag,
    input=Tag,
    even_if_changed=True,
    bulk=True,
)
def untag(w: Work, order: Order, data: Tag) -> Done:
    """Take a tag off the order (W-21)."""
    gone = _known(order, data.tag)
    if not gone:
        return Done(_("The order has no such tag."), changed=False)
    order.tags = "\n".join(one for one in tags_of(order) if one != gone)
    w.record(order, OrderUntagged(tag=gone))
    return Done(_("Tag removed."), undo=Undo(TAG, {"tag": gone}))


def _known(order: Order, tag: str) -> str:
    """The tag of the order that is meant, as it is written there; "" if it has none such."""
    return next((one for one in tags_of(order) if one.casefold() == tag.casefold()), "")
