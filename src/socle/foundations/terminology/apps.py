from django.apps import AppConfig


class TerminologyConfig(AppConfig):
    name = "socle.foundations.terminology"
    label = "terminology"
    verbose_name = "Terminologies"
