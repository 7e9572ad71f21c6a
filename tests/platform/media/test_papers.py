"""Papers: private, harmless, downloads only."""

import io
from uuid import uuid4

import pytest

from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.platform.media import operations, queries
from paseo.platform.media.refusals import NotAPaper, UnsafePaper
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.values import Scope

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def paper(firm, now):
    file = io.BytesIO(PDF)
    file.name = "licence.pdf"
    return operations.store_paper(file, tenant_id=firm, actor="person:1", now=now)


def test_a_pdf_is_kept_as_it_is(paper, firm):
    assert (paper.content_type, paper.bytes, paper.name, paper.width) == ("application/pdf", len(PDF), "licence.pdf", 0)
    assert paper.url() == f"/media/papers/{paper.id}/"
    assert queries.papers_of(firm) == [paper]


def test_a_photo_of_a_paper_is_drawn_anew(firm, draw, now):
    kept = operations.store_paper(io.BytesIO(draw("JPEG")), tenant_id=firm, actor="person:1", now=now)
    assert (kept.kind, kept.content_type, kept.width) == ("paper", "image/webp", 800)


@pytest.mark.parametrize(
    "inside",
    [
        b"/JavaScript (app.alert(1))",
        b"/JS (x)",
        b"/J#61vaScript (x)",
        b"/Launch",
        b"/EmbeddedFiles",
        b"/Encrypt 5 0 R",
        b"/XFA []",
    ],
)
def test_programs_and_files_inside_are_refused(firm, now, inside):
    content = PDF.replace(b"/Type", b"/OpenAction << /S " + inside + b" >> /Type")
    with pytest.raises(UnsafePaper):
        operations.store_paper(io.BytesIO(content), tenant_id=firm, actor="person:1", now=now)


def test_a_word_that_only_begins_like_one_is_fine(firm, now):
    content = PDF.replace(b"/Type", b"/JSize 1 /Type")
    assert operations.store_paper(io.BytesIO(content), tenant_id=firm, actor="person:1", now=now)


@pytest.mark.parametrize(
    "content", [b"", b"text", b"  " + PDF, b"<html>%PDF-1.7", PDF.replace(b"%%EOF", b""), b"PK\x03\x04", b"<svg/>"]
)
def test_what_is_not_a_paper(firm, now, content):
    with pytest.raises(NotAPaper):
        operations.store_paper(io.BytesIO(content), tenant_id=firm, actor="person:1", now=now)


def test_who_may_read_it(paper, firm):
    assert queries.paper(paper.id, Scope.of(firm, "store.edit")).id == paper.id
    assert queries.paper(paper.id, Scope.of(uuid4(), "merchant.approve", kind="operator")).id == paper.id
    with pytest.raises(NotFound):
        queries.paper(paper.id, Scope.of(uuid4(), "store.edit"))
    with pytest.raises(NotAllowedHere):
        queries.paper(paper.id, Scope.of(firm, "orders.see"))
    with pytest.raises(SecondFactorNeeded):
        queries.paper(paper.id, Scope.of(uuid4(), "merchant.approve", kind="operator", confirmed=False))


def test_a_photo_is_not_a_paper(firm, draw, now):
    kept = operations.store_image(io.BytesIO(draw()), tenant_id=firm, actor="person:1", now=now)
    with pytest.raises(NotFound):
        queries.paper(kept.id, Scope.of(firm, "store.edit"))
