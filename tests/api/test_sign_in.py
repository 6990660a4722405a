"""The sign-in page, the session cookie and the first start, as a browser meets them (SEC-1, SEC-2, SEC-3)."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from starlette.testclient import TestClient

from backoffice_app.api import sign_in
from backoffice_app.domain import people
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import COMMAND, Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people import passwords
from backoffice_app.domain.people.accounts import add_hashed
from backoffice_app.domain.people.digest import digest_of
from backoffice_app.models import SignInAttempt
from backoffice_app.settings import settings

ADA, PASSWORD = "ada@example.com", "correct horse battery"
HASH = passwords.hashed(PASSWORD)
US = "http://testserver"


def visitor(peer: str = "testclient", **headers: str) -> TestClient:
    """A browser that has just come; it follows no redirect by itself. `peer`: the address that the server sees."""
    app = FastAPI(openapi_url=None)
    app.include_router(sign_in.router)
    return TestClient(app, follow_redirects=False, headers={"origin": US} | headers, client=(peer, 1))


def ada() -> int:
    """Ada may sign in; her id."""
    with work(COMMAND) as w:
        return add_hashed(w, email=ADA, name="Ada", role=Role.OWNER, password_hash=HASH, language="en")


def signs_in(browser: TestClient, **changes: str) -> Response:
    """The answer to the posted form."""
    return browser.post(
        "/session", data={"email": ADA, "password": PASSWORD, "next": "/orders/10001"} | changes
    )


@pytest.fixture
def browser(sqlite: str) -> Iterator[TestClient]:
    """A browser at a shop with one colleague."""
    ada()
    with visitor() as made:
        yield made


def test_sec1_signing_in_sets_a_cookie_that_no_script_reads_and_goes_on(browser: TestClient) -> None:
    answer = signs_in(browser)

    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/10001")
    session, browsers = answer.headers.get_list("set-cookie")
    assert re.fullmatch(r"kontor_session=[\w-]{43}; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax", session)
    assert re.fullmatch(
        r"kontor_browser=[\w-]{43}; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax", browsers
    )
    actor = people.actor_of_session(answer.cookies["kontor_session"])
    assert actor is not None
    assert actor.name == "Ada"


@pytest.mark.parametrize("base_url", ["", "https://kontor.example.com"])
def test_sec1_over_https_the_cookie_is_secure(
    sqlite: str, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> None:
    monkeypatch.setenv("KONTOR_BASE_URL", base_url)
    settings.cache_clear()
    ada()

    https = {"origin": "https://testserver"}
    answer = signs_in(
        visitor(**https) if base_url else visitor("127.0.0.1", **https, **{"x-forwarded-proto": "https"})
    )

    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-kontor_session",
        "__Host-kontor_browser",
    ]
    assert all(
        "; Secure" in cookie and "; Path=/;" in cookie and "Domain" not in cookie for cookie in cookies
    )


@pytest.mark.parametrize(
    "changes",
    [{"password": "wrong"}, {"email": "nobody@example.com"}, {"password": ""}, {"email": "<script>"}],
)
def test_sec1_a_wrong_password_is_said_and_read_out_with_the_fields(
    browser: TestClient, changes: dict[str, str]
) -> None:
    answer = signs_in(browser, **changes)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert '<p class="errors" id="wrong">The e-mail or the password is wrong.</p>' in answer.text
    assert answer.text.count('aria-describedby="wrong" aria-invalid="true"') == 2
    assert 'value="/orders/10001"' in answer.text
    assert PASSWORD not in answer.text
    assert "<script>" not in answer.text


def test_sec1_a_pause_is_said_with_its_length(browser: TestClient) -> None:
    with work(COMMAND) as w:
        w.session.add_all(SignInAttempt(key=f"account:{ADA}", at=clock.now()) for _n in range(6))

    answer = signs_in(browser)

    assert answer.status_code == 429
    assert 100 < int(answer.headers["retry-after"]) <= 120
    assert "Too many wrong passwords. Try again in 2 minutes." in answer.text


@pytest.mark.parametrize(
    ("told", "counted"), [("198.51.100.9, 203.0.113.5", "203.0.113.5"), ("", "testclient")]
)
def test_sec1_failures_count_for_the_address_that_the_proxy_saw(sqlite: str, told: str, counted: str) -> None:
    ada()
    app = FastAPI()
    app.include_router(sign_in.router)
    near = ("127.0.0.1", 1) if told else ("testclient", 1)
    client = TestClient(
        app, client=near, headers={"origin": US} | ({"x-forwarded-for": told} if told else {})
    )

    signs_in(client, password="wrong")

    with work(COMMAND) as w:
        keys = {attempt.key for attempt in w.session.query(SignInAttempt).all()}
    assert keys == {f"account:{ADA}", f"address:{counted}"}


def test_sec1_who_calls_from_far_away_can_not_lie_about_the_address(sqlite: str) -> None:
    ada()
    app = FastAPI()
    app.include_router(sign_in.router)
    client = TestClient(
        app, client=("93.184.216.34", 1), headers={"origin": US, "x-forwarded-for": "198.51.100.1"}
    )

    signs_in(client, password="wrong")

    with work(COMMAND) as w:
        assert "address:93.184.216.34" in {attempt.key for attempt in w.session.query(SignInAttempt).all()}


@pytest.mark.parametrize("path", ["/session", "/session/end", "/setup"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://x.evil.example"},
    ],
)
def test_sec2_a_page_of_another_site_posts_nothing(
    browser: TestClient, path: str, headers: dict[str, str]
) -> None:
    token = signs_in(browser).cookies["kontor_session"]

    assert browser.post(path, data={"email": ADA, "password": PASSWORD}, headers=headers).status_code == 403
    assert people.actor_of_session(token)


def test_sec2_without_an_origin_the_browsers_word_about_the_site_counts(browser: TestClient) -> None:
    del browser.headers["origin"]

    assert browser.post("/session", data={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert signs_in(browser).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/orders?view=to-ship&q=a%20b", "/orders?view=to-ship&q=a%20b"),
        ("/orders/10001", "/orders/10001"),
        ("", "/dashboard"),
        ("https://evil.example", "/dashboard"),
        ("//evil.example", "/dashboard"),
        ("///evil.example", "/dashboard"),
        ("/\\evil.example", "/dashboard"),
        ("\\\\evil.example", "/dashboard"),
        ("/\t/evil.example", "/dashboard"),
        ("/\n/evil.example", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("//[", "/dashboard"),
        ("orders", "/dashboard"),
        ("/login?next=/login", "/dashboard"),
        ("/session", "/dashboard"),
    ],
)
def test_sec2_after_signing_in_one_stays_here(wanted: str, goes_to: str) -> None:
    assert sign_in.local(wanted) == goes_to


def test_sec1_signing_out_ends_the_session_and_takes_the_cookie(browser: TestClient) -> None:
    token = signs_in(browser).cookies["kontor_session"]

    answer = browser.post("/session/end")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert 'kontor_session=""' in answer.headers["set-cookie"]
    assert people.actor_of_session(token) is None
    assert "kontor_session" not in browser.cookies


def test_sec1_signing_in_anew_ends_the_session_before(browser: TestClient) -> None:
    first = signs_in(browser).cookies["kontor_session"]
    second = signs_in(browser).cookies["kontor_session"]

    assert first != second
    assert people.actor_of_session(first) is None
    assert people.actor_of_session(second)


def test_sec1_a_huge_form_is_refused_before_it_is_read(browser: TestClient) -> None:
    assert signs_in(browser, password="x" * 20_000).status_code == 413


def test_sec2_the_pages_allow_nothing_but_their_own_style(browser: TestClient) -> None:
    answer = browser.get("/login")

    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert " style=" not in answer.text


@pytest.mark.parametrize(
    ("asked", "said"), [("de-AT,de;q=0.9", 'lang="de"'), ("es, en;q=0.5", 'lang="en"'), ("", 'lang="en"')]
)
def test_l1_the_page_speaks_the_browsers_language(browser: TestClient, asked: str, said: str) -> None:
    assert said in browser.get("/login", headers={"accept-language": asked}).text


def test_sec3_the_sign_in_page_names_no_account_outside_the_demo(browser: TestClient) -> None:
    assert "demo" not in browser.get("/login").text


def test_sec3_the_demo_says_loudly_that_it_is_one(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_DEMO", "1")
    settings.cache_clear()

    page = browser.get("/login").text

    assert "This is a demo" in page
    assert "no real data" in page
    assert all(email in page for email in people.DEMO_ACCOUNTS)
    assert people.DEMO_PASSWORD in page


OLGA = {"name": "Olga", "email": "olga@example.com", "password": PASSWORD, "again": PASSWORD}


def test_sec3_who_has_the_key_of_the_first_start_becomes_the_owner(database: str) -> None:
    browser, key = visitor(**{"accept-language": "de"}), people.setup_key()

    assert browser.get("/login").headers["location"] == "/setup"
    assert f'name="key" value="{key}"' in browser.get("/setup", params={"key": key}).text
    answer = browser.post("/setup", data=OLGA | {"key": key})

    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
    owner = people.actor_of_session(answer.cookies["kontor_session"])
    assert owner is not None
    assert (owner.name, owner.role, owner.language) == ("Olga", Role.OWNER, "de")


@pytest.mark.parametrize("key", ["", "x", "guessed" * 7])
def test_a10_without_the_key_nobody_becomes_the_owner_and_the_page_says_what_to_do(
    sqlite: str, key: str
) -> None:
    people.setup_key()
    browser = visitor(**{"accept-language": "de"})

    for answer in (
        browser.get("/setup", params={"key": key}),
        browser.post("/setup", data=OLGA | {"key": key}),
    ):
        assert answer.status_code == 403
        assert "Öffnen Sie die Adresse, die „kontor run“ im Terminal anzeigt." in answer.text
        assert "<form" not in answer.text
    assert not people.has_users()


def test_a10_before_kontor_run_no_key_fits(sqlite: str) -> None:
    assert visitor().post("/setup", data=OLGA | {"key": ""}).status_code == 403
    assert not people.has_users()


def test_a10_the_key_is_for_the_owner_alone_the_same_for_all_and_gone_with_the_first_colleague(
    sqlite: str,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _n: people.setup_key(), range(8)))
    [file] = settings().data_dir.glob("setup-key*")

    assert len(keys) == 1
    assert file.stat().st_mode & 0o077 == 0
    assert visitor().post("/setup", data=OLGA | {"key": keys.pop()}).headers["location"] == "/dashboard"
    assert not file.exists()


def test_sec3_once_there_is_an_owner_there_is_no_set_up(browser: TestClient) -> None:
    for answer in (browser.get("/setup"), browser.post("/setup", data=OLGA)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert len(people.users()) == 1


def test_sec3_many_set_up_at_once_and_one_owns(database: str) -> None:
    app = FastAPI(openapi_url=None)
    app.include_router(sign_in.router)
    olga = OLGA | {"key": people.setup_key()}

    async def all_at_once() -> list[Response]:
        async with AsyncClient(transport=ASGITransport(app), base_url=US, headers={"origin": US}) as client:
            return await asyncio.gather(
                *(client.post("/setup", data=olga | {"email": f"olga{n}@example.com"}) for n in range(20))
            )

    answers = asyncio.run(all_at_once())

    assert sorted(answer.headers["location"] for answer in answers) == ["/dashboard"] + ["/login"] * 19
    assert len(people.users()) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password", "short", "at least 12 characters"),
        ("again", "something else", "not the same"),
        ("email", "olga", "no e-mail address"),
        ("name", " ", "A name is needed"),
    ],
)
def test_sec3_what_is_wrong_with_the_set_up_stands_at_its_field(
    sqlite: str, field: str, value: str, said: str
) -> None:
    given = (
        OLGA | {"key": people.setup_key(), field: value} | ({"again": value} if field == "password" else {})
    )

    answer = visitor().post("/setup", data=given)

    assert answer.status_code == 422
    assert re.search(rf'<span class="error" id="error-{field}">[^<]*{said}', answer.text)
    assert re.search(
        rf'id="field-{field}"[^>]* aria-describedby="error-{field}[^>]* aria-invalid="true" autofocus',
        answer.text,
    )
    assert PASSWORD not in answer.text
    assert not people.has_users()


NEW = "another long password"


def test_sec1_a_colleague_changes_the_own_password_and_stays_here_alone(browser: TestClient) -> None:
    elsewhere = signs_in(visitor()).cookies["kontor_session"]
    here = signs_in(browser).cookies["kontor_session"]
    assert browser.get("/password").status_code == 200

    answer = browser.post("/password", data={"former": PASSWORD, "password": NEW, "again": NEW})

    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
    assert people.actor_of_session(elsewhere) is None
    assert people.actor_of_session(here) is None
    assert people.actor_of_session(answer.cookies["kontor_session"])
    assert signs_in(visitor()).status_code == 401
    assert signs_in(visitor(), password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("former", {"former": "wrong"}, "This is not your password."),
        ("password", {"password": "short", "again": "short"}, "at least 12 characters"),
        ("again", {"again": "something else"}, "not the same"),
        ("password", {"password": PASSWORD, "again": PASSWORD}, "This is your password already."),
    ],
)
def test_sec1_what_is_wrong_with_a_new_password_stands_at_its_field(
    browser: TestClient, field: str, given: dict[str, str], said: str
) -> None:
    signs_in(browser)

    answer = browser.post("/password", data={"former": PASSWORD, "password": NEW, "again": NEW} | given)

    assert answer.status_code == 422
    assert re.search(rf'<span class="error" id="error-{field}">[^<]*{said}', answer.text)
    assert signs_in(visitor()).status_code == 303


def test_sec1_guessing_at_the_former_password_is_paused_too(browser: TestClient) -> None:
    token = signs_in(browser).cookies["kontor_session"]
    with work(COMMAND) as w:
        w.session.add_all(SignInAttempt(key=f"session:{digest_of(token)}", at=clock.now()) for _n in range(6))

    answer = browser.post("/password", data={"former": PASSWORD, "password": NEW, "again": NEW})

    assert "Too many wrong passwords" in answer.text


def test_sec2_without_a_session_there_is_no_new_password(browser: TestClient) -> None:
    for answer in (
        browser.get("/password"),
        browser.post("/password", data={"former": PASSWORD, "password": NEW, "again": NEW}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/password")
