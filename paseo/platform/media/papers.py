"""Looking at a PDF before it is kept."""

from __future__ import annotations

import re

from paseo.platform.media.refusals import NotAPaper, UnsafePaper

# Names in a PDF may be written with #xx for any character: /J#61vaScript is /JavaScript.
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|Encrypt)(?![A-Za-z0-9])"
)


def is_pdf(content: bytes) -> bool:
    return content[:5] == b"%PDF-"


def check_pdf(content: bytes) -> None:
    """Refuses NotAPaper and UnsafePaper.

    This finds what is written openly; compressed object streams are not opened. That is why papers are only ever
    handed out as downloads, under a policy that lets nothing in them run.
    """
    if not is_pdf(content) or b"%%EOF" not in content[-2048:]:
        raise NotAPaper
    plain = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content)
    if _UNSAFE.search(plain):
        raise UnsafePaper
