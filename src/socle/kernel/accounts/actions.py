"""What accounts leave in the audit trail, and the news that they send."""

from socle.kernel.audit.actions import Kind, action
from socle.kernel.outbox.events import event_kind

INVITED = action("account.invited", Kind.CREATE, "Personne invitée", "Person invited")
ACCEPTED = action("account.accepted", Kind.UPDATE, "Invitation acceptée", "Invitation accepted")
SIGNED_IN = action("session.opened", Kind.EXECUTE, "Connexion : mot de passe", "Signed in: password")
SECOND_FACTOR = action(
    "session.raised", Kind.EXECUTE, "Connexion : second facteur", "Signed in: second factor"
)
SIGNED_OUT = action("session.ended", Kind.EXECUTE, "Session fermée", "Session ended")
LOCKED_OUT = action(
    "account.locked-out", Kind.EXECUTE, "Connexion bloquée un temps", "Signing in blocked for a time"
)
LOCKOUT_ALERT = action(
    "account.lockout-alert",
    Kind.EXECUTE,
    "Troisième blocage de connexion dans la journée",
    "Third time in a day that signing in was blocked",
)
FACTOR_ADDED = action("factor.added", Kind.CREATE, "Facteur ajouté", "Factor added")
FACTOR_REMOVED = action("factor.removed", Kind.DELETE, "Facteur retiré", "Factor removed")
PASSWORD_CHANGED = action("password.changed", Kind.UPDATE, "Mot de passe changé", "Password changed")
STRUCTURE_CHOSEN = action(
    "session.structure", Kind.EXECUTE, "Structure choisie pour la session", "Structure chosen for the session"
)
GRANTED = action("role.granted", Kind.CREATE, "Rôle attribué", "Role given")
DELEGATED = action("role.delegated", Kind.CREATE, "Rôle délégué", "Role delegated")
REVOKED = action("role.ended", Kind.UPDATE, "Rôle retiré", "Role taken back")
LEFT = action("account.left", Kind.UPDATE, "Compte fermé : départ", "Account closed: leaver")
REVIEW_OPENED = action("review.opened", Kind.CREATE, "Revue des rôles ouverte", "Review of roles opened")
CONFIRMED = action("role.confirmed", Kind.UPDATE, "Rôle confirmé à la revue", "Role confirmed in the review")
REVIEW_CLOSED = action("review.closed", Kind.UPDATE, "Revue des rôles close", "Review of roles closed")
ACCESS_DENIED = action("access.refused", Kind.EXECUTE, "Accès refusé", "Access refused")

LOCKOUTS = event_kind(
    "account.lockouts.1",
    "Trois blocages de connexion dans la journée",
    "Signing in was blocked three times in a day",
    account="identifier of the account, empty when no account has that address",
)
HAS_LEFT = event_kind(
    "account.left.1", "Un compte est fermé", "An account is closed", account="identifier of the account"
)
INVITATION = event_kind(
    "account.invited.1",
    "Une personne est invitée à ouvrir son compte",
    "A person is invited to open their account",
    account="identifier of the account",
)
UNUSUAL = event_kind(
    "session.unusual.1",
    "Une connexion sort de l’ordinaire",
    "A sign-in is out of the ordinary",
    account="identifier of the account",
    why="new-device, after-lockout",
)
FACTORS = event_kind(
    "account.factors.1",
    "Les seconds facteurs d’un compte ont changé, ou un code de secours a servi",
    "The second factors of an account changed, or a recovery code was used",
    account="identifier of the account",
    change="added, removed, used",
    factor="totp, passkey, recovery",
)
NEW_PASSWORD = event_kind(
    "account.password.1",
    "Un mot de passe a changé",
    "A password was changed",
    account="identifier of the account",
)
_GRANT = {
    "account": "identifier of the account",
    "grant": "identifier of the role as it is held",
    "role": "code of the role",
    "structure": "the structure that it is for, or empty",
}
ROLE_GIVEN = event_kind("role.granted.1", "Un rôle est donné", "A role is given", **_GRANT)
ROLE_LENT = event_kind(
    "role.delegated.1", "Un rôle est délégué", "A role is delegated", **_GRANT, until="its last day, ISO 8601"
)
ROLE_ENDED = event_kind(
    "role.ended.1",
    "Un rôle prend fin",
    "A role ends",
    **_GRANT,
    reason="revoked, leaver, delegation-ended, unconfirmed",
)
REVIEW_BEGUN = event_kind(
    "review.opened.1",
    "La revue annuelle des rôles est ouverte",
    "The yearly review of roles is open",
    review="identifier of the review",
    structure="the structure, or empty for the installation",
    due="its last day, ISO 8601",
)
EVENTS = (
    *(LOCKOUTS, HAS_LEFT, INVITATION, UNUSUAL, FACTORS, NEW_PASSWORD),
    *(ROLE_GIVEN, ROLE_LENT, ROLE_ENDED, REVIEW_BEGUN),
)
