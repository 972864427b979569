"""What this installation's settings make of each request and of each line of the log."""

from socle.app.manifests import house
from socle.kernel.edge.asgi import Observer
from socle.kernel.edge.proxies import Proxies
from socle.kernel.logs import access_line, configure, secret_values
from socle.kernel.metrics import REQUESTS
from socle.kernel.operation import operation
from socle.kernel.settings import ServiceSettings, read_settings, settings


def proxies() -> Proxies:
    return Proxies(operation().trusted_proxies)


def observer() -> Observer:
    """Counts each request, and logs it where the access log is on."""
    return _logged if _logs_access() else _counted


def _logs_access() -> bool:
    chosen = operation().log_access
    return settings().production if chosen == "auto" else chosen == "on"


def _counted(door: str, method: str, path: str, status: int, seconds: float) -> None:
    REQUESTS.note(door, status, seconds)


def _logged(door: str, method: str, path: str, status: int, seconds: float) -> None:
    REQUESTS.note(door, status, seconds)
    access_line(method, path, status, seconds)


def every_setting() -> list[ServiceSettings]:
    """Those of the installation and of every service. Raises SocleError: SETTINGS_UNREADABLE."""
    kinds = dict.fromkeys(manifest.settings for manifest in house() if manifest.settings)
    return [settings(), *(read_settings(kind) for kind in kinds)]


def start_logging() -> None:
    """Log as the settings say, with every secret setting of every service masked."""
    chosen = operation()
    secrets = secret_values(*every_setting())
    configure(settings(), form=chosen.log_format, level=chosen.log_level, secrets=secrets)
