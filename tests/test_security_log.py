"""Each event of security is one line: what, who, from where, and nothing secret (security A-5, ASVS 7.1 and 7.2)."""

import logging
import shlex
from collections.abc import Callable

import pytest
from callers import app, client, colleague
from databases import OWNER, READER
from serving import until
from starlette.testclient import TestClient

from backoffice_app import security_log
from backoffice_app.allowance import Allowance
from backoffice_app.domain import people
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people.accounts import add_hashed
from backoffice_app.security_log import Event, log_event

PASSWORD = "long enough for all of us"
HOME = "192.0.2.7"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """An allowance that no other test has spent, lines from the level of a running server on, and a
    caller's address.
    """
    monkeypatch.setattr(security_log, "_allowance", Allowance(20, 20, security_log._tell, seconds=0.05))
    caplog.set_level(logging.INFO, "kontor")
    security_log.come_from(HOME)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, str]]]:
    """The lines so far, read as a machine reads them."""

    def read() -> list[dict[str, str]]:
        said = [record.getMessage() for record in caplog.records if record.name.startswith("kontor.security")]
        return [dict(pair.split("=", 1) for pair in shlex.split(line)) for line in said]

    return read


Lines = Callable[[], list[dict[str, str]]]


def ben() -> int:
    return people.add_user(
        OWNER, email="ben@example.com", name="Ben Beier", role=Role.STAFF, password=PASSWORD
    )


def sign_in(password: str = PASSWORD, email: str = "ben@example.com") -> str:
    return people.sign_in(email, password, HOME, "a browser")


def test_a5_changes_of_colleagues_and_keys_are_noted(
    database: str, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = ben()
    sign_in()
    people.change_role(OWNER, id_, Role.OWNER)
    people.sign_out_everywhere(OWNER, id_)
    people.set_password(OWNER, id_, "another long password")
    people.add_user(OWNER, email="eve@example.com", name="Eve", role=Role.OWNER, password=PASSWORD)
    people.retire_user(OWNER, id_)
    key = people.create_api_key(OWNER, "A shop", ["orders:write"])
    people.revoke_api_key(OWNER, people.api_keys()[0].id)

    made, signed_in, changed, signed_out, password, _eve, retired, key_made, revoked = lines()
    assert made == {
        "event": "colleague-added",
        "from": HOME,
        "actor": "user",
        "id": "1",
        "name": "Olga Owner",
        "to": f"user:{id_}",
        "to_person": "Ben Beier",
        "to_email": "ben@example.com",
        "to_role": "staff",
    }
    assert signed_in == {
        "event": "signed-in",
        "from": HOME,
        "actor": "user",
        "id": str(id_),
        "name": "Ben Beier",
        "email": "ben@example.com",
    }
    assert (changed["event"], changed["to_old"], changed["to_new"]) == ("role-changed", "staff", "owner")
    assert (signed_out["event"], signed_out["to_sessions"]) == ("signed-out-everywhere", "1")
    assert (password["event"], password["to_person"]) == ("password-set", "Ben Beier")
    assert (retired["event"], retired["to"]) == ("colleague-retired", f"user:{id_}")
    assert (key_made["event"], key_made["to_name"], key_made["to_scopes"]) == (
        "api-key-made",
        "A shop",
        "orders:write",
    )
    assert (revoked["event"], revoked["to"]) == ("api-key-revoked", key_made["to"])
    for secret in (PASSWORD, "another long password", key, key[6:]):
        assert secret not in caplog.text


def test_a5_the_owner_of_the_first_start_is_noted(database: str, lines: Lines) -> None:
    id_ = people.create_owner(email="olga@example.com", name="Olga", password=PASSWORD)

    (line,) = lines()
    assert (line["event"], line["id"], line["to_email"]) == ("owner-made", str(id_), "olga@example.com")


def test_a5_what_is_rolled_back_is_not_noted(database: str, lines: Lines) -> None:
    def add_and_fail() -> None:
        with work(OWNER) as w:
            add_hashed(
                w, email="ben@example.com", name="Ben", role=Role.STAFF, password_hash="-", language="en"
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()

    assert lines() == []


def test_a5_sign_ins_failures_pauses_and_sign_outs_are_noted(
    database: str, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = ben()
    token = sign_in()
    people.end_session(token)
    people.end_session(token)
    with pytest.raises(Refused):
        sign_in("not the password", email="nobody@example.com")
    for _n in range(5):
        with pytest.raises(Refused):
            sign_in("not the password")
    with pytest.raises(people.SignInPaused):
        sign_in()

    _made, signed_in, signed_out, unknown, *failed, paused = lines()
    assert [line["event"] for line in (signed_in, signed_out)] == ["signed-in", "signed-out"]
    assert signed_out["id"] == str(id_)
    assert unknown == {"event": "sign-in-failed", "from": HOME, "email": "nobody@example.com"}
    assert failed == [{"event": "sign-in-failed", "from": HOME, "email": "ben@example.com"}] * 5
    assert (paused["event"], paused["email"], paused["seconds"]) == (
        "sign-in-paused",
        "ben@example.com",
        "60",
    )
    assert token not in caplog.text
    assert "not the password" not in caplog.text


def test_a5_a_session_that_one_ends_elsewhere_is_noted(database: str, lines: Lines) -> None:
    id_ = ben()
    lost, here = sign_in(), sign_in()
    actor = people.actor_of_session(here)
    assert actor is not None
    other = next(row.key for row in people.own_sessions(actor, here) if not row.is_this)
    before = len(lines())

    people.end_own_session(actor, other)
    people.end_own_session(actor, other)

    [noted] = lines()[before:]
    assert (noted["event"], noted["id"]) == ("signed-out", str(id_))
    assert people.actor_of_session(lost) is None


def test_a5_a_password_in_the_field_of_the_e_mail_is_not_noted(sqlite: str, lines: Lines) -> None:
    with pytest.raises(Refused):
        sign_in("", email="my secret password")

    assert lines() == [{"event": "sign-in-failed", "from": HOME, "email": "(no e-mail)"}]


@pytest.mark.parametrize(
    ("headers", "path", "event"),
    [
        ({}, "/api/v1/orders", "api-key-missing"),
        ({"Authorization": "Bearer kt_1_made-up-made-up-made-up"}, "/api/v1/orders", "api-key-wrong"),
        ({"Authorization": "Basic bWU6c2VjcmV0"}, "/api/v1/orders", "api-key-wrong"),
        ({}, "/packing-slips/1.pdf", "api-key-missing"),
        ({"Authorization": "Bearer kt_1_made-up-made-up-made-up"}, "/documents/abc.pdf", "api-key-wrong"),
    ],
)
def test_a5_calls_without_a_good_key_are_noted_without_it(
    sqlite: str,
    lines: Lines,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    path: str,
    event: str,
) -> None:
    assert TestClient(app(), headers=headers).get(path).status_code == 401

    assert lines() == [{"event": event, "from": "testclient", "path": path}]
    assert "made-up-made-up" not in caplog.text
    assert "bWU6c2VjcmV0" not in caplog.text


def test_a5_a_revoked_key_and_a_missing_scope_are_noted(sqlite: str, lines: Lines) -> None:
    assert client(revoked=True).get("/api/v1/orders").status_code == 401
    assert client("orders:read").post("/api/v1/orders", json={}).status_code == 403

    wrong, missing = [
        line
        for line in lines()
        if not line["event"].startswith("api-key-made") and line["event"] != "api-key-revoked"
    ]
    assert wrong["event"] == "api-key-wrong"
    assert (missing["event"], missing["actor"], missing["name"], missing["scope"]) == (
        "scope-missing",
        "api-key",
        "A shop",
        "orders:write",
    )


def test_a5_a_right_that_a_colleague_lacks_is_noted_by_page_and_by_action(sqlite: str, lines: Lines) -> None:
    assert colleague(Role.WAREHOUSE).get("/orders/1/invoices.pdf").status_code == 403
    with pytest.raises(Refused):
        perform(READER, "hold", 1)

    page, action = [line for line in lines() if line["event"] == "right-missing"]
    assert (page["name"], page["right"], page["path"]) == (
        "Cleo Colleague",
        "prices",
        "/orders/1/invoices.pdf",
    )
    assert (action["name"], action["right"]) == ("Rita Reader", "edit")


def test_a5_refusals_of_one_kind_and_actor_are_counted_after_twenty(lines: Lines) -> None:
    for _n in range(120):
        log_event(Event.RIGHT_MISSING, READER, right="edit")
    log_event(Event.RIGHT_MISSING, OWNER, right="edit")
    log_event(Event.KEY_WRONG)

    until(lambda: any(line["event"] == "left-out" for line in lines()))
    said = lines()
    assert sum(line["event"] == "right-missing" and line["id"] == str(READER.id) for line in said) == 20
    assert [line for line in said if line["event"] == "left-out"] == [
        {"event": "left-out", "of": "right-missing", "by": f"user:{READER.id}", "count": "100"}
    ]
    assert {line["event"] for line in said if line.get("id") != str(READER.id)} == {
        "right-missing",
        "api-key-wrong",
        "left-out",
    }


@pytest.mark.parametrize(
    "name",
    ['Ben" event=signed-in id=1 x="', "Ben\nevent=signed-in", "a=b", "back\\slash end", "x" * 100_000],
    ids=range(5),
)
def test_a5_no_name_makes_a_pair_of_its_own(lines: Lines, name: str) -> None:
    log_event(Event.SIGN_IN_FAILED, email=name)

    (line,) = lines()
    assert set(line) == {"event", "from", "email"}
    assert line["event"] == "sign-in-failed"
    assert len(line["email"]) <= security_log.LONGEST_VALUE
