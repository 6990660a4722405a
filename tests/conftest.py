"""What tests share: a real server on a fresh data folder, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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

    def kontor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The outcome of a `kontor` command on this server's data."""
        return subprocess.run(
            [sys.executable, "-m", "backoffice_app.cli.main", *arguments],
            env=self.env,
            cwd=ROOT,
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


def until(condition: object, seconds: float = 10, what: str = "the condition") -> None:
    """Waits for a callable to become true; fails naming `what` when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
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
    log = data_dir / "server.log"
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
        until(answers, 90, "the server's first answer")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop with 40 orders and one account of each role, on its own data folder, for all tests of one process."""
    with running(tmp_path_factory.mktemp("shop"), "demo", "--orders", "40") as found:
        yield found


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """`kontor run` on an empty data folder: no owner yet, no orders."""
    with running(tmp_path / "data", "run") as found:
        yield found


def chromium_path() -> str | None:
    """The Chromium to drive: KONTOR_CHROMIUM or one on the PATH; None for Playwright's own."""
    names = [os.environ.get("KONTOR_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that speaks only to the server under test."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser profile of its own for this test, pointed at `server`."""
    made = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab. Nobody is signed in; `sign_in` does that."""
    return context.new_page()


def sign_in(page: Page, email: str = "owner@demo.test", password: str = DEMO_PASSWORD) -> None:
    """Signs a colleague in at the sign-in page and waits until the page behind it is there."""
    page.goto("/login")
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)
