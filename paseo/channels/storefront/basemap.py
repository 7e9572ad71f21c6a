"""The drawn ground of the map: streets, houses, water and green from OpenStreetMap, as one GeoJSON file per layer.

An installation puts its own ``<layer>.geojson.gz`` into ``PASEO_VAR/basemap``; the demo brings one of its city. What a
feature is stands in its ``layer`` and ``class``; the map's style knows a few kinds, to which they are reduced here.
"""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from paseo.kernel.errors import NotFound

DAY = 86_400
BASE = "base"
SHIPPED = {BASE: "helsinki-basemap"}
_STREETS = {"major": "main", "middle": "main", "minor": "street", "service": "street", "walk": "path", "foot": "path"}

_kept: dict[str, tuple[int, bytes, str]] = {}


def _file(layer: str) -> Path | None:
    demo = find_spec("demo")
    shipped = [Path(folder) / "data" for folder in (demo.submodule_search_locations or ())] if demo else []
    files = [Path(settings.VAR) / "basemap" / f"{layer}.geojson.gz"]
    files += [folder / f"{SHIPPED[layer]}.geojson.gz" for folder in shipped if layer in SHIPPED]
    return next((path for path in files if path.is_file()), None)


def _with_kinds(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    drawn = []
    for feature in features:
        told = feature["properties"]
        kind = told.get("kind") or _kind(told.get("layer", ""), told.get("class", ""))
        if kind:
            drawn.append({"type": "Feature", "properties": {"kind": kind}, "geometry": feature["geometry"]})
    return drawn


def _kind(layer: str, detail: str) -> str:
    if layer == "street":
        return _STREETS.get(detail, "street")
    return layer if layer in {"water", "green", "building", "rail"} else ""


def _read(layer: str) -> tuple[bytes, str] | None:
    """The compressed layer and its tag; read again when the file changes, else kept."""
    path = _file(layer)
    if path is None:
        return None
    stamp = path.stat().st_mtime_ns
    kept = _kept.get(layer)
    if kept is None or kept[0] != stamp:
        read = json.loads(gzip.decompress(path.read_bytes()))
        drawn = {**read, "features": _with_kinds(read["features"])}
        text = json.dumps(drawn, separators=(",", ":"), ensure_ascii=False)
        packed = gzip.compress(text.encode(), 9, mtime=0)
        kept = _kept[layer] = (stamp, packed, sha256(packed).hexdigest()[:16])
    return kept[1], kept[2]


def address(layer: str = BASE) -> str:
    """Where a page finds the layer; empty when there is none, and the map shows its marks on plain ground."""
    found = _read(layer)
    return f"{reverse('storefront:basemap', args=[layer])}?v={found[1]}" if found else ""


@require_safe
def layer(request: HttpRequest, layer: str) -> HttpResponse:
    """One layer; under its own version it may be kept for ever."""
    found = _read(layer)
    if found is None:
        raise NotFound
    packed, version = found
    tag = f'"{version}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed, content_type="application/geo+json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(packed), content_type="application/geo+json")
    response["ETag"] = tag
    own = request.GET.get("v") == version
    response["Cache-Control"] = f"public, max-age={365 * DAY}, immutable" if own else f"public, max-age={DAY}"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
