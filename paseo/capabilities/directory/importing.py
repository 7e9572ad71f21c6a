"""The import of stores: OpenStreetMap extracts, GeoJSON, tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from paseo.capabilities.directory import indexing
from paseo.capabilities.directory.models import Merchant, Store
from paseo.capabilities.directory.operations import add_store, apply_merchant, edit_store, set_hours
from paseo.capabilities.directory.rules.hours import repaired
from paseo.capabilities.directory.rules.phones import e164, web_address
from paseo.capabilities.directory.values import CATEGORIES, Address, Category, category_of
from paseo.kernel.errors import N_
from paseo.kernel.geo import Point
from paseo.kernel.ids import stable_id
from paseo.platform.importing.registry import register_kind
from paseo.platform.importing.values import Applied, Context, Field, ImportKind, Issue, Parsed, Pending, Row
from paseo.platform.search.words import fold

FIELDS = (
    Field("external_id", N_("Number in the source"), aliases=("id", "osm_id", "@id", "placeID", "locationid", "编号")),
    Field(
        "name", N_("Name"), required=True, aliases=("Applicant", "store", "shop name", "nombre", "名称", "店名", "nimi")
    ),
    Field("name_en", N_("Name in English"), aliases=("name:en",)),
    Field("name_zh", N_("Name in Chinese"), aliases=("name:zh", "name:zh-Hans", "中文名")),
    Field("name_es", N_("Name in Spanish"), aliases=("name:es",)),
    Field("name_fi", N_("Name in Finnish"), aliases=("name:fi",)),
    Field("name_sv", N_("Name in Swedish"), aliases=("name:sv",)),
    Field("lat", N_("Latitude"), required=True, aliases=("latitude", "latitud", "纬度", "y")),
    Field("lon", N_("Longitude"), required=True, aliases=("lng", "long", "longitude", "longitud", "经度", "x")),
    Field("category", N_("Category"), aliases=("categoría", "类别", "分类", "FacilityType")),
    Field("shop", "shop"),
    Field("amenity", "amenity"),
    Field("tourism", "tourism"),
    Field("leisure", "leisure"),
    Field("craft", "craft"),
    Field("cuisine", N_("Cuisine"), aliases=("Rcuisine", "cocina", "菜系")),
    Field("hours", N_("Opening hours"), aliases=("opening_hours", "opening hours", "horario", "营业时间", "dayshours")),
    Field("phone", N_("Telephone"), aliases=("contact:phone", "telephone", "tel", "teléfono", "电话")),
    Field("website", N_("Website"), aliases=("contact:website", "url", "web", "网站")),
    Field("street", N_("Street"), aliases=("addr:street", "address", "Address", "calle", "dirección", "地址", "街道")),
    Field("house_number", N_("House number"), aliases=("addr:housenumber", "number", "número", "门牌号")),
    Field("postal_code", N_("Postal code"), aliases=("addr:postcode", "postcode", "zip", "código postal", "邮编")),
    Field("city", N_("City"), aliases=("addr:city", "ciudad", "城市")),
    Field("country", N_("Country"), aliases=("addr:country", "país", "国家")),
    Field("level", N_("Floor"), aliases=("floor", "planta", "楼层")),
    Field("brand", N_("Brand"), aliases=("operator", "franchise", "marca", "品牌")),
    Field("description", N_("Description"), aliases=("descripción", "描述", "FoodItems")),
)
MISSING = frozenset({"", "?", "-", "n/a", "na", "none", "null", "unknown"})
_LANGUAGES = {"name_en": "en", "name_zh": "zh-hans", "name_es": "es", "name_fi": "fi", "name_sv": "sv"}
_COUNTRIES = {
    "china": "CN",
    "中国": "CN",
    "deutschland": "DE",
    "españa": "ES",
    "finland": "FI",
    "france": "FR",
    "germany": "DE",
    "mexico": "MX",
    "méxico": "MX",
    "spain": "ES",
    "suomi": "FI",
    "united states": "US",
    "usa": "US",
}


@dataclass(frozen=True, slots=True)
class StoreDraft:
    name: dict[str, str]
    category: str
    point: Point
    address: Address
    tags: tuple[str, ...] = ()
    hours: str = ""
    phone: str = ""
    website: str = ""
    brand: str = ""
    description: dict[str, str] = field(default_factory=dict)


def parse_row(row: Row, context: Context) -> Parsed | Issue:
    """A store, or why the row is none. What is wrong but not needed is left out with a warning."""
    values = {name: "" if text.strip().lower() in MISSING else text.strip() for name, text in row.items()}
    if not values.get("name"):
        return Issue("stores.no_name", N_("There is no name."), "name")
    point = _point(values)
    if isinstance(point, Issue):
        return point
    category = _category(values, context)
    if category is None:
        return Issue("stores.not_a_store", N_("This is not a place that sells something."), "category")
    warnings: list[Issue] = []
    country = _country(values.get("country", ""), context)
    name = _names(values, str(context.options.get("language", "en")))
    draft = StoreDraft(
        name=name,
        category=category.key,
        point=point,
        address=_address(values, country),
        tags=tuple(tag.strip() for tag in re.split(r"[;,]", values.get("cuisine", "")) if tag.strip())[:8],
        hours=_hours(values.get("hours", ""), warnings),
        phone=_phone(values.get("phone", ""), country, warnings),
        website=_website(values.get("website", ""), warnings),
        brand=values.get("brand", ""),
        description={str(context.options.get("language", "en")): values["description"][:500]}
        if values.get("description")
        else {},
    )
    return Parsed(_external_id(values, draft), draft, tuple(warnings))


def _point(values: Mapping[str, str]) -> Point | Issue:
    try:
        point = Point(float(values.get("lat", "").replace(",", ".")), float(values.get("lon", "").replace(",", ".")))
    except ValueError:
        return Issue("stores.no_position", N_("Latitude and longitude are missing or impossible."), "lat")
    if abs(point.lat) < 0.001 and abs(point.lon) < 0.001:
        return Issue("stores.null_island", N_("The position is 0, 0: somewhere in the Atlantic."), "lat")
    return point


def _category(values: Mapping[str, str], context: Context) -> Category | None:
    if found := category_of(values):
        return found
    typed = fold(values.get("category", ""))
    for category in CATEGORIES.values():
        if typed and typed in {category.key, *(fold(name) for name in category.name.values())}:
            return category
    if any(values.get(key) for key in ("shop", "amenity", "tourism", "leisure", "craft")):
        return None
    return CATEGORIES.get(str(context.options.get("category", "restaurant" if values.get("cuisine") else "other")))


def _names(values: Mapping[str, str], language: str) -> dict[str, str]:
    """The plain name is in the language of the place; named languages come beside it."""
    names = {language: values["name"][:200]}
    for column, code in _LANGUAGES.items():
        if text := values.get(column):
            names[code] = text[:200]
    return names


def _country(text: str, context: Context) -> str:
    plain = text.strip()
    if len(plain) == 2 and plain.isalpha():
        return plain.upper()
    return _COUNTRIES.get(plain.lower(), str(context.options.get("country", "")).upper())


def _address(values: Mapping[str, str], country: str) -> Address:
    return Address(
        street=values.get("street", ""),
        house_number=values.get("house_number", ""),
        postal_code=values.get("postal_code", ""),
        city=values.get("city", ""),
        country=country,
        level=values.get("level", ""),
    )


def _hours(text: str, warnings: list[Issue]) -> str:
    understood = repaired(text)
    if understood is None or len(understood) > 500:
        warnings.append(
            Issue(
                "stores.hours",
                N_("The opening hours “{text}” cannot be read and were left out."),
                "hours",
                {"text": text[:80]},
            )
        )
        return ""
    if understood != " ".join(text.split()):
        params = {"text": text[:80], "understood": understood}
        warnings.append(
            Issue(
                "stores.hours_read_as", N_("The opening hours “{text}” were read as “{understood}”."), "hours", params
            )
        )
    return understood


def _phone(text: str, country: str, warnings: list[Issue]) -> str:
    number = e164(text, country) if text else ""
    if number is None:
        warnings.append(
            Issue(
                "stores.phone",
                N_("The telephone number “{text}” is not possible and was left out."),
                "phone",
                {"text": text[:40]},
            )
        )
    return number or ""


def _website(text: str, warnings: list[Issue]) -> str:
    address = web_address(text)
    if address is None:
        warnings.append(
            Issue(
                "stores.website",
                N_("The website “{text}” is no address and was left out."),
                "website",
                {"text": text[:80]},
            )
        )
    return address or ""


def _external_id(values: Mapping[str, str], draft: StoreDraft) -> str:
    """The source's own number; without one the name and the position to about eleven metres."""
    if given := values.get("external_id"):
        return given[:120]
    plain = fold(next(iter(draft.name.values())))[:60]
    return f"{plain}@{draft.point.lat:.4f},{draft.point.lon:.4f}"


def apply_batch(items: Sequence[Pending], context: Context) -> list[Applied]:
    with indexing.together():
        return [_apply(item.parsed.data, item.known_id, context) for item in items]


def _apply(draft: StoreDraft, known_id: UUID | None, context: Context) -> Applied:
    if known_id is not None:
        store = Store.objects.select_related("merchant").filter(pk=known_id).first()
        if store is not None and (context.tenant_id is None or store.merchant_id == context.tenant_id):
            if store.hours != draft.hours and draft.hours:
                set_hours(
                    merchant_id=store.merchant_id,
                    store_id=known_id,
                    hours=draft.hours,
                    now=context.now,
                    actor=context.actor,
                )
            edit_store(
                merchant_id=store.merchant_id,
                store_id=known_id,
                changes={
                    "name": draft.name,
                    "category": draft.category,
                    "point": draft.point,
                    "address": draft.address,
                    "tags": list(draft.tags),
                    "phone": draft.phone or store.phone,
                    "website": draft.website or store.website,
                },
                now=context.now,
                actor=context.actor,
            )
            return Applied(known_id, "changed")
    merchant_id = context.tenant_id or _merchant_of(draft, context)
    store_id = add_store(
        merchant_id=merchant_id,
        name=draft.name,
        category=draft.category,
        point=draft.point,
        address=draft.address,
        tags=draft.tags,
        hours=draft.hours,
        phone=draft.phone,
        website=draft.website,
        description=draft.description,
        listed=context.tenant_id is None,
        zone=str(context.options.get("zone", "")),
        currency=str(context.options.get("currency", "")),
        now=context.now,
        actor=context.actor,
    )
    return Applied(store_id, "created")


def _merchant_of(draft: StoreDraft, context: Context) -> UUID:
    """One merchant for a brand, else one for each name: it waits until somebody claims it."""
    title = draft.brand or next(iter(draft.name.values()))
    operator: Any = context.options.get("operator_id")
    id = stable_id("imported merchant", operator or "", fold(title))
    if not Merchant.objects.filter(id=id).exists():
        apply_merchant(
            merchant_id=id,
            legal_name=title,
            country=draft.address.country,
            operator_id=UUID(str(operator)) if operator else None,
            now=context.now,
            actor=context.actor,
        )
    return id


def register() -> None:
    register_kind(ImportKind("stores", FIELDS, parse_row, apply_batch, formats=("table", "geojson", "osm")))
