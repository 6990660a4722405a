"""Reads the page of one customer for who looks at it, and the dialogs of its actions (W-8)."""

import logging
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.forms import Filled, FormView, fields_of
from backoffice_app.domain.core.guarded import guarded
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.customer.actions import CUSTOMER_ALONE, OF_CUSTOMER, who_follows
from backoffice_app.domain.customer.details import language_choices, open_orders
from backoffice_app.domain.customer.subject import CUSTOMER, called, id_of_customer
from backoffice_app.domain.customer_page.registry import COLUMNS, CUSTOMER_BLOCKS, CustomerLook
from backoffice_app.domain.window.declared import Declared
from backoffice_app.i18n import _
from backoffice_app.models import Customer
from backoffice_app.registry import CORE

log = logging.getLogger("kontor.customers")
DIALOGS = ("edit-customer", "warn-customer", "merge-customer")
"""The actions that ask something first; each dialog is called by its action."""
_SUBMIT = {"edit-customer": _("Save"), "warn-customer": _("Save"), "merge-customer": _("Merge", "customers")}
_ABOUT = {
    "edit-customer": _("Orders keep their own copy of these data; the open ones can follow."),
    "warn-customer": _("The customer does not see it."),
    "merge-customer": _(
        "For two records of one person: everything that belongs to this one goes over to the other."
    ),
}


@dataclass(frozen=True)
class CustomerPageView:
    """The page.

    `about`: as its events name the customer; `columns`: the blocks of each; `into`: the number of the one they were
    merged into, "" for nobody, and `merged` the sentence that says so; `orders`: the address of all their orders.
    """

    id: int = 0
    number: str = ""
    name: str = ""
    company: str = ""
    about: str = ""
    warning: str = ""
    mails_off: bool = False
    into: str = ""
    merged: str = ""
    orders: str = ""
    may_edit: bool = False
    columns: list[list[Declared]] = field(default_factory=lambda: [[], [], []])


def customer_page(session: Session, number: str, actor: Actor) -> CustomerPageView:
    """The customer `number` as `actor` may see them. Raises NotFound, and Refused without the right to read."""
    actor.require(Right.READ)
    look = _look(session, number, actor)
    one = look.customer
    stays = session.get(Customer, one.merged_into_id) if one.merged_into_id is not None else None
    return CustomerPageView(
        id=one.id or 0,
        number=one.number,
        name=called(one),
        company=one.company if called(one) != one.company else "",
        about=Shown(CUSTOMER.key, one.number, str(CUSTOMER.version(one) if CUSTOMER.version else "")).text,
        warning=one.warning,
        mails_off=one.mails_off,
        into=stays.number if stays is not None else "",
        merged=look.text(_("This customer was merged into {name}.").format(name=called(stays)))
        if stays is not None
        else "",
        orders=f"/orders?customer={one.number}",
        may_edit=actor.may(Right.EDIT) and stays is None,
        columns=[_column(look, column) for column in COLUMNS],
    )


def customer_form(session: Session, number: str, actor: Actor, key: str) -> FormView:
    """The dialog `key` of a customer, with what its fields start with.

    Raises NotFound, and Refused without the right of its action.
    """
    if key not in DIALOGS:
        raise NotFound(key)
    action = ACTIONS[key]
    actor.require(action.right)
    look = _look(session, number, actor)
    title = action.label.in_language(actor.language)
    return FormView(
        action=key,
        title=title,
        submit=look.text(_SUBMIT[key]),
        fields=fields_of(action.input, _filled(look, key), actor.language),
        description=look.text(_ABOUT[key]),
        key=key,
        element=key,
    )


def _filled(look: CustomerLook, key: str) -> Filled:
    one = look.customer
    if key == "warn-customer":
        return Filled({"warning": one.warning})
    if key == "merge-customer":
        return Filled()
    values = {name: getattr(one, name) for name in OF_CUSTOMER} | {"follow": CUSTOMER_ALONE}
    choices = {"language": language_choices(one.language, look.language)}
    mine = open_orders(look.session, one.id)
    if not mine:
        return Filled(values, choices, hidden={"follow": CUSTOMER_ALONE})
    return Filled(
        values, {**choices, "follow": [(value, look.text(word)) for value, word in who_follows(mine)]}
    )


def _look(session: Session, number: str, actor: Actor) -> CustomerLook:
    return CustomerLook(
        session, session.get_one(Customer, id_of_customer(session, number)), actor, load_shop(session)
    )


def _column(look: CustomerLook, column: int) -> list[Declared]:
    """The blocks of a column that this actor may see, from the top; a plug-in's that can't be read is left out."""
    mine = sorted(
        (one for one in CUSTOMER_BLOCKS.values() if one.column == column and look.actor.may(one.right)),
        key=lambda one: one.rank,
    )
    shown = []
    for one in mine:
        if CUSTOMER_BLOCKS.owner_of(one.key) == CORE:
            read = one.read(look)
        else:
            read = guarded(look.session, f"The block {one.key}", lambda one=one: one.read(look), Declared())  # type: ignore[misc]
        if read.parts or read.empty:
            shown.append(replace(read, key=f"customer-{one.key}", title=look.text(one.title)))
    return shown
