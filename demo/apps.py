from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"

    def ready(self) -> None:
        from demo import sign_ins

        sign_ins.register()
