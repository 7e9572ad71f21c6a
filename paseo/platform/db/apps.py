from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "paseo.platform.db"
    label = "db"
