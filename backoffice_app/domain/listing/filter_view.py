"""What the filter of the order list shows: the filters by group, the values of each, and which are chosen (O-3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import FILTERS, Filter, Names
from backoffice_app.domain.listing.queries import capped, choices
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.value_counts import MOST, Counts, value_counts
from backoffice_app.i18n import _, as_sorted

MANY = 8
"""From so many values on they are searched."""
MOST_WORDS = 3
"""So many values a chip names."""
Pairs = list[list[str]]


@dataclass(frozen=True)
class FilterView:
    """A filter as it is chosen.

    `text`: what it is set to, an amount as the reader writes it; `offers`: rows of [value, word, "on" where it is
    chosen, what a search finds it by, how many orders have it ("" where that is not known)]; `is_not`: all but the
    values are meant.
    """

    key: str
    label: str
    control: str
    text: str = ""
    offers: Pairs = field(default_factory=list)
    is_not: bool = False
    is_searched: bool = False


@dataclass(frozen=True)
class GroupView:
    """Filters that are chosen at one place. `count`: how many values are, "" for none."""

    key: str
    label: str
    count: str
    filters: list[FilterView]


@dataclass(frozen=True)
class PanelView:
    """All that an actor may filter by.

    `shown`: the keys of the groups; `is_on`: something is filtered by, so that it can be reset.
    """

    groups: list[GroupView] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    is_on: bool = False


@dataclass(frozen=True)
class _Asked:
    """What a panel is made for; `offered`: the values that orders have, by filter; `others`: see `filter_panel`;
    `counts`: by filter.
    """

    wanted: OrderFilter
    offered: Mapping[str, Names]
    language: str
    others: str
    counts: Counts


def filter_panel(
    session: Session, wanted: OrderFilter, actor: Actor, language: str, others: str = ""
) -> PanelView:
    """The panel for the list that `wanted` asks for, as `actor` may use it (SEC-4).

    `others`: the filter of which all but the values are meant, though none is ticked yet.
    """
    reader, wanted = Reader(session), wanted.seen_by(actor)
    counts = value_counts(reader, wanted, load_shop(session).regional)
    asked = _Asked(wanted, choices(reader, language), language, others, counts)
    groups: dict[str, list[Filter]] = {}
    for part in FILTERS:
        if part.control and actor.may(part.right) and _has_values(part, asked):
            groups.setdefault(part.group.key if part.group else part.key, []).append(part)
    views = [_group(key, parts, asked) for key, parts in groups.items()]
    return PanelView(views, list(groups), is_on=any(view.count for view in views))


def typed(wanted: OrderFilter, key: str, text: str, actor: Actor, currency: str) -> OrderFilter:
    """The list with what was typed into a filter: amounts as `actor` writes them, days once they are whole.

    Raises Invalid naming the filter for what is not an amount, or may be two.
    """
    part, text = FILTERS[key], text.strip()
    if part.control == "amount" and text:
        minor = amount_of(actor, text, currency, key)
        if minor < 0:
            raise Invalid(key, _("An amount to filter by is not negative."))
        text = f"{Decimal(as_text(minor, currency)).normalize():f}"
    if part.control == "day" and text and not part.accepts(text):
        return wanted
    return wanted.chosen(key, text)


def said_of(wanted: OrderFilter, parts: Iterable[Filter], offered: Mapping[str, Names], language: str) -> str:
    """What the filters of a group are set to, in words: "Unpaid, Part paid", "not Germany", "1 Nov 2026 to
    5 Nov 2026".
    """
    said = {
        part.bound or part.key: _said(wanted, part, offered.get(part.key, {}), language) for part in parts
    }
    low, high = said.pop("low", ""), said.pop("high", "")
    if low and high:
        said["low"] = _("{low} to {high}").format(low=low, high=high).in_language(language)
    elif low:
        said["low"] = _("from {low}").format(low=low).in_language(language)
    elif high:
        said["high"] = _("up to {high}").format(high=high).in_language(language)
    return ", ".join(said.values())


def _said(wanted: OrderFilter, part: Filter, names: Names, language: str) -> str:
    if not part.several:
        return part.called(wanted.text(part.key), names, language)
    is_not, values = wanted.values(part.key)
    words = [part.called(one, names, language) for one in values]
    shown = ", ".join(words[:MOST_WORDS]) + (
        f" +{len(words) - MOST_WORDS}" if len(words) > MOST_WORDS else ""
    )
    return _("not {values}").format(values=shown).in_language(language) if is_not else shown


def _has_values(part: Filter, asked: _Asked) -> bool:
    """Whether there is something to choose from, or something chosen."""
    return (
        part.control != "ticks"
        or part.choices is not None
        or bool(asked.offered.get(part.key) or asked.wanted.text(part.key))
    )


def _group(key: str, parts: list[Filter], asked: _Asked) -> GroupView:
    label, wanted = parts[0].group.label if parts[0].group else parts[0].label, asked.wanted
    chosen = sum(
        len(wanted.values(part.key)[1]) if part.several else bool(wanted.text(part.key)) for part in parts
    )
    views = [_filter(part, asked) for part in parts]
    return GroupView(key, label.in_language(asked.language), str(chosen or ""), views)


def _filter(part: Filter, asked: _Asked) -> FilterView:
    language, text = asked.language, asked.wanted.text(part.key)
    label = part.label.in_language(language)
    if part.control == "choice":
        words = [
            ("", _("Any").in_language(language)),
            *((key, word.in_language(language)) for key, word in (part.choices or {}).items()),
        ]
        values = [_value(part, value, word, asked, on=value == text) for value, word in words]
        return FilterView(part.key, label, part.control, text, values)
    if part.control != "ticks":
        return FilterView(
            part.key,
            label,
            part.control,
            part.called(text, {}, language) if part.control == "amount" and text else text,
        )
    names = asked.offered.get(part.key, {})
    is_not, chosen = asked.wanted.values(part.key)
    there = (
        list(part.choices)
        if part.choices is not None
        else [*names, *(one for one in chosen if one not in names)]
    )
    values = [_value(part, one, part.called(one, names, language), asked, on=one in chosen) for one in there]
    if part.choices is None:
        values.sort(key=lambda value: as_sorted(value[1]))
    others = is_not if chosen else part.key == asked.others
    return FilterView(part.key, label, part.control, text, values, others, len(values) >= MANY)


def _value(part: Filter, value: str, word: str, asked: _Asked, *, on: bool) -> list[str]:
    counts = asked.counts.get(part.key) if value else None
    number = "" if counts is None else capped(counts.get(part.value(value), 0), MOST, asked.language)
    return [value, word, "on" if on else "", f"{word.lower()} {as_sorted(word)}", number]
