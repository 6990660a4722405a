"""What the running server says to odd requests: headers on every answer, problems for programs, pages for people
(A-19).
"""

import http.client
import json
from urllib.parse import urlsplit

import httpx
import pytest
from serving import Server

SAFETY = {"content-security-policy", "x-content-type-options", "referrer-policy"}


def ask(
    server: Server, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """An answer to a path as it is written, which httpx would tidy up first."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("broken", ["%0A", "%0D", "%0D%0A", "%00", "x%0Ay"])
@pytest.mark.parametrize(
    "path", ["/", "/orders/", "/login", "/documents/", "/assets/", "/health", "/no/such/page/"]
)
def test_a19_a_line_break_in_a_path_gets_the_headers_of_every_answer(
    server: Server, path: str, broken: str
) -> None:
    status, headers, _body = ask(server, "GET", path + broken)
    assert status in {303, 404}
    assert headers.keys() >= SAFETY


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v2",
        "/api/v1/orders/%0A",
        "/api/v1/orders%0D%0A",
        "/api/%00",
        "/api/v1/orders/%00",
        "/api/v1/orders/7/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a19_every_refusal_below_the_api_is_a_problem(server: Server, path: str, method: str) -> None:
    status, headers, body = ask(server, method, path)
    assert status in {401, 404, 405}
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["status"] == status
    assert headers.keys() >= SAFETY


def test_a19_a_page_of_another_site_is_refused_by_the_api_as_a_problem(server: Server) -> None:
    status, headers, body = ask(
        server, "POST", "/api/v1/orders", b"{}", Origin="http://evil.test", Content_Type="application/json"
    )
    assert (status, headers["content-type"], json.loads(body)["status"]) == (
        403,
        "application/problem+json",
        403,
    )


@pytest.mark.parametrize("path", ["/session", "/setup", "/password", "/session/end"])
def test_a19_a_form_that_is_too_large_is_answered_by_a_plain_page(server: Server, path: str) -> None:
    cookie = server.cookie("reader@demo.test")
    answer = httpx.post(
        server.url + path,
        content=b"email=" + b"x" * 20_000,
        headers={
            "origin": server.url,
            "cookie": cookie,
            "accept-language": "de",
            "content-type": "application/x-www-form-urlencoded",
        },
    )
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/plain; charset=utf-8")
    assert answer.text == "Die Anfrage ist zu groß."
    assert answer.headers["cache-control"] == "no-store"


def test_a19_a_method_that_is_not_there_is_a_plain_page(server: Server) -> None:
    status, headers, _body = ask(server, "DELETE", "/session")
    assert (status, headers["content-type"]) == (405, "text/plain; charset=utf-8")
    assert headers["allow"]
