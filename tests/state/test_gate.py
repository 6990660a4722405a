"""The gate's rule, over every handler there is and every role (SEC-2, SEC-4)."""

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

import backoffice_app.backoffice_app as whole
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.marks import needs
from backoffice_app.state.arguments import KINDS, fits, takes_of
from backoffice_app.state.base import session_token
from backoffice_app.state.gate import INTERNAL, declared, may_run, unmarked

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
    "name",
    [
        f"{PROBE}.forgotten",
        f"{PROBE}.helper",
        f"{PROBE}.setvar",
        f"{PROBE}.done",
        f"{PROBE}.reset",
        "no.such.handler",
        "",
    ],
)
@pytest.mark.parametrize("actor", [None, colleague(Role.OWNER)], ids=["nobody", "owner"])
def test_sec2_what_nobody_declared_is_refused_even_to_the_owner(name: str, actor: Actor | None) -> None:
    assert not may_run(name, actor)


def test_sec2_a_forgotten_mark_is_found() -> None:
    """`helper` is an event handler too: Reflex takes every public method of a state for one."""
    assert [name for name in unmarked() if name.startswith(PROBE)] == [
        f"{PROBE}.forgotten",
        f"{PROBE}.helper",
    ]


def test_sec2_the_internal_handlers_are_the_seven_that_reflex_has() -> None:
    assert len(INTERNAL) == 7
    assert all(may_run(name, colleague(Role.READ_ONLY)) for name in INTERNAL)
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


TEXT, FORM, YES, NUMBER = "text", {"reason": "away"}, True, 7
HALF = "\ud800"  # half a character, as JSON can hold it


async def takes(
    state: object, key: str, values: dict[str, str], on: bool, press: int, more: str = ""
) -> None:
    """A handler with one of each."""


SUBMITTED = "__reflex_form_data__"


@pytest.mark.parametrize(
    "more", [{}, {"more": "ß"}, {"values": {SUBMITTED: [["reason", "away"]]}}, {"values": {SUBMITTED: []}}]
)
def test_sec2_an_event_with_the_arguments_of_its_handler_fits(more: dict[str, object]) -> None:
    assert fits(takes, {"key": TEXT, "values": FORM, "on": YES, "press": NUMBER, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        *({"key": value} for value in (None, 1, True, [TEXT], FORM, HALF)),
        *(
            {"values": value}
            for value in (
                None,
                TEXT,
                [FORM],
                {"reason": 1},
                {"reason": None},
                {"reason": FORM},
                {HALF: TEXT},
                {"a": HALF},
            )
        ),
        *({"on": value} for value in (None, 0, 1, "true", [])),
        *({"press": value} for value in (None, "7", 7.5, True, [7])),
        {"state": None},
        {"more": None},
        {"unknown": TEXT},
    ],
    ids=repr,
)
def test_sec2_arguments_of_another_kind_or_name_do_not_fit(wrong: dict[str, object]) -> None:
    assert not fits(takes, {"key": TEXT, "values": FORM, "on": YES, "press": NUMBER, **wrong})


def test_sec2_arguments_that_are_missing_do_not_fit() -> None:
    assert not fits(takes, {"key": TEXT, "values": FORM, "on": YES})


def test_sec2_every_handler_takes_only_kinds_that_the_gate_judges() -> None:
    ours = {
        name: RegistrationContext.get().event_handlers[name].handler.fn
        for name in declared()
        if "backoffice_app___" in name
    }
    kinds = {
        (name, str(kind))
        for name, handler in ours.items()
        for kind in takes_of(handler)[0].values()
        if kind not in KINDS
    }

    assert len(ours) > 40
    assert kinds == set()
