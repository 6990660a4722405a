"""Importing this registers all actions, facts and listeners of the core; whoever performs actions imports it first."""

from backoffice_app.domain import customers, history, mail, payments, settings
from backoffice_app.domain.core import derived
from backoffice_app.domain.invoicing import issue
from backoffice_app.domain.orders import actions as order_actions
from backoffice_app.domain.orders import facts
from backoffice_app.domain.people import facts as people_facts
from backoffice_app.domain.shipping import actions, part

__all__ = [
    "actions",
    "customers",
    "derived",
    "facts",
    "history",
    "issue",
    "mail",
    "order_actions",
    "part",
    "payments",
    "people_facts",
    "settings",
]
