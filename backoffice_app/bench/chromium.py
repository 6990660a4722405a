"""The Chromium that measures and tests."""

import os
import shutil

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def chromium_path() -> str | None:
    """The Chromium to drive: KONTOR_CHROMIUM or one on the PATH; None for Playwright's own."""
    names = [os.environ.get("KONTOR_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for name in names if name and (path := shutil.which(name))), None)
