"""The manifest of API keys: a table, its pages, and no address of their own."""

from socle.kernel.access import OWN_API_KEYS
from socle.kernel.apikeys.owners import HEARD_OF
from socle.kernel.manifest import (
    Counter,
    Job,
    LegalBasis,
    Listener,
    Manifest,
    Page,
    PersonalData,
    Processing,
    Retention,
    Text,
    Wing,
)
from socle.kernel.schedules.when import Daily


def _page(route: str, name: str, view: str, fr: str, en: str, *methods: str, menu: bool = False) -> Page:
    path = f"socle.kernel.apikeys.doors.pages:{view}"
    return Page(f"cles-api{route}", name, path, Text(fr, en), OWN_API_KEYS, menu, ("GET", *methods))


MANIFEST = Manifest(
    name="apikeys",
    wing=Wing.GROUND,
    title=Text("Clés d’API", "API keys"),
    subtitle=Text("quel logiciel appelle", "which software calls"),
    system="Portail d’API (clé ESANTE-API-KEY)",
    processing=Processing(
        LegalBasis.PUBLIC_TASK,
        Text(
            "ouvrir les services aux logiciels qui en ont reçu la clé",
            "to open the services to the software that was given a key",
        ),
        Text(
            "l’exploitant de l’installation",
            "the operator of the installation",
        ),
    ),
    pages=(
        _page("", "api-keys", "listing", "Clés d’API", "API keys", menu=True),
        _page("/creer", "api-key-create", "creating", "Créer une clé d’API", "Create an API key", "POST"),
        _page("/<slug:id>", "api-key", "card", "Une clé d’API", "An API key", "POST"),
    ),
    personal_data=(
        PersonalData(
            "apikeys_key.label",
            Text("nom donné à l’application", "name given to the application"),
            Text("savoir à qui une clé a été remise", "to know to whom a key was given"),
            Text("un an après la fermeture de la clé", "one year after the key is ended"),
            kept_because=Text(
                "le nom d’une application, non d’une personne ; il dit qui a pu lire (RGPD, art. 32)",
                "the name of an application, not of a person; it tells who could read (GDPR art. 32)",
            ),
        ),
    ),
    impersonal=(
        "apikeys_key.id",
        "apikeys_key.service",
        "apikeys_key.digest",
        "apikeys_key.owner",
        "apikeys_key.incidents",
    ),
    retention=(
        Retention(
            "ended",
            Text("clés d’API fermées ou expirées depuis un an", "API keys that ended or expired a year ago"),
            "socle.kernel.apikeys.acts:forget_ended",
        ),
    ),
    counters=(Counter(Text("clés en service", "keys in use"), "socle.kernel.apikeys.keys:in_use"),),
    listeners=(Listener("apikeys.owners", HEARD_OF, "socle.kernel.apikeys.owners:hear"),),
    jobs=(
        Job(
            "end-orphaned",
            Text(
                "fermer les clés d’API de qui n’est plus éditeur",
                "end the API keys of who is no publisher any more",
            ),
            Daily(0, 40),
            "socle.kernel.apikeys.owners:end_orphaned",
        ),
    ),
    django_app="socle.kernel.apikeys",
    order=900,
)
