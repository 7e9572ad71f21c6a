from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "paseo.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        from paseo.platform.jobs import auditors  # noqa: F401 - registers checks

        autodiscover_modules("jobs")
