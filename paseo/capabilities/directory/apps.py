from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "paseo.capabilities.directory"
    label = "directory"

    def ready(self) -> None:
        from paseo.capabilities.directory import importing, naming
        from paseo.platform.codes.naming import name_places_with

        importing.register()
        name_places_with(naming.names_of)
