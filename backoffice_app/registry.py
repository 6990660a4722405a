"""Registries: one for each kind of part. The core and plug-ins fill them through the same functions (EXT-1)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from inspect import signature
from typing import Any, Generic, Protocol, TypeVar

from backoffice_app.i18n import LazyText

Part = TypeVar("Part")
SENTENCES = ("label", "title", "description", "submit")
"""What parts say to people, each in the language of who reads it."""
CORE = "kontor"
"""The owner of the parts that Kontor brings itself."""
_owner: ContextVar[str] = ContextVar("owner", default=CORE)


class Registry(dict[str, Part], Generic[Part]):
    """All parts of one kind by their keys, in the order in which they were registered.

    `kind`: what one part is called in a message, such as "action". `changed`: called after each change, for what is
    computed from it.
    """

    def __init__(self, kind: str, changed: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.kind = kind
        self._changed = changed
        self._owners: dict[str, str] = {}
        REGISTRIES.append(self)

    def add(self, key: str, part: Part) -> Part:
        """Registers a part.

        Raises ValueError that names both owners if there is one of this key already, and for a label that
        can't be translated.
        """
        require_sentences(self.kind, key, part)
        if key in self:
            article = "an" if self.kind[0] in "aeiou" else "a"
            raise ValueError(
                f"{_owner.get()} registers {article} {self.kind} {key!r}, which {self.owner_of(key)} registered before"
            )
        self[key] = part
        self._owners[key] = _owner.get()
        if self._changed:
            self._changed()
        return part

    def owner_of(self, key: str) -> str:
        """Who registered the part: the key of a plug-in, or `CORE`."""
        return self._owners.get(key, CORE)

    def forget(self, owner: str) -> None:
        """Takes away what `owner` registered."""
        theirs = [key for key, who in self._owners.items() if who == owner]
        for key in theirs:
            self.pop(key, None)
            del self._owners[key]
        if theirs and self._changed:
            self._changed()


def require_sentences(kind: str, key: str, part: object) -> None:
    """Raises ValueError if a part says something to people that can't be translated, because it is plain
    text.
    """
    for name in SENTENCES:
        if isinstance(getattr(part, name, None), str):
            raise ValueError(
                f'The {name} of the {kind} {key!r} is plain text. Write it as _("..."), so that it can be translated.'
            )


def require_takes(whose: str, function: Callable[..., Any], *values: str) -> None:
    """Raises ValueError if a plug-in's function can't be called with these values; the core's are proven by types and
    tests.

    `whose`: what calls it, such as "The page 'cards'".
    """
    if current_owner() == CORE:
        return
    try:
        written = signature(function)
    except ValueError:  # a built-in that does not tell
        return
    try:
        written.bind(*values)
    except TypeError:
        name = getattr(function, "__name__", "the function")
        raise ValueError(
            f"{whose} calls {name}({', '.join(values)}); it takes ({', '.join(written.parameters)})."
        ) from None


class Placed(Protocol):
    """A part that people see. `label`: what they read; `rank`: its place among the others, smallest first."""

    @property
    def key(self) -> str:
        """Names the part in addresses, forms and tests."""
        ...

    @property
    def label(self) -> LazyText:
        """What a person reads."""
        ...

    @property
    def rank(self) -> int:
        """Parts of the same rank stand in the order in which they were registered."""
        ...


Seen = TypeVar("Seen", bound=Placed)
Computed = TypeVar("Computed")


class Ranked(Generic[Seen]):
    """Parts that people see, iterated in the order of their ranks. `kind`: as in `Registry`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._parts: Registry[Seen] = Registry(kind, self._order)
        self._ranked: tuple[Seen, ...] = ()
        self._computed: dict[Callable[..., object], object] = {}

    def add(self, part: Seen) -> Seen:
        """Registers `part` and returns it.

        Raises ValueError with a sentence for a key that is taken, and without key or label.
        """
        if not part.key or "\0" in part.key:
            raise ValueError(f"A {self.kind} has no key.")
        require_sentences(self.kind, part.key, part)
        if not part.label.message:
            raise ValueError(f"The {self.kind} {part.key!r} has no label.")
        return self._parts.add(part.key, part)

    def _order(self) -> None:
        self._ranked = tuple(sorted(self._parts.values(), key=lambda part: part.rank))
        self._computed.clear()

    def remove(self, key: str) -> None:
        """Takes a part away again. Raises KeyError if it is not registered."""
        del self._parts[key]
        self._order()

    def computed(self, compute: "Callable[[Ranked[Seen]], Computed]") -> Computed:
        """`compute(self)`, kept until a part is registered or removed."""
        found = self._computed.get(compute)
        if found is None:
            found = self._computed[compute] = compute(self)
        return found  # type: ignore[return-value]  # stored under the function that made it

    def get(self, key: str) -> Seen | None:
        """The part of this key; None if there isn't one."""
        return self._parts.get(key)

    def owner_of(self, key: str) -> str:
        """Who registered the part, as `Registry.owner_of`."""
        return self._parts.owner_of(key)

    def __getitem__(self, key: str) -> Seen:
        """The part of this key. Raises KeyError."""
        return self._parts[key]

    def __contains__(self, key: object) -> bool:
        return key in self._parts

    def __iter__(self) -> Iterator[Seen]:
        return iter(self._ranked)

    def __len__(self) -> int:
        return len(self._parts)


REQUIREMENTS: list[Callable[[], None]] = []
"""What is asked of all registries together, such as that each kind of document is drawn; each raises ValueError with a
sentence.
"""


def requirement(ask: Callable[[], None]) -> Callable[[], None]:
    """Registers the function below as a requirement: it is asked when the core is registered, and again after each
    plug-in.
    """
    REQUIREMENTS.append(ask)
    return ask


def require_complete() -> None:
    """Raises ValueError with a sentence if a part lacks another that it needs."""
    for ask in REQUIREMENTS:
        ask()


REGISTRIES: list["Registry[Any]"] = []
"""Every registry there is, in the order in which they were made."""


@contextmanager
def registering(owner: str) -> Iterator[None]:
    """What is registered within the block belongs to `owner`.

    If the block raises, all that `owner` registered goes again.
    """
    token = _owner.set(owner)
    try:
        yield
    except BaseException:
        forget(owner)
        raise
    finally:
        _owner.reset(token)


def current_owner() -> str:
    """Who registers just now: the key of a plug-in, or `CORE`."""
    return _owner.get()


def forget(owner: str) -> None:
    """Takes away what `owner` registered, of every kind."""
    for registry in REGISTRIES:
        registry.forget(owner)


def parts_of(owner: str) -> dict[str, list[str]]:
    """What `owner` registered: the keys of its parts by kind, kinds without one left out."""
    found = {
        registry.kind: [key for key in registry if registry.owner_of(key) == owner] for registry in REGISTRIES
    }
    return {kind: keys for kind, keys in found.items() if keys}


def named_parts_of(owner: str, language: str) -> dict[str, dict[str, str]]:
    """What people read of the parts that `owner` registered, by kind and key: their labels, "" for a part without
    one.
    """
    return {
        registry.kind: {
            key: _name_of(registry[key], language) for key in registry if registry.owner_of(key) == owner
        }
        for registry in REGISTRIES
    }


def _name_of(part: object, language: str) -> str:
    for name in ("label", "title"):
        if isinstance(sentence := getattr(part, name, None), LazyText):
            return sentence.in_language(language)
    names = getattr(part, "names", None)
    if isinstance(names, Mapping):
        return str(names.get(language) or names.get("en") or "")
    own = getattr(part, "name", "")
    return own if isinstance(own, str) else ""
