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
GRANTED = action("role.granted", Kind.CREATE, "Rôle donné", "Role given")
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
