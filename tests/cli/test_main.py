"""The command `kontor`: its commands, help and exit codes (RUN-3)."""

import json
from dataclasses import replace
from importlib.metadata import version

import pytest
from serving import Server, free_port
from typer.testing import CliRunner

from backoffice_app.cli.main import MODULES, command_line

COMMANDS = sorted(command for commands in MODULES.values() for command in commands)


def test_run3_the_table_names_the_commands_there_are() -> None:
    whole = command_line()
    there = {
        command.name or command.callback.__name__ for command in whole.registered_commands if command.callback
    }

    assert there | {group.name for group in whole.registered_groups} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_run3_every_command_has_help(command: str) -> None:
    told = CliRunner().invoke(command_line(command), [command, "--help"])

    assert told.exit_code == 0
    assert "Usage" in told.output


@pytest.mark.parametrize(
    "call", [["no-such-command"], ["run", "--port", "many"], ["demo", "--no-such-option"]]
)
def test_run3_a_wrong_call_ends_with_2(call: list[str]) -> None:
    assert CliRunner().invoke(command_line(call[0]), call).exit_code == 2


@pytest.mark.parametrize(
    "call", [("migrate",), ("verify",), ("user", "list"), ("worker",), ("run", "--port", str(free_port()))]
)
def test_r10_a_database_that_can_not_be_reached_is_a_sentence(call: tuple[str, ...], server: Server) -> None:
    nowhere = replace(
        server, env=server.env | {"KONTOR_DATABASE_URL": f"postgresql://root@127.0.0.1:{free_port()}/kontor"}
    )

    told = nowhere.kontor(*call)

    assert told.returncode == 1
    assert told.stderr.startswith("The database does not answer. (")
    assert "Traceback" not in told.stderr


def test_run3_a_taken_port_is_said_and_ends_with_1(server: Server) -> None:
    port = server.url.rsplit(":", 1)[1]

    second = server.kontor("run", "--port", port)

    assert second.returncode == 1
    assert f"Port {port}" in second.stdout


def test_n20_the_version_is_said() -> None:
    told = CliRunner().invoke(command_line(), ["--version"])

    assert told.exit_code == 0
    assert told.output == f"kontor {version('kontor')}\n"


@pytest.mark.parametrize("call", [["-h"], ["user", "-h"], ["user", "add", "-h"]])
def test_n20_help_has_a_short_name(call: list[str]) -> None:
    told = CliRunner().invoke(command_line(call[0]), call)

    assert told.exit_code == 0
    assert "Usage" in told.output


def test_n21_help_names_the_environment() -> None:
    told = CliRunner().invoke(command_line(), ["--help"])

    assert "KONTOR_DATABASE_URL" in told.output
    assert "--install-completion" in told.output


def test_n20_lists_and_verify_are_read_by_programs_too(database: str) -> None:
    runner = CliRunner()
    typed = "long enough for us\n"
    assert (
        runner.invoke(
            command_line("user"), ["user", "add", "olga@example.com", "--role", "owner"], input=typed
        ).exit_code
        == 0
    )
    assert (
        runner.invoke(
            command_line("api-key"), ["api-key", "create", "Shop", "--scope", "orders:write"]
        ).exit_code
        == 0
    )

    [user] = json.loads(runner.invoke(command_line("user"), ["user", "list", "--json"]).output)
    [key] = json.loads(runner.invoke(command_line("api-key"), ["api-key", "list", "--json"]).output)
    broken = runner.invoke(command_line("verify"), ["verify", "--json"])

    assert (user["email"], user["role"], user["is_retired"]) == ("olga@example.com", "owner", False)
    assert (key["name"], key["scopes"], key["used"]) == ("Shop", ["orders:write"], None)
    assert (broken.exit_code, json.loads(broken.output)) == (0, [])


def test_n22_bars_are_drawn_on_terminals_alone(database: str) -> None:
    for call in (["generate", "2"], ["verify"]):
        told = CliRunner().invoke(command_line(call[0]), call)
        assert told.exit_code == 0, told.output
        assert "%" not in told.output
        assert "━" not in told.output
