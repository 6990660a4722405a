"""The app is put together here and nowhere else: gate, shell, pages, API, live hub, worker."""

import asyncio
from collections.abc import Callable

import reflex as rx
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_connection_errors
from starlette.types import ASGIApp

from backoffice_app import load, logs, parent
from backoffice_app.api import attached, documents, door, exports, files_in, health, mails, maps, sign_in
from backoffice_app.api.refusal import answer_with_pages
from backoffice_app.api.rest import create_api
from backoffice_app.api.unavailable import Unavailable, answer_when_away
from backoffice_app.marks import public
from backoffice_app.pages import not_found
from backoffice_app.pages.menu import require_icons, title_of
from backoffice_app.state import hub, presence
from backoffice_app.state.errors import on_backend_error, on_frontend_error
from backoffice_app.state.gate import Guard
from backoffice_app.state.me import Me
from backoffice_app.state.pages import PAGES
from backoffice_app.state.shell import Outermost, Shell
from backoffice_app.state.tabs import Tabs
from backoffice_app.ui.logo import LOGO

load.everything()
api = FastAPI(title="Kontor", docs_url=None, redoc_url=None, openapi_url=None)
door.answer_with_pages(api)
answer_with_pages(api)
api.include_router(health.router)
api.include_router(attached.router)
api.include_router(documents.router)
api.include_router(exports.router)
api.include_router(files_in.router)
api.include_router(mails.router)
api.include_router(maps.router)
api.include_router(sign_in.router)
api.mount("/api", create_api())
answer_when_away(api)


@api.get("/", include_in_schema=False)
@public
async def home() -> RedirectResponse:
    """The dashboard is what one starts with; the page below is for links inside the UI."""
    return RedirectResponse("/dashboard", 303)


async def jobs() -> None:
    """The worker inside the web process, from start to end (RUN-2)."""

    def start() -> Callable[[], None]:
        from backoffice_app.worker import process  # in the thread: the first page need not wait for it

        process.start_in_web()
        return process.stop_in_web

    stop = await asyncio.to_thread(start)
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.to_thread(stop)


class App(rx.App):
    """Reflex's app, with `Outermost` around it: what `api_transformer` adds lies inside of Reflex's
    outermost router.
    """

    def __call__(self) -> ASGIApp:
        """What the server runs."""
        return Outermost(super().__call__())


app = App(
    toaster=None,
    app_wraps={
        (55, "ErrorBoundary"): lambda _stateful: ErrorBoundary.create(fallback_render=not_found.broken()),
        (5, "Overlay"): lambda _stateful: rx.cond(has_connection_errors, not_found.no_connection()),
    },
    backend_exception_handler=on_backend_error,
    frontend_exception_handler=on_frontend_error,
    html_lang="en",
    stylesheets=["/kontor.css"],
    head_components=[rx.el.link(rel="icon", href=LOGO, type="image/svg+xml")],
    api_transformer=[api, Shell, Unavailable],
)
open_tabs = Tabs(app)
hub.HUB.told += [open_tabs.heard, presence.ROOMS.heard]
hub.HUB.left.append(presence.ROOMS.left)
app.add_middleware(Guard(), index=0)
app.register_lifespan_task(parent.end_with_it)
app.register_lifespan_task(logs.start)
app.register_lifespan_task(hub.listen)
app.register_lifespan_task(open_tabs.forget_closed)
app.register_lifespan_task(presence.ROOMS.keep_telling)
app.register_lifespan_task(jobs)
for page in PAGES.values():
    require_icons(page)
    app.add_page(page.draw, route=page.route, title=title_of(page), on_load=[Me.load, *page.on_load])
