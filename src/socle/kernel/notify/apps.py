from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "socle.kernel.notify"
    label = "notify"
    verbose_name = "notifications"
