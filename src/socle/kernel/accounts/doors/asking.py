"""What cannot be undone is asked once more, with what will happen."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from socle.kernel.accounts.doors.asked import page

_RISKS: dict[str, tuple[Promise, Promise, Promise]] = {
    "take-back": (
        _("Retirer ce rôle ?"),
        _("Il prend fin tout de suite, avec les délégations qui en viennent."),
        _("Oui, retirer ce rôle"),
    ),
    "end": (
        _("Mettre fin ?"),
        _("Cela prend effet tout de suite."),
        _("Oui, mettre fin"),
    ),
    "end-all": (
        _("Fermer toutes vos autres sessions ?"),
        _("Vous resterez connecté ici, et nulle part ailleurs."),
        _("Oui, tout fermer ailleurs"),
    ),
    "remove": (
        _("Retirer ce second facteur ?"),
        _("Vous ne pourrez plus entrer avec lui ; les autres restent."),
        _("Oui, retirer ce facteur"),
    ),
    "codes": (
        _("Faire de nouveaux codes de secours ?"),
        _("Ceux que vous avez gardés ne serviront plus."),
        _("Oui, en faire de nouveaux"),
    ),
    "renew": (
        _("Faire un nouveau lien ?"),
        _("Mot de passe et facteurs d’aujourd’hui ne serviront plus ; les sessions se ferment."),
        _("Oui, faire un nouveau lien"),
    ),
}


def question(request: HttpRequest) -> HttpResponse | None:
    """The page that asks, when a button was pressed that cannot be undone; None once the answer was yes."""
    chosen = request.POST.get("do", "")
    if chosen not in _RISKS or "sure" in request.POST:
        return None
    title, consequence, yes = _RISKS[chosen]
    told = {"title": title, "consequence": consequence, "yes": yes, "do": chosen}
    return page(request, "question", {**told, "what": request.POST.get("what", "")})
