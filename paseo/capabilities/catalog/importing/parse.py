"""One row of goods, judged without the database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from paseo.capabilities.catalog.rules.barcodes import Barcode, read_barcode
from paseo.capabilities.catalog.rules.names import clean_name, says_something
from paseo.capabilities.catalog.values import ALLERGENS, TAX_CLASSES
from paseo.kernel.errors import N_
from paseo.kernel.quantity import Quantity
from paseo.platform.importing.values import Context, Field, Issue, Parsed, Row
from paseo.platform.search.words import fold

FIELDS = (
    Field("gtin", N_("Barcode (GTIN)"), aliases=(
        "barcode", "barcode_id", "ean", "ean13", "upc", "code", "código de barras", "codigo", "条码", "条形码",
        "商品条码", "viivakoodi", "Strichcode",
    )),
    Field("name", N_("Name"), required=True, aliases=(
        "product_name", "product", "title", "article", "nombre", "producto", "名称", "品名", "商品名称", "nimi",
        "tuote", "Bezeichnung",
    )),
    Field("name_en", N_("Name in English"), aliases=("name:en", "english", "英文名")),
    Field("name_zh", N_("Name in Chinese"), aliases=("name:zh", "chinese", "中文名")),
    Field("name_es", N_("Name in Spanish"), aliases=("name:es", "spanish", "nombre es")),
    Field("sku", N_("Article number"), aliases=("article number", "item", "referencia", "货号", "编号", "tuotenumero")),
    Field("brand", N_("Brand"), aliases=("brands", "marca", "品牌", "merkki")),
    Field("category", N_("Kind of goods"), aliases=("section", "categoría", "类别", "分类", "ryhmä")),
    Field("content", N_("Content"), aliases=("quantity", "size", "contenido", "净含量", "规格", "sisältö")),
    Field("ingredients", N_("Ingredients"), aliases=("ingredients_text", "ingredientes", "配料", "ainesosat")),
    Field("allergens", N_("Allergens"), aliases=("alérgenos", "过敏原", "allergeenit")),
    Field("description", N_("Description"), aliases=("descripción", "描述", "kuvaus")),
    Field("tax_class", N_("Tax class"), aliases=("tax", "vat", "iva", "税类", "alv")),
)  # fmt: skip
_LANGUAGES = {"name_en": "en", "name_zh": "zh-hans", "name_es": "es"}
_ALLERGEN_WORDS = {fold(word): key for key, names in ALLERGENS.items() for word in (key, *names.values())}
_PACKS = re.compile(r"^(\d{1,3})\s*[x×*]\s*(.+)$", re.IGNORECASE)
_CONTENT_UNITS = {
    "cl": ("ml", 10),
    "dl": ("ml", 100),
    "gr": ("g", 1),
    "lt": ("l", 1),
    "kpl": ("piece", 1),
    "克": ("g", 1),
    "千克": ("kg", 1),
    "毫升": ("ml", 1),
    "升": ("l", 1),
}


@dataclass(frozen=True, slots=True)
class GoodDraft:
    names: dict[str, str]
    gtin: str | None
    sku: str
    brand: str
    category: str
    tax_class: str
    allergens: tuple[str, ...]
    ingredients: str
    descriptions: dict[str, str]
    content_amount: int | None
    content_unit: str


def parse_row(row: Row, context: Context) -> Parsed | Issue:
    """A good, or why the row is none. The barcode must be right; what is not needed is left out with a warning."""
    warnings: list[Issue] = []
    code = _code(row.get("gtin", ""), warnings)
    if isinstance(code, Issue):
        return code
    names = _names(row, str(context.options.get("language", "en")), warnings)
    if isinstance(names, Issue):
        return names
    sku = clean_name(row.get("sku", ""), 60)
    amount, unit = _content(row.get("content", ""), warnings)
    language = next(iter(names))
    description = clean_name(row.get("description", ""), 2000)
    draft = GoodDraft(
        names=names,
        gtin=code,
        sku=sku,
        brand=clean_name(row.get("brand", ""), 120),
        category=clean_name(row.get("category", ""), 60).lower(),
        tax_class=_tax_class(row.get("tax_class", ""), context, warnings),
        allergens=_allergens(row.get("allergens", ""), warnings),
        ingredients=clean_name(row.get("ingredients", ""), 2000),
        descriptions={language: description} if description else {},
        content_amount=amount,
        content_unit=unit,
    )
    external_id = code or (f"sku:{sku}" if sku else f"name:{fold(names[language])[:100]}")
    return Parsed(external_id, draft, tuple(warnings))


def _code(text: str, warnings: list[Issue]) -> str | Issue | None:
    barcode = read_barcode(text)
    if isinstance(barcode, Barcode):
        if barcode.in_store:
            sentence = N_("{gtin} is a number that a shop gives to itself: other shops use it for other things.")
            warnings.append(Issue("goods.in_store", sentence, "gtin", {"gtin": barcode.code}))
        return barcode.code
    if barcode == "empty":
        warnings.append(
            Issue("goods.no_barcode", N_("There is no barcode; the good can be found by its name only."), "gtin")
        )
        return None
    gtin = {"gtin": text.strip()[:40]}
    if barcode == "digits":
        return Issue("goods.gtin_digits", N_("The barcode {gtin} does not consist of digits only."), "gtin", gtin)
    if barcode == "length":
        return Issue("goods.gtin_length", N_("The barcode {gtin} does not have 8, 12, 13 or 14 digits."), "gtin", gtin)
    return Issue("goods.gtin_check", N_("The last digit of the barcode {gtin} does not fit the others."), "gtin", gtin)


def _names(row: Row, language: str, warnings: list[Issue]) -> dict[str, str] | Issue:
    raw = row.get("name", "").strip()
    name = clean_name(raw)
    names = {language: name} if name else {}
    for column, code in _LANGUAGES.items():
        if text := clean_name(row.get(column, "")):
            names[code] = text
    if not names:
        return Issue("goods.no_name", N_("There is no name."), "name")
    first = next(iter(names.values()))
    if not says_something(first):
        return Issue("goods.name_says_nothing", N_("The name “{name}” says nothing."), "name", {"name": first[:40]})
    if "�" in first:
        warnings.append(
            Issue("goods.broken_letters", N_("The name “{name}” has broken letters."), "name", {"name": first[:60]})
        )
    if len(raw) > 200 and len(name) >= 199:
        warnings.append(Issue("goods.name_cut", N_("The name was longer than 200 letters and was cut."), "name"))
    return names


def _content(text: str, warnings: list[Issue]) -> tuple[int | None, str]:
    plain = clean_name(text, 40).lower().rstrip(".e \u212e").strip()
    if not plain:
        return None, ""
    packs = _PACKS.match(plain)
    times, each = (int(packs[1]), packs[2]) if packs else (1, plain)
    unit = re.sub(r"[\d.,\s]", "", each)
    number = each[: len(each) - len(unit)].strip() if each.endswith(unit) else each
    base, factor = _CONTENT_UNITS.get(unit, (unit, 1))
    try:
        quantity = Quantity.parse(f"{number} {base}")
    except ValueError:
        warnings.append(
            Issue(
                "goods.content",
                N_("The content “{text}” cannot be read and was left out."),
                "content",
                {"text": text[:40]},
            )
        )
        return None, ""
    amount = quantity.amount * times * factor
    if not 0 < amount < 2**31:
        return None, ""
    return amount, quantity.unit


def _allergens(text: str, warnings: list[Issue]) -> tuple[str, ...]:
    found = []
    for part in re.split(r"[,;/、，]", text):
        word = fold(re.sub(r"^[a-z]{2}:", "", part.strip().lower()))
        if not word:
            continue
        key = _ALLERGEN_WORDS.get(word) or _ALLERGEN_WORDS.get(word.rstrip("s")) or _ALLERGEN_WORDS.get(word + "s")
        if key is None:
            sentence = N_("“{text}” is not one of the fourteen allergens and was left out.")
            warnings.append(Issue("goods.allergen", sentence, "allergens", {"text": part.strip()[:40]}))
        elif key not in found:
            found.append(key)
    return tuple(key for key in ALLERGENS if key in found)


def _tax_class(text: str, context: Context, warnings: list[Issue]) -> str:
    usual = str(context.options.get("tax_class", "standard"))
    plain = text.strip().lower()
    if plain and plain not in TAX_CLASSES:
        sentence = N_("“{text}” is not a tax class; {usual} was taken.")
        warnings.append(Issue("goods.tax_class", sentence, "tax_class", {"text": text[:20], "usual": usual}))
    return plain if plain in TAX_CLASSES else usual
