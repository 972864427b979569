"""What the installation itself refuses, and the whole error catalogue: every module that declares errors is named here,
so that a process that has not met them yet can still show them."""

from importlib import import_module

from socle.kernel.errors import CATALOGUE, ErrorKind, kind

UNSAFE_START = kind(
    "unsafe-start",
    500,
    fr="Démarrage refusé en production : {faults_fr}",
    en="Refused to start in production: {faults_en}",
    rule="production starts only with real keys, TLS, PostgreSQL and without personas",
)

DECLARED_IN = (
    "socle.kernel.errors",
    "socle.kernel.edge.limits",
    "socle.kernel.edge.protocol",
    "socle.engines.fhirstore.faults",
    "socle.foundations.directory.loading.faults",
)


def catalogue() -> dict[str, ErrorKind]:
    """Every error by its code."""
    for module in DECLARED_IN:
        import_module(module)
    return CATALOGUE
