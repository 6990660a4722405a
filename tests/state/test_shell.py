"""The shell's own judgements: origins, the way to the sign-in page, tokens tied to sessions, the policy of a page
(SEC-2).
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from backoffice_app.caller import is_foreign
from backoffice_app.settings import settings
from backoffice_app.state import shell


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KONTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KONTOR_BASE_URL", "https://office.example")
    settings.cache_clear()
    shell.secret.cache_clear()
    yield
    settings.cache_clear()
    shell.secret.cache_clear()


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"host": "a.test:3000", "origin": "https://a.test:3000"}, False),
        ({"host": "a.test", "origin": "https://a.test:443"}, False),
        ({"host": "inner", "origin": "https://office.example"}, False),
        ({"host": "a.test:3000", "origin": "https://a.test"}, True),
        ({"host": "a.test", "origin": "https://evil.test"}, True),
        ({"host": "a.test", "origin": "https://a.test.evil.test"}, True),
        ({"host": "a.test", "origin": "http://a.test"}, True),
        ({"host": "a.test", "origin": "ftp://a.test"}, True),
        ({"host": "office.example", "origin": "http://office.example"}, True),
        ({"host": "a.test", "origin": "null"}, True),
        ({"host": "", "origin": "null"}, True),
        ({"host": "a.test", "origin": "https://[a.test"}, True),
        ({"host": "a.test"}, False),
        ({"host": "a.test", "sec-fetch-site": "cross-site"}, True),
        ({"host": "a.test", "sec-fetch-site": "same-site"}, True),
    ],
)
def test_sec2_an_origin_is_foreign_unless_it_is_ours(headers: dict[str, str], foreign: bool) -> None:
    visit = HTTPConnection(
        {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    )

    assert is_foreign(visit) is foreign


@pytest.mark.parametrize(
    ("path", "query", "goes_to"),
    [
        ("/orders", b"", "/login?next=%2Forders"),
        ("/orders", b"q=a%26b&page=2", "/login?next=%2Forders%3Fq%3Da%2526b%26page%3D2"),
        ("/", b"", "/login"),
    ],
)
def test_sec2_a_page_without_a_session_leads_to_the_sign_in_page_and_back(
    path: str, query: bytes, goes_to: str
) -> None:
    answer = shell.sign_in_first({"method": "GET", "path": path, "query_string": query})

    assert (answer.status_code, answer.headers["location"]) == (303, goes_to)


def test_sec2_whoever_posts_without_a_session_is_refused() -> None:
    assert shell.sign_in_first({"method": "POST", "path": "/orders", "query_string": b""}).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/none.pdf", 200),
        ("/documents/../orders/", 303),
        ("/documents/../orders/index.html", 303),
        ("/documents/a/b.pdf", 303),
        ("/documents/\0.pdf", 404),
        ("/api/v1/orders/\0", 404),
    ],
)
def test_sec2_a_made_up_key_opens_the_way_to_documents_alone(
    path: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "build/client"
    (client / "assets").mkdir(parents=True)
    (client / "404.html").write_text("<html></html>")
    (client / "assets/reflex-env-1.js").write_text("var e={};export{e as t};")
    monkeypatch.setattr(shell, "get_web_dir", lambda: tmp_path)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer made-up")],
    }
    asyncio.run(shell.Shell(PlainTextResponse("inside"))(scope, receive, send))

    assert sent[0]["status"] == status


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/orders/\0", 404, "application/problem+json"),
        ("/api\0", 404, "text/plain; charset=utf-8"),
        ("/orders/\0", 404, "text/plain; charset=utf-8"),
    ],
)
def test_a19_what_the_shell_refuses_a_program_is_a_problem(path: str, status: int, kind: str) -> None:
    answer = shell.no(path, status, shell._("There is no such thing."))

    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    if shell.is_api(path):
        assert json.loads(answer.body) == {
            "type": "about:blank",
            "title": "There is no such thing.",
            "status": status,
            "detail": "There is no such thing.",
            "instance": "",
            "errors": [],
        }


@pytest.mark.parametrize("path", ["/orders/1\n", "/orders\r\n/x", "\n"])
def test_a19_a_path_with_a_line_break_comes_in_as_one_line(path: str) -> None:
    seen: list[Scope] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    scope = {"type": "http", "path": path, "raw_path": b"/x%0A"}
    asyncio.run(shell.Outermost(inner)(scope, None, None))  # type: ignore[arg-type]

    assert seen[0]["path"] == path.replace("\n", "\ufffd").replace("\r", "\ufffd")
    assert unquote(seen[0]["raw_path"].decode()) == seen[0]["path"]


def test_sec2_one_client_token_is_another_state_in_each_session() -> None:
    scope = {"query_string": b"EIO=4&token=tab"}
    tokens = [
        parse_qs(shell.bound(scope, session)["query_string"])[b"token"][0]
        for session in ("ada", "ben", "ada")
    ]

    assert tokens[0] == tokens[2] != tokens[1]
    assert all(token.startswith(b"tab-") for token in tokens)


def test_sec2_the_key_of_the_tokens_survives_a_restart_and_is_for_the_owner_alone() -> None:
    first = shell.secret()
    shell.secret.cache_clear()

    assert shell.secret() == first
    assert len(first) == 32
    assert (settings().data_dir / "secret").stat().st_mode & 0o077 == 0


def test_sec2_the_policy_lets_in_the_hashed_scripts_and_nothing_inline(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<script>theme()</script><script src="/a.js"></script><script type="module">start()</script>'
    )

    policy = shell.policy(page)

    for script in ("theme()", "start()"):
        assert (
            "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'" in policy
        )
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert scripts.count("sha256-") == 2
