"""Photos: what is kept, what is stripped, what is refused."""

import io
import struct
import zlib
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from paseo.kernel.errors import NotFound
from paseo.platform.media import operations, queries
from paseo.platform.media.drawing import draw as redraw
from paseo.platform.media.models import Media
from paseo.platform.media.places import image_path
from paseo.platform.media.refusals import NotAnImage, TooBig, TooManyPixels
from paseo.platform.media.values import WIDTHS, image_url


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, body: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def opened(media_id, width):
    with default_storage.open(image_path(media_id, width)) as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
    return image


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_three_widths_never_enlarged(firm, draw, now, format):
    kept = operations.store_image(io.BytesIO(draw(format)), tenant_id=firm, actor="person:1", now=now)
    assert (kept.width, kept.height, kept.content_type) == (800, 600, "image/webp")
    assert [opened(kept.id, width).size for width in WIDTHS] == [(160, 120), (480, 360), (800, 600)]
    assert {opened(kept.id, width).format for width in WIDTHS} == {"WEBP"}
    assert kept.url(480) == f"/media/{kept.id}/480.webp"
    assert (
        kept.srcset
        == f"/media/{kept.id}/160.webp 160w, /media/{kept.id}/480.webp 480w, /media/{kept.id}/1200.webp 800w"
    )


def test_place_and_camera_are_gone_and_the_picture_stands_upright(firm, draw, now):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Spycam"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    kept = operations.store_image(io.BytesIO(draw("JPEG", exif=exif)), tenant_id=firm, actor="person:1", now=now)
    assert (kept.width, kept.height) == (600, 800)
    for width in WIDTHS:
        image = opened(kept.id, width)
        assert not image.getexif() and "exif" not in image.info and "xmp" not in image.info
        with default_storage.open(image_path(kept.id, width)) as file:
            assert b"Spycam" not in file.read()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_stays(draw, mode):
    out = io.BytesIO()
    Image.new(mode, (10, 10)).save(out, "PNG")
    image = Image.open(io.BytesIO(redraw(out.getvalue(), [160]).variants[160]))
    assert image.mode == "RGBA" and image.getpixel((5, 5))[3] == 0


def test_the_same_photo_twice_is_one_per_firm(firm, draw, now):
    from paseo.platform.tenancy.operations import found_tenant

    other = found_tenant(kind="merchant", name="Zucchini", now=now)
    first = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    assert operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:2", now=now) == first
    assert operations.store_image(io.BytesIO(draw()), tenant_id=other, actor="person:1", now=now).id != first.id
    own = [
        operations.store_image(io.BytesIO(draw()), tenant_id=None, actor=a, now=now).id
        for a in ("person:1", "person:2", "person:1")
    ]
    assert own[0] == own[2] != own[1]
    assert Media.objects.count() == 4


def test_a_decompression_bomb_is_refused_by_its_header(firm, now):
    for size in ((50_000, 50_000), (20_000, 10), (7_000, 7_000)):
        with pytest.raises(TooManyPixels):
            operations.store_image(io.BytesIO(png_header(*size)), tenant_id=firm, actor="person:1", now=now)


def test_a_header_that_lies_about_its_size(firm, now):
    """Announces little, unpacks to much: the decoder stops at what was announced."""
    lie = png_header(10, 10, b"\0" * 50_000_000)
    try:
        kept = operations.store_image(io.BytesIO(lie), tenant_id=firm, actor="person:1", now=now)
    except NotAnImage:
        return
    assert (kept.width, kept.height) == (10, 10)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n%%EOF",
        b"MZ" + b"\0" * 200,
        b"PK\x03\x04" + b"\0" * 200,
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"GIF89a",
        b"\xff\xd8\xff\xe0broken",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x20ftypavif" + b"\0" * 100,
        b"BM" + b"\0" * 100,
        b"II*\x00" + b"\0" * 100,
    ],
    ids=lambda content: content[:8].hex() or "empty",
)
def test_what_is_not_a_picture(firm, now, content):
    file = io.BytesIO(content)
    file.name = "cat.png"
    with pytest.raises(NotAnImage):
        operations.store_image(file, tenant_id=firm, actor="person:1", now=now)
    assert not Media.objects.exists()


def test_a_picture_that_is_a_page_as_well_loses_the_page(firm, draw, now):
    """A polyglot: a valid GIF or PNG with a script behind it."""
    for format in ("GIF", "PNG", "JPEG"):
        content = draw(format) + b"<script>alert(1)</script>" + b"PK\x05\x06" + b"\0" * 18
        kept = operations.store_image(io.BytesIO(content), tenant_id=firm, actor="person:1", now=now)
        for width in WIDTHS:
            with default_storage.open(image_path(kept.id, width)) as file:
                assert b"<script>" not in file.read()


def test_a_wrong_ending_does_not_matter_and_the_name_never_becomes_a_path(firm, draw, now):
    file = io.BytesIO(draw("JPEG"))
    file.name = "../../etc/passwd\r\n.exe"
    kept = operations.store_image(file, tenant_id=firm, actor="person:1", now=now)
    assert kept.name == "passwd.exe"
    assert default_storage.exists(f"images/{kept.id.hex[-2:]}/{kept.id}/160.webp")


def test_too_many_bytes(firm, draw, now, settings):
    settings.PASEO = {**settings.PASEO, "UPLOAD_BYTES": 100}
    with pytest.raises(TooBig):
        operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)


def test_a_truncated_photo(firm, draw, now):
    with pytest.raises(NotAnImage):
        operations.store_image(io.BytesIO(draw("JPEG", quality=95)[:-800]), tenant_id=firm, actor="person:1", now=now)


def test_only_the_first_frame_of_a_film(firm, now):
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = operations.store_image(io.BytesIO(out.getvalue()), tenant_id=firm, actor="person:1", now=now)
    assert getattr(opened(kept.id, 160), "n_frames", 1) == 1


def test_one_pixel_and_very_narrow(firm, draw, now):
    for size in ((1, 1), (2000, 1)):
        kept = operations.store_image(io.BytesIO(draw(size=size)), tenant_id=firm, actor="person:1", now=now)
        assert opened(kept.id, 160).height == 1


def test_removing(firm, draw, now):
    kept = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    assert operations.remove(media_ids=[kept.id, uuid4()]) == 1
    assert not default_storage.exists(image_path(kept.id, 160))
    assert queries.media([kept.id]) == {}


def test_other_peoples_pictures_cannot_be_hung_up(firm, draw, now):
    kept = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    queries.require_own([kept.id, kept.id], tenant_id=firm)
    for wrong in ({"tenant_id": uuid4()}, {"tenant_id": None, "actor": "person:1"}):
        with pytest.raises(NotFound):
            queries.require_own([kept.id], **wrong)


def test_addresses_follow_from_the_id():
    id = uuid4()
    assert image_url(id, 160) == f"/media/{id}/160.webp"
    with pytest.raises(ValueError):
        image_url(id, 161)
