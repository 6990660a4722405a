"""No JavaScript of ours, in files or in texts: what must be done at once is a Reflex event made of Reflex' vars
(decision 19).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ROOT / "backoffice_app"
BROWSER = CODE / "ui" / "browser.py"
PYTHON = sorted(
    file
    for folder in (CODE, ROOT / "plugins")
    for file in folder.rglob("*.py")
    if "migrations" not in file.parts
)
SCRIPT = re.compile(
    r"=>|\bfunction\s*\(|\bwindow\.\w|\bdocument\.(\w+[A-Z]|title|body|cookie)"
    r"|\b(const|let|var) \w+ ?=|\w\?\.\w|\buse(Effect|State|Ref)\b|\bjavascript:"
)
"""What a text holds that is JavaScript."""
NEVER = {
    "call_script",
    "rx.script",
    "rx.el.script",
    "add_hooks",
    "add_custom_code",
    "_get_custom_code",
    "_get_hooks",
    "addEventListener",
    "useEffect",
}
"""Names that make code of a text, or a text a part of the page's code."""
IN_BROWSER_ONLY = {
    "run_script",
    "call_function",
    "FunctionStringVar",
    "ArgsFunctionOperation",
    "ClientStateVar",
}
ALLOWED = {CODE / "state" / "shell.py": {"var e="}}
"""The shell answers for the one file of Reflex' export that names the server, with the address by which the visitor
came.
"""
NAMES = {"document.getElementById", "document.querySelector", "Date.now", "encodeURIComponent"}
"""The functions of the browser that Python calls."""


def texts(tree: ast.AST) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def scripts(source: str) -> list[str]:
    """The texts of a module that are JavaScript."""
    return [text for text in texts(ast.parse(source)) if SCRIPT.search(text)]


def makers(source: str) -> set[str]:
    """What a module calls, defines or passes that makes code of a text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            found |= {node.attr, ast.unparse(node)}
        elif isinstance(node, ast.Name):
            found.add(node.id)
            found |= {"_JS"} & {node.id[-3:]}
        elif isinstance(node, ast.FunctionDef | ast.alias):
            found.add(node.name.rpartition(".")[2])
        elif isinstance(node, ast.keyword) and node.arg in {"hooks", "_js_expr"}:
            found.add(node.arg)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"rx.Var", "Var"}:
            found.add("Var of a text")
    return found


@pytest.mark.parametrize("module", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_ext1_no_text_of_a_module_is_javascript(module: Path) -> None:
    known = NAMES if module == BROWSER else ALLOWED.get(module, set())
    assert not set(scripts(module.read_text("utf-8"))) - known


@pytest.mark.parametrize("module", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_ext1_no_module_makes_code_of_a_text(module: Path) -> None:
    used = makers(module.read_text("utf-8"))
    assert not used & (NEVER | {"hooks", "_js_expr", "_JS", "Var of a text"})
    assert module == BROWSER or not used & IN_BROWSER_ONLY


def test_ext1_the_browser_is_called_by_these_names_alone() -> None:
    tree = ast.parse(BROWSER.read_text("utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "FunctionStringVar.create"
    ]
    assert {ast.literal_eval(node.args[0]) for node in calls} == NAMES


def test_ext1_there_is_no_file_of_script() -> None:
    assert not [
        file
        for folder in (CODE, ROOT / "assets")
        for kind in ("js", "mjs", "ts", "jsx", "tsx")
        for file in folder.rglob(f"*.{kind}")
    ]


@pytest.mark.parametrize(
    "written",
    [
        'rx.run_script("document.title = 1")',
        'LISTEN = """useEffect(() => {}, [])"""',
        'x = f"document.getElementById({key})?.focus()"',
        'rx.Var("a?.b")',
        'rx.el.a(href="javascript:void 0")',
        'OPEN = "window.openedFromList=true"',
    ],
)
def test_ext1_the_check_sees_script(written: str) -> None:
    assert scripts(written)


@pytest.mark.parametrize(
    "written",
    [
        "WindowEventListener.create(hooks=[x])",
        "rx.call_script(x)",
        "MOVE_JS",
        'rx.Var("x")',
        "from x import run_script",
    ],
)
def test_ext1_the_check_sees_what_makes_code_of_a_text(written: str) -> None:
    assert makers(written) & (NEVER | IN_BROWSER_ONLY | {"hooks", "_js_expr", "_JS", "Var of a text"})
