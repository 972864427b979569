from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    name = "socle.kernel.schedules"
    label = "schedules"
    verbose_name = "Schedules"
