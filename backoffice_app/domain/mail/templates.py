"""Templates: the built-in texts, the shop's own in their place, and the sandbox both are rendered in (M-1)."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Getattr, Name, Node
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from backoffice_app.domain.mail.kinds import MAIL_KINDS, MailKind
from backoffice_app.domain.mail.values import OrderText, Values
from backoffice_app.models import MailTemplate
from backoffice_app.registry import CORE, requirement

log = logging.getLogger("kontor.mail")
BLANK_LINES = re.compile(r"\n{3,}")
_COLUMNS = ("language", "subject", "body", "active", "documents", "files", "version")
_OWN = select(*(MailTemplate.__table__.c[name] for name in _COLUMNS)).where(  # type: ignore[attr-defined]
    col(MailTemplate.kind) == bindparam("of_kind")
)
WHOLE = ""
"""The language of the row that is about a kind as a whole."""
FILTERS = ("default", "first", "join", "last", "length", "lower", "replace", "title", "trim", "upper")


@dataclass(frozen=True)
class Text:
    """Subject and body of a template, or of a mail. `active`: whether mails of this kind are written at all."""

    subject: str
    body: str
    active: bool = True


@dataclass(frozen=True)
class Chosen:
    """What the shop has chosen for a kind of mail: its texts by language, its own where it has one, and what goes
    along.

    `own`: the languages whose text is the shop's. `documents`: whether the documents it tells of go along; `files`: ids
    of shop files.
    """

    texts: Mapping[str, Text]
    own: frozenset[str] = frozenset()
    active: bool = True
    documents: bool = True
    files: tuple[int, ...] = ()
    version: int = 0


class Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, in which nothing grows without end."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Raises SecurityError for what is no small number."""
        is_small = all(isinstance(one, int) and abs(one) <= 100 for one in (left, right))
        if not is_small or operator == "**":
            raise SecurityError(f"{operator} is not for texts")
        return super().call_binop(context, operator, left, right)  # type: ignore[arg-type]


@cache
def _environment() -> SandboxedEnvironment:
    """Nothing but a few filters: no globals, no includes, no attribute that begins with an underscore.

    Mails are plain text.
    """
    made = Sandbox(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


@lru_cache(maxsize=512)
def compiled(source: str) -> Template:
    """The template of a text; the same text is compiled once a process. Raises jinja2.TemplateError with the line."""
    return _environment().from_string(source)


def parsed(source: str) -> Node:
    """The tree of a text. Raises jinja2.TemplateSyntaxError with the line."""
    return _environment().parse(source)


@cache
def built_in(kind: MailKind, language: str) -> Text:
    """The text that the kind comes with, its subject on the first line."""
    subject, _blank, body = kind.texts[language].partition("\n\n")
    return Text(subject.strip(), body)


def chosen_of(session: Session, kind: MailKind) -> Chosen:
    """What the shop has chosen for a kind of mail. One query, never cached."""
    rows = session.connection().execute(_OWN, {"of_kind": kind.key}).all()
    own = {row.language: Text(row.subject, row.body, row.active) for row in rows if row.language != WHOLE}
    texts = {language: built_in(kind, language) for language in kind.texts} | own
    whole = next((row for row in rows if row.language == WHOLE), None)
    if whole is None:
        return Chosen(texts, frozenset(own))
    files = tuple(json.loads(whole.files)) if whole.files else ()
    return Chosen(texts, frozenset(own), whole.active, whole.documents, files, whole.version)


def texts_of(session: Session, kind: MailKind) -> Mapping[str, Text]:
    """The texts of a kind by language: the shop's own where it has one, else the built-in ones.

    One query, never cached.
    """
    return chosen_of(session, kind).texts


def render_safely(
    kind: MailKind, text: Text, language: str, values: Values, more: Mapping[str, object] | None = None
) -> Text:
    """As `render`; where a text of the shop's own can't be filled in after all, the built-in one goes in its place and
    the log says why.

    What a template lacks must never keep an order from being shipped.
    """
    try:
        return render(text, values, more)
    except Exception as error:
        if language not in kind.texts or text == built_in(kind, language):
            raise
        log.warning(
            "The shop's own text of the mail %s in %s can't be filled in: %s", kind.key, language, error
        )
        return render(built_in(kind, language), values, more)


def render(text: Text, values: Values, more: Mapping[str, object] | None = None) -> Text:
    """Subject and body with all names filled in, those of `more` too; the subject on one line.

    Raises jinja2.TemplateError for a name that is not there.
    """
    return render_names(
        text, {**(more or {}), **{field.name: getattr(values, field.name) for field in fields(values)}}
    )


def render_names(text: Text, names: Mapping[str, object]) -> Text:
    """As `render`, with nothing but these names."""
    subject = " ".join(compiled(text.subject).render(names).split())
    body = "\n".join(line.rstrip() for line in compiled(text.body).render(names).splitlines())
    return Text(subject, BLANK_LINES.sub("\n\n", body).strip() + "\n")


@requirement
def require_texts() -> None:
    """Raises ValueError for a text of a plug-in's mail that could not be rendered: its syntax, or a name
    that no mail has.

    The core's own texts are proven by tests.
    """
    for kind in MAIL_KINDS.values():
        if MAIL_KINDS.owner_of(kind.key) == CORE:
            continue
        for language, text in kind.texts.items():
            if reason := why_not_rendered(text, has_more=kind.values is not None):
                raise ValueError(
                    f"The text of the mail kind {kind.key!r} in {language!r} can't be used: {reason}"
                )


def why_not_rendered(source: str, *, has_more: bool) -> str:
    """What is wrong with a text, as a sentence; "" if nothing is. `has_more`: its kind brings names of its
    own.
    """
    try:
        tree = _environment().parse(source)
        compiled(source)
    except TemplateError as error:
        return f"{error.message}."
    known = {field.name: field for field in fields(Values)}
    if not has_more and (unknown := sorted(find_undeclared_variables(tree) - known.keys())):
        return f"it names {', '.join(unknown)}; there are {', '.join(known)}."
    given = {field.name for field in fields(OrderText)}
    named = {
        one.attr for one in tree.find_all(Getattr) if isinstance(one.node, Name) and one.node.name == "order"
    }
    if unknown := sorted(named - given):
        return f"it names order.{unknown[0]}; of the order there are {', '.join(sorted(given))}."
    return ""
