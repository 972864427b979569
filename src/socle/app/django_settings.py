"""Django, reduced to what pages and schema need: templates, forms, translations, migrations.

No admin, no session and no message framework of Django's: accounts and sessions are the kernel's. Security headers,
limits and the last resort are the edge's. Everything about services comes from their manifests.
"""

from typing import Any

from socle.app.databases import django_database
from socle.app.manifests import house, menu
from socle.kernel.apikeys.keys import SOFTWARE
from socle.kernel.clock import legal_zone
from socle.kernel.keys import derived_key
from socle.kernel.settings import settings

SETTINGS = settings()
DEBUG = False
SECRET_KEY = derived_key("django").hex()
# An unexpected error goes up to the edge, the one place that logs it and answers.
DEBUG_PROPAGATE_EXCEPTIONS = True
# The same service answers under the national names that `socle hosts` maps here; no page builds a link from Host.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.forms",
    "socle.kernel.web",
    *dict.fromkeys(manifest.django_app for manifest in house() if manifest.django_app),
]
MIDDLEWARE = [
    "socle.kernel.web.middleware.PageMiddleware",
    "socle.kernel.accounts.doors.middleware.SessionMiddleware",
    "socle.kernel.accounts.doors.middleware.FormMiddleware",
]
# Behind a proxy that ends TLS, a form comes from the public address though the request arrives in clear.
CSRF_TRUSTED_ORIGINS = [SETTINGS.public_url]
CSRF_COOKIE_SECURE = SETTINGS.public_url.startswith("https:")
CSRF_COOKIE_NAME = "__Host-socle_form" if CSRF_COOKIE_SECURE else "socle_form"
CSRF_COOKIE_HTTPONLY = True
# As long as the browser is open.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "socle.kernel.accounts.doors.middleware.forged"
ROOT_URLCONF = "socle.app.urls"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": ["socle.kernel.web.context.shell"],
            "builtins": ["django.templatetags.i18n", "socle.kernel.web.templatetags.components"],
        },
    }
]
FORM_RENDERER = "socle.kernel.web.forms.AccessibleRenderer"

DATABASES = {"default": django_database(SETTINGS.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS: list[str] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = legal_zone().key

# The process that runs Django decides how it logs.
LOGGING_CONFIG = None

SOCLE_MENU = menu(house())
# What subscribers outside may ask to hear.
SOCLE_EVENTS = sorted({event for manifest in house() for event in manifest.events})
# The services that a key opens.
SOCLE_KEYED = [
    (manifest.name, manifest.title)
    for manifest in house()
    if any(SOFTWARE in endpoint.permission.roles for endpoint in manifest.endpoints)
]
