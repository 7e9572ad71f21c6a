from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "paseo.channels.console"
    label = "console"
