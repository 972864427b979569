"""The gateway's own manifest: the home page, the pages about the installation, and the doors for those who run it."""

from socle.kernel.access import OPERATOR, PUBLIC, declare
from socle.kernel.manifest import Counter, Endpoint, Fidelity, Manifest, Mount, Page, Standard, Text, Wing
from socle.kernel.operation import OperationSettings

_OURS = "Socle"
READ_METRICS = declare(
    "metrics.read",
    "Lire les mesures du processus, depuis cette machine ou avec leur jeton",
    "Read the figures of the process, from this machine or with their token",
    roles=(OPERATOR,),
)
READ_OPERATION = declare(
    "operation.read",
    "Voir l’état de l’installation",
    "See the state of the installation",
    roles=(OPERATOR,),
)


def _page(route: str, name: str, view: str, fr: str, en: str, *, menu: bool = False) -> Page:
    return Page(route, name, f"socle.app.{view}", Text(fr, en), PUBLIC, menu)


def _own(path: str, fr: str, en: str, curl: str = "") -> Endpoint:
    return Endpoint(path, ("GET",), Text(fr, en), Fidelity.OWN, _OURS, PUBLIC, curl)


MANIFEST = Manifest(
    name="gateway",
    wing=Wing.GROUND,
    title=Text("Passerelle", "Gateway"),
    subtitle=Text("une adresse pour les pages et les protocoles", "one address for pages and protocols"),
    system="",
    standards=(
        Standard("HTTP Semantics", "RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110"),
        Standard("Problem Details", "RFC 9457", "https://www.rfc-editor.org/rfc/rfc9457"),
    ),
    mounts=(
        Mount("/static", "socle.kernel.web.assets:door", everywhere=True),
        Mount("/healthz", "socle.app.health:alive", everywhere=True),
        Mount("/readyz", "socle.app.health:ready", everywhere=True),
        Mount("/services.json", "socle.app.services:listing", everywhere=True),
        Mount("/metrics", "socle.app.metrics:door", everywhere=True),
    ),
    endpoints=(
        _own(
            "/services.json",
            "La liste des services et de leurs adresses",
            "The list of services and addresses",
            "{base}/services.json",
        ),
        _own("/healthz", "Le processus répond", "The process answers", "{base}/healthz"),
        _own(
            "/readyz",
            "La base répond et son schéma est à jour",
            "The database answers and its schema is current",
            "{base}/readyz",
        ),
        Endpoint(
            "/metrics",
            ("GET",),
            Text("Les mesures du processus, pour Prometheus", "The figures of the process, for Prometheus"),
            Fidelity.OWN,
            _OURS,
            READ_METRICS,
            "{base}/metrics",
            by_door=True,
        ),
        _own("/static/{name}", "Feuille de style et images des pages", "Style sheet and images of the pages"),
    ),
    pages=(
        _page("services", "services", "services:page", "Services et API", "Services and API", menu=True),
        _page("visite", "visit", "story:visit", "Visite guidée", "Guided visit", menu=True),
        _page("", "home", "home:page", "La maison", "The house"),
        _page("visite/<int:order>", "step", "story:step", "Étape de la visite", "Step of the visit"),
        _page("erreurs", "errors", "pages:errors", "Catalogue des erreurs", "Error catalogue"),
        _page("acces", "matrix", "matrix:page", "Qui peut quoi", "Who may do what"),
        Page(
            "exploitation",
            "operating",
            "socle.app.operating:page",
            Text("Exploitation", "Operation"),
            READ_OPERATION,
            menu=True,
        ),
        _page("accessibilite", "accessibility", "pages:accessibility", "Accessibilité", "Accessibility"),
        _page("facile-a-lire", "easy-read", "pages:easy_read", "Facile à lire", "Easy to read"),
        _page("composants", "components", "components:page", "Composants des pages", "Page components"),
    ),
    counters=(Counter(Text("adresses publiées", "published addresses"), "socle.app.services:published"),),
    settings=OperationSettings,
    django_app="socle.app",
    order=900,
)
