"""Every pair of text and background of the style sheet, in light, dark and print (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

SHEET = (files("socle.kernel.web") / "static" / "socle" / "socle.css").read_text("utf-8")
TEXT = [
    *[(ink, ground) for ink in ("ink", "muted", "brand", "warm", "bad") for ground in ("paper", "card")],
    *[("ink", ground) for ground in ("brand-soft", "warm-soft", "bad-soft")],
    ("muted", "brand-soft"),
    ("brand", "brand-soft"),
    ("warm", "warm-soft"),
    ("bad", "bad-soft"),
    ("on-solid", "solid"),
]
CONTROLS = [
    *[(edge, ground) for edge in ("edge", "focus", "brand", "bad") for ground in ("paper", "card")],
    ("warm-edge", "warm-soft"),
    ("brand", "brand-soft"),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))


def schemes() -> dict[str, dict[str, str]]:
    """The colours of each scheme: light, and what the others change."""
    light, dark, printed = (tokens(block) for block in re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL))
    return {"light": light, "dark": light | dark, "print": light | printed}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    dim, bright = sorted((luminance(first), luminance(second)))
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(scheme: str, ink: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), CONTROLS)
def test_controls_stand_out(scheme: str, edge: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[edge], colours[ground]) >= 3


def test_colours_are_written_only_as_tokens() -> None:
    rules = re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", rules)


def test_dark_and_print_give_values_to_the_same_names() -> None:
    light, dark, printed = (tokens(block) for block in re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL))
    assert set(dark) == set(light)
    assert set(printed) <= set(light)
