"""Every pair of tokens that carries words has 4.5, every mark and outline 3, by day and by night."""

from __future__ import annotations

from itertools import pairwise

import pytest

from paseo.platform.ui import contrast


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast.ratio("#000", "#ffffff") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("pair", contrast.pairs(), ids=lambda pair: f"{pair.front} on {pair.ground}")
def test_pair(pair: contrast.Pair) -> None:
    assert pair.day >= pair.least
    assert pair.night >= pair.least


def test_neighbouring_chart_tones_differ_in_lightness() -> None:
    """So that grey prints and every kind of color vision can tell them: at least 15 L*."""

    def lightness(color: str) -> float:
        y = contrast.luminance(color)
        return 116 * (y ** (1 / 3) if y > 0.008856 else 7.787 * y + 16 / 116) - 16

    for scheme in (0, 1):
        tones = [lightness(contrast.tokens()[f"c{i}"][scheme]) for i in range(1, 7)]
        assert all(abs(one - other) >= 15 for one, other in pairwise(tones))


def test_the_lamp_is_never_a_text_color() -> None:
    for sheet in contrast.FOLDER.glob("*.css"):
        for line in sheet.read_text(encoding="utf-8").splitlines():
            for rule in line.split(";"):
                declaration = rule.rsplit("{", 1)[-1].strip()
                assert declaration != "color: var(--lamp)" or ".badge" in line, f"{sheet.name}: {line.strip()}"
