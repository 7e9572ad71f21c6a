"""How text is cut into words: the same for what is indexed and for what is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff"
_RUN = re.compile(rf"[{_HAN}]+|[{_KANA}]+|[^\W_{_HAN}{_KANA}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_IS_UNSPACED = re.compile(rf"[{_HAN}{_KANA}]")
_APOSTROPHE = re.compile(r"(?<=\w)['`\u2019\u00b4](?=\w)")
_IDLE = frozenset(
    ("附近", "的", "和", "在", "有", "哪里", "店", "near", "me", "the", "and", "of", "in", "der", "die", "das", "und")
)


def fold(text: str) -> str:
    """Lower case without accents; full-width letters become plain ones."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def runs(text: str) -> list[str]:
    """Words of letters and digits, and unbroken runs of Chinese characters."""
    return _RUN.findall(_APOSTROPHE.sub("", fold(text)))


def is_unspaced(word: str) -> bool:
    """Whether it is of a script without spaces: Chinese characters, Japanese kana. Such words are found by pairs."""
    return bool(_IS_UNSPACED.match(word))


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """Everything under which a text is found, each once, in order."""
    found: dict[str, None] = {}
    for run in runs(text):
        if is_unspaced(run):
            for word in (*run, *pairs(run), *_cut(run, search=True)):
                found[word] = None
        else:
            found[run[:40]] = None
    return list(found)


def _cut(run: str, *, search: bool = False) -> list[str]:
    if not _IS_HAN.match(run):
        return [run]
    import rjieba  # loads a dictionary: only where Chinese is cut

    return list(rjieba.cut_for_search(run) if search else rjieba.cut(run))


@lru_cache(maxsize=4096)
def asked(query: str) -> tuple[str, ...]:
    """The words of a question, at most eight, without those that say nothing (unless there are no others)."""
    words: list[str] = []
    for run in runs(query[:200]):
        words += _cut(run) if is_unspaced(run) else [run[:40]]
    telling = [word for word in words if word not in _IDLE]
    return tuple(dict.fromkeys(telling or words))[:8]


def _single(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def forms(word: str) -> set[str]:
    """The word with double letters made single, and that with any one letter left out.

    Two words that differ by one letter more, less, other or swapped, or by doubled letters, share a form.
    """
    base = _single(word)
    return {base} | {base[:at] + base[at + 1 :] for at in range(len(base))}


def correctable(words: Iterable[str]) -> set[str]:
    """The words that may be a correction: letters only, of a sensible length."""
    return {word for word in words if 3 <= len(word) <= 24 and word.isalpha() and not is_unspaced(word)}


def distance(a: str, b: str, most: int = 3) -> int:
    """Edits between two words, a swap of neighbours counting once; ``most`` + 1 when there are more than ``most``."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
