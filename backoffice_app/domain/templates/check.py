"""Whether a template can be filled in; if not, what is wrong in which line (M-1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.nodes import Getattr, Name, Node

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.mail.kinds import MailKind
from backoffice_app.domain.mail.templates import compiled, parsed
from backoffice_app.domain.mail.values import Values
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order

SUBJECT, BODY = "subject", "body"
LONGEST_SUBJECT, LONGEST_BODY = 400, 20_000
SAMPLE_DAY = "2026-11-30"
PAIRS = (("{{", "}}"), ("{%", "%}"))
MESSAGE = "{{ message }}"
"""Where a template takes in what a colleague writes."""


def check_text(kind: MailKind, subject: str, body: str) -> None:
    """Raises Invalid, naming field and line, for a text that can't be filled in, or would leave out what a colleague
    writes.
    """
    for field, source, longest in ((SUBJECT, subject, LONGEST_SUBJECT), (BODY, body, LONGEST_BODY)):
        if not source.strip():
            raise Invalid(field, _("Write a subject.") if field == SUBJECT else _("Write a text."))
        if len(source) > longest:
            raise Invalid(
                field,
                _("Has {count} characters; at most {longest} are taken.").format(
                    count=len(source), longest=longest
                ),
            )
        if wrong := why_not_filled(kind, source):
            raise Invalid(field, wrong)
    if kind.by_hand and _names_message(kind.texts["en"]) and not _names_message(body):
        raise Invalid(
            BODY, _("Put {name} into the text: what your colleagues write goes there.").format(name=MESSAGE)
        )


def why_not_filled(kind: MailKind, source: str) -> LazyText | None:
    """What is wrong with a text of this kind and in which line; None if it can be filled in."""
    if kind.values is not None and not more_names(kind):
        return why_not_read(source)
    return why_not_filled_with(sample_names(kind), source)


def why_not_read(source: str) -> LazyText | None:
    """What is wrong with how a text is written; None if it can be read. Its names are not looked at."""
    try:
        parsed(source)
        compiled(source)
    except TemplateSyntaxError as error:
        return _about_syntax(source, error.lineno)
    except TemplateError:
        return _about_syntax(source, 1)
    return None


def why_not_filled_with(names: Mapping[str, object], source: str) -> LazyText | None:
    """What is wrong with a text that may use these names, each with a value for trial; None if it can be filled in."""
    if wrong := why_not_read(source):
        return wrong
    for line, name in _unknown(parsed(source), names):
        return _("Line {line}: there is no {name}.").format(line=line, name=name)
    try:
        compiled(source).render(names)
    except Exception as error:  # whatever a template can do wrong, it is told and not a bug of ours
        return _("Line {line}: this can't be filled in.").format(line=_line_of(error))
    return None


def sample_names(kind: MailKind) -> dict[str, object]:
    """All names that a text of this kind may use, each with a value."""
    names: dict[str, object] = {field.name: getattr(_sample(), field.name) for field in fields(Values)}
    return names | dict(more_names(kind))


@cache
def more_names(kind: MailKind) -> Mapping[str, object]:
    """The names that the kind brings of its own, for an order of which nothing is known."""
    if kind.values is None:
        return {}
    order = Order(number="10001", currency="EUR", position=0, placed_at=datetime(2026, 1, 1, tzinfo=UTC))
    for name in ("lines", "addresses", "payments", "refunds", "documents", "shipments", "returns"):
        setattr(order, name, [])
    try:
        return kind.values(order, "en")
    except Exception:  # a plug-in's that needs a real order: its names are known only when a mail is written
        return {}


@cache
def _sample() -> Values:
    made: Values = _made(Values)
    return made


def _made(kind: Any) -> Any:
    """A value of this type in which nothing is empty."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        make: Any = kind
        return make(**{field.name: _made(hints[field.name]) for field in fields(kind)})
    parts = [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    if get_origin(kind) is tuple:
        return (_made(parts[0]),)
    return _made(parts[0]) if parts else SAMPLE_DAY


def _names_message(source: str) -> bool:
    """Whether a text takes in what a colleague writes."""
    return any(one.name == "message" for one in parsed(source).find_all(Name))


def _unknown(tree: Node, names: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """The names in a text that no mail has, with their lines."""
    own = {one.name for one in tree.find_all(Name) if one.ctx in {"store", "param"}} | {"loop"}
    for one in tree.find_all(Name):
        if one.ctx == "load" and one.name not in own and one.name not in names:
            yield one.lineno, one.name
    for found in tree.find_all(Getattr):
        if not (isinstance(found.node, Name) and found.node.name in names and found.node.name not in own):
            continue
        value = names[found.node.name]
        known = (
            {field.name for field in fields(value)}
            if is_dataclass(value)
            else set(value)
            if isinstance(value, Mapping)
            else None
        )
        if known is not None and found.attr not in known:
            yield found.lineno, f"{found.node.name}.{found.attr}"


def _about_syntax(source: str, line: int) -> LazyText:
    """What is wrong, in words for who is no programmer."""
    lines = source.split("\n")
    for at, text in enumerate(lines, 1):
        for begin, end in PAIRS:
            if text.count(begin) != text.count(end):
                near = re.sub(r"\s+", " ", text.strip())[:60]
                return _("Line {line}: a bracket is missing at “{near}”.").format(line=at, near=near)
    near = lines[min(line, len(lines)) - 1].strip()[:60]
    return _("Line {line}: “{near}” can't be read. Each “if” and “for” needs its end.").format(
        line=line, near=near
    )


def _line_of(error: Exception) -> int:
    """The line of a template in which it failed."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
