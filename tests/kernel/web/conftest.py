"""Django, set up once for the tests that render templates in this process; none of them needs a database."""

import os

import django
import pytest


@pytest.fixture(scope="session", autouse=True)
def templates() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socle.app.django_settings")
    django.setup(set_prefix=False)
