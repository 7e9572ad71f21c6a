from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PricingConfig(AppConfig):
    name = "paseo.capabilities.pricing"
    label = "pricing"

    def ready(self) -> None:
        from paseo.capabilities.directory.queries import register_readiness_check
        from paseo.capabilities.pricing import importing, queries, readiness

        register_readiness_check(readiness.check)
        importing.register()
        # Emptied tables (tests, restored copies) have other lists.
        post_migrate.connect(lambda **_: queries.forget(), sender=self, weak=False, dispatch_uid="pricing.remembered")
