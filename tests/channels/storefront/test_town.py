"""The town itself: what every other test of the channels stands on."""

import time

import pytest

from demo.town import EMAILS, PASSWORDS, build_town
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.vouchers import queries as vouchers
from paseo.kernel.ids import stable_id
from paseo.platform.identity.operations import sign_in_with_password


def test_five_shops_and_two_that_only_stand_there(town, now):
    near = directory.nearest(town.centre, now=now)
    keys = {store_id: key for key, store_id in town.stores.items()}
    assert [(keys[item.card.id], item.lamp.state, item.card.sells) for item in near] == [
        ("grocer", "lit", True),
        ("pharmacy", "dark", False),
        ("noodles", "lit", True),
        ("cafe", "lit", True),
        ("bookshop", "lit", False),
        ("deli", "dark", True),
        ("kluuvi", "half", True),
    ]


def test_what_lies_on_the_shelves(town, now):
    shelves = [len(catalog.offers_of_store(town.stores[key])) for key in ("cafe", "kluuvi", "grocer", "deli")]
    assert shelves == [7, 3, 4, 2]
    assert (
        pricing.prices(town.stores["cafe"], [town.variants["flat_white"]], now=now)[
            town.variants["flat_white"]
        ].amount_minor
        == 420
    )
    wanted = [town.variants[key] for key in ("oat_drink", "jam", "soap")]
    assert list(inventory.availability(town.stores["grocer"], wanted).values()) == [30, 1, 0]
    assert [
        program.id
        for program in vouchers.claimable(town.stores["noodles"], merchant_id=town.merchants["noodles"], now=now)
    ] == [town.coupon_id]
    assert vouchers.deals([town.variants["two_bowls"]])[town.variants["two_bowls"]].id == town.deal_id


def test_the_ids_are_the_same_for_the_same_seed(town):
    assert town.stores["cafe"] == stable_id("town", 1, "store", "cafe")
    assert town.slugs == {
        "cafe": "aamu-roastery",
        "kluuvi": "aamu-kluuvi",
        "grocer": "lahikauppa-tahti",
        "deli": "yrjonkadun-luomuherkkukauppa-ja-viinibaari-keittiomestarin-k",
        "noodles": "youpo-noodle-house",
        "bookshop": "kirjakauppa-sivu",
        "pharmacy": "kolmen-sepan-apteekki",
    }


@pytest.mark.parametrize("key", ["aino", "owner", "cashier", "operator", "grocer", "noodles"])
def test_everybody_can_sign_in(town, now, key):
    assert sign_in_with_password(EMAILS[key], PASSWORDS[key], now).id == town.people[key]


def test_it_is_built_in_a_moment(db, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    start = time.process_time()
    build_town(now=now, seed=2)
    assert time.process_time() - start < 2
