"""The command `kontor`: its commands, help and exit codes (RUN-3)."""

from dataclasses import replace

import pytest
from serving import Server, free_port
from typer.testing import CliRunner

from backoffice_app.cli.main import MODULES, command_line

COMMANDS = sorted(command for commands in MODULES.values() for command in commands)


def test_run3_the_table_names_the_commands_there_are() -> None:
    whole = command_line()
    there = {command.name or command.callback.__name__ for command in whole.registered_commands if command.callback}

    assert there | {group.name for group in whole.registered_groups} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_run3_every_command_has_help(command: str) -> None:
    told = CliRunner().invoke(command_line(command), [command, "--help"])

    assert told.exit_code == 0
    assert "Usage" in told.output


@pytest.mark.parametrize("call", [["no-such-command"], ["run", "--port", "many"], ["demo", "--no-such-option"]])
def test_run3_a_wrong_call_ends_with_2(call: list[str]) -> None:
    assert CliRunner().invoke(command_line(call[0]), call).exit_code == 2


@pytest.mark.parametrize("call", [("migrate",), ("verify",), ("user", "list"), ("worker",), ("run", "--port", str(free_port()))])
def test_r10_a_database_that_can_not_be_reached_is_a_sentence(call: tuple[str, ...], server: Server) -> None:
    nowhere = replace(server, env=server.env | {"KONTOR_DATABASE_URL": f"postgresql://root@127.0.0.1:{free_port()}/kontor"})

    told = nowhere.kontor(*call)

    assert told.returncode == 1
    assert told.stderr.startswith("The database does not answer. (")
    assert "Traceback" not in told.stderr


def test_run3_a_taken_port_is_said_and_ends_with_1(server: Server) -> None:
    port = server.url.rsplit(":", 1)[1]

    second = server.kontor("run", "--port", port)

    assert second.returncode == 1
    assert f"Port {port}" in second.stdout
