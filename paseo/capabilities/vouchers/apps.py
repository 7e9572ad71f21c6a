from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "paseo.capabilities.vouchers"
    label = "vouchers"

    def ready(self) -> None:
        from paseo.capabilities.vouchers import auditing, jobs  # noqa: F401
