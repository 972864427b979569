from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "socle.kernel.outbox"
    label = "outbox"
    verbose_name = "outbox"
