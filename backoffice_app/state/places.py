"""The pages there are, once: the menu, the keys that go to them and the palette are made of this list."""

from dataclasses import dataclass

from backoffice_app.domain.core.rights import Right
from backoffice_app.i18n import LazyText, _


@dataclass(frozen=True)
class Place:
    """A page under its group of the menu. `right`: who has something to see there; `key`: `g` and this goes there."""

    group: LazyText
    label: LazyText
    route: str
    picture: str
    right: Right = Right.READ
    key: str = ""


_SALES, _SERVICE, _SETTINGS = _("Sales"), _("Service"), _("Settings")
PLACES = (
    Place(_SALES, _("Orders"), "/orders", "inbox", key="o"),
    Place(_SERVICE, _("Outbox"), "/outbox", "send", Right.MAIL, key="x"),
    Place(_SETTINGS, _("Company"), "/settings/company", "building-2", Right.SETTINGS, key="s"),
    Place(_SETTINGS, _("Administration"), "/settings/advanced/administration", "receipt-text", Right.SETTINGS),
    Place(_SETTINGS, _("Languages"), "/settings/languages", "languages", Right.SETTINGS),
    Place(_SETTINGS, _("Mail"), "/settings/mail", "mail", Right.SETTINGS),
    Place(_SETTINGS, _("Users"), "/settings/users", "users", Right.USERS),
)
"""In the order of the spec's menu. Add a page here."""
