"""The directory's manifest: its FHIR API, its pages, what it holds of people and why."""

from socle.foundations.directory.events import LOADED
from socle.foundations.directory.registration import declarations as registration
from socle.foundations.directory.settings import DirectorySettings
from socle.kernel.access import PUBLIC, declare
from socle.kernel.apikeys.keys import SOFTWARE
from socle.kernel.manifest import (
    Counter,
    Endpoint,
    Fidelity,
    LegalBasis,
    Manifest,
    Mount,
    Page,
    PersonalData,
    Processing,
    Standard,
    Story,
    Text,
    Wing,
)

_API = "ANS, Annuaire Santé, documentation de l’API FHIR v2"
_GUIDE = (
    "ANS, guide d’implémentation « Annuaire Santé » 1.2, CapabilityStatement AsServerDPCapabilityStatement"
)
_SERVER = (
    "ANS, serveur publié annuaire-sante-fhir-serveur (lien `next`) ; le lien `previous` est un ajout de Socle"
)
_PACKAGE = "socle.foundations.directory"
_KEY = '-H "ESANTE-API-KEY: {key}"'
ASK = declare(
    "directory.ask",
    "Interroger l’annuaire par son API",
    "Ask the directory through its API",
    roles=(SOFTWARE,),
)


def _page(route: str, name: str, view: str, fr: str, en: str, *, menu: bool = False) -> Page:
    return Page(route, name, f"{_PACKAGE}.doors.{view}", Text(fr, en), PUBLIC, menu)


def _endpoint(
    path: str, methods: tuple[str, ...], title: Text, fidelity: Fidelity, source: str, curl: str = ""
) -> Endpoint:
    keyed = f"{_KEY} {curl}" if curl else ""
    return Endpoint(f"/fhir/v2{path}", methods, title, fidelity, source, ASK, keyed, by_door=True)


_ENDPOINTS = (
    _endpoint(
        "/{type}",
        ("GET",),
        Text("Chercher des ressources", "Search resources"),
        Fidelity.PUBLISHED,
        _GUIDE,
        "'{base}/fhir/v2/Practitioner?identifier=89970010016'",
    ),
    _endpoint(
        "/{type}/_search",
        ("POST",),
        Text("Chercher, les critères dans le corps", "Search, with the criteria in the body"),
        Fidelity.PUBLISHED,
        _API,
        "--data 'practitioner.name=exemple&organization.address-city=lyon&_include=*' "
        "'{base}/fhir/v2/PractitionerRole/_search'",
    ),
    _endpoint(
        "/{type}/{id}",
        ("GET",),
        Text("Lire une ressource", "Read a resource"),
        Fidelity.PUBLISHED,
        _API,
    ),
    _endpoint(
        "/metadata",
        ("GET",),
        Text("Ce que l’API sait faire (CapabilityStatement)", "What the API can do (CapabilityStatement)"),
        Fidelity.PUBLISHED,
        _API,
        "'{base}/fhir/v2/metadata'",
    ),
    _endpoint(
        "/_page",
        ("GET",),
        Text("La page suivante ou précédente d’une recherche", "The next or previous page of a search"),
        Fidelity.OBSERVED,
        _SERVER,
    ),
    _endpoint(
        "/openapi.json",
        ("GET",),
        Text("La description OpenAPI de l’API", "The OpenAPI description of the API"),
        Fidelity.OWN,
        "Socle, OpenAPI 3.1 ; aucun texte national ne la demande",
        "'{base}/fhir/v2/openapi.json'",
    ),
)

_PAGES = (
    _page("annuaire", "directory", "pages:search", "Annuaire", "Directory", menu=True),
    _page(
        "annuaire/professionnel/<str:fid>",
        "professional",
        "cards:professional",
        "Fiche d’un professionnel",
        "Card of a professional",
    ),
    _page(
        "annuaire/structure/<str:fid>",
        "structure",
        "cards:structure",
        "Fiche d’une structure",
        "Card of a structure",
    ),
    _page("annuaire/densites", "densities", "densities:country_page", "Densités", "Densities"),
    _page(
        "annuaire/densites.csv", "densities-export", "densities:export", "Densités (CSV)", "Densities (CSV)"
    ),
    _page(
        "annuaire/densites/<str:department>",
        "department",
        "densities:department_page",
        "Densités d’un département",
        "Densities of a department",
    ),
    _page("annuaire/resultats.csv", "directory-export", "pages:export", "Résultats (CSV)", "Results (CSV)"),
)

_WHILE_STATED = Text(
    "tant qu’une source le déclare ; après, le numéro seul, marqué inactif",
    "as long as a source states it; afterwards the number only, marked inactive",
)
_PUBLISHED = Text(
    "la loi fait publier ces données, que les ordres et l’État déclarent (code de la santé publique ; RGPD, "
    "art. 17, § 3, b) ; elles se corrigent à la source",
    "the law has these data published, which the orders and the State declare (code of public health; GDPR "
    "art. 17(3)(b)); they are corrected at their source",
)
_PERSONAL = (
    PersonalData(
        "Practitioner.identifier, PractitionerRole.identifier",
        Text("numéro RPPS et identification nationale", "RPPS number and national identification"),
        Text("désigner un professionnel sans confusion", "to designate a professional without confusion"),
        Text("sans limite : un numéro n’est jamais redonné", "without limit: a number is never given again"),
        kept_because=_PUBLISHED,
    ),
    PersonalData(
        "Practitioner.name",
        Text("nom et prénom d’exercice, civilités", "professional name, titles"),
        Text(
            "permettre de trouver et de reconnaître un professionnel", "to find and recognise a professional"
        ),
        _WHILE_STATED,
        kept_because=_PUBLISHED,
    ),
    PersonalData(
        "Practitioner.qualification, Practitioner.extension",
        Text(
            "profession, savoir-faire, diplômes, autorisations d’exercice",
            "profession, skills, diplomas, authorizations to practise",
        ),
        Text("dire ce qu’un professionnel a le droit de faire", "to say what a professional may do"),
        _WHILE_STATED,
        kept_because=_PUBLISHED,
    ),
    PersonalData(
        "PractitionerRole.organization, PractitionerRole.code",
        Text("lieux, fonctions et modes d’exercice", "places, functions and modes of practice"),
        Text(
            "orienter vers un professionnel là où il exerce",
            "to direct people to where a professional practises",
        ),
        _WHILE_STATED,
        kept_because=_PUBLISHED,
    ),
    PersonalData(
        "Practitioner.telecom, PractitionerRole.telecom",
        Text("boîtes aux lettres MSSanté publiées", "published MSSanté mailboxes"),
        Text(
            "écrire à un professionnel par messagerie sécurisée",
            "to write to a professional by secure messaging",
        ),
        _WHILE_STATED,
        kept_because=_PUBLISHED,
    ),
    PersonalData(
        "directory_statement.lines, directory_statement.key, directory_statement.part",
        Text(
            "les lignes des extractions publiques, telles que reçues",
            "the lines of the public files, as received",
        ),
        Text("recomposer une fiche quand une source change", "to compose a card anew when a source changes"),
        Text("tant que la source les publie", "as long as the source publishes them"),
        kept_because=_PUBLISHED,
    ),
)

_STORY = (
    Story(
        1,
        Text("Un hôpital trouve un médecin", "A hospital finds a doctor"),
        Text(
            "Le service des urgences accueille une patiente suivie par une cardiologue, le Dr Exemple, quelque part à "
            "Lyon. On l’écrit comme on le dirait : « dr exemple lyon ». L’annuaire comprend un titre, un nom et une "
            "ville, montre où elle exerce, et à quelle messagerie sécurisée lui écrire. Le logiciel de l’hôpital pose "
            "la même question par l’API.",
            "The emergency department receives a patient whose cardiologist is a Dr Exemple, somewhere in Lyon. One "
            "writes it as one would say it: “dr exemple lyon”. The directory understands a title, a name and a town, "
            "shows where she practises and to which secure mailbox to write. The hospital’s software asks the same "
            "through the API.",
        ),
        page="/annuaire?q=dr+exemple+lyon",
        curl=_KEY + " "
        "'{base}/fhir/v2/PractitionerRole?practitioner.name=exemple&organization.address-city=lyon&_include=*'",
    ),
)

MANIFEST = Manifest(
    name="directory",
    wing=Wing.FOUNDATIONS,
    title=Text("Annuaire", "Directory"),
    subtitle=Text("professionnels RPPS+, structures FINESS", "RPPS+ professionals, FINESS structures"),
    system="Annuaire Santé (RPPS+ et FINESS)",
    standards=(
        Standard(
            "Annuaire Santé, API FHIR", "v2, guide 1.2", "https://interop.esante.gouv.fr/ig/fhir/annuaire/"
        ),
        Standard("FR Core", "2.2", "https://hl7.fr/ig/fhir/core/"),
        Standard("HL7 FHIR", "R4 (4.0.1)", "https://hl7.org/fhir/R4/"),
    ),
    mounts=(Mount("/fhir/v2", f"{_PACKAGE}.doors.fhir:door"),),
    endpoints=_ENDPOINTS,
    pages=(*_PAGES, *registration.PAGES),
    events=(LOADED.code, *registration.EVENTS),
    listeners=registration.LISTENERS,
    notices=registration.NOTICES,
    settings=DirectorySettings,
    processing=Processing(
        LegalBasis.PUBLIC_TASK,
        Text(
            "tenir le répertoire national des professionnels et des structures",
            "to keep the national directory of professionals and structures",
        ),
        Text(
            "tout le monde pour ce que la loi rend public ; les logiciels habilités pour le reste",
            "everybody for what the law makes public; authorised software for the rest",
        ),
    ),
    personal_data=(*_PERSONAL, *registration.PERSONAL),
    impersonal=(
        "directory_statement.digest",
        "directory_density.department",
        "directory_density.profession",
        "directory_place.folded",
        "directory_place.postal_code",
        "directory_place.name",
        "directory_place.department",
        "directory_label.column_name",
        "directory_label.code",
        "directory_label.label",
        "directory_load.mode",
        "directory_load.report",
        *registration.IMPERSONAL,
    ),
    retention=registration.RETENTION,
    jobs=registration.JOBS,
    export=f"{_PACKAGE}.privacy:export",
    find=f"{_PACKAGE}.privacy:find",
    erase=registration.ERASE,
    counters=(
        Counter(
            Text("professionnels en activité", "professionals in activity"),
            f"{_PACKAGE}.counters:professionals",
        ),
        Counter(Text("structures", "structures"), f"{_PACKAGE}.counters:structures"),
    ),
    story=_STORY,
    health=f"{_PACKAGE}.counters:health",
    django_app=_PACKAGE,
    order=10,
)
