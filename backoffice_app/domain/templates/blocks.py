"""Text blocks: pieces of text that the shop keeps and colleagues put into the mails they write (W-8, T-6)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.choice_lists import (
    NAME,
    ChoiceList,
    Values,
    in_order,
    in_use,
    name_in,
    names_of,
)
from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.mail.kinds import CUSTOMER_MAIL, LANGUAGES
from backoffice_app.domain.templates.check import sample_names, why_not_filled_with
from backoffice_app.domain.templates.inserts import ALWAYS
from backoffice_app.formats import locale
from backoffice_app.i18n import LazyLanguage, LazyText, _
from backoffice_app.models import TextBlock

KIND = "text-block"
"""The kind of subject that the page's events are about."""
TITLE, TEXT = NAME + "en", "text-"
"""Fields of the form: the title, and the text in a language as "text-de"."""
LONGEST_TITLE, LONGEST_TEXT = 100, 5_000
MOST = 100
"""Text blocks of a shop."""
KNOWN = ("order", "company")
"""What a text can name: it is put into mails about an order, and into answers that may be about none."""


@fact
class TextBlockChanged(Fact):
    """A text block was changed. `field`: "added", "retired", "used again", "title", or a language."""

    about: ClassVar[About] = About.SETTINGS
    name: str
    field: str
    old: str = ""
    new: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        known = {
            "added": _("{actor} added the text block “{name}”."),
            "retired": _("{actor} retired the text block “{name}”."),
            "used again": _("{actor} takes the text block “{name}” into use again."),
            "title": _("{actor} renamed the text block “{name}” to “{new}”."),
        }
        text = known.get(self.field) or _("{actor} changed the text block “{name}” ({language}).")
        return text.format(name=self.name, new=self.new, language=LazyLanguage(self.field))


@dataclass(frozen=True)
class BlockRow:
    """A text block as the page shows it.

    `languages`: those it has a text in; `texts`: what its form starts with, by field; `about`: what its events are
    about.
    """

    id: str = ""
    name: str = ""
    languages: str = ""
    is_retired: bool = False
    is_first: bool = False
    is_last: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    about: str = ""


def blocks_page(actor: Actor, language: str) -> list[BlockRow]:
    """The text blocks in their order, the retired ones last. Raises Refused for all but the owner."""
    actor.require(Right.SETTINGS)
    with reading() as session:
        found = LIST.all_of(session)
    current = in_use(found)
    return [
        BlockRow(
            id=str(one.id),
            name=name_in(one, language),
            languages=", ".join(
                str(locale(language).languages.get(code, code)).capitalize()
                for code in LANGUAGES
                if code in texts_of(one)
            ),
            is_retired=one.retired_at is not None,
            is_first=bool(current) and one is current[0],
            is_last=bool(current) and one is current[-1],
            texts=_texts(one),
            about=Shown(KIND, str(one.id)).text,
        )
        for one in in_order(found)
    ]


def blocks_offered(session: Session) -> list[list[str]]:
    """[id, title] of each that can be put into a mail, in order."""
    return [[str(one.id), name_in(one, "en")] for one in in_use(LIST.all_of(session))]


def text_in(session: Session, id_: str, language: str) -> str:
    """The text of a block in this language, else in the shop's, else in any that it has; its names are not replaced
    yet.

    Raises NotFound for one that is not in use.
    """
    one = next((one for one in in_use(LIST.all_of(session)) if str(one.id) == id_), None)
    if one is None:
        raise NotFound(id_)
    texts = texts_of(one)
    return (
        texts.get(language)
        or texts.get(load_shop(session).regional.language)
        or next(iter(texts.values()), "")
    )


def texts_of(one: TextBlock) -> dict[str, str]:
    """The texts by language."""
    return dict(json.loads(one.texts or "{}"))


def names_known() -> list[tuple[LazyText, str]]:
    """What a text can name: the words of people, and what is written."""
    return list(ALWAYS)


@cache
def _samples() -> Mapping[str, object]:
    samples = sample_names(CUSTOMER_MAIL)
    return {name: samples[name] for name in KNOWN}


def _texts(one: TextBlock) -> dict[str, str]:
    texts = texts_of(one)
    return {
        TITLE: next(iter(names_of(one).values()), ""),
        **{TEXT + code: texts.get(code, "") for code in LANGUAGES},
    }


def _apply(one: TextBlock, given: Values) -> None:
    texts = {code: text for code in LANGUAGES if (text := given.get(TEXT + code, ""))}
    if not texts:
        raise Invalid(f"{TEXT}{LANGUAGES[0]}", _("Write a text in one language at least."))
    one.texts = json.dumps(texts, ensure_ascii=False)


def _checked(values: Values) -> dict[str, str]:
    found = {}
    for name, given in values.items():
        if name == TITLE:
            value, longest = " ".join(visible(given).split()), LONGEST_TITLE
            if not value:
                raise Invalid(name, _("Write a title."))
        elif name.removeprefix(TEXT) in LANGUAGES:
            value, longest = visible(given, marks=True).replace("\r\n", "\n").strip(), LONGEST_TEXT
        else:
            continue
        if len(value) > longest:
            raise Invalid(
                name,
                _("Has {count} characters; at most {longest} are taken.").format(
                    count=len(value), longest=longest
                ),
            )
        if "\0" in value:
            raise Invalid(name, _("Holds a character that is no text."))
        if name != TITLE and (wrong := why_not_filled_with(_samples(), value)):
            raise Invalid(name, wrong)
        found[name] = value
    return found


LIST: ChoiceList[TextBlock] = ChoiceList(
    TextBlock,
    Right.SETTINGS,
    MOST,
    checked=_checked,
    texts=_texts,
    apply=_apply,
    told=lambda name, field, old, new: TextBlockChanged(name=name, field=field, old=old, new=new),
    field_of=lambda name: "title" if name == TITLE else name.removeprefix(TEXT),
)
"""The list."""
