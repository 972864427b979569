from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "socle.kernel.web"
    label = "web"
    verbose_name = "web shell"
