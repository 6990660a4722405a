"""Whom Kontor believes about a visitor's address and scheme, and under which names it answers (SEC-2)."""

from collections.abc import Iterator

import pytest
from starlette.requests import HTTPConnection

from backoffice_app import caller
from backoffice_app.settings import Settings, settings


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test alone."""
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def visit(peer: str = "127.0.0.1", scheme: str = "http", **headers: str) -> HTTPConnection:
    """A request from `peer`; an underscore in a header's name stands for a hyphen."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "scheme": scheme, "client": (peer, 1), "headers": raw})


@pytest.mark.parametrize(
    ("trusted", "peer", "told", "seen"),
    [
        (None, "127.0.0.1", "198.51.100.9, 203.0.113.5", "203.0.113.5"),
        (None, "::1", "203.0.113.5", "203.0.113.5"),
        (None, "::ffff:127.0.0.1", "203.0.113.5", "203.0.113.5"),
        (None, "192.168.1.7", "203.0.113.5", "192.168.1.7"),
        (None, "10.0.0.2", "203.0.113.5", "10.0.0.2"),
        (None, "93.184.216.34", "203.0.113.5", "93.184.216.34"),
        (None, "127.0.0.1", "", "127.0.0.1"),
        (None, "127.0.0.1", "203.0.113.5, unknown", "127.0.0.1"),
        (None, "127.0.0.1", "203.0.113.5, x\ny", "127.0.0.1"),
        (None, "127.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        (None, "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.0/8", "10.0.0.2", "203.0.113.5", "203.0.113.5"),
        (
            "10.0.0.0/8, 192.0.2.1",
            "10.0.0.2",
            "198.51.100.9, 203.0.113.5, 192.0.2.1, 10.0.0.9",
            "203.0.113.5",
        ),
        ("10.0.0.0/8", "10.0.0.2", "10.0.0.3, 10.0.0.4", "10.0.0.3"),
        ("10.0.0.0/8", "127.0.0.1", "203.0.113.5", "127.0.0.1"),
        ("", "127.0.0.1", "203.0.113.5", "127.0.0.1"),
    ],
)
def test_a8_only_a_trusted_proxy_is_believed_about_the_address(
    own_settings: pytest.MonkeyPatch, trusted: str | None, peer: str, told: str, seen: str
) -> None:
    if trusted is not None:
        own_settings.setenv("KONTOR_TRUSTED_PROXIES", trusted)

    assert caller.address_of(visit(peer, **({"x_forwarded_for": told} if told else {}))) == seen


@pytest.mark.parametrize("wrong", ["proxy.example.com", "10.0.0.0/33", "10.0.0.1;10.0.0.2"])
def test_a8_a_proxy_that_is_no_address_is_refused_at_the_start(
    own_settings: pytest.MonkeyPatch, wrong: str
) -> None:
    own_settings.setenv("KONTOR_TRUSTED_PROXIES", wrong)

    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings()


@pytest.mark.parametrize(
    ("base_url", "peer", "arrives", "told", "scheme"),
    [
        ("", "127.0.0.1", "http", "", "http"),
        ("", "127.0.0.1", "wss", "", "https"),
        ("", "127.0.0.1", "http", "https", "https"),
        ("", "192.168.1.7", "http", "https", "http"),
        ("https://kontor.example", "127.0.0.1", "http", "", "https"),
        ("https://kontor.example", "127.0.0.1", "http", "http", "http"),
        ("http://kontor.example", "192.168.1.7", "http", "https", "http"),
        ("", "127.0.0.1", "http", "gopher", "http"),
    ],
)
def test_a17_the_scheme_is_what_a_trusted_proxy_says_else_that_of_our_address(
    own_settings: pytest.MonkeyPatch, base_url: str, peer: str, arrives: str, told: str, scheme: str
) -> None:
    own_settings.setenv("KONTOR_BASE_URL", base_url)

    assert caller.scheme_of(visit(peer, arrives, **({"x_forwarded_proto": told} if told else {}))) == scheme


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("kontor.example:8443", True),
        ("KONTOR.example", True),
        ("localhost:3000", True),
        ("shop.localhost", True),
        ("127.0.0.1:3000", True),
        ("192.168.1.7", True),
        ("[::1]:3000", True),
        ("evil.test", False),
        ("kontor.example.evil.test", False),
        ("evil.kontor.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.evil.test", False),
        ("localhost@evil.test", False),
        ("evil.test/localhost", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a10_only_our_own_names_and_addresses_are_served(
    own_settings: pytest.MonkeyPatch, host: str, ours: bool
) -> None:
    own_settings.setenv("KONTOR_BASE_URL", "https://kontor.example")

    assert caller.is_our_host(visit(host=host)) is ours


def test_a10_two_hosts_are_none(own_settings: pytest.MonkeyPatch) -> None:
    both = HTTPConnection({"type": "http", "headers": [(b"host", b"localhost"), (b"host", b"evil.test")]})

    assert not caller.is_our_host(both)


@pytest.mark.parametrize(
    ("proto", "sent", "inside"),
    [
        (
            "https",
            b"__Host-kontor_session=a; __Host-kontor_browser=b; x=1",
            b"kontor_session=a; kontor_browser=b; x=1",
        ),
        ("https", b"kontor_session=planted; __Host-kontor_session=a", b"kontor_session=a"),
        ("https", b"__Host-kontor_session=a; kontor_session=planted", b"kontor_session=a"),
        ("https", b"kontor_session =planted", b""),
        ("https", b"__Host-other=1; flag", b"__Host-other=1; flag"),
        ("http", b"kontor_session=a", b"kontor_session=a"),
    ],
)
def test_a15_over_https_only_a_cookie_of_this_very_host_is_a_session(
    proto: str, sent: bytes, inside: bytes
) -> None:
    scope = visit(x_forwarded_proto=proto).scope
    scope["headers"].append((b"cookie", sent))

    assert dict(caller.with_plain_cookies(scope)["headers"])[b"cookie"] == inside
