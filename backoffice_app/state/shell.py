"""The shell around everything that Kontor serves: sessions before pages and sockets, origins, CSP, caching, the address
of the socket.

Reflex by itself bakes the build machine's address into the pages, lets any origin open a socket, and gives a tab's
state to anyone who knows its token. All of it ends here, before Reflex sees the request (SEC-2).
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from reflex.utils.prerequisites import get_web_dir
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice_app.caller import address_of, is_foreign, is_our_host, is_secure, with_plain_cookies
from backoffice_app.domain.core.errors import Away
from backoffice_app.i18n import UI_LANGUAGES, LazyText, _
from backoffice_app.private_files import made_once
from backoffice_app.security_log import Event, come_from, log_event
from backoffice_app.settings import settings
from backoffice_app.state.base import actor_behind, session_token

OPEN = {"/login", "/setup", "/session", "/session/end", "/health", "/ready", "/metrics"}
"""Served without a session; what lies below `/api/` asks for its own key."""
SAFE = {"GET", "HEAD", "OPTIONS"}
HASHED = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8}\.(js|css)")
DOCUMENT = re.compile(r"/documents/[^/]+\.pdf")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
BREAK = re.compile("[\r\n]")
FOREIGN_ORIGIN, NO_SESSION, NO_TOKEN, TRY_AGAIN = 4403, 4401, 4400, 1013
CLIENT_TOKEN = re.compile(r"[A-Za-z0-9-]{8,64}")
"""How a tab names itself. A socket without one would have no state, and each of its events would be logged whole."""
YEAR = 31_536_000
IMMUTABLE = f"max-age={YEAR}, immutable"
NOT_OUR_NAME = _(
    "Kontor is not served under this name. Open it by the address in KONTOR_BASE_URL, or put this name there."
)
MISDIRECTED = PlainTextResponse(
    "".join(NOT_OUR_NAME.in_language(language) + "\n" for language in UI_LANGUAGES),
    421,
    {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'",
        "x-content-type-options": "nosniff",
    },
)
PART = "default-src 'none'"
"""The policy of what is part of a page and none itself: text without a link or a button, so it may stand in a frame."""
NEVER_ASKED = ("etag", "last-modified", "accept-ranges")
"""Headers by which a browser asks for a file again; one whose name is its content is never asked for again."""


@dataclass(frozen=True)
class Exported:
    """What the shell must know of the exported UI, read once at start."""

    policies: dict[str, str]
    """Path of each prerendered page -> its content security policy."""
    fallback: str
    """The policy of 404.html, which also serves every route with a [parameter], and of Kontor's own pages."""
    files: frozenset[str]
    """Paths of plain files such as stylesheet and logo; they hold nothing of the shop."""
    env_name: str
    """The name under which the bundle imports the addresses of the server."""

    @classmethod
    def read(cls, client: Path) -> "Exported":
        """From the folder `build/client` of an export. Raises FileNotFoundError if there isn't one."""
        if not (client / "404.html").exists():
            raise FileNotFoundError(f"No exported UI in {client}: run `make setup`.")
        env = next((client / "assets").glob("reflex-env-*.js")).read_text("utf-8")
        name = re.search(r"export\s*\{\w+ as (\w+)\}", env)
        if name is None:
            raise FileNotFoundError(f"The exported UI in {client} is of an unknown kind: run `make setup`.")
        pages = {
            "/" + str(page.parent.relative_to(client)).strip("."): policy(page)
            for page in client.rglob("index.html")
        }
        files = frozenset(
            "/" + str(f.relative_to(client))
            for f in client.rglob("*")
            if f.is_file() and f.suffix not in {".html", ".gz", ".br"}
        )
        return cls(pages, policy(client / "404.html"), files, name[1])


def policy(page: Path) -> str:
    """The content security policy of an exported page: scripts of our own and the hashed inline ones, no eval."""
    found = INLINE.findall(page.read_text("utf-8"))
    hashes = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in found
    )
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


class Shell:
    """The outermost ASGI wrapper: `rx.App(api_transformer=[api, Shell])`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.ui = Exported.read(Path(get_web_dir()) / "build/client")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, refuses, or passes on."""
        if scope["type"] in {"http", "websocket"}:
            come_from(address_of(HTTPConnection(scope)))
            if not is_our_host(HTTPConnection(scope)):
                await MISDIRECTED(scope, receive, send)
                return
            scope = with_plain_cookies(scope)
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, visit = scope["path"], HTTPConnection(scope)
        headers = visit.headers
        framed = self._with_headers(path, send)
        if path.startswith("/assets/reflex-env-"):
            await self._addresses(visit)(scope, receive, framed)
        elif "\0" in path or path.startswith("/_event"):
            # PostgreSQL can't be asked for a NUL; the socket's other transport would walk around the checks of the
            # handshake.
            await no(path, 404, _("There is no such thing."))(scope, receive, framed)
        elif scope["method"] not in SAFE and is_foreign(visit):
            log_event(Event.ORIGIN_FOREIGN, path=path, origin=headers.get("origin", ""))
            await no(path, 403, _("This was sent by a page of another site."))(scope, receive, framed)
        elif not self._is_open(path, headers) and await actor_behind(headers.get("cookie", "")) is None:
            await sign_in_first(scope)(scope, receive, framed)
        else:
            page = path.rstrip("/")
            if path == "/api":  # Starlette's mount begins behind the slash
                scope = {**scope, "path": "/api/", "raw_path": b"/api/"}
            elif (
                page in self.ui.policies and page
            ):  # the prerendered folder, without a redirect to "/orders/"
                scope = {**scope, "path": page + "/", "raw_path": quote(page + "/").encode()}
            await self.app(scope, receive, framed)

    def _is_open(self, path: str, headers: Headers) -> bool:
        if path in OPEN or path in self.ui.files or is_api(path):
            return True
        return (
            DOCUMENT.fullmatch(path) is not None and "authorization" in headers
        )  # an API key; the route judges it

    def _with_headers(self, path: str, send: Send) -> Send:
        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                own["cache-control"] = self._kept(path, message["status"])
                if own["cache-control"] == IMMUTABLE:
                    _shorten(own)
                if settings().base_url.startswith("https:"):
                    own.setdefault("strict-transport-security", f"max-age={YEAR}")
                own.setdefault("content-security-policy", self._policy(path))
                own.setdefault("x-content-type-options", "nosniff")
                if not path.endswith(".js"):  # a script asks by the policy of its page
                    own.setdefault("referrer-policy", "same-origin")
            await send(message)

        return framed

    def _kept(self, path: str, status: int) -> str:
        """Only files of the exported UI are ever kept, for they hold nothing of the shop.

        A route can't say otherwise.
        """
        if path not in self.ui.files or path.startswith("/assets/reflex-env-"):
            return "no-store"
        if HASHED.fullmatch(path) and status == 200:
            return IMMUTABLE
        return "public, max-age=3600" if path.endswith((".svg", ".ico")) and status == 200 else "no-cache"

    def _policy(self, path: str) -> str:
        """That of the page.

        Scripts and style sheets obey the page that loads them: its policy on each was 5 kB of a first load (P-8).
        """
        return (
            PART
            if path.startswith("/assets/")
            else self.ui.policies.get(path.rstrip("/") or "/", self.ui.fallback)
        )

    def _addresses(self, visit: HTTPConnection) -> Response:
        """The script with the server's addresses, as this visitor reaches it."""
        host = visit.headers.get("host", "localhost")
        web, socket = (
            (f"https://{host}", f"wss://{host}") if is_secure(visit) else (f"http://{host}", f"ws://{host}")
        )
        names = {
            "PING": f"{web}/ping",
            "EVENT": f"{socket}/_event",
            "UPLOAD": f"{web}/_upload",
            "HEALTH": f"{web}/_health",
        }
        names |= {"AUTH_CODESPACE": "", "ALL_ROUTES": "", "TRANSPORT": "websocket"}
        body = f"var e={json.dumps({**names, 'TEST_MODE': False})};export{{e as {self.ui.env_name}}};"
        return Response(body, media_type="text/javascript", headers={"cache-control": "no-store"})

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = HTTPConnection(scope)
        cookies = visit.headers.get("cookie", "")
        if "origin" not in visit.headers or is_foreign(visit):
            log_event(Event.SOCKET_REFUSED, why="foreign origin", origin=visit.headers.get("origin", ""))
            await refuse_socket(receive, send, FOREIGN_ORIGIN)
        elif not CLIENT_TOKEN.fullmatch(visit.query_params.get("token", "")):
            await refuse_socket(receive, send, NO_TOKEN)
        else:
            try:
                actor = await actor_behind(cookies)
            except Away:
                await refuse_socket(receive, send, TRY_AGAIN)
                return
            if actor is None:
                log_event(Event.SOCKET_REFUSED, why="no session")
                await refuse_socket(receive, send, NO_SESSION)
            else:
                await self.app(bound(scope, session_token(cookies)), receive, send)


class Outermost:
    """The very outside, around Reflex's own router, which knows no path with a line break and answered it without any
    of our headers.

    Such a path is passed on with U+FFFD in its place: there is no such thing, and each part says so in its own way.
    What Reflex tells scripts of other sites, once for each of its layers, is left out: none may read an answer (SEC-2,
    P-8).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on."""
        if "path" in scope and BREAK.search(scope["path"]):
            path = BREAK.sub("\ufffd", scope["path"])
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}
        await self.app(scope, receive, _for_our_pages(send) if scope["type"] == "http" else send)


def _for_our_pages(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            del headers["access-control-allow-credentials"]
            varies = [name.strip() for name in headers.get("vary", "").split(",")]
            del headers["vary"]
            if kept := [name for name in dict.fromkeys(varies) if name not in {"", "Origin"}]:
                headers["vary"] = ", ".join(kept)
        await send(message)

    return sent


def is_api(path: str) -> bool:
    """Whether a program asks: it is told problems as JSON, and shows its own key."""
    return path == "/api" or path.startswith("/api/")


def no(path: str, status: int, reason: LazyText) -> Response:
    """The shell's own refusal: for programs an RFC 9457 problem as the API has them, else a plain page."""
    said = reason.in_language("en")
    if not is_api(path):
        return PlainTextResponse(said, status)
    told = {
        "type": "about:blank",
        "title": said,
        "status": status,
        "detail": said,
        "instance": "",
        "errors": [],
    }
    return JSONResponse(told, status, media_type="application/problem+json")


def sign_in_first(scope: Scope) -> Response:
    """To the sign-in page and back here afterwards; anyone who posts gets a 401."""
    if scope["method"] not in SAFE:
        return PlainTextResponse("Sign in first", 401)
    wanted = quote(scope["path"]) + (
        "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
    )
    back = "?" + urlencode({"next": wanted}) if wanted != "/" else ""
    return RedirectResponse("/login" + back, 303)


async def refuse_socket(receive: Receive, send: Send, code: int) -> None:
    """Ends the handshake; the client sees HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})


def bound(scope: Scope, session: str) -> Scope:
    """The handshake with its client token tied to the session: another session's token opens an empty state."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if "token" in query:
        query["token"] += "-" + hmac.new(secret(), session.encode(), hashlib.sha256).hexdigest()[:16]
    return {**scope, "query_string": urlencode(query).encode()}


@cache
def secret() -> bytes:
    """The key that ties tokens to sessions: 32 random bytes, kept in the data folder so that it survives a restart."""
    return made_once(settings().data_dir / "secret", secrets.token_bytes(32))


def _shorten(headers: MutableHeaders) -> None:
    """Leaves out what a file that never changes needs not say: a page loads ten of them, and that was 1 kB of its load
    (P-8).
    """
    for name in NEVER_ASKED:
        if name in headers:
            del headers[name]
    headers["vary"] = "Accept-Encoding"
