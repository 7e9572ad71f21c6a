from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "paseo.channels.storefront"
    label = "storefront"

    def ready(self) -> None:
        from paseo.channels.storefront import signed_in  # noqa: F401 - joins what a visitor has at sign-in
