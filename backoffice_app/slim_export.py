"""Leaves out of the exported UI what none of its pages uses, so that it loads sooner (P-8)."""

import re
from pathlib import Path
from typing import Any

from reflex.compiler import utils
from reflex.plugins import Plugin
from reflex.utils import js_runtimes
from reflex.utils.prerequisites import get_web_dir
from reflex_base.config import Config
from reflex_base.registry import RegistrationContext

EMOTION = re.compile(r'import \{ ?jsx ?\} from "@emotion/react"')
REACTS_OWN = 'import {createElement as jsx} from "react"'
STYLED = "css:("
"""What a file with a styled component holds."""
NAME = re.compile(r"^\w+\.displayName = .*;\n", re.MULTILINE)
"""What React's developer tools call a component."""
SOCKET = (
    "engine.io-client/build/esm/transports/index.js",
    "engine.io-client/build/esm/index.js",
    "socket.io-client/build/esm/index.js",
)
"""The files of the socket's packages that name its transports."""
OTHER_TRANSPORT = re.compile(r"^.*\b(?:XHR|Fetch|WT)\b.*\n", re.MULTILINE)
"""Lines about long polling and WebTransport: Reflex's socket is told to use neither."""


class SlimExport(Plugin):
    """Takes part in each export; a start of the server leaves everything as it is."""

    def pre_compile(self, **_context: Any) -> None:
        """No component comes from the server, so the libraries for those stay away.

        Packages are installed without what no page uses of them, and each file is written without what it does not
        need.
        """
        RegistrationContext.ensure_context().bundled_libraries.clear()
        write = utils.write_file

        def write_file(path: str | Path, code: str) -> None:
            write(path, without_names(without_emotion(code)))

        utils.write_file = write_file
        install = js_runtimes.install_frontend_packages

        def install_frontend_packages(packages: set[str], config: Config) -> None:
            install(packages, config)
            leave_out_transports(get_web_dir() / "node_modules")

        js_runtimes.install_frontend_packages = install_frontend_packages


def without_emotion(code: str) -> str:
    """A file of the compiled UI with elements made by React itself: Emotion does the same for all but those with styles
    of their own.

    Kontor's look is in one style sheet, so only a plug-in's component has any; its file loads Emotion and stays as it
    is.
    """
    return code if STYLED in code else EMOTION.sub(REACTS_OWN, code)


def without_names(code: str) -> str:
    """A file of the compiled UI without the names of its components, which hold a random number each and compress
    badly.
    """
    return NAME.sub("", code)


def leave_out_transports(packages: Path) -> None:
    """Takes the lines about other transports than the one in use out of the socket's packages, as far as they are in
    this folder.
    """
    for file in (packages / name for name in SOCKET):
        if file.is_file():
            file.write_text(OTHER_TRANSPORT.sub("", file.read_text("utf-8")), "utf-8")
