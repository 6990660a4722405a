"""The API as its callers see it: programs with a key, and colleagues who are signed in."""

from contextlib import ExitStack
from functools import cache
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from databases import OWNER
from fastapi import FastAPI
from starlette.testclient import TestClient

from backoffice_app.api import attached, documents, exports, mails, maps
from backoffice_app.api.refusal import answer_with_pages
from backoffice_app.api.rest import create_api
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Role


@cache
def app() -> FastAPI:
    """The routes of the API, the PDFs and the maps where the whole app has them.

    It keeps nothing of a shop, so one serves all tests.
    """
    outer = FastAPI(openapi_url=None)
    answer_with_pages(outer)
    outer.mount("/api", create_api())
    outer.include_router(attached.router)
    outer.include_router(documents.router)
    outer.include_router(exports.router)
    outer.include_router(maps.router)
    outer.include_router(mails.router)
    return outer


_OPEN = ExitStack()


@cache
def _loop() -> BlockingPortal:
    """One event loop for all callers of this process, as a server has: a third of a call's time went into a loop of its
    own.
    """
    return _OPEN.enter_context(start_blocking_portal())


def close() -> None:
    """Ends what the callers share; the process could not end before."""
    _OPEN.close()
    _loop.cache_clear()


def caller(**options: Any) -> TestClient:
    """Anyone who calls the routes of the API; `options`: of the TestClient."""
    made = TestClient(app(), **options)
    made.portal = _loop()
    return made


def client(scopes: str = "orders:write", *, revoked: bool = False) -> TestClient:
    """A program with a key of its own; an empty scope means no key at all."""
    if not scopes:
        return caller()
    key = people.create_api_key(OWNER, "A shop", scopes.split())
    if revoked:
        people.revoke_api_key(OWNER, people.api_keys()[-1].id)
    return caller(headers={"Authorization": f"Bearer {key}"})


def colleague(role: Role, **options: Any) -> TestClient:
    """The browser of a colleague with this role, signed in.

    A bug is answered, as it is by a server; `options`: of the TestClient.
    """
    id_ = people.add_user(
        OWNER,
        email=f"{role.value}@example.com",
        name="Cleo Colleague",
        role=role,
        password="long enough for all of us",
    )
    token = people.open_session(id_, "a browser")
    return caller(cookies={"kontor_session": token}, raise_server_exceptions=False, **options)
