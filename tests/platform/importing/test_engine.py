import csv
import io
import json
import tracemalloc
from dataclasses import replace

import pytest

from paseo.kernel.errors import NotFound
from paseo.kernel.ids import new_id
from paseo.platform.importing import command, engine, operations, queries
from paseo.platform.importing.models import ImportedRow
from paseo.platform.importing.refusals import MissingColumns, UnknownColumn, UnknownKind, WrongFormat
from paseo.platform.importing.registry import extend_kind
from paseo.platform.importing.values import Extension, Field, Issue

from .conftest import batches, memory, write, written

pytestmark = pytest.mark.django_db

LIST = "编号,名称,size\n1,Cup,3\n2,,4\n3,Bowl,big\n1,Cup again,5\n4,Plate,1\n"


def test_every_row_ends_accepted_warned_or_refused(tmp_path, context):
    told = []
    refusals = tmp_path / "refusals.csv"
    report = engine.run("things", write(tmp_path, LIST), context, tell=told.append, refusals_path=refusals)
    assert (report.rows, report.accepted, report.warned, report.refused, report.created) == (5, 2, 1, 2, 3)
    assert report.mapping == {"id": "编号", "name": "名称", "size": "size"}
    assert report.reasons == {"things.no_name": 1, "things.size": 1, "importing.doubled": 1}
    assert [(row.line, row.level, str(row.issue)) for row in told] == [
        (3, "refused", "There is no name."),
        (4, "warned", "big is no size."),
        (5, "refused", "The same thing is already on line 2 of this file."),
    ]
    assert list(csv.reader(refusals.open(encoding="utf-8"))) == [
        ["line", "level", "reason", "编号", "名称", "size"],
        ["3", "refused", "There is no name.", "2", "", "4"],
        ["4", "warned", "big is no size.", "3", "Bowl", "big"],
        ["5", "refused", "The same thing is already on line 2 of this file.", "1", "Cup again", "5"],
    ]


def test_a_second_run_changes_nothing_and_says_so(tmp_path, context):
    path = write(tmp_path, LIST)
    engine.run("things", path, context)
    batches.clear()
    report = engine.run("things", path, context)
    assert (report.created, report.changed, report.unchanged, report.refused) == (0, 0, 3, 2)
    assert batches == [] and memory() == 3


def test_only_what_is_different_is_written_again(tmp_path, context):
    engine.run("things", write(tmp_path, LIST), context)
    report = engine.run("things", write(tmp_path, LIST.replace("Plate,1", "Plate,2")), context)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 2)
    assert sorted(data["size"] for data in written.values()) == ["2", "3", "big"]


def test_sources_and_tenants_do_not_know_each_other(tmp_path, context):
    path = write(tmp_path, LIST)
    engine.run("things", path, context)
    assert engine.run("things", path, replace(context, source="other.csv")).created == 3
    assert engine.run("things", path, replace(context, tenant_id=new_id())).created == 3
    assert memory() == 9


def test_a_dry_run_writes_nothing(tmp_path, context):
    report = engine.run("things", write(tmp_path, LIST), context, dry_run=True, mapping={"size": ""})
    assert (report.rows, report.accepted, report.refused, report.created) == (5, 3, 2, 3)
    assert report.dry_run and memory() == 0 and not written


def test_one_refused_row_does_not_stop_its_batch(tmp_path, context):
    report = engine.run("things", write(tmp_path, "id,name\n1,a\n2,explode\n3,c\n"), context)
    assert (report.accepted, report.refused, report.reasons) == (2, 1, {"refused": 1})
    assert set(ImportedRow.objects.values_list("external_id", flat=True)) == {"1", "3"}


def test_a_mapping_is_corrected_once_and_remembered(tmp_path, context):
    path = write(tmp_path, "what,number\nCup,1\n")
    with pytest.raises(MissingColumns) as refused:
        engine.run("things", path, context)
    assert refused.value.params == {"missing": "name", "columns": "what, number"}
    assert engine.run("things", path, context, mapping={"name": "what", "id": "number"}).created == 1
    assert engine.run("things", path, context).unchanged == 1, "without saying it again"
    with pytest.raises(MissingColumns):
        engine.run("things", path, replace(context, tenant_id=new_id()))
    for wrong in ({"name": "that"}, {"nothing": "what"}):
        with pytest.raises(UnknownColumn):
            engine.run("things", path, context, mapping=wrong)


def test_files_as_a_whole_are_refused(tmp_path, context):
    with pytest.raises(UnknownKind):
        engine.run("dreams", write(tmp_path, LIST), context)
    osm = write(tmp_path, "....OSMHeader....", "x.osm.pbf")
    with pytest.raises(WrongFormat):
        engine.run("things", osm, context)


def test_higher_packages_add_columns(tmp_path, context):
    stock = {}

    def parse(row, parsed, context):
        text = row.get("stock", "")
        if not text:
            return None, ()
        if not text.isdigit():
            return None, (Issue("stock.bad", "{text} is no number.", "stock", {"text": text}),)
        return int(text), ()

    def apply(rows, context):
        stock.update({applied.subject_id: value for _, applied, value in rows})

    extend_kind("things", Extension("stock", (Field("stock", "Stock", aliases=("库存",)),), parse, apply))
    path = write(tmp_path, "id,name,库存\n1,a,5\n2,b,\n3,c,many\n")
    report = engine.run("things", path, context)
    assert (report.accepted, report.warned, sorted(stock.values())) == (2, 1, [5])
    engine.run("things", write(tmp_path, "id,name,库存\n1,a,7\n2,b,\n"), context)
    assert list(stock.values()) == [7], "a change in an added column is a change"


def test_the_command_line(tmp_path, context, clock):
    path, out = write(tmp_path, LIST), io.StringIO()
    refusals = tmp_path / "r.csv"
    code = command.main(["things", str(path), "--json", "--refusals", str(refusals)], out=out)
    answer = json.loads(out.getvalue())
    assert code == 1 and (answer["accepted"], answer["warned"], answer["refused"]) == (2, 1, 2)
    assert answer["refusals_file"] == str(refusals) and refusals.exists()
    out = io.StringIO()
    assert command.main(["things", str(path)], out=out) == 1
    assert "Nothing has changed since the last import." in out.getvalue()
    assert "line 3: There is no name." in out.getvalue()
    err = io.StringIO()
    assert command.main(["dreams", str(path)], out=out, err=err) == 2
    assert "Nothing called “dreams” can be imported." in err.getvalue()
    good = write(tmp_path, "what\nCup\n", "good.csv")
    assert command.main(["things", str(good), "--map", "name=what", "--json"], out=io.StringIO()) == 0


def test_a_run_from_the_console(tmp_path, now, settings):
    settings.VAR = tmp_path
    path = operations.keep_upload(io.BytesIO(LIST.encode()), "list.csv")
    tenant, other = new_id(), new_id()
    shown = queries.columns_of("things", path, "list.csv", tenant)
    assert shown.mapping == {"id": "编号", "name": "名称", "size": "size"} and shown.rows[0]["名称"] == "Cup"
    id = operations.start_import(kind="things", path=path, file_name="list.csv", tenant_id=tenant, now=now, actor="me")
    assert queries.run(tenant, id).state == "waiting"
    report = operations.carry_out(id, now)
    assert report is not None and report.created == 3
    assert operations.carry_out(id, now) is None, "a run runs once"
    run = queries.run(tenant, id)
    assert (run.state, run.report["refused"], run.finished_at) == ("done", 2, now)
    assert [(issue.line, issue.level) for issue in queries.issues(tenant, id)] == [
        (3, "refused"),
        (4, "warned"),
        (5, "refused"),
    ]
    assert [run.id for run in queries.runs(tenant)] == [id]
    assert queries.refusals_file(tenant, id).read_text().startswith("line,level,reason")
    assert not path.exists(), "what was taken over is not kept twice"
    for ask in (queries.run, queries.issues, queries.refusals_file):
        with pytest.raises(NotFound):
            ask(other, id)


def test_a_failed_run_says_why(tmp_path, now, settings):
    settings.VAR = tmp_path
    path = operations.keep_upload(io.BytesIO(LIST.encode()), "list.csv")
    id = operations.start_import(kind="things", path=path, file_name="list.csv", tenant_id=None, now=now, actor="me")
    path.write_bytes(b"")
    assert operations.carry_out(id, now) is None
    assert queries.run(None, id).state == "failed" and "it is empty." in queries.run(None, id).problem


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path, context):
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,size\n")
        for number in range(200_000):
            file.write(f"{number},Thing number {number} 咖啡,{'x' if number % 50 == 0 else number % 9}\n")
    peaks, used = [], []

    def progress(report):
        if report.rows in (10_000, 200_000):
            used.append(tracemalloc.get_traced_memory()[0])
            peaks.append(tracemalloc.get_traced_memory()[1])
        written.clear()

    tracemalloc.start()
    try:
        report = engine.run("things", path, context, dry_run=True, progress=progress, refusals_path=tmp_path / "r.csv")
    finally:
        tracemalloc.stop()
    assert (report.rows, report.accepted, report.warned) == (200_000, 196_000, 4_000)
    assert used[1] - used[0] < 2_000_000 and peaks[1] < 40_000_000
