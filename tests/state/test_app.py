"""What holds for every handler and every page there is (SEC-2, P-8)."""

from typing import Any

import pytest

from backoffice_app.backoffice_app import app
from backoffice_app.domain.core.rights import Right
from backoffice_app.state.gate import declared, unmarked
from backoffice_app.state.me import Me

PAGES = sorted(app._unevaluated_pages)


def test_sec2_every_event_handler_says_who_may_call_it() -> None:
    assert [name for name in unmarked() if ".tests___" not in name] == []


def test_sec2_what_a_handler_asks_for_is_a_right_that_there_is() -> None:
    asked = set(declared().values())

    assert asked <= {"public", *Right}


def test_sec2_public_handlers_are_these_and_no_others() -> None:
    public = {
        name.rsplit("____", 1)[-1]
        for name, right in declared().items()
        if right == "public" and ".tests___" not in name
    }

    assert public == {
        "answers.reach",
        "me.load",
        "notices.show",
        "notices.clear_later",
        "notices.close",
        "notices.clear_errors",
    }


@pytest.mark.parametrize("route", PAGES)
def test_p8_no_page_pulls_in_radix_themes(route: str) -> None:
    component = app._generate_component(app._unevaluated_pages[route].component)

    assert not [library for library in component._get_all_imports() if "radix-ui/themes" in library]


@pytest.mark.parametrize("route", [route for route in PAGES if route != "404"])
def test_l1_every_page_first_learns_the_language(route: str) -> None:
    on_load = app._unevaluated_pages[route].on_load
    first: Any = Me.load
    steps = on_load if isinstance(on_load, list | tuple) else [on_load]

    assert steps[0] is first or getattr(steps[0], "fn", None) is first.fn


def test_sec2_what_the_server_uploads_and_debugs_with_is_off() -> None:
    paths = {getattr(route, "path", "") for route in app._api.routes} if app._api else set()

    assert not paths & {"/_upload", "/_all_routes"}
