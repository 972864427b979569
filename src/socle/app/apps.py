from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "socle.app"
    label = "house"
    verbose_name = "house"
