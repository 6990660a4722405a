"""Return slips from their snapshots, by the same engine as invoices, without prices (INV-9, RET-3)."""

from backoffice_app.documents.kinds import draws
from backoffice_app.documents.letter import Block, Letter, first_page
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.slip import slip_facts, slip_letter, slip_table
from backoffice_app.documents.table import long_text_blocks, text_block
from backoffice_app.documents.texts import Texts
from backoffice_app.domain.core.return_slip import RETURN_SLIP, ReturnSlipSnapshot
from backoffice_app.domain.core.snapshot import Party


def heading(snapshot: ReturnSlipSnapshot, texts: Texts) -> str:
    """The slip's title with its number."""
    return texts.say("Return slip {number}", number=snapshot.number)


@draws(RETURN_SLIP, heading=heading)
def draw_return_slip(
    sheet: Sheet, snapshot: ReturnSlipSnapshot, texts: Texts, logo: bytes | None = None
) -> None:
    """The slip's pages are added to `sheet`."""
    seller = snapshot.seller
    letter = slip_letter(sheet, snapshot, texts, heading(snapshot, texts), logo)
    table = slip_table(letter, snapshot.lines)
    shop = Party(**seller.model_dump(include=set(Party.model_fields)))
    from_whom = texts.address(snapshot.customer, seller.country)
    address = (" · ".join(from_whom), texts.address(shop, snapshot.customer.country))
    information = letter.information_block(list(slip_facts(snapshot, texts)))
    opening = [
        letter.subject(),
        text_block(letter, [texts.say("Please put this slip into the parcel with these goods:")]),
    ]
    table.draw(*first_page(letter, address, information, opening), _blocks(snapshot, letter))


def _blocks(snapshot: ReturnSlipSnapshot, letter: Letter) -> list[Block]:
    say = letter.texts.say
    paragraphs = [say("Reason for the return: {reason}", reason=snapshot.reason)] if snapshot.reason else []
    paragraphs += [say("What you wish: {action}", action=snapshot.action)] if snapshot.action else []
    if snapshot.pays:
        paid = (
            say("We pay for the way back.")
            if snapshot.pays == "shop"
            else say("Please pay the postage for the way back.")
        )
        paragraphs.append(paid)
    blocks = [block for paragraph in paragraphs for block in long_text_blocks(letter, paragraph)]
    return [Block(3.0, lambda _y: None), *blocks]
