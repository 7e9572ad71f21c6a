"""Texts travel packed."""

import gzip

import pytest

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.django_db
def test_a_page_travels_packed_for_who_can_read_it(client):
    plain = client.get("/design/")
    assert "Content-Encoding" not in plain.headers
    packed = client.get("/design/", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"</html>" in gzip.decompress(packed.content)
    assert len(packed.content) * 4 < len(plain.content)


def test_styles_travel_packed_and_pictures_as_they_are(client):
    assert client.get("/static/ui/js/app.js", headers=PACKED).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/static/ui/img/icon-192.png", headers=PACKED).headers
