"""Leaves out of the exported UI what none of its pages uses, so that it loads sooner (P-8)."""

import re
from pathlib import Path
from typing import Any

from reflex.compiler import utils
from reflex.plugins import Plugin
from reflex_base.registry import RegistrationContext

EMOTION = re.compile(r'import \{ ?jsx ?\} from "@emotion/react"')
REACTS_OWN = 'import {createElement as jsx} from "react"'
STYLED = "css:("
"""What a file with a styled component holds."""


class SlimExport(Plugin):
    """Takes part in each export; a start of the server leaves everything as it is."""

    def pre_compile(self, **_context: Any) -> None:
        """No component comes from the server, so the libraries for those stay away; then each file is written by
        `without_emotion`.
        """
        RegistrationContext.ensure_context().bundled_libraries.clear()
        write = utils.write_file

        def write_file(path: str | Path, code: str) -> None:
            write(path, without_emotion(code))

        utils.write_file = write_file


def without_emotion(code: str) -> str:
    """A file of the compiled UI with elements made by React itself: Emotion does the same for all but those with styles
    of their own.

    Kontor's look is in one style sheet, so only a plug-in's component has any; its file loads Emotion and stays as it
    is.
    """
    return code if STYLED in code else EMOTION.sub(REACTS_OWN, code)
