"""The tab `History`: what happened to the order, newest first, all of it or what is about one thing (T-7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backoffice_app.domain.core.facts import ABOUT_NAMES, About, about_of
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.history import HistoryEntry, history_of, kinds_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Tab, add_tab, block
from backoffice_app.i18n import _


@dataclass(frozen=True)
class HistoryView:
    """One line of the history tab; `mail` and `file` lead to the mail and the document it tells of, or are ""."""

    sequence: int = 0
    at: str = ""
    actor: str = ""
    sentence: str = ""
    mail: str = ""
    file: str = ""


@dataclass(frozen=True)
class HistoryTab:
    """The history tab.

    `kinds`: what it can be narrowed to, as [key, word, how many, address]; `kind`: the key of the chosen one.
    """

    facts: list[HistoryView] = field(default_factory=list)
    kinds: list[list[str]] = field(default_factory=list)
    kind: str = ""


add_tab(Tab("history", _("History"), 60, count=lambda look: look.beside.facts))


@block(key="history", tab="history", in_sight=True)
def history(look: Look) -> HistoryTab:
    """Newest first, with `look.kind`, a value of `About`, only what is about that; any other kind shows all (T-7)."""
    order_id = look.order.id or 0
    found = kinds_of(look.session, (ORDER, order_id), look.actor)
    chosen = About(look.kind) if look.kind in set(About) else None
    kinds = None if chosen is None else [name for name in found if about_of(name) is chosen]
    entries = history_of(look.session, (ORDER, order_id), look.actor, look.language, look.zone, kinds=kinds)
    documents = look.order.documents if look.sees_prices else []
    files = {document.number: f"/documents/{document.public_id}.pdf" for document in documents}
    return HistoryTab(
        [_entry(entry, files, look) for entry in entries],
        _kinds(found, chosen, look),
        chosen.value if chosen else "",
    )


def _entry(entry: HistoryEntry, files: Mapping[str, str], look: Look) -> HistoryView:
    """A line of the history, with the way to the mail or the document it tells of; who acted is not said twice."""
    mail = f"/outbox?mail={entry.mail}" if entry.mail and look.actor.may(Right.MAIL) else ""
    who = "" if entry.actor in entry.sentence else entry.actor
    return HistoryView(entry.sequence, entry.at, who, entry.sentence, mail, files.get(entry.document, ""))


def _kinds(found: Mapping[str, int], chosen: About | None, look: Look) -> list[list[str]]:
    """The kinds that occur, and the one that is chosen, as [key, word, how many, address]."""
    numbers = dict.fromkeys(About, 0)
    for name, number in found.items():
        numbers[about_of(name)] += number
    address = f"/orders/{look.order.number}/history{look.carried}"
    narrowed = address + ("&" if "?" in address else "?") + "kind="
    everything = ["", look.text(_("All")), str(sum(found.values())), address]
    return [everything] + [
        [about.value, look.text(ABOUT_NAMES[about]), str(number), narrowed + about.value]
        for about, number in numbers.items()
        if number or about is chosen
    ]
