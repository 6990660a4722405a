"""A real `kontor` process for tests, and how a colleague signs in to it."""

import os
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import starting
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parent.parent
DEMO_PASSWORD = "kontor-demo"
GOODS = [
    {
        "sku": "MUG-01",
        "name": "Becher, blau",
        "quantity": "2",
        "unit_price": "19.95",
        "discount": "0.00",
        "vat_rate": "19",
    },
    {
        "sku": "BOOK-7",
        "name": "Kochbuch",
        "quantity": "1",
        "unit_price": "24.00",
        "discount": "4.00",
        "vat_rate": "7",
    },
]


def an_order(**changes: object) -> dict[str, object]:
    """An order that came in just now, as the API takes it; its reference is its own."""
    return {
        "external_reference": uuid4().hex[:12],
        "source": "my-shop",
        "placed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "language": "de",
        "currency": "EUR",
        "prices": "gross",
        "customer": {"email": "ada.kovac@example.com", "first_name": "Ada", "last_name": "Kovač"},
        "billing_address": {
            "name": "Ada Kovač",
            "street": "Hauptstraße 12",
            "postcode": "10827",
            "city": "Berlin",
            "country": "DE",
        },
        "lines": GOODS,
        "shipping": {"method": "dhl", "name": "DHL Paket", "price": "4.90", "vat_rate": "19"},
        "payment": {"method": "transfer", "name": "Bank transfer", "state": "open"},
        "total": "64.80",
        "comment": "Bitte bei Nachbarin Meier abgeben.",
    } | changes


@dataclass
class Server:
    """A running `kontor` process: where it answers, where its data lies, and what it said."""

    url: str
    data_dir: Path
    env: dict[str, str]
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)
    api_key: str = ""

    def cookie(self, email: str, password: str = DEMO_PASSWORD) -> str:
        """The `Cookie` header of a colleague who signed in at the door; the same session for the same person."""
        if email not in self.cookies:
            self.cookies[email] = self.sign_in(email, password)
        return self.cookies[email]

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> str:
        """The `Cookie` header of a new session."""
        answer = httpx.post(
            f"{self.url}/session", data={"email": email, "password": password}, headers={"origin": self.url}
        )
        token = answer.cookies.get("kontor_session")
        assert token, f"{email} could not sign in: {answer.status_code} {answer.text[:200]}"
        return f"kontor_session={token}"

    def setup_address(self) -> str:
        """The address that a first start prints in its terminal once it answers, at this server."""
        printed: list[str] = []
        until(
            lambda: (
                printed.extend(
                    re.findall(r"^\S+(/setup\?key=[\w-]{43})$", self.log.read_text(), re.MULTILINE)
                )
                or printed
            )
        )
        assert len(printed) == 1
        return self.url + printed[0]

    def open_order(self) -> str:
        """The number of a new order, of which nothing is paid or shipped."""
        return self.place(an_order())

    def place(self, order: dict[str, object]) -> str:
        """The number of an order that came in through the API."""
        if not self.api_key:
            self.api_key = self.kontor_says("api-key", "create", "A shop", "--scope", "orders:write").strip()
        answer = httpx.post(
            f"{self.url}/api/v1/orders",
            json=order,
            headers={"authorization": f"Bearer {self.api_key}"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["number"])

    @contextmanager
    def in_language(self, email: str, code: str) -> Iterator[None]:
        """Within, the pages that a colleague opens are in this language. How one chooses it is for tests of its own."""
        with closing(sqlite3.connect(self.data_dir / "kontor.sqlite3", isolation_level=None)) as database:
            [(before,)] = database.execute("SELECT language FROM app_user WHERE email = ?", (email,))
            choose = "UPDATE app_user SET language = ? WHERE email = ?"
            database.execute(choose, (code, email))
            try:
                yield
            finally:
                database.execute(choose, (before, email))

    def kontor_says(self, *arguments: str, typed: str = "") -> str:
        """What a `kontor` command that succeeds says; `typed` comes by the standard input."""
        told = self.kontor(*arguments, typed=typed)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def kontor(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """The outcome of a `kontor` command on this server's data."""
        return starting.outcome(*arguments, env=self.env, typed=typed)


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
        process = starting.start(*command, env=env, stdout=out, stderr=out)
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


_SESSIONS: dict[tuple[str, str, str], list[Any]] = {}
"""The cookies of sessions that `sign_in` began, by server, e-mail and password: a password is slow to check, by
intention.
"""


def sign_in(page: Page, email: str = "owner@demo.test", password: str = DEMO_PASSWORD) -> None:
    """Signs a colleague in without opening a page; what the door looks like is for tests of its own.

    Browsers of one colleague share a session as long as nobody ends it.
    """
    server = page.request.get("/health").url.removesuffix("/health")
    known = _SESSIONS.get((server, email, password))
    if known:
        page.context.add_cookies(known)
        if page.request.get("/sessions", max_redirects=0).status == 200:
            return
    given = {"email": email, "password": password}
    answer = page.request.post("/session", form=given, headers={"origin": server}, max_redirects=0)
    assert answer.status == 303, f"{email} could not sign in: {answer.status} {answer.text()[:200]}"
    _SESSIONS[server, email, password] = page.context.cookies()


def come_in(page: Page, email: str = "owner@demo.test", password: str = DEMO_PASSWORD) -> None:
    """Signs a colleague in at the door, as a person does, and waits until the page behind it is at work."""
    page.goto("/login?next=/orders")
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)
    wait_until_at_work(page)


def wait_until_at_work(page: Page) -> None:
    """Waits until the page hears keys and clicks: before that there is HTML alone, and no name."""
    expect(page.locator(".who .avatar")).to_have_text(re.compile(r"\S"))
