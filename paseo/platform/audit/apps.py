from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "paseo.platform.audit"
    label = "audit"
