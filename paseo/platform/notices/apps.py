from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "paseo.platform.notices"
    label = "notices"

    def ready(self) -> None:
        from paseo.platform.notices import letters

        letters.register()
