"""A mail as HTML, made of its own text: paragraphs, tables of amounts, one button; every letter of it is
escaped (M-1).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from unicodedata import bidirectional

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from backoffice_app.documents.mail_words import follow_word, is_right_to_left, pay_word
from backoffice_app.domain.mail.templates import Text
from backoffice_app.domain.mail.values import Values

LAYOUT = Path(__file__).parent / "letter.html"
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
AMOUNTS = frozenset(
    {"total", "shipping", "payment_cost", "discount", "vat", "paid", "open", "refund", "amount"}
)
"""The names in a template whose values are amounts: a line that ends with one is a row of a table."""
ROW = re.compile(r"(?P<label>.*\S)\s*[:：]\s*(?P<amount>\S.*)")
NO_AMOUNT = "–"
NUMBER = re.compile(r"(?<!\S)(?=\S{3,24}(?!\S))[^\s-]*[^\W\d_]-\d\S*")
"""What stays on one line though it has a hyphen: the number of an order or a document, with the sign behind it."""
INDENT = "  "


@dataclass(frozen=True)
class Span:
    """A piece of a line; `link`: where it leads, "" for nowhere."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class TableRow:
    """A line that is set in: a label with its amount, a button, or plain text."""

    spans: tuple[Span, ...] = ()
    label: str = ""
    amount: str = ""
    is_sum: bool = False
    button: str = ""
    word: str = ""


@dataclass(frozen=True)
class Part:
    """Lines without a blank one between them: a paragraph, or rows."""

    lines: tuple[tuple[Span, ...], ...] = ()
    rows: tuple[TableRow, ...] = ()

    @property
    def has_amounts(self) -> bool:
        """Whether it is a table of two columns."""
        return any(row.amount for row in self.rows)


@dataclass(frozen=True)
class Meaning:
    """What in a text is more than letters.

    `amounts`: the amounts it names; `links`: the addresses that may be links, and no others.

    `buttons`: address -> word of the one that is drawn as a button.
    """

    amounts: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    buttons: Mapping[str, str] | None = None


def html_of(
    text: Text, meaning: Meaning, language: str, *, shop: str, footer: Iterable[str] = (), logo: bool = False
) -> str:
    """The mail as one HTML page without pictures from elsewhere, scripts or forms.

    `text`: filled in; `footer`: the company's data.

    `logo`: whether it shows the picture `cid:logo`. Whatever the text holds, it is text: only the addresses in
    `meaning` become links.
    """
    start, end = ("right", "left") if is_right_to_left(language) else ("left", "right")
    return _layout().render(
        language=language,
        direction="rtl" if start == "right" else "ltr",
        start=start,
        end=end,
        subject=text.subject,
        shop=shop,
        logo=logo,
        footer=tuple(footer),
        parts=parts_of(text.body, meaning),
        spans=_line_from_the_left if start == "right" else _line,
        unbroken=_unbroken,
    )


def meaning_of(source: str, values: Values, more: Mapping[str, object], language: str) -> Meaning:
    """What the amounts, links and the button of a mail are. `source`: its template, whose own links count.

    Links that a customer brought in, such as one in place of a name, do not: mails are not made to carry them.
    """
    parcels = [parcel.url for parcel in values.shipment.parcels if parcel.url] if values.shipment else []
    link = values.order.payment_link if "payment_link" in source else ""
    buttons = {link: pay_word(language)} if link else {parcels[0]: follow_word(language)} if parcels else {}
    allowed = {*parcels, *buttons, *LINK.findall(source), *LINK.findall(values.message)}
    return Meaning(frozenset(_amounts(values)) | frozenset(_amounts(more)), frozenset(allowed), buttons)


def parts_of(body: str, meaning: Meaning) -> list[Part]:
    """The paragraphs and tables of a text, from the top."""
    found: list[Part] = []
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        for is_set_in, lines in groupby(block.split("\n"), key=lambda line: line.startswith(INDENT)):
            kept = [line for line in lines if line.strip()]
            if is_set_in:
                found.append(_with_sum(Part(rows=tuple(_row(line.strip(), meaning) for line in kept))))
            elif kept:
                found.append(Part(lines=tuple(tuple(_spans(line, meaning)) for line in kept)))
    return found


def _row(line: str, meaning: Meaning) -> TableRow:
    if meaning.buttons and line in meaning.buttons:
        return TableRow(button=line, word=meaning.buttons[line])
    parted = ROW.fullmatch(line)
    if parted and (parted["amount"] in meaning.amounts or parted["amount"] == NO_AMOUNT):
        return TableRow(label=parted["label"], amount=parted["amount"])
    return TableRow(tuple(_spans(line, meaning)))


def _with_sum(part: Part) -> Part:
    """The last amount of several is what they come to."""
    amounts = [at for at, row in enumerate(part.rows) if row.amount]
    if len(amounts) < 2:
        return part
    last = part.rows[amounts[-1]]
    rows = list(part.rows)
    rows[amounts[-1]] = TableRow(label=last.label, amount=last.amount, is_sum=True)
    return Part(rows=tuple(rows))


def _spans(line: str, meaning: Meaning) -> Iterator[Span]:
    at = 0
    for found in LINK.finditer(line):
        if found[0] not in meaning.links:
            continue
        if line[at : found.start()]:
            yield Span(line[at : found.start()])
        yield Span(found[0], found[0])
        at = found.end()
    if line[at:]:
        yield Span(line[at:])


def _line(spans: Iterable[Span]) -> Markup:
    made = (
        Markup('<a href="{}">{}</a>').format(one.link, one.text) if one.link else _unbroken(one.text)
        for one in spans
    )
    return Markup("").join(made)


def _unbroken(text: str) -> Markup:
    """A text whose numbers are on one line each."""
    made, at = Markup(""), 0
    for found in NUMBER.finditer(text):
        made += escape(text[at : found.start()])
        made += Markup('<span style="white-space:nowrap">{}</span>').format(found[0])
        at = found.end()
    return made + escape(text[at:])


def _line_from_the_left(spans: Sequence[Span]) -> Markup:
    """A line of a mail that is read from the right; one without a letter of such a script, as a phone number, keeps its
    own order.
    """
    is_mixed = any(bidirectional(letter) in {"R", "AL"} for one in spans for letter in one.text)
    return _line(spans) if is_mixed else Markup('<span dir="ltr">{}</span>').format(_line(spans))


def _amounts(value: object, name: str = "") -> Iterator[str]:
    """All texts below names that stand for amounts."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _amounts(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _amounts(part, str(key))
    elif isinstance(value, tuple):
        for part in value:
            yield from _amounts(part, name)
    elif name in AMOUNTS and isinstance(value, str) and value:
        yield value


@cache
def _layout() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(LAYOUT.read_text("utf-8"))
