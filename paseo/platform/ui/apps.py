from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "paseo.platform.ui"
    label = "ui"
