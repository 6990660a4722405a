"""The API as its callers see it: a client with a key, and the keys themselves."""

import hashlib
import secrets

from databases import OWNER
from fastapi import FastAPI
from starlette.testclient import TestClient

from backoffice_app.api import documents
from backoffice_app.api.rest import create_api
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.work import work
from backoffice_app.models import ApiKey


def app() -> FastAPI:
    """The routes of the API and the PDFs where the whole app has them."""
    outer = FastAPI(openapi_url=None)
    outer.mount("/api", create_api())
    outer.include_router(documents.router)
    return outer


def key(scopes: str = "orders:write", *, revoked: bool = False) -> str:
    """A key with these scopes, as it stands in the database."""
    secret = secrets.token_urlsafe(16)
    with work(OWNER) as w:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        w.session.add(
            ApiKey(name=scopes, scopes=scopes, digest=digest, created_at=clock.now(), revoked_at=clock.now() if revoked else None)
        )
    return secret


def client(scopes: str = "orders:write", *, revoked: bool = False) -> TestClient:
    """A caller with a key of its own; an empty scope means no key at all."""
    headers = {"Authorization": f"Bearer {key(scopes, revoked=revoked)}"} if scopes else {}
    return TestClient(app(), headers=headers)
