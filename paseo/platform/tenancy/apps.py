from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "paseo.platform.tenancy"
    label = "tenancy"
