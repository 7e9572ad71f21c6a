"""Options and exclusions of a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from paseo.capabilities.catalog.events import ProductChanged
from paseo.capabilities.catalog.models import Option, OptionGroup, Product
from paseo.capabilities.catalog.queries.orders import forget_choices
from paseo.capabilities.catalog.refusals import UnknownProduct
from paseo.capabilities.catalog.rules.names import clean_texts
from paseo.capabilities.catalog.values import ALLERGENS, GROUP_KINDS, DraftGroup
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def add_options(
    *, merchant_id: UUID, product_id: UUID, groups: Sequence[DraftGroup], now: datetime, actor: str
) -> list[UUID]:
    """Adds groups of options behind the others and returns their ids. Refuses UnknownProduct, Invalid."""
    product = Product.objects.filter(id=product_id, merchant_id=merchant_id).first()
    if product is None:
        raise UnknownProduct
    made = make_groups(product, groups, OptionGroup.objects.filter(product=product).count())
    _say(product, now)
    return made


@operation
def edit_option(
    *,
    merchant_id: UUID,
    option_id: UUID,
    now: datetime,
    actor: str,
    names: Mapping[str, str] | None = None,
    delta_minor: int | None = None,
    active: bool | None = None,
) -> None:
    """Changes an option; ``active`` False takes it off the menu ("no oat milk today").

    Refuses UnknownProduct, Invalid.
    """
    option = Option.objects.select_related("product", "group").filter(
        id=option_id, product__merchant_id=merchant_id
    ).first()  # fmt: skip
    if option is None:
        raise UnknownProduct
    columns: dict[str, Any] = {}
    if names is not None:
        columns["names"] = _names(names)
    if delta_minor is not None:
        columns["delta_minor"] = _delta(option.group.kind, delta_minor)
    if active is not None:
        columns["active"] = active
    if columns:
        Option.objects.filter(id=option_id).update(**columns)
        _say(option.product, now)


@operation
def remove_group(*, merchant_id: UUID, group_id: UUID, now: datetime, actor: str) -> None:
    """Takes a group off the menu; old orders keep its words. Refuses UnknownProduct."""
    group = OptionGroup.objects.select_related("product").filter(id=group_id, product__merchant_id=merchant_id).first()
    if group is None:
        raise UnknownProduct
    OptionGroup.objects.filter(id=group_id).update(active=False)
    Option.objects.filter(group_id=group_id).update(active=False)
    _say(group.product, now)


def make_groups(product: Product, drafts: Sequence[DraftGroup], position: int) -> list[UUID]:
    made = []
    for at, draft in enumerate(drafts, position):
        if draft.kind not in GROUP_KINDS or not draft.options:
            raise Invalid(fields={"options": N_("A group needs at least one option.")})
        most = len(draft.options) if draft.kind == "without" else draft.max
        if not 0 <= draft.min <= most or most < 1 or draft.min > len(draft.options):
            raise Invalid(fields={"options": N_("The least number of choices is greater than the most possible.")})
        group = OptionGroup.objects.create(
            id=draft.id or new_id(),
            product=product,
            kind=draft.kind,
            names=_names(draft.names),
            min=draft.min,
            max=most,
            position=at,
        )
        made.append(group.id)
        Option.objects.bulk_create(
            Option(
                id=option.id or new_id(),
                group=group,
                product=product,
                names=_names(option.names),
                delta_minor=_delta(draft.kind, option.delta_minor),
                allergens=_allergens(option.allergens),
                position=number,
            )
            for number, option in enumerate(draft.options)
        )
    return made


def _allergens(allergens: Sequence[str]) -> list[str]:
    if set(allergens) - set(ALLERGENS):
        raise Invalid(fields={"allergens": N_("Choose allergens from the list of fourteen.")})
    return [allergen for allergen in ALLERGENS if allergen in allergens]


def _names(names: Mapping[str, str]) -> dict[str, str]:
    clean = clean_texts(names)
    if not clean:
        raise Invalid(fields={"options": N_("Write a name in at least one language.")})
    return clean


def _delta(kind: str, delta_minor: int) -> int:
    if kind == "without" and delta_minor:
        raise Invalid(fields={"options": N_("Leaving something out does not change the price.")})
    return delta_minor


def _say(product: Product, now: datetime) -> None:
    Product.objects.filter(id=product.id).update(updated_at=now, version=F("version") + 1)
    forget_choices(product.id)
    emit(ProductChanged(product.id, product.merchant_id, ["options"]), tenant_id=product.merchant_id, at=now)
