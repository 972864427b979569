from django.apps import AppConfig

from socle.kernel.privacy.holdings import fill


class HouseConfig(AppConfig):
    name = "socle.app"
    label = "house"
    verbose_name = "house"

    def ready(self) -> None:
        from socle.app.manifests import house

        fill(house)
