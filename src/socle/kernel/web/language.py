"""Which language a page speaks: what the reader chose (`?lang=`, then the cookie), else what the browser asks for
(RFC 9110 §12.5.4), else French."""

from urllib.parse import parse_qs

DEFAULT = "fr"
LANGUAGES = {"fr": "Français", "en": "English"}
COOKIE = "socle_lang"
COOKIE_SECONDS = 365 * 24 * 3600


def asked(query: str) -> str | None:
    """The language that `?lang=` names, if it is one of ours."""
    if "lang=" not in query:
        return None
    values = parse_qs(query, max_num_fields=100).get("lang", [""]) if query.count("&") < 100 else [""]
    return values[-1] if values[-1] in LANGUAGES else None


def remembered(cookie_header: str) -> str | None:
    """The language of our cookie, read from a `Cookie` header."""
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE and value in LANGUAGES:
            return value
    return None


def preferred(accept_language: str) -> str:
    """The best of ours in an `Accept-Language` header; ties go to the first written, nonsense to French."""
    best, weight = DEFAULT, 0.0
    for choice in accept_language.split(",")[:20]:
        tag, _, parameters = choice.strip().partition(";")
        language = tag.partition("-")[0].lower()
        quality = _quality(parameters)
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    digits = value.replace(".", "", 1)
    # isascii: "²".isdigit() is true and float("²") fails.
    return min(float(value), 1.0) if digits.isdigit() and digits.isascii() and len(value) <= 5 else 0.0


def choose(query: str, cookie_header: str, accept_language: str) -> str:
    return asked(query) or remembered(cookie_header) or preferred(accept_language)
