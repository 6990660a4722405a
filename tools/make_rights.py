"""Makes docs/rights.md: who may do what, read out of roles, actions, event handlers and routes.

Use: python tools/make_rights.py (or `make docs`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from backoffice_app.backoffice_app import api as own_routes
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.facts import FACTS
from backoffice_app.domain.core.rights import PEOPLE, RIGHT_NAMES, RIGHTS_OF, ROLE_NAMES, Right, Role
from backoffice_app.marks import MARK, PUBLIC
from backoffice_app.state.gate import declared

PAGE = Path(__file__).parents[1] / "docs" / "rights.md"
ROUTES = """A page of the UI asks for a session; what it shows comes through the events above.
`public` routes tell nothing of the shop or, as the sign-in does, judge by themselves. The API takes keys alone,
never a session.
"""
WITHOUT_PRICES = """No amount is in any view that is made for it: list, window, search by amount, PDFs of invoices.
Of the history it does not see
"""
HELD, NOT_HELD = "yes", "·"
READS = "`orders:read`, or `orders:write` for its own"
HEAD = """# Who may do what

Made by `make docs` from the code; not written by hand. Whatever is not listed here is refused.
A role is a set of rights; each action, event handler and route asks for one right. The gate judges each event before
its handler,
`perform` judges each action, and each route judges by itself; what a page shows or hides is a courtesy and no
protection.
An action, handler or route that declares no right fails the build.
"""


def page() -> str:
    """The whole page."""
    roles = [ROLE_NAMES[role].in_language("en") for role in Role]
    parts = [HEAD, "## Roles and rights\n", *table(["Right", *roles, "What it allows"], rights())]
    parts += ["\n## Actions\n", "Buttons, bulk runs and the API all come through these.\n"]
    parts += table(["Action", "Subject", "Label", "Right", *roles], actions())
    parts += [
        "\n## Events of the pages\n",
        "`public` means without a session: they tell nothing of the shop.\n",
    ]
    parts += table(["Handler", "Right", *roles], handlers())
    parts += ["\n## Routes\n", ROUTES]
    parts += table(["Route", "Right", *roles, "API key with"], routes())
    parts += ["\n## What a role without `prices` does not see\n"]
    parts += [WITHOUT_PRICES]
    parts += [f"- {line}" for line in facts_with_prices()]
    return "\n".join(parts).rstrip() + "\n"


def table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]


def rights() -> Iterator[list[str]]:
    """Each right, which role holds it, and what it is for."""
    for right, name in RIGHT_NAMES.items():
        if right in PEOPLE:
            yield [f"`{right.value}`", *_roles(right), name.in_language("en")]


def actions() -> Iterator[list[str]]:
    """Each action with its subject, label, right and roles."""
    for key, action in sorted(ACTIONS.items(), key=lambda known: (known[1].subject.key, known[0])):
        yield [
            f"`{key}`",
            action.subject.key,
            action.label.in_language("en"),
            f"`{action.right.value}`",
            *_roles(action.right),
        ]


def handlers() -> Iterator[list[str]]:
    """Each event handler of the pages with its right and roles."""
    for name, right in sorted(
        (short(name), right) for name, right in declared().items() if "backoffice_app" in name
    ):
        yield [f"`{name}`", f"`{right}`", *_roles(right)]


def short(name: str) -> str:
    """An event's name as it is easily read: its state and its handler."""
    return name.rpartition("____")[2]


def routes() -> Iterator[list[str]]:
    """Each route of our own with its right, roles and scopes."""
    for path, route in sorted(all_routes(), key=lambda found: found[0]):
        right = getattr(route.endpoint, MARK, None)
        for method in sorted(route.methods or ()):
            roles = (
                [NOT_HELD for _role in Role]
                if path.startswith("/api/") and right != PUBLIC
                else _roles(right)
            )
            yield [f"`{method} {path}`", f"`{right}`", *roles, _keys(path, right)]


def all_routes() -> Iterator[tuple[str, APIRoute]]:
    """All routes of our own with their whole path, those of the mounted API too."""
    yield from _walk("", own_routes.routes)


def _walk(above: str, routes: Iterable[BaseRoute]) -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield above + route.path, route
        elif isinstance(route, Mount):
            yield from _walk(above + route.path, route.routes)
        else:  # a router that was included; AttributeError if FastAPI holds them in another way one day
            yield from _walk(above, route.original_router.routes)  # type: ignore[attr-defined]


def facts_with_prices() -> Iterator[str]:
    """The kinds of facts that name amounts."""
    yield from sorted(name for name, kind in FACTS.items() if kind.prices)


def _roles(right: Any) -> list[str]:
    return [HELD if right == PUBLIC or right in RIGHTS_OF[role] else NOT_HELD for role in Role]


def _keys(path: str, right: Any) -> str:
    """Which scopes open it: those of the API by the rules of its gate, and the archived documents with one to read."""
    if right == PUBLIC:
        return HELD
    if right is Right.ORDERS_READ or path.startswith("/documents/"):
        return READS
    if "/actions" in path:
        return f"`{right}` and {READS}"
    return f"`{right}`" if path.startswith("/api/") else NOT_HELD


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
