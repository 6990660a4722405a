"""The look says one thing at a time: only exceptions have a ground, only titles, keys and totals are bold, nothing is
under 12 px.
"""

import re
from pathlib import Path

SHEET = (Path(__file__).parents[2] / "assets" / "kontor.css").read_text("utf-8")
BOLD = {
    "h1",
    "h2",
    "strong, b",
    ".strong",
    ".brand",
    ".btn-solid",
    ".btn-tint",
    ".btn-danger",
    ".pill",
    ".table .key",
    ".queue .n",
}
"""What may be bold besides sums: titles, keys of rows, what stands out in a sentence, the step that is next."""
SUMS = {".table tfoot .whole-sum td", ".notice .btn:not(.btn-icon)"}


def rules() -> list[tuple[str, str]]:
    return [
        (one.strip(), body)
        for one, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    ]


def test_only_titles_keys_totals_and_the_next_step_are_bold() -> None:
    bold = {
        selector.splitlines()[-1].strip()
        for selector, body in rules()
        if "var(--strong)" in body and "--strong:" not in body
    }
    assert bold <= BOLD | SUMS


def test_nothing_is_smaller_than_12_px() -> None:
    sizes = [float(size) for size in re.findall(r"font-size: ([0-9.]+)rem", SHEET)]
    assert min(sizes, default=1) >= 0.75
    assert [size for size in re.findall(r"font-size: (\d+)px", SHEET) if int(size) < 12] == []


def test_only_exceptions_drafts_and_statuses_of_the_shop_have_a_ground() -> None:
    grounds = {
        selector
        for selector, body in rules()
        if ".badge-" in selector and re.search(r"background: var\(--\w+-3\)", body)
    }
    hues = {f".badge-hue-{hue}" for hue in ("slate", "indigo", "green", "amber", "red", "orange", "violet")}
    assert grounds == {".badge-draft", ".badge-look", ".badge-act"} | hues


def test_st3_a_reason_that_is_cut_stands_whole_while_its_button_is_pointed_at_or_focused() -> None:
    """It floats, so nothing moves, and is said once to readers, who hear the text that is cut for the eye only."""
    whole = [(selector, body) for selector, body in rules() if "attr(data-whole)" in body]
    assert [selector.count(":hover") + selector.count(":focus-within") for selector, _body in whole] == [2]
    assert all(
        "position: absolute" in body and 'content: attr(data-whole) / ""' in body for _selector, body in whole
    )
