from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "paseo.platform.search"
    label = "search"
