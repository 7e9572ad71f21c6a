import pytest
from hypothesis import given
from hypothesis import strategies as st

from paseo.kernel.codes import (
    ALPHABET,
    Mistyped,
    check_character,
    check_code,
    grouped,
    human_code,
    new_token,
    token_hash,
)

bodies = st.text(ALPHABET, min_size=3, max_size=20)


@given(bodies, st.data())
def test_every_single_wrong_character_is_noticed(body, data):
    code = body + check_character(body)
    position = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != code[position]]))
    with pytest.raises(Mistyped):
        check_code(code[:position] + wrong + code[position + 1 :])


def test_swaps_of_neighbours_are_noticed_but_for_the_known_pair():
    missed = set()
    for a in ALPHABET:
        for b in ALPHABET:
            if a != b and check_character("7" + a + b) == check_character("7" + b + a):
                missed.add(frozenset((a, b)))
    assert missed == {frozenset(("2", "Z"))}


def test_reading_is_forgiving_in_form_only():
    code = human_code(b"key", "voucher-1")
    assert len(code) == 12
    assert check_code(f" {grouped(code).lower()} ") == code == human_code(b"key", "voucher-1")
    assert human_code(b"other", "voucher-1") != code
    for bad in ("", "O0I1", code + "2", "💥", "A" * 500):
        with pytest.raises(Mistyped):
            check_code(bad, 12)


def test_tokens_are_long_and_stored_hashed():
    assert len(new_token()) == 32
    assert new_token() != new_token()
    assert token_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
