"""Gift notes: a note that a customer wants in the parcel. An example of a plug-in; copy it and change what you need."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from backoffice_app.plugins.api import (
    ORDER,
    Asked,
    Button,
    Condition,
    Declared,
    Done,
    Fact,
    Field,
    Input,
    LazyText,
    Look,
    Order,
    OrderShipped,
    Plugin,
    Regional,
    Right,
    Session,
    SQLModel,
    Work,
    _,
    action,
    block,
    col,
    column,
    declare,
    fact,
    list_filter,
    list_view,
    mail_kind,
    on,
    plugin_table,
    select,
    slip_remark,
    text,
    translations,
    write,
)

PLUGIN = Plugin(
    name="Gift notes",
    version="1.0",
    api=">=1.0,<2",
    description="A note of the customer that goes into the parcel.",
)
YES_OR_NO = {"yes": _("With a gift note"), "no": _("Without a gift note")}


@plugin_table()
class GiftNote(SQLModel, table=True):
    """The note of one order."""

    __tablename__ = "gift_note"

    order_id: int = Field(primary_key=True)
    note: str


def note_of(session: Session, order_id: int | None) -> str:
    """The gift note of an order, or ""."""
    found = session.get(GiftNote, order_id)
    return found.note if found else ""


@fact
class GiftNoteWritten(Fact):
    """The gift note of an order was written or changed."""

    note: str

    def sentence(self) -> LazyText:
        """What the history says."""
        return _("{actor} wrote the gift note: {note}").format(note=self.note)


class WriteGiftNote(Input):
    """What the dialog asks for."""

    note: Annotated[str, Asked(_("Gift note"), kind="long text"), Field(min_length=1, max_length=500)]


def why_not_write(order: Order) -> LazyText | None:
    """A parcel that has left takes no note along any more."""
    return _("The order is cancelled.") if order.cancelled_at else None


@action(
    subject=ORDER,
    key="write-gift-note",
    label=_("Write gift note"),
    right=Right.EDIT,
    why_not=why_not_write,
    input=WriteGiftNote,
    bulk=True,
)
def write_gift_note(w: Work, order: Order, data: WriteGiftNote) -> Done:
    """Keeps the note, writes the history, and changes nothing else."""
    w.session.merge(GiftNote(order_id=order.id or 0, note=data.note))
    w.record(order, GiftNoteWritten(note=data.note))
    return Done(_("Gift note saved."))


@block(key="gift-note", tab="order", column=3, title=_("Gift note"), buttons=[Button("write-gift-note")])
def gift_note(look: Look) -> Declared:
    """The note, in the right column of the order window, with the button that changes it."""
    note = note_of(look.session, look.order.id)
    return declare(text(note or _("None yet.").in_language(look.language)))


def notes_of(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """The notes of a page of orders, for the column of the list."""
    found = session.exec(select(GiftNote).where(col(GiftNote.order_id).in_(ids))).all()
    return {one.order_id: one.note for one in found}


column("gift_note", _("Gift note"), read=notes_of, card=7)


def has_note(value: str, _regional: Regional) -> Condition:
    """Orders with a note, or without one."""
    if value == "yes":
        return "orders.id IN (SELECT order_id FROM gift_note)", {}
    return "orders.id NOT IN (SELECT order_id FROM gift_note)", {}


list_filter("gift_note", _("Gift note"), condition=has_note, control="choice", choices=YES_OR_NO)
list_view("gifts", _("Gifts"), condition="orders.id IN (SELECT order_id FROM gift_note)")


@slip_remark("gift-note")
def on_the_slip(session: Session, order: Order, _language: str) -> str:
    """The packing slip shows the note, so that it is not forgotten."""
    return note_of(session, order.id)


GIFT_ON_ITS_WAY = mail_kind(
    "gift-on-its-way",
    _("Gift on its way"),
    texts={
        "en": "Your gift is on its way\n\nThe parcel of order {{ order.number }} has left, and your note is in it.\n",
        "de": (
            "Ihr Geschenk ist unterwegs\n\nDas Paket zur Bestellung {{ order.number }} ist unterwegs, Ihre "
            "Nachricht liegt bei.\n"
        ),
    },
)


@on(OrderShipped)
def tell_the_customer(w: Work, order: Order, shipped: OrderShipped) -> None:
    """The customer learns that the note is in the parcel; once for each shipment."""
    if note_of(w.session, order.id):
        write(w, GIFT_ON_ITS_WAY, order, about=f"shipment-{shipped.shipment}")


translations(
    "de",
    {
        "Gift note": "Geschenknotiz",
        "Gifts": "Geschenke",
        "Gift on its way": "Geschenk unterwegs",
        "Gift note saved.": "Geschenknotiz gespeichert.",
        "None yet.": "Noch keine.",
        "With a gift note": "Mit Geschenknotiz",
        "Without a gift note": "Ohne Geschenknotiz",
        "Write gift note": "Geschenknotiz schreiben",
        "{actor} wrote the gift note: {note}": "{actor} hat die Geschenknotiz geschrieben: {note}",
    },
)
