"""What a merchant still needs before it can go live: one report, to which every capability adds its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from paseo.capabilities.directory.models import Contract, Merchant, Paper, Store
from paseo.capabilities.directory.refusals import UnknownMerchant
from paseo.capabilities.directory.values import ReadinessItem, ReadinessReport
from paseo.kernel.errors import N_

Check = Callable[[UUID], Iterable[ReadinessItem]]
_checks: dict[str, Check] = {}


def register_readiness_check(check: Check) -> Check:
    """Adds a function from a merchant's id to items. Register in the app's ``ready``; the same function counts once."""
    _checks[f"{check.__module__}.{check.__qualname__}"] = check
    return check


def readiness(merchant_id: UUID) -> ReadinessReport:
    """All items, what must be done first, then by rank. Refuses UnknownMerchant."""
    items = [item for check in (_of_directory, *_checks.values()) for item in check(merchant_id)]
    items.sort(key=lambda item: (item.importance != "must", item.rank, item.key))
    return ReadinessReport(merchant_id, tuple(items))


def _of_directory(merchant_id: UUID) -> Iterable[ReadinessItem]:
    merchant = Merchant.objects.filter(id=merchant_id).first()
    if merchant is None:
        raise UnknownMerchant
    yield ReadinessItem(
        "papers",
        Paper.objects.filter(merchant_id=merchant_id).exists(),
        "must",
        10,
        N_("Upload the registration of the business, as a photo or PDF."),
        "merchant.papers",
        N_("The papers are here."),
    )
    yield ReadinessItem(
        "review",
        merchant.state not in {"applied", "in_review", "refused"},
        "must",
        20,
        N_("The operator has not approved the application yet. You can prepare everything else meanwhile."),
        "merchant.application",
        N_("The application is approved."),
    )
    yield ReadinessItem(
        "contract",
        Contract.objects.filter(merchant_id=merchant_id, valid_until=None).exists(),
        "must",
        30,
        N_("The contract with the operator is not signed yet."),
        "merchant.contract",
        N_("The contract is signed."),
    )
    stores = list(Store.objects.filter(merchant_id=merchant_id).exclude(state="closed").select_related("place"))
    yield ReadinessItem(
        "store",
        bool(stores),
        "must",
        40,
        N_("Add your first store with its address."),
        "store.add",
        N_("There is a store."),
    )
    for store in stores:
        yield from _of_store(store)


def _of_store(store: Store) -> Iterable[ReadinessItem]:
    params: dict[str, object] = {"store": store.place.name}

    def item(key: str, ok: bool, importance: str, rank: int, sentence: str, where: str, done: str) -> ReadinessItem:
        return ReadinessItem(key, ok, importance, rank, sentence, where, done, store.pk, params)

    yield item(
        "store_address",
        bool(store.place.street and store.place.city),
        "must",
        50,
        N_("Write street and city of {store}, so that people find the door."),
        "store.edit",
        N_("{store} has an address."),
    )
    yield item(
        "store_hours",
        bool(store.hours),
        "must",
        60,
        N_("Set the opening hours of {store}. Without them nobody can order."),
        "store.hours",
        N_("{store} has opening hours."),
    )
    yield item(
        "store_services",
        bool(store.services),
        "must",
        70,
        N_("Choose how customers of {store} receive what they order: pickup, or eating here."),
        "store.edit",
        N_("{store} has a way to hand over."),
    )
    yield item(
        "store_region",
        bool(store.region),
        "must",
        80,
        N_("Choose the country of {store}: it decides the taxes."),
        "store.edit",
        N_("{store} has a tax region."),
    )
    yield item(
        "store_phone",
        bool(store.phone),
        "should",
        210,
        N_("Add a telephone number to {store} for the day something goes wrong."),
        "store.edit",
        N_("{store} has a telephone number."),
    )
    yield item(
        "store_photo",
        store.photo_id is not None,
        "should",
        220,
        N_("Add a photo of {store}. Until then its drawn front is shown."),
        "store.edit",
        N_("{store} has a photo."),
    )
