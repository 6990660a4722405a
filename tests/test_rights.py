"""Who may do what: the table in the docs is current, whole, and what really happens (SEC-2, SEC-4)."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from backoffice_app.domain.core.actions import ACTIONS, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import RIGHT_NAMES, RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.marks import MARK, PUBLIC

ROOT = Path(__file__).parents[1]
NO_RIGHT = "You do not have the right to do this. Ask the owner of the shop."


def rights_tool() -> ModuleType:
    """tools/make_rights.py as a module."""
    spec = spec_from_file_location("make_rights", ROOT / "tools" / "make_rights.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = rights_tool()
ROUTES = dict(TOOL.all_routes())


def test_sec4_the_table_of_rights_is_current() -> None:
    assert TOOL.PAGE.read_text("utf-8") == TOOL.page(), (
        "docs/rights.md is older than the code: run `make docs`"
    )


def test_sec4_every_right_says_what_it_allows() -> None:
    assert set(RIGHT_NAMES) == set(Right)


def test_sec2_every_route_says_who_may_call_it() -> None:
    unmarked = [
        path
        for path, route in TOOL.all_routes()
        if not isinstance(getattr(route.endpoint, MARK, None), Right | str)
    ]

    assert unmarked == []
    assert len(ROUTES) > 10


def test_sec2_public_routes_are_these_and_no_others() -> None:
    public = {path for path, route in TOOL.all_routes() if getattr(route.endpoint, MARK, None) == PUBLIC}

    signing_in = {"/", "/login", "/session", "/session/end", "/setup"}
    assert public == signing_in | {"/health", "/ready", "/metrics"} | {
        "/api/docs",
        "/api/docs.css",
        "/api/v1/openapi.json",
    }


@pytest.mark.parametrize("key", sorted(ACTIONS))
@pytest.mark.parametrize("role", Role)
def test_sec4_each_role_may_do_what_the_table_says_and_nothing_else(
    sqlite: str, role: Role, key: str
) -> None:
    actor = Actor(ActorKind.USER, role.value, RIGHTS_OF[role], id=1, role=role)
    [row] = [row for row in TOOL.actions() if row[0] == f"`{key}`"]
    is_allowed = row[4 + list(Role).index(role)] == TOOL.HELD

    # There is no row 0: anyone who has the right gets as far as to its input or to its absence.
    with pytest.raises((Refused, Invalid, NotFound)) as no:
        perform(actor, key, 0)

    assert (str(no.value) != NO_RIGHT) is is_allowed
