from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "paseo.capabilities.directory"
    label = "directory"

    def ready(self) -> None:
        from paseo.capabilities.directory import importing, naming, oversight
        from paseo.platform.codes.naming import name_places_with
        from paseo.platform.webhooks.ports import know_operators_by

        importing.register()
        name_places_with(naming.names_of)
        know_operators_by(oversight.operators_of, oversight.merchants_of)
