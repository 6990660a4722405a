"""The style sheet holds what WCAG 2.2 AA asks of colours, in light and in dark; computed from its own tokens."""

import re
from pathlib import Path

import pytest

from backoffice_app.ui.badge import HUES, MARKS

SHEET = (Path(__file__).parents[2] / "assets" / "kontor.css").read_text("utf-8")
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([a-z]+-\d+): light-dark\((#\w{6}), (#\w{6})\)", SHEET)
}
THEMES = {"light": 0, "dark": 1}
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("slate-1", "slate-2", "slate-3", "slate-4")
HUE_OF_TONE = {"draft": "slate", "look": "amber", "act": "red"}
"""The tones with a ground of their own; all others are words on the page, in colours that stand out from
each ground.
"""


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def of(token: str, theme: str) -> str:
    return token if token.startswith("#") else TOKENS[token][THEMES[theme]]


def test_p8_the_sheet_holds_the_steps_that_are_used_and_no_others() -> None:
    used = set(re.findall(r"var\(--((?:" + "|".join(HUES) + r")-\d+)\)", SHEET))
    assert {f"{hue}-{step}" for hue in HUES for step in (3, 12)} <= set(TOKENS)
    assert used == set(TOKENS)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["slate-12", "slate-11", "indigo-11"])
def test_wcag_1_4_3_text_stands_out_from_each_ground(theme: str, ground: str, text: str) -> None:
    assert contrast(of(text, theme), of(ground, theme)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("#ffffff", "indigo-9"),  # solid button
        ("indigo-11", "indigo-3"),  # text button under the pointer
        ("indigo-12", "indigo-3"),  # chip, chosen entry of the menu
        ("slate-11", "indigo-3"),  # quiet text in a chosen row
        ("red-11", "slate-1"),  # error under a field
        ("red-12", "red-3"),  # errors on top, refused notice
        ("amber-12", "amber-3"),  # banner
        ("amber-12", "amber-2"),  # what a customer wrote
        ("slate-11", "slate-3"),  # a button that is refused
        ("red-11", "red-3"),  # red words under the pointer
    ],
)
def test_wcag_1_4_3_text_on_colour(theme: str, text: str, ground: str) -> None:
    assert contrast(of(text, theme), of(ground, theme)) >= TEXT


@pytest.mark.parametrize(
    ("text", "ground", "theme"), [("#ffffff", "red-11", "light"), ("#111113", "red-11", "dark")]
)
def test_wcag_1_4_3_the_confirming_red_button(text: str, ground: str, theme: str) -> None:
    assert contrast(of(text, theme), of(ground, theme)) >= TEXT


@pytest.mark.parametrize(("ground", "theme"), [("indigo-10", "light"), ("indigo-8", "dark")])
def test_wcag_1_4_3_the_solid_button_under_the_pointer(ground: str, theme: str) -> None:
    assert contrast("#ffffff", of(ground, theme)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", HUES)
def test_wcag_1_4_3_each_badge_is_step_12_on_step_3(theme: str, hue: str) -> None:
    assert contrast(of(f"{hue}-12", theme), of(f"{hue}-3", theme)) >= TEXT


@pytest.mark.parametrize("tone", HUE_OF_TONE)
def test_wcag_1_4_3_each_tone_uses_step_12_on_step_3(tone: str) -> None:
    hue = HUE_OF_TONE[tone]
    rule = re.search(rf"\.badge-{tone} {{([^}}]*)}}", SHEET)
    assert rule is not None
    assert re.search(rf"background: var\(--{hue}-3\); color: var\(--{hue}-12\)", rule[1])


@pytest.mark.parametrize("mark", MARKS)
def test_wcag_1_4_1_each_badge_has_an_icon_beside_its_colour(mark: str) -> None:
    assert re.search(rf"\.mark-{mark} {{ --icon: url\(", SHEET)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("shape", "ground"),
    [
        ("slate-9", "slate-1"),  # border of a field
        ("slate-9", "slate-2"),
        ("slate-10", "slate-2"),  # icons
        ("indigo-9", "slate-1"),  # focus ring
        ("indigo-9", "slate-2"),
        ("indigo-9", "slate-3"),
        ("indigo-11", "indigo-3"),  # icons of badges
        ("green-11", "green-3"),
        ("amber-12", "amber-3"),
        ("red-11", "red-3"),
        ("slate-9", "#ffffff"),
        ("green-11", "slate-1"),  # the tick of a step that is done
        ("amber-11", "slate-2"),
    ],
)
def test_wcag_1_4_11_shapes_stand_out(theme: str, shape: str, ground: str) -> None:
    assert contrast(of(shape, theme), of(ground, theme)) >= SHAPE


def test_wcag_2_3_3_motion_stops_where_it_is_not_wanted() -> None:
    assert "@media (prefers-reduced-motion: reduce)" in SHEET


def test_every_class_of_the_bricks_is_in_the_sheet() -> None:
    bricks = (Path(__file__).parents[2] / "backoffice_app" / "ui").glob("*.py")
    used = {
        name
        for brick in bricks
        for names in re.findall(r'class_name="([a-z0-9 -]+)"', brick.read_text("utf-8"))
        for name in names.split()
    }
    assert used
    assert {name for name in used if not re.search(rf"\.{name}\b", SHEET)} == set()
