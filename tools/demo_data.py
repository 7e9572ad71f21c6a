"""Takes from the large data sets the little that the demo city needs.

    python tools/demo_data.py stores EXTRACT.osm.pbf demo/data/helsinki-stores.geojson.gz
    python tools/demo_data.py products products.csv.gz demo/data/products.csv.gz

Both answers are the same for the same input: nothing is drawn by chance and no time is written.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from paseo.capabilities.catalog.rules.barcodes import Barcode, read_barcode
from paseo.capabilities.catalog.rules.names import clean_name, says_something
from paseo.capabilities.directory.values import category_of
from paseo.platform.importing.readers import osm
from paseo.platform.search.words import fold

# GS1 prefixes of the first three digits: language of the names, how many to take
PREFIXES = {
    range(640, 650): ("fi", 60), range(690, 700): ("zh-hans", 260), range(300, 380): ("fr", 260),
    range(400, 441): ("de", 260), range(840, 850): ("es", 260), range(500, 510): ("en", 220),
    range(730, 740): ("sv", 60), range(800, 840): ("it", 100), range(540, 550): ("fr", 40),
    range(870, 880): ("nl", 40), range(560, 561): ("pt", 30), range(590, 591): ("pl", 30),
}  # fmt: skip
SHELVES = {
    "drinks": "cola limonade limonada saft juice jus zumo suc water agua eau wasser tea the tee te thee bier beer biere "
    "cerveza wine vin vino coffee cafe kaffee kahvi soda drink nectar smoothie getrank boisson sirop 茶 饮料 水 咖啡 可乐 果汁",
    "sweets": "chocolat chocolate schokolade schoko choco bonbon candy caramel karamel gummy gomme miel honey honig "
    "confiture marmelade mermelada jam bombon cioccolato suklaa nougat sucre azucar sugar 糖 巧克力 蜂蜜",
    "bakery": "pain bread brot pan biscuit cookie galleta galette gateau cake kuchen keks brioche toast croissant muffin "
    "waffel gaufre leipa bizcocho magdalena 饼干 面包 蛋糕",
    "dairy": "lait milk milch leche fromage cheese kase queso yaourt yogurt joghurt yoghurt beurre butter mantequilla creme "
    "cream nata mozzarella skyr maito juusto 牛奶 酸奶 奶",
    "snacks": "chips crisps nuts noix nuss nusse nueces almond almendra mandel amande cacahuete peanut pistache popcorn "
    "cracker snack bar barre barrita riegel pipas 薯片 瓜子 花生 坚果 零食",
}
_WORDS = {word: shelf for shelf, words in SHELVES.items() for word in words.split()}


def stores(extract: Path, target: Path) -> None:
    features = []
    for _, row in osm.read(extract):
        if category_of(row) is None or not row.get("opening_hours"):
            continue
        properties = {key: value for key, value in row.items() if key not in {"lat", "lon", "id"}}
        point = {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}
        features.append({"type": "Feature", "id": row["id"], "properties": properties, "geometry": point})
    collection = {
        "type": "FeatureCollection",
        "attribution": "© OpenStreetMap contributors, ODbL 1.0",
        "features": features,
    }
    _write(target, json.dumps(collection, ensure_ascii=False, separators=(",", ":")))
    print(f"{len(features)} stores, {target.stat().st_size / 1000:.0f} kB")


def products(source: Path, target: Path) -> None:
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if good := _good(row):
                order = sha256(good["gtin"].encode()).hexdigest()
                found.setdefault(good["language"] + good["origin"], []).append((order, good))
    rows, names = [], set()
    for prefixes, (language, most) in PREFIXES.items():
        for _, good in sorted(found.get(f"{language}{prefixes.start}", ()))[: most * 3]:
            if fold(good["name"]) not in names and sum(row["origin"] == good["origin"] for row in rows) < most:
                names.add(fold(good["name"]))
                rows.append(good)
    rows.sort(key=lambda good: good["gtin"])
    text = io.StringIO()
    writer = csv.DictWriter(text, ["gtin", "name", "language", "category", "ingredients"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    _write(target, text.getvalue())
    print(f"{len(rows)} goods, {target.stat().st_size / 1000:.0f} kB, {Counter(row['category'] for row in rows)}")


def _good(row: dict[str, str]) -> dict[str, str] | None:
    barcode = read_barcode(row["barcode_id"])
    if not isinstance(barcode, Barcode) or barcode.in_store or len(barcode.code) != 13:
        return None
    three = int(barcode.code[:3])
    place = next(((prefixes, told[0]) for prefixes, told in PREFIXES.items() if three in prefixes), None)
    name = clean_name(row["product_name"], 80)
    if place is None or not says_something(name) or not 4 <= len(name) <= 60 or "�" in name or "??" in name:
        return None
    chinese = bool(re.search(r"[\u4e00-\u9fff]", name))
    if (place[1] == "zh-hans") != chinese:
        return None
    if name.isupper() or name.islower():
        name = name[:1].upper() + name[1:].lower()
    return {
        "gtin": barcode.code,
        "name": name,
        "language": place[1],
        "origin": str(place[0].start),
        "category": _shelf(name),
        "ingredients": clean_name(row["ingredients"], 400),
    }


def _shelf(name: str) -> str:
    plain = fold(name)
    for word in re.findall(r"\w+", plain):
        if shelf := _WORDS.get(word) or _WORDS.get(word.rstrip("s")):
            return shelf
    return next((shelf for word, shelf in _WORDS.items() if ord(word[0]) > 0x2E7F and word in plain), "pantry")


def _write(target: Path, text: str) -> None:
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    {"stores": stores, "products": products}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
