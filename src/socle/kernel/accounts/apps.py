from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "socle.kernel.accounts"
    label = "accounts"
    verbose_name = "agents and access"
