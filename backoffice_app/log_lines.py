"""How a log record is written: one line that can't be forged, of limited length, without secrets and without what a
client sent.

A record begins with its moment (UTC) at the beginning of a line. The lines of a traceback follow, each behind
`CONTINUES`, so none of them can be taken for a record.
"""

import logging
import re
from datetime import UTC, datetime

LONGEST = 2_000
LONGEST_TRACE = 8_000
LONGEST_TRACE_LINE = 400
"""In bytes."""
FAR = 100_000
"""So many characters of each end of a traceback are looked at."""
CONTINUES = "    | "
OURS = ("kontor", "backoffice_app")
SECRETS = (
    (re.compile(r"(?i)(kontor_session=)[^\s;,'\"\\]+"), r"\1[cookie]"),
    (re.compile(r"(?i)(\bbearer )[^\s'\",\\]+"), r"\1[key]"),
    (re.compile(r"\bkt_\d+_[\w-]{20,}"), "[key]"),
    (re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[0-9a-f]{16})?\b"), "[tab]"),
    (re.compile(r"(://[^/\s:@]*:)[^@\s/]+@"), r"\1[password]@"),
    (re.compile(r"\[parameters: .*"), "[parameters: left out]"),
)
"""What must not be in a log, and what stands in its place.

The last is what SQLAlchemy says of a statement: rows of the shop.
"""
SENT = (
    ("router_data=", "Refused an event without a handler."),
    ("No registered handler found", "Refused an event without a handler."),
    ("no associated token", "Refused an event of a socket that has no tab."),
    ("Received event data as a string", "Got an event as a string."),
    ("Failed to deserialize event data", "Refused an event that can't be read."),
    ("Event data must be a dictionary", "Refused an event that can't be read."),
    ("Event data:", "Refused an event."),
    ("disconnected client", "An update found its tab gone."),
    ("Error transforming event payload", "An event came with arguments of another kind."),
    ("Frontend state schema", "A tab of another build was told to load anew."),
    ("Frontend version", "A tab of another version of Reflex came."),
)
"""Reflex, and asyncio on its behalf, log what a client sent: all of it, the cookie and form fields included.

What is known by these words is written as the sentence beside them and nothing else.
"""


class OneLine(logging.Formatter):
    """Writes records as this module says."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text without an end of line; the record itself stays as it is."""
        said, trace = record.getMessage(), self._trace(record)
        if not record.name.startswith(OURS):
            said, trace = without_sent(said, trace)
        at = (
            datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .removesuffix("+00:00")
        )
        return f"{at}Z {record.levelname} {record.name}: {one_line(said, LONGEST)}{continued(trace)}"

    def _trace(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        if record.stack_info:
            parts.append(record.stack_info)
        return "\n".join(parts)


def without_sent(said: str, trace: str) -> tuple[str, str]:
    """Message and traceback of another library; where it holds what a client sent, a sentence of ours and
    no traceback.
    """
    for words, sentence in SENT:
        if words in said or words in trace:
            return sentence, ""
    return said, trace


def one_line(text: str, longest: int) -> str:
    """`text` without secrets, its control and other invisible characters as escapes, cut to about `longest` bytes."""
    near = text[: longest * 4]
    shown = escaped(without_secrets(near))
    kept = shown.encode()[:longest].decode(errors="ignore")
    left_out = len(text) - len(near) + len(shown) - len(kept)
    return f"{kept} [... {left_out} more]" if left_out else kept


def continued(trace: str) -> str:
    """A traceback as lines that each begin with `CONTINUES`: its first and its last ones if it is long.

    "" without one.
    """
    if not trace:
        return ""
    ends = f"{trace[:FAR]}\n[...]\n{trace[-FAR:]}" if len(trace) > 2 * FAR else trace
    lines = [CONTINUES + one_line(line, LONGEST_TRACE_LINE) for line in without_secrets(ends).split("\n")]
    first, last = _fitting(lines, LONGEST_TRACE * 5 // 8), _fitting(lines[::-1], LONGEST_TRACE * 3 // 8)[::-1]
    left_out = len(lines) - len(first) - len(last)
    if left_out > 0:
        lines = [*first, f"{CONTINUES}[... {left_out} lines left out]", *last]
    return "\n" + "\n".join(lines)


def escaped(text: str) -> str:
    """`text` with each character that prints nothing, or turns the writing round, as `\\n`, `\\x1b`, `\\u202e`."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def without_secrets(text: str) -> str:
    """`text` with `[key]`, `[cookie]` and the like in place of what opens a door."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def _fitting(lines: list[str], most: int) -> list[str]:
    """The first lines that have `most` bytes together."""
    fitting: list[str] = []
    for line in lines:
        most -= len(line.encode()) + 1
        if most < 0:
            break
        fitting.append(line)
    return fitting
