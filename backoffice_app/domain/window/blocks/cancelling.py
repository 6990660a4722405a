"""What cancelling an order, or the rest of it, will do, in numbers and before it is done (W-13)."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from backoffice_app.domain.core.actions import preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.work import Figure
from backoffice_app.domain.window.foreseen import first_mail_into
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Dialog, add_dialog
from backoffice_app.i18n import _
from backoffice_app.lucide import outline

CANCEL, REST = "cancel", "cancel-rest"
MONEY_FIRST = ("receipt-text", "undo", "package", "warehouse", "package-x", "truck")
"""The icons of the consequences in the order in which they are read; what has none of these follows."""


@dataclass(frozen=True)
class ForeseenView:
    """A consequence: the outline of its icon, what it is, and `value` in figures, "" where it has none.

    `when`: the box of the form that must be ticked for it, "no-" before the one that must not be; "" for always.
    """

    icon: str = ""
    text: str = ""
    value: str = ""
    when: str = ""


@dataclass(frozen=True)
class CancelView:
    """`will`: what will happen, in figures, found out by doing it and taking it back; `refused`: why it can't, or "".

    `choices`: (value, what it does in figures) of what becomes of the money that is too much then; none where nothing
    is.
    `letter`: subject, text and language of the mail as it would go without a reason; empty where none goes.
    """

    number: str = ""
    will: list[ForeseenView] = field(default_factory=list)
    refused: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    letter: list[str] = field(default_factory=list)


def read_cancel(look: Look, which: str) -> CancelView:  # noqa: ARG001
    """What `Cancel order` will do."""
    return _foreseen(look, CANCEL, {}).view


def read_cancel_rest(look: Look, which: str) -> CancelView:  # noqa: ARG001
    """What `Cancel the rest` will do, and by each choice of what becomes of the money, in figures."""
    offered = ("refund", "credit", "lines") if look.order.customer_id is not None else ("refund", "lines")
    by_choice = {money: _foreseen(look, REST, {"money": money}) for money in offered}
    refund, lines = by_choice["refund"], by_choice["lines"]
    always = [one for one in refund.told if one in lines.told]
    says = {
        money: " ".join(one for one in foreseen.told if one not in always)
        for money, foreseen in by_choice.items()
    }
    return replace(
        refund.view,
        will=[one for one in refund.view.will if one in lines.view.will],
        choices=[(money, text) for money, text in says.items() if text],
    )


class _Foreseen(NamedTuple):
    """What a preview found, and its sentences."""

    view: CancelView
    told: list[str]


def _foreseen(look: Look, key: str, values: dict[str, object]) -> _Foreseen:
    """What the action does when the dialog is sent as it opens, with its mail; the letter only for who may see the
    amounts in it (SEC-4).
    """
    letter: list[str] = []
    try:
        done = preview(
            look.actor,
            key,
            look.order.id or 0,
            {**values, "mail": True},
            then=first_mail_into(letter) if look.sees_prices else None,
        )
    except (Refused, Invalid) as no:
        return _Foreseen(CancelView(look.order.number, refused=look.text(no.reason)), [])
    will = [
        ForeseenView(
            outline(one.icon),
            look.text(one.text),
            one.value.in_language(look.language) if one.value is not None else "",
            one.when,
        )
        for one in sorted(done.figures, key=_place)
    ]
    return _Foreseen(
        CancelView(look.order.number, will, letter=letter), [look.text(one) for one in done.told]
    )


def _place(one: Figure) -> int:
    return MONEY_FIRST.index(one.icon) if one.icon in MONEY_FIRST else len(MONEY_FIRST)


add_dialog(Dialog(CANCEL, CANCEL, read=read_cancel))
add_dialog(Dialog(REST, REST, read=read_cancel_rest, title=_("Cancel the rest")))
