"""What a search found an order by, where its row does not show it: a packing slip's number, a street, a
product (O-2).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from backoffice_app.domain.core.search_text import fold, fold_umlauts, phone_forms
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search_sql import among, as_list
from backoffice_app.domain.listing.typed import Query
from backoffice_app.i18n import LazyText, _

ORDER = "JOIN orders o ON o.id ="
OWN: tuple[tuple[str, LazyText], ...] = (
    ("external_reference", _("Reference {text}")),
    ("number_at_source", _("Number in the shop {text}")),
    ("email", _("E-mail {text}")),
    ("phone", _("Phone {text}")),
    ("tags", _("Tags {text}")),
)
"""Texts of the order itself, which are read with its row, and what each is called."""
TEXTS: tuple[tuple[str, tuple[tuple[str, LazyText], ...]], ...] = (
    (f"document d {ORDER} d.order_id", (("d.number", _("Invoice {text}")),)),
    (f"shipment s {ORDER} s.order_id", (("s.number", _("Packing slip {text}")),)),
    (
        f"parcel p JOIN shipment s ON s.id = p.shipment_id {ORDER} s.order_id",
        (("p.tracking_number", _("Tracking number {text}")),),
    ),
    (
        f"order_address a {ORDER} a.order_id",
        (
            *(
                (f"a.{column}", _("Address: {text}"))
                for column in ("name", "company", "street", "addition", "city")
            ),
            ("a.postcode", _("Postcode {text}")),
        ),
    ),
    (f"order_line l {ORDER} l.order_id", (("l.sku", _("SKU {text}")), ("l.name", _("Product: {text}")))),
)
"""Where a search looks besides: the way to the order, the columns there, and what each is called."""
WIDTH = max(len(columns) for _way, columns in TEXTS)
MOST = 3
"""So many reasons are told."""


Words = tuple[tuple[str, ...], ...]
"""Words of a search, each in its forms."""


@dataclass(frozen=True)
class Hit:
    """A text of an order that has some of the `words`, and what it is called."""

    name: LazyText
    text: str
    words: frozenset[tuple[str, ...]]


def reasons_for(
    reader: Reader,
    query: Query,
    seen: Mapping[int, tuple[str, ...]],
    own: Mapping[int, tuple[str, ...]],
    language: str,
) -> dict[int, str]:
    """By position, what found the order by the words of `query` that are in none of the texts its row shows, ready to
    show.

    `seen`: the texts that the row shows; `own`: those of `OWN`. Only where one of these does not have all missing
    words, other tables are asked.
    """
    hits: dict[int, list[Hit]] = {}
    missing: dict[int, Words] = {}
    unsaid: dict[int, Words] = {}
    for position, texts in seen.items():
        shown = [folded for text in texts for folded in _folded(text)]
        if left := tuple(forms for forms in query.words if not _is_in(forms, shown)):
            missing[position] = left
            hits[position] = list(_hits_in(OWN, own[position], left))
            if not any(len(hit.words) == len(set(left)) for hit in hits[position]):
                unsaid[position] = left
    if unsaid:
        for position, found in _read(reader, unsaid).items():
            hits[position] += found
    return {position: _reasons(hits[position], words, language) for position, words in missing.items()}


def _reasons(hits: list[Hit], words: Words, language: str) -> str:
    """Fewest first: a text that has all the words tells it alone."""
    told: list[Hit] = []
    left = set(words)
    while left:
        best = max(hits, key=lambda hit: len(hit.words & left), default=None)
        if best is None or not best.words & left:
            break
        told.append(best)
        left -= best.words
    return " · ".join(hit.name.format(text=hit.text).in_language(language) for hit in told[:MOST])


def _read(reader: Reader, missing: Mapping[int, Words]) -> dict[int, list[Hit]]:
    """The texts of these orders that have one of their missing words, in the order of `TEXTS`; all are read in one
    statement.
    """
    parts = []
    for at, (way, columns) in enumerate(TEXTS):
        names = [name for name, _name in columns] + ["''"] * (WIDTH - len(columns))
        parts.append(
            f"SELECT o.position, {at}, {', '.join(names)} FROM {way} WHERE {among(reader, 'o.position')}"  # noqa: S608
        )
    found: dict[int, list[Hit]] = defaultdict(list)
    for position, at, *texts in sorted(
        reader.rows(" UNION ALL ".join(parts), {"positions": as_list(reader, missing)})
    ):
        found[position] += _hits_in(TEXTS[at][1], texts, missing[position])
    return found


def _hits_in(columns: Iterable[tuple[str, LazyText]], texts: Iterable[str], missing: Words) -> Iterator[Hit]:
    for (column, name), text in zip(columns, texts, strict=False):
        if text and (words := _words_in(column, text, missing)):
            yield Hit(name, text, words)


@lru_cache(maxsize=20_000)
def _words_in(column: str, text: str, words: Words) -> frozenset[tuple[str, ...]]:
    """Those of the words that are, in one of their forms, in a text of this column."""
    if column == "phone":
        texts = tuple(phone_forms(text))
    else:
        texts = _folded(" ".join(f"#{tag}" for tag in text.split()) if column == "tags" else text)
    return frozenset(forms for forms in words if _is_in(forms, texts))


@lru_cache(maxsize=20_000)
def _folded(text: str) -> tuple[str, ...]:
    folded = fold(text)
    return tuple({folded, fold_umlauts(folded)})


def _is_in(forms: Iterable[str], texts: Iterable[str]) -> bool:
    return any(form in text for text in texts for form in forms)
