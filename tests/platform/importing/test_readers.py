import gzip
import json

import openpyxl
import pytest

from paseo.platform.importing.readers import open_file
from paseo.platform.importing.refusals import UnreadableFile

from .conftest import write


def read(path):
    reader = open_file(path)
    return reader.columns, list(reader.rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(tmp_path, mark):
    path = write(tmp_path, f'a{mark}b\n"1{mark}1"{mark}2\n')
    assert read(path) == (["a", "b"], [(2, {"a": f"1{mark}1", "b": "2"})])


@pytest.mark.parametrize(
    "encoding,word",
    [
        ("utf-8", "Café 咖啡"),
        ("utf-8-sig", "Café 咖啡"),
        ("utf-16", "咖啡"),
        ("gb18030", "咖啡馆名称"),
        ("cp1252", "Café Größe ñ"),
    ],
)
def test_character_sets_are_found_out(tmp_path, encoding, word):
    assert read(write(tmp_path, f"name\n{word}\n", encoding=encoding))[1] == [(2, {"name": word})]


def test_lines_are_those_of_an_editor(tmp_path):
    path = write(tmp_path, 'a,b\n\n"x\ny",1\r\n  ,\nz,2\n')
    assert read(path)[1] == [(3, {"a": "x\ny", "b": "1"}), (6, {"a": "z", "b": "2"})]


def test_titles_become_unique_and_short_rows_have_fewer_cells(tmp_path):
    columns, rows = read(write(tmp_path, "a,a,,b\n1,2\n1,2,3,4,5\n"))
    assert columns == ["a", "a 2", "Column 3", "b"]
    assert rows == [(2, {"a": "1", "a 2": "2"}), (3, {"a": "1", "a 2": "2", "Column 3": "3", "b": "4"})]


def test_compressed(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a\n1\n"))
    assert read(path) == (["a"], [(2, {"a": "1"})])


def test_workbooks_keep_barcodes_whole(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "name", "on"])
    book.active.append([6410405060457, "Ruisleipä", True])
    book.active.append([])
    book.active.append([6410405060457.0, 4.5, None])
    path = tmp_path / "x.xlsx"
    book.save(path)
    assert read(path) == (
        ["code", "name", "on"],
        [(2, {"code": "6410405060457", "name": "Ruisleipä", "on": "1"}), (4, {"code": "6410405060457", "name": "4.5"})],
    )


def test_geojson_feature_by_feature(tmp_path):
    features = [
        {
            "type": "Feature",
            "id": "node/1",
            "properties": {"name": 'A ] } " é', "n": 1},
            "geometry": {"type": "Point", "coordinates": [24.9, 60.1]},
        },
        {
            "type": "Feature",
            "properties": {"name": "B", "tags": {"shop": "tea"}},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]},
        },
        {"type": "Feature", "properties": {"name": "C"}, "geometry": None},
    ]
    path = write(
        tmp_path, json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "x.geojson"
    )
    columns, rows = read(path)
    assert columns == ["name", "n", "id", "lon", "lat", "tags", "shop"]
    assert rows[0] == (1, {"name": 'A ] } " é', "n": "1", "id": "node/1", "lon": "24.9", "lat": "60.1"})
    assert (rows[1][1]["lat"], rows[1][1]["lon"], rows[1][1]["shop"]) == ("1.0", "1.0", "tea")
    assert rows[2] == (3, {"name": "C"})


def test_a_large_geojson_crosses_chunks(tmp_path):
    many = [{"type": "Feature", "properties": {"name": f"Ä{n}" * 7}, "geometry": None} for n in range(5_000)]
    path = write(tmp_path, json.dumps({"features": many}, ensure_ascii=False), "x.json")
    assert [row["name"] for _, row in open_file(path).rows] == [f"Ä{n}" * 7 for n in range(5_000)]


@pytest.mark.parametrize(
    "content,why",
    [
        (b"", "it is empty."),
        (b"\n\n", "it is empty."),
        (b'{"a": 1}', "it is JSON, but not a GeoJSON collection of features."),
        (b'{"features": [{"properties"', "it ends in the middle of a feature."),
        (b'{"features": []}', "it has no features."),
        (b"PK\x03\x04 nonsense", "it is not a workbook."),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, content, why):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        list(open_file(path).rows)
    assert refused.value.params["why"] == why
