"""What self-registration adds to the directory's manifest."""

from typing import Final

from socle.foundations.directory.events import LOADED
from socle.foundations.directory.registration import announced, letters
from socle.foundations.directory.registration.acts import telling
from socle.kernel.access import PUBLIC, VALIDATE_ROLES, Permission
from socle.kernel.manifest import Job, Listener, Page, PersonalData, Retention, Text
from socle.kernel.privacy.restriction import CHANGED_EVENT
from socle.kernel.schedules.when import Daily

_PACKAGE: Final = "socle.foundations.directory.registration"
_GET_POST: Final = ("GET", "POST")


def _page(
    route: str,
    name: str,
    view: str,
    permission: Permission,
    fr: str,
    en: str,
    *,
    menu: bool = False,
    methods: tuple[str, ...] = ("GET",),
) -> Page:
    return Page(route, name, f"{_PACKAGE}.doors.{view}", Text(fr, en), permission, menu, methods)


PAGES: Final = (
    _page(
        "annuaire/s-enregistrer",
        "register",
        "registering:welcome",
        PUBLIC,
        "S’enregistrer dans l’annuaire",
        "Register in the directory",
    ),
    _page(
        "annuaire/s-enregistrer/demande",
        "register-form",
        "registering:form",
        PUBLIC,
        "Déclarer son rôle",
        "Declare one's role",
        methods=_GET_POST,
    ),
    _page(
        "annuaire/s-enregistrer/suivi",
        "register-follow",
        "following:follow",
        PUBLIC,
        "Suivre son enregistrement",
        "Follow one's registration",
        methods=_GET_POST,
    ),
    _page(
        "annuaire/s-enregistrer/correction",
        "register-correct",
        "following:correction",
        PUBLIC,
        "Corriger son enregistrement",
        "Correct one's registration",
        methods=_GET_POST,
    ),
    _page(
        "annuaire/enregistrements",
        "registrations",
        "desk:waiting",
        VALIDATE_ROLES,
        "Rôles à valider",
        "Roles to validate",
        menu=True,
    ),
    _page(
        "annuaire/enregistrements/personnes",
        "registered-people",
        "desk:people",
        VALIDATE_ROLES,
        "Personnes enregistrées par la structure",
        "People registered by the structure",
    ),
    _page(
        "annuaire/enregistrements/personnes.csv",
        "registered-people-export",
        "desk:export",
        VALIDATE_ROLES,
        "Personnes enregistrées (CSV)",
        "Registered people (CSV)",
    ),
    _page(
        "annuaire/enregistrements/<slug:id>",
        "registration",
        "deciding:dossier",
        VALIDATE_ROLES,
        "Un enregistrement",
        "A registration",
        methods=_GET_POST,
    ),
)
LISTENERS: Final = (
    Listener(
        "registration-publishing",
        tuple(
            kind.code
            for kind in (
                announced.VALIDATED,
                announced.STARTED,
                announced.ATTACHED,
                announced.CLOSED,
                CHANGED_EVENT,
            )
        ),
        f"{_PACKAGE}.acts.publishing:hear",
    ),
    Listener("registration-matching", (LOADED.code,), f"{_PACKAGE}.acts.matching:hear_load"),
    Listener("registration-notices", telling.HEARD_OF, f"{_PACKAGE}.acts.telling:tell_managers"),
    Listener("registration-mail", letters.KINDS, f"{_PACKAGE}.acts.telling:post", outside=True),
)
NOTICES: Final = telling.NOTICES
EVENTS: Final = tuple(kind.code for kind in announced.EVENTS)
JOBS: Final = (
    Job(
        "registrations",
        Text(
            "rôles enregistrés : contrats qui commencent et finissent, demandes hors délai",
            "registered roles: contracts that begin and end, registrations out of time",
        ),
        Daily(0, 20),
        f"{_PACKAGE}.acts.clocks:daily",
    ),
)
_KEPT: Final = Text(
    "tant que le contrat court, puis SOCLE_DIRECTORY_REGISTRATION_KEEP_DAYS jours",
    "as long as the contract runs, then SOCLE_DIRECTORY_REGISTRATION_KEEP_DAYS days",
)
PERSONAL: Final = (
    PersonalData(
        "directory_registration.sealed",
        Text(
            "sexe, noms, prénom, date et lieu de naissance, adresse de messagerie, téléphone, scellés",
            "sex, names, given name, date and place of birth, mail address, telephone, sealed",
        ),
        Text(
            "reconnaître la personne, une fois pour toutes, et lui écrire",
            "to recognise the person, once and for all, and to write to them",
        ),
        _KEPT,
    ),
    PersonalData(
        "directory_registration.traits_key, directory_registration.email_key, directory_registered_person.traits_key",
        Text("empreintes des traits et de l’adresse", "keyed hashes of the traits and of the address"),
        Text("ne pas enregistrer deux fois la même personne", "not to register the same person twice"),
        Text(
            "celle des traits, sans limite avec le numéro donné ; l’autre avec la demande",
            "that of the traits without limit, with the number given; the other with the registration",
        ),
    ),
    PersonalData(
        "directory_registration.national_id, directory_registration.matched, directory_registration.apart, "
        "directory_registered_person.national_id",
        Text("identification nationale", "national identification"),
        Text("désigner la personne sans confusion", "to designate the person without confusion"),
        Text("sans limite : un numéro n’est jamais redonné", "without limit: a number is never given again"),
    ),
    PersonalData(
        "directory_registration.role, directory_registration.contract, directory_registration.starts, "
        "directory_registration.ends, directory_registration.structure",
        Text("rôle, employeur et contrat", "role, employer and contract"),
        Text("publier le rôle tant que le contrat court", "to publish the role as long as the contract runs"),
        _KEPT,
    ),
    PersonalData(
        "directory_registration_step.note",
        Text(
            "ce que l’employeur a écrit à la personne, scellé",
            "what the employer wrote to the person, sealed",
        ),
        Text("dire pourquoi une demande est refusée ou à corriger", "to say why it is refused or to correct"),
        _KEPT,
    ),
    PersonalData(
        "directory_registration.code",
        Text(
            "code envoyé à l’adresse et lien de suivi, scellés",
            "code sent to the address and link to follow, sealed",
        ),
        Text(
            "vérifier que la personne tient cette adresse, et lui écrire",
            "to verify that the person holds the address, and to write to them",
        ),
        _KEPT,
    ),
)
IMPERSONAL: Final = (
    *(f"directory_registration.{name}" for name in ("id", "state", "due", "evidence", "reason", "follow")),
    *(f"directory_registration_step.{name}" for name in ("id", "registration", "what", "who")),
    "directory_registered_number.prefix",
)
RETENTION: Final = (
    Retention(
        "registrations",
        Text(
            "enregistrements finis depuis SOCLE_DIRECTORY_REGISTRATION_KEEP_DAYS jours",
            "registrations over for SOCLE_DIRECTORY_REGISTRATION_KEEP_DAYS days",
        ),
        f"{_PACKAGE}.privacy:forget_registrations",
    ),
)
ERASE: Final = f"{_PACKAGE}.privacy:erase"
