"""The colours can be read, in both themes."""

import re

import pytest

from core.finders import SOURCE

TOKENS = (SOURCE / "css" / "base" / "tokens.css").read_text()
COLOR = r"--color-([a-z-]+): (#[0-9a-f]{3,6});"
TEXT_PAIRS = [
    ("text", "bg"),
    ("text", "surface"),
    ("text", "sunken"),
    ("muted", "bg"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("berry-text", "bg"),
    ("berry-text", "sunken"),
    ("berry-text", "berry-soft"),
    ("on-berry", "berry"),
    ("on-berry", "berry-hover"),
    ("leaf", "bg"),
    ("leaf", "leaf-soft"),
    ("sun", "bg"),
    ("sun", "sun-soft"),
    ("danger", "bg"),
    ("danger", "danger-soft"),
    ("info", "info-soft"),
    ("bg", "leaf"),
    ("text", "info-soft"),
    ("text", "sun-soft"),
    ("text", "danger-soft"),
    ("text", "leaf-soft"),
    ("text", "berry-soft"),
    ("berry-text", "info-soft"),
    ("berry-text", "sun-soft"),
    ("berry-text", "leaf-soft"),
    ("berry-text", "danger-soft"),
]
EDGE_PAIRS = [
    ("line-strong", "bg"),
    ("line-strong", "surface"),
    ("focus", "bg"),
    ("focus", "sunken"),
    ("berry", "bg"),
    ("on-picture", "picture"),
]


def read_colors(theme: str) -> dict[str, str]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)", 1)
    dark = dark.split("@media", 1)[0]
    colors = dict(re.findall(COLOR, light))
    if theme == "dark":
        colors |= re.findall(COLOR, dark)
    return colors


def measure_luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(one: str, other: str) -> float:
    low, high = sorted((measure_luminance(one), measure_luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_is_readable(theme, ink, paper):
    colors = read_colors(theme)

    assert measure_contrast(colors[ink], colors[paper]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "paper"), EDGE_PAIRS)
def test_edges_and_focus_are_visible(theme, edge, paper):
    colors = read_colors(theme)

    assert measure_contrast(colors[edge], colors[paper]) >= 3


def test_no_other_stylesheet_names_a_color():
    styles = [path for path in SOURCE.glob("css/**/*.css") if path.name != "tokens.css"]
    named = {path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) for path in styles}

    # A mask is no color: it says how much is seen.
    assert {name: set(found) - {"#000"} for name, found in named.items() if set(found) - {"#000"}} == {}
