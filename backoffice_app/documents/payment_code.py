"""How to pay: sentence, account and the EPC QR code that banking apps read (INV-7)."""

from collections.abc import Iterator

import segno

from backoffice_app.documents.letter import LEFT, RIGHT, TEXT_WIDTH, Block, Letter
from backoffice_app.documents.paying import TRANSFER, how_to_pay, method_name
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.table import text_block
from backoffice_app.documents.texts import Texts
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.snapshot import DocumentSnapshot

CODE_WIDTH = 24.0
LARGEST = 99_999_999_999
# Any of the eight masks is a right code; trying all of them to find the prettiest takes longer than the rest of the
# page.
MASK = 4


def payment_blocks(snapshot: DocumentSnapshot, letter: Letter, payee: str, shown_iban: str) -> list[Block]:
    """What the buyer has to do; nothing on documents that ask for no money.

    Only a transfer gets account and code (PAY-0).
    """
    texts = letter.texts
    if not asks_for_money(snapshot.kind):
        return []
    if snapshot.open_amount <= 0:
        return [text_block(letter, [_settled(snapshot, texts), *_overpaid(snapshot, texts)])]
    amount = texts.money(snapshot.open_amount, snapshot.currency)
    if snapshot.collects != TRANSFER:
        sentence = how_to_pay(texts, snapshot.collects, amount, method_name(snapshot, texts))
        return [text_block(letter, [sentence])] if sentence else []
    if not snapshot.seller.iban:
        day = texts.day(snapshot.due_on) if snapshot.due_on else ""
        return (
            [text_block(letter, [texts.say("Please pay {amount} by {day}.", amount=amount, day=day)])]
            if day
            else []
        )
    return [
        _transfer_block(snapshot, letter, payee, shown_iban, _transfer_sentence(snapshot, letter, amount))
    ]


def _settled(snapshot: DocumentSnapshot, texts: Texts) -> str:
    """What was paid with, as far as it is known; an invoice that asks for nothing says so."""
    if not snapshot.paid:
        return texts.say("There is nothing to pay.")
    if not snapshot.paid_by:
        return texts.say("The invoice is paid. Thank you!")
    named = (
        method_name(snapshot, texts) if name == snapshot.payment_method else name for name in snapshot.paid_by
    )
    return texts.say("Paid with {method}. Thank you!", method=texts.enumerate(tuple(named)))


def _overpaid(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[str]:
    if snapshot.overpaid:
        amount = texts.money(snapshot.overpaid, snapshot.currency)
        yield texts.say("You have paid {amount} more than this invoice asks for.", amount=amount)


def _transfer_sentence(snapshot: DocumentSnapshot, letter: Letter, amount: str) -> str:
    if snapshot.due_on:
        day = letter.texts.day(snapshot.due_on)
        return letter.texts.say(
            "Please transfer {amount} by {day} to this account and state {number}.",
            amount=amount,
            day=day,
            number=snapshot.number,
        )
    return letter.texts.say(
        "Please transfer {amount} to this account and state {number}.", amount=amount, number=snapshot.number
    )


def _transfer_block(
    snapshot: DocumentSnapshot, letter: Letter, payee: str, shown_iban: str, sentence: str
) -> Block:
    say, seller = letter.texts.say, snapshot.seller
    matrix = code(snapshot, payee)
    width = TEXT_WIDTH - (CODE_WIDTH + 12 if matrix else 0)
    letter.ink(9)
    lines = letter.sheet.wrap(sentence, width)
    rows = [
        (label, letter.sheet.wrap(value, width - 34))
        for label, value in (
            (say("Account holder"), payee),
            (say("IBAN"), shown_iban),
            (say("BIC"), seller.bic),
            (say("Bank"), seller.bank),
            (say("Reference"), snapshot.number),
        )
        if value
    ]
    height = (len(lines) + sum(len(value) for _label, value in rows)) * 4.5 + 8
    if matrix:
        height = max(height, CODE_WIDTH + 11)

    def draw(y: float) -> None:
        y += 3
        top = y
        letter.ink(9)
        y = letter.sheet.put_lines(lines, letter.x(LEFT, width), y, width, 4.5) + 1.5
        for label, value in rows:
            letter.ink(9, grey=True)
            letter.sheet.put(label, letter.x(LEFT, 32), y, 32, 4.5)
            letter.ink(9)
            y = letter.sheet.put_lines(value, letter.x(LEFT + 34, width - 34), y, width - 34, 4.5)
        if matrix:
            x = letter.x(RIGHT - CODE_WIDTH, CODE_WIDTH)
            draw_code(letter.sheet, matrix, x, top, CODE_WIDTH)
            letter.ink(7, grey=True)
            caption = say("Pay with your banking app")
            letter.sheet.put(caption, letter.x(RIGHT - 60, 60), top + CODE_WIDTH + 1, 60, 3.2, align="end")

    return Block(height, draw)


def code(snapshot: DocumentSnapshot, payee: str) -> list[bytearray]:
    """The modules of the EPC QR code of an open amount in EUR; empty without IBAN, in other currencies or when nothing
    is to transfer.
    """
    if snapshot.collects != TRANSFER:
        return []
    if not snapshot.seller.iban or snapshot.currency != "EUR" or not 0 < snapshot.open_amount <= LARGEST:
        return []
    return list(
        segno.make_qr(
            epc_text(snapshot, payee), error="m", boost_error=False, mask=MASK, encoding="utf-8"
        ).matrix
    )


def epc_text(snapshot: DocumentSnapshot, payee: str) -> str:
    """What the code says, by the European Payments Council's guideline, version 002, in UTF-8."""
    seller = snapshot.seller
    amount = f"EUR{as_text(snapshot.open_amount, 'EUR')}"
    lines = (
        "BCD",
        "002",
        "1",
        "SCT",
        seller.bic,
        payee[:70],
        seller.iban.replace(" ", ""),
        amount,
        "",
        "",
        snapshot.number[:140],
    )
    return "\n".join(lines)


def draw_code(sheet: Sheet, matrix: list[bytearray], x: float, y: float, width: float) -> None:
    """The code as filled bars, `width` mm wide without its quiet zone."""
    module = width / len(matrix)
    sheet.fill(
        (x + start * module, y + row * module, length * module, module * 1.02)
        for row, start, length in _bars(matrix)
    )


def _bars(matrix: list[bytearray]) -> Iterator[tuple[int, int, int]]:
    """Row, start and length of each run of dark modules."""
    for i, row in enumerate(matrix):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                yield i, start, end - start
            start = end + 1
