from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    name = "paseo.channels.openapi"
    label = "openapi"
