from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from paseo.capabilities.catalog.refusals import OptionGone, TooFewOptions, TooManyOptions
from paseo.capabilities.catalog.rules.barcodes import Barcode, read_barcode
from paseo.capabilities.catalog.rules.choices import check_options
from paseo.capabilities.catalog.rules.names import clean_name, clean_texts, says_something
from paseo.capabilities.catalog.values import GroupView, OptionView


@pytest.mark.parametrize(
    "text,result",
    [
        ("6410405060457", Barcode("6410405060457", False)),
        (" 641 0405-060457 ", Barcode("6410405060457", False)),
        ("6410405060457.0", Barcode("6410405060457", False)),
        ("036000291452", Barcode("0036000291452", False)),
        ("0036000291452", Barcode("0036000291452", False)),
        ("00036000291452", Barcode("0036000291452", False)),
        ("16410405060454", Barcode("16410405060454", False)),
        ("96385074", Barcode("96385074", False)),
        ("2000000000015", Barcode("2000000000015", True)),
        ("0200000000011", Barcode("0200000000011", True)),
        ("0400000000015", Barcode("0400000000015", True)),
        ("20123451", Barcode("20123451", True)),
        ("", "empty"),
        ("  ", "empty"),
        ("6410405060458", "check"),
        ("641040506045", "check"),
        ("12345", "length"),
        ("7.61E+12", "digits"),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in "6410405060457"), "digits"),
    ],
)
def test_verdicts_on_barcodes(text, result):
    assert read_barcode(text) == result


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_any_single_wrong_digit_is_seen(digits, at, shift):
    good = digits + ean.calc_check_digit(digits)
    assert isinstance(read_barcode(good), Barcode)
    bad = good[:at] + str((int(good[at]) + shift) % 10) + good[at + 1 :]
    assert read_barcode(bad) == "check"


@pytest.mark.parametrize(
    "typed,clean",
    [
        ("Caf&eacute; &amp;amp; Th&#233;", "Café & Thé"),
        ("  Salade\tverte \r\n bio ", "Salade verte bio"),
        ("<b>Bold</b> taste", "Bold taste"),
        ("2 < 3 > 1", "2 < 3 > 1"),
        ("Ka\u0301ve\u200b", "Káve"),
        ("酱油", "酱油"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_are_cleaned(typed, clean):
    assert clean_name(typed) == clean


def test_empty_texts_are_left_out():
    assert clean_texts({"EN": " a ", "es": " ", "zh-Hans": "茶"}) == {"en": "a", "zh-hans": "茶"}
    assert says_something("茶") and says_something("7Up") and not says_something("123 %")


def _group(kind="choice", least=0, most=1, count=3) -> GroupView:
    id = uuid4()
    options = tuple(OptionView(uuid4(), id, id, kind, {"en": str(n)}, 0, (), n < 3) for n in range(count))
    return GroupView(id, kind, {"en": "Milk"}, least, most, options)


def test_chosen_options_must_fit_their_groups():
    milk, extras = _group(least=1), _group(most=2, count=4)
    oat, soy, _ = milk.options
    a, b, c, off = extras.options
    assert check_options([milk, extras], [b.id, oat.id, a.id]) == (oat, a, b)
    with pytest.raises(TooFewOptions) as few:
        check_options([milk, extras], [a.id])
    assert few.value.params == {"group": {"en": "Milk"}, "least": 1, "chosen": 0}
    with pytest.raises(TooManyOptions):
        check_options([milk, extras], [oat.id, a.id, b.id, c.id])
    for gone in ([oat.id, uuid4()], [oat.id, oat.id], [oat.id, off.id]):
        with pytest.raises(OptionGone):
            check_options([milk, extras], gone)
    assert check_options([], []) == ()
    assert soy.active
