"""What happened to an order's custom status, and to the list of them (W-7, AUD-1)."""

from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.i18n import LazyLanguage, LazyText, _


@fact
class StatusSet(Fact):
    """An order was given a custom status, another one, or none.

    `old`, `new`: names in the shop's language, "" for none.
    """

    about: ClassVar[About] = About.ORDER
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if not self.new:
            return _("{actor} took the status “{old}” off the order.").format(old=self.old)
        if not self.old:
            return _("{actor} gave the order the status “{new}”.").format(new=self.new)
        return _("{actor} changed the status from “{old}” to “{new}”.").format(old=self.old, new=self.new)


@fact
class CustomStatusChanged(Fact):
    """A custom status was changed.

    `field`: "added", "retired", "used again", "colour", "mails", "clears", or a language.
    """

    about: ClassVar[About] = About.SETTINGS
    name: str
    field: str
    old: str = ""
    new: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.field == "mails":
            tells = _("{actor} changed the order status “{name}”: the customer is told of it.")
            keeps = _("{actor} changed the order status “{name}”: the customer is not told of it.")
            return (tells if self.new == "on" else keeps).format(name=self.name)
        known = {
            "added": _("{actor} added the order status “{name}”."),
            "retired": _("{actor} retired the order status “{name}”."),
            "used again": _("{actor} takes the order status “{name}” into use again."),
            "colour": _("{actor} changed the colour of the order status “{name}”."),
            "clears": _("{actor} changed what takes the order status “{name}” off by itself."),
        }
        text = known.get(self.field) or _(
            "{actor} changed the order status “{name}” ({language}) from {old} to {new}."
        )
        return text.format(
            name=self.name, language=LazyLanguage(self.field), old=self.old or "–", new=self.new or "–"
        )
