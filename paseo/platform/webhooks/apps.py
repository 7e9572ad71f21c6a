from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "paseo.platform.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from paseo.platform.notices.kinds import register_kind
        from paseo.platform.notices.values import NoticeKind
        from paseo.platform.webhooks import fan_out

        register_kind(NoticeKind("webhooks.switched_off"))
        # After the outbox has collected the events of every package.
        fan_out.register()
