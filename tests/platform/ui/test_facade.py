"""A place looks the same for ever, neighbours differ, and only the light changes."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET

import pytest

from paseo.platform.ui.drawing import facade
from paseo.platform.ui.drawing.facade.shapes import fitting
from paseo.platform.ui.values import House

SEED = "0198f2c4-7f0e-7a51-9d1c-1f6f6f0f2a11"


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def test_the_same_seed_gives_the_same_parameters_for_ever() -> None:
    style = facade.style_of(SEED)
    assert (style.awning, style.form, style.wall, style.storeys, style.roof, style.bays, style.window, style.door) == (
        *EXPECTED[:7],
        EXPECTED[7],
    )


EXPECTED = tuple(
    f(hashlib.sha256(SEED.encode()).digest())
    for f in (
        lambda b: b[0] % 8,
        lambda b: b[1] % 4,
        lambda b: b[2] % 10,
        lambda b: 1 + b[3] % 3,
        lambda b: b[4] % 4,
        lambda b: 2 + b[5] % 3,
        lambda b: b[6] % 3,
        lambda b: ("left", "right", "centre")[b[7] % 3],
    )
)


def test_a_hundred_neighbours_look_different() -> None:
    assert len({facade.mark(f"place-{i}") for i in range(100)}) >= 97


@pytest.mark.parametrize("kind", facade.KINDS)
@pytest.mark.parametrize("size", [40, 56])
def test_each_kind_is_well_formed_and_told_apart_in_all_three_lights(kind: str, size: int) -> None:
    marks = [facade.mark(SEED, kind=kind, goods="books", state=state, size=size) for state in ("lit", "half", "dark")]
    assert len(set(marks)) == 3
    for mark in marks:
        root = drawn(mark)
        assert root.get("aria-hidden") == "true"
        assert root.get("width") == str(size)


def test_a_small_mark_has_fewer_and_larger_parts() -> None:
    small, large = (facade.mark(SEED, kind="pharmacy", size=size) for size in (40, 56))
    assert small.count("<path") < large.count("<path")
    assert "<circle" in facade.mark(SEED, size=56, fixed={"form": 0})
    assert "<circle" not in facade.mark(SEED, size=40, fixed={"form": 0})


def test_a_merchant_may_fix_parameters_and_nonsense_is_passed_by() -> None:
    style = facade.style_of(SEED, {"awning": 3, "door": "centre", "roof": 99, "wall": "<script>", "state": "dark"})
    assert (style.awning, style.door, style.state) == (3, "centre", "lit")
    assert style.roof == facade.style_of(SEED).roof
    assert style.wall == facade.style_of(SEED).wall


def test_a_name_on_the_sign_cannot_bring_markup() -> None:
    svg, _ = facade.front(SEED, name='<script>alert("x")</script>')
    assert "<script" not in svg


@pytest.mark.parametrize(
    ("name", "most", "sign"),
    [
        ("El Rey", 10, "El Rey"),
        ("Akateeminen Kirjakauppa", 8, "Akateeminen"),
        ("滨海咖啡馆旗舰店", 5, "滨海咖啡…"),
        ("Ravintola & Baari", 6, "Ravintola"),
    ],
)
def test_a_long_name_is_cut_at_a_word_on_the_sign_only(name: str, most: float, sign: str) -> None:
    assert fitting(name, most) == sign


def test_no_house_on_the_strip_loses_its_roof() -> None:
    for i in range(40):
        _, height = facade.front(f"place-{i}", ground=78, storey=30, most_storeys=2)
        assert height <= 168


def test_the_strip_shows_twelve_houses_at_most() -> None:
    svg = facade.street([House(f"place-{i}") for i in range(20)])
    assert len(drawn(svg).findall("g")) == 12


@pytest.mark.parametrize(
    ("category", "look"),
    [
        ("cafe", ("shop", "cup")),
        ("shop=books", ("shop", "books")),
        ("restaurant/noodles", ("shop", "bowl")),
        ("amenity=pharmacy", ("pharmacy", "bottle")),
        ("hairdresser", ("salon", "glasses")),
        ("ice_cream", ("shop", "cake")),
        ("mobile_phone", ("shop", "phone")),
        ("", ("shop", "cup")),
        ("unheard-of", ("shop", "cup")),
    ],
)
def test_the_category_gives_kind_and_goods(category: str, look: tuple[str, str]) -> None:
    assert facade.look_of(category) == look
