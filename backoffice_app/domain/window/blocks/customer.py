"""Who ordered: the block `Customer`, what they entered at the checkout, and their comment (W-8, W-19, T-1)."""

from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select, true

from backoffice_app.domain.core.choice_lists import name_in
from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.core.search_text import phone_digits
from backoffice_app.domain.customer.actions import ORDER_ALONE, whom_it_holds_for
from backoffice_app.domain.customer.details import OF_ORDER, language_choices, open_orders, own_pairs
from backoffice_app.domain.customer.subject import called
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.order.addressee import customer_of
from backoffice_app.domain.order.states import STATE_NAMES, STILL_OPEN, Status
from backoffice_app.domain.window.declared import Declared, Entry, declare, entries, facts
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Tab, Way, add_dialog, add_tab, block, ways
from backoffice_app.formats import format_money
from backoffice_app.i18n import LazyLanguage, _, ngettext
from backoffice_app.models import Customer, Order

_ORDERS, _CUSTOMERS = Order.__table__, Customer.__table__  # type: ignore[attr-defined]
_OF_CUSTOMER = _ORDERS.c.customer_id == bindparam("customer")
_SUMS = (
    select(_ORDERS.c.currency, func.count().label("n"), func.sum(_ORDERS.c.total).label("total"))
    .where(_OF_CUSTOMER, _ORDERS.c.cancelled_at.is_(None), ~_ORDERS.c.is_draft)
    .group_by(_ORDERS.c.currency)
    .subquery()
)
_WHO = (
    select(_CUSTOMERS.c.number, _CUSTOMERS.c.warning, _CUSTOMERS.c.email, *_SUMS.c)
    .select_from(_CUSTOMERS.outerjoin(_SUMS, true()))
    .where(_CUSTOMERS.c.id == bindparam("customer"))
)
"""A row for each currency the customer ordered in."""
_OTHERS = (
    select(
        _ORDERS.c.number,
        _ORDERS.c.placed_at,
        _ORDERS.c.status,
        _ORDERS.c.custom_status_id,
        _ORDERS.c.total,
        _ORDERS.c.currency,
    )
    .where(_OF_CUSTOMER, _ORDERS.c.id != bindparam("order"))
    .where(_ORDERS.c.status.in_(sorted(status.value for status in {*STILL_OPEN, Status.ON_HOLD})))
    .order_by(_ORDERS.c.position.desc())
    .limit(5)
)


@dataclass(frozen=True)
class OtherOrderView:
    """Another open order of the same customer."""

    number: str = ""
    date: str = ""
    status: str = ""
    total: str = ""


@dataclass(frozen=True)
class CustomerView:
    """Who ordered; `orders` and `total` over all their orders; `mail_to`: where mails about the order go, "" for
    nowhere; `calls`: the link that dials `phone`.

    `credit`: what they have to pay other orders in this currency with; "" for nothing, and for who sees no amounts.
    """

    number: str = ""
    name: str = ""
    company: str = ""
    email: str = ""
    mail_to: str = ""
    phone: str = ""
    calls: str = ""
    vat_id: str = ""
    orders: str = ""
    total: str = ""
    warning: str = ""
    credit: str = ""
    others: list[OtherOrderView] = field(default_factory=list)


@dataclass(frozen=True)
class CommentView:
    """What the customer wrote at the checkout, and what the shop system added to it."""

    comment: str = ""
    options: str = ""


EDIT = "edit-order-customer"
_RECORD = _("All orders, mails and returns of the customer")
MAIL = "customer-mail"
"""The action, its dialog, and the id of its button."""
add_tab(Tab("customer", _("Customer"), 20))
add_dialog(Dialog(MAIL, MAIL, kept=True, own_state=True))


@ways(MAIL)
def mail_ways(look: Look) -> list[Way]:
    """To this customer."""
    return [Way("", look.order.customer_name, dialog=MAIL)]


@block(key="customer", tab="order", column=3, rank=20, buttons=[Button(MAIL)])
def customer(look: Look) -> CustomerView:
    """Who ordered, with the number and the sums of their orders and those that are open; without amounts for who sees
    none (SEC-4).
    """
    order, language = look.order, look.language
    if order.customer_id is None:
        return CustomerView(
            name=order.customer_name,
            company=order.company,
            email=order.email,
            mail_to=", ".join(addresses(order.email)),
            phone=order.phone,
            calls=_calls(order.phone),
            vat_id=order.vat_id,
        )
    connection, given = look.session.connection(), {"customer": order.customer_id, "order": order.id}
    sums = connection.execute(_WHO, given).all()
    # The order's own currency comes first; amounts of different currencies are never added.
    sums = sorted(sums, key=lambda row: (row.currency != order.currency, row.currency or ""))
    totals = {row.currency: int(row.total or 0) for row in sums}
    warning, email, count = sums[0].warning, sums[0].email, sum(row.n or 0 for row in sums)
    amounts = [format_money(total, currency, language) for currency, total in totals.items() if currency]
    return CustomerView(
        number=sums[0].number,
        name=order.customer_name,
        company=order.company,
        email=order.email,
        mail_to=", ".join(addresses(order.email or email)),
        phone=order.phone,
        calls=_calls(order.phone),
        vat_id=order.vat_id,
        orders=ngettext("{count} order", "{count} orders", count).in_language(language),
        total=" + ".join(amounts or [format_money(0, order.currency, language)]) if look.sees_prices else "",
        warning=warning,
        credit=look.money(int(look.beside.credit)) if look.beside.credit else "",
        others=[
            OtherOrderView(
                row.number,
                look.moment(row.placed_at),
                _status_of(look, row.status, row.custom_status_id),
                format_money(row.total, row.currency, language) if look.sees_prices else "",
            )
            for row in connection.execute(_OTHERS, given).all()
        ],
    )


def _calls(phone: str) -> str:
    """The address that dials a number (RFC 3966); "" for what has no digits."""
    digits = phone_digits(phone)
    is_abroad = phone.lstrip().startswith(("+", "00"))
    return f"tel:{'+' if is_abroad else ''}{digits}" if digits else ""


def _status_of(look: Look, status: str, custom: int | None) -> str:
    """The custom status stands where the system status would (W-7)."""
    own = look.custom_status(custom)
    return name_in(own, look.language) if own is not None else look.text(STATE_NAMES[Status(status)])


@block(key="comment", tab="order", column=3, rank=1)
def comment(look: Look) -> CommentView:
    """What the customer wrote at the checkout (W-19)."""
    return CommentView(look.order.comment, look.order.options)


@block(
    key="who", tab="customer", column=3, rank=10, title=_("Customer"), buttons=[Button(EDIT, in_head=True)]
)
def who(look: Look) -> Declared:
    """Everything the customer entered of themselves, as this order keeps it; where their record is (T-1)."""
    order = look.order
    billing = look.addresses[0]
    pairs = (
        (_("Name"), billing.name if billing else ""),
        (_("Company"), billing.company if billing else ""),
        (_("E-mail"), order.email),
        (_("Phone"), order.phone),
        (_("VAT ID"), order.vat_id),
        (_("Language"), LazyLanguage(order.language).in_language(look.language).capitalize()),
    )
    own = own_pairs(order.own_fields)
    said = facts(
        *((look.text(word), text or "–") for word, text in pairs),
        *((name, text or "–") for name, text in own),
    )
    customer = customer_of(look.session, order)
    if customer is None:
        return declare(said)
    record = Entry(
        title=f"{called(customer)} · {customer.number}",
        link=f"/customers/{customer.number}",
        small=look.text(_RECORD),
    )
    return declare(said, entries(record))


@block(key="checkout", tab="customer", column=3, rank=20, title=_("Checkout"))
def checkout(look: Look) -> Declared:
    """Everything else that was entered or chosen with the order (T-1)."""
    order = look.order
    pairs = (
        (_("Source"), order.source),
        (_("Reference"), order.external_reference),
        (_("Payment method"), look.method.name_in(look.language)),
        (_("Shipping method"), look.shipping.name_in(look.language)),
        (_("Comment"), order.comment),
        (_("Details from the checkout"), " · ".join(order.options.split("\n"))),
        (_("Tags"), ", ".join(order.tags.split("\n")) if order.tags else ""),
    )
    return declare(facts(*((look.text(word), text or "–") for word, text in pairs)))


def fill_edit(look: Look, which: str) -> Filled:  # noqa: ARG001
    """What the form starts with: the order's own copy, and for whom the change holds."""
    order = look.order
    values = {name: getattr(order, name) for name in (*OF_ORDER, "comment", "options")}
    choices = {"language": language_choices(order.language, look.language)}
    if order.customer_id is None:
        return Filled(values, choices, hidden={"follow": ORDER_ALONE})
    others = open_orders(look.session, order.customer_id, but=order.id or 0)
    choices["follow"] = [(value, look.text(word)) for value, word in whom_it_holds_for(others)]
    return Filled({**values, "follow": ORDER_ALONE}, choices)


@ways(EDIT)
def edit_ways(look: Look) -> list[Way]:
    """What is known of the customer."""
    return [Way("", look.text(_("Customer data")), dialog=EDIT)]


add_dialog(
    Dialog(
        EDIT,
        EDIT,
        title=_("Edit customer data"),
        description=_("The order has its own copy. Issued invoices keep what they say."),
        submit=_("Save"),
        fill=fill_edit,
        kept=True,
        merges=True,
    )
)
