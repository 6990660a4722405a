"""A real `kontor` process for tests, and how a colleague signs in to it."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
DEMO_PASSWORD = "kontor-demo"


@dataclass
class Server:
    """A running `kontor` process: where it answers, where its data lies, and what it said."""

    url: str
    data_dir: Path
    env: dict[str, str]
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def cookie(self, email: str, password: str = DEMO_PASSWORD) -> str:
        """The `Cookie` header of a colleague who signed in at the door; the same session for the same person."""
        if email not in self.cookies:
            self.cookies[email] = self.sign_in(email, password)
        return self.cookies[email]

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> str:
        """The `Cookie` header of a new session."""
        answer = httpx.post(f"{self.url}/session", data={"email": email, "password": password}, headers={"origin": self.url})
        token = answer.cookies.get("kontor_session")
        assert token, f"{email} could not sign in: {answer.status_code} {answer.text[:200]}"
        return f"kontor_session={token}"

    def setup_address(self) -> str:
        """The address that a first start printed in its terminal, at this server."""
        [address] = re.findall(r"^\S+(/setup\?key=[\w-]{43})$", self.log.read_text(), re.MULTILINE)
        return self.url + str(address)

    def open_order(self) -> str:
        """The number of the oldest order of the shop that is open."""
        with closing(sqlite3.connect(self.data_dir / "kontor.sqlite3")) as database:
            return str(database.execute("SELECT number FROM orders WHERE status LIKE 'awaiting%' ORDER BY id LIMIT 1").fetchone()[0])

    def kontor_says(self, *arguments: str, typed: str = "") -> str:
        """What a `kontor` command that succeeds says; `typed` comes by the standard input."""
        told = self.kontor(*arguments, typed=typed)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def kontor(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """The outcome of a `kontor` command on this server's data."""
        return subprocess.run(
            [sys.executable, "-m", "backoffice_app.cli.main", *arguments],
            env=self.env,
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = 10, what: str = "the condition") -> None:
    """Waits for a callable to become true; fails naming `what` when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")


@contextmanager
def running(data_dir: Path, *command: str, **settings: str) -> Iterator[Server]:
    """A `kontor` process that serves, such as `run` or `demo`, ended afterwards."""
    port = free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")}
    env |= {"KONTOR_DATA_DIR": str(data_dir), "KONTOR_PORT": str(port), "PYTHONPATH": str(ROOT), **settings}
    log = data_dir / f"server-{port}.log"
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "backoffice_app.cli.main", *command], env=env, cwd=ROOT, stdout=out, stderr=out)
    server = Server(f"http://127.0.0.1:{port}", data_dir, env, log)

    def answers() -> bool:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            return httpx.get(f"{server.url}/health").status_code == 200
        except httpx.TransportError:
            return False

    try:
        until(answers, 180, "the server's first answer")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def sign_in(page: Page, email: str = "owner@demo.test", password: str = DEMO_PASSWORD) -> None:
    """Signs a colleague in without opening a page; what the door looks like is for tests of its own."""
    door = page.request.get("/login").url
    given = {"email": email, "password": password}
    answer = page.request.post("/session", form=given, headers={"origin": door.removesuffix("/login")}, max_redirects=0)
    assert answer.status == 303, f"{email} could not sign in: {answer.status} {answer.text()[:200]}"


def come_in(page: Page, email: str = "owner@demo.test", password: str = DEMO_PASSWORD) -> None:
    """Signs a colleague in at the door, as a person does, and waits for the page behind it."""
    page.goto("/login")
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)
