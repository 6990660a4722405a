"""Drafts: copied, begun empty, placed, deleted.

Until it is placed a draft has no number of the series and touches nothing (W-13, W-18).
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator
from sqlalchemy import delete, update
from sqlmodel import col, select

from backoffice_app.db import next_id
from backoffice_app.domain.core.actions import Done, Input, NoInput, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.payment_methods import method_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import write_customer_columns
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.mail import addresses
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.position import position_of
from backoffice_app.domain.order.views import move_counts, tallies_of
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.domain.orders.place import confirm_order, prepare_shipment
from backoffice_app.domain.orders.recompute import recompute
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Customer, Order, OrderAddress, OrderLine, OrderSearch, Product

COPIED = (
    "language",
    "currency",
    "prices",
    "customer_id",
    "own_fields",
    "vat_id",
    "email",
    "phone",
    "payment_method",
    "payment_method_name",
    "payment_cost",
    "payment_vat_rate",
    "payment_vat_category",
    "shipping_method",
    "shipping_method_name",
    "pickup",
    "shipping_price",
    "shipping_vat_rate",
    "shipping_vat_category",
    "discount_name",
    "discount",
)
"""What a copy takes over of an order; its money, parcels and documents it does not."""
OF_A_LINE = (
    "rank",
    "product_id",
    "sku",
    "name",
    "options",
    "unit",
    "ships",
    "unit_price",
    "discount",
    "vat_rate",
    "vat_category",
)
OF_AN_ADDRESS = ("kind", "name", "company", "street", "addition", "postcode", "city", "region", "country")


@fact
class DraftMade(Fact):
    """A draft was begun; `copied_from`: the number of the order it is a copy of, or ""."""

    about: ClassVar[About] = About.ORDER
    copied_from: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.copied_from:
            return _("{actor} copied order {number} into this draft.").format(number=self.copied_from)
        return _("{actor} began this draft.")


@fact
class OrderCopied(Fact):
    """The order was copied into the draft `draft`."""

    about: ClassVar[About] = About.ORDER
    draft: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} copied the order into the draft {number}.").format(number=self.draft)


@fact
class CustomerChosen(Fact):
    """A draft was given its customer."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"email"})
    email: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} chose the customer {email}.").format(email=self.email)


def number_of_draft(id_: int) -> str:
    """What a draft is called until it is placed; it uses up no number of the series."""
    return f"D-{id_}"


def begin_draft(actor: Actor) -> str:
    """Makes an empty draft in the shop's language and currency; its number. Raises Refused without the right (W-18)."""
    actor.require(Right.EDIT)
    with work(actor) as w:
        regional = w.shop.regional
        draft = Order(
            number="",
            position=0,
            placed_at=w.at,
            language=regional.language,
            currency=regional.currency,
            prices="gross",
        )
        draft.addresses = [OrderAddress(kind="billing", country=w.shop.company.country)]
        draft.lines = []
        _add(w, draft)
    return draft.number


def _add(w: Work, draft: Order) -> None:
    """Takes a draft into the transaction; `draft` has its lines and addresses."""
    id_ = next_id(w.session, "orders")
    draft.id, draft.number, draft.is_draft = id_, number_of_draft(id_), True
    draft.placed_at, draft.position = w.at, position_of(int(w.at.timestamp()), id_)
    draft.payments, draft.shipments, draft.documents = [], [], []
    recompute(draft)
    w.add(draft)
    if w.keeps:  # on PostgreSQL the number comes from a sequence, so the next draft gets another one
        w.made("orders", draft.number)
    w.record(draft, DraftMade(copied_from=draft.copied_from))


class Copy(Input):
    """`prices`: "old" as in the order, "today" as its products cost now."""

    prices: Annotated[
        Literal["today", "old"],
        Asked(_("Prices"), choices={"today": _("Today's prices"), "old": _("The prices of this order")}),
    ] = "today"


def why_not_copy(order: Order) -> LazyText | None:
    """W-13: whatever has become of an order, what was ordered can be ordered again."""
    return None if order.lines else _("There is nothing to copy: there are no lines.")


@action(
    subject=ORDER,
    key="copy",
    label=_("Copy"),
    right=Right.EDIT,
    why_not=why_not_copy,
    input=Copy,
    asks="must",  # which prices
    even_if_changed=True,
    even_unready=True,
)
def copy(w: Work, order: Order, data: Copy) -> Done:
    """A draft with the customer, addresses, methods and lines of this order; both name each other (W-13)."""
    taken = order.model_dump(include=set(COPIED))
    draft = Order(number="", position=0, placed_at=w.at, copied_from=order.number, **taken)
    draft.addresses = [
        OrderAddress(**address.model_dump(include=set(OF_AN_ADDRESS))) for address in order.addresses
    ]
    draft.lines = [
        OrderLine(**line.model_dump(include=set(OF_A_LINE)), ordered=line.ordered) for line in order.lines
    ]
    if data.prices == "today" and order.currency == w.shop.regional.currency:
        _at_todays_prices(w, draft)
    _add(w, draft)
    w.record(order, OrderCopied(draft=draft.number))
    return Done(
        _("Copied into the draft {number}.").format(number=draft.number)
        if w.keeps
        else _("Copied into a new draft.")
    )


def _at_todays_prices(w: Work, draft: Order) -> None:
    """What is in the shop's list of products costs what it says there; a discount stays."""
    skus = {line.sku for line in draft.lines if line.sku}
    found = (
        w.session.exec(
            select(Product).where(col(Product.sku).in_(skus), col(Product.retired_at).is_(None))
        ).all()
        if skus
        else []
    )
    prices = {product.sku: product.price for product in found if product.price}
    for line in draft.lines:
        if line.sku in prices:
            line.unit_price = to_decimal(prices[line.sku], draft.currency)


class ChooseCustomer(Input):
    """`email`: of a customer who is known, or a new one with `name` or `company`."""

    email: Annotated[str, Asked(_("E-mail"))] = Field(max_length=200)
    name: Annotated[str, Asked(_("Name"), _("Only for a new customer."))] = Field(default="", max_length=200)
    company: Annotated[str, Asked(_("Company"))] = Field(default="", max_length=200)
    phone: Annotated[str, Asked(_("Phone"))] = Field(default="", max_length=50)

    @field_validator("email")
    @classmethod
    def _is_one(cls, value: str) -> str:
        if len(addresses(value)) != 1:
            raise Invalid("email", _("“{value}” is no e-mail address.").format(value=value))
        return value


def why_not_for_drafts(order: Order) -> LazyText | None:
    """W-18: what only a draft is open to."""
    return None if order.is_draft else _("The order is placed already.")


@action(
    subject=ORDER,
    key="choose-customer",
    label=_("Choose customer"),
    right=Right.EDIT,
    why_not=why_not_for_drafts,
    input=ChooseCustomer,
    overwrites=True,
    even_unready=True,
)
def choose_customer(w: Work, order: Order, data: ChooseCustomer) -> Done:
    """The customer of a draft: one who is known by the e-mail address comes with the addresses of their last order
    (W-18).
    """
    known = w.session.exec(
        select(Customer)
        .where(Customer.email == data.email.lower())
        .order_by(col(Customer.id).desc())
        .limit(1)
    ).first()
    if known is not None and known.merged_into_id is not None:
        known = w.session.get_one(Customer, known.merged_into_id)
    order.email, order.phone = data.email, data.phone or (known.phone if known else "")
    order.customer_id = known.id if known else None
    billing = next(address for address in order.addresses if address.kind == "billing")
    if known is not None:
        order.language, order.vat_id, order.own_fields = known.language, known.vat_id, known.own_fields
    name = data.name or (f"{known.first_name} {known.last_name}".strip() if known else "")
    if known is not None and not (billing.name or billing.company):
        _take_addresses(w, order, known)
    if data.name or data.company or not (billing.name or billing.company):
        billing.name, billing.company = name, data.company or (known.company if known else "")
    w.record(order, CustomerChosen(email=data.email))
    message = (
        _("The customer is known: the draft has their last addresses.")
        if known
        else _("The customer is new. Enter their address.")
    )
    return Done(message)


def _take_addresses(w: Work, order: Order, known: Customer) -> None:
    """The addresses of the customer's newest order, if there is one; the billing address row stays, its
    fields change.
    """
    last = (
        select(Order.id)
        .where(Order.customer_id == known.id, col(Order.is_draft).is_(False))
        .order_by(col(Order.position).desc())
    )
    found = w.session.exec(
        select(OrderAddress).where(OrderAddress.order_id == w.session.exec(last.limit(1)).first())
    ).all()
    own = {address.kind: address for address in order.addresses}
    for address in found:
        fields = address.model_dump(include=set(OF_AN_ADDRESS))
        if address.kind in own:
            for name, value in fields.items():
                setattr(own[address.kind], name, value)
        else:
            order.addresses.append(OrderAddress(**fields))


def why_not_place(order: Order) -> LazyText | None:
    """W-18: a draft becomes an order once it says who orders what."""
    if reason := why_not_for_drafts(order):
        return reason
    billing = next((address for address in order.addresses if address.kind == "billing"), None)
    if billing is None or not (billing.name or billing.company):
        return _("The draft has no customer yet. Choose one, or edit the billing address.")
    return None if order.lines else _("The draft has no products yet. Edit its lines.")


class Place(Input):
    """`confirm`: whether the customer is sent the order confirmation."""

    confirm: Annotated[bool, Asked(_("Send the order confirmation"))] = False


@action(
    subject=ORDER,
    key="place",
    label=_("Place order"),
    right=Right.EDIT,
    why_not=why_not_place,
    input=Place,
    asks="must",  # whether the confirmation goes out
    even_unready=True,
)
def place(w: Work, order: Order, data: Place) -> Done:
    """The draft is an order with the next number, as if it had just come in: stock, policy and shipment follow from
    that (W-18).
    """
    draft = order.number
    number, _day = draw(w.session, "order", w.today)
    w.session.execute(delete(OrderSearch).where(col(OrderSearch.id) == order.position))
    w.session.execute(update(Order).where(col(Order.copied_from) == draft).values(copied_from=number))
    order.number, order.is_draft, order.placed_at = number, False, w.at
    order.position = position_of(int(w.at.timestamp()), order_id(order))
    method = method_of(w.session, order.payment_method, order.payment_method_name)
    order.payment_collects, order.invoicing = method.collects.value, method.invoiced_by
    order.pickup = shipping_of_order(w.session, order).pickup.value
    if order.customer_id is None:
        order.customer_id = _new_customer(w, order)
    w.flush()
    prepare_shipment(w, order)
    w.made("orders", number)
    w.record(order, OrderPlaced(source="", reference="", lines=len(order.lines)))
    if data.confirm:
        confirm_order(w, order)
    return Done(_("Order {number} is placed.").format(number=number))


def _new_customer(w: Work, order: Order) -> int | None:
    """Who orders for the first time."""
    billing = next(address for address in order.addresses if address.kind == "billing")
    number, _day = draw(w.session, "customer", w.today)
    customer = Customer(
        number=number,
        email=order.email.lower(),
        last_name=billing.name,
        company=billing.company,
        phone=order.phone,
        vat_id=order.vat_id,
        language=order.language,
        created_at=w.at,
    )
    write_customer_columns(customer)
    w.session.add(customer)
    w.session.flush()
    return customer.id


@action(
    subject=ORDER,
    key="delete-draft",
    label=_("Delete draft"),
    right=Right.EDIT,
    why_not=why_not_for_drafts,
    input=NoInput,
    even_unready=True,
)
def delete_draft(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """A draft that is not wanted goes, with its lines; its history stays. A person is asked first (W-18)."""
    w.ask(f"delete-{order.number}", _("The draft is deleted and can't be brought back. Go on?"))
    w.record(order, DraftDeleted(number=order.number))
    before = tallies_of(order)
    w.let_go(order)
    w.session.execute(delete(OrderSearch).where(col(OrderSearch.id) == order.position))
    for table in (OrderLine, OrderAddress):
        w.session.execute(delete(table).where(col(table.order_id) == order.id))
    w.session.execute(delete(Order).where(col(Order.id) == order.id, col(Order.is_draft).is_(True)))
    move_counts(w.session, [(before, {})])
    w.touch("orders")
    w.made("deleted", order.number)
    return Done(_("The draft is deleted."))


@fact
class DraftDeleted(Fact):
    """A draft was deleted before it was an order."""

    about: ClassVar[About] = About.ORDER
    number: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} deleted the draft {number}.").format(number=self.number)
