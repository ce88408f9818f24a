"""Colours can be read in both schemes, and be told apart by those who see fewer of them."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from boxbuild.views.page import assets

# Machado, Oliveira and Fernandes 2009: what one sees without red, without green, and without blue cones
SEEN = {
    "all": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def schemes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", assets.style())
    found = {head.strip(): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body)) for head, body in blocks}
    return {
        "light": found[":root"],
        "dark": found[':root[data-scheme="dark"]'],
        "system": found[':root:not([data-scheme="light"])'],
    }


def linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red, green, blue))  # type: ignore[return-value]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def oklab(colour: str, eye: str) -> tuple[float, ...]:
    r, g, b = (sum(w * v for w, v in zip(row, linear(colour), strict=True)) for row in SEEN[eye])
    lms = (
        0.4122 * r + 0.5363 * g + 0.0514 * b,
        0.2119 * r + 0.6807 * g + 0.1074 * b,
        0.0883 * r + 0.2817 * g + 0.6300 * b,
    )
    long, middle, short = (max(v, 0) ** (1 / 3) for v in lms)
    return (
        0.2105 * long + 0.7936 * middle - 0.0041 * short,
        1.9780 * long - 2.4286 * middle + 0.4506 * short,
        0.0259 * long + 0.7828 * middle - 0.8087 * short,
    )


def apart(one: str, other: str, eye: str) -> float:
    pairs = zip(oklab(one, eye), oklab(other, eye), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_the_dark_scheme_is_the_same_whoever_chose_it() -> None:
    assert schemes()["dark"] == schemes()["system"]
    assert schemes()["dark"].keys() == schemes()["light"].keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_marks_stand_out(scheme: str) -> None:
    colours = schemes()[scheme]
    for name in ("ink", "soft", "mark", "good", "warn", "bad"):
        for ground in ("ground", "raised"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for kind in ("good", "warn", "bad"):
        assert contrast(colours[kind], colours[f"{kind}-ground"]) >= 4.5, kind
        assert contrast(colours["soft"], colours[f"{kind}-ground"]) >= 4.5, kind
    for place in range(1, 9):
        assert contrast(colours[f"c{place}"], colours["ground"]) >= 3, place
    assert contrast(colours["focus"], colours["ground"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_in_a_shaded_cell_is_read(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours["soft"], colours["h0"]) >= 4.5
    for level in range(1, 8):
        text = colours["ink"] if level <= 3 else colours["on-deep"]
        assert contrast(text, colours[f"h{level}"]) >= 4.5, level


@pytest.mark.parametrize("eye", sorted(SEEN))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart(scheme: str, eye: str) -> None:
    colours = schemes()[scheme]
    for one, other in combinations([colours[f"c{place}"] for place in range(1, 9)], 2):
        assert apart(one, other, eye) >= 0.05, (one, other)
