"""Handing files out: for ever from a cache, or never without the right."""

import io
from uuid import uuid4

import pytest

from paseo.platform.db.unit import sql_count
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import hire
from paseo.platform.media import operations
from paseo.platform.tenancy.operations import found_tenant

from .test_papers import PDF


def as_person(client, email):
    client.force_login(Person.objects.get(email=email), backend="paseo.platform.identity.backends.PersonBackend")
    return client


def test_a_picture_comes_without_asking_the_database_and_stays_a_year(client, firm, draw, now):
    kept = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    with sql_count() as sql:
        response = client.get(kept.url(160))
        body = b"".join(response.streaming_content)
    assert (response.status_code, sql.count, body[8:12]) == (200, 0, b"WEBP")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.cookies


@pytest.mark.parametrize("path", ["161.webp", "0.webp", "160.png"])
def test_other_widths_do_not_exist(client, firm, draw, now, path):
    kept = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    assert client.get(f"/media/{kept.id}/{path}").status_code == 404
    assert client.get(f"/media/{uuid4()}/160.webp").status_code == 404
    assert client.post(kept.url(160)).status_code == 405


def test_a_paper_is_for_its_firm_only(client, firm, now, clock):
    paper = operations.store_paper(io.BytesIO(PDF), tenant_id=firm, actor="person:1", now=now)
    other = found_tenant(kind="merchant", name="Zucchini", now=now)
    hire(email="boss@example.org", tenant_id=firm, role="owner", now=now, by=None)
    hire(email="cashier@example.org", tenant_id=firm, role="cashier", now=now, by=None)
    hire(email="rival@example.org", tenant_id=other, role="owner", now=now, by=None)
    assert client.get(paper.url()).status_code == 302
    response = as_person(client, "boss@example.org").get(paper.url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == f'attachment; filename="paper-{paper.id}.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert as_person(client, "rival@example.org").get(paper.url()).status_code == 404
    assert as_person(client, "cashier@example.org").get(paper.url()).status_code == 403
    assert client.get(f"/media/papers/{uuid4()}/").status_code == 404
