"""What an order asks for: few columns, one statement each."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog.models import Offer, Option, OptionGroup
from paseo.capabilities.catalog.values import GroupView, OfferLine, OptionView
from paseo.platform.db.prepared import Prepared
from paseo.platform.db.unit import after_commit

_LINE = (
    "id", "store_id", "product_id", "variant_id", "product__kind", "product__names", "variant__names",
    "product__tax_class", "sold_out_until", "active", "variant__active", "product__state", "product__media_ids",
)  # fmt: skip
_OPTION = ("id", "group_id", "product_id", "group__kind", "names", "delta_minor", "allergens", "active")


_lines = Prepared(lambda ids: Offer.objects.filter(id__in=ids).values_list(*_LINE))


def offers(ids: Iterable[UUID]) -> dict[UUID, OfferLine]:
    """Offers by id; unknown ids are left out. One statement.

    ``active`` is false when the offer, its variant or its product is not for sale; ``can_be_ordered(now)`` also knows
    what is sold out.
    """
    found = {}
    for row in _lines(list(ids)):
        id, store, product, variant, kind, names, variant_names, tax, sold_out, active, of_variant, state, media = row
        found[id] = OfferLine(
            id=id,
            store_id=store,
            product_id=product,
            variant_id=variant,
            kind=kind,
            names=names,
            variant_names=variant_names,
            tax_class=tax,
            active=active and of_variant and state == "active",
            sold_out_until=sold_out,
            media_id=UUID(media[0]) if media else None,
        )
    return found


def options(ids: Iterable[UUID]) -> dict[UUID, OptionView]:
    """Options by id with what each adds to the price; unknown ids are left out. One statement, none without ids."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row[0]: _option(row) for row in Option.objects.filter(id__in=wanted).values_list(*_OPTION)}


_groups = Prepared(
    lambda product_ids: OptionGroup.objects.filter(product_id__in=product_ids, active=True).order_by("position", "id")
)


def groups(product_ids: Iterable[UUID]) -> dict[UUID, tuple[GroupView, ...]]:
    """The active option groups of products, in the order of the menu; products without any are left out.

    Two statements, one when there are none.
    """
    rows = _groups(list(product_ids))
    if not rows:
        return {}
    of_group: dict[UUID, list[OptionView]] = {}
    chosen = Option.objects.filter(group_id__in=[row.id for row in rows], active=True).order_by("position", "id")
    for option in map(_option, chosen.values_list(*_OPTION)):
        of_group.setdefault(option.group_id, []).append(option)
    found: dict[UUID, tuple[GroupView, ...]] = {}
    for row in rows:
        view = GroupView(row.id, row.kind, row.names, row.min, row.max, tuple(of_group.get(row.id, ())))
        found[row.product_id] = (*found.get(row.product_id, ()), view)
    return found


_choices: dict[UUID, tuple[float, tuple[tuple[UUID, int, int], ...]]] = {}
_KEPT_SECONDS, _KEPT_MOST = 5.0, 20_000


def required_choices(product_ids: Iterable[UUID]) -> dict[UUID, tuple[tuple[UUID, int, int], ...]]:
    """(group, least, most) of every active option group, by product; products without groups have an empty answer.

    Kept in this process for five seconds and forgotten when options change here. One statement, often none.
    """
    now = time.monotonic()
    wanted = set(product_ids)
    found = {id: kept[1] for id in wanted if (kept := _choices.get(id)) is not None and kept[0] > now}
    missing = wanted - set(found)
    if missing:
        fresh: dict[UUID, tuple[tuple[UUID, int, int], ...]] = dict.fromkeys(missing, ())
        rows = OptionGroup.objects.filter(product_id__in=missing, active=True).order_by("position", "id")
        for product_id, group_id, least, most in rows.values_list("product_id", "id", "min", "max"):
            fresh[product_id] = (*fresh[product_id], (group_id, least, most))
        if len(_choices) > _KEPT_MOST:
            _choices.clear()
        _choices.update({id: (now + _KEPT_SECONDS, groups) for id, groups in fresh.items()})
        found |= fresh
    return found


def forget_choices(product_id: UUID) -> None:
    """Options of this product change: forget them now, and again once the change is certain."""
    _choices.pop(product_id, None)
    after_commit(lambda: _choices.pop(product_id, None))


def _option(row: tuple) -> OptionView:  # type: ignore[type-arg]
    id, group, product, kind, names, delta, allergens, active = row
    return OptionView(id, group, product, kind, names, delta, tuple(allergens), active)
