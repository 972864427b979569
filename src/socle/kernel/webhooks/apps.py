from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "socle.kernel.webhooks"
    label = "webhooks"
    verbose_name = "webhooks"
