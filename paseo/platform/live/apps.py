from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "paseo.platform.live"
    label = "live"
