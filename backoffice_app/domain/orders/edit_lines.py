"""Lines of drafts, and of orders of which nothing was shipped: added, changed, taken out; the sums follow at once
(W-15, W-17).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, cast

from pydantic import Field, field_validator
from sqlmodel import col, select

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.money import times, to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.typed import amount_of, price_of, quantity_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ShipmentState, surplus
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.domain.orders.recompute import recompute
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyQuantities, LazyText, _
from backoffice_app.models import Order, OrderLine, Product, ShipmentLine
from backoffice_app.registry import Registry

MOST_LINES = 1_000
LARGEST = Decimal(10) ** 7
RATE = Decimal(100)
AWAY = 100_000
"""Added to ranks while lines change places."""


@fact
class LinesChanged(Fact):
    """Lines of an order were changed before anything was shipped.

    `changes`: what, in short: "MUG-1 2 → 3, + TEE-2 1, − BOOK-7".

    `quantities`: of each line that is there now, how much is ordered, by rank.
    """

    about: ClassVar[About] = About.ORDER
    changes: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not self.changes:
            return _("{actor} changed the shipping cost or the discount.")
        return _("{actor} changed the lines: {changes}.").format(changes=self.changes)


class EditedLine(Input):
    """A line as it shall be. `rank`: of the line that it was, from 1; without one it is new.

    Quantity 0 takes a line out.

    A new line with a `sku` that is known takes name, price and VAT rate from the product where they are not said.
    Of a line that was there, what is left out stays.
    """

    rank: int | None = Field(default=None, ge=1)
    sku: str | None = Field(default=None, max_length=100)
    name: str | None = Field(default=None, max_length=500)
    quantity: str | None = Field(default=None, max_length=30)
    unit_price: str | None = Field(default=None, max_length=30)
    discount: str | None = Field(default=None, max_length=30)
    vat_rate: str | None = Field(default=None, max_length=10)

    @field_validator("rank", mode="before")
    @classmethod
    def _as_number(cls, value: object) -> object:
        return (
            int(value)
            if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 6
            else value or None
        )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a new line of the form."""
        return self.rank is None and not any((self.sku, self.name, self.quantity, self.unit_price))


LetGo = Callable[[Work, Order, Sequence[OrderLine]], None]
LETS_GO: Registry[LetGo] = Registry("what lets go of lines")
"""What is told, before lines are taken out of an order, that they will not be there any more."""


def lets_go(key: str) -> Callable[[LetGo], LetGo]:
    """Registers the function below, which lets go of lines before they are taken out of their order."""
    return lambda function: LETS_GO.add(key, function)


class EditLines(Input):
    """`lines`: all lines of the order, in their order; a line that is not among them is taken out.

    `shipping`, `discount`: what these come to, for the whole order, if they change.
    """

    lines: tuple[EditedLine, ...] = Field(max_length=MOST_LINES)
    shipping: str = Field(default="", max_length=30)
    discount: str = Field(default="", max_length=30)

    @field_validator("lines", mode="before")
    @classmethod
    def _of_a_form(cls, value: object) -> object:
        """A form sends each field by its name: {"1.quantity": "2"} is the quantity of the first line."""
        if not isinstance(value, Mapping):
            return value
        rows: dict[int, dict[str, object]] = {}
        for name, text in value.items():
            at, _dot, field = str(name).partition(".")
            if not (at.isascii() and at.isdecimal() and len(at) < 6):
                raise Invalid("lines", _("Is no line of a form."))
            rows.setdefault(int(at), {})[field] = text
        return [rows[at] for at in sorted(rows)]


@dataclass(frozen=True)
class Correction:
    """How documents follow lines that change after they were issued (W-17).

    `why_not`: why they can't, as a rule says it. `before` takes back what was issued of the lines as they were; `after`
    issues it anew and asks the person first. Where only quantities changed `follow` takes the place of both: it issues
    what the difference needs. All of it in the transaction of the change.
    """

    why_not: Callable[[Order], LazyText | None]
    before: Callable[[Work, Order], None]
    after: Callable[[Work, Order], None]
    follow: Callable[[Work, Order], None]


CORRECTIONS: Registry[Correction] = Registry("correction of documents")


def why_not_edit_lines(order: Order) -> LazyText | None:
    """W-17: what has left is not rewritten, and what was invoiced only by documents that say so; the reason says what
    to do instead.
    """
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(line.shipped for line in order.lines):
        return _("Something has been shipped. Cancel the rest, and copy the order for what else is wanted.")
    if order.documents:
        return next((reason for one in CORRECTIONS.values() if (reason := one.why_not(order))), None)
    return None


@action(
    subject=ORDER,
    key="edit-lines",
    label=_("Edit lines"),
    right=Right.EDIT,
    why_not=why_not_edit_lines,
    input=EditLines,
    overwrites=True,
    even_unready=True,
)
def edit_lines(w: Work, order: Order, data: EditLines) -> Done:
    """The lines are as they are told, the sums and what is to ship follow.

    Raises Invalid naming `lines.<n>.<field>` (W-15).

    What was invoiced is cancelled and invoiced anew; where only quantities change, documents of the difference are
    issued. A person is asked before (W-17).
    """
    wanted = _wanted(w, order, data.lines)
    if not wanted and not order.is_draft:
        raise Refused(_("An order needs one line at least. Cancel the order instead."))
    shipping, discount = _amounts(w.actor, order, data)
    before, changes = _state(order), _changes(order, wanted)
    corrections = list(CORRECTIONS.values()) if order.documents else []
    if corrections and not changes and (shipping, discount) == (order.shipping_price, order.discount):
        return Done(_("Nothing was changed."), changed=False)
    are_quantities = (shipping, discount) == (order.shipping_price, order.discount) and _are_quantities(
        order, wanted
    )
    for correction in corrections if not are_quantities else ():
        correction.before(w, order)
    _put(w, order, wanted)
    order.shipping_price, order.discount = shipping, discount
    recompute(order)
    if order.discount < discount and data.discount:
        raise Invalid("discount", _("The discount is more than the lines come to."))
    if _state(order) == before:
        return Done(_("Nothing was changed."), changed=False)
    if not order.is_draft:
        _pack_anew(w, order)
    w.flush()
    for correction in corrections:
        (correction.follow if are_quantities else correction.after)(w, order)
    w.record(
        order,
        LinesChanged(
            changes=", ".join(changes), quantities={str(line.rank): line.ordered for line in order.lines}
        ),
    )
    if w.actor.may(Right.PRICES):
        w.say(_("The total is {total}.").format(total=LazyMoney(order.total, order.currency)))
        if over := surplus(order):
            w.say(_("{over} are paid too much now.").format(over=LazyMoney(over, order.currency)))
    return Done(_("Lines saved."))


@dataclass
class _Wanted:
    """A line as it shall be; `line`: the one that it was, None for a new one; amounts in minor units."""

    line: OrderLine | None
    values: dict[str, object]

    @property
    def label(self) -> str:
        """What it is called in the history."""
        return str(self.values["sku"] or self.values["name"])

    @property
    def quantity(self) -> Decimal:
        """How much of it is ordered."""
        return cast(Decimal, self.values["ordered"])


def _wanted(w: Work, order: Order, lines: Sequence[EditedLine]) -> list[_Wanted]:
    """The lines that are there afterwards, as they were told. Raises Invalid naming each field that is wrong."""
    own = {line.rank: line for line in order.lines}
    skus = {line.sku for line in lines if line.rank is None and line.sku}
    products = (
        {one.sku: one for one in w.session.exec(select(Product).where(col(Product.sku).in_(skus))).all()}
        if skus
        else {}
    )
    found: list[_Wanted] = []
    wrong: list[Invalid] = []
    taken: set[int] = set()
    for at, told in enumerate(lines):
        if told.is_blank:
            continue
        with noting(wrong):
            if told.rank is not None and (told.rank not in own or told.rank in taken):
                raise Invalid(
                    f"lines.{at}.rank",
                    _("The order has no line {rank}, or it stands here twice.").format(rank=told.rank),
                )
            taken.add(told.rank or 0)
            line = own.get(told.rank or 0)
            one = _Wanted(
                line, _values(w, order, f"lines.{at}", told, line=line, product=products.get(told.sku or ""))
            )
            if one.quantity:
                found.append(one)
    all_at_once(wrong)
    return found


def _values(
    w: Work, order: Order, path: str, told: EditedLine, *, line: OrderLine | None, product: Product | None
) -> dict[str, object]:
    """The columns of one line. What was not told is as it was, or as the product says."""
    knows_price = product is not None and order.currency == w.shop.regional.currency
    name = told.name or (line.name if line else product.name if product else "")
    if not name:
        raise Invalid(f"{path}.name", _("Write what it is, or the SKU of a product."))
    price = (
        line.unit_price
        if line
        else to_decimal(product.price, order.currency)
        if product and knows_price
        else None
    )
    if told.unit_price:
        field = f"{path}.unit_price"
        price = _within(price_of(w.actor, told.unit_price, order.currency, field, LARGEST), field, LARGEST)
    if price is None:
        raise Invalid(f"{path}.unit_price", _("Is missing."))
    rate = line.vat_rate if line else product.vat_rate if product else None
    if told.vat_rate:
        rate = _number(w.actor, told.vat_rate, f"{path}.vat_rate", RATE)
    if rate is None:
        raise Invalid(f"{path}.vat_rate", _("Is missing."))
    quantity = line.ordered if line else Decimal(1)
    if told.quantity:
        quantity = _number(w.actor, told.quantity, f"{path}.quantity", LARGEST)
    if line and 0 < quantity < line.cancelled:
        gone = LazyQuantities({line.unit: line.cancelled})
        raise Invalid(
            f"{path}.quantity",
            _("{quantity} of it are cancelled, so it can't be less. 0 takes the line out.").format(
                quantity=gone
            ),
        )
    discount = line.discount if line else 0
    if told.discount:
        discount = amount_of(w.actor, told.discount, order.currency, f"{path}.discount")
    if discount < 0 or (quantity and discount > times(price, quantity, order.currency)):
        raise Invalid(f"{path}.discount", _("The discount is at least 0 and at most what the line comes to."))
    category = "S" if rate else (line.vat_category if line and line.vat_category != "S" else "")
    values: dict[str, object] = {
        "name": name,
        "unit_price": price,
        "vat_rate": rate,
        "vat_category": category,
    }
    values |= {"ordered": quantity, "discount": discount, "sku": line.sku if line else told.sku or ""}
    if line is None:
        values |= {"product_id": product.id if product else None, "unit": product.unit if product else ""}
    return values


def _number(actor: Actor, text: str, field: str, most: Decimal) -> Decimal:
    return _within(quantity_of(actor, text, field, most), field, most)


def _within(found: Decimal, field: str, most: Decimal) -> Decimal:
    if not 0 <= found <= most:
        raise Invalid(field, _("Must lie between 0 and {most}.").format(most=LazyNumber(most)))
    return found


def _amounts(actor: Actor, order: Order, data: EditLines) -> tuple[int, int]:
    """Shipping price and discount of the whole order, in minor units."""
    found, wrong = {"shipping": order.shipping_price, "discount": order.discount}, list[Invalid]()
    for field, text in (("shipping", data.shipping), ("discount", data.discount)):
        with noting(wrong):
            found[field] = amount_of(actor, text, order.currency, field) if text else found[field]
            if found[field] < 0:
                raise Invalid(field, _("The amount can't be less than 0."))
    all_at_once(wrong)
    return found["shipping"], found["discount"]


def _state(order: Order) -> tuple[object, ...]:
    """All that editing may change."""
    lines = [
        (one.id, one.rank, one.name, one.ordered, one.unit_price, one.discount, one.vat_rate, one.sku)
        for one in order.lines
    ]
    return tuple(lines), order.shipping_price, order.discount, order.total


def _changes(order: Order, wanted: Sequence[_Wanted]) -> list[str]:
    """What is other than it was, a part of a sentence each; prices are not named (SEC-4)."""
    kept = {one.line.rank for one in wanted if one.line is not None}
    gone = [f"− {line.sku or line.name}" for line in order.lines if line.rank not in kept]
    new = [f"+ {one.label} {_plain(one.quantity)}" for one in wanted if one.line is None]
    changed = []
    for one in wanted:
        if one.line is None or all(getattr(one.line, name) == value for name, value in one.values.items()):
            continue
        moved = (
            f" {_plain(one.line.ordered)} → {_plain(one.quantity)}"
            if one.line.ordered != one.quantity
            else ""
        )
        changed.append(one.label + moved)
    return [*changed, *new, *gone]


def _are_quantities(order: Order, wanted: Sequence[_Wanted]) -> bool:
    """Whether nothing but quantities is other than it was: the same lines in their order, at their prices."""
    if [one.line and one.line.rank for one in wanted] != [line.rank for line in order.lines]:
        return False
    same = ("sku", "name", "unit_price", "vat_rate", "discount")
    return all(getattr(one.line, name) == one.values[name] for one in wanted for name in same)


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")


def _put(w: Work, order: Order, wanted: Sequence[_Wanted]) -> None:
    """The order has exactly the wanted lines, with the ranks 1 to n; what is taken out is in no shipment any more."""
    kept = {one.line.rank for one in wanted if one.line is not None}
    gone = [line for line in order.lines if line.rank not in kept]
    for shipment in order.shipments:
        for packed in list(shipment.lines):
            if any(line.id == packed.order_line_id for line in gone):
                shipment.lines.remove(packed)
    w.session.flush()
    if gone:
        for let_go in LETS_GO.values():
            let_go(w, order, gone)
    for line in gone:
        order.lines.remove(line)
        w.session.delete(line)
    w.session.flush()
    if [one.line.rank for one in wanted if one.line is not None] != [line.rank for line in order.lines]:
        for line in order.lines:
            line.rank += AWAY  # two lines never have one rank, not even while they change places
        w.session.flush()
    lines = []
    for rank, one in enumerate(wanted, 1):
        line = one.line or OrderLine(
            order_id=order.id or 0, rank=rank, name=one.label, unit_price=Decimal(0), ordered=one.quantity
        )
        for name, value in {**one.values, "rank": rank}.items():
            if getattr(line, name) != value:
                setattr(line, name, value)
        lines.append(line)
    order.lines = lines
    w.session.flush()


def _pack_anew(w: Work, order: Order) -> None:
    """All that ships is in the oldest open shipment; other open ones are cancelled (SHIP-1)."""
    still_open = [shipment for shipment in order.shipments if shipment.state == ShipmentState.OPEN]
    for shipment in still_open:
        shipment.lines.clear()
    w.session.flush()
    ships = [
        ShipmentLine(line=line, quantity=line.ordered - line.cancelled) for line in order.lines if line.ships
    ]
    ships = [packed for packed in ships if packed.quantity]
    for shipment in still_open[1:] if ships else still_open:
        shipment.state = ShipmentState.CANCELLED.value
    if ships and still_open:
        still_open[0].lines = ships
    elif ships:
        prepare_shipment(w, order)
