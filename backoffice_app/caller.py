"""Where a request comes from: its address, its host, its site, whether it came encrypted; behind a proxy
too (SEC-2).
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi.requests import HTTPConnection
from starlette.types import Scope

from backoffice_app.marks import OUR_COOKIES
from backoffice_app.settings import settings

PREFIX = "__Host-"
"""A browser takes a cookie of this name only over https, for this host alone and with the path `/`."""
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def address_of(request: HTTPConnection) -> str:
    """The visitor's IP address: the last one in `X-Forwarded-For` that is no trusted proxy, read from the right.

    The header is believed only as far as trusted proxies have written it (`KONTOR_TRUSTED_PROXIES`). Where such a proxy
    wrote something that is no address, the proxy's own is returned.
    """
    address = _peer(request)
    told = [hop for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while told and settings().is_trusted_proxy(address):
        hop = _ip(told.pop())
        if not hop:
            break
        address = hop
    return address


def scheme_of(request: HTTPConnection) -> str:
    """`http` or `https`, as the visitor's browser speaks it: a trusted proxy's word, else that of `KONTOR_BASE_URL`,
    else what arrives.
    """
    told = request.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    if told in DEFAULT_PORTS and settings().is_trusted_proxy(_peer(request)):
        return told
    if settings().base_url:
        return urlsplit(settings().base_url).scheme
    return "https" if request.scope.get("scheme") in {"https", "wss"} else "http"


def is_secure(request: HTTPConnection) -> bool:
    """Whether the visitor speaks https, so that the cookies may demand it. `KONTOR_BASE_URL` with https is enough."""
    return scheme_of(request) == "https" or settings().base_url.startswith("https:")


def is_foreign(request: HTTPConnection) -> bool:
    """Whether a page of another site sends this: another scheme, host or port.

    Programs that send no origin are not foreign.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    here = f"{scheme_of(request)}://{request.headers.get('host', '')}"
    return _origin(origin) not in {_origin(here), _origin(settings().base_url)} - {""}


def is_our_host(request: HTTPConnection) -> bool:
    """Whether `Host` is the name in `KONTOR_BASE_URL`, `localhost`, a name below it, or an IP address.

    Its port is not judged.

    A page whose name is pointed at this machine after it was loaded (DNS rebinding) fails here. No browser leaves
    `Host` out.
    """
    hosts = request.headers.getlist("host")
    return not hosts or (len(hosts) == 1 and _is_ours(hosts[0]))


def cookie_name(request: HTTPConnection, name: str) -> str:
    """The name of one of our cookies in the visitor's browser: over https with the prefix that ties it to this host."""
    return PREFIX + name if is_secure(request) else name


def with_plain_cookies(scope: Scope) -> Scope:
    """The same request with our cookies under their plain names, as everything behind the shell reads them.

    Over https only those with the prefix are kept: a plain one may come from another host of the same domain.
    """
    if not is_secure(HTTPConnection(scope)):
        return scope
    headers = [(name, _plain(value) if name == b"cookie" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


def _plain(cookies: bytes) -> bytes:
    kept = []
    for cookie in cookies.decode("latin-1").split(";"):
        name, equals, value = cookie.strip().partition("=")
        name = name.strip()
        if name in OUR_COOKIES:
            continue
        bare = name.removeprefix(PREFIX)
        kept.append((bare if bare in OUR_COOKIES else name) + equals + value)
    return "; ".join(kept).encode("latin-1")


def _peer(request: HTTPConnection) -> str:
    peer = request.client.host if request.client else ""
    return _ip(peer) or peer


def _ip(text: str) -> str:
    """The address without brackets, port and the IPv6 dress of an IPv4 one; "" if it isn't one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ip_address(text)
    except ValueError:
        return ""
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _is_ours(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if "@" in host or "/" in host:
        return False
    return (
        name in {"localhost", urlsplit(settings().public_url).hostname}
        or name.endswith(".localhost")
        or bool(_ip(name))
    )


def _origin(url: str) -> str:
    """Scheme, host and port of an address, the port left out where it is the scheme's own; "" if it is no
    web address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORTS or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])}"
