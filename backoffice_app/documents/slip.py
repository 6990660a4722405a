"""What packing slips and return slips share: the letter, what is known of the order, and a table of goods without
prices (INV-9).
"""

from collections.abc import Iterator, Sequence

from backoffice_app.documents.invoice import checked, footer
from backoffice_app.documents.kinds import sender
from backoffice_app.documents.letter import TEXT_WIDTH, Letter
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.table import Column, Row, Table
from backoffice_app.documents.texts import Texts
from backoffice_app.domain.core.return_slip import ReturnedLine, ReturnSlipSnapshot
from backoffice_app.domain.core.snapshot import PackingSlipSnapshot, SlipLine

Slip = PackingSlipSnapshot | ReturnSlipSnapshot


def slip_letter(sheet: Sheet, snapshot: Slip, texts: Texts, heading: str, logo: bytes | None) -> Letter:
    """The letter of a slip, whose pages are added to `sheet`."""
    sheet.rtl = texts.is_rtl
    seller = snapshot.seller
    return Letter(sheet, texts, heading, sender(seller), footer(seller, texts), checked(logo, seller))


def slip_facts(snapshot: Slip, texts: Texts, *more: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """What stands beside the address as (label, value): number, day and order, then `more`; what has no value is left
    out.
    """
    say = texts.say
    yield say("Number"), snapshot.number
    yield say("Date"), texts.day(snapshot.issued_on)
    pairs = (
        (say("Your order number"), snapshot.known_number),
        (say("Order"), snapshot.order_number),
        (say("Ordered on"), texts.day(snapshot.ordered_on) if snapshot.ordered_on else ""),
        (say("Customer number"), snapshot.customer_number),
        *more,
    )
    yield from ((label, value) for label, value in pairs if value)


def slip_table(
    letter: Letter, lines: Sequence[SlipLine | ReturnedLine], *further: tuple[Column, list[str]]
) -> Table:
    """The goods: position, item number where there is any, description, `further` columns with a text a line, and the
    quantity.

    The description takes the room that the others leave, in mm.
    """
    texts, say = letter.texts, letter.texts.say
    before = [(Column(say("No."), 9), [texts.number(line.position) for line in lines])]
    if any(line.sku for line in lines):
        before.append((Column(say("Item no."), 30), [line.sku for line in lines]))
    quantity = (
        Column(say("Quantity"), 22, "right"),
        [texts.quantity(line.quantity, line.unit) for line in lines],
    )
    room = TEXT_WIDTH - sum(column.width for column, _cells in (*before, *further, quantity))
    names = ["\n".join(filter(None, (line.name, line.options))) for line in lines]
    columns = [*before, (Column(say("Description"), room), names), *further, quantity]
    rows = [Row(list(cells)) for cells in zip(*(cells for _column, cells in columns), strict=True)]
    return Table(letter, [column for column, _cells in columns], rows)
