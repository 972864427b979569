from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "socle.kernel.audit"
    label = "audit"
    verbose_name = "Audit trail"
