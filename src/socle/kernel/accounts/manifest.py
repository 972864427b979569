"""The manifest of accounts: the pages by which agents enter, keep their account and manage one another."""

from socle.kernel.access import PUBLIC, Permission
from socle.kernel.accounts.actions import EVENTS
from socle.kernel.accounts.roles import DELEGATE, ENTER, MANAGE_PEOPLE, OWN_ACCOUNT, REVIEW
from socle.kernel.accounts.settings import AccountsSettings
from socle.kernel.manifest import (
    Counter,
    Job,
    LegalBasis,
    Manifest,
    Page,
    PersonalData,
    Processing,
    Retention,
    Standard,
    Text,
    Wing,
)
from socle.kernel.schedules.when import Daily

_KEPT = Text(
    "un an après le départ ; effacé plus tôt en détruisant la clé du compte",
    "one year after the person left; erased sooner by destroying the account's key",
)


def _page(route: str, name: str, view: str, permission: Permission, fr: str, en: str) -> Page:
    """A page with a form."""
    path = f"socle.kernel.accounts.doors.{view}"
    return Page(route, name, path, Text(fr, en), permission, methods=("GET", "POST"))


def _personal(
    where: str, fr: str, en: str, *, why_fr: str, why_en: str, kept: Text = _KEPT, stays: Text | None = None
) -> PersonalData:
    return PersonalData(where, Text(fr, en), Text(why_fr, why_en), kept, stays)


def _retention(name: str, fr: str, en: str) -> Retention:
    return Retention(name, Text(fr, en), f"socle.kernel.accounts.privacy:forget_{name}")


PAGES = (
    _page("compte/connexion", "sign-in", "entering:sign_in", PUBLIC, "Se connecter", "Sign in"),
    _page("compte/invitation", "invitation", "entering:invitation", PUBLIC, "Invitation", "Invitation"),
    _page(
        "compte/second-facteur",
        "second-factor",
        "entering:second_factor",
        ENTER,
        "Second facteur",
        "Second factor",
    ),
    _page(
        "compte/enrolement",
        "enrol",
        "entering:enrol",
        ENTER,
        "Ajouter un second facteur",
        "Add a second factor",
    ),
    Page(
        "compte/deconnexion",
        "sign-out",
        "socle.kernel.accounts.doors.entering:sign_out",
        Text("Se déconnecter", "Sign out"),
        ENTER,
        methods=("POST",),
    ),
    _page("compte", "account", "own:account", OWN_ACCOUNT, "Mon compte", "My account"),
    _page(
        "compte/mot-de-passe",
        "password",
        "own:password",
        OWN_ACCOUNT,
        "Changer de mot de passe",
        "Change the password",
    ),
    _page(
        "compte/deleguer/<slug:grant>",
        "delegate",
        "own:lend",
        DELEGATE,
        "Déléguer un rôle",
        "Delegate a role",
    ),
    Page(
        "comptes",
        "people",
        "socle.kernel.accounts.doors.managing:members",
        Text("Personnes et rôles", "People and roles"),
        MANAGE_PEOPLE,
        menu=True,
    ),
    _page(
        "comptes/inviter",
        "invite",
        "managing:inviting",
        MANAGE_PEOPLE,
        "Inviter une personne",
        "Invite a person",
    ),
    _page("comptes/revue", "review", "managing:review", REVIEW, "Revue annuelle", "Yearly review"),
    _page("comptes/<slug:account>", "person", "managing:member", MANAGE_PEOPLE, "Une personne", "A person"),
)
PERSONAL = (
    _personal(
        "accounts_account.sealed",
        "nom et adresse de messagerie",
        "name and mail address",
        why_fr="savoir qui agit, et l’inviter",
        why_en="to know who acts, and to invite them",
    ),
    _personal(
        "accounts_account.email_key",
        "empreinte de l’adresse",
        "keyed hash of the address",
        why_fr="retrouver le compte à la connexion",
        why_en="to find the account when signing in",
    ),
    _personal(
        "accounts_credential.sealed, accounts_session.pending",
        "secrets des facteurs",
        "secrets of the factors",
        why_fr="vérifier l’identité",
        why_en="to verify the identity",
    ),
    _personal(
        "accounts_session.sealed",
        "adresse de la machine, navigateur",
        "address of the machine, browser",
        why_fr="montrer à chacun où il est connecté",
        why_en="to show people where they are signed in",
        kept=Text("tant que dure la session, puis un mois", "as long as the session lasts, then a month"),
    ),
    _personal(
        "accounts_attempts.key",
        "empreinte d’adresses",
        "keyed hash of addresses",
        why_fr="ralentir les essais de mots de passe",
        why_en="to slow down the guessing of passwords",
        kept=Text("un jour après le dernier essai", "one day after the last attempt"),
        stays=Text(
            "une empreinte sans nom, oubliée en un jour ; elle protège tous les comptes "
            "(RGPD, art. 11, § 1, et art. 32)",
            "a hash without a name, forgotten within a day; it protects every account (GDPR art. 11(1) and 32)",
        ),
    ),
)
IMPERSONAL = {
    "accounts_account": ("id", "state", "created_by"),
    "accounts_invitation": ("digest", "account", "created_by"),
    "accounts_grant": (
        *("id", "account", "role", "structure", "granted_by", "delegated", "ended_by", "end_reason"),
    ),
    "accounts_credential": ("id", "account", "kind", "digest"),
    "accounts_session": ("digest", "account", "structure", "challenge"),
    "accounts_review": ("id", "structure", "opened_by", "due"),
}
MANIFEST = Manifest(
    name="accounts",
    wing=Wing.GROUND,
    title=Text("Agents et accès", "Agents and access"),
    subtitle=Text(
        "comptes, seconds facteurs, rôles, délégations", "accounts, second factors, roles, delegations"
    ),
    system="",
    standards=(
        Standard(
            "OWASP ASVS", "5.0", "https://owasp.org/www-project-application-security-verification-standard/"
        ),
        Standard("TOTP", "RFC 6238", "https://www.rfc-editor.org/rfc/rfc6238"),
        Standard("Web Authentication", "Level 3", "https://www.w3.org/TR/webauthn-3/"),
        Standard("Argon2", "RFC 9106", "https://www.rfc-editor.org/rfc/rfc9106"),
    ),
    pages=PAGES,
    events=tuple(event.code for event in EVENTS),
    settings=AccountsSettings,
    processing=Processing(
        LegalBasis.LEGAL_OBLIGATION,
        Text(
            "savoir qui agit et le prouver (RGPD art. 32 ; référentiel d’identification électronique)",
            "to know who acts and to prove it (GDPR art. 32; référentiel d’identification électronique)",
        ),
        Text(
            "les gestionnaires des accès de la structure, et l’exploitant",
            "the access managers of the structure, and the operator",
        ),
    ),
    personal_data=PERSONAL,
    impersonal=tuple(f"{table}.{column}" for table, columns in IMPERSONAL.items() for column in columns),
    retention=(
        _retention(
            "sessions",
            "sessions et invitations finies depuis un mois",
            "sessions and invitations over for a month",
        ),
        _retention("attempts", "essais de connexion, après un jour", "attempts to sign in, after a day"),
        _retention("leavers", "comptes fermés depuis un an", "accounts closed for a year"),
    ),
    jobs=(
        Job(
            "close-reviews",
            Text(
                "clore les revues dont le dernier jour est passé",
                "close the reviews whose last day has passed",
            ),
            Daily(0, 30),
            "socle.kernel.accounts.acts.review:close_reviews",
        ),
    ),
    export="socle.kernel.accounts.privacy:export",
    erase="socle.kernel.accounts.privacy:erase",
    find="socle.kernel.accounts.privacy:find",
    rekey="socle.kernel.accounts.personal:rekey",
    counters=(
        Counter(Text("comptes ouverts", "open accounts"), "socle.kernel.accounts.people:active_accounts"),
    ),
    django_app="socle.kernel.accounts",
    order=905,
)
