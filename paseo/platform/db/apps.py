from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "paseo.platform.db"
    label = "db"

    def ready(self) -> None:
        from paseo.platform.db.sqlite import waiting

        waiting.listen()
