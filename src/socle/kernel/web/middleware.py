"""What every page needs and nothing more: its language, and refusals told in the house's look."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from socle.kernel.errors import SocleError
from socle.kernel.web import errors, language

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PageMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        # An error that is told outside of Django is told to the same visitor.
        meta[errors.REQUEST] = request
        query = meta.get("QUERY_STRING", "")
        chosen = language.choose(query, meta.get("HTTP_COOKIE", ""), meta.get("HTTP_ACCEPT_LANGUAGE", ""))
        request.LANGUAGE_CODE = chosen
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        response.headers.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if language.asked(query):
            lasting = language.COOKIE_SECONDS
            secure = request.is_secure()
            response.set_cookie(
                language.COOKIE, chosen, lasting, samesite="Lax", httponly=True, secure=secure
            )
        return response

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        """A refusal becomes its page; anything else goes up to the edge, which logs it."""
        return errors.answer(request, failure) if isinstance(failure, SocleError) else None
