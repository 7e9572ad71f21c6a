from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "paseo.platform.importing"
    label = "importing"
