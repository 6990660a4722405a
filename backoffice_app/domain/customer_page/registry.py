"""The blocks of the page of a customer, each registered by the file it stands in, as those of the order window are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.window.declared import Declared
from backoffice_app.formats import format_moment, format_money
from backoffice_app.i18n import LazyText
from backoffice_app.models import Customer
from backoffice_app.registry import Registry

COLUMNS = (1, 2, 3)


@dataclass(frozen=True)
class CustomerLook:
    """One reading of a customer for their page: who reads it, in which language, of which shop."""

    session: Session
    customer: Customer
    actor: Actor
    shop: Shop

    @property
    def language(self) -> str:
        """Of the reader."""
        return self.actor.language

    @property
    def sees_prices(self) -> bool:
        """Whether amounts may be shown (SEC-4)."""
        return self.actor.may(Right.PRICES)

    def text(self, sentence: LazyText) -> str:
        """The sentence in the reader's language."""
        return sentence.in_language(self.language)

    def money(self, amount: int, currency: str) -> str:
        """An amount in minor units; "" for who may not see prices (SEC-4)."""
        return format_money(amount, currency, self.language) if self.sees_prices else ""

    def moment(self, at: datetime) -> str:
        """A moment in the shop's time zone."""
        return format_moment(at, self.language, self.shop.regional.zone, "short")


Read = Callable[[CustomerLook], Declared]


@dataclass(frozen=True)
class CustomerBlock:
    """A block of the page: in which column, how far from the top (`rank`), who sees it."""

    key: str
    title: LazyText
    column: int
    rank: int
    right: AnyRight
    read: Read


CUSTOMER_BLOCKS: Registry[CustomerBlock] = Registry("block of the customer page")


def customer_block(
    key: str, title: LazyText, *, column: int = 2, rank: int = 100, right: AnyRight = Right.READ
) -> Callable[[Read], Read]:
    """Registers the function below as a block of the page of a customer.

    It reads with one statement, and returns plain data: text, facts, figures, chips, a table, or entries with links;
    buttons and forms act on orders and have no place here.

    Raises ValueError for a key that is taken, and for a column that there is not.
    """
    if column not in COLUMNS:
        raise ValueError(f"The block {key} is in column {column}; there are the columns 1, 2, 3.")

    def register(read: Read) -> Read:
        CUSTOMER_BLOCKS.add(key, CustomerBlock(key, title, column, rank, right, read))
        return read

    return register
