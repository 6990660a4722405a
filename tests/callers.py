"""The API as its callers see it: programs with a key, and colleagues who are signed in."""

from typing import Any

from databases import OWNER
from fastapi import FastAPI
from starlette.testclient import TestClient

from backoffice_app.api import documents
from backoffice_app.api.refusal import answer_with_pages
from backoffice_app.api.rest import create_api
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Role


def app() -> FastAPI:
    """The routes of the API and the PDFs where the whole app has them."""
    outer = FastAPI(openapi_url=None)
    answer_with_pages(outer)
    outer.mount("/api", create_api())
    outer.include_router(documents.router)
    return outer


def client(scopes: str = "orders:write", *, revoked: bool = False) -> TestClient:
    """A program with a key of its own; an empty scope means no key at all."""
    if not scopes:
        return TestClient(app())
    key = people.create_api_key(OWNER, "A shop", scopes.split())
    if revoked:
        people.revoke_api_key(OWNER, people.api_keys()[-1].id)
    return TestClient(app(), headers={"Authorization": f"Bearer {key}"})


def colleague(role: Role, **options: Any) -> TestClient:
    """The browser of a colleague with this role, signed in. A bug is answered, as it is by a server; `options`: of the TestClient."""
    id_ = people.add_user(OWNER, email=f"{role.value}@example.com", name="Cleo Colleague", role=role, password="long enough for all of us")
    token = people.open_session(id_, "a browser")
    return TestClient(app(), cookies={"kontor_session": token}, raise_server_exceptions=False, **options)
