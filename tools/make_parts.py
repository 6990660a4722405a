"""Makes docs/parts.md: every part that Kontor registers itself, by kind, read out of the registries.

Use: python tools/make_parts.py (or `make docs`); with --list it prints them as JSON and writes nothing.
"""

import json
import os
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "parts.md"
HEAD = """# The parts of Kontor

Made by `make docs` from the registries; not written by hand. Each part is registered by the file it stands in,
in the same way as that of a plug-in. Their keys are what `tab=`, `Button(...)`, `perform`, `@on(...)`,
addresses and scopes name; [plugins.md](plugins.md) and [extending.md](extending.md) say how to add one.
A part that is gone fails a test with its name, so that none is lost by an import.
"""


def parts() -> dict[str, list[str]]:
    """The keys of all parts by kind, each kind in the order of the alphabet."""
    os.environ["KONTOR_PLUGINS"] = "none"
    from backoffice_app import load
    from backoffice_app.cli import doctor  # noqa: F401  # registers its checks
    from backoffice_app.registry import REGISTRIES

    load.everything()
    load.jobs()
    load.domain()
    return {registry.kind: sorted(registry) for registry in sorted(REGISTRIES, key=lambda one: one.kind)}


def page(found: dict[str, list[str]]) -> str:
    """The whole page."""
    lines = [HEAD]
    for kind, keys in found.items():
        if keys:
            lines += [f"## {kind[0].upper()}{kind[1:]}\n", *(f"- `{key}`" for key in keys), ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    known = parts()
    if "--list" in sys.argv:
        sys.stdout.write(json.dumps(known))
    else:
        PAGE.write_text(page(known), "utf-8")
