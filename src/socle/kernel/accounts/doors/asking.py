"""What cannot be undone on the pages of the accounts."""

from django.utils.translation import gettext_lazy as _

from socle.kernel.web.asking import Risk

RISKS = {
    "take-back": Risk(
        _("Retirer ce rôle ?"),
        _("Il prend fin tout de suite, avec les délégations qui en viennent."),
        _("Oui, retirer ce rôle"),
    ),
    "end": Risk(
        _("Mettre fin ?"),
        _("Cela prend effet tout de suite."),
        _("Oui, mettre fin"),
    ),
    "end-all": Risk(
        _("Fermer toutes vos autres sessions ?"),
        _("Vous resterez connecté ici, et nulle part ailleurs."),
        _("Oui, tout fermer ailleurs"),
    ),
    "remove": Risk(
        _("Retirer ce second facteur ?"),
        _("Vous ne pourrez plus vous connecter avec lui ; les autres restent."),
        _("Oui, retirer ce facteur"),
    ),
    "codes": Risk(
        _("Créer de nouveaux codes de secours ?"),
        _("Ceux que vous avez gardés ne serviront plus."),
        _("Oui, en créer de nouveaux"),
    ),
    "renew": Risk(
        _("Créer un nouveau lien ?"),
        _("Mot de passe et facteurs d’aujourd’hui ne serviront plus ; les sessions se ferment."),
        _("Oui, créer un nouveau lien"),
    ),
}
