"""Who may do what: rights, the roles that hold them, and the actor who asks (SEC-1, SEC-2, SEC-4)."""

from dataclasses import dataclass
from enum import StrEnum

from backoffice_app.domain.core.errors import Refused
from backoffice_app.i18n import LazyText, _
from backoffice_app.security_log import Event, log_event


class Right(StrEnum):
    """One thing a person may or may not do. Every handler, route and action names the one it needs."""

    READ = "read"  # orders, shipments, customers; without money
    PRICES = "prices"  # sees prices, totals, payments, invoices
    SHIP = "ship"
    PAY = "pay"  # books payments
    INVOICE = "invoice"  # issues and sends invoices
    EDIT = "edit"  # addresses, status and other data of an order
    MAIL = "mail"  # outbox: send again, hold back
    SETTINGS = "settings"
    USERS = "users"
    IMPORT = "import"
    ORDERS_READ = "orders:read"  # scopes of API keys
    ORDERS_WRITE = "orders:write"


class Role(StrEnum):
    """What a colleague is here for (SEC-1)."""

    OWNER = "owner"
    STAFF = "staff"
    WAREHOUSE = "warehouse"
    BOOKKEEPER = "bookkeeper"
    READ_ONLY = "read-only"


PEOPLE = frozenset(Right) - {Right.ORDERS_READ, Right.ORDERS_WRITE}
RIGHTS_OF: dict[Role, frozenset[Right]] = {
    Role.OWNER: PEOPLE,
    Role.STAFF: PEOPLE - {Right.SETTINGS, Right.USERS},
    Role.WAREHOUSE: frozenset({Right.READ, Right.SHIP}),
    Role.BOOKKEEPER: frozenset({Right.READ, Right.PRICES, Right.PAY, Right.INVOICE, Right.MAIL}),
    Role.READ_ONLY: frozenset({Right.READ, Right.PRICES}),
}
ROLE_NAMES: dict[Role, LazyText] = {
    Role.OWNER: _("Owner"),
    Role.STAFF: _("Staff"),
    Role.WAREHOUSE: _("Warehouse"),
    Role.BOOKKEEPER: _("Bookkeeper"),
    Role.READ_ONLY: _("Read-only"),
}


class ActorKind(StrEnum):
    """What sort of somebody acts; the history never lacks one (AUD-1)."""

    USER = "user"
    API_KEY = "api-key"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True)
class Actor:
    """Whoever asks for something: a colleague, an API key, the worker, a command. The history keeps `name` as it was (AUD-1).

    `theme` ("system", "light", "dark") and `single_keys` are what colleagues chose for their own UI.
    """

    kind: ActorKind
    name: str
    rights: frozenset[Right]
    id: int = 0
    language: str = "en"
    role: Role | None = None
    email: str = ""
    theme: str = "system"
    single_keys: bool = True

    def may(self, right: Right) -> bool:
        """Whether this actor holds `right`."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raises Refused unless this actor holds `right` (SEC-2)."""
        if not self.may(right):
            log_event(Event.RIGHT_MISSING, self, right=right.value)
            raise Refused(_("You do not have the right to do this. Ask the owner of the shop."))


WORKER = Actor(ActorKind.WORKER, "Kontor", frozenset(Right))
COMMAND = Actor(ActorKind.COMMAND, "kontor command", frozenset(Right))
