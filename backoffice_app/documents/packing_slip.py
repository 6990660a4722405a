"""Packing slips from their snapshots, by the same engine as invoices, without prices (INV-9, SHIP-1)."""

from collections.abc import Iterator

from backoffice_app.documents.invoice import return_line
from backoffice_app.documents.kinds import draws
from backoffice_app.documents.letter import Block, Letter, first_page
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.slip import slip_facts, slip_letter, slip_table
from backoffice_app.documents.table import Column, long_text_blocks, text_block
from backoffice_app.documents.texts import Texts
from backoffice_app.domain.core.document_kinds import PACKING_SLIP
from backoffice_app.domain.core.snapshot import PackingSlipSnapshot


def heading(snapshot: PackingSlipSnapshot, texts: Texts) -> str:
    """The slip's title with its number."""
    return texts.say("Packing slip {number}", number=snapshot.number)


@draws(PACKING_SLIP, heading=heading)
def draw_packing_slip(
    sheet: Sheet, snapshot: PackingSlipSnapshot, texts: Texts, logo: bytes | None = None
) -> None:
    """The slip's pages are added to `sheet`."""
    seller = snapshot.seller
    letter = slip_letter(sheet, snapshot, texts, heading(snapshot, texts), logo)
    table = slip_table(letter, snapshot.lines, *_further(snapshot, texts))
    address = (return_line(seller), texts.address(snapshot.delivery, seller.country))
    information = letter.information_block(list(_information(snapshot, texts)))
    contents = texts.say("For pick-up:") if snapshot.is_pickup else texts.say("This shipment contains:")
    opening = [letter.subject(), text_block(letter, [contents])]
    table.draw(*first_page(letter, address, information, opening), _blocks(snapshot, letter))


def _information(snapshot: PackingSlipSnapshot, texts: Texts) -> Iterator[tuple[str, str]]:
    say = texts.say
    carriers = ", ".join(dict.fromkeys(parcel.carrier for parcel in snapshot.parcels))
    yield from slip_facts(snapshot, texts, (say("Shipping"), snapshot.shipping_method or carriers))
    # More would push the letter's text down; the sentence below the table names all.
    for parcel in snapshot.parcels[:3]:
        if parcel.tracking_number:
            yield say("Tracking number"), parcel.tracking_number


def _further(snapshot: PackingSlipSnapshot, texts: Texts) -> Iterator[tuple[Column, list[str]]]:
    """What was ordered, and what is to follow, where the slip does not hold all of it."""
    say, lines = texts.say, snapshot.lines
    if any(line.ordered is not None for line in lines):
        ordered = [
            texts.quantity(line.ordered, line.unit) if line.ordered is not None else "" for line in lines
        ]
        yield Column(say("Ordered"), 20, "right"), ordered
    if any(line.to_follow for line in lines):
        to_follow = [texts.quantity(line.to_follow, line.unit) if line.to_follow else "" for line in lines]
        yield Column(say("To follow"), 22, "right"), to_follow


def _blocks(snapshot: PackingSlipSnapshot, letter: Letter) -> list[Block]:
    say = letter.texts.say
    paragraphs = [say("Your comment: {comment}", comment=line) for line in snapshot.comment.splitlines()[:1]]
    paragraphs += [line for line in snapshot.comment.splitlines()[1:] if line.strip()]
    if len(snapshot.parcels) > 3:
        numbers = ", ".join(parcel.tracking_number for parcel in snapshot.parcels if parcel.tracking_number)
        paragraphs.append(say("Tracking numbers: {numbers}", numbers=numbers))
    if any(line.to_follow for line in snapshot.lines):
        paragraphs.append(say("What is to follow comes in a shipment of its own."))
    blocks = [
        block
        for paragraph in (*paragraphs, *snapshot.remarks)
        for block in long_text_blocks(letter, paragraph)
    ]
    return [Block(3.0, lambda _y: None), *blocks]
