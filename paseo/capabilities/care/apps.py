from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "paseo.capabilities.care"
    label = "care"

    def ready(self) -> None:
        from paseo.capabilities.care import auditing, privacy  # noqa: F401
