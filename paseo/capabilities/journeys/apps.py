from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "paseo.capabilities.journeys"
    label = "journeys"

    def ready(self) -> None:
        from paseo.capabilities.journeys import privacy  # noqa: F401
