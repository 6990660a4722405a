"""What a list shows, as one value that is read from an address and written to it again (O-3, E10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar
from urllib.parse import unquote, urlencode

from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.listing.parts import COLUMNS, FILTERS
from backoffice_app.domain.order.views import ALL, VIEWS

NEWEST_FIRST = "date"
DIRECTIONS = ("down", "up")


@dataclass(frozen=True, init=False)
class OrderFilter:
    """All that decides what the list shows. Every part is text as it stands in the address; "" is "any".

    `view`, `sort`: keys of a view and of a column; `q`: what is searched; `page`: a cursor of `OrderPage`, "last", or
    "" for the first. `filters`: key and text of each registered filter that is on, in their order.
    """

    view: str
    q: str
    sort: str
    direction: str
    page: str
    filters: tuple[tuple[str, str], ...]
    viewer: int = field(default=0, compare=False)
    """The id of the colleague who looks, for filters that mean them; it stands in no address."""

    DEFAULTS: ClassVar[Mapping[str, str]] = {
        "view": ALL.key,
        "q": "",
        "sort": NEWEST_FIRST,
        "direction": DIRECTIONS[0],
        "page": "",
    }

    def __init__(
        self,
        *,
        view: str = ALL.key,
        q: str = "",
        sort: str = NEWEST_FIRST,
        direction: str = DIRECTIONS[0],
        page: str = "",
        filters: Iterable[tuple[str, str]] = (),
        viewer: int = 0,
        **texts: str,
    ) -> None:
        """`texts`: filters by key, besides those of `filters`. Raises TypeError for one that is not registered."""
        if unknown := [key for key in texts if key not in FILTERS]:
            raise TypeError(f"The order list has no filter “{unknown[0]}”.")
        on = {**dict(filters), **texts}
        own = {"view": view, "q": q, "sort": sort, "direction": direction, "page": page}
        object.__setattr__(self, "viewer", viewer)
        chosen = tuple((part.key, on[part.key]) for part in FILTERS if on.get(part.key)) if on else ()
        own["filters"] = chosen  # type: ignore[assignment]
        for name, value in own.items():
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> "OrderFilter":
        """From the parameters of an address.

        What is unknown or makes no sense is left out: an old link still shows a list.
        """
        given = {key: str(text).replace("\0", "").strip()[:200] for key, text in parameters.items()}
        texts = {part.key: _allowed(part.key, given[part.key]) for part in FILTERS if given.get(part.key)}
        chosen = {
            "view": given.get("view") in VIEWS,
            "sort": _is_sorting(given.get("sort", "")),
            "direction": given.get("direction") in DIRECTIONS,
            "q": True,
            "page": True,
        }
        own = {name: given[name] for name, makes_sense in chosen.items() if makes_sense and given.get(name)}
        return cls(**own, **texts)  # type: ignore[arg-type]  # none of them is called "filters"

    def text(self, key: str) -> str:
        """What a filter is set to, as it stands in the address; "" if it is off."""
        return next((text for name, text in self.filters if name == key), "")

    def parameters(self) -> dict[str, str]:
        """What of it has to stand in an address: all that is not as without an address."""
        own = {
            name: getattr(self, name)
            for name, default in self.DEFAULTS.items()
            if getattr(self, name) != default
        }
        first = {name: own.pop(name) for name in ("view", "q") if name in own}
        return first | dict(self.filters) | own

    def address(self, path: str = "/orders", **changes: str) -> str:
        """The address of this list with `changes`; a change of what is shown leads back to the first page."""
        return _address(self, path, tuple(changes.items()))

    def values(self, key: str) -> tuple[bool, tuple[str, ...]]:
        """Of a filter that takes several values: whether all others are meant, and the values."""
        return _several(self.text(key))

    def active(self) -> list[str]:
        """The keys of the filters that are on, in their order."""
        return [key for key, _text in self.filters]

    def chosen(self, key: str, text: str) -> "OrderFilter":
        """The first page of the list with a filter set to `text`, "" for any; of its group, what excludes it is off."""
        part = FILTERS[key]
        beside = [one for one in FILTERS if part.group is not None and one.group is part.group]
        excluded = {
            one.key: "" for one in beside if text and (one.control == "choice") != (part.control == "choice")
        }
        return replace(self, page="", **excluded, **{key: _allowed(key, text) if text else ""})  # type: ignore[arg-type]  # as above

    def ticked(self, key: str, value: str, *, on: bool, others: bool) -> "OrderFilter":
        """The first page of the list with a value of a filter ticked or not; `others`: all but the values that are
        ticked are meant.

        Values stand in one order, whichever was ticked first, so that the same list has the same address.
        """
        kept = {one for one in self.values(key)[1] if one != value} | ({value} if on else set())
        order = list(FILTERS[key].choices or sorted(kept))
        return self.chosen(key, written((one for one in order if one in kept), others=others))

    def meaning(self, key: str, *, others: bool) -> "OrderFilter":
        """The first page of the list with all others meant than were, or the values themselves."""
        return self.chosen(key, written(self.values(key)[1], others=others))

    def cleared(self) -> "OrderFilter":
        """The same list without its filters; view, search and sorting stay."""
        return replace(self, page="", filters=())

    def seen_by(self, actor: Actor) -> "OrderFilter":
        """What of it this actor may ask for: no filter, view or sorting that their rights do not reach (SEC-4).

        The same for parts that are no longer registered.
        """
        view, column = VIEWS.get(self.view), COLUMNS.get(self.sort)
        kept = tuple(
            (key, text) for key, text in self.filters if (part := FILTERS.get(key)) and actor.may(part.right)
        )
        changes: dict[str, str] = {} if view and actor.may(view.right) else {"view": ALL.key}
        if column is None or column.sort is None or not actor.may(column.right):
            changes |= {"sort": NEWEST_FIRST, "page": ""}
        viewer = actor.id if actor.kind is ActorKind.USER else 0
        same = not changes and kept == self.filters and viewer == self.viewer
        return self if same else replace(self, filters=kept, viewer=viewer, **changes)


@lru_cache(maxsize=4096)
def _address(wanted: OrderFilter, path: str, changes: tuple[tuple[str, str], ...]) -> str:
    """Kept, since each list has some twenty addresses, mostly those of the list before it."""
    changed = replace(wanted, **{"page": "", **dict(changes)}) if changes else wanted  # type: ignore[arg-type]  # as above
    query = urlencode(changed.parameters())
    return f"{path}?{query}" if query else path


def written(values: Iterable[str], *, others: bool = False) -> str:
    """Values of a filter that takes several, as they stand in an address; `others`: all but these."""
    texts = [value.replace("%", "%25").replace(",", "%2C").replace("!", "%21") for value in values]
    return ("!" if others and texts else "") + ",".join(texts)


def _several(text: str) -> tuple[bool, tuple[str, ...]]:
    return text.startswith("!"), tuple(unquote(value) for value in text.removeprefix("!").split(",") if value)


def _is_sorting(key: str) -> bool:
    column = COLUMNS.get(key)
    return column is not None and column.sort is not None


def _allowed(key: str, text: str) -> str:
    """The text of a filter without what makes no sense there."""
    part = FILTERS[key]
    if not part.several:
        fits = text in part.choices if part.choices is not None else part.accepts(text)
        return text if fits else ""
    kept = [
        one
        for one in dict.fromkeys(text.removeprefix("!").split(","))
        if one and (part.choices is None or one in part.choices)
    ]
    return ("!" if text.startswith("!") else "") + ",".join(kept) if kept else ""
