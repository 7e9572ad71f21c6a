from django.apps import AppConfig


class OrderingConfig(AppConfig):
    name = "paseo.capabilities.ordering"
    label = "ordering"

    def ready(self) -> None:
        from paseo.capabilities.ordering import auditors, events, importing, jobs, letters, own_parts, reactions, states  # noqa: F401

        letters.register()
        importing.register()
