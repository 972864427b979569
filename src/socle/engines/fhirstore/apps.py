from django.apps import AppConfig


class FhirstoreConfig(AppConfig):
    name = "socle.engines.fhirstore"
    label = "fhirstore"
    verbose_name = "FHIR store"
