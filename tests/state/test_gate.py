"""The gate's rule, over every handler there is and every role (SEC-2, SEC-4)."""

from types import SimpleNamespace

import pytest
import reflex as rx

import backoffice_app.backoffice_app as whole
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.marks import needs
from backoffice_app.state.base import session_token
from backoffice_app.state.gate import INTERNAL, NoHeaders, declared, may_run, unmarked

HANDLERS = [(name, right) for name, right in sorted(declared().items()) if right != "public"]


class Probe(rx.State):
    """A state as a careless engineer writes it."""

    done: str = ""

    @rx.event
    @needs(Right.SHIP)
    async def guarded(self) -> None:
        self.done = "guarded"

    @rx.event
    async def forgotten(self) -> None:
        self.done = "forgotten"

    def helper(self) -> None:
        self.done = "helper"


PROBE = Probe.get_full_name()


def colleague(role: Role) -> Actor:
    """A signed-in colleague of this role."""
    return Actor(ActorKind.USER, role.value, RIGHTS_OF[role], 1, "en", role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("name", "right"), HANDLERS)
def test_sec4_a_role_may_call_exactly_what_its_rights_allow(role: Role, name: str, right: str) -> None:
    assert may_run(name, colleague(role)) is (Right(right) in RIGHTS_OF[role])


@pytest.mark.parametrize("name", [name for name, _right in HANDLERS])
def test_sec2_nobody_calls_a_handler_without_signing_in(name: str) -> None:
    assert not may_run(name, None)


@pytest.mark.parametrize(
    "name", [f"{PROBE}.forgotten", f"{PROBE}.helper", f"{PROBE}.setvar", f"{PROBE}.done", f"{PROBE}.reset", "no.such.handler", ""]
)
@pytest.mark.parametrize("actor", [None, colleague(Role.OWNER)], ids=["nobody", "owner"])
def test_sec2_what_nobody_declared_is_refused_even_to_the_owner(name: str, actor: Actor | None) -> None:
    assert not may_run(name, actor)


def test_sec2_a_forgotten_mark_is_found() -> None:
    """`helper` is an event handler too: Reflex takes every public method of a state for one."""
    assert [name for name in unmarked() if name.startswith(PROBE)] == [f"{PROBE}.forgotten", f"{PROBE}.helper"]


def test_sec2_the_internal_handlers_are_the_seven_that_reflex_has() -> None:
    assert len(INTERNAL) == 7
    assert all(may_run(name, None) for name in INTERNAL)
    assert whole.app is not None


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("kontor_session=abc", "abc"),
        ("a=1; kontor_session=abc; b=2", "abc"),
        ("", ""),
        ("xkontor_session=abc", ""),
        ("kontor_session=", ""),
        ("=;;;", ""),
        ('theirs={"a": 1}; kontor_session=abc', "abc"),
        ('theirs="a; kontor_session=abc', "abc"),
        ("x[1]=2; flag; kontor_session=abc", "abc"),
        ("name=J\xf6rg, M\xfcller; kontor_session=abc", "abc"),
    ],
)
def test_sec2_the_session_is_read_from_the_cookie_header(header: str, token: str) -> None:
    assert session_token(header) == token


def test_sec2_headers_of_a_refused_event_stay_out_of_the_log() -> None:
    said = "Error processing event queue entry for Event(name='x', router_data={'headers': {'cookie': 'kontor_session=secret'}})"
    record = SimpleNamespace(getMessage=lambda: said, msg=said, args=(), exc_info=(1, 2, 3), exc_text="secret")

    assert NoHeaders().filter(record)  # type: ignore[arg-type]
    assert "secret" not in f"{record.msg}{record.exc_info}{record.exc_text}"
