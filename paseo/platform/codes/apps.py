from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "paseo.platform.codes"
    label = "codes"

    def ready(self) -> None:
        from paseo.platform.codes import auditors  # noqa: F401 - registers checks
