from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "paseo.capabilities.inventory"
    label = "inventory"

    def ready(self) -> None:
        from paseo.capabilities.inventory import auditors, importing, jobs  # noqa: F401 - registers checks and sweeps

        importing.register()
