from pathlib import Path
from uuid import UUID

import pytest

from paseo.kernel.ids import new_id
from paseo.platform.importing import registry
from paseo.platform.importing.models import ImportedRow
from paseo.platform.importing.values import Applied, Context, Field, ImportKind, Issue, Parsed

written: dict[UUID, dict[str, str]] = {}
batches: list[int] = []


def _parse(row, context):
    if not row["name"]:
        return Issue("things.no_name", "There is no name.", "name")
    warnings = (
        ()
        if row.get("size", "1").isdigit()
        else (Issue("things.size", "{size} is no size.", "size", {"size": row["size"]}),)
    )
    return Parsed(row.get("id") or row["name"], dict(row), warnings)


def _apply(items, context):
    batches.append(len(items))
    answers = []
    for item in items:
        if item.parsed.data["name"] == "explode":
            from paseo.kernel.errors import Refusal

            raise Refusal
        id = item.known_id or new_id()
        written[id] = item.parsed.data
        answers.append(Applied(id, "changed" if item.known_id else "created"))
    return answers


THINGS = ImportKind(
    "things",
    (
        Field("id", "Number", aliases=("编号", "código")),
        Field("name", "Name", required=True, aliases=("nombre", "名称")),
        Field("size", "Size"),
    ),
    _parse,
    _apply,
    formats=("table", "geojson"),
)


@pytest.fixture(autouse=True)
def things(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {"things": THINGS})
    monkeypatch.setattr(registry, "_extensions", {})
    written.clear()
    batches.clear()


@pytest.fixture
def context(now) -> Context:
    return Context(tenant_id=None, actor="test", now=now, source="list.csv")


def write(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def memory() -> int:
    return ImportedRow.objects.count()
