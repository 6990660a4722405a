"""The door as an attacker meets it: over HTTP, at a real `kontor run` behind a proxy that speaks https, on both
databases.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from databases import SERVER, postgres_answers
from serving import Server, running
from sqlalchemy import create_engine, text

NAME, US = "kontor.example", "https://kontor.example"
OLGA, BEN, ADA = "olga@example.com", "ben@example.com", "ada@example.com"
PASSWORD, NEW = "correct horse battery", "another long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)
SOCKET = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@dataclass
class Visitor:
    """A browser behind the proxy. It keeps its cookies by hand: a real one would send them over https only."""

    server: Server
    agent: str = FIREFOX
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, data: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        sent = {"host": NAME, "x-forwarded-proto": "https", "origin": US, "user-agent": self.agent} | headers
        sent |= (
            {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if self.cookies
            else {}
        )
        answer = httpx.request(method, self.server.url + path, data=data, headers=sent, timeout=60)
        for cookie in answer.headers.get_list("set-cookie"):
            name, value = re.findall(r"^([^=]+)=([^;]*)", cookie)[0]
            self.cookies[name] = value.strip('"')
        self.cookies = {name: value for name, value in self.cookies.items() if value}
        return answer

    def sign_in(self, email: str = OLGA, password: str = PASSWORD) -> int:
        """The status of the answer: 303 in, 401 wrong, 429 paused."""
        return self.ask("POST", "/session", {"email": email, "password": password}).status_code

    def is_in(self) -> bool:
        return self.ask("GET", "/orders").status_code == 200


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`kontor run` on nothing, where nobody is yet."""
    name, more = f"kontor_door_{os.getpid()}", {}
    with ExitStack() as stack:
        if request.param == "postgresql":
            if not postgres_answers():
                pytest.skip("no PostgreSQL server answers: this test ran on SQLite only")
            more["KONTOR_DATABASE_URL"] = SERVER.rsplit("/", 1)[0] + f"/{name}"
            admin = stack.enter_context(create_engine(SERVER, isolation_level="AUTOCOMMIT").connect())
            drop = text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.execute(drop)
            admin.execute(text(f"CREATE DATABASE {name}"))
            stack.callback(admin.execute, drop)
        folder = tmp_path_factory.mktemp("door")
        yield stack.enter_context(running(folder, "run", KONTOR_BASE_URL=US, **more))


@pytest.fixture(scope="module")
def shop(fresh: Server) -> Server:
    """The same server after its first start: Olga owns it; Ben works there, and Ada, whom somebody attacks."""
    attack_the_first_start(fresh)
    for email in (BEN, ADA):
        fresh.kontor_says("user", "add", email, typed=PASSWORD)
    return fresh


def attack_the_first_start(server: Server) -> None:
    """Who does not read the terminal does not get in, and the key of who does is good for once (A-10)."""
    stranger, olga = Visitor(server), Visitor(server)
    form = {"name": "Olga", "email": OLGA, "password": PASSWORD, "again": PASSWORD}
    path = server.setup_address().removeprefix(server.url)
    key = path.partition("=")[2]
    assert stranger.ask("GET", "/login").headers["location"] == "/setup"
    assert "Open the address that “kontor run” shows in its terminal." in stranger.ask("GET", "/setup").text
    assert stranger.ask("POST", "/setup", form | {"key": "guessed"}).status_code == 403
    rebound = stranger.ask(
        "POST", "/setup", form | {"key": key}, host="evil.test", origin="https://evil.test"
    )
    assert rebound.status_code == 421
    assert (server.data_dir / "setup-key").stat().st_mode & 0o077 == 0
    assert olga.ask("POST", "/setup", form | {"key": key}).headers["location"] == "/dashboard"
    assert olga.is_in()
    assert not (server.data_dir / "setup-key").exists()
    assert stranger.ask("GET", path).headers["location"] == "/login"
    assert key not in (server.data_dir / "logs" / "kontor.log").read_text()


def test_a10_the_first_start_belongs_to_who_reads_the_terminal(shop: Server) -> None:
    assert Visitor(shop).sign_in() == 303  # all else is asserted on the way here


@pytest.mark.parametrize("path", ["/login", "/health", "/kontor.css", "/api/v1/orders", "/orders"])
@pytest.mark.parametrize("host", ["evil.test", "kontor.example.evil.test", ""])
def test_a10_under_another_name_nothing_is_served(shop: Server, path: str, host: str) -> None:
    answer = Visitor(shop).ask("GET", path, host=host)

    assert answer.status_code == 421
    assert "KONTOR_BASE_URL" in answer.text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 101),
        ({"host": "evil.test", "origin": "https://evil.test"}, 421),
        ({"origin": "http://kontor.example"}, 403),
        ({"origin": "ftp://kontor.example"}, 403),
        ({"origin": "https://kontor.example:444"}, 403),
    ],
)
def test_a17_a_socket_is_opened_by_our_own_name_and_scheme_alone(
    shop: Server, change: dict[str, str], status: int
) -> None:
    olga = Visitor(shop)
    olga.sign_in()
    cookies = "; ".join(f"{name}={value}" for name, value in olga.cookies.items())
    headers = {"host": NAME, "x-forwarded-proto": "https", "origin": US, "cookie": cookies} | SOCKET | change

    with httpx.stream(
        "GET", f"{shop.url}/_event/?EIO=4&transport=websocket&token=tab-of-mine", headers=headers
    ) as answer:
        assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/session", "/session/end", "/setup", "/password", "/sessions/end", "/sessions/end-all"]
)
@pytest.mark.parametrize(
    "origin", ["http://kontor.example", "ftp://kontor.example", "https://evil.test", "null"]
)
def test_a17_a_page_of_another_scheme_posts_nothing(shop: Server, path: str, origin: str) -> None:
    assert Visitor(shop).ask("POST", path, {}, origin=origin).status_code == 403


def test_a8_who_knows_the_owners_e_mail_keeps_nobody_out_of_their_own_browser(shop: Server) -> None:
    home, phone, attacker, ben = Visitor(shop), Visitor(shop, SAFARI), Visitor(shop), Visitor(shop)
    assert (home.sign_in(ADA), phone.sign_in(ADA), ben.sign_in(BEN)) == (303, 303, 303)
    signed_in = dict(home.cookies)

    answers = [attacker.sign_in(ADA, "a wrong guess") for _n in range(6)]
    assert answers == [401] * 5 + [429]
    assert attacker.sign_in(ADA) == 429  # not even the right password
    assert ben.sign_in(ADA) == 429  # a browser that knows somebody else is a stranger's
    assert Visitor(shop, cookies={"__Host-kontor_browser": "made-up"}).sign_in(ADA) == 429

    assert home.ask("POST", "/session/end").status_code == 303
    assert set(home.cookies) == {"__Host-kontor_browser"}
    assert home.sign_in(ADA) == 303
    assert attacker.sign_in(ADA, "a wrong guess") == 429  # her sign-in gives nobody new tries
    assert signed_in["__Host-kontor_browser"] == home.cookies["__Host-kontor_browser"]

    assert [phone.sign_in(ADA, "a wrong guess") for _n in range(6)] == [401] * 5 + [
        429
    ]  # its own budget has an end
    assert home.sign_in(ADA) == 303

    answer = home.ask("POST", "/password", {"former": PASSWORD, "password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/dashboard")
    back = home.ask("POST", "/password", {"former": NEW, "password": PASSWORD, "again": PASSWORD})
    assert back.status_code == 303


def test_a15_over_https_the_session_is_tied_to_this_host(shop: Server) -> None:
    ben = Visitor(shop)
    answer = ben.ask("POST", "/session", {"email": BEN, "password": PASSWORD})

    cookies = answer.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "__Host-kontor_session",
        "__Host-kontor_browser",
    }
    assert all(
        "; Secure" in one and "; HttpOnly" in one and "; Path=/;" in one and "Domain" not in one
        for one in cookies
    )
    assert ben.is_in()
    planted = {"kontor_session": ben.cookies["__Host-kontor_session"]}
    assert not Visitor(shop, cookies=planted).is_in()


@pytest.mark.parametrize(
    "path", ["/login", "/orders", "/kontor.css", "/nothing-here", "/api/v1/orders", "/health"]
)
def test_a15_where_our_address_is_https_browsers_are_told_to_stay_with_it(shop: Server, path: str) -> None:
    assert Visitor(shop).ask("GET", path).headers["strict-transport-security"] == "max-age=31536000"


def test_a15_one_sees_where_one_is_signed_in_and_signs_out_there(shop: Server) -> None:
    here, there, ben = Visitor(shop), Visitor(shop, SAFARI), Visitor(shop)
    assert (here.sign_in(BEN), there.sign_in(BEN)) == (303, 303)
    page = there.ask("GET", "/sessions").text

    assert "Safari on iPhone" in page
    assert page.count("(This browser)") == 1
    mine = re.findall(
        r'id="session-(\w+)">\s*<strong>Safari on iPhone</strong> <span class="quiet-text">\(This', page
    )
    here_too = here.ask("GET", "/sessions").text
    assert here.ask("POST", "/sessions/end", {"session": mine[0]}).headers["location"] == "/sessions"
    assert not there.is_in()
    assert here.is_in()
    assert f'id="session-{mine[0]}"' in here_too
    assert f'id="session-{mine[0]}"' not in here.ask("GET", "/sessions").text

    assert ben.sign_in(BEN) == 303
    everywhere = here.ask("POST", "/sessions/end-all")
    assert everywhere.headers["location"] == "/login"
    assert "__Host-kontor_session" not in here.cookies
    assert not ben.is_in()


def test_a15_nobody_ends_a_session_of_somebody_else(shop: Server) -> None:
    olga, ben = Visitor(shop), Visitor(shop)
    assert (olga.sign_in(), ben.sign_in(BEN)) == (303, 303)
    hers = re.findall(r'id="session-(\w+)"', olga.ask("GET", "/sessions").text)

    for key in [*hers, "", "%", "0" * 16]:
        ben.ask("POST", "/sessions/end", {"session": key})

    assert olga.is_in()
    assert ben.is_in()
    assert not set(hers) & set(re.findall(r'id="session-(\w+)"', ben.ask("GET", "/sessions").text))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/sessions"), ("POST", "/sessions/end"), ("POST", "/sessions/end-all")]
)
def test_a15_without_a_session_there_are_none_to_see(shop: Server, method: str, path: str) -> None:
    answer = Visitor(shop).ask(method, path)

    assert answer.status_code == (401 if method == "POST" else 303)


@pytest.mark.parametrize(
    "path",
    [
        "/orders",
        "/orders/10001",
        "/orders/10001/invoices.pdf",
        "/password",
        "/sessions",
        "/api/v1/orders",
        "/health",
    ],
)
def test_a15_nothing_of_the_shop_is_kept_by_a_browser(server: Server, path: str) -> None:
    answer = httpx.get(server.url + path, headers={"cookie": server.cookie("owner@demo.test")})

    assert answer.headers["cache-control"] == "no-store"


def test_a15_the_printed_setup_key_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path, "run") as first, running(tmp_path, "run") as second:
        assert first.setup_address().partition("=")[2] == second.setup_address().partition("=")[2]
        assert httpx.get(second.setup_address()).status_code == 200
