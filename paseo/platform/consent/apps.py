from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "paseo.platform.consent"
    label = "consent"

    def ready(self) -> None:
        from paseo.platform.consent import own_parts

        own_parts.register()
