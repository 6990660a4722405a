"""What can be put into a template by a press: names that mails of a kind know, by the words of people (M-1)."""

from backoffice_app.domain.mail.kinds import MailKind
from backoffice_app.i18n import LazyText, _

Insert = tuple[LazyText, str]
LINES = (
    "{% for line in order.lines %}\n  {{ line.quantity }} {{ line.name }}: {{ line.total }}\n{% endfor "
    "%}\n  {{ order.total }}"
)
ADDRESS = "{% for line in order.address %}\n  {{ line }}\n{% endfor %}"
ACCOUNT = "{% for line in order.account %}\n  {{ line }}\n{% endfor %}"
PARCELS = (
    "{% if shipment %}\n{% for parcel in shipment.parcels %}\n  {{ parcel.number }}\n  {{ parcel.url "
    "}}\n{% endfor %}\n{% endif %}"
)
DOCUMENTS = (
    "{% for document in documents %}\n  {{ document.number }} ({{ document.day }}): {{ "
    "document.total }}\n{% endfor %}"
)
LINK = "{% if order.payment_link %}\n  {{ order.payment_link }}\n{% endif %}"
RETURN = "{% if goods_return %}{{ goods_return.number }}{% endif %}"
REST = "{% for line in rest.lines %}\n  {{ line.quantity }} {{ line.name }}\n{% endfor %}"
ALWAYS: tuple[Insert, ...] = (
    (_("Order number"), "{{ order.known }}"),
    (_("Name"), "{{ order.name }}"),
    (_("Date of the order"), "{{ order.day }}"),
    (_("Lines and total"), LINES),
    (_("Total"), "{{ order.total }}"),
    (_("Open amount"), "{{ order.open }}"),
    (_("Payment method"), "{{ order.payment_method }}"),
    (_("Shipping method"), "{{ order.shipping_method }}"),
    (_("Shipping address"), ADDRESS),
    (_("Bank account"), ACCOUNT),
    (_("Link to pay"), LINK),
    (_("Company"), "{{ company.name }}"),
)
CANCELLED = ("order-cancelled", "rest-cancelled")
OF_KINDS: tuple[tuple[frozenset[str], Insert], ...] = (
    (frozenset({"shipped", "tracking", "order-status"}), (_("Tracking numbers"), PARCELS)),
    (
        frozenset({"invoice", "credit-note", "order-confirmation", "reminder", *CANCELLED}),
        (_("Documents"), DOCUMENTS),
    ),
    (
        frozenset({"customer-mail", *CANCELLED, "return-registered", "return-changed"}),
        (_("Message"), "{{ message }}"),
    ),
    (
        frozenset({"return-registered", "return-changed", "withdrawal-received"}),
        (_("Number of the return"), RETURN),
    ),
    (frozenset({"rest-cancelled"}), (_("Cancelled lines"), REST)),
    (frozenset({"refund-made"}), (_("Amount refunded"), "{{ refund.amount }}")),
    (frozenset({"reminder"}), (_("To pay by"), "{{ reminder.pay_by }}")),
)


def inserts_of(kind: MailKind) -> list[Insert]:
    """What mails of this kind know, its own first."""
    return [*(insert for kinds, insert in OF_KINDS if kind.key in kinds), *ALWAYS]
