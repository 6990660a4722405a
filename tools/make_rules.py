"""Makes docs/rules.md from docs/rules.toml; or tells of one rule which modules speak of it and which tests are named
after it.

Use: python tools/make_rules.py (or `make docs`); python tools/make_rules.py W-5.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "rules.toml"
PAGE = ROOT / "docs" / "rules.md"
TODAY = {"whole": "yes", "part": "in part", "unproven": "built, no test of its name yet", "later": "not yet"}
AREAS = "O|W|T|ST|INV|SHIP|STK|PAY|RET|M|API|SEC|AUD|L|EXT|RUN|P"
SPOKEN = re.compile(rf"\b({AREAS})-(\d+)\b(?!-)")
PROVEN = re.compile(rf"test((?:_(?:{AREAS.lower()})\d+)+)_")
HEAD = """# The rules, where they stand, and what proves them

Made by `make docs` from `docs/rules.toml`; not written by hand.
`pytest -k w5` runs the proof of W-5, and `python tools/make_rules.py W-5` lists its tests and the modules that speak
of it.
A rule that is covered, whole or in part, and has no test fails the build.
"""


@dataclass(frozen=True)
class Test:
    """One test function: its name and its file, from the root."""

    name: str
    file: str


@dataclass
class Rule:
    """One rule as the list has it, with what was found of it in the code."""

    id: str
    says: str
    today: str
    missing: str = ""
    measured: bool = False
    measured_by: str = "make bench"
    modules: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)

    @property
    def is_proven(self) -> bool:
        """Whether what is said to be covered has a test, or a figure."""
        return not self.is_covered or bool(self.tests) or self.measured

    @property
    def is_covered(self) -> bool:
        """Whether this version claims it, whole or in part."""
        return self.today in {"whole", "part"}


@dataclass(frozen=True)
class Area:
    """Rules that belong together."""

    title: str
    rules: tuple[Rule, ...]


def areas() -> list[Area]:
    """All rules, with the modules that name them and the tests named after them.

    KeyError for a test of a rule that is not listed.
    """
    listed = tomllib.loads(LIST.read_text("utf-8"))["area"]
    made = [
        Area(area["title"], tuple(Rule(id_, **rule) for id_, rule in area["rules"].items()))
        for area in listed
    ]
    rules = {rule.id: rule for area in made for rule in area.rules}
    for module, text in _sources("backoffice_app"):
        for id_ in sorted({f"{area}-{number}" for area, number in SPOKEN.findall(text)} & rules.keys()):
            rules[id_].modules.append(module)
    for test in tests():
        for id_ in rules_of(test.name):
            if id_ not in rules:
                raise KeyError(
                    f"{test.file}: {test.name} is named after {id_}, which docs/rules.toml does not list"
                )
            rules[id_].tests.append(test)
    return made


def rules_of(name: str) -> list[str]:
    """The rules a test is named after: test_w5_p7_once -> W-5, P-7; none for most names."""
    found = PROVEN.match(name.lower())
    return (
        [re.sub(r"(\d+)", r"-\1", part).upper() for part in found[1].strip("_").split("_")] if found else []
    )


def tests() -> Iterator[Test]:
    """All test functions, by file and then as they stand in it."""
    for file, text in _sources("tests"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield Test(node.name, file)


def _sources(folder: str) -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), file.read_text("utf-8")


def page(found: list[Area]) -> str:
    """The whole page: a table of all rules for each area.

    It follows from the list alone, so that a new test leaves it as it is.
    """
    rules = [rule for area in found for rule in area.rules]
    count = {today: sum(rule.today == today for rule in rules) for today in TODAY}
    sums = (
        f"{count['whole']} are covered, {count['part']} in part, {count['unproven']} built but not proven, "
        f"{count['later']} not yet"
    )
    parts = [HEAD, f"Of {len(rules)} rules {sums}."]
    for area in found:
        parts += [
            f"\n## {area.title}\n",
            "| Rule | In our words | Today | Proof |",
            "|---|---|---|---|",
            *map(_row, area.rules),
        ]
    return "\n".join(parts).rstrip() + "\n"


def _row(rule: Rule) -> str:
    proof = [f"`pytest -k {_in_names(rule)}`"] * (rule.is_covered and not rule.measured) + [
        f"`{rule.measured_by}`"
    ] * rule.measured
    today = TODAY[rule.today] + (f"; missing: {rule.missing}" if rule.missing else "")
    return f"| {rule.id} | {rule.says} | {today} | {', '.join(proof)} |"


def details(rule: Rule) -> str:
    """What is found of one rule in the code, as text: what it says, the modules that speak of it, the tests named after
    it.
    """
    modules = [f"  {module}" for module in rule.modules]
    proofs = [f"  {_sentence(rule, test)} ({test.file})" for test in rule.tests]
    return "\n".join([f"{rule.id}: {rule.says}", "Modules:", *modules, "Tests:", *proofs])


def _sentence(rule: Rule, test: Test) -> str:
    """The name of a test as the sentence it is."""
    own = _in_names(rule)
    words = [word for word in test.name.split("_")[1:] if word.lower() != own]
    return " ".join(words)


def _in_names(rule: Rule) -> str:
    """How the names of tests call it: w5 for W-5."""
    return rule.id.replace("-", "").lower()


def main(wanted: list[str]) -> None:
    """Writes docs/rules.md; with the ids of rules it prints what is found of them instead.

    SystemExit for an id that is not listed.
    """
    found = areas()
    if not wanted:
        PAGE.write_text(page(found), "utf-8")
    rules = {rule.id: rule for area in found for rule in area.rules}
    for id_ in wanted:
        if id_ not in rules:
            raise SystemExit(f"docs/rules.toml lists no rule {id_}")
        sys.stdout.write(details(rules[id_]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
