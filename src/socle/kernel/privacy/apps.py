from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "socle.kernel.privacy"
    label = "privacy"
    verbose_name = "Privacy"
