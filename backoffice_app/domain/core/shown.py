"""What an event is about, as the page showed it to the person who pressed: the subject, its version, and the dialog it
was pressed in.

Views hold it as one text, pages send that text along with each event that changes something, and nothing else decides
what is changed: what a tab's state remembers may be older, or gone.
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from backoffice_app.domain.core.errors import Refused
from backoffice_app.i18n import _

LONGEST = 1_000
"""Characters of the whole text."""
LONGEST_VERSION = 18
"""Digits of a version: as many as a database counts."""


@dataclass(frozen=True)
class Shown:
    """`kind`: of the subject, such as "order"; `number`: the one people know it by; `version`: as it was shown, ""
    where it has none.

    `form`: the key of the dialog that was filled in, "" for a button of the page.
    """

    kind: str
    number: str
    version: str = ""
    form: str = ""

    @classmethod
    def parse(cls, text: str) -> "Shown":
        """What a page sent. Raises Refused for what no page sends."""
        parts = [unquote(part) for part in text.split("/")] if len(text) <= LONGEST else []
        if (
            len(parts) != 4
            or not parts[0]
            or len(parts[2]) > LONGEST_VERSION
            or any("\0" in part for part in parts)
        ):
            raise Refused(NOT_SHOWN)
        return cls(*parts)

    @property
    def seen(self) -> int | None:
        """The version that was shown; None where none was."""
        return int(self.version) if self.version.isdecimal() else None

    @property
    def text(self) -> str:
        """As a view holds it: "order/10001/7/"."""
        return "/".join(quote(part, safe="") for part in (self.kind, self.number, self.version, self.form))


NOT_SHOWN = _(
    "This page was not up to date, so nothing was done. Look at what it shows now, then press again."
)
