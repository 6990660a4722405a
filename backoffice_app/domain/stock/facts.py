"""What happens to products (AUD-1)."""

from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyText, _


@fact
class ProductAdded(Fact):
    """A product that the shop did not have before."""

    about: ClassVar[About] = About.STOCK
    sku: str
    name: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} added the product {sku}, {name}.").format(sku=self.sku, name=self.name)


@fact
class ProductRenamed(Fact):
    """The product has another name."""

    about: ClassVar[About] = About.STOCK
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} changed the name from {old} to {new}.").format(old=self.old, new=self.new)


@fact
class ProductPriced(Fact):
    """The product has another price, in minor units."""

    about: ClassVar[About] = About.STOCK
    prices: ClassVar[bool] = True
    old: int
    new: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} changed the price from {old} to {new}.")
        return text.format(old=LazyMoney(self.old, self.currency), new=LazyMoney(self.new, self.currency))


@fact
class ProductTaxed(Fact):
    """The product has another VAT rate, in per cent."""

    about: ClassVar[About] = About.STOCK
    prices: ClassVar[bool] = True
    old: Decimal
    new: Decimal

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} changed the VAT rate from {old} % to {new} %.").format(
            old=LazyNumber(self.old), new=LazyNumber(self.new)
        )


@fact
class ProductLimited(Fact):
    """The stock counts as low at another number. `old`, `new`: as decimal text, "" for never."""

    about: ClassVar[About] = About.STOCK
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not self.new:
            return _("{actor} set that the stock never counts as low.")
        return _("{actor} set that the stock counts as low at {new}.").format(
            new=LazyNumber(Decimal(self.new))
        )


@fact
class StockCounted(Fact):
    """The stock was counted. `old`: what it was thought to be, as decimal text, "" where nobody had counted before."""

    about: ClassVar[About] = About.STOCK
    old: str
    new: Decimal
    reason: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        given = {"new": LazyNumber(self.new), "reason": self.reason}
        if not self.old:
            return _("{actor} counted the stock for the first time: {new}.").format(**given)
        given["old"] = LazyNumber(Decimal(self.old))
        if self.reason:
            return _("{actor} counted the stock: {new} instead of {old} ({reason}).").format(**given)
        return _("{actor} counted the stock: {new} instead of {old}.").format(**given)


@fact
class ProductRetired(Fact):
    """The product is not sold any more."""

    about: ClassVar[About] = About.STOCK

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} retired the product.")


@fact
class ProductRestored(Fact):
    """A product that had been retired is sold again."""

    about: ClassVar[About] = About.STOCK

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} put the product back on sale.")
