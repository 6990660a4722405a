"""One reading of an order for its window: who reads it, in which language, of which shop.

Made once, handed to every block.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.payment_methods import Method
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shipping_methods import Shipping
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.customer_credit import CREDIT_OF
from backoffice_app.domain.history import facts_of_order
from backoffice_app.domain.invoicing.snapshot import addresses_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.methods import OrderMethods, methods_of_order
from backoffice_app.domain.orders.geocoding import exact_places
from backoffice_app.formats import format_moment, format_money
from backoffice_app.i18n import LazyText
from backoffice_app.models import CustomStatus, Draft, Order, OrderAddress, Ticket, ViewCount

Kept = TypeVar("Kept")
TRACKING = "tracking"
"""The form under which the draft of the tracking number is kept: its field is in the page, not in a dialog."""


class Beside(NamedTuple):
    """What one statement reads beside the order: how many facts this actor may read, the sum of all orders of the shop
    in the order's currency, this actor's newest draft as [dialog, part], the tracking number they typed, the newest
    copy, how many tickets it has, how many of these are unanswered, how many custom statuses there are to choose from,
    and the customer's credit in the order's currency (T-6, T-7, W-7, W-12, W-16, PAY-2).
    """

    facts: int
    shop_total: int
    draft: list[str]
    tracking: str
    copy: str
    tickets: int
    unanswered: int
    statuses: int
    credit: int


@dataclass(frozen=True)
class Look:
    """What every block is given to read: the loaded order, and for whom. What two blocks need is read here once.

    `tab`: the key of the tab in sight; `kind`: what the history is narrowed to; `carried`: what addresses take along
    ("?view=to-ship").
    """

    session: Session
    order: Order
    actor: Actor
    language: str
    shop: Shop
    tab: str = "order"
    kind: str = ""
    carried: str = ""
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, read: Callable[[], Kept]) -> Kept:
        """What `read` returns, read when it is first asked for under this name: for what a block, its dialogs and its
        ways share.
        """
        if name not in self._kept:
            self._kept[name] = read()
        found: Kept = self._kept[name]
        return found

    @cached_property
    def zone(self) -> str:
        """The shop's time zone."""
        return self.shop.regional.zone

    @cached_property
    def today(self) -> date:
        """The legal day in the shop's zone."""
        return clock.today(self.zone)

    @cached_property
    def sees_prices(self) -> bool:
        """Whether amounts may be shown (SEC-4)."""
        return self.actor.may(Right.PRICES)

    @cached_property
    def unready(self) -> str:
        """Why nothing is done with the order yet: that it is a draft; "" for any other."""
        return self.text(ORDER.unready(self.order)) if ORDER.unready else ""

    @cached_property
    def addresses(self) -> tuple[OrderAddress | None, OrderAddress | None]:
        """The billing and the delivery address; the same one twice where the goods go to the billing address."""
        return addresses_of(self.order)

    @cached_property
    def exact(self) -> dict[str, tuple[float, float]]:
        """What a geocoder found, by kind of address: latitude and longitude; one statement, and none where no geocoder
        is set.
        """
        return exact_places(self.session, self.order.addresses)

    @cached_property
    def methods(self) -> OrderMethods:
        """How the order is paid and how it leaves."""
        return methods_of_order(self.session, self.order)

    @property
    def method(self) -> Method:
        """How the order is paid."""
        return self.methods.payment

    @property
    def shipping(self) -> Shipping:
        """How the order leaves."""
        return self.methods.shipping

    @cached_property
    def beside(self) -> Beside:
        """All that is counted and kept beside the order, read in one statement when first asked for."""
        given = {
            "order": self.order.id,
            "sum": f"sum-{self.order.currency}",
            "whose": self.actor.id,
            "about": f"order/{self.order.number}",
            "number": self.order.number,
            "customer": self.order.customer_id,
            "currency": self.order.currency,
        }
        facts, total, draft, typed, copy, *counts = (
            self.session.connection().execute(_beside(self.sees_prices), given).one()
        )
        tracking = json.loads(typed or "{}").get(TRACKING, "")
        return Beside(facts, total or 0, draft.split("\n") if draft else [], tracking, copy or "", *counts)

    @cached_property
    def custom_statuses(self) -> Sequence[CustomStatus]:
        """The shop's own statuses in their order, retired ones among them; read once, and not at all where there is
        none (W-7).
        """
        return all_statuses(self.session) if self.beside.statuses or self.order.custom_status_id else ()

    def custom_status(self, id_: int | None) -> CustomStatus | None:
        """The custom status with this id."""
        return next((one for one in self.custom_statuses if one.id == id_), None) if id_ is not None else None

    def text(self, sentence: LazyText | None) -> str:
        """The sentence in the reader's language; "" for None."""
        return sentence.in_language(self.language) if sentence is not None else ""

    def money(self, amount: int) -> str:
        """An amount in the order's currency, in minor units; "" for an actor who may not see prices (SEC-4)."""
        return format_money(amount, self.order.currency, self.language) if self.sees_prices else ""

    def moment(self, at: datetime, form: str = "short") -> str:
        """A moment in the shop's zone; `form` as `format_moment` takes it."""
        return format_moment(at, self.language, self.zone, form)


@cache
def _beside(sees_prices: bool) -> Select[int, int, str, str, str, int, int, int, int]:
    total = select(func.sum(ViewCount.n)).where(col(ViewCount.view) == bindparam("sum"))
    whose = (col(Draft.user_id) == bindparam("whose"), col(Draft.subject) == bindparam("about"))
    mine = select(col(Draft.form) + "\n" + col(Draft.which)).where(*whose, col(Draft.form) != TRACKING)
    newest = mine.order_by(col(Draft.at).desc()).limit(1)
    typed = select(col(Draft.data)).where(*whose, col(Draft.form) == TRACKING)
    # That it is not empty is said because the index holds no empty ones.
    copies = select(col(Order.number)).where(
        col(Order.copied_from) == bindparam("number"), col(Order.copied_from) != ""
    )
    copy = copies.order_by(col(Order.id).desc()).limit(1)
    tickets = select(func.count()).select_from(Ticket).where(col(Ticket.order_id) == bindparam("order"))
    statuses = select(func.count()).select_from(CustomStatus).where(col(CustomStatus.retired_at).is_(None))
    columns = (
        total,
        newest,
        typed,
        copy,
        tickets,
        tickets.where(col(Ticket.state) == "open"),
        statuses,
        CREDIT_OF,
    )
    return select(facts_of_order(sees_prices), *(column.scalar_subquery() for column in columns))
