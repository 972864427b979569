"""The manifest of API keys: no page and no address of their own; a table and two commands."""

from socle.kernel.manifest import Manifest, PersonalData, Text, Wing

MANIFEST = Manifest(
    name="apikeys",
    wing=Wing.GROUND,
    title=Text("Clés d’API", "API keys"),
    subtitle=Text("quel logiciel appelle", "which software calls"),
    system="Portail d’API (clé ESANTE-API-KEY)",
    personal_data=(
        PersonalData(
            "apikeys_key.label",
            Text("nom donné à l’application", "name given to the application"),
            Text("savoir à qui une clé a été remise", "to know to whom a key was given"),
            Text("un an après la fermeture de la clé", "one year after the key is ended"),
        ),
    ),
    impersonal=(
        "apikeys_key.id",
        "apikeys_key.service",
        "apikeys_key.digest",
    ),
    django_app="socle.kernel.apikeys",
    order=900,
)
