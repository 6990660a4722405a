"""Two records of one person become one: what belongs to the one goes over to the other, which is what it leads to from
then on (W-8).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlmodel import SQLModel, col, func, select, update

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.search_text import write_customer_columns
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.customer.details import own_pairs
from backoffice_app.domain.customer.facts import CustomerMerged, CustomerTaken, OrderMoved
from backoffice_app.domain.customer.subject import CUSTOMER, TOPIC, called, stands_still, why_not_change
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _, ngettext, one_after_the_other
from backoffice_app.models import Customer, Order
from backoffice_app.registry import Registry

FILLED = ("first_name", "last_name", "company", "phone", "vat_id")
"""What the other record takes over where it has nothing itself; of the names only if it has none at all."""


@dataclass(frozen=True)
class Belonging:
    """Rows that belong to a customer by their column `customer_id`. `said`: how many go over, as a sentence."""

    table: type[SQLModel]
    said: Callable[[int], LazyText]


BELONGING: Registry[Belonging] = Registry("kind of rows of a customer")


def belongs_to_customer(key: str, table: type[SQLModel], said: Callable[[int], LazyText]) -> Belonging:
    """Registers rows that go over with a customer who is merged. `table` has a column `customer_id`.

    Raises ValueError for a taken key.
    """
    return BELONGING.add(key, Belonging(table, said))


belongs_to_customer(
    "orders",
    Order,
    lambda count: ngettext(
        "{count} order goes over, with its mails and returns.",
        "{count} orders go over, with their mails and returns.",
        count,
    ),
)


class MergeCustomer(Input):
    """`into`: the number of the record that stays."""

    into: Annotated[str, Asked(_("Customer number"), _("Of the record that stays."))] = Field(
        min_length=1, max_length=50
    )


def _the_other(w: Work, id_: int, data: MergeCustomer) -> Collection[int]:
    stands_still(w)
    mine = w.session.exec(select(Customer.number).where(Customer.id == id_)).first() or ""
    wanted = as_numbered(data.into, mine)
    found = w.session.exec(select(Customer.id).where(Customer.number == wanted)).first()
    return [found] if found is not None else []


@action(
    subject=CUSTOMER,
    key="merge-customer",
    label=_("Merge", "customers"),
    right=Right.EDIT,
    why_not=why_not_change,
    input=MergeCustomer,
    even_if_changed=True,
    locks=_the_other,
)
def merge_customer(w: Work, customer: Customer, data: MergeCustomer) -> Done:
    """All that belongs to this customer goes over to the one who stays; both keep their history, and this one leads to
    the other.

    A person is told beforehand what goes over. What the other record lacks it takes over; both warnings and notes stay.
    Raises Invalid naming `into` for a number that there is not, the customer's own, and that of a record which was
    merged itself.
    """
    other = _other(w, customer, as_numbered(data.into, customer.number))
    counts = {key: _count(w, one, customer) for key, one in BELONGING.items()}
    for key, one in BELONGING.items():
        if counts[key]:
            w.say(one.said(counts[key]))
    _ask(w, customer, other, counts)
    moved = _move(w, customer, other)
    _take_over(customer, other)
    write_customer_columns(other)
    customer.merged_into_id = CUSTOMER.id_of(other)
    w.session.execute(
        update(Customer)
        .where(col(Customer.merged_into_id) == customer.id, col(Customer.id) != customer.id)
        .values(merged_into_id=other.id)
    )
    w.record(customer, CustomerMerged(into=other.number, into_id=CUSTOMER.id_of(other)))
    w.record(other, CustomerTaken(number=customer.number, orders=moved))
    w.touch(TOPIC, "orders")
    w.made("customers", other.number)
    return Done(
        _("{name} ({number}) is merged into {into}.").format(
            name=called(customer), number=customer.number, into=other.number
        )
    )


def as_numbered(typed: str, like: str) -> str:
    """A customer's number as it was typed, written as the number `like` is: "c-17" and "17" are "C-17" beside "C-4"."""
    typed, prefix = typed.strip(), like.rstrip("0123456789")
    if typed.isdecimal():
        return prefix + typed
    return prefix + typed[len(prefix) :] if typed.casefold().startswith(prefix.casefold()) else typed


def _other(w: Work, customer: Customer, number: str) -> Customer:
    if number == customer.number:
        raise Invalid("into", _("This is the customer's own number. Enter that of the other record."))
    found = w.session.exec(select(Customer).where(Customer.number == number)).first()
    if found is None:
        raise Invalid("into", _("There is no customer {number}.").format(number=number))
    if found.merged_into_id is not None:
        stays = w.session.get_one(Customer, found.merged_into_id).number
        raise Invalid(
            "into", _("Customer {number} was merged into {into} before.").format(number=number, into=stays)
        )
    return found


def _ask(w: Work, customer: Customer, other: Customer, counts: dict[str, int]) -> None:
    what = _("{name} ({number}) is merged into {other} ({into}).").format(
        name=called(customer), number=customer.number, other=called(other), into=other.number
    )
    moves = [one.said(counts[key]) for key, one in BELONGING.items() if counts[key]]
    figures = "-".join(map(str, counts.values()))
    question = one_after_the_other(what, *moves, _("This can't be taken back. Go on?"))
    w.ask(f"merge-{customer.number}-{other.number}-{figures}", question)


def _count(w: Work, one: Belonging, customer: Customer) -> int:
    column = one.table.customer_id  # type: ignore[attr-defined]  # said of the table when it was registered
    return w.session.exec(select(func.count()).select_from(one.table).where(column == customer.id)).one()


def _move(w: Work, customer: Customer, other: Customer) -> int:
    """Every row of the customer belongs to the other one; how many orders do.

    The orders are locked in the order of their ids.
    """
    mine = select(Order.id).where(Order.customer_id == customer.id).order_by(col(Order.id)).with_for_update()
    orders = [id_ or 0 for id_ in w.session.exec(mine).all()]
    for one in BELONGING.values():
        column = one.table.customer_id  # type: ignore[attr-defined]
        w.session.execute(update(one.table).where(column == customer.id).values(customer_id=other.id))
    for id_ in orders:
        w.record((ORDER, id_), OrderMoved(old=customer.number, new=other.number))
    return len(orders)


def _take_over(customer: Customer, other: Customer) -> None:
    """The one who stays takes over what it lacks; what both say of themselves stays side by side."""
    has_name = bool(other.first_name or other.last_name)
    for field in FILLED:
        if not getattr(other, field) and not (has_name and field in {"first_name", "last_name"}):
            setattr(other, field, getattr(customer, field))
    if not other.email:
        other.email = customer.email
    for field, between in (("warning", " "), ("note", "\n")):
        texts = [text for text in (getattr(other, field), getattr(customer, field)) if text]
        setattr(other, field, between.join(dict.fromkeys(texts)))
    known = {name for name, _text in own_pairs(other.own_fields)}
    more = [f"{name}: {text}" for name, text in own_pairs(customer.own_fields) if name not in known]
    other.own_fields = "\n".join([*filter(None, [other.own_fields]), *more])
    other.mails_off = other.mails_off or customer.mails_off
