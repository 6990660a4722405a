"""Where a request comes from: its address, its site, whether it came encrypted; behind a proxy too."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi.requests import HTTPConnection

from backoffice_app.settings import settings


def address_of(request: HTTPConnection) -> str:
    """The visitor's IP address. What a proxy says is believed only of one on this machine or in a private network: its last word."""
    peer = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told if told and _is_near(peer) else peer


def is_foreign(request: HTTPConnection) -> bool:
    """Whether a page of another site sends this. Programs that name no origin are not foreign: nobody's cookie lies in them."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    ours = {request.headers.get("host", ""), urlsplit(settings().base_url).netloc} - {""}
    return _netloc(origin) not in ours


def is_secure(request: HTTPConnection) -> bool:
    """Whether the visitor speaks https, so that the cookie may demand it."""
    return request.headers.get("x-forwarded-proto", request.url.scheme) == "https" or settings().base_url.startswith("https:")


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_near(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False
