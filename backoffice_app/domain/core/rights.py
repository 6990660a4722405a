"""Who may do what: rights, the roles that hold them, and the actor who asks (SEC-1, SEC-2, SEC-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from backoffice_app.domain.core.errors import Refused
from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import CORE, REGISTRIES, Registry, current_owner, requirement
from backoffice_app.security_log import Event, log_event


class Right(StrEnum):
    """One thing a person may or may not do. Every handler, route and action names the one it needs."""

    READ = "read"  # orders, shipments, customers; without money
    PRICES = "prices"  # sees prices, totals, payments, invoices
    SHIP = "ship"
    PAY = "pay"  # books payments
    INVOICE = "invoice"  # issues and sends invoices
    EDIT = "edit"  # addresses, status and other data of an order
    TASKS = "tasks"  # tasks, notes, tags and files of orders
    MAIL = "mail"  # outbox: send again, hold back
    SETTINGS = "settings"
    USERS = "users"
    IMPORT = "import"
    TICKETS = "tickets"  # questions of customers, with what colleagues note about them
    ANSWER = "answer"  # tickets: reply, close, assign
    ORDERS_READ = "orders:read"  # scopes of API keys
    ORDERS_WRITE = "orders:write"
    TICKETS_WRITE = "tickets:write"


class Role(StrEnum):
    """What a colleague is here for (SEC-1)."""

    OWNER = "owner"
    STAFF = "staff"
    WAREHOUSE = "warehouse"
    BOOKKEEPER = "bookkeeper"
    READ_ONLY = "read-only"


class OwnRight(str):
    """A right that a plug-in brings, such as "engraving:engrave": the plug-in's key and the right's own."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """As it is stored with an API key, and read in the table of rights."""
        return str(self)


AnyRight = Right | OwnRight
"""A right of Kontor, or of a plug-in."""


@dataclass(frozen=True)
class KnownRight:
    """A right that is registered. `label`: what it allows, as a person reads it; `roles`: those that hold it."""

    right: AnyRight
    label: LazyText
    roles: frozenset[Role]


ROLE_NAMES: dict[Role, LazyText] = {
    Role.OWNER: _("Owner"),
    Role.STAFF: _("Staff"),
    Role.WAREHOUSE: _("Warehouse"),
    Role.BOOKKEEPER: _("Bookkeeper"),
    Role.READ_ONLY: _("Read-only"),
}
RIGHTS_OF: dict[Role, frozenset[AnyRight]] = {}
"""What each role holds. Follows from `RIGHTS`."""
RIGHT_NAMES: dict[AnyRight, LazyText] = {}
"""What each right allows, as a person reads it who chooses the scopes of an API key. Follows from `RIGHTS`.
"""


def _compute() -> None:
    known = RIGHTS.values()
    RIGHTS_OF.update({role: frozenset(one.right for one in known if role in one.roles) for role in Role})
    RIGHT_NAMES.clear()
    RIGHT_NAMES.update({one.right: one.label for one in known})


NO_RIGHT = _("You do not have the right to do this. Ask the owner of the shop.")
RIGHTS: Registry[KnownRight] = Registry("right", _compute)
"""Value -> right, the core's and those of plug-ins."""


def right(key: str, label: LazyText, *, roles: Collection[Role] = ()) -> OwnRight:
    """Registers a right of a plug-in; returns it. `roles` hold it, and the owner always does.

    `label`: what it allows, such as _("Engrave products"). The right is called by the plug-in's key and its
    own, so that an API key
    that was granted it never opens what another plug-in brings. Raises ValueError for a key that is taken or
    has other characters
    than small letters, digits and hyphens, and outside of a plug-in.
    """
    if current_owner() == CORE:
        raise ValueError(
            f"The right {key!r} belongs to no plug-in. The rights of Kontor itself are listed in `Right`."
        )
    if not key.replace("-", "").isalnum() or not key.isascii() or key != key.lower():
        raise ValueError(f"The right {key!r} needs a key of small letters, digits and hyphens.")
    made = OwnRight(f"{current_owner()}:{key}")
    RIGHTS.add(made.value, KnownRight(made, label, frozenset({Role.OWNER, *roles})))
    return made


def right_named(value: str) -> AnyRight | None:
    """The right with this value; None if no such right is registered."""
    found = RIGHTS.get(value)
    return found.right if found else None


def _core_right(right: Right, label: LazyText, *roles: Role) -> None:
    RIGHTS.add(right.value, KnownRight(right, label, frozenset(roles)))


OWNER, STAFF, WAREHOUSE, BOOKKEEPER, READ_ONLY = Role
_core_right(Right.READ, _("See orders, shipments and customers, without money"), *Role)
_core_right(Right.PRICES, _("See prices, totals, payments and invoices"), OWNER, STAFF, BOOKKEEPER, READ_ONLY)
_core_right(Right.SHIP, _("Ship orders and edit shipments"), OWNER, STAFF, WAREHOUSE)
_core_right(Right.PAY, _("Book payments"), OWNER, STAFF, BOOKKEEPER)
_core_right(Right.INVOICE, _("Make and send invoices"), OWNER, STAFF, BOOKKEEPER)
_core_right(Right.EDIT, _("Change orders and write to customers"), OWNER, STAFF)
_core_right(
    Right.TASKS,
    _("Give and do tasks, write notes, tag orders and attach files"),
    OWNER,
    STAFF,
    WAREHOUSE,
    BOOKKEEPER,
)
_core_right(Right.MAIL, _("See the outbox, send again, hold back"), OWNER, STAFF, BOOKKEEPER)
_core_right(Right.SETTINGS, _("Change the settings of the shop"), OWNER)
_core_right(Right.USERS, _("Add, change and retire users; make and revoke API keys"), OWNER)
_core_right(Right.IMPORT, _("Take in files of orders"), OWNER, STAFF)
_core_right(Right.TICKETS, _("Read tickets"), OWNER, STAFF, BOOKKEEPER, READ_ONLY)
_core_right(Right.ANSWER, _("Answer tickets"), OWNER, STAFF)
_core_right(Right.ORDERS_READ, _("Read all orders"))  # scopes of API keys: no role holds them
_core_right(Right.ORDERS_WRITE, _("Hand in orders and read these"))
_core_right(Right.TICKETS_WRITE, _("Hand in tickets and read these"))
PEOPLE = RIGHTS_OF[Role.OWNER]
"""The rights that people can hold; the others are scopes of API keys alone."""


@requirement
def require_rights() -> None:
    """Raises ValueError for a part that asks for a right which is not registered, and which nobody could
    hold.
    """
    for registry in REGISTRIES:
        for key, part in registry.items():
            asked = getattr(part, "right", None)
            if isinstance(asked, str) and (not isinstance(asked, AnyRight) or asked.value not in RIGHTS):
                raise ValueError(
                    f"The {registry.kind} {key!r} asks for the right {str(asked)!r}: use one of `Right`, or "
                    f"`right(...)`."
                )


def needs_scope(right: AnyRight) -> LazyText:
    """What an API key is told that does not hold `right`."""
    return _("This needs the scope {scope}.").format(scope=right.value)


class ActorKind(StrEnum):
    """What sort of somebody acts; the history never lacks one (AUD-1)."""

    USER = "user"
    API_KEY = "api-key"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True)
class Actor:
    """Anyone who asks for something: a colleague, an API key, the worker, a command.

    The history keeps `name` as it was (AUD-1).

    `theme` ("system", "light", "dark") and `single_keys` are what colleagues chose for their own UI.
    """

    kind: ActorKind
    name: str
    rights: frozenset[AnyRight]
    id: int = 0
    language: str = "en"
    role: Role | None = None
    email: str = ""
    theme: str = "system"
    single_keys: bool = True

    def may(self, right: AnyRight) -> bool:
        """Whether this actor holds `right`. The worker and the commands hold those of plug-ins too, whenever
        these were loaded.
        """
        return right in self.rights or (
            isinstance(right, OwnRight) and self.kind in {ActorKind.WORKER, ActorKind.COMMAND}
        )

    def require(self, right: AnyRight) -> None:
        """Raises Refused unless this actor holds `right` (SEC-2)."""
        if not self.may(right):
            log_event(Event.RIGHT_MISSING, self, right=right.value)
            raise Refused(NO_RIGHT)


WORKER = Actor(ActorKind.WORKER, "Kontor", frozenset(Right))
COMMAND = Actor(ActorKind.COMMAND, "kontor command", frozenset(Right))
