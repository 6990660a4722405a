"""The premises of a soak: Kontor's processes on one database, which can be killed and come back, a mail server, an API
key.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
from databases import SERVER
from mailserver import MailServer, mail_server
from serving import ROOT, free_port, until
from sqlalchemy import create_engine, inspect, make_url, text

PASSWORD = "a long password of a soak"
START = 180
"""Seconds a process may take until it answers, on a machine that is busy with other things."""


def email_of(n: int) -> str:
    """The address that the colleague with this number signs in with."""
    return f"colleague{n}@soak.example"


def name_of(n: int) -> str:
    """The name under which the history knows this colleague."""
    return f"Colleague {n}"


@dataclass
class Process:
    """One process of Kontor, in a process group of its own: killing the group leaves no child of granian behind."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    url: str = ""
    """Where it answers; "" for a worker."""
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; `answers` says when it is there."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "backoffice_app.cli.main", *self.command],
                env=self.env,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Whether it serves; a worker counts as soon as it lives."""
        assert self.running is not None
        assert self.running.poll() is None, f"{self.name} ended by itself:\n{self.log.read_text()[-4000:]}"
        if not self.url:
            return True
        try:
            return httpx.get(f"{self.url}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """Ends it and its children at once, without a chance to tidy up."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Asks it to end, and ends it after ten seconds."""
        if self.running is None:
            return
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(10)
        self._signal(signal.SIGKILL)

    def _signal(self, what: signal.Signals) -> None:
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, what)
            self.running.wait(10)


@dataclass
class Premises:
    """A shop that runs. `database`: the URL to look at it from outside, past every door."""

    folder: Path
    database: str
    env: dict[str, str]
    processes: list[Process]
    mails: MailServer
    api_key: str = ""
    colleagues: int = 0
    cookies: dict[int, str] = field(default_factory=dict)

    @property
    def servers(self) -> list[str]:
        """Addresses of the web processes."""
        return [process.url for process in self.processes if process.url]

    def cookie(self, n: int) -> str:
        """The `Cookie` header of a colleague who signed in over HTTP, once."""
        if n not in self.cookies:
            url = self.servers[n % len(self.servers)]
            given = {"email": email_of(n), "password": PASSWORD}
            answer = httpx.post(f"{url}/session", data=given, headers={"origin": url}, timeout=60)
            token = answer.cookies.get("kontor_session")
            assert token, f"{email_of(n)} could not sign in: {answer.status_code} {answer.text[:200]}"
            self.cookies[n] = f"kontor_session={token}"
        return self.cookies[n]

    def outside(self) -> dict[str, str]:
        """The environment of a command that looks at the shop past every door."""
        return self.env | {"KONTOR_DATABASE_URL": self.database}

    def python(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """The outcome of a Python command on this shop's data, past every door."""
        command = [sys.executable, *arguments]
        return subprocess.run(
            command,
            env=self.outside(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def says(self, *arguments: str, seconds: float = 300) -> str:
        """What a Python command that succeeds prints."""
        told = self.python(*arguments, seconds=seconds)
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    def wait_until_up(self) -> None:
        """Returns when every process answers."""
        for process in self.processes:
            until(process.answers, START, f"an answer of {process.name}")


@contextmanager
def premises(
    folder: Path,
    *,
    postgres: bool,
    web: int = 1,
    workers: int = 0,
    colleagues: int = 4,
    orders: int = 0,
    keep: str = "",
    behind: Callable[[str], str] = lambda url: url,
    **settings: str,
) -> Iterator[Premises]:
    """A founded shop whose processes serve. `workers` 0: the web process does their work.

    `orders`: how many are generated before. `keep`: the name of a PostgreSQL database that is used as it is if it is
    there, and not dropped. `behind`: given the database's URL, the one that Kontor is to use; so a door can stand
    before it. `settings`: KONTOR_... names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        mails = stack.enter_context(mail_server())
        database = (
            stack.enter_context(_postgres_database(keep))
            if postgres
            else f"sqlite:///{folder / 'kontor.sqlite3'}"
        )
        env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")}
        env |= {
            "KONTOR_DATA_DIR": str(folder),
            "KONTOR_DATABASE_URL": behind(database),
            "KONTOR_SMTP_URL": f"smtp://127.0.0.1:{mails.port}?timeout=10",
            "KONTOR_UNDO_SECONDS": "3",
            "KONTOR_WORKER_IN_WEB": "false" if workers else "true",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
            **settings,
        }
        shop = Premises(folder, database, env, [], mails, colleagues=colleagues)
        if not (keep and _is_founded(database)):
            shop.api_key = shop.says("-m", "soak.found", str(colleagues))
            if orders:
                shop.says("-m", "backoffice_app.cli.main", "generate", str(orders), seconds=7200)
        for n in range(web):
            port = free_port()
            own = env | {"KONTOR_PORT": str(port)}
            shop.processes.append(
                Process(f"web {n + 1}", ["run"], own, folder / f"web-{n + 1}.out", f"http://127.0.0.1:{port}")
            )
        for n in range(workers):
            shop.processes.append(Process(f"worker {n + 1}", ["worker"], env, folder / f"worker-{n + 1}.out"))
        try:
            for process in shop.processes:
                process.start()
            shop.wait_until_up()
            yield shop
        finally:
            for process in shop.processes:
                process.stop()


def _is_founded(database: str) -> bool:
    """Whether a shop is in the database already: one that was kept."""
    engine = create_engine(database)
    try:
        return inspect(engine).has_table("orders")
    finally:
        engine.dispose()


@contextmanager
def _postgres_database(keep: str) -> Iterator[str]:
    """A new PostgreSQL database, dropped afterwards; one that is kept has a name."""
    name = keep or f"kontor_soak_{os.getpid()}_{uuid4().hex[:6]}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        if not connection.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        ).first():
            connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        if not keep:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()
