from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "paseo.platform.idempotency"
    label = "idempotency"
