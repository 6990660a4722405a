"""Packing slips from their snapshots, by the same engine as invoices, without prices (INV-9, SHIP-1)."""

from collections.abc import Iterator

from backoffice_app.documents import fast_fonts
from backoffice_app.documents.invoice import checked, footer, return_line, sender
from backoffice_app.documents.letter import TEXT_WIDTH, Block, Letter, first_page
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.table import Column, Row, Table, long_text_blocks, text_block
from backoffice_app.documents.texts import Texts, document_language
from backoffice_app.domain.core.snapshot import PackingSlipSnapshot, SlipLine


def render_packing_slip(
    snapshot: PackingSlipSnapshot, language: str | None = None, *, logo: bytes | None = None, fast: bool = fast_fonts.FAST
) -> bytes:
    """The PDF of a packing slip; the same snapshot gives the same bytes. A character that no font has is drawn as a box with its code."""
    texts = Texts(document_language(language or snapshot.language))
    sheet = Sheet(
        made_at=snapshot.issued_at,
        title=heading(snapshot, texts),
        author=sender(snapshot.seller),
        language=texts.language,
        texts=[snapshot.model_dump_json(), texts.vocabulary()],
        fast=fast,
    )
    draw_packing_slip(sheet, snapshot, texts, logo)
    return sheet.finish()


def heading(snapshot: PackingSlipSnapshot, texts: Texts) -> str:
    """The slip's title with its number."""
    return texts.say("Packing slip {number}", number=snapshot.number)


def draw_packing_slip(sheet: Sheet, snapshot: PackingSlipSnapshot, texts: Texts, logo: bytes | None = None) -> None:
    """The slip's pages are added to `sheet`."""
    sheet.rtl = texts.is_rtl
    seller = snapshot.seller
    letter = Letter(sheet, texts, heading(snapshot, texts), sender(seller), footer(seller, texts), checked(logo, seller))
    columns = _columns(snapshot, texts)
    table = Table(letter, list(columns.values()), [_row(line, columns, texts) for line in snapshot.lines])
    address = (return_line(seller), texts.address(snapshot.delivery, seller.country))
    information = letter.information_block(list(_information(snapshot, texts)))
    opening = [letter.subject(), text_block(letter, [texts.say("This shipment contains:")])]
    table.draw(*first_page(letter, address, information, opening), _blocks(snapshot, letter))


def _information(snapshot: PackingSlipSnapshot, texts: Texts) -> Iterator[tuple[str, str]]:
    say = texts.say
    yield say("Number"), snapshot.number
    yield say("Date"), texts.day(snapshot.issued_on)
    pairs = (
        (say("Order"), snapshot.order_number),
        (say("Ordered on"), texts.day(snapshot.ordered_on) if snapshot.ordered_on else ""),
        (say("Customer number"), snapshot.customer_number),
        (say("Shipping"), snapshot.shipping_method or ", ".join(dict.fromkeys(parcel.carrier for parcel in snapshot.parcels))),
    )
    yield from ((label, value) for label, value in pairs if value)
    # More would push the letter's text down; the sentence below the table names all.
    for parcel in snapshot.parcels[:3]:
        if parcel.tracking_number:
            yield say("Tracking number"), parcel.tracking_number


def _columns(snapshot: PackingSlipSnapshot, texts: Texts) -> dict[str, Column]:
    """The columns this slip needs; the description takes the room the others leave."""
    say = texts.say
    columns = {"position": Column(say("No."), 9)}
    if any(line.sku for line in snapshot.lines):
        columns["sku"] = Column(say("Item no."), 30)
    columns["name"] = Column(say("Description"), 0)
    if any(line.ordered is not None for line in snapshot.lines):
        columns["ordered"] = Column(say("Ordered"), 20, "right")
    if any(line.to_follow for line in snapshot.lines):
        columns["to_follow"] = Column(say("To follow"), 22, "right")
    columns["quantity"] = Column(say("Quantity"), 22, "right")
    columns["name"] = Column(say("Description"), TEXT_WIDTH - sum(column.width for column in columns.values()))
    return columns


def _row(line: SlipLine, columns: dict[str, Column], texts: Texts) -> Row:
    cells = {
        "position": texts.number(line.position),
        "sku": line.sku,
        "name": line.name,
        "ordered": texts.quantity(line.ordered, line.unit) if line.ordered is not None else "",
        "to_follow": texts.quantity(line.to_follow, line.unit) if line.to_follow else "",
        "quantity": texts.quantity(line.quantity, line.unit),
    }
    return Row([cells[name] for name in columns])


def _blocks(snapshot: PackingSlipSnapshot, letter: Letter) -> list[Block]:
    say = letter.texts.say
    paragraphs = []
    if len(snapshot.parcels) > 3:
        numbers = ", ".join(parcel.tracking_number for parcel in snapshot.parcels if parcel.tracking_number)
        paragraphs.append(say("Tracking numbers: {numbers}", numbers=numbers))
    if any(line.to_follow for line in snapshot.lines):
        paragraphs.append(say("What is to follow comes in a shipment of its own."))
    blocks = [block for paragraph in (*paragraphs, *snapshot.remarks) for block in long_text_blocks(letter, paragraph)]
    return [Block(3.0, lambda _y: None), *blocks]
