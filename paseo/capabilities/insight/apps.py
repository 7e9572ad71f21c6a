from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "paseo.capabilities.insight"
    label = "insight"

    def ready(self) -> None:
        from paseo.capabilities.insight import auditing, jobs  # noqa: F401
