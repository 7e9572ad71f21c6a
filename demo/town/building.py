"""The steps from an empty database to a town."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from uuid import UUID

from demo.town.goods import PRODUCTS, GroupPlan, ProductPlan
from demo.town.places import CENTRE, LISTED, MERCHANTS, PEOPLE, MerchantPlan, StorePlan
from paseo.capabilities.catalog import operations as catalog
from paseo.capabilities.catalog.values import DraftGroup, DraftOption, DraftVariant, Listing
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as stores_now
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.pricing import operations as pricing
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.clock import Seed
from paseo.kernel.codes import ALPHABET
from paseo.kernel.ids import stable_id
from paseo.platform.identity import operations as identity
from paseo.platform.media import operations as media
from paseo.platform.tenancy import operations as tenancy

ACTOR = "system"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Builder:
    def __init__(self, now: datetime, seed: int) -> None:
        self.now, self.seed = now, seed
        self.merchants: dict[str, UUID] = {}
        self.stores: dict[str, UUID] = {}
        self.slugs: dict[str, str] = {}
        self.products: dict[str, UUID] = {}
        self.variants: dict[str, UUID] = {}
        self.options: dict[str, UUID] = {}
        self.offers: dict[str, UUID] = {}
        self.people: dict[str, UUID] = {}
        self.touchpoints: dict[str, UUID] = {}
        self.tokens: dict[str, str] = {}

    def id(self, *names: str) -> UUID:
        return stable_id("town", self.seed, *names)

    def people_and_operator(self) -> None:
        self.operator_id = tenancy.found_tenant(
            kind="operator", name="Paseo Helsinki", now=self.now, tenant_id=self.id("operator")
        )
        for plan in PEOPLE:
            person_id = identity.person_for_email(email=plan.email, name=plan.name, locale=plan.locale, now=self.now)
            self.people[plan.key] = person_id
        tenancy.grant(
            person_id=self.people["operator"], tenant_id=self.operator_id, role="operator_admin", now=self.now, by=None
        )

        self.city_id = directory.add_place(
            owner_id=self.operator_id,
            kind="city",
            name={"en": "Helsinki", "fi": "Helsinki", "zh-hans": "赫尔辛基"},
            point=CENTRE,
            place_id=self.id("city"),
            now=self.now,
            actor=ACTOR,
        )

    def passwords(self) -> None:
        """Last, and in units of their own: computing the hashes takes longer than all the rest."""
        for plan in PEOPLE:
            identity.set_password(person_id=self.people[plan.key], password=plan.password)

    def merchants_and_stores(self) -> None:
        for plan in MERCHANTS:
            merchant_id = self._approved(plan)
            for store in plan.stores:
                self._store(merchant_id, store)
            for product in PRODUCTS[plan.key]:
                self._product(merchant_id, product)
            for store in plan.stores:
                self._shelf(merchant_id, store.key, PRODUCTS[plan.key])
            directory.go_live(merchant_id=merchant_id, now=self.now, actor=ACTOR)
        directory.hire(
            merchant_id=self.merchants["cafe"],
            person_id=self.people["cashier"],
            role="cashier",
            store_id=self.stores["cafe"],
            now=self.now,
            by=None,
        )
        listed_id = self.merchants[LISTED.key] = directory.apply_merchant(
            legal_name=LISTED.legal_name,
            country="FI",
            operator_id=self.operator_id,
            merchant_id=self.id("merchant", LISTED.key),
            now=self.now,
            actor=ACTOR,
        )
        for store in LISTED.stores:
            self._store(listed_id, store, listed=True)

    def _approved(self, plan: MerchantPlan) -> UUID:
        merchant_id = directory.apply_merchant(
            legal_name=plan.legal_name,
            business_id=plan.business_id,
            country="FI",
            email=f"{plan.owner}@example.com",
            applicant_id=self.people[plan.owner],
            operator_id=self.operator_id,
            merchant_id=self.id("merchant", plan.key),
            now=self.now,
            actor=ACTOR,
        )
        paper = io.BytesIO(PAPER)
        paper.name = "registration.pdf"
        kept = media.store_paper(paper, tenant_id=merchant_id, actor=ACTOR, now=self.now)
        directory.add_paper(
            merchant_id=merchant_id, kind="registration", media_id=kept.id, name=kept.name, now=self.now, actor=ACTOR
        )
        directory.start_review(merchant_id=merchant_id, now=self.now, actor=ACTOR)
        directory.approve(merchant_id=merchant_id, now=self.now, actor=ACTOR)
        directory.sign_contract(
            merchant_id=merchant_id, commission_bps=plan.commission_bps, currency="EUR", now=self.now, actor=ACTOR
        )
        self.merchants[plan.key] = merchant_id
        return merchant_id

    def _store(self, merchant_id: UUID, plan: StorePlan, listed: bool = False) -> None:
        self.stores[plan.key] = store_id = directory.add_store(
            merchant_id=merchant_id,
            name=plan.name,
            category=plan.category,
            point=plan.point,
            address=plan.address,
            parent_id=self.city_id,
            description=plan.description,
            tags=plan.tags,
            hours=plan.hours,
            phone=plan.phone,
            website=plan.website,
            services=() if listed else plan.services,
            prep_minutes=plan.prep_minutes,
            auto_accept=plan.auto_accept,
            facade=plan.facade,
            zone="Europe/Helsinki",
            currency="EUR",
            store_id=self.id("store", plan.key),
            listed=listed,
            now=self.now,
            actor=ACTOR,
        )
        self.slugs[plan.key] = stores_now.store(store_id).slug

    def _product(self, merchant_id: UUID, plan: ProductPlan) -> None:
        packs = [
            DraftVariant(
                names=pack.names, sku=pack.key, gtin=pack.gtin, content=pack.content, id=self.id("variant", pack.key)
            )
            for pack in plan.packs
        ]
        self.products[plan.key] = catalog.add_product(
            merchant_id=merchant_id,
            kind=plan.kind,
            names=plan.names,
            descriptions=plan.description,
            brand=plan.brand,
            tax_class=plan.tax,
            allergens=plan.allergens,
            variants=packs,
            groups=[self._group(plan, at, group) for at, group in enumerate(plan.groups)],
            active=True,
            product_id=self.id("product", plan.key),
            now=self.now,
            actor=ACTOR,
        )
        self.variants |= {pack.key: self.id("variant", pack.key) for pack in plan.packs}

    def _group(self, product: ProductPlan, at: int, plan: GroupPlan) -> DraftGroup:
        options = []
        for option in plan.options:
            option_id = self.id("option", product.key, option.key)
            self.options[f"{product.key}.{option.key}"] = option_id
            options.append(DraftOption(option.names, option.delta, option.allergens, option_id))
        group_id = self.id("group", product.key, str(at))
        return DraftGroup(plan.names, tuple(options), plan.kind, plan.min, plan.max, group_id)

    def _shelf(self, merchant_id: UUID, store: str, plans: tuple[ProductPlan, ...]) -> None:
        store_id = self.stores[store]
        here = [plan for plan in plans if store in plan.stores]
        packs = [(plan, pack) for plan in here for pack in plan.packs]
        listings = [Listing(self.variants[pack.key], plan.section) for plan, pack in packs]
        offers = catalog.set_assortment(
            merchant_id=merchant_id, store_id=store_id, listings=listings, now=self.now, actor=ACTOR
        )
        prices = pricing.ensure_lists(store_id=store_id, now=self.now)
        pricing.set_prices(
            list_id=prices.id,
            amounts={self.variants[pack.key]: pack.price for _, pack in packs},
            now=self.now,
            actor=ACTOR,
        )
        for plan, pack in packs:
            variant_id, pieces = self.variants[pack.key], plan.stores[store]
            self.offers[f"{store}.{pack.key}"] = offers[variant_id]
            if plan.sold_out:
                catalog.mark_sold_out(merchant_id=merchant_id, offer_id=offers[variant_id], now=self.now, actor=ACTOR)
            if pieces:
                inventory.receive(store_id=store_id, variant_id=variant_id, quantity=pieces, now=self.now, actor=ACTOR)
            elif pieces == 0:
                inventory.track(store_id=store_id, variant_id=variant_id, now=self.now)

    def touchpoints_and_programs(self) -> None:
        label_at = f"/s/{self.slugs['grocer']}/{self.offers['grocer.jam']}/"
        self._touchpoint("poster", "cafe", "cafe", "qr_poster", "Poster at the tram stop", "spring")
        self._touchpoint("label", "grocer", "grocer", "label", "Shelf label, cloudberry jam", "", label_at)
        self._touchpoint("counter", "noodles", "noodles", "nfc", "Tag at the counter", "")
        noodles = self.merchants["noodles"]
        self.coupon_id = vouchers.create_program(
            merchant_id=noodles,
            kind="coupon",
            names={"en": "€3 off your noodles", "zh-hans": "面类立减 €3", "es": "3 € menos en tus fideos"},
            terms={
                "en": "From €15, once per person.",
                "zh-hans": "满 €15 可用，每人一次。",
                "es": "Desde 15 €, una vez por persona.",
            },
            effect=Effect("amount", 300, min_spend_minor=1_500),
            currency="EUR",
            limit=100,
            per_person=1,
            valid_days=14,
            valid_from=self.now,
            valid_until=self.now + timedelta(days=30),
            program_id=self.id("program", "coupon"),
            now=self.now,
            actor=ACTOR,
        )
        deal = next(plan for plan in PRODUCTS["noodles"] if plan.kind == "deal")
        self.deal_id = vouchers.create_program(
            merchant_id=noodles,
            kind="deal",
            names=deal.names,
            terms=deal.description,
            contents=[{"names": {"en": "Noodle bowl", "zh-hans": "面", "es": "Cuenco de fideos"}, "quantity": 2}],
            variant_id=self.variants["two_bowls"],
            price_minor=deal.packs[0].price,
            currency="EUR",
            limit=40,
            per_person=4,
            valid_days=30,
            valid_from=self.now,
            program_id=self.id("program", "deal"),
            now=self.now,
            actor=ACTOR,
        )
        for program_id in (self.coupon_id, self.deal_id):
            vouchers.publish(program_id=program_id, merchant_id=noodles, now=self.now, actor=ACTOR)

    def _touchpoint(
        self, key: str, merchant: str, store: str, kind: str, name: str, campaign: str, target: str = ""
    ) -> None:
        letters = Seed(self.seed).stream("touchpoint", key)
        self.tokens[key] = "".join(letters.choice(ALPHABET) for _ in range(8))
        self.touchpoints[key] = directory.add_touchpoint(
            merchant_id=self.merchants[merchant],
            store_id=self.stores[store],
            kind=kind,
            name=name,
            campaign=campaign,
            target=target,
            token=self.tokens[key],
            touchpoint_id=self.id("touchpoint", key),
            now=self.now,
            actor=ACTOR,
        )
