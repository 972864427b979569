from django.apps import AppConfig


class KeyringConfig(AppConfig):
    name = "socle.kernel.keyring"
    label = "keyring"
    verbose_name = "Keyring"
