"""Two people with the same form open: no change is lost (W-16)."""

from collections.abc import Mapping

from backoffice_app.domain.core.errors import Invalid, all_at_once
from backoffice_app.i18n import LazyText, _

MOST_TOLD = 200
"""So many characters of a long text are told."""
JUST_NOW = _("A colleague changed this to “{value}” just now. To overwrite it, save again.")
BY = _("{name} changed this to “{value}” just now. To overwrite it, save again.")
SINCE = _("A colleague changed this to “{value}” since you typed here. To overwrite it, save.")
"""The same of what was typed at another time and not saved yet."""


class Meanwhile(Invalid):
    """A colleague saved another value of this field while it was open here.

    `stored`: that value; `said`: how it is told.
    """

    def __init__(self, name: str, stored: str, said: LazyText = JUST_NOW) -> None:
        self.told = stored if len(stored) <= MOST_TOLD else stored[:MOST_TOLD] + " …"
        super().__init__(name, said.format(value=self.told))
        self.stored = stored

    def name(self, colleague: str) -> None:
        """Tells who it was."""
        self.reason = BY.format(name=colleague, value=self.told)


def merged(
    given: Mapping[str, object], shown: Mapping[str, str], stored: Mapping[str, str]
) -> dict[str, object]:
    """What a form saves where somebody else saved too: its own changes, and theirs in its other fields.

    `shown`: what the form showed at first, `stored`: what is stored now; a field that is not in both is as given.
    Raises Meanwhile, with the others beside it, for fields that both changed.
    """
    values, by_both = dict(given), []
    for name, theirs in stored.items():
        mine, first = given.get(name), shown.get(name)
        if mine is None or first in {None, theirs} or mine == theirs:
            continue
        if mine == first:
            values[name] = theirs
        else:
            by_both.append(Meanwhile(name, theirs))
    all_at_once(by_both)
    return values


def changes_of(given: Mapping[str, str], seen: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What a form changes, by field: what it says neither as it was shown nor as it is stored now.

    `seen`: what the form showed, `now`: what is stored; fields that are not stored are left out. Raises Meanwhile for
    fields that somebody else changed since they were shown.
    """
    return {
        name: str(new) for name, new in merged(given, seen, now).items() if name in now and new != now[name]
    }
