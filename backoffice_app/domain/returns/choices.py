"""Reasons for returns and return actions: what the shop keeps to choose from, per language and in order (RET-2)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.choice_lists import (
    NAME,
    ChoiceList,
    Values,
    in_order,
    in_use,
    is_called,
    name_in,
    name_texts,
    names_of,
)
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.returns.facts import ReturnChoiceChanged
from backoffice_app.i18n import DOCUMENT_LANGUAGES, LazyText, _
from backoffice_app.models import ReturnAction, ReturnReason

REASON, ACTION = "reason", "action"
KIND = {REASON: "return-reason", ACTION: "return-action"}
"""The kinds of subjects that the page's events are about."""
PAYS = "pays"
PAYS_NAMES: dict[str, LazyText] = {"customer": _("The customer"), "shop": _("The shop")}
"""Who pays the way back (RET-3)."""
LONGEST_NAME = 200
MOST = 100
"""Reasons, or actions, of a shop."""
USUAL: dict[str, tuple[tuple[tuple[str, str, str, str], str], ...]] = {
    REASON: (
        (("Did not fit", "Passt nicht", "Past niet", "Ne va pas"), "customer"),
        (("Did not like it", "Gefällt nicht", "Bevalt niet", "Ne plaît pas"), "customer"),
        (
            ("Ordered by mistake", "Versehentlich bestellt", "Per ongeluk besteld", "Commandé par erreur"),
            "customer",
        ),
        (("Arrived too late", "Zu spät geliefert", "Te laat geleverd", "Livré trop tard"), "shop"),
        (("Wrong item", "Falscher Artikel", "Verkeerd artikel", "Mauvais article"), "shop"),
        (
            (
                "Damaged or faulty",
                "Beschädigt oder defekt",
                "Beschadigd of defect",
                "Endommagé ou défectueux",
            ),
            "shop",
        ),
    ),
    ACTION: (
        (("Refund", "Erstattung", "Terugbetaling", "Remboursement"), ""),
        (("Exchange", "Umtausch", "Omruilen", "Échange"), ""),
        (("Repair", "Reparatur", "Reparatie", "Réparation"), ""),
        (("Store credit", "Gutschein", "Tegoedbon", "Bon d’achat"), ""),
    ),
}
"""What a shop can begin with: the name in English, German, Dutch and French, and who pays the way back."""
SETTLED_IN_GOODS = frozenset(
    name.casefold() for names, _pays in USUAL[ACTION] if names[0] in {"Exchange", "Repair"} for name in names
)
"""The usual actions, in each of their languages, after which no money goes back."""
Choice = ReturnReason | ReturnAction


@dataclass(frozen=True)
class ChoiceRow:
    """A reason or an action as the page shows it.

    `texts`: what its form starts with, by field; `about`: what its events are about.
    """

    id: str = ""
    name: str = ""
    pays: str = ""
    is_retired: bool = False
    is_first: bool = False
    is_last: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    about: str = ""


def choices_page(actor: Actor, kind: str, language: str) -> list[ChoiceRow]:
    """The reasons or the actions in their order, the retired ones last."""
    actor.require(Right.READ)
    with reading() as session:
        found = all_choices(session, kind)
    current = in_use(found)
    return [
        ChoiceRow(
            id=str(one.id),
            name=name_in(one, language),
            pays=PAYS_NAMES[one.pays].in_language(language) if isinstance(one, ReturnReason) else "",
            is_retired=one.retired_at is not None,
            is_first=bool(current) and one is current[0],
            is_last=bool(current) and one is current[-1],
            texts=_texts(one),
            about=Shown(KIND[kind], str(one.id)).text,
        )
        for one in in_order(found)
    ]


def all_choices(session: Session, kind: str) -> Sequence[Choice]:
    """All reasons or all actions in their order, retired ones among them; one query."""
    return LISTS[kind].all_of(session)


def choices_in_use(session: Session, kind: str) -> list[Choice]:
    """Those that can be chosen for a new return, in their order."""
    return in_use(all_choices(session, kind))


def chosen(session: Session, kind: str, typed: str, language: str) -> tuple[Choice | None, str]:
    """What was typed or chosen: the entry of the list that it names in whichever language, and the words to keep, in
    `language`.

    Words that name no entry in use stand for themselves, with None.
    """
    wanted = " ".join(typed.split())
    if wanted:
        for one in choices_in_use(session, kind):
            if is_called(one, wanted):
                return one, name_in(one, language)
    return None, wanted


@dataclass(frozen=True)
class Told:
    """Reasons and actions in the language of who reads them: those of an order's returns are kept in the customer's
    (RET-2).
    """

    language: str
    known: dict[tuple[str, int], Choice]

    def reason(self, one: Any) -> str:
        """The reason of a return, or of a row of the list."""
        return self._told(REASON, one.reason_id, one.reason)

    def action(self, one: Any) -> str:
        """What the customer wishes, likewise."""
        return self._told(ACTION, one.action_id, one.action)

    def _told(self, kind: str, id_: int | None, words: str) -> str:
        """Words that the list does not use any more stay as they were chosen, as do those that were typed."""
        one = self.known.get((kind, id_ or 0))
        return names_of(one).get(self.language, words) if one is not None and is_called(one, words) else words


def told_in(session: Session, returns: Iterable[Any], language: str) -> Told:
    """What these returns, or rows of the list, have as reason and action; at most two queries, and none where nothing
    was chosen.
    """
    found = list(returns)
    kinds = [REASON] if any(one.reason_id for one in found) else []
    kinds += [ACTION] if any(one.action_id for one in found) else []
    return Told(language, {(kind, one.id or 0): one for kind in kinds for one in all_choices(session, kind)})


def is_settled_in_goods(action: str) -> bool:
    """Whether this action, as a return or a list of choices words it, sends goods to the customer instead of money.

    Only the usual names are known; of any other action a refund is proposed.
    """
    return action.strip().casefold() in SETTLED_IN_GOODS


def add_usual(actor: Actor, kind: str) -> None:
    """The usual reasons or actions in a list that is empty, in the languages of the screen.

    Raises Refused where there is one already.
    """
    actor.require(Right.EDIT)
    with work(actor) as w:
        w.lock(SETTINGS, 0)
        if all_choices(w.session, kind):
            raise Refused(_("The list is not empty any more."))
        store_usual(w, kind)


def store_usual(w: Work, kind: str) -> None:
    """The usual ones, in this transaction."""
    for rank, (names, pays) in enumerate(USUAL[kind], 1):
        text = json.dumps(dict(zip(("en", "de", "nl", "fr"), names, strict=True)), ensure_ascii=False)
        one = (
            ReturnReason(names=text, pays=pays, rank=rank)
            if kind == REASON
            else ReturnAction(names=text, rank=rank)
        )
        w.session.add(one)
        w.session.flush()
        w.record(
            (SETTINGS, 0),
            ReturnChoiceChanged(kind=kind, name=name_in(one, w.shop.regional.language), field="added"),
        )


def _texts(one: Choice) -> dict[str, str]:
    return {PAYS: one.pays, **name_texts(one)} if isinstance(one, ReturnReason) else name_texts(one)


def _checked(kind: str, values: Values) -> dict[str, str]:
    found = {}
    for name, given in values.items():
        value = " ".join(visible(given).split())
        if name == PAYS and kind == REASON:
            if value not in PAYS_NAMES:
                raise Invalid(name, _("“{value}” is not one of the choices.").format(value=value))
        elif name.removeprefix(NAME) not in DOCUMENT_LANGUAGES:
            continue
        if len(value) > LONGEST_NAME or "\0" in value:
            raise Invalid(
                name,
                _("Has {count} characters; at most {longest} are taken.").format(
                    count=len(value), longest=LONGEST_NAME
                ),
            )
        found[name] = value
    return found


def _pay(one: Choice, given: Values) -> None:
    if isinstance(one, ReturnReason):
        one.pays = given.get(PAYS, "customer")


def _list(kind: str, table: type[Choice]) -> ChoiceList[Choice]:
    return ChoiceList(
        table,
        Right.EDIT,
        MOST,
        checked=partial(_checked, kind),
        texts=_texts,
        apply=_pay,
        told=lambda name, field, old, new: ReturnChoiceChanged(
            kind=kind, name=name, field=field, old=old, new=new
        ),
    )


LISTS = {REASON: _list(REASON, ReturnReason), ACTION: _list(ACTION, ReturnAction)}
"""The two lists."""
