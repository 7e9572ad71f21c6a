"""A batch of goods, written with few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from paseo.capabilities.catalog import indexing
from paseo.capabilities.catalog.events import GoodsImported
from paseo.capabilities.catalog.importing.parse import GoodDraft
from paseo.capabilities.catalog.models import Offer, Product, Variant
from paseo.capabilities.catalog.ownership import of
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.kernel.errors import N_
from paseo.kernel.ids import new_id
from paseo.platform.importing.values import Applied, Context, Issue, Pending
from paseo.platform.outbox import emit
from paseo.platform.search import operations as search

_SKU_TAKEN = N_("The article number {sku} is already used for another good.")


@dataclass(slots=True)
class _Batch:
    created: list[tuple[Product, Variant]] = field(default_factory=list)
    changed: list[tuple[Product, Variant]] = field(default_factory=list)


def apply_batch(items: Sequence[Pending], context: Context) -> list[Applied]:
    """Goods are known again by their barcode, by an earlier run, or by their article number, in this order."""
    known = _known(items, context.tenant_id)
    skus = _skus(items, context.tenant_id)
    batch = _Batch()
    answers = [_one(item, known, skus, batch, context) for item in items]
    _write(batch)
    _offer([answer.subject_id for answer in answers if answer.subject_id is not None], batch, context)
    search.index_many(indexing.KIND, [indexing.entry(product, [v]) for product, v in (*batch.created, *batch.changed)])
    if batch.created or batch.changed:
        fact = GoodsImported(context.tenant_id, len(batch.created), len(batch.changed))
        emit(fact, tenant_id=context.tenant_id, at=context.now)
    return answers


def _known(items: Sequence[Pending], tenant_id: UUID | None) -> dict[str | UUID, Variant]:
    rows = Variant.objects.select_related("product").filter(of(tenant_id))
    gtins = [item.parsed.data.gtin for item in items if item.parsed.data.gtin]
    ids = [item.known_id for item in items if item.known_id is not None]
    found: dict[str | UUID, Variant] = {}
    for variant in (*rows.filter(gtin__in=gtins), *(rows.filter(id__in=ids) if ids else ())):
        found[variant.id] = variant
        if variant.gtin:
            found[variant.gtin] = variant
    return found


def _skus(items: Sequence[Pending], tenant_id: UUID | None) -> dict[str, UUID]:
    wanted = [item.parsed.data.sku for item in items if item.parsed.data.sku]
    if not wanted or tenant_id is None:
        return {}
    return dict(Variant.objects.filter(merchant_id=tenant_id, sku__in=wanted).values_list("sku", "id"))


def _one(
    item: Pending, known: dict[str | UUID, Variant], skus: dict[str, UUID], batch: _Batch, context: Context
) -> Applied:
    draft: GoodDraft = item.parsed.data
    variant = known.get(draft.gtin) if draft.gtin else None
    if variant is None and item.known_id is not None:
        variant = known.get(item.known_id)
    holder = skus.get(draft.sku) if draft.sku else None
    if holder is not None and (variant is None or holder != variant.id):
        return Applied(None, "unchanged", refusal=Issue("goods.sku_taken", _SKU_TAKEN, "sku", {"sku": draft.sku}))
    if variant is None:
        product, variant = _made(draft, context)
        batch.created.append((product, variant))
        if draft.sku and context.tenant_id is not None:
            skus[draft.sku] = variant.id
        return Applied(variant.id, "created")
    before = _told(variant)
    _fill(variant.product, variant, draft, context)
    if _told(variant) == before:
        return Applied(variant.id, "unchanged")
    if draft.sku:
        skus[draft.sku] = variant.id
    batch.changed.append((variant.product, variant))
    return Applied(variant.id, "changed")


def _made(draft: GoodDraft, context: Context) -> tuple[Product, Variant]:
    product = Product(
        id=new_id(),
        merchant_id=context.tenant_id,
        kind="good",
        names={},
        state="active",
        created_at=context.now,
        updated_at=context.now,
    )
    variant = Variant(id=new_id(), product=product, merchant_id=context.tenant_id)
    _fill(product, variant, draft, context)
    return product, variant


def _fill(product: Product, variant: Variant, draft: GoodDraft, context: Context) -> None:
    """What the file says; what it leaves empty stays as it was."""
    product.names = {**product.names, **draft.names}
    product.brand = draft.brand or product.brand
    product.category = draft.category or product.category
    product.tax_class = draft.tax_class
    product.allergens = list(draft.allergens) or product.allergens
    product.ingredients = draft.ingredients or product.ingredients
    product.descriptions = {**product.descriptions, **draft.descriptions}
    product.gtin = draft.gtin or product.gtin
    product.updated_at = context.now
    variant.gtin = draft.gtin or variant.gtin
    variant.sku = draft.sku or variant.sku
    if draft.content_amount is not None:
        variant.content_amount, variant.content_unit = draft.content_amount, draft.content_unit


_PRODUCT = ("names", "brand", "category", "tax_class", "allergens", "ingredients", "descriptions", "gtin")
_VARIANT = ("gtin", "sku", "content_amount", "content_unit")


def _told(variant: Variant) -> list[object]:
    of_product = [getattr(variant.product, name) for name in _PRODUCT]
    return [*of_product, *(getattr(variant, name) for name in _VARIANT)]


def _write(batch: _Batch) -> None:
    Product.objects.bulk_create(product for product, _ in batch.created)
    Variant.objects.bulk_create(variant for _, variant in batch.created)
    if batch.changed:
        for product, _ in batch.changed:
            product.version += 1
        Product.objects.bulk_update([product for product, _ in batch.changed], [*_PRODUCT, "version", "updated_at"])
        Variant.objects.bulk_update([variant for _, variant in batch.changed], list(_VARIANT))


def _offer(variant_ids: list[UUID], batch: _Batch, context: Context) -> None:
    """Puts new goods into the stores of ``options["store_ids"]``; without that option into all of the merchant's."""
    if context.tenant_id is None:
        return
    own = {card.id for card in directory.stores_of_merchant(context.tenant_id) if card.state != "closed"}
    given = context.options.get("store_ids")
    stores = own if given is None else {UUID(str(id)) for id in ([given] if isinstance(given, (str, UUID)) else given)}
    if not stores <= own:
        raise UnknownStore
    fresh = {variant.id: product for product, variant in batch.created}
    products = fresh if given is None else {**fresh, **_products(set(variant_ids) - set(fresh))}
    rows = []
    for store_id in sorted(stores):
        first = Offer.objects.filter(store_id=store_id).count()
        rows += [
            Offer(store_id=store_id, product=product, variant_id=id, section={}, position=(first + at) * 10)
            for at, (id, product) in enumerate(products.items())
        ]
    Offer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _products(variant_ids: set[UUID]) -> dict[UUID, Product]:
    rows = Variant.objects.filter(id__in=list(variant_ids)).select_related("product").order_by("id")
    return {row.id: row.product for row in rows}
