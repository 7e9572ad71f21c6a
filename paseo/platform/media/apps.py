from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "paseo.platform.media"
    label = "media"
