from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "paseo.platform.limits"
    label = "limits"
