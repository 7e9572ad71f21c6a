from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "paseo.capabilities.catalog"
    label = "catalog"

    def ready(self) -> None:
        from paseo.capabilities.catalog import importing, readiness
        from paseo.capabilities.directory.queries import register_readiness_check

        register_readiness_check(readiness.check)
        importing.register()
