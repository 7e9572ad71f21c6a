"""Decoding strange pictures safely and drawing them anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from paseo.platform.media.refusals import NotAnImage, TooManyPixels

MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000

# The leading bytes decide, never the name or what the browser says.
_MARKS: tuple[tuple[str, int, bytes], ...] = (
    ("JPEG", 0, b"\xff\xd8\xff"),
    ("PNG", 0, b"\x89PNG\r\n\x1a\n"),
    ("GIF", 0, b"GIF87a"),
    ("GIF", 0, b"GIF89a"),
    ("WEBP", 8, b"WEBP"),
    ("AVIF", 4, b"ftypavif"),
    ("AVIF", 4, b"ftypavis"),
)


@dataclass(frozen=True)
class Drawn:
    width: int
    height: int
    variants: dict[int, bytes]


def picture_format(head: bytes) -> str | None:
    """The format that the leading bytes announce; None for everything else, SVG included."""
    for name, at, mark in _MARKS:
        if head[at : at + len(mark)] == mark and (name != "WEBP" or head[:4] == b"RIFF"):
            return name
    return None


def draw(content: bytes, widths: Iterable[int]) -> Drawn:
    """The first frame, upright, in sRGB, without metadata, as WebP in each width; never enlarged.

    Refuses NotAnImage, TooManyPixels. The size is read from the header before any pixel is decoded.
    """
    found = picture_format(content[:16])
    if found is None:
        raise NotAnImage
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=[found])
        if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
            raise TooManyPixels(megapixels=MAX_PIXELS // 1_000_000)
        if min(image.size) < 1:
            raise NotAnImage
        if found == "JPEG":
            image.draft("RGB", (max(widths := sorted(widths)), max(widths)))
        image.load()
        upright = _in_srgb(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(megapixels=MAX_PIXELS // 1_000_000) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, MemoryError, OverflowError):
        # Pillow answers broken input with any of these.
        raise NotAnImage from None
    return Drawn(upright.width, upright.height, {width: _webp(upright, width) for width in widths})


def _in_srgb(image: Image.Image) -> Image.Image:
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    profile = image.info.get("icc_profile")
    plain = image.convert("RGBA" if transparent else "RGB")
    if profile and image.mode in {"RGB", "RGBA"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode=plain.mode)
            plain = converted or plain
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile only costs a shade of color
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _webp(image: Image.Image, width: int) -> bytes:
    shown = image
    if image.width > width:
        shown = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
