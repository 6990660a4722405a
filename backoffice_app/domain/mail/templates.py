"""Templates: the built-in texts, the shop's own in their place, and the sandbox both are rendered in (M-1)."""

import re
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from backoffice_app.domain.mail.kinds import LANGUAGES, MailKind
from backoffice_app.domain.mail.values import Values
from backoffice_app.models import MailTemplate

FOLDER = Path(__file__).parent / "texts"
BLANK_LINES = re.compile(r"\n{3,}")
_OWN = select(col(MailTemplate.language), col(MailTemplate.subject), col(MailTemplate.body), col(MailTemplate.active)).where(
    col(MailTemplate.kind) == bindparam("of_kind")
)
FILTERS = ("default", "first", "join", "last", "length", "lower", "replace", "title", "trim", "upper")


@dataclass(frozen=True)
class Text:
    """Subject and body of a template, or of a mail. `active`: whether mails of this kind are written at all."""

    subject: str
    body: str
    active: bool = True


@cache
def _environment() -> SandboxedEnvironment:
    """Nothing but a few filters: no globals, no includes, no attribute that begins with an underscore. Mails are plain text."""
    made = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


@lru_cache(maxsize=512)
def compiled(source: str) -> Template:
    """The template of a text; the same text is compiled once a process. Raises jinja2.TemplateError with the line."""
    return _environment().from_string(source)


@cache
def built_in(kind: MailKind, language: str) -> Text:
    """The text Kontor comes with: `texts/<language>/<kind>.txt`, its subject on the first line."""
    subject, _blank, body = (FOLDER / language / f"{kind.value}.txt").read_text("utf-8").partition("\n\n")
    return Text(subject.strip(), body)


def texts_of(session: Session, kind: MailKind) -> dict[str, Text]:
    """The texts of a kind by language: the shop's own where it has one, else the built-in ones. One query, never cached."""
    rows = session.connection().execute(_OWN, {"of_kind": kind.value}).all()
    own = {row.language: Text(row.subject, row.body, row.active) for row in rows}
    return {language: built_in(kind, language) for language in LANGUAGES} | own


def render(text: Text, values: Values) -> Text:
    """Subject and body with all names filled in; the subject on one line. Raises jinja2.TemplateError for a name that is not there."""
    names = {field.name: getattr(values, field.name) for field in fields(values)}
    subject = " ".join(compiled(text.subject).render(names).split())
    body = "\n".join(line.rstrip() for line in compiled(text.body).render(names).splitlines())
    return Text(subject, BLANK_LINES.sub("\n\n", body).strip() + "\n")
