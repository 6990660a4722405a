"""`kontor doctor`: what is wrong with this installation, and what to do about it (RUN-3, EXT-1)."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from backoffice_app import db, kept_secrets, load, migrate, web
from backoffice_app.api.health import LEAST_ROOM, free_bytes, look_at_database
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.shop import MailServer, load_shop
from backoffice_app.plugins.about import API
from backoffice_app.plugins.load import load_plugins
from backoffice_app.plugins.tables import TABLES, behind
from backoffice_app.private_files import OTHERS
from backoffice_app.registry import Registry
from backoffice_app.settings import NO_PLUGINS, settings

logging.getLogger("kontor.plugins").addHandler(logging.NullHandler())  # the command says it itself


class State(StrEnum):
    """How one thing is: right; worth knowing; wrong."""

    OK = "ok"
    NOTE = "note"
    TROUBLE = "trouble"


COLOURS = {State.OK: "green", State.NOTE: "yellow", State.TROUBLE: "red"}


@dataclass(frozen=True)
class Finding:
    """What was found of one thing, as a sentence; where something is wrong, also what to do."""

    what: str
    state: State
    says: str


Check = Callable[[], Iterator[Finding]]
CHECKS: Registry[Check] = Registry("check of kontor doctor")
"""What is looked at, by name, in this order."""


def check(what: str) -> Callable[[Check], Check]:
    """Registers the function below as a check. It changes nothing and makes nothing."""
    return lambda function: CHECKS.add(what, function)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False) -> None:
    """Look at everything Kontor needs and say what is wrong. Changes nothing.

    Exit code 1 if something is wrong, 2 for a wrong setting.
    """
    settings()  # a wrong one is said by itself: each check would fail by it
    findings = [finding for what, look in list(CHECKS.items()) for finding in _found(what, look)]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        say = Console(highlight=False, soft_wrap=True).print
        for one in findings:
            say(f"[{COLOURS[one.state]}]{one.state.value:8}[/] {escape(f'{one.what}: {one.says}')}")
    if any(finding.state is State.TROUBLE for finding in findings):
        raise typer.Exit(1)


def _found(what: str, look: Check) -> Iterator[Finding]:
    """What a check finds. One that fails is itself a finding, so that the others are made all the same."""
    try:
        yield from look()
    except Exception as error:
        yield Finding(what, State.TROUBLE, f"it could not be looked at: {type(error).__name__}: {error}")


@check("Kontor")
def _version() -> Iterator[Finding]:
    yield Finding("Kontor", State.OK, f"version {version('kontor')}, plug-in API {API}.")


@check("Data folder")
def _data_folder() -> Iterator[Finding]:
    folder = settings().data_dir
    if not folder.exists():
        yield Finding(
            "Data folder",
            State.TROUBLE,
            f"{folder} is not there. KONTOR_DATA_DIR names it; `kontor run` makes a new shop.",
        )
        return
    is_open = bool(folder.stat().st_mode & OTHERS)
    if is_open:
        yield Finding(
            "Data folder",
            State.TROUBLE,
            f"other users may look into {folder}. `kontor run` closes it, or chmod 700.",
        )
    low = [name for name, free in free_bytes().items() if free < LEAST_ROOM]
    if low:
        places = ", ".join(low)
        yield Finding(
            "Data folder",
            State.TROUBLE,
            f"less than {LEAST_ROOM // 1024**2} MB can be written in: {places}. Make room.",
        )
    if not is_open and not low:
        yield Finding("Data folder", State.OK, f"{folder} is for its owner alone and has room.")


@check("Database")
def _database() -> Iterator[Finding]:
    named = "KONTOR_DATABASE_URL names it" if settings().database_url else "it is in the data folder"
    kind, _colon, path = settings().database.partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        yield Finding(
            "Database", State.TROUBLE, f"there isn't one at {path}; {named}. `kontor run` makes a new shop."
        )
        return
    try:
        empty, current = migrate.is_empty(db.engine()), migrate.is_current(db.engine())
    except migrate.NewerDatabase as newer:
        yield Finding(
            "Database",
            State.TROUBLE,
            f"a newer Kontor made it (schema {newer.revision}). Install that version.",
        )
        return
    except Exception as error:
        yield Finding(
            "Database", State.TROUBLE, f"it does not answer; {named}. It says: {str(error).splitlines()[0]}"
        )
        return
    if empty:
        yield Finding(
            "Database", State.TROUBLE, f"nothing is in it yet; {named}. `kontor run` makes a new shop there."
        )
        return
    if not current:
        yield Finding(
            "Database",
            State.TROUBLE,
            "it has the schema of another version. Make a backup, then run `kontor migrate`.",
        )
        return
    seen = look_at_database()
    if not seen.takes_changes:
        yield Finding("Database", State.TROUBLE, "it answers and takes no changes: it is read-only.")
    else:
        yield Finding("Database", State.OK, f"{kind} answers and has the newest schema.")
    if not seen.worker_lives:
        yield Finding(
            "Worker",
            State.NOTE,
            "none gave a sign of life within half a minute: no mail is sent. `kontor run` starts one.",
        )
    if waiting := seen.mails.get("failed", 0) + seen.mails.get("unclear", 0):
        yield Finding("Mails", State.NOTE, f"{waiting} failed or are unclear; a person decides at Outbox.")
    if not seen.days_are_right or clock.why_not_trusted() is not None:
        yield Finding(
            "Clock",
            State.TROUBLE,
            "documents bear a day in the future. Set the clock, then run `kontor clock`.",
        )


@check("Mail server")
def _mail_server() -> Iterator[Finding]:
    if settings().smtp_url:
        yield Finding("Mail server", State.OK, "KONTOR_SMTP_URL names one.")
        return
    try:
        chosen = _chosen_server()
    except Exception:  # the check of the database says why
        yield Finding("Mail server", State.NOTE, "KONTOR_SMTP_URL names none; Settings > Mail can't be read.")
        return
    if not chosen.host:
        yield Finding(
            "Mail server",
            State.NOTE,
            "none is set: mails stay in the outbox. Set one at Settings > Mail, or with KONTOR_SMTP_URL.",
        )
    elif chosen.password and kept_secrets.read(chosen.password) is None:
        yield Finding(
            "Mail server",
            State.TROUBLE,
            "its password is not in the data folder. Enter it again at Settings > Mail.",
        )
    else:
        yield Finding("Mail server", State.OK, f"Settings > Mail names {chosen.host}, port {chosen.at}.")


def _chosen_server() -> MailServer:
    """The server of the settings. Raises what the database raises."""
    kind, _colon, path = settings().database.partition(":///")
    if kind == "sqlite" and not Path(path).exists():  # it would be made
        return MailServer()
    with db.reading() as session:
        return load_shop(session).mailserver


@check("User interface")
def _user_interface() -> Iterator[Finding]:
    if web.is_current():
        yield Finding("User interface", State.OK, "it is built and current.")
    else:
        yield Finding(
            "User interface",
            State.NOTE,
            "it is not built; `kontor run` builds it at its next start, or `kontor ui` now.",
        )
    if (drawn := web.drawing()) and (web.SHIPPED.exists() or not web.is_current(drawn)):
        names = ", ".join(file.name for file in drawn)
        yield Finding(
            "User interface",
            State.NOTE,
            f"components of plug-ins ({names}) are not built in; `kontor ui` says why not.",
        )


@check("Plug-ins")
def _plugins() -> Iterator[Finding]:
    if settings().plugins == NO_PLUGINS:
        yield Finding("Plug-ins", State.NOTE, "KONTOR_PLUGINS=none: none is loaded.")
        return
    load.domain()
    for key, found in load_plugins().items():
        if found.error:
            yield Finding(
                f"Plug-in {key}",
                State.TROUBLE,
                f"it is not loaded ({found.source}). {found.error} {found.where}".rstrip(),
            )
        elif found.about:
            yield Finding(f"Plug-in {key}", State.OK, f"{found.about.name} {found.about.version} is loaded.")
    if TABLES and _is_current():
        for name in behind(db.engine()):
            says = f"its table {name} is not made or not up to date. `kontor migrate` says why."
            yield Finding(f"Plug-in {TABLES.owner_of(name)}", State.TROUBLE, says)


def _is_current() -> bool:
    """Whether the database can be asked for tables at all; its own check says why not. It is not made to be asked."""
    kind, _colon, path = settings().database.partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        return False
    try:
        return migrate.is_current(db.engine())
    except Exception:  # the check of the database says why
        return False
