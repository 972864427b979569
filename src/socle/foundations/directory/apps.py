from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "socle.foundations.directory"
    label = "directory"
    verbose_name = "Annuaire"
