"""The list of custom statuses, as the owner of the shop keeps it: per language, in order, retired without breaking
orders (W-7).
"""

from dataclasses import dataclass, field

from backoffice_app.db import reading
from backoffice_app.domain.core.choice_lists import (
    NAME,
    ChoiceList,
    Values,
    in_order,
    in_use,
    name_in,
    name_texts,
)
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.custom_status.facts import CustomStatusChanged
from backoffice_app.domain.custom_status.statuses import COLOURS, USUAL_COLOUR, all_statuses, colour_of
from backoffice_app.domain.order.custom import CLEARS
from backoffice_app.i18n import DOCUMENT_LANGUAGES, _
from backoffice_app.models import CustomStatus

KIND = "order-status"
"""The kind of subject that the page's events are about."""
COLOUR, MAILS, CLEAR = "colour", "mails", "clear-"
"""Fields of the form beside the names: the colour, whether the customer is told, and "clear-paid" and the like, each
"on" or "".
"""
BOXES = (MAILS, *(CLEAR + key for key in CLEARS))
"""Fields that a form sends only where they are ticked."""
LONGEST_NAME = 60
MOST = 50
"""Statuses of a shop."""


@dataclass(frozen=True)
class StatusRow:
    """A status as the page shows it.

    `tone`: of its badge; `clears`: what takes it off; `texts`: what its form starts with, by field; `about`: what its
    events are about; `orders`: the address of the orders that have it.
    """

    id: str = ""
    name: str = ""
    tone: str = ""
    clears: str = ""
    mails: bool = False
    is_retired: bool = False
    is_first: bool = False
    is_last: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    about: str = ""
    orders: str = ""


def statuses_page(actor: Actor, language: str) -> list[StatusRow]:
    """The statuses in their order, the retired ones last. Raises Refused for all but the owner."""
    actor.require(Right.SETTINGS)
    with reading() as session:
        found = all_statuses(session)
    current = in_use(found)
    return [
        StatusRow(
            id=str(one.id),
            name=name_in(one, language),
            tone=tone_of(one.colour),
            clears=" · ".join(
                CLEARS[key].in_language(language) for key in one.clears_on.split() if key in CLEARS
            ),
            mails=one.mails,
            is_retired=one.retired_at is not None,
            is_first=bool(current) and one is current[0],
            is_last=bool(current) and one is current[-1],
            texts=_texts(one),
            about=Shown(KIND, str(one.id)).text,
            orders=f"/orders?custom_status={one.id}",
        )
        for one in in_order(found)
    ]


def tone_of(colour: str) -> str:
    """The tone of a badge in this colour."""
    return f"hue-{colour_of(colour)}"


def _texts(one: CustomStatus) -> dict[str, str]:
    clears = one.clears_on.split()
    boxes = {
        MAILS: "on" if one.mails else "",
        **{CLEAR + key: "on" if key in clears else "" for key in CLEARS},
    }
    return {COLOUR: colour_of(one.colour), **boxes, **name_texts(one)}


def _apply(one: CustomStatus, given: Values) -> None:
    one.colour, one.mails = given.get(COLOUR, USUAL_COLOUR), given[MAILS] == "on"
    one.clears_on = " ".join(key for key in CLEARS if given[CLEAR + key] == "on")


def _checked(values: Values) -> dict[str, str]:
    found = {}
    for name, given in {**dict.fromkeys(BOXES, ""), **values}.items():
        value = " ".join(visible(given).split())
        if name == COLOUR and value not in COLOURS:
            raise Invalid(name, _("“{value}” is not one of the choices.").format(value=value))
        if name not in {COLOUR, *BOXES} and name.removeprefix(NAME) not in DOCUMENT_LANGUAGES:
            continue
        if len(value) > LONGEST_NAME or "\0" in value:
            raise Invalid(
                name,
                _("Has {count} characters; at most {longest} are taken.").format(
                    count=len(value), longest=LONGEST_NAME
                ),
            )
        found[name] = ("on" if value else "") if name in BOXES else value
    return found


LIST: ChoiceList[CustomStatus] = ChoiceList(
    CustomStatus,
    Right.SETTINGS,
    MOST,
    checked=_checked,
    texts=_texts,
    apply=_apply,
    told=lambda name, field, old, new: CustomStatusChanged(name=name, field=field, old=old, new=new),
    field_of=lambda name: "clears" if name.startswith(CLEAR) else name.removeprefix(NAME),
    touches=("orders",),
)
"""The list."""
