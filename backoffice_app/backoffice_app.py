"""The app is put together here and nowhere else: gate, shell, pages, API, live hub, worker."""

import asyncio
from collections.abc import Callable

import reflex as rx
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_connection_errors
from starlette.types import ASGIApp

from backoffice_app import logs, parent
from backoffice_app.api import documents, door, health, sign_in
from backoffice_app.api.refusal import answer_with_pages
from backoffice_app.api.rest import create_api
from backoffice_app.api.unavailable import Unavailable, answer_when_away
from backoffice_app.marks import public
from backoffice_app.pages import not_found
from backoffice_app.pages.order_window import order_window
from backoffice_app.pages.orders import orders
from backoffice_app.pages.outbox import outbox
from backoffice_app.pages.settings_shop import settings_administration, settings_company, settings_languages, settings_mail
from backoffice_app.pages.settings_users import settings_users
from backoffice_app.state import hub
from backoffice_app.state.errors import on_backend_error, on_frontend_error
from backoffice_app.state.gate import Guard
from backoffice_app.state.me import Me
from backoffice_app.state.order import OrderState
from backoffice_app.state.orders import OrdersState
from backoffice_app.state.outbox import OutboxState
from backoffice_app.state.settings_shop import ShopState
from backoffice_app.state.settings_users import UsersState
from backoffice_app.state.shell import OneLine, Shell
from backoffice_app.state.tabs import Tabs
from backoffice_app.ui.logo import LOGO
from backoffice_app.ui.texts import _, shell

api = FastAPI(title="Kontor", docs_url=None, redoc_url=None, openapi_url=None)
door.answer_with_pages(api)
answer_with_pages(api)
api.include_router(health.router)
api.include_router(documents.router)
api.include_router(sign_in.router)
api.mount("/api", create_api())
answer_when_away(api)


@api.get("/", include_in_schema=False)
@public
async def home() -> RedirectResponse:
    """The list of orders is what one starts with; the page below is for links inside the UI."""
    return RedirectResponse("/orders", 303)


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
    """Reflex's app, with `OneLine` around it: what `api_transformer` adds lies inside of Reflex's outermost router."""

    def __call__(self) -> ASGIApp:
        """What the server runs."""
        return OneLine(super().__call__())


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
hub.HUB.told.append(open_tabs.heard)
app.add_middleware(Guard(), index=0)
app.register_lifespan_task(parent.end_with_it)
app.register_lifespan_task(logs.start)
app.register_lifespan_task(hub.listen)
app.register_lifespan_task(open_tabs.forget_closed)
app.register_lifespan_task(jobs)
app.add_page(shell, route="/", title="Kontor", on_load=[Me.load, rx.redirect("/orders", replace=True)])
app.add_page(not_found.not_found, route="/404", title=_("Not found") + " · Kontor", on_load=Me.load)
app.add_page(orders, route="/orders", title=_("Orders") + " · Kontor", on_load=[Me.load, OrdersState.load])
app.add_page(
    order_window,
    route="/orders/[number]/[[tab]]",
    title=_("Order") + " " + OrderState.view.number + " · Kontor",
    on_load=[Me.load, OrderState.load],
)
app.add_page(outbox, route="/outbox", title=_("Outbox") + " · Kontor", on_load=[Me.load, OutboxState.load])
SETTINGS = [Me.load, ShopState.load]
app.add_page(settings_company, route="/settings/company", title=_("Company") + " · Kontor", on_load=SETTINGS)
app.add_page(settings_administration, route="/settings/advanced/administration", title=_("Administration") + " · Kontor", on_load=SETTINGS)
app.add_page(settings_languages, route="/settings/languages", title=_("Languages") + " · Kontor", on_load=SETTINGS)
app.add_page(settings_mail, route="/settings/mail", title=_("Mail") + " · Kontor", on_load=SETTINGS)
app.add_page(settings_users, route="/settings/users", title=_("Users") + " · Kontor", on_load=[Me.load, UsersState.load])
