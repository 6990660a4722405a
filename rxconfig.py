"""Reflex's configuration: no default plugins, no disk state, no foreign origins."""

import reflex as rx
from reflex.plugins import SitemapPlugin

from backoffice_app.slim_export import SlimExport

config = rx.Config(
    app_name="backoffice_app",
    plugins=[SlimExport()],
    disable_plugins=[SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # What a tab remembers lies in memory, always, and nothing that acts or must survive rests on it
    # (docs/decisions/0014). It goes when its tab is gone for an hour or its session over (state/tabs.py), never before:
    # hence a span longer than any session.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    redis_token_expiration=400 * 86_400,
    redis_url=None,
    # Ends foreign origins for HTTP; state/shell.py ends them for the websocket.
    cors_allowed_origins=[],
    default_color_mode="system",
    # Both are written at build time; a browser that knows Brotli loads a tenth less.
    frontend_compression_formats=["brotli", "gzip"],
)
