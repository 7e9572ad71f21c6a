from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "paseo.capabilities.payments"
    label = "payments"

    def ready(self) -> None:
        from paseo.capabilities.payments import adapters, jobs  # noqa: F401
        from paseo.capabilities.payments.events import EVENTS  # noqa: F401
