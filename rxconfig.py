"""Reflex's configuration: no default plugins, no disk state, no foreign origins."""

import os

import reflex as rx
from reflex.plugins import SitemapPlugin

REDIS_URL = os.environ.get("KONTOR_REDIS_URL") or None

config = rx.Config(
    app_name="backoffice_app",
    plugins=[],
    disable_plugins=[SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # Never the default manager: it pickles to disk, two seconds late.
    state_manager_mode=rx.constants.StateManagerMode.REDIS if REDIS_URL else rx.constants.StateManagerMode.MEMORY,
    redis_url=REDIS_URL,
    # Ends foreign origins for HTTP; state/shell.py ends them for the websocket.
    cors_allowed_origins=[],
    default_color_mode="system",
    # Both are written at build time; a browser that knows Brotli loads a tenth less.
    frontend_compression_formats=["brotli", "gzip"],
)
