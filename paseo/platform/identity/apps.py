from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "paseo.platform.identity"
    label = "identity"

    def ready(self) -> None:
        from paseo.platform.identity import auditing  # noqa: F401
