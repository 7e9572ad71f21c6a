"""Reading what callers send: text that a database can hold, numbers that are numbers, nesting that ends."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser

DEEPEST = 40


class StrictParser(Parser):
    """Python's own JSON reader also takes NaN, half characters and NUL; none of them can be written down."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = request.body
        found = json.loads(body.decode(), parse_constant=_no_number)
        if b"\\u" in body:
            json.dumps(found, ensure_ascii=False).encode()
        if b"\\u0000" in body and "\\u0000" in json.dumps(found):
            raise ValueError("NUL is not a character of any text.")
        if _depth(found) > DEEPEST:
            raise ValueError("Nested too deeply.")
        return found

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> Any:
        for values in data.lists():
            for text in (values[0], *values[1]):
                if isinstance(text, str) and not _is_writable(text):
                    raise HttpError(400, "A text that cannot be written down.")
        return super().parse_querydict(data, list_fields, request)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number.")


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _depth(value: Any) -> int:
    """How deep lists and objects lie in each other; counted without recursion, up to one more than is allowed."""
    layer, depth = [value], 0
    while layer and depth <= DEEPEST:
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth
