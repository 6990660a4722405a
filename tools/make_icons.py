"""Makes backoffice_app/ui/lucide/outlines.json: the outline of each lucide icon as one path on a grid of 24, and their
licence.

Use: python tools/make_icons.py [VERSION]. npm of the virtual environment fetches the package `lucide-static`.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "backoffice_app" / "ui" / "lucide"
VERSION = "1.26.0"
Node = tuple[str, dict[str, str]]
_START = re.compile(r"^m\s*(-?[\d.]+)[\s,]*(-?[\d.]+)\s*")


def outline(nodes: list[Node]) -> str:
    """The shapes of one icon as the data of a single <path>."""
    return " ".join(_path(shape, attributes) for shape, attributes in nodes)


def _path(shape: str, a: dict[str, str]) -> str:
    if shape == "path":
        return _absolute(a["d"])
    if shape == "line":
        return f"M{a['x1']} {a['y1']}L{a['x2']} {a['y2']}"
    if shape in {"polyline", "polygon"}:
        numbers = re.split(r"[\s,]+", a["points"].strip())
        points = [f"{x} {y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        return "M" + "L".join(points) + ("z" if shape == "polygon" else "")
    if shape in {"circle", "ellipse"}:
        rx, ry = (float(a.get(name, a.get("r", 0))) for name in ("rx", "ry"))
        left, middle = float(a["cx"]) - rx, float(a["cy"])
        return f"M{left:g} {middle:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0"
    if shape == "rect":
        return _rectangle(a)
    raise ValueError(f"A shape that is not known: {shape}")


def _absolute(data: str) -> str:
    """The same path, beginning with an absolute M: a relative one would count from the end of the path before it."""
    found = _START.match(data)
    if not found:
        return data
    rest = data[found.end() :]
    line = "l" if rest[:1] and (rest[0].isdigit() or rest[0] in "-.") else ""
    return f"M{found[1]} {found[2]}{line}{rest}"


def _rectangle(a: dict[str, str]) -> str:
    x, y, width, height = (float(a[name]) for name in ("x", "y", "width", "height"))
    rx = float(a.get("rx", a.get("ry", 0)))
    ry = float(a.get("ry", rx))
    if not rx:
        return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"
    wide, high = width - 2 * rx, height - 2 * ry
    corner = f"a{rx:g} {ry:g} 0 0 1"
    right = f"M{x + rx:g} {y:g}h{wide:g}{corner} {rx:g} {ry:g}v{high:g}{corner} {-rx:g} {ry:g}"
    return f"{right}h{-wide:g}{corner} {-rx:g} {-ry:g}v{-high:g}{corner} {rx:g} {-ry:g}z"


def fetch(version: str, folder: Path) -> tuple[dict[str, list[Node]], str]:
    """The icons of lucide's package, by name, and its licence."""
    npm = shutil.which("npm", path=sysconfig.get_path("scripts")) or "npm"
    subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", f"lucide-static@{version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    [archive] = folder.glob("*.tgz")
    with tarfile.open(archive) as package:
        names = ("package/icon-nodes.json", "package/LICENSE")
        nodes, licence = (package.extractfile(name).read().decode() for name in names)  # type: ignore[union-attr]
    return json.loads(nodes), licence


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else VERSION
    with tempfile.TemporaryDirectory() as folder:
        icons, licence = fetch(wanted, Path(folder))
    lines = {name: outline(nodes) for name, nodes in sorted(icons.items())}
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "outlines.json").write_text(json.dumps(lines, indent=0, sort_keys=True) + "\n", "utf-8")
    (FOLDER / "LICENSE").write_text(licence, "utf-8")
    print(f"{len(lines)} icons of lucide {wanted}.")  # noqa: T201
