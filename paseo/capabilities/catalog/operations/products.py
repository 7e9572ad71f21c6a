"""Making and changing products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from paseo.capabilities.catalog import indexing
from paseo.capabilities.catalog.events import ProductChanged
from paseo.capabilities.catalog.models import Product
from paseo.capabilities.catalog.operations.options import make_groups
from paseo.capabilities.catalog.operations.variants import make_variant
from paseo.capabilities.catalog.ownership import of
from paseo.capabilities.catalog.refusals import UnknownProduct
from paseo.capabilities.catalog.rules.names import clean_name, clean_texts
from paseo.capabilities.catalog.states import PRODUCT
from paseo.capabilities.catalog.values import ALLERGENS, PRODUCT_KINDS, TAX_CLASSES, DraftGroup, DraftVariant
from paseo.capabilities.catalog.values.drafts import ProductChanges
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox import emit


@operation
def add_product(
    *,
    merchant_id: UUID | None,
    kind: str,
    names: Mapping[str, str],
    now: datetime,
    actor: str,
    descriptions: Mapping[str, str] | None = None,
    brand: str = "",
    category: str = "",
    tax_class: str = "standard",
    allergens: Iterable[str] = (),
    ingredients: str = "",
    media_ids: Iterable[UUID] = (),
    variants: Sequence[DraftVariant] = (),
    groups: Sequence[DraftGroup] = (),
    active: bool = False,
    product_id: UUID | None = None,
) -> UUID:
    """Makes a product with its variants (one without a name when none are given) and options, as a draft.

    Customers see nothing before it is active and a store offers it. ``merchant_id`` None makes a shared product, which
    any merchant can take over by its barcode. Refuses Invalid, BadBarcode, BarcodeTaken, CodeTaken.
    """
    if kind not in PRODUCT_KINDS:
        raise Invalid(fields={"kind": N_("Choose whether this is a good, a dish, a service or a deal.")})
    product = Product.objects.create(
        id=product_id or new_id(),
        merchant_id=merchant_id,
        kind=kind,
        names=_names(names),
        descriptions=clean_texts(descriptions or {}, 2000),
        brand=clean_name(brand, 120),
        category=clean_name(category, 60),
        tax_class=_tax_class(tax_class),
        allergens=known_allergens(allergens),
        ingredients=clean_name(ingredients, 2000),
        media_ids=[str(id) for id in media_ids],
        state="active" if active else PRODUCT.initial,
        created_at=now,
        updated_at=now,
    )
    for position, draft in enumerate(variants or [DraftVariant()]):
        make_variant(product, draft, position)
    make_groups(product, groups, 0)
    _say(product, ["created"], now)
    return product.id


@operation
def edit_product(
    *, merchant_id: UUID | None, product_id: UUID, changes: ProductChanges, now: datetime, actor: str
) -> None:
    """Changes what is given in ``changes`` and nothing else. Refuses UnknownProduct, Invalid."""
    product = mine(merchant_id, product_id)
    columns: dict[str, Any] = {}
    for field, value in changes.items():
        match field:
            case "names":
                columns["names"] = _names(changes["names"])
            case "descriptions":
                columns["descriptions"] = clean_texts(changes["descriptions"], 2000)
            case "brand" | "category" | "ingredients":
                columns[field] = clean_name(str(value), {"brand": 120, "category": 60}.get(field, 2000))
            case "tax_class":
                columns["tax_class"] = _tax_class(changes["tax_class"])
            case "allergens":
                columns["allergens"] = known_allergens(changes["allergens"])
            case "media_ids":
                columns["media_ids"] = [str(id) for id in changes["media_ids"]]
            case _:
                raise ValueError(f"edit_product knows no {field!r}.")
    touch(product, now, **columns)
    _say(product, sorted(changes), now)


@operation
def activate_product(*, merchant_id: UUID, product_id: UUID, now: datetime, actor: str) -> None:
    """draft or retired → active: it is shown wherever a store offers it. An active product stays active."""
    product = mine(merchant_id, product_id)
    if product.state == "active":
        return
    transition(Product, product_id, PRODUCT, "activate", was=product.state, now=now, actor=actor)
    touch(product, now)
    _say(product, ["state"], now)


@operation
def withdraw_product(*, merchant_id: UUID, product_id: UUID, now: datetime, actor: str) -> None:
    """active → draft: nobody sees it until it is activated again."""
    product = mine(merchant_id, product_id)
    transition(Product, product_id, PRODUCT, "withdraw", was=product.state, now=now, actor=actor)
    touch(product, now)
    _say(product, ["state"], now)


@operation
def retire_product(*, merchant_id: UUID, product_id: UUID, now: datetime, actor: str) -> None:
    """Takes it out of every store; what was ordered stays readable."""
    product = mine(merchant_id, product_id)
    transition(Product, product_id, PRODUCT, "retire", was=product.state, now=now, actor=actor)
    touch(product, now)
    _say(product, ["state"], now)


def mine(merchant_id: UUID | None, product_id: UUID) -> Product:
    found = Product.objects.filter(of(merchant_id), id=product_id).first()
    if found is None:
        raise UnknownProduct
    return found


def touch(product: Product, now: datetime, **columns: Any) -> None:
    Product.objects.filter(id=product.id).update(**columns, updated_at=now, version=F("version") + 1)


def _say(product: Product, fields: list[str], now: datetime) -> None:
    indexing.index(product.id)
    emit(ProductChanged(product.id, product.merchant_id, fields), tenant_id=product.merchant_id, at=now)


def _names(names: Mapping[str, str]) -> dict[str, str]:
    clean = clean_texts(names)
    if not clean:
        raise Invalid(fields={"names": N_("Write a name in at least one language.")})
    return clean


def _tax_class(tax_class: str) -> str:
    if tax_class not in TAX_CLASSES:
        raise Invalid(fields={"tax_class": N_("Choose a tax class from the list.")})
    return tax_class


def known_allergens(allergens: Iterable[str]) -> list[str]:
    """In the order of the regulation. Refuses Invalid for one that is not among the fourteen."""
    wanted = set(allergens)
    if wanted - set(ALLERGENS):
        raise Invalid(fields={"allergens": N_("Choose allergens from the list of fourteen.")})
    return [allergen for allergen in ALLERGENS if allergen in wanted]
