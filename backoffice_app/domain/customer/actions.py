"""What colleagues do to a customer: edit, warn, switch the mails off (W-8, W-19, T-1, M-6)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from sqlmodel import col, select

from backoffice_app.domain.core.actions import Done, Input, NoInput, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.search_text import write_customer_columns
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.customer import details
from backoffice_app.domain.customer.details import follow, names, numbers_of, open_orders
from backoffice_app.domain.customer.facts import (
    CustomerEdited,
    CustomerWarned,
    MailsSwitched,
    OrderCustomerEdited,
)
from backoffice_app.domain.customer.subject import CUSTOMER, TOPIC, stands_still, why_not_change
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.actions import why_not_edit_address
from backoffice_app.i18n import LazyText, _, ngettext
from backoffice_app.models import Customer, Order

OF_CUSTOMER = (
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "vat_id",
    "language",
    "own_fields",
    "note",
)
CUSTOMER_ALONE, OPEN_ORDERS = "none", "open"
ORDER_ALONE, CUSTOMER_TOO = "order", "customer"


class EditCustomer(Input):
    """The fields as they shall be; what is left out stays. `own_fields`: one `name: text` a line, or an object.

    `follow`: "open", so that the customer's open orders take it over; "none", so that they keep what they have.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"own_fields", "note"})
    first_name: details.FirstName = None
    last_name: details.LastName = None
    company: details.Company = None
    email: details.Email = None
    phone: details.Phone = None
    vat_id: details.VatId = None
    language: details.Language = None
    own_fields: details.OwnFields = None
    note: Annotated[
        str | None, Field(max_length=5_000), Asked(_("Note about the customer"), _("For colleagues."))
    ] = None
    follow: Annotated[Literal["none", "open"], Asked(_("Open orders"))] = "none"


def _no_other(w: Work, _id: int, data: EditCustomer) -> tuple[int, ...]:
    if data.follow == OPEN_ORDERS:
        stands_still(w)
    return ()


@action(
    subject=CUSTOMER,
    key="edit-customer",
    label=_("Edit customer"),
    right=Right.EDIT,
    why_not=why_not_change,
    input=EditCustomer,
    asks="must",
    overwrites=True,
    locks=_no_other,
)
def edit_customer(w: Work, customer: Customer, data: EditCustomer) -> Done:
    """Change what is known of a customer.

    Their orders keep their own copy; the open ones follow where that is asked for (T-1).
    """
    given = {field: text for field in OF_CUSTOMER if (text := getattr(data, field)) is not None}
    if not any(
        given.get(field, getattr(customer, field))
        for field in ("first_name", "last_name", "company", "email")
    ):
        raise Invalid("last_name", _("A name, a company or an e-mail address is needed."))
    before = names(customer)
    changed = _change(w, customer, given)
    followed = 0
    if data.follow == OPEN_ORDERS:
        kept = {field: text for field, text in given.items() if field in changed}
        followed = _lead(w, CUSTOMER.id_of(customer), kept, (before, names(customer)))
    if not changed:
        return Done(_("Nothing was changed."), changed=False)
    return _saved(followed)


def _change(w: Work, customer: Customer, given: Mapping[str, str]) -> list[str]:
    """Writes what differs, and records it; the names of these fields."""
    stored = {**given, **({"email": given["email"].lower()} if "email" in given else {})}
    changed = [field for field, text in stored.items() if getattr(customer, field) != text]
    if changed:
        old, new = [getattr(customer, field) for field in changed], [stored[field] for field in changed]
        for field in changed:
            setattr(customer, field, stored[field])
        write_customer_columns(customer)
        w.record(customer, CustomerEdited(fields=changed, old=old, new=new))
        w.touch(TOPIC)
    return changed


def _lead(
    w: Work,
    customer_id: int,
    given: Mapping[str, str],
    called: tuple[Mapping[str, str], Mapping[str, str]],
    but: int = 0,
) -> int:
    """The open orders of the customer, but for one, follow; how many did. They are locked in the order of their ids."""
    mine = [w.lock(ORDER, id_) for id_, _number in open_orders(w.session, customer_id, but=but)]
    return sum(follow(w, order, given, called) for order in mine if order.customer_id == customer_id)


def _saved(followed: int) -> Done:
    if not followed:
        return Done(_("Customer saved."))
    return Done(
        ngettext(
            "Customer saved. {count} open order follows.",
            "Customer saved. {count} open orders follow.",
            followed,
        )
    )


class EditOrderCustomer(Input):
    """The order's own copy of its customer's data as they shall be; what is left out stays.

    `follow`: "order" for this order alone, "customer" for the customer too, "open" for the customer and all their open
    orders.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"own_fields", "comment", "options"})
    email: details.Email = None
    phone: details.Phone = None
    vat_id: details.VatId = None
    language: details.Language = None
    own_fields: details.OwnFields = None
    follow: Annotated[Literal["order", "customer", "open"], Asked(_("Holds for"))] = "order"
    comment: Annotated[str | None, Field(max_length=10_000), Asked(_("Comment"))] = None
    options: Annotated[str | None, Field(max_length=10_000), Asked(_("Details from the checkout"))] = None


def _others(w: Work, id_: int, data: EditOrderCustomer) -> list[int]:
    if data.follow == ORDER_ALONE:
        return []
    stands_still(w)
    if data.follow == CUSTOMER_TOO:
        return []
    customer_id = w.session.exec(select(Order.customer_id).where(col(Order.id) == id_)).first()
    return [other for other, _number in open_orders(w.session, customer_id, but=id_)]


@action(
    subject=ORDER,
    key="edit-order-customer",
    label=_("Edit", "customer data"),
    right=Right.EDIT,
    why_not=why_not_edit_address,
    input=EditOrderCustomer,
    asks="must",
    overwrites=True,
    even_unready=True,
    locks=_others,
)
def edit_order_customer(w: Work, order: Order, data: EditOrderCustomer) -> Done:
    """Change what this order says of its customer; the customer and their other open orders follow where that is asked
    for (T-1).
    """
    given = {
        field: text
        for field in (*details.OF_ORDER, "comment", "options")
        if (text := getattr(data, field)) is not None
    }
    changed = [field for field, text in given.items() if getattr(order, field) != text]
    if changed:
        old, new = [getattr(order, field) for field in changed], [given[field] for field in changed]
        for field in changed:
            setattr(order, field, given[field])
        w.record(order, OrderCustomerEdited(fields=changed, old=old, new=new))
    is_more, followed = False, 0
    if data.follow != ORDER_ALONE and order.customer_id is not None:
        customer = w.lock(CUSTOMER, order.customer_id)
        kept = {field: text for field, text in given.items() if field in details.OF_ORDER}
        is_more, called = bool(_change(w, customer, kept)), names(customer)
        if data.follow == OPEN_ORDERS:
            followed = _lead(w, order.customer_id, kept, (called, called), but=ORDER.id_of(order))
    if not changed and not is_more and not followed:
        return Done(_("Nothing was changed."), changed=False)
    return _saved(followed)


def whom_it_holds_for(orders: Sequence[tuple[int, str]]) -> list[tuple[str, LazyText]]:
    """What can be chosen where the customer of an order is edited, as (value, word); says which open orders there are
    besides.
    """
    found = [(ORDER_ALONE, _("Only this order")), (CUSTOMER_TOO, _("This order and the customer"))]
    if orders:
        all_of_it = _("This order, the customer, and the open orders {numbers}").format(
            numbers=numbers_of(orders)
        )
        found.append((OPEN_ORDERS, all_of_it))
    return found


def who_follows(orders: Sequence[tuple[int, str]]) -> list[tuple[str, LazyText]]:
    """What can be chosen for the open orders of a customer who is edited, as (value, word); says which they are."""
    return [
        (CUSTOMER_ALONE, _("Keep what they have")),
        (OPEN_ORDERS, _("Follow: {numbers}").format(numbers=numbers_of(orders))),
    ]


class WarnCustomer(Input):
    """`warning`: what stands on all orders of the customer; "" takes it away."""

    warning: Annotated[
        str, Asked(_("Warning"), _("Stands in red on all their orders. Empty takes it away."))
    ] = Field(max_length=500)


@action(
    subject=CUSTOMER,
    key="warn-customer",
    label=_("Warn of the customer"),
    right=Right.EDIT,
    why_not=why_not_change,
    input=WarnCustomer,
    overwrites=True,
)
def warn_customer(w: Work, customer: Customer, data: WarnCustomer) -> Done:
    """A warning that shows on all orders of the customer (W-19)."""
    if customer.warning == data.warning:
        return Done(_("Nothing was changed."), changed=False)
    customer.warning = data.warning
    w.record(customer, CustomerWarned(warning=data.warning))
    w.touch(TOPIC)
    return Done(
        _("The warning stands on all their orders.") if data.warning else _("The warning is taken away.")
    )


def _switch(w: Work, customer: Customer, *, off: bool) -> None:
    customer.mails_off = off
    w.record(customer, MailsSwitched(off=off))
    w.touch(TOPIC)


@action(
    subject=CUSTOMER,
    key="customer-mails-off",
    label=_("Switch mails off"),
    right=Right.EDIT,
    why_not=why_not_change,
    already=lambda _w, customer: _("The mails are switched off already.") if customer.mails_off else None,
    input=NoInput,
    even_if_changed=True,
)
def customer_mails_off(w: Work, customer: Customer, data: NoInput) -> Done:  # noqa: ARG001
    """Nothing is mailed to the customer by itself any more; what a colleague writes still goes, and what the law asks
    for (M-6).
    """
    _switch(w, customer, off=True)
    return Done(_("The mails to this customer are switched off."))


@action(
    subject=CUSTOMER,
    key="customer-mails-on",
    label=_("Switch mails on"),
    right=Right.EDIT,
    why_not=why_not_change,
    already=lambda _w, customer: None if customer.mails_off else _("The mails are switched on already."),
    input=NoInput,
    even_if_changed=True,
)
def customer_mails_on(w: Work, customer: Customer, data: NoInput) -> Done:  # noqa: ARG001
    """The customer is mailed again (M-6)."""
    _switch(w, customer, off=False)
    return Done(_("The mails to this customer are switched on again."))
