"""Error pages in the house's look, and problem details for programs that ask a page's address."""

import logging
from typing import Any, Final

from django.core.handlers.wsgi import get_path_info
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from socle.kernel.edge import Reply, html_reply, problem_reply, wants_html
from socle.kernel.edge.limits import BAD_REQUEST
from socle.kernel.edge.replies import bare_page
from socle.kernel.edge.wsgi import Environ
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.web import context
from socle.kernel.web.language import choose

log = logging.getLogger("socle.web")
REQUEST: Final = "socle.request"
"""Where the environment of a page keeps its request, for the header of an error page."""
_TITLES = {
    400: _("La demande n’est pas comprise"),
    403: _("Cela ne vous est pas ouvert"),
    404: _("Il n’y a rien à cette adresse"),
    405: _("Cette action n’est pas possible ici"),
    409: _("Cela ne peut pas se faire maintenant"),
    413: _("L’envoi est trop volumineux"),
    414: _("L’adresse est trop longue"),
    503: _("La réponse n’est pas venue à temps"),
    507: _("Le serveur n’a plus de place"),
}
_UNEXPECTED = _("Une erreur s’est produite chez nous")
_REMEDIES = {
    400: _("Revenez à la page précédente et refaites la demande depuis le formulaire."),
    403: _(
        "Si cela devrait vous être ouvert, demandez le rôle à qui gère les accès, avec la référence du refus."
    ),
    404: _("Vérifiez l’adresse : une lettre ou un tiret suffit à la changer."),
    409: _("Revenez à la page précédente et rechargez-la : elle montre l’état d’aujourd’hui."),
    405: _("Ouvrez cette adresse par un lien, sans envoyer de formulaire."),
    413: _("Envoyez un contenu plus court, ou en plusieurs fois."),
    414: _("Raccourcissez les critères de la recherche."),
    503: _("Précisez la recherche, ou réessayez dans un instant."),
    507: _(
        "Gardez ce que vous aviez saisi, donnez la référence à l’exploitant de ce service, et réessayez plus tard."
    ),
}
_REPORT = _(
    "Réessayez. Si l’erreur revient, donnez la référence ci-dessous à l’exploitant de ce service : "
    "elle permet de retrouver le journal."
)


def error_page(
    error: SocleError,
    *,
    lang: str,
    path: str,
    query: str,
    reference: str,
    request: HttpRequest | None = None,
) -> str:
    """The page that tells `error`: what was asked, why it is refused, what to do; with the header of who asked, when
    the request came as far as that."""
    with translation.override(lang):
        told: dict[str, Any] = {
            "error": error,
            "title": _TITLES.get(error.status, _UNEXPECTED),
            "sentence": error.sentence(lang),
            "remedies": [_REMEDIES.get(error.status, _REPORT)],
            "reference": reference,
            "asked": path,
        }
        if request is None:
            told["shell"] = context.shell_of(path, query, lang)
        return render_to_string("socle/error.html", told, request)


def told(environ: Environ, error: SocleError, reference: str) -> Reply:
    """The error for whoever asks: a page for a browser, problem details for a program."""
    if not wants_html(environ.get("HTTP_ACCEPT", "")):
        return problem_reply(error, reference)
    query, path = environ.get("QUERY_STRING", ""), get_path_info(environ)
    lang = choose(query, environ.get("HTTP_COOKIE", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    for request in dict.fromkeys((environ.get(REQUEST), None)):
        try:
            page = error_page(error, lang=lang, path=path, query=query, reference=reference, request=request)
            break
        except Exception:
            # Whatever broke the page with the visitor's header is told without it; the last resort must not need a
            # last resort.
            log.exception("the error page")
            page = bare_page(error, lang, reference)
    return html_reply(error, page)


def answer(request: HttpRequest, error: SocleError) -> HttpResponse:
    """The same, from inside a Django view."""
    return _response(told(request.META, error, str(request.META.get("socle.request_id", ""))))


def _response(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status)
    for name, value in reply.headers:
        response.headers[name.decode().title()] = value.decode("latin-1")
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler404`."""
    return answer(request, SocleError(NOT_FOUND, path=request.path))


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """Django's `handler400`."""
    return answer(request, SocleError(BAD_REQUEST, reason=type(exception).__name__))
