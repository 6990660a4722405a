"""`kontor user` and `kontor api-key`: colleagues and keys from the command line (SEC-1, API-1).

Passwords are never arguments.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backoffice_app import load
from backoffice_app.cli.migrate import require_shop
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import COMMAND, ROLE_NAMES, Right, Role
from backoffice_app.domain.people.accounts import usual_language
from backoffice_app.i18n import UI_LANGUAGES

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON array.")]
FORM = "%Y-%m-%d %H:%M"
SCOPES_HELP = (
    "What the key may do. May be repeated. orders:write: send orders, read those it sent itself. "
    "orders:read: read all orders. "
    "To act on the orders it can read, a key needs the scope that docs/api.md and the API name with the "
    "action, such as ship or pay."
)
OF_ORDERS = {Right.ORDERS_READ.value, Right.ORDERS_WRITE.value}
say = Console(highlight=False).print
user = typer.Typer(help="Colleagues: add, list, retire, set a password.", no_args_is_help=True)
api_key = typer.Typer(help="Keys of the REST API: create, list, revoke.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds both groups of commands."""
    app.add_typer(user, name="user")
    app.add_typer(api_key, name="api-key")


@user.command("add")
def add(
    email: str,
    name: Annotated[
        str, typer.Option(help="As it stands in the history. The part before the @ without it.")
    ] = "",
    role: Annotated[Role, typer.Option(help="What the colleague may do.")] = Role.STAFF,
    language: Annotated[
        str,
        typer.Option(
            help=f"Language of the user interface: {', '.join(UI_LANGUAGES)}. The owner's without it."
        ),
    ] = "",
) -> None:
    """Add a colleague. The password is asked for, or read from the standard input."""
    if language and language not in UI_LANGUAGES:
        raise typer.BadParameter(f"There are {', '.join(UI_LANGUAGES)}.", param_hint="--language")
    require_shop()
    name = name or email.partition("@")[0]
    password = ask_password()
    tried(
        lambda: people.add_user(
            COMMAND,
            email=email,
            name=name,
            role=role,
            password=password,
            language=language or usual_language(),
        )
    )
    typer.echo(f"{email} may sign in as {ROLE_NAMES[role].in_language('en')}.")


@user.command("list")
def list_users(
    retired: Annotated[bool, typer.Option("--all", help="Also those who are retired.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the colleagues. Times are UTC."""
    require_shop()
    if as_json:
        print_json(
            people.users(retired=retired),
            "email",
            "name",
            "role",
            "language",
            "seen",
            "sessions",
            "is_retired",
        )
        return
    table = Table("E-mail", "Name", "Role", "Language", "Last seen", "Sessions", "")
    for one in people.users(retired=retired):
        seen = one.seen.strftime(FORM) if one.seen else "never"
        table.add_row(
            one.email,
            escape(one.name),
            one.role,
            one.language,
            seen,
            str(one.sessions),
            "retired" if one.is_retired else "",
        )
    say(table)


@user.command("retire")
def retire(email: str) -> None:
    """Retire a colleague: signed out everywhere at once, and never let in again. The history keeps the name."""
    require_shop()
    tried(lambda: people.retire_user(COMMAND, people.user_id_of(email)))
    typer.echo(f"{email} is retired.")


@user.command("password")
def password(email: str) -> None:
    """Set a colleague's password, which signs out everywhere. It is asked for, or read from the standard input."""
    require_shop()
    id_ = tried(lambda: people.user_id_of(email))
    given = ask_password()
    tried(lambda: people.set_password(COMMAND, id_, given))
    typer.echo(f"{email} has a new password and is signed out everywhere.")


@api_key.command("create")
def create_key(
    name: str,
    scope: Annotated[list[str], typer.Option(help=SCOPES_HELP)],
) -> None:
    """Create an API key and print it, this once."""
    if set(scope) - OF_ORDERS:
        load.domain()  # the other scopes follow from all actions there are, and reading these takes a second
    known = people.scopes()
    if unknown := [one for one in scope if one not in known]:
        raise typer.BadParameter(
            f"There is no scope {unknown[0]}. There are {', '.join(known)}.", param_hint="--scope"
        )
    require_shop()
    typer.echo(tried(lambda: people.create_api_key(COMMAND, name, scope)))
    typer.echo("Keep it safe: it can't be shown again.", err=True)


@api_key.command("list")
def list_keys(
    revoked: Annotated[bool, typer.Option("--all", help="Also those that are revoked.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the API keys. Times are UTC."""
    require_shop()
    if as_json:
        print_json(people.api_keys(revoked=revoked), "id", "name", "scopes", "created", "used", "is_revoked")
        return
    table = Table("No.", "Name", "Scopes", "Created", "Last used", "")
    for one in people.api_keys(revoked=revoked):
        used = one.used.strftime(FORM) if one.used else "never"
        gone = "revoked" if one.is_revoked else ""
        table.add_row(
            str(one.id), escape(one.name), " ".join(one.scopes), one.created.strftime(FORM), used, gone
        )
    say(table)


@api_key.command("revoke")
def revoke(
    number: Annotated[
        int, typer.Argument(help="The number of the key, as listed; it is also in the key: kt_NUMBER_...")
    ],
) -> None:
    """Revoke an API key: its next call is refused."""
    require_shop()
    name = tried(lambda: people.revoke_api_key(COMMAND, number))
    typer.echo(f"The API key {name} is revoked.")


def print_json(rows: Iterable[object], *fields: str) -> None:
    """Prints these fields of each row as a JSON array; moments as in RFC 3339."""
    shown = [{field: getattr(row, field) for field in fields} for row in rows]
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=lambda value: value.isoformat()))


def ask_password() -> str:
    """Typed twice without being shown, or the first line of the standard input where no person sits."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Password again"))
    return sys.stdin.readline().rstrip("\r\n")


def tried(call: Callable[[], T]) -> T:
    """What `call` answers; a refusal is said and ends the command with exit code 1."""
    try:
        return call()
    except NotFound as missing:
        typer.echo(f"There is no {missing.what}.", err=True)
        raise typer.Exit(1) from missing
    except (Invalid, Refused) as no:
        typer.echo(no.reason.in_language("en"), err=True)
        raise typer.Exit(1) from no
