"""How long requests of the REST API take, for Prometheus (RUN-4)."""

import time

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SINCE_START = CollectorRegistry()
"""What this process counts since it started. Several web processes are asked one by one."""
ProcessCollector(registry=SINCE_START)
REQUESTS = Histogram(
    "kontor_api_seconds",
    "Seconds a request of the REST API took.",
    ["method", "status"],
    registry=SINCE_START,
)
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class Timing:
    """ASGI middleware that notes how long each request takes to the last byte of its answer, by method and status."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request. A request that raises counts as status 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(method, status).observe(time.perf_counter() - began)
