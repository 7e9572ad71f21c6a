from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    name = "paseo.capabilities.fulfillment"
    label = "fulfillment"

    def ready(self) -> None:
        from paseo.capabilities.fulfillment import events, states  # noqa: F401
