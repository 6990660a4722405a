"""`kontor user` and `kontor api-key` (RUN-3, SEC-1, API-1)."""

import pytest
from click.testing import Result
from typer.testing import CliRunner

from backoffice_app.cli.main import command_line
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Refused

PASSWORD = "correct horse battery"


def kontor(*arguments: str, typed: str = "") -> Result:
    """The outcome of a command; `typed` comes by the standard input."""
    return CliRunner().invoke(command_line(arguments[0]), list(arguments), input=typed)


def test_run3_a_colleague_is_added_with_a_password_from_the_standard_input(database: str) -> None:
    told = kontor(
        "user", "add", "Olga@Example.com", "--name", "Olga [Ohm]", "--role", "owner", typed=PASSWORD + "\n"
    )

    assert told.exit_code == 0
    assert people.sign_in("olga@example.com", PASSWORD, "192.0.2.1", "")
    assert "Olga [Ohm]" in kontor("user", "list").output
    assert PASSWORD not in told.output


def test_run3_a_colleague_gets_a_new_password_and_is_retired(database: str) -> None:
    kontor("user", "add", "olga@example.com", "--role", "owner", typed=PASSWORD)
    kontor("user", "add", "ben@example.com", typed=PASSWORD)

    assert kontor("user", "password", "ben@example.com", typed="another long password\n").exit_code == 0
    token = people.sign_in("ben@example.com", "another long password", "192.0.2.1", "")
    assert kontor("user", "retire", "ben@example.com").exit_code == 0

    assert people.actor_of_session(token) is None
    with pytest.raises(Refused):
        people.sign_in("ben@example.com", "another long password", "192.0.2.1", "")
    assert "ben@example.com" not in kontor("user", "list").output
    assert "retired" in kontor("user", "list", "--all").output


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "said"),
    [
        (["user", "add", "ben@example.com"], "short", 1, "at least 12 characters"),
        (["user", "add", "ben"], PASSWORD, 1, "no e-mail address"),
        (["user", "add", "olga@example.com"], PASSWORD, 1, "already"),
        (["user", "retire", "olga@example.com"], "", 1, "last owner"),
        (["user", "retire", "nobody@example.com"], "", 1, "nobody@example.com"),
        (["user", "add", "ben@example.com", "--role", "king"], PASSWORD, 2, "king"),
        (["user", "add", "ben@example.com", "--language", "tlh"], PASSWORD, 2, "language"),
        (["user", "add", "ben@example.com", "--password", PASSWORD], "", 2, "--password"),
        (["api-key", "create", "Shop", "--scope", "users"], "", 2, "users"),
        (["api-key", "create", "Shop"], "", 2, "--scope"),
        (["api-key", "revoke", "7"], "", 1, "7"),
    ],
)
def test_run3_what_is_refused_is_said_and_has_its_exit_code(
    sqlite: str, arguments: list[str], typed: str, code: int, said: str
) -> None:
    kontor("user", "add", "olga@example.com", "--role", "owner", typed=PASSWORD)

    told = kontor(*arguments, typed=typed)

    assert told.exit_code == code
    assert said in told.output


def test_api1_a_key_is_printed_once_and_works_until_it_is_revoked(database: str) -> None:
    told = kontor("api-key", "create", "Web shop", "--scope", "orders:write", "--scope", "orders:read")

    assert told.exit_code == 0
    key = told.stdout.strip()
    actor = people.actor_of_api_key(key)
    assert actor is not None
    listed = kontor("api-key", "list").output
    assert "Web shop" in listed
    assert key not in listed
    assert kontor("api-key", "revoke", str(actor.id)).exit_code == 0
    assert people.actor_of_api_key(key) is None
    assert "Web shop" not in kontor("api-key", "list").output
    assert "revoked" in kontor("api-key", "list", "--all").output
